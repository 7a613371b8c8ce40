//! Certificates that a service principal signs in with.

use super::Certificate;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rcgen::{CertificateParams, DnType, KeyPair};
use time::{Duration, OffsetDateTime};

/// The private key of the pipeline's service principal, PEM.
pub const PIPELINE_KEY: &str = include_str!("../../keys/pipeline.pem");
/// A private key that belongs to no certificate of this world, PEM.
pub const STRANGERS_KEY: &str = include_str!("../../keys/stranger.pem");

impl Certificate {
    /// A certificate of the pipeline's key that ends so many days from now; negative for the past.
    pub fn ending_in(days: i64) -> Self {
        Self::of(PIPELINE_KEY, days).unwrap_or_else(|error| unreachable!("the key is one of RSA: {error}"))
    }

    /// A certificate of a private key.
    fn of(key: &str, days: i64) -> Result<Self, rcgen::Error> {
        let key = KeyPair::from_pem(key)?;
        let ends = (OffsetDateTime::now_utc() + Duration::days(days))
            .replace_nanosecond(0)
            .unwrap_or(OffsetDateTime::UNIX_EPOCH);
        let mut parameters = CertificateParams::new(Vec::new())?;
        parameters.distinguished_name.push(DnType::CommonName, "ci-pusher");
        parameters.not_before = ends - Duration::days(365);
        parameters.not_after = ends;
        let der = parameters.self_signed(&key)?.der().to_vec();
        Ok(Self { der, name: "CN=ci-pusher".into(), ends, unlisted: false })
    }

    /// The certificate, PEM.
    pub fn pem(&self) -> String {
        let text = STANDARD.encode(&self.der);
        let lines: Vec<&str> = text.as_bytes().chunks(64).filter_map(|line| std::str::from_utf8(line).ok()).collect();
        format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", lines.join("\n"))
    }
}
