//! Today's encryption of private keys and archives (PBES2, RFC 8018).

use super::CertificateError;
use pkcs8::pkcs5::pbes2::{Kdf, Parameters};
use pkcs8::pkcs5::{EncryptionScheme, Error};
use pkcs8::spki::AlgorithmIdentifierRef;
use secrecy::zeroize::Zeroizing;

/// More rounds than any tool writes; a file that asks for more is made to waste time.
const MOST_ROUNDS: u32 = 1_000_000;

/// More memory than any tool asks scrypt for, which takes 128 bytes for each unit of cost and block size.
const MOST_MEMORY: u64 = 256 * 1024 * 1024;

pub(super) fn decrypt(
    algorithm: AlgorithmIdentifierRef<'_>,
    data: &[u8],
    password: &str,
) -> Result<Zeroizing<Vec<u8>>, CertificateError> {
    let scheme = EncryptionScheme::try_from(algorithm);
    let Some(parameters) = scheme.as_ref().ok().and_then(EncryptionScheme::pbes2) else {
        let words = "it is encrypted by a scheme older than PBES2, or one that is not known here";
        return Err(CertificateError::unsupported(words));
    };
    if !is_bearable(parameters) {
        return Err(CertificateError::unsupported("it asks for too much work to be opened"));
    }
    parameters.decrypt(password, data).map(Zeroizing::new).map_err(|error| match error {
        Error::UnsupportedAlgorithm { oid } => {
            CertificateError::unsupported(format!("it is encrypted by the algorithm {oid}"))
        }
        _ => CertificateError::PasswordWrong,
    })
}

fn is_bearable(parameters: &Parameters) -> bool {
    match &parameters.kdf {
        Kdf::Pbkdf2(pbkdf2) => pbkdf2.iteration_count <= MOST_ROUNDS,
        Kdf::Scrypt(scrypt) => {
            let memory = scrypt.cost_parameter.checked_mul(128 * u64::from(scrypt.block_size));
            scrypt.parallelization <= 16 && memory.is_some_and(|memory| memory <= MOST_MEMORY)
        }
        _ => false,
    }
}
