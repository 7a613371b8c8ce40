//! What goes wrong on the wire, laid on top of a healthy world.

use std::time::Duration;

/// A fault of one host, at some of its paths.
#[derive(Debug, Clone)]
pub struct Fault {
    /// The host; `*` stands for every host.
    pub host: String,
    /// What the path starts with.
    pub path: String,
    /// The fault passes after so many requests; never where none is given.
    pub times: Option<u32>,
    /// One request of so many meets it; each does where this is 1.
    pub one_of: u32,
    /// How many of the requests that might have met it there were.
    pub seen: u32,
    /// What happens.
    pub effect: Effect,
}

impl Fault {
    /// A lasting fault at every path of a host.
    pub fn of(host: &str, effect: Effect) -> Self {
        Self { host: host.into(), path: "/".into(), times: None, one_of: 1, seen: 0, effect }
    }

    /// The same, only at paths that start so.
    pub fn at(self, path: &str) -> Self {
        Self { path: path.into(), ..self }
    }

    /// The same, for the next requests only.
    pub fn times(self, times: u32) -> Self {
        Self { times: Some(times), ..self }
    }

    /// The same, for one request of so many, after the first few of them.
    pub fn one_of(self, many: u32, first: u32) -> Self {
        Self { one_of: many, seen: many.saturating_sub(first), ..self }
    }

    /// Counts a request that it concerns, and says whether this is one that meets it.
    pub(crate) fn strikes(&mut self) -> bool {
        self.seen += 1;
        self.seen.is_multiple_of(self.one_of)
    }

    /// It concerns a host.
    pub(crate) fn concerns(&self, host: &str) -> bool {
        (self.host == "*" || self.host.eq_ignore_ascii_case(host)) && self.times != Some(0)
    }
}

/// What happens to a connection or request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// The TLS handshake goes wrong.
    Handshake(Handshake),
    /// A well-formed answer that the service would not have given.
    Answer {
        /// HTTP status.
        status: u16,
        /// Headers.
        headers: Vec<(&'static str, String)>,
        /// Body.
        body: String,
    },
    /// The true answer, held back for so long.
    Delay(Duration),
    /// No answer.
    Silence,
    /// The connection is closed.
    Close,
    /// The connection is reset.
    Reset,
    /// Bytes that are not HTTP.
    Garbage,
    /// An answer in HTTP/1.0 without a length.
    Http10,
    /// Half of the body that was announced, then the end.
    Truncated,
    /// The same, and a reset.
    Torn,
    /// A body without an end.
    Endless,
    /// A body that comes one byte at a time.
    Slow,
    /// A small body that gzip blows up to gigabytes.
    GzipBomb,
    /// More headers than anyone reads.
    HugeHeaders,
}

impl Effect {
    /// An answer of this status with a JSON body.
    pub fn json(status: u16, body: impl std::fmt::Display) -> Self {
        Self::Answer { status, headers: vec![("content-type", "application/json".into())], body: body.to_string() }
    }

    /// An answer of this status with an HTML body, as gateways and proxies give it.
    pub fn html(status: u16, body: &str) -> Self {
        Self::Answer { status, headers: vec![("content-type", "text/html".into())], body: body.into() }
    }

    /// A redirect to another place.
    pub fn redirect(to: &str) -> Self {
        Self::Answer { status: 302, headers: vec![("location", to.into())], body: String::new() }
    }

    /// The registry's answer to too many requests.
    pub fn throttled(retry_after: u32) -> Self {
        Self::Answer {
            status: 429,
            headers: vec![("content-type", "application/json".into()), ("retry-after", retry_after.to_string())],
            body: r#"{"errors":[{"code":"TOOMANYREQUESTS","message":"Too many requests. Please visit https://aka.ms/acr/skus#sku-feature-matrix to view limits of all service tiers."}]}"#.into(),
        }
    }
}

/// How a TLS handshake goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Handshake {
    /// The connection is accepted, and nothing follows.
    Silence,
    /// The connection is closed.
    Close,
    /// The connection is reset.
    Reset,
    /// Plain HTTP is spoken where TLS was meant.
    PlainHttp,
    /// A certificate of an authority that nobody trusts, as an inspecting proxy presents it.
    UnknownIssuer,
    /// A certificate for another host.
    WrongHost,
    /// A certificate that has ended.
    Expired,
    /// A certificate that has not begun.
    NotYetValid,
}
