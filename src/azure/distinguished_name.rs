//! The names in a certificate, in words.

use x509_cert::name::Name;

/// The longest name shown; certificates come from anywhere.
const LONGEST: usize = 200;

/// The common name, or the longer form where there is none.
pub(super) fn short(name: &Name) -> String {
    match name.common_name() {
        Ok(Some(common_name)) => common_name.value().chars().take(LONGEST).collect(),
        _ => long(name),
    }
}

/// `CN=…, OU=…, O=…`: enough to find it in a list.
pub(super) fn long(name: &Name) -> String {
    let parts = [("CN", name.common_name()), ("OU", name.organization_unit()), ("O", name.organization())];
    let parts: Vec<String> =
        parts.into_iter().filter_map(|(label, value)| Some(format!("{label}={}", value.ok()??.value()))).collect();
    let words = if parts.is_empty() { "nameless".to_owned() } else { parts.join(", ") };
    words.chars().take(LONGEST).collect()
}
