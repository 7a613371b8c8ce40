//! The client certificate as it was handed over: a file, PEM text, or a PKCS#12 file in base64.

use super::files::Files;
use super::given::{Given, Source, UnreadableFile};
use crate::secret::Secret;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::path::Path;

/// The bytes of a certificate with its key.
#[derive(Debug, Clone)]
pub struct CertificateFile {
    /// PEM text or PKCS#12 bytes in base64, because they hold the key.
    pub base64: Secret,
    /// The path, or the name of the input that held the text.
    pub origin: String,
}

/// Reads what the input names or holds.
pub(super) fn read(given: &Given, files: &dyn Files) -> Result<CertificateFile, UnreadableFile> {
    let text = given.text();
    if text.contains("-----BEGIN") {
        return Ok(held(given, text.as_bytes()));
    }
    if let Some(bytes) = as_base64(text) {
        return Ok(held(given, &bytes));
    }
    let path = text.trim();
    match files.read(Path::new(path)) {
        Ok(bytes) => Ok(CertificateFile { base64: Secret::new(STANDARD.encode(bytes)), origin: path.to_owned() }),
        // What may be a part of a key is not repeated.
        Err(error) => {
            let shown = if !given.source.is_explicit() || is_file_name(path) { path } else { "" };
            Err(UnreadableFile::new(given.source.clone(), shown, &error))
        }
    }
}

fn held(given: &Given, bytes: &[u8]) -> CertificateFile {
    let origin = match &given.source {
        Source::File { path, .. } => path.clone(),
        source => source.to_string(),
    };
    CertificateFile { base64: Secret::new(STANDARD.encode(bytes)), origin }
}

/// A PKCS#12 file in base64, as people store it in a CI secret; no path is that long without a dot.
fn as_base64(text: &str) -> Option<Vec<u8>> {
    let joined: String = text.split_whitespace().collect();
    (joined.len() > 600).then(|| STANDARD.decode(joined).ok()).flatten()
}

fn is_file_name(text: &str) -> bool {
    let ends = [".pem", ".pfx", ".p12", ".crt", ".cer", ".key"];
    text.len() < 400 && !text.contains('\n') && ends.iter().any(|end| text.to_ascii_lowercase().ends_with(end))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inputs::files::Shelf;

    fn of(text: &str, files: &[(&str, &str)]) -> Result<CertificateFile, UnreadableFile> {
        let given = Given { value: Secret::new(text), source: Source::Variable("INPUT_CLIENT-CERTIFICATE".to_owned()) };
        read(&given, &files.iter().map(|(path, text)| (*path, *text)).collect::<Shelf>())
    }

    #[test]
    fn a_path_a_text_and_base64_are_told_apart() {
        let file = of("/run/sp.pem", &[("/run/sp.pem", "key")]).unwrap();
        assert_eq!((file.origin.as_str(), file.base64.expose()), ("/run/sp.pem", "a2V5"));
        let text = of("-----BEGIN PRIVATE KEY-----", &[]).unwrap();
        assert_eq!(text.origin, "INPUT_CLIENT-CERTIFICATE");
        let encoded = STANDARD.encode([7_u8; 900]);
        assert_eq!(of(&encoded, &[]).unwrap().base64.expose(), encoded);
    }

    #[test]
    fn the_text_of_a_key_is_not_repeated_as_a_path() {
        assert_eq!(of("/run/gone.pem", &[]).unwrap_err().path, "/run/gone.pem");
        assert_eq!(of("/MIIEvQIBADANBgkqhkiG9w0BAQ", &[]).unwrap_err().path, "");
    }
}
