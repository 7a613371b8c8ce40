//! The issuer of a certificate, in words.

use crate::azure::distinguished_name;
use der::Decode;
use x509_cert::certificate::{CertificateInner, Raw};

/// Names the issuer as `CN=…, O=…`: enough to find it in a list of roots.
pub(super) fn issuer(der: &[u8]) -> String {
    match CertificateInner::<Raw>::from_der(der) {
        Ok(certificate) => distinguished_name::long(certificate.tbs_certificate().issuer()),
        Err(_) => "unreadable".into(),
    }
}
