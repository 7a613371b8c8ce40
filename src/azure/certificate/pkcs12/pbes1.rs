//! The older encryption of PKCS#12: Triple DES and RC2 with keys made by SHA-1 (`openssl pkcs12 -legacy`, Windows).

use super::super::CertificateError;
use super::password_key::{Purpose, derive};
use cbc::Decryptor;
use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{BlockModeDecrypt, KeyIvInit};
use der::Sequence;
use der::asn1::{ObjectIdentifier, OctetStringRef};
use pkcs8::spki::AlgorithmIdentifierRef;
use ring::digest::SHA1_FOR_LEGACY_USE_ONLY;
use secrecy::zeroize::Zeroizing;

const TRIPLE_DES: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.1.3");
const DOUBLE_DES: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.1.4");
const RC2_128: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.1.5");
const RC2_40: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.1.6");

#[derive(Sequence)]
struct Parameters<'a> {
    salt: &'a OctetStringRef,
    rounds: u32,
}

pub(super) fn decrypt(
    algorithm: AlgorithmIdentifierRef<'_>,
    data: &[u8],
    password: &str,
) -> Result<Zeroizing<Vec<u8>>, CertificateError> {
    let unknown =
        || CertificateError::unsupported(format!("its PKCS#12 is encrypted by the algorithm {}", algorithm.oid));
    let parameters: Parameters<'_> = algorithm.parameters.ok_or_else(unknown)?.decode_as()?;
    match algorithm.oid {
        TRIPLE_DES => cbc::<Decryptor<des::TdesEde3>>(&parameters, 24, data, password),
        DOUBLE_DES => cbc::<Decryptor<des::TdesEde2>>(&parameters, 16, data, password),
        RC2_128 => cbc::<Decryptor<rc2::Rc2>>(&parameters, 16, data, password),
        RC2_40 => cbc::<Decryptor<rc2::Rc2>>(&parameters, 5, data, password),
        _ => Err(unknown()),
    }
}

fn cbc<Mode: BlockModeDecrypt + KeyIvInit>(
    parameters: &Parameters<'_>,
    key_length: usize,
    data: &[u8],
    password: &str,
) -> Result<Zeroizing<Vec<u8>>, CertificateError> {
    let make = |purpose, length| {
        let salt = parameters.salt.as_bytes();
        derive(&SHA1_FOR_LEGACY_USE_ONLY, purpose, password, salt, parameters.rounds, length)
            .ok_or_else(|| CertificateError::unsupported("its PKCS#12 asks for too much work to be opened"))
    };
    let (key, vector) = (make(Purpose::Encryption, key_length)?, make(Purpose::InitialVector, 8)?);
    let mode = Mode::new_from_slices(&key, &vector).map_err(|_| CertificateError::PasswordWrong)?;
    let plain = mode.decrypt_padded_vec::<Pkcs7>(data).map_err(|_| CertificateError::PasswordWrong)?;
    Ok(Zeroizing::new(plain))
}
