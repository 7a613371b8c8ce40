//! The issuer of a certificate, in words.

use x509_parser::prelude::{FromDer, X509Certificate};
use x509_parser::x509::X509Name;

/// The longest issuer shown.
const LONGEST: usize = 200;

/// Names the issuer as `CN=…, O=…`: enough to find it in a list of roots.
pub(super) fn issuer(der: &[u8]) -> String {
    match X509Certificate::from_der(der) {
        Ok((_, certificate)) => words(certificate.issuer()),
        Err(_) => "unreadable".into(),
    }
}

fn words(name: &X509Name<'_>) -> String {
    let parts: Vec<String> = [
        ("CN", name.iter_common_name().next()),
        ("OU", name.iter_organizational_unit().next()),
        ("O", name.iter_organization().next()),
    ]
    .into_iter()
    .filter_map(|(label, attribute)| Some(format!("{label}={}", attribute?.as_str().ok()?)))
    .collect();
    let words = if parts.is_empty() { "nameless".to_owned() } else { parts.join(", ") };
    words.chars().take(LONGEST).collect()
}
