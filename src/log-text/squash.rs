//! Text without what damage adds to it or takes away: white space, quotes, letter case, odd letters.
//!
//! Terminals wrap in the middle of words, JSON doubles its quotes, encodings break theirs. Wordings and text are
//! compared in this form, so none of it matters. Accents go with the letters that bear them; the letters of scripts
//! that have nothing else stay.

/// A squashed text, with the place that each of its bytes has in the original.
pub struct Squashed {
    /// Lower-case letters, digits and signs.
    pub text: Vec<u8>,
    /// As many places, each the beginning of a letter.
    pub places: Vec<u32>,
}

/// Squashes a text of at most 4 GiB.
#[inline(never)]
pub fn squash(text: &str) -> Squashed {
    let mut squashed = Squashed { text: Vec::with_capacity(text.len()), places: Vec::with_capacity(text.len()) };
    for (place, letter) in text.char_indices() {
        match letter {
            '"' | '\'' | '`' | '\\' => {}
            '!'..='~' => squashed.push(letter.to_ascii_lowercase() as u8, place),
            '\u{ff1a}' => squashed.push(b':', place),
            _ if is_kept(letter) => {
                let lower = letter.to_lowercase().next().unwrap_or(letter);
                lower.encode_utf8(&mut [0; 4]).bytes().for_each(|byte| squashed.push(byte, place));
            }
            _ => {}
        }
    }
    squashed
}

impl Squashed {
    fn push(&mut self, byte: u8, place: usize) {
        self.text.push(byte);
        self.places.push(place as u32);
    }
}

/// Letters of Cyrillic, kana, Chinese characters and hangul.
fn is_kept(letter: char) -> bool {
    matches!(letter, '\u{400}'..='\u{52f}' | '\u{3041}'..='\u{30ff}' | '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}')
}

#[cfg(test)]
mod tests {
    use super::squash;

    fn squashed(text: &str) -> String {
        String::from_utf8(squash(text).text).unwrap()
    }

    #[test]
    fn white_space_quotes_case_and_accents_go() {
        assert_eq!(squashed("\"Docker\" ist\nnicht\u{a0}verf\u{fc}gbar\u{2026}"), "dockeristnichtverfgbar");
    }

    #[test]
    fn scripts_without_latin_letters_stay() {
        assert_eq!(squashed("\u{41d}\u{435} x"), "\u{43d}\u{435}x");
        assert_eq!(squashed("docker\u{ff1a}\u{672a}\u{627e}\u{5230}\u{3002}"), "docker:\u{672a}\u{627e}\u{5230}");
        let places = squash("a\u{672a}b").places;
        assert_eq!(places, [0, 1, 1, 1, 4]);
    }
}
