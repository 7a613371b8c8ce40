//! PEM: certificates and keys in any order.

use super::pkcs12::EncryptedKey;
use super::private_key::{RsaKey, elliptic_curve};
use super::{CertificateError, Parts, encrypted_pem, pbes2};
use crate::secret::Secret;
use der::Decode;

/// Reads every block; those that are neither a certificate nor a key (`DH PARAMETERS`) are passed over.
pub(super) fn parts(text: &str, password: Option<&Secret>) -> Result<Parts, CertificateError> {
    // A certificate store's export has the two characters \ and n where a JSON or YAML value lost its line breaks.
    let unfolded = text.replace("\\r", "").replace("\\n", "\n");
    let blocks = pem::parse_many(unfolded).map_err(|_| CertificateError::unreadable("its PEM text is damaged"))?;
    if blocks.is_empty() {
        return Err(CertificateError::unreadable("its PEM text is cut off"));
    }
    let mut parts = Parts::default();
    for block in &blocks {
        match block.tag() {
            "CERTIFICATE" | "X509 CERTIFICATE" | "TRUSTED CERTIFICATE" => {
                parts.certificates.push(block.contents().to_vec());
            }
            "PRIVATE KEY" => parts.keys.push(RsaKey::from_pkcs8(block.contents())?),
            "RSA PRIVATE KEY" => parts.keys.push(pkcs1(block, password)?),
            "ENCRYPTED PRIVATE KEY" => parts.keys.push(encrypted_pkcs8(block.contents(), password)?),
            "EC PRIVATE KEY" => return Err(elliptic_curve()),
            "DSA PRIVATE KEY" => return Err(CertificateError::unsupported("its key is a DSA key")),
            "OPENSSH PRIVATE KEY" => return Err(CertificateError::unsupported("its key is in OpenSSH's format")),
            _ => {}
        }
    }
    Ok(parts)
}

fn pkcs1(block: &pem::Pem, password: Option<&Secret>) -> Result<RsaKey, CertificateError> {
    let Some(dek_info) = block.headers().get("DEK-Info") else {
        return RsaKey::from_pkcs1(block.contents());
    };
    let password = password.ok_or(CertificateError::PasswordMissing)?;
    let der = encrypted_pem::decrypt(dek_info, block.contents(), password)?;
    // The format has no checksum: a wrong password can leave a valid padding, but never a valid key.
    RsaKey::from_pkcs1(&der).map_err(|error| match error {
        CertificateError::Unreadable(_) => CertificateError::PasswordWrong,
        other => other,
    })
}

fn encrypted_pkcs8(der: &[u8], password: Option<&Secret>) -> Result<RsaKey, CertificateError> {
    let encrypted =
        EncryptedKey::from_der(der).map_err(|_| CertificateError::unreadable("its private key is damaged"))?;
    let password = password.ok_or(CertificateError::PasswordMissing)?;
    let key = pbes2::decrypt(encrypted.algorithm, encrypted.data.as_bytes(), password.expose())?;
    // Without a checksum, a wrong password can leave a valid padding, but never a valid key.
    RsaKey::from_pkcs8(&key).map_err(|error| match error {
        CertificateError::Unreadable(_) => CertificateError::PasswordWrong,
        other => other,
    })
}
