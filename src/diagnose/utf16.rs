//! Logs as Windows PowerShell redirects them: UTF-16, which announces itself in its first two bytes.

use std::io::{self, BufRead, Read};

/// The mark at the beginning, least significant byte first.
pub(super) const MARK: &[u8] = &[0xff, 0xfe];

/// Reads UTF-16 and gives UTF-8.
pub(super) struct Utf16<R> {
    inner: R,
    text: Vec<u8>,
    /// How much of the text has been taken.
    taken: usize,
    /// The first half of a letter whose second has not been read.
    half: Option<u8>,
}

impl<R: BufRead> Utf16<R> {
    pub(super) fn new(inner: R) -> Self {
        Self { inner, text: Vec::new(), taken: 0, half: None }
    }

    fn refill(&mut self) -> io::Result<()> {
        let bytes = self.inner.fill_buf()?;
        let read = bytes.len();
        self.text.clear();
        self.taken = 0;
        let all: Vec<u8> = self.half.take().into_iter().chain(bytes.iter().copied()).collect();
        let units = all.chunks_exact(2);
        self.half = units.remainder().first().copied();
        let units = units.map(|pair| u16::from_le_bytes([pair[0], pair[1]]));
        for letter in char::decode_utf16(units) {
            let letter = letter.unwrap_or(char::REPLACEMENT_CHARACTER);
            self.text.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes());
        }
        self.inner.consume(read);
        Ok(())
    }
}

impl<R: BufRead> BufRead for Utf16<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        while self.taken == self.text.len() && !self.inner.fill_buf()?.is_empty() {
            self.refill()?;
        }
        Ok(&self.text[self.taken..])
    }

    fn consume(&mut self, amount: usize) {
        self.taken += amount;
    }
}

impl<R: BufRead> Read for Utf16<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut text = self.fill_buf()?;
        let read = text.read(buffer)?;
        self.consume(read);
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::Utf16;
    use std::io::{BufReader, Read};

    #[test]
    fn letters_are_put_together_across_reads() {
        let bytes: Vec<u8> = "denied: é\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        for size in 1..bytes.len() {
            let mut text = String::new();
            Utf16::new(BufReader::with_capacity(size, &bytes[..])).read_to_string(&mut text).unwrap();
            assert_eq!(text, "denied: é\n", "{size}");
        }
    }
}
