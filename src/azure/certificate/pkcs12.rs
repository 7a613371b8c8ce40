//! PKCS#12 (`.pfx`, `.p12`; RFC 7292), with today's and the older encryption.

mod password_key;
mod pbes1;
mod seal;

use super::private_key::RsaKey;
use super::{CertificateError, Parts, pbes2};
use crate::secret::Secret;
use der::asn1::{AnyRef, ObjectIdentifier, OctetStringRef};
use der::{Decode, Encode, Sequence};
use pkcs8::spki::AlgorithmIdentifierRef;
use secrecy::zeroize::Zeroizing;
use x509_cert::certificate::{CertificateInner, Raw};

const DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.1");
const ENCRYPTED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.6");
const KEY_BAG: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.10.1.1");
const SHROUDED_KEY_BAG: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.10.1.2");
const CERTIFICATE_BAG: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.10.1.3");
const X509_CERTIFICATE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.22.1");
const PBES2: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.5.13");

#[derive(Sequence)]
struct Archive<'a> {
    version: u8,
    contents: ContentInfo<'a>,
    seal: Option<seal::Seal<'a>>,
}

#[derive(Sequence)]
struct ContentInfo<'a> {
    kind: ObjectIdentifier,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT")]
    content: AnyRef<'a>,
}

#[derive(Sequence)]
struct EncryptedData<'a> {
    version: u8,
    content: EncryptedContent<'a>,
}

#[derive(Sequence)]
struct EncryptedContent<'a> {
    kind: ObjectIdentifier,
    algorithm: AlgorithmIdentifierRef<'a>,
    #[asn1(context_specific = "0", tag_mode = "IMPLICIT")]
    data: &'a OctetStringRef,
}

#[derive(Sequence)]
struct Bag<'a> {
    kind: ObjectIdentifier,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT")]
    value: AnyRef<'a>,
    /// Names and ids; a certificate finds its key by the key itself.
    attributes: Option<AnyRef<'a>>,
}

#[derive(Sequence)]
struct CertificateBag<'a> {
    kind: ObjectIdentifier,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT")]
    certificate: &'a OctetStringRef,
}

/// An encrypted private key, in an archive or in PEM (PKCS#8).
#[derive(Sequence)]
pub(super) struct EncryptedKey<'a> {
    pub(super) algorithm: AlgorithmIdentifierRef<'a>,
    pub(super) data: &'a OctetStringRef,
}

/// Opens the archive; without a password it is tried with the empty one, as Azure Key Vault writes it.
pub(super) fn parts(bytes: &[u8], password: Option<&Secret>) -> Result<Parts, CertificateError> {
    if bytes.starts_with(&[0x30, 0x80]) {
        return Err(CertificateError::unsupported(
            "its PKCS#12 has indefinite lengths (BER), which `openssl pkcs12` rewrites",
        ));
    }
    if CertificateInner::<Raw>::from_der(bytes).is_ok() {
        return Err(CertificateError::NoKey);
    }
    open(bytes, password.map_or("", Secret::expose)).map_err(|error| match error {
        CertificateError::PasswordWrong if password.is_none() => CertificateError::PasswordMissing,
        other => other,
    })
}

fn open(bytes: &[u8], password: &str) -> Result<Parts, CertificateError> {
    let archive = Archive::from_der(bytes)?;
    if archive.contents.kind != DATA {
        return Err(CertificateError::unsupported("its PKCS#12 is sealed by a signature instead of a password"));
    }
    let contents: &OctetStringRef = archive.contents.content.decode_as()?;
    if let Some(seal) = &archive.seal {
        seal.verify(contents.as_bytes(), password)?;
    }
    let mut parts = Parts::default();
    for content in Vec::<ContentInfo<'_>>::from_der(contents.as_bytes())? {
        let bags = match content.kind {
            DATA => Zeroizing::new(content.content.decode_as::<&OctetStringRef>()?.as_bytes().to_vec()),
            ENCRYPTED_DATA => {
                let encrypted: EncryptedData<'_> = content.content.decode_as()?;
                decrypt(encrypted.content.algorithm, encrypted.content.data.as_bytes(), password)?
            }
            _ => return Err(CertificateError::unsupported("its PKCS#12 is encrypted for a recipient's key")),
        };
        for bag in Vec::<Bag<'_>>::from_der(&bags)? {
            take(&bag, password, &mut parts)?;
        }
    }
    Ok(parts)
}

/// Takes what a bag holds; those with neither a key nor a certificate are passed over.
fn take(bag: &Bag<'_>, password: &str, parts: &mut Parts) -> Result<(), CertificateError> {
    match bag.kind {
        KEY_BAG => parts.keys.push(RsaKey::from_pkcs8(&Zeroizing::new(bag.value.to_der()?))?),
        SHROUDED_KEY_BAG => {
            let shrouded: EncryptedKey<'_> = bag.value.decode_as()?;
            let key = decrypt(shrouded.algorithm, shrouded.data.as_bytes(), password)?;
            parts.keys.push(RsaKey::from_pkcs8(&key)?);
        }
        CERTIFICATE_BAG => {
            let bag: CertificateBag<'_> = bag.value.decode_as()?;
            if bag.kind != X509_CERTIFICATE {
                return Err(CertificateError::unsupported("its certificate is not an X.509 one"));
            }
            parts.certificates.push(bag.certificate.as_bytes().to_vec());
        }
        _ => {}
    }
    Ok(())
}

fn decrypt(
    algorithm: AlgorithmIdentifierRef<'_>,
    data: &[u8],
    password: &str,
) -> Result<Zeroizing<Vec<u8>>, CertificateError> {
    if algorithm.oid == PBES2 {
        pbes2::decrypt(algorithm, data, password)
    } else {
        pbes1::decrypt(algorithm, data, password)
    }
}

impl From<der::Error> for CertificateError {
    fn from(_: der::Error) -> Self {
        Self::unreadable("it is neither PEM nor PKCS#12, or damaged")
    }
}
