//! A certificate with its private key, as Entra ID takes it in place of a client secret.

mod assertion;
mod encrypted_pem;
mod error;
mod pem_text;
mod pkcs12;
mod private_key;

pub use assertion::client_assertion;
pub use error::CertificateError;

use crate::plan::CertificateBytes;
use crate::secret::Secret;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use private_key::RsaKey;
use ring::digest;
use secrecy::zeroize::Zeroizing;
use time::OffsetDateTime;
use x509_parser::prelude::{FromDer, X509Certificate};

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

    /// The SHA-256 thumbprint in upper-case hexadecimal digits.
    pub fn sha256_thumbprint(&self) -> String {
        hexadecimal(&self.sha256())
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
            .map(|der| match X509Certificate::from_der(der) {
                Ok(([], certificate)) => Ok(certificate),
                _ => Err(CertificateError::unreadable("a certificate in it is damaged")),
            })
            .collect::<Result<Vec<_>, _>>()?;
        for key in parts.keys {
            let Some(leaf) = parsed
                .iter()
                .position(|certificate| certificate.public_key().subject_public_key.data.as_ref() == key.public_key())
            else {
                continue;
            };
            let validity = parsed[leaf].validity();
            return Ok(Self {
                subject: subject(&parsed[leaf]),
                not_before: validity.not_before.to_datetime(),
                not_after: validity.not_after.to_datetime(),
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
fn chain_from(leaf: usize, parsed: &[X509Certificate<'_>], ders: &[Vec<u8>]) -> Vec<Vec<u8>> {
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

fn subject(certificate: &X509Certificate<'_>) -> String {
    let name = certificate.subject();
    let common_name = name.iter_common_name().next().and_then(|part| part.as_str().ok());
    common_name.map_or_else(|| name.to_string(), str::to_owned)
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02X}")).collect()
}
