//! RSA private keys, from the encodings in which tools write them.

use super::CertificateError;
use pkcs8::{ObjectIdentifier, PrivateKeyInfoRef};
use ring::signature::{KeyPair, RsaKeyPair};

const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const ELLIPTIC_CURVE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");

/// A private key that can sign an assertion.
pub(super) struct RsaKey {
    pub(super) pair: RsaKeyPair,
}

impl RsaKey {
    /// Reads PKCS#8, which names the algorithm.
    pub(super) fn from_pkcs8(der: &[u8]) -> Result<Self, CertificateError> {
        let info = PrivateKeyInfoRef::try_from(der).map_err(|_| damaged())?;
        match info.algorithm.oid {
            RSA => Self::from_pkcs1(info.private_key.as_bytes()),
            ELLIPTIC_CURVE => Err(elliptic_curve()),
            other => Err(CertificateError::unsupported(format!("its key is not an RSA key (algorithm {other})"))),
        }
    }

    /// Reads PKCS#1 (`BEGIN RSA PRIVATE KEY`).
    pub(super) fn from_pkcs1(der: &[u8]) -> Result<Self, CertificateError> {
        let pair = RsaKeyPair::from_der(der).map_err(|rejected| match rejected.to_string().as_str() {
            "TooSmall" => CertificateError::unsupported("its RSA key is shorter than 2048 bits"),
            "TooLarge" => CertificateError::unsupported("its RSA key is longer than 4096 bits"),
            _ => damaged(),
        })?;
        Ok(Self { pair })
    }

    /// The public half, as a certificate holds it (DER of `RSAPublicKey`).
    pub(super) fn public_key(&self) -> &[u8] {
        self.pair.public_key().as_ref()
    }
}

/// Entra ID verifies RSA signatures only.
pub(super) fn elliptic_curve() -> CertificateError {
    CertificateError::unsupported("its key is an elliptic-curve key, and Entra ID takes RSA keys only")
}

fn damaged() -> CertificateError {
    CertificateError::unreadable("the private key in it is damaged")
}
