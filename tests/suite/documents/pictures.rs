//! The README's pictures: each shows what the program writes today, numbers and times aside.

use crate::grammars::terminal::without_colours;
use crate::on_terminal::{settled, written};
use std::fs;

/// The words that a picture shows, a line each.
fn shown(picture: &str) -> Vec<String> {
    let rows = picture.lines().filter_map(|line| line.strip_prefix("<text ")?.strip_suffix("</text>"));
    let words = rows.map(|row| {
        let tagged = format!("<x>{}</x>", row.split_once('>').expect("the end of a tag").1);
        let document = roxmltree::Document::parse(&tagged).expect("the picture is XML");
        document.descendants().filter_map(|node| node.is_text().then(|| node.text()).flatten()).collect()
    });
    words.collect()
}

/// The words without what changes from run to run: dates, distances, durations.
fn lasting(line: &str) -> String {
    let mut lasting = String::new();
    for letter in line.trim_end().chars() {
        let letter = if letter.is_ascii_digit() || letter == '.' { '0' } else { letter };
        if letter != '0' || !lasting.ends_with('0') {
            lasting.push(letter);
        }
    }
    lasting.replace(" in 0 ms", " in 0").replace(" in 0 s", " in 0")
}

#[test]
fn the_pictures_show_what_the_program_writes() {
    let mut drawn = 0;
    for entry in fs::read_dir(".github/pictures").expect("the pictures") {
        let path = entry.expect("a file").path();
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let Some("svg") = path.extension().and_then(|extension| extension.to_str()) else { continue };
        let picture = shown(&fs::read_to_string(&path).expect("a picture"));
        let (title, screen) = picture.split_first().expect("a title");
        let options = title.strip_prefix("$ acr-preflight").expect("the command");
        let scenario = simulated_azure::scenario(&name).expect("a picture has the name of its scenario");
        let written = without_colours(&settled(&written(&scenario, &format!("exec \"$PROGRAM\"{options}"), &[])));
        // A terminal breaks a line that is too long.
        let broken = |line: &str| {
            let letters: Vec<char> = line.chars().collect();
            let pieces: Vec<String> = letters.chunks(120).map(|piece| piece.iter().collect()).collect();
            if pieces.is_empty() { vec![String::new()] } else { pieces }
        };
        let wanted: Vec<String> = written.trim_end().lines().flat_map(broken).map(|line| lasting(&line)).collect();
        let found: Vec<String> = screen.iter().map(|line| lasting(line)).collect();
        assert_eq!(found, wanted, "{name}.svg is not current: .github/pictures/draw");
        drawn += 1;
    }
    assert!(drawn >= 2, "there are pictures");
}
