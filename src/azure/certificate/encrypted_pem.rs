//! The encryption of openssl's own PEM keys (`Proc-Type: 4,ENCRYPTED`), written by `openssl rsa -aes256 -traditional`
//! and by every openssl before 3.0.

use super::CertificateError;
use crate::secret::Secret;
use aes::cipher::block_padding::Pkcs7;
use aes::cipher::{BlockModeDecrypt, KeyIvInit};
use md5::{Digest, Md5};
use secrecy::zeroize::Zeroizing;

/// Decrypts a block whose header `DEK-Info` names the cipher and its initialisation vector.
pub(super) fn decrypt(dek_info: &str, data: &[u8], password: &Secret) -> Result<Zeroizing<Vec<u8>>, CertificateError> {
    let (cipher, iv) = dek_info.split_once(',').ok_or_else(header_damaged)?;
    let iv = bytes_of(iv.trim()).ok_or_else(header_damaged)?;
    match cipher.trim() {
        "AES-128-CBC" => cbc::<cbc::Decryptor<aes::Aes128>>(16, &iv, data, password),
        "AES-192-CBC" => cbc::<cbc::Decryptor<aes::Aes192>>(24, &iv, data, password),
        "AES-256-CBC" => cbc::<cbc::Decryptor<aes::Aes256>>(32, &iv, data, password),
        "DES-EDE3-CBC" => cbc::<cbc::Decryptor<des::TdesEde3>>(24, &iv, data, password),
        other => Err(CertificateError::unsupported(format!("its private key is encrypted by {other}"))),
    }
}

fn cbc<Mode: BlockModeDecrypt + KeyIvInit>(
    key_length: usize,
    iv: &[u8],
    data: &[u8],
    password: &Secret,
) -> Result<Zeroizing<Vec<u8>>, CertificateError> {
    let salt = iv.get(..8).ok_or_else(header_damaged)?;
    let key = derived_key(password, salt, key_length);
    let mode = Mode::new_from_slices(&key, iv).map_err(|_| header_damaged())?;
    let plain = mode.decrypt_padded_vec::<Pkcs7>(data).map_err(|_| CertificateError::PasswordWrong)?;
    Ok(Zeroizing::new(plain))
}

/// openssl's `EVP_BytesToKey` with MD5 and one iteration; the salt is the first half of the initialisation vector.
fn derived_key(password: &Secret, salt: &[u8], length: usize) -> Zeroizing<Vec<u8>> {
    let mut key = Zeroizing::new(Vec::with_capacity(length + 16));
    let mut last: Option<[u8; 16]> = None;
    while key.len() < length {
        let mut hash = Md5::new();
        if let Some(last) = last {
            hash.update(last);
        }
        hash.update(password.expose().as_bytes());
        hash.update(salt);
        let block: [u8; 16] = hash.finalize().into();
        key.extend_from_slice(&block);
        last = Some(block);
    }
    key.truncate(length);
    key
}

fn bytes_of(hexadecimal: &str) -> Option<Vec<u8>> {
    if !hexadecimal.is_ascii() || !hexadecimal.len().is_multiple_of(2) {
        return None;
    }
    (0..hexadecimal.len()).step_by(2).map(|at| u8::from_str_radix(&hexadecimal[at..at + 2], 16).ok()).collect()
}

fn header_damaged() -> CertificateError {
    CertificateError::unreadable("the header of its private key is damaged")
}
