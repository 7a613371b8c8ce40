//! Reasons in words, for traces and for what stands between.

use crate::azure::call::{Phase, ProxyFailure, Reason, TlsFailure};
use std::fmt;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// A moment given in seconds of Unix time, RFC 3339.
pub(super) fn moment(seconds: u64) -> String {
    i64::try_from(seconds)
        .ok()
        .and_then(|seconds| OffsetDateTime::from_unix_timestamp(seconds).ok())
        .and_then(|moment| moment.format(&Rfc3339).ok())
        .unwrap_or_else(|| "a time out of range".into())
}

/// A name that a certificate is for; rustls writes `DnsName("other.example")`.
pub(super) fn presented(name: &str) -> String {
    match name.split_once('(').zip(name.rsplit_once(')')) {
        Some(((_, rest), _)) => rest.trim_end_matches(')').trim_matches('"').to_owned(),
        None => name.to_owned(),
    }
}

impl fmt::Display for Phase {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Resolve => "name look-up",
            Self::Connect => "TCP connection",
            Self::Handshake => "TLS handshake",
            Self::Request => "request",
            Self::Body => "body",
        })
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NameUnknown => out.write_str("the name does not exist or has no address"),
            Self::ResolverFailed(words) => write!(out, "the name look-up failed: {words}"),
            Self::Refused => out.write_str("the connection was refused"),
            Self::NoRoute => out.write_str("there is no route to the host"),
            Self::TimedOut(phase) => write!(out, "nothing came in time ({phase})"),
            Self::Reset(phase) => write!(out, "the connection was closed or reset ({phase})"),
            Self::Tls(failure) => write!(out, "the TLS handshake failed: {failure}"),
            Self::Proxy(failure) => write!(out, "the proxy: {failure}"),
            Self::NotHttp(words) => write!(out, "what came was not HTTP: {words}"),
            Self::Other(words) => out.write_str(words),
        }
    }
}

impl fmt::Display for TlsFailure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownIssuer { issuer } => {
                write!(out, "its certificate was issued by {issuer}, which is not trusted")
            }
            Self::WrongHost { presented } => write!(out, "its certificate is for {}", presented.join(", ")),
            Self::Expired { not_after } => write!(out, "its certificate ended {not_after}"),
            Self::NotYetValid { not_before } => write!(out, "its certificate begins {not_before}"),
            Self::NotTls => out.write_str("the other side does not speak TLS"),
            Self::Other(words) => out.write_str(words),
        }
    }
}

impl fmt::Display for ProxyFailure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Setting(words) => write!(out, "its setting cannot be used: {words}"),
            Self::AuthenticationRequired => out.write_str("it wants a user name and password (407)"),
            Self::Rejected(status) => write!(out, "it refused to connect with status {status}"),
            Self::Unreachable(words) | Self::Broken(words) => out.write_str(words),
        }
    }
}
