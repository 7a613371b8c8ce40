//! Text without what damage adds to it or takes away: white space, quotes, letter case, odd letters.
//!
//! Terminals wrap in the middle of words, JSON doubles its quotes, encodings break theirs. Wordings and text are
//! compared in this form, so none of it matters.

/// A squashed text, with the place that each of its bytes has in the original.
pub struct Squashed {
    /// Lower-case letters, digits and signs.
    pub text: Vec<u8>,
    /// As many places.
    pub places: Vec<u32>,
}

/// Squashes a text of at most 4 GiB.
#[inline(never)]
pub fn squash(text: &str) -> Squashed {
    let mut squashed = Squashed { text: Vec::with_capacity(text.len()), places: Vec::with_capacity(text.len()) };
    for (place, byte) in text.bytes().enumerate() {
        if byte.is_ascii_graphic() && !b"\"'`\\".contains(&byte) {
            squashed.text.push(byte.to_ascii_lowercase());
            squashed.places.push(place as u32);
        }
    }
    squashed
}
