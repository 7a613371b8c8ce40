//! Reading an error of the HTTP client: which host or proxy, in which phase, and why.

mod words;

use super::call::{Phase, ProxyFailure, Reason, TlsFailure};
use super::resolver::LookupError;
use super::tls::Tls;
use std::error::Error;
use std::io;

/// The most names of a certificate that are kept.
const MOST_NAMES: usize = 20;

/// What an error of the client says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Reading {
    /// All that is needed.
    Clear(Reason),
    /// No connection was made in time; the client does not say what it was waiting for.
    NotConnectedInTime,
    /// The proxy refused to connect through, with a status that the client does not tell.
    ProxyRefused,
    /// A reply came, and its body cannot be read.
    UnreadableBody(String),
}

/// Reads an error that the client gave while `host` was asked, through `proxy` where there is one.
pub(crate) fn read(error: &(dyn Error + 'static), host: &str, proxy: Option<&str>, tls: &Tls) -> Reading {
    let chain = flatten(error);
    let client = find::<reqwest::Error>(&chain);
    let phase = match client {
        Some(error) if error.is_connect() => Phase::Handshake,
        Some(error) if error.is_body() || error.is_decode() => Phase::Body,
        _ => Phase::Request,
    };
    // hyper-util keeps the type of these errors to itself; a test holds the words.
    let tunnel = chain.iter().find_map(|error| error.to_string().strip_prefix("tunnel error: ").map(str::to_owned));
    match tunnel.as_deref() {
        Some("proxy authorization required") => return clear(ProxyFailure::AuthenticationRequired),
        Some("unsuccessful") => return Reading::ProxyRefused,
        Some("unexpected end of file") => return clear(ProxyFailure::Broken("it closed the connection".into())),
        Some(_) => {
            return match reason(&chain, proxy.unwrap_or(host), Phase::Connect, tls) {
                Reading::Clear(reason @ Reason::Reset(_)) => clear(ProxyFailure::Broken(reason.to_string())),
                Reading::Clear(reason) => clear(ProxyFailure::Unreachable(reason.to_string())),
                other => other,
            };
        }
        None => {}
    }
    match client {
        Some(error) if error.is_timeout() && phase == Phase::Handshake => Reading::NotConnectedInTime,
        Some(error) if error.is_timeout() => Reading::Clear(Reason::TimedOut(phase)),
        _ => reason(&chain, host, phase, tls),
    }
}

fn clear(failure: ProxyFailure) -> Reading {
    Reading::Clear(Reason::Proxy(failure))
}

/// The error and its causes. The payload of an `io::Error` is its cause: `source()` skips it.
fn flatten<'a>(error: &'a (dyn Error + 'static)) -> Vec<&'a (dyn Error + 'static)> {
    let mut chain: Vec<&'a (dyn Error + 'static)> = vec![error];
    while chain.len() < 32 {
        let last = chain[chain.len() - 1];
        let payload = last.downcast_ref::<io::Error>().and_then(io::Error::get_ref).map(|error| error as &dyn Error);
        match payload.or_else(|| last.source()) {
            Some(cause) => chain.push(cause),
            None => break,
        }
    }
    chain
}

fn find<'a, E: Error + 'static>(chain: &[&'a (dyn Error + 'static)]) -> Option<&'a E> {
    chain.iter().find_map(|error| error.downcast_ref())
}

/// Reads a chain that has no proxy in it, the most precise types first.
fn reason(chain: &[&(dyn Error + 'static)], host: &str, phase: Phase, tls: &Tls) -> Reading {
    if let Some(error) = find::<LookupError>(chain) {
        return Reading::Clear(error.reason.clone());
    }
    if let Some(error) = find::<rustls::Error>(chain) {
        return Reading::Clear(Reason::Tls(tls_failure(error, || tls.issuer(host).unwrap_or_default())));
    }
    if let Some(error) = find::<h2::Error>(chain) {
        return Reading::Clear(h2_reason(error, phase));
    }
    let deepest_io = chain.iter().rev().find_map(|error| error.downcast_ref::<io::Error>());
    if let Some(error) = deepest_io {
        return io_reading(error, phase);
    }
    if let Some(error) = find::<hyper::Error>(chain) {
        if error.is_parse() {
            return Reading::Clear(Reason::NotHttp(error.to_string()));
        }
        if error.is_incomplete_message() || error.is_canceled() || error.is_closed() {
            return Reading::Clear(Reason::Reset(phase));
        }
    }
    Reading::Clear(Reason::Other(chain.last().map(ToString::to_string).unwrap_or_default()))
}

/// What an error of the operating system says; also used for connections made by hand.
pub(crate) fn io_reading(error: &io::Error, phase: Phase) -> Reading {
    use io::ErrorKind as Kind;
    Reading::Clear(match error.kind() {
        Kind::ConnectionRefused => Reason::Refused,
        Kind::NetworkUnreachable | Kind::HostUnreachable | Kind::AddrNotAvailable | Kind::NetworkDown => {
            Reason::NoRoute
        }
        // A route that is there to forbid, or a filter.
        Kind::PermissionDenied => Reason::NoRoute,
        Kind::ConnectionReset | Kind::ConnectionAborted | Kind::BrokenPipe | Kind::UnexpectedEof => {
            Reason::Reset(phase)
        }
        Kind::TimedOut if matches!(phase, Phase::Connect | Phase::Handshake) => return Reading::NotConnectedInTime,
        Kind::TimedOut => Reason::TimedOut(phase),
        Kind::InvalidData | Kind::InvalidInput if phase == Phase::Body => {
            return Reading::UnreadableBody(error.to_string());
        }
        _ => Reason::Other(error.to_string()),
    })
}

/// Why a handshake failed, `issuer` being who signed the certificate that was presented.
pub(crate) fn tls_failure(error: &rustls::Error, issuer: impl FnOnce() -> String) -> TlsFailure {
    use rustls::{CertificateError as Bad, Error as Tls, InvalidMessage};
    match error {
        // A root that was re-keyed under its old name shows as a bad signature.
        Tls::InvalidCertificate(Bad::UnknownIssuer | Bad::BadSignature) => {
            TlsFailure::UnknownIssuer { issuer: issuer() }
        }
        Tls::InvalidCertificate(Bad::NotValidForNameContext { presented, .. }) => TlsFailure::WrongHost {
            presented: presented.iter().take(MOST_NAMES).map(|name| words::presented(name)).collect(),
        },
        Tls::InvalidCertificate(Bad::NotValidForName) => TlsFailure::WrongHost { presented: Vec::new() },
        Tls::InvalidCertificate(Bad::ExpiredContext { not_after, .. }) => {
            TlsFailure::Expired { not_after: words::moment(not_after.as_secs()) }
        }
        Tls::InvalidCertificate(Bad::NotValidYetContext { not_before, .. }) => {
            TlsFailure::NotYetValid { not_before: words::moment(not_before.as_secs()) }
        }
        Tls::InvalidMessage(InvalidMessage::InvalidContentType) => TlsFailure::NotTls,
        Tls::AlertReceived(alert) => TlsFailure::Other(format!("the other side refused: {alert:?}")),
        Tls::InvalidCertificate(bad) => TlsFailure::Other(format!("its certificate is not acceptable: {bad}")),
        other => TlsFailure::Other(other.to_string()),
    }
}

/// HTTP/2: closed or reset by the other side, or never HTTP/2 at all.
fn h2_reason(error: &h2::Error, phase: Phase) -> Reason {
    if error.is_io() || error.is_remote() {
        return Reason::Reset(phase);
    }
    Reason::NotHttp(error.to_string())
}
