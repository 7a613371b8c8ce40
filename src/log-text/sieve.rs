//! A search for many words at once, whatever their letter case, that looks at every third letter of a text only.
//!
//! It is plain arithmetic without special instructions, so it is as fast on every machine. Vectorised searches take some
//! sixty words at once, and letter case multiplies those by three.

/// How far apart the samples of a text lie.
const STRIDE: usize = 3;

/// How many letters a sample has.
const SAMPLE: usize = 4;

/// The fewest letters of a word: wherever it stands, a sample lies within it.
const SHORTEST: usize = STRIDE + SAMPLE - 1;

/// How many of the hash's bits are left to a row of samples.
const ROW: u32 = 7;

/// The logarithm of the number of bits that tell whether a sample can be part of a word.
const BITS: u32 = 17;

/// How many letters are looked at in one go, and how many more their last sample needs.
const PIECE: usize = 8 * STRIDE;
const WHOLE_PIECE: usize = PIECE + SAMPLE - 2;

/// Words, made ready to be found.
pub struct Sieve {
    /// One bit for each hash of a sample; few of them are set.
    bits: Vec<u32>,
    /// The samples of all words, sorted by their hash.
    samples: Vec<Sample>,
    /// Where the samples begin whose hash has these first bits.
    begins: Vec<usize>,
    words: Vec<&'static str>,
}

/// Four letters of a word, in lower case.
#[derive(Clone, Copy)]
struct Sample {
    letters: u32,
    word: usize,
    /// Where in the word they begin.
    offset: usize,
}

impl Sieve {
    /// Takes words in lower case, of at least six letters each.
    pub fn new(words: &[&'static str]) -> Self {
        let mut samples = Vec::new();
        let mut bits = vec![0; 1 << (BITS - 5)];
        for (word, text) in words.iter().enumerate() {
            assert!(text.len() >= SHORTEST, "{text} is too short to be found");
            let first = rarest(text.as_bytes());
            for offset in first..first + STRIDE {
                let letters = folded(text.as_bytes(), offset);
                samples.push(Sample { letters, word, offset });
                bits[(hash(letters) >> 5) as usize] |= 1 << (hash(letters) & 31);
            }
        }
        samples.sort_by_key(|sample| hash(sample.letters));
        let begin = |row: u32| samples.partition_point(|sample| hash(sample.letters) >> ROW < row);
        let begins = (0..=1 << (BITS - ROW)).map(begin).collect();
        Self { bits, samples, begins, words: words.to_vec() }
    }

    /// Where the first word stands in a text, from a place on.
    #[inline(never)]
    pub fn find(&self, text: &[u8], from: usize) -> Option<usize> {
        let mut at = from;
        while let Some(piece) = text.get(at..).and_then(|rest| rest.first_chunk::<WHOLE_PIECE>()) {
            let two = |from: usize| {
                let bytes = [0, 1, 2, 3, 4, 5, 6, 7].map(|index| piece[from + index]);
                let letters = u64::from_le_bytes(bytes) | 0x2020_2020_2020_2020;
                self.may_be(letters as u32) | self.may_be((letters >> (8 * STRIDE)) as u32)
            };
            if (two(0) | two(2 * STRIDE) | two(4 * STRIDE) | two(6 * STRIDE)) != 0 {
                let found = (at..at + PIECE).step_by(STRIDE).find_map(|place| self.word_at(text, place));
                if found.is_some() {
                    return found;
                }
            }
            at += PIECE;
        }
        (at..text.len().saturating_sub(SAMPLE - 1)).step_by(STRIDE).find_map(|place| self.word_at(text, place))
    }

    /// Not zero where these letters can be a sample of a word.
    #[inline(always)]
    fn may_be(&self, letters: u32) -> u32 {
        let hash = hash(letters);
        self.bits[(hash >> 5) as usize] & (1 << (hash & 31))
    }

    /// Where the word begins that has a sample at a place.
    fn word_at(&self, text: &[u8], place: usize) -> Option<usize> {
        let letters = folded(text, place);
        if self.may_be(letters) == 0 {
            return None;
        }
        let row = (hash(letters) >> ROW) as usize;
        let samples = &self.samples[self.begins[row]..self.begins[row + 1]];
        samples.iter().filter(|sample| sample.letters == letters).find_map(|sample| {
            let word = self.words[sample.word].as_bytes();
            let start = place.checked_sub(sample.offset)?;
            text.get(start..start + word.len())?.eq_ignore_ascii_case(word).then_some(start)
        })
    }
}

/// Four letters in lower case; other bytes fold too, which does no harm, as every find is compared in full.
fn folded(text: &[u8], at: usize) -> u32 {
    u32::from_le_bytes([0, 1, 2, 3].map(|index| text[at + index])) | 0x2020_2020
}

#[inline(always)]
fn hash(letters: u32) -> u32 {
    letters.wrapping_mul(0x9e37_79b1) >> (32 - BITS)
}

/// Where the part of a word begins that the logs of builds are least likely to hold otherwise.
fn rarest(word: &[u8]) -> usize {
    const COMMON_LETTERS: &[u8] = b"etaoinsrlcdu ";
    const COMMON: &[u8] = b"kind of the this with from is not to be in and for on file names user tokens broken \
        added errors failed warning information application using running building during string missing supplied \
        connection container registry repository repositories action supported version server service services \
        https http status resources internal external message messages another criteria process get or one push \
        docker could time able to expires image packages";
    let commonness = |part: &[u8]| {
        let samples = part.windows(SAMPLE).filter(|sample| COMMON.windows(SAMPLE).any(|known| known == *sample));
        let letters = part.iter().filter(|letter| COMMON_LETTERS.contains(letter));
        (samples.count(), letters.count())
    };
    let parts = word.windows(SHORTEST).map(commonness).enumerate();
    parts.min_by_key(|(_, commonness)| *commonness).map_or(0, |(at, _)| at)
}

#[cfg(test)]
mod tests {
    use super::Sieve;

    #[test]
    fn a_word_is_found_wherever_it_stands() {
        let sieve = Sieve::new(&["denied", "unauthorized"]);
        for word in ["denied", "DENIED", "Denied", "unauthorized", "Unauthorized"] {
            for before in 0..60 {
                for behind in 0..60 {
                    let text = format!("{}{word}{}", "-".repeat(before), "-".repeat(behind));
                    assert_eq!(sieve.find(text.as_bytes(), 0), Some(before), "{text}");
                    assert_eq!(sieve.find(text.as_bytes(), before), Some(before), "{text}");
                }
            }
        }
    }

    #[test]
    fn the_first_of_several_is_found() {
        let sieve = Sieve::new(&["denied", "unauthorized"]);
        let text = b"nothing here, unauthorized, denied";
        assert_eq!(sieve.find(text, 0), Some(14));
        assert_eq!(sieve.find(text, 27), Some(28));
        assert_eq!(sieve.find(text, 33), None);
    }

    #[test]
    fn parts_of_words_and_their_likes_are_none() {
        let sieve = Sieve::new(&["denied", "d-bus error"]);
        for text in ["", "d", "den", "denie-", "enied-", "den\nied", "d\rbus error", "D-BUS\0ERROR"] {
            assert_eq!(sieve.find(text.as_bytes(), 0), None, "{text}");
            assert_eq!(sieve.find(text.repeat(50).as_bytes(), 0), None, "{text}");
        }
    }
}
