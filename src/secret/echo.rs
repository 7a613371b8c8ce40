//! A secret that a service sends back in another form, or in pieces.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use std::collections::HashSet;
use std::fmt::Write;

/// A piece so long is the secret's and no chance.
const PIECE: usize = 16;

/// What is longer is a token, of which a piece opens nothing, or a file.
const LONGEST: usize = 256;

/// Strikes out every piece of the secret, in any form and letter case.
pub(super) fn struck_out(secret: &str, text: String) -> String {
    // Addresses with a login, JSON and PEM hold more than a secret, and what else they hold may be said.
    let is_bare = !secret.contains(|letter: char| letter.is_whitespace() || "{@".contains(letter));
    if !(PIECE..=LONGEST).contains(&secret.len()) || text.len() < PIECE || !is_bare {
        return text;
    }
    let forms: Vec<Vec<u8>> = forms(secret).into_iter().map(|form| folded(form.as_bytes())).collect();
    let pieces: HashSet<&[u8]> = forms.iter().flat_map(|form| form.windows(PIECE)).collect();
    let mut is_struck = vec![false; text.len()];
    for (start, window) in folded(text.as_bytes()).windows(PIECE).enumerate() {
        if pieces.contains(window) {
            is_struck[start..start + PIECE].fill(true);
        }
    }
    if !is_struck.contains(&true) {
        return text;
    }
    let mut told = String::with_capacity(text.len());
    for (place, letter) in text.char_indices() {
        match is_struck[place] {
            false => told.push(letter),
            true if place == 0 || !is_struck[place - 1] => told.push_str("***"),
            true => {}
        }
    }
    told
}

/// The secret as it is, in base64 at each place in a group of three bytes, in hexadecimal, and as the escapes of
/// addresses and of JSON.
fn forms(secret: &str) -> Vec<String> {
    let mut forms = vec![secret.to_owned()];
    for shift in 0..3 {
        let shifted = [&[0; 3][..shift], secret.as_bytes()].concat();
        let encoded = STANDARD_NO_PAD.encode(shifted);
        // The first group holds what stood before, the last what comes behind.
        forms.push(encoded[if shift > 0 { 4 } else { 0 }..encoded.len() - 1].to_owned());
    }
    for (before, width) in [("", 2), ("%", 2), ("\\x", 2), ("\\u", 4)] {
        forms.push(secret.bytes().fold(String::new(), |mut form, byte| {
            let _ = write!(form, "{before}{byte:0width$x}");
            form
        }));
    }
    forms
}

/// In small letters, and with the letters of base64 for addresses as those of the common one.
fn folded(text: &[u8]) -> Vec<u8> {
    text.iter()
        .map(|byte| match byte {
            b'-' => b'+',
            b'_' => b'/',
            byte => byte.to_ascii_lowercase(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::engine::general_purpose::URL_SAFE;

    const SECRET: &str = "Zq8~NotARealSecret.ForTests_01234567890";

    #[test]
    fn no_form_of_a_secret_shows() {
        let login = URL_SAFE.encode(format!("8c1d2e3f:{SECRET}"));
        let hexadecimal: String = SECRET.bytes().map(|byte| format!("{byte:02X}")).collect();
        let percent: String = SECRET.bytes().map(|byte| format!("%{byte:02x}")).collect();
        let json: String = SECRET.bytes().map(|byte| format!("\\u{byte:04x}")).collect();
        let shifted = [1, 2].map(|shift| STANDARD_NO_PAD.encode([&b"::"[..shift], SECRET.as_bytes()].concat()));
        let upper = SECRET.to_uppercase();
        let whole = [STANDARD_NO_PAD.encode(SECRET), login, hexadecimal, percent, json, upper];
        for form in whole.iter().chain(&shifted).map(String::as_str).chain([&SECRET[..20], &SECRET[15..]]) {
            let told = struck_out(SECRET, format!("sent <<{form}>>, which is wrong"));
            assert!(told.starts_with("sent <<") && told.ends_with(">>, which is wrong"), "{told}");
            assert!(told.contains("***"), "{told}");
            let rest = told.len() - "sent <<***>>, which is wrong".len();
            assert!(rest <= 16, "{rest} letters of {form} are left: {told}");
        }
    }

    #[test]
    fn letters_of_more_than_a_byte_stay_whole() {
        assert_eq!(struck_out(SECRET, format!("é{SECRET}é → ü")), "é***é → ü");
        let plain = "Zq8 is no secret, and neither is ForTests — 0123456789";
        assert_eq!(struck_out(SECRET, plain.to_owned()), plain);
    }
}
