//! Finds a secret in a text, also where it was encoded, cut or turned around.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use std::collections::HashSet;

/// A piece of this length is looked for wherever it starts.
const WINDOW: usize = 16;
/// Not every piece of a secret is looked for: whatever holds `WINDOW + STEP - 1` of its characters in a row holds one.
const STEP: usize = 8;
/// A shorter secret cannot be told from ordinary words.
const SHORTEST: usize = 6;

/// Everything that a run wrote, ready to be searched.
#[derive(Default)]
pub(crate) struct Written {
    texts: Vec<(String, String)>,
    windows: HashSet<[u8; WINDOW]>,
}

impl Written {
    /// Adds a text, with the name of the place where it stood.
    pub(crate) fn add(&mut self, place: &str, text: String) {
        self.windows.extend(text.as_bytes().windows(WINDOW).filter_map(|window| <[u8; WINDOW]>::try_from(window).ok()));
        self.texts.push((place.to_owned(), text));
    }

    /// Says where a secret shows, and in which form; nothing where it does not.
    pub(crate) fn shows(&self, secret: &str) -> Option<String> {
        let secret = secret.trim();
        if secret.len() < SHORTEST {
            return None;
        }
        forms(secret).into_iter().find_map(|(form, text)| {
            let piece = pieces(&text).find(|piece| match <[u8; WINDOW]>::try_from(*piece) {
                Ok(window) => self.windows.contains(&window),
                Err(_) => self.place_of(piece).is_some(),
            })?;
            let place = self.place_of(piece).unwrap_or("some place");
            Some(format!("{place} shows {}… of a secret, {form}", String::from_utf8_lossy(&piece[..4])))
        })
    }

    fn place_of(&self, piece: &[u8]) -> Option<&str> {
        let piece = std::str::from_utf8(piece).ok()?;
        self.texts.iter().find(|(_, text)| text.contains(piece)).map(|(place, _)| place.as_str())
    }
}

/// The pieces of a text that are looked for: the text itself where it is short.
fn pieces(text: &str) -> impl Iterator<Item = &[u8]> {
    let bytes = text.as_bytes();
    let short = (bytes.len() < WINDOW).then_some(bytes);
    // The end of a token is its signature, of which nothing may be left out.
    let last = bytes.len().checked_sub(WINDOW).map(|start| &bytes[start..]);
    short.into_iter().chain(bytes.windows(WINDOW).step_by(STEP)).chain(last)
}

/// The forms in which a secret may show. Halves of a token are pieces of the whole.
fn forms(secret: &str) -> Vec<(&'static str, String)> {
    let mut forms = vec![("as it is", secret.to_owned()), ("reversed", secret.chars().rev().collect())];
    for (shift, name) in ["in base64", "in base64, shifted by one", "in base64, shifted by two"].into_iter().enumerate()
    {
        // What surrounds the secret decides its first and last letters.
        let bytes = &secret.as_bytes()[shift.min(secret.len())..];
        let whole = &bytes[..bytes.len() / 3 * 3];
        forms.push((name, STANDARD.encode(whole)));
        forms.push((name, URL_SAFE.encode(whole)));
    }
    forms.push(("in hexadecimal digits", secret.bytes().map(|byte| format!("{byte:02x}")).collect()));
    forms.push(("percent-encoded", percent(secret, b"-._~")));
    forms.push(("as a form's field", percent(secret, b"-._*")));
    let json = serde_json::Value::from(secret).to_string();
    forms.push(("escaped as JSON", json.trim_matches('"').to_owned()));
    forms.push(("escaped as XML", secret.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")));
    let mut known = HashSet::new();
    forms.retain(|(_, form)| known.insert(form.clone()));
    forms
}

fn percent(text: &str, plain: &[u8]) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || plain.contains(&byte);
    text.bytes()
        .map(|byte| if is_plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

#[test]
fn a_secret_is_found_in_every_form_and_cut_anywhere() {
    let secret = "Xq38Q~simulated.client+secret/value&0123456";
    let encoded = |before: &str| STANDARD.encode(format!("{before}{secret}:after"));
    let texts = [
        format!("the secret {secret} is wrong"),
        secret[11..34].to_owned(),
        encoded(""),
        encoded("a"),
        encoded("ab"),
        "client_secret=Xq38Q%7Esimulated.client%2Bsecret%2Fvalue%260123456".to_owned(),
        secret.chars().rev().collect(),
        secret.bytes().map(|byte| format!("{byte:02x}")).collect(),
    ];
    for text in texts {
        let mut written = Written::default();
        written.add("a line", text.clone());
        assert!(written.shows(secret).is_some(), "{text}");
        assert_eq!(written.shows("another secret that nobody wrote"), None, "{text}");
    }
}
