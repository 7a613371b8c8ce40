//! A request, its reply, and the ways in which there is none.

use crate::secret::Secret;
use reqwest::Method;
use std::time::Duration;

/// A request to one of the services.
#[derive(Debug, Clone)]
pub struct Request {
    /// `GET`, `POST` or `HEAD`.
    pub method: Method,
    /// Where to; https, or http for loopback and link-local metadata addresses.
    pub url: reqwest::Url,
    /// Headers that hold no secret.
    pub headers: Vec<(&'static str, String)>,
    /// `Authorization`, marked sensitive.
    pub authorization: Option<Authorization>,
    /// What is sent.
    pub body: Body,
    /// Which replies are worth another attempt, besides 429, 5xx and broken connections: the service's own transient codes.
    pub transient: fn(&Reply) -> bool,
    /// The longest wait for a connection; the transport's own limit where none is given.
    pub connect_within: Option<Duration>,
    /// The longest wait for an answer, which is then not asked for again; the transport's own limit where none is given.
    pub answer_within: Option<Duration>,
}

/// The `Authorization` header.
#[derive(Debug, Clone)]
pub enum Authorization {
    /// `Bearer` and a token.
    Bearer(Secret),
    /// `Basic`, RFC 7617.
    Basic {
        /// User name.
        username: String,
        /// Password.
        password: Secret,
    },
    /// A header of another name that holds a secret (`X-IDENTITY-HEADER`).
    Header {
        /// Its name.
        name: &'static str,
        /// Its value.
        value: Secret,
    },
}

/// A request's body.
#[derive(Debug, Clone)]
pub enum Body {
    /// None.
    Empty,
    /// `application/x-www-form-urlencoded`; a field may repeat.
    Form(Vec<(&'static str, Secret)>),
    /// `application/json`.
    Json(serde_json::Value),
}

/// What a service answered, whatever its status.
#[derive(Debug, Clone)]
pub struct Reply {
    /// The host asked.
    pub host: String,
    /// The path asked, without query.
    pub path: String,
    /// HTTP status.
    pub status: u16,
    /// Headers as they came.
    pub headers: reqwest::header::HeaderMap,
    /// The body, at most [`BODY_LIMIT`] bytes.
    pub body: Vec<u8>,
}

/// The longest body that is read.
pub const BODY_LIMIT: usize = 4 * 1024 * 1024;

/// Why a call did not give what it was made for.
#[derive(Debug, Clone)]
pub enum CallError {
    /// The service answered, and refused.
    Service(Box<ServiceError>),
    /// The service was not reached.
    Unreachable(Unreachable),
    /// The service answered something that it never answers.
    Malformed(Malformed),
    /// The service pointed to another place, by a redirect or a challenge's realm; nothing was sent there.
    Elsewhere(Elsewhere),
}

/// A refusal, as the service said it.
#[derive(Debug, Clone, Default)]
pub struct ServiceError {
    /// The host asked.
    pub host: String,
    /// The path asked, without query.
    pub path: String,
    /// HTTP status.
    pub status: u16,
    /// The service's codes, most specific first: `AADSTS7000222`, `invalid_client`; `DENIED`; `AuthorizationFailed`.
    pub codes: Vec<String>,
    /// The service's own words, cut; empty where there were none.
    pub message: String,
    /// Its id of this exchange: trace id, correlation id or request id.
    pub trace_id: Option<String>,
    /// When it happened, in the service's words.
    pub time: Option<String>,
    /// How long to wait, from `Retry-After`.
    pub retry_after: Option<Duration>,
    /// The body was in the service's own form; a 403 that is not comes from something in between.
    pub own_form: bool,
    /// The `error` of a `WWW-Authenticate` challenge: `insufficient_scope`.
    pub challenge_error: Option<String>,
}

/// A host that could not be spoken to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreachable {
    /// The host meant.
    pub host: String,
    /// The proxy in between, as `host:port`.
    pub proxy: Option<String>,
    /// The addresses tried, where the name resolved here.
    pub addresses: Vec<std::net::IpAddr>,
    /// What went wrong.
    pub reason: Reason,
}

/// What went wrong on the way to a host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// The name does not exist (NXDOMAIN), or has no address.
    NameUnknown,
    /// The resolver failed: SERVFAIL, REFUSED, no answer. Its own words.
    ResolverFailed(String),
    /// The connection was refused.
    Refused,
    /// There is no route to the host.
    NoRoute,
    /// Nothing came in time, in this phase.
    TimedOut(Phase),
    /// The connection was reset or closed early, in this phase.
    Reset(Phase),
    /// The TLS handshake failed.
    Tls(TlsFailure),
    /// The proxy, and not the host, is the cause.
    Proxy(ProxyFailure),
    /// What came was not HTTP.
    NotHttp(String),
    /// Anything else, in the library's words.
    Other(String),
}

/// A part of an exchange.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// Name look-up.
    Resolve,
    /// TCP connection.
    Connect,
    /// TLS handshake.
    Handshake,
    /// Waiting for the status line.
    Request,
    /// Reading the body.
    Body,
}

/// Why a certificate or handshake was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TlsFailure {
    /// No trusted root signed it; who did, as the certificate says.
    UnknownIssuer {
        /// Issuer of the certificate presented.
        issuer: String,
    },
    /// It is for other hosts.
    WrongHost {
        /// The names it is for.
        presented: Vec<String>,
    },
    /// It has ended.
    Expired {
        /// Its end, RFC 3339.
        not_after: String,
    },
    /// It has not begun.
    NotYetValid {
        /// Its begin, RFC 3339.
        not_before: String,
    },
    /// The other side does not speak TLS.
    NotTls,
    /// The other side refused, or anything else, in words.
    Other(String),
}

/// What a proxy did wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProxyFailure {
    /// The setting is unusable, in words; never the URL itself.
    Setting(String),
    /// It wants a user name and password (407).
    AuthenticationRequired,
    /// It refused `CONNECT` with this status.
    Rejected(u16),
    /// It could not be reached: refused, timed out, unknown name, in words.
    Unreachable(String),
    /// It closed the connection or answered something else than HTTP.
    Broken(String),
}

/// An answer that makes no sense.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Malformed {
    /// The host asked.
    pub host: String,
    /// The path asked, without query.
    pub path: String,
    /// HTTP status.
    pub status: u16,
    /// What was expected and what came, in words: `expected JSON, got text/html`.
    pub what: String,
}

/// A pointer to a place that is not the service asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Elsewhere {
    /// The host asked.
    pub host: String,
    /// The path asked, without query.
    pub path: String,
    /// HTTP status.
    pub status: u16,
    /// Scheme and host pointed to, without path and query: `http://portal.example`.
    pub target: String,
}
