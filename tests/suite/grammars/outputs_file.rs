//! The file of step outputs, as the runner's `FileCommandManager` reads it.

/// Names and values, or what the runner would say of the file.
pub(crate) fn read(file: &str) -> Result<Vec<(String, String)>, String> {
    let mut outputs = Vec::new();
    // Only a line feed separates; a carriage return stays in the value.
    let mut lines = file.split_inclusive('\n');
    while let Some(line) = lines.next() {
        let line = line.trim_end_matches('\n');
        if line.is_empty() {
            continue;
        }
        let heredoc = line.find("<<").filter(|at| line.find('=').is_none_or(|equals| *at < equals));
        if let Some(at) = heredoc {
            let (name, delimiter) = (&line[..at], &line[at + 2..]);
            let mut value = Vec::new();
            loop {
                let next = lines.next().ok_or("matching delimiter not found")?;
                let whole = next.strip_suffix('\n');
                if whole.unwrap_or(next) == delimiter {
                    break;
                }
                value.push(whole.ok_or("EOF marker missing new line")?);
            }
            outputs.push((name.to_owned(), value.join("\n")));
        } else if let Some((name, value)) = line.split_once('=') {
            outputs.push((name.to_owned(), value.to_owned()));
        } else {
            return Err(format!("invalid format '{line}'"));
        }
    }
    Ok(outputs)
}

#[test]
fn the_reader_of_outputs_knows_both_forms() {
    let read = |file: &str| super::outputs_file::read(file);
    assert_eq!(
        read("a=b<<c\n\nd<<E\n1=\n2\r\nE\n"),
        Ok(vec![("a".into(), "b<<c".into()), ("d".into(), "1=\n2\r".into())])
    );
    assert!(read("a<<E\nb").is_err());
    assert!(read("words").is_err());
}
