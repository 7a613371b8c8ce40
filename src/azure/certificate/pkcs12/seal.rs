//! The seal of an archive: a hash keyed with the password, by which a wrong one is told.

use super::super::CertificateError;
use super::password_key::{Purpose, derive};
use der::Sequence;
use der::asn1::{ObjectIdentifier, OctetStringRef};
use pkcs8::spki::AlgorithmIdentifierRef;
use ring::{digest, hmac};

const SHA1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.14.3.2.26");
const SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1");
const SHA384: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.2");
const SHA512: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.3");

#[derive(Sequence)]
pub(super) struct Seal<'a> {
    hash: Hash<'a>,
    salt: &'a OctetStringRef,
    #[asn1(default = "one")]
    rounds: u32,
}

#[derive(Sequence)]
struct Hash<'a> {
    algorithm: AlgorithmIdentifierRef<'a>,
    value: &'a OctetStringRef,
}

fn one() -> u32 {
    1
}

impl Seal<'_> {
    /// Fails where the password is wrong, or the sealed bytes were changed.
    pub(super) fn verify(&self, sealed: &[u8], password: &str) -> Result<(), CertificateError> {
        let (hash, algorithm) = match self.hash.algorithm.oid {
            SHA1 => (&digest::SHA1_FOR_LEGACY_USE_ONLY, hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY),
            SHA256 => (&digest::SHA256, hmac::HMAC_SHA256),
            SHA384 => (&digest::SHA384, hmac::HMAC_SHA384),
            SHA512 => (&digest::SHA512, hmac::HMAC_SHA512),
            other => {
                return Err(CertificateError::unsupported(format!("its PKCS#12 is sealed by the algorithm {other}")));
            }
        };
        let salt = self.salt.as_bytes();
        let key = derive(hash, Purpose::Seal, password, salt, self.rounds, hash.output_len())
            .ok_or_else(|| CertificateError::unsupported("its PKCS#12 asks for too much work to be opened"))?;
        hmac::verify(&hmac::Key::new(algorithm, &key), sealed, self.hash.value.as_bytes())
            .map_err(|_| CertificateError::PasswordWrong)
    }
}
