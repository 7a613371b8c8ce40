//! A secret as a type: it can be exposed, never printed.

mod echo;

use secrecy::{ExposeSecret, SecretString};
use std::fmt;

/// A credential, token or assertion; zeroed when dropped.
///
/// It has no `Display` and no `Serialize`, and its `Debug` is `***`. [`Secret::expose`] is called where a
/// secret goes onto the wire or into the mask line of a CI system, and nowhere else.
#[derive(Clone)]
pub struct Secret(SecretString);

impl Secret {
    /// Takes possession of a secret text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(SecretString::from(text.into()))
    }

    /// Shows the secret to the one who sends, matches or masks it.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }

    /// Whether it has the form of a GUID, as the id of a client secret has and its value never.
    pub fn is_guid(&self) -> bool {
        is_guid(self.expose().trim())
    }

    /// Strikes this secret out of a text from outside, where a service may have echoed it: whole, in pieces, or in one
    /// of the forms that the web has for it.
    ///
    /// Of a token, its signature alone is struck out too: the rest says only what the token is.
    pub fn struck_out_of(&self, text: &str) -> String {
        let secret = self.expose().trim();
        let parts = [secret, signature(secret).unwrap_or_default()];
        let text = parts
            .into_iter()
            .filter(|part| part.len() >= SHORTEST)
            .fold(text.to_owned(), |text, part| if text.contains(part) { text.replace(part, "***") } else { text });
        echo::struck_out(secret, text)
    }
}

/// The signature of a JSON Web Token, without which the rest of it opens nothing.
fn signature(secret: &str) -> Option<&str> {
    let segments: Vec<&str> = secret.split('.').collect();
    let is_base64 = |segment: &&str| segment.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
    (segments.len() == 3 && segments.iter().all(is_base64)).then(|| segments[2])
}

/// The text has the form of a GUID: 8-4-4-4-12 hexadecimal digits.
pub fn is_guid(text: &str) -> bool {
    let groups: Vec<&str> = text.split('-').collect();
    let lengths: Vec<usize> = groups.iter().map(|group| group.len()).collect();
    lengths == [8, 4, 4, 4, 12] && groups.iter().all(|group| group.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// The shortest text that is struck out; shorter ones stand in ordinary words.
const SHORTEST: usize = 6;

impl fmt::Debug for Secret {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("***")
    }
}

#[cfg(test)]
mod tests {
    use super::{Secret, is_guid};

    #[test]
    fn debug_output_shows_no_secret() {
        assert_eq!(format!("{:?}", Some(Secret::new("hunter2"))), "Some(***)");
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn memory_that_held_a_secret_is_overwritten() {
        use std::os::unix::fs::FileExt as _;
        let memory = std::fs::File::open("/proc/self/mem").unwrap();
        // Nothing is allocated between the drop and the look: it might get that very memory.
        let read = |place: usize, into: &mut [u8; 1024]| memory.read_exact_at(into, place as u64).unwrap();
        let (mut of_kept, mut of_secret) = ([1; 1024], [1; 1024]);
        let (kept, secret) = ("k".repeat(20_000), Secret::new("s".repeat(20_000)));
        let places = (kept.as_ptr() as usize + 8000, secret.expose().as_ptr() as usize + 8000);
        drop((kept, secret));
        read(places.0, &mut of_kept);
        read(places.1, &mut of_secret);
        assert_eq!(of_kept, [b'k'; 1024], "what is no secret stays, so that this look is known to see");
        assert_eq!(of_secret, [0; 1024]);
    }

    #[test]
    fn a_secrets_id_is_told_from_its_value() {
        assert!(Secret::new("0b1c2d3e-4f50-6172-8394-a5b6c7d8e9f0").is_guid());
        assert!(!Secret::new("yXo8Q~0b1c2d3e-4f50-6172-8394-a5b6c7d8e9").is_guid());
        assert!(!Secret::new("0b1c2d3e-4f50-6172-8394-a5b6c7d8e9fg").is_guid());
    }

    #[test]
    fn guids_are_told_by_their_form() {
        assert!(is_guid("00000000-0000-0000-0000-000000000000") && is_guid("ABCDEF01-2345-6789-abcd-ef0123456789"));
        assert!(!is_guid("{00000000-0000-0000-0000-000000000000}") && !is_guid("not-a-guid"));
    }

    #[test]
    fn an_echoed_secret_is_struck_out() {
        assert_eq!(Secret::new("hunter22").struck_out_of("password 'hunter22' is wrong"), "password '***' is wrong");
        assert_eq!(Secret::new("aaa.bbb.signature").struck_out_of("signature of aaa.bbb"), "*** of aaa.bbb");
        let proxy = Secret::new("http://ci:pass@10.0.0.1:3128");
        assert_eq!(proxy.struck_out_of("10.0.0.1:3128 refuses"), "10.0.0.1:3128 refuses");
        assert_eq!(Secret::new("a").struck_out_of("a plain answer"), "a plain answer");
        let creds = Secret::new(r#"{"clientId":"8c1d2e3f-4a5b-4c6d-8e7f-9a0b1c2d3e4f"}"#);
        let told = "no application 8c1d2e3f-4a5b-4c6d-8e7f-9a0b1c2d3e4f";
        assert_eq!(creds.struck_out_of(told), told, "what holds more than a secret is not sought in pieces");
    }
}
