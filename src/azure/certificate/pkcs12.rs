//! PKCS#12 (`.pfx`, `.p12`), with today's and the older encryption.

use super::private_key::RsaKey;
use super::{CertificateError, Parts};
use crate::secret::Secret;
use p12_keystore::{Pkcs12Archive, error::Error};
use x509_parser::prelude::{FromDer, X509Certificate};

/// Opens the archive; without a password it is tried with the empty one, as Azure Key Vault writes it.
pub(super) fn parts(der: &[u8], password: Option<&Secret>) -> Result<Parts, CertificateError> {
    if der.starts_with(&[0x30, 0x80]) {
        return Err(CertificateError::unsupported(
            "its PKCS#12 has indefinite lengths (BER), which `openssl pkcs12` rewrites",
        ));
    }
    if X509Certificate::from_der(der).is_ok() {
        return Err(CertificateError::NoKey);
    }
    let archive = Pkcs12Archive::from_pkcs12(der, password.map_or("", Secret::expose)).map_err(|error| {
        let error = meaning(&error);
        if error == CertificateError::PasswordWrong && password.is_none() {
            return CertificateError::PasswordMissing;
        }
        error
    })?;
    let certificates = archive.certs.iter().map(|bag| bag.cert.as_der().to_vec()).collect();
    let keys = archive.keys.iter().map(|bag| RsaKey::from_pkcs8(bag.key.as_der())).collect::<Result<_, _>>()?;
    Ok(Parts { certificates, keys })
}

fn meaning(error: &Error) -> CertificateError {
    match error {
        Error::MacError(_) | Error::UnpadError => CertificateError::PasswordWrong,
        Error::UnsupportedEncryptionScheme | Error::UnsupportedMacAlgorithm => {
            CertificateError::unsupported("its PKCS#12 is encrypted or sealed by an algorithm that is not known here")
        }
        // The archive's seal was verified before, so the password is right.
        Error::Pkcs5Error(_) => {
            CertificateError::unsupported("its PKCS#12 is encrypted by an algorithm not known here")
        }
        Error::InvalidParameters => CertificateError::unsupported("its PKCS#12 asks for too much work to be opened"),
        Error::UnsupportedCertificateType => CertificateError::unsupported("its certificate is not an X.509 one"),
        _ => CertificateError::unreadable("it is neither PEM nor PKCS#12, or damaged"),
    }
}
