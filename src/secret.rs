//! A secret as a type: it can be exposed, never printed.

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
}

impl fmt::Debug for Secret {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("***")
    }
}

#[cfg(test)]
mod tests {
    use super::Secret;

    #[test]
    fn debug_output_shows_no_secret() {
        assert_eq!(format!("{:?}", Some(Secret::new("hunter2"))), "Some(***)");
    }
}
