//! Words that can be the address of something.

/// What stands between words, in ASCII.
const BETWEEN: &[u8] = b" \t\n\r\x0b\x0c\"'`()[]{}<>,;=|\\";

/// The words of a text that can be a host, a host with a port, a path on one, or the mask of one, with the places where
/// they begin; URLs are not among them.
#[inline(never)]
pub fn addresses(text: &str) -> Vec<(usize, &str)> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut start = 0;
    let mut is_address = false;
    for place in 0..=bytes.len() {
        match bytes.get(place) {
            Some(b'.' | b':' | b'*') => is_address = true,
            Some(byte) if !BETWEEN_BITS[*byte as usize] => {}
            _ => {
                if is_address && let Some(word) = address(&text[start..place]) {
                    found.push((word.as_ptr() as usize - text.as_ptr() as usize, word));
                }
                start = place + 1;
                is_address = false;
            }
        }
    }
    found
}

fn address(word: &str) -> Option<&str> {
    let word = word.trim_matches([':', '.']);
    let is_one = word.contains(['.', ':']) && !word.contains("://") || word.starts_with("***");
    is_one.then_some(word)
}

const BETWEEN_BITS: [bool; 256] = {
    let mut bits = [false; 256];
    let mut at = 0;
    while at < BETWEEN.len() {
        bits[BETWEEN[at] as usize] = true;
        at += 1;
    }
    bits
};

#[cfg(test)]
mod tests {
    use super::addresses;

    #[test]
    fn hosts_ports_paths_and_masks_are_told_with_their_places() {
        let text = "push \"ghcr.io/o/app:1\", localhost:5000/app ***/app to https://quay.io/v2/: end.";
        assert_eq!(addresses(text), [(6, "ghcr.io/o/app:1"), (24, "localhost:5000/app"), (43, "***/app")]);
        assert_eq!(addresses("no words here: none at all..."), []);
        assert_eq!(addresses("e-mail é.example.com"), [(7, "é.example.com")]);
    }
}
