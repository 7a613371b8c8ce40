//! Why a certificate cannot be used.

use std::fmt;

/// Why a certificate and its key cannot be used; none of these needs a request to be known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CertificateError {
    /// It is not PEM or PKCS#12, or damaged; in words.
    Unreadable(String),
    /// It is encrypted, and no password was given.
    PasswordMissing,
    /// It is encrypted, and the password does not open it.
    PasswordWrong,
    /// It holds a certificate, but no private key.
    NoKey,
    /// It holds a private key, but no certificate.
    NoCertificate,
    /// It holds both, but the key is another certificate's.
    KeyMismatch,
    /// The key or its encryption is of a kind that Entra ID or this program does not take; which, in words.
    Unsupported(String),
}

impl CertificateError {
    pub(super) fn unreadable(what: &str) -> Self {
        Self::Unreadable(what.to_owned())
    }

    pub(super) fn unsupported(what: impl Into<String>) -> Self {
        Self::Unsupported(what.into())
    }
}

impl fmt::Display for CertificateError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable(what) => write!(out, "it cannot be read: {what}"),
            Self::PasswordMissing => out.write_str("it is encrypted, and no password was given"),
            Self::PasswordWrong => out.write_str("the password does not open it"),
            Self::NoKey => out.write_str("it holds no private key"),
            Self::NoCertificate => out.write_str("it holds no certificate"),
            Self::KeyMismatch => out.write_str("the private key does not belong to the certificate"),
            Self::Unsupported(what) => write!(out, "it cannot be used: {what}"),
        }
    }
}

impl std::error::Error for CertificateError {}
