//! A certificate with its private key, as Entra ID takes it in place of a client secret.

mod assertion;
mod encrypted_pem;
mod error;
mod pbes2;
mod pem_text;
mod pkcs12;
mod private_key;

pub use assertion::client_assertion;
pub use error::CertificateError;

use super::distinguished_name;
use crate::plan::CertificateBytes;
use crate::secret::Secret;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use der::Decode;
use private_key::RsaKey;
use ring::digest;
use secrecy::zeroize::Zeroizing;
use time::OffsetDateTime;
use x509_cert::certificate::{CertificateInner, Raw, TbsCertificateInner};

/// A certificate, its chain and its private key, known to belong together.
pub struct Certificate {
    /// The certificate itself, then those that signed it, in DER.
    chain: Vec<Vec<u8>>,
    key: RsaKey,
    /// The name it is issued for: the common name, or the whole subject where there is none.
    pub subject: String,
    /// Its begin.
    pub not_before: OffsetDateTime,
    /// Its end.
    pub not_after: OffsetDateTime,
}

impl std::fmt::Debug for Certificate {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Certificate")
            .field("subject", &self.subject)
            .field("not_after", &self.not_after)
            .field("key", &"***")
            .finish_non_exhaustive()
    }
}

impl Certificate {
    /// Reads PEM (certificate and key in any order, chain allowed) or PKCS#12; the latter also as base64 text, which
    /// is how Azure Key Vault hands it out.
    pub fn read(given: &CertificateBytes) -> Result<Self, CertificateError> {
        let bytes = STANDARD.decode(given.base64.expose()).map_err(|_| CertificateError::unreadable("it is empty"))?;
        let bytes = Zeroizing::new(bytes);
        let parts = parts(&bytes, given.password.as_ref())?;
        Self::assemble(parts)
    }

    /// The SHA-1 thumbprint in upper-case hexadecimal digits, as the Azure portal shows it.
    pub fn thumbprint(&self) -> String {
        hexadecimal(&self.sha1())
    }

    /// Whether the `customKeyIdentifier` of an application's `keyCredentials` names this certificate.
    ///
    /// Graph returns a SHA-1 or SHA-256 thumbprint, in base64 or in hexadecimal digits, by how the key was added.
    pub fn is_named_by(&self, custom_key_identifier: &str) -> bool {
        let given = custom_key_identifier.trim();
        [self.sha1(), self.sha256()].iter().any(|thumbprint| {
            given.eq_ignore_ascii_case(&hexadecimal(thumbprint))
                || given.trim_end_matches('=') == STANDARD.encode(thumbprint).trim_end_matches('=')
                || given == URL_SAFE_NO_PAD.encode(thumbprint)
        })
    }

    fn leaf(&self) -> &[u8] {
        self.chain.first().map_or(&[], Vec::as_slice)
    }

    fn sha1(&self) -> Vec<u8> {
        digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, self.leaf()).as_ref().to_vec()
    }

    fn sha256(&self) -> Vec<u8> {
        digest::digest(&digest::SHA256, self.leaf()).as_ref().to_vec()
    }

    /// Finds the key that belongs to a certificate, and puts that certificate's issuers behind it.
    fn assemble(parts: Parts) -> Result<Self, CertificateError> {
        if parts.certificates.is_empty() {
            return Err(CertificateError::NoCertificate);
        }
        if parts.keys.is_empty() {
            return Err(CertificateError::NoKey);
        }
        let parsed = parts
            .certificates
            .iter()
            .map(|der| CertificateInner::<Raw>::from_der(der))
            .collect::<Result<Vec<_>, _>>()
            .map_err(|_| CertificateError::unreadable("a certificate in it is damaged"))?;
        let parsed: Vec<&TbsCertificateInner<Raw>> = parsed.iter().map(CertificateInner::tbs_certificate).collect();
        for key in parts.keys {
            let is_its_own = |certificate: &&TbsCertificateInner<Raw>| {
                certificate.subject_public_key_info().subject_public_key.raw_bytes() == key.public_key()
            };
            let Some(leaf) = parsed.iter().position(is_its_own) else { continue };
            let validity = parsed[leaf].validity();
            return Ok(Self {
                subject: distinguished_name::short(parsed[leaf].subject()),
                not_before: moment(validity.not_before)?,
                not_after: moment(validity.not_after)?,
                chain: chain_from(leaf, &parsed, &parts.certificates),
                key,
            });
        }
        Err(CertificateError::KeyMismatch)
    }
}

/// What a file holds, in the order of the file.
#[derive(Default)]
struct Parts {
    certificates: Vec<Vec<u8>>,
    keys: Vec<RsaKey>,
}

fn parts(bytes: &[u8], password: Option<&Secret>) -> Result<Parts, CertificateError> {
    if let Ok(text) = std::str::from_utf8(bytes) {
        let text = text.trim_start_matches('\u{feff}').trim();
        if text.contains("-----BEGIN ") {
            return pem_text::parts(text, password);
        }
        let joined = Zeroizing::new(text.split_ascii_whitespace().collect::<String>());
        return match STANDARD.decode(joined.as_bytes()) {
            Ok(der) if !der.is_empty() => pkcs12::parts(&Zeroizing::new(der), password),
            _ if text.is_empty() => Err(CertificateError::unreadable("it is empty")),
            _ => Err(CertificateError::unreadable("it is neither PEM nor PKCS#12")),
        };
    }
    pkcs12::parts(bytes, password)
}

/// The certificate at `leaf`, its issuer, and so on; a root, which the other side has, is left out.
fn chain_from(leaf: usize, parsed: &[&TbsCertificateInner<Raw>], ders: &[Vec<u8>]) -> Vec<Vec<u8>> {
    let mut chain = vec![leaf];
    let mut current = leaf;
    while let Some(issuer) = parsed.iter().position(|other| other.subject() == parsed[current].issuer()) {
        if chain.contains(&issuer) || parsed[issuer].subject() == parsed[issuer].issuer() {
            break;
        }
        chain.push(issuer);
        current = issuer;
    }
    chain.into_iter().map(|index| ders[index].clone()).collect()
}

fn moment(time: x509_cert::time::Time) -> Result<OffsetDateTime, CertificateError> {
    i64::try_from(time.to_unix_duration().as_secs())
        .ok()
        .and_then(|seconds| OffsetDateTime::from_unix_timestamp(seconds).ok())
        .ok_or_else(|| CertificateError::unreadable("its validity is no date"))
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02X}")).collect()
}
