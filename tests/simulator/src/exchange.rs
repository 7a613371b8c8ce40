//! A request as a service sees it, and its answer.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hyper::body::Bytes;
use hyper::{HeaderMap, Method};
use serde_json::Value;
use std::borrow::Cow;

/// A request.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    /// The method.
    pub method: Method,
    /// The host it was sent to, lower case, without port.
    pub host: String,
    /// The path, as sent.
    pub path: String,
    /// The query's fields, decoded.
    pub query: Vec<(String, String)>,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
}

impl Asked {
    /// A header's value.
    pub(crate) fn header(&self, name: &str) -> Option<Cow<'_, str>> {
        self.headers.get(name).map(|value| String::from_utf8_lossy(value.as_bytes()))
    }

    /// The fields of a form; none where the body is something else.
    pub(crate) fn form(&self) -> Vec<(String, String)> {
        let is_form =
            self.header("content-type").is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded"));
        if is_form { form_urlencoded::parse(&self.body).into_owned().collect() } else { Vec::new() }
    }

    /// A JSON body.
    pub(crate) fn json(&self) -> Option<Value> {
        let is_json = self.header("content-type").is_some_and(|kind| kind.starts_with("application/json"));
        if is_json { serde_json::from_slice(&self.body).ok() } else { None }
    }

    /// A field of the query.
    pub(crate) fn query(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The token of `Authorization: Bearer`.
    pub(crate) fn bearer(&self) -> Option<String> {
        self.authorization("bearer")
    }

    /// The user name and password of `Authorization: Basic`.
    pub(crate) fn basic(&self) -> Option<(String, String)> {
        let decoded = String::from_utf8(STANDARD.decode(self.authorization("basic")?).ok()?).ok()?;
        decoded.split_once(':').map(|(user, password)| (user.to_owned(), password.to_owned()))
    }

    fn authorization(&self, scheme: &str) -> Option<String> {
        let header = self.header("authorization")?;
        let (given, value) = header.split_once(' ')?;
        given.eq_ignore_ascii_case(scheme).then(|| value.trim().to_owned())
    }

    /// The path's segments, decoded; a closing slash gives none.
    pub(crate) fn segments(&self) -> Vec<String> {
        // `+` is a plain character in a path, and the decoder of forms would turn it into a blank.
        let decode = |segment: &str| {
            let kept = format!("v={}", segment.replace('+', "%2B"));
            form_urlencoded::parse(kept.as_bytes()).next().map(|(_, value)| value.into_owned()).unwrap_or_default()
        };
        self.path.split('/').filter(|segment| !segment.is_empty()).map(decode).collect()
    }
}

/// The value of a form's field.
pub(crate) fn field<'a>(form: &'a [(String, String)], name: &str) -> Option<&'a str> {
    form.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
}

/// An answer.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Headers.
    pub headers: Vec<(String, String)>,
    /// Body.
    pub body: Bytes,
    /// What a well-behaved client would never have sent.
    pub violation: Option<String>,
}

impl Answer {
    /// An answer without a body.
    pub(crate) fn empty(status: u16) -> Self {
        Self { status, headers: Vec::new(), body: Bytes::new(), violation: None }
    }

    /// An answer with a JSON body.
    pub(crate) fn json(status: u16, body: &Value) -> Self {
        Self::bytes(status, "application/json; charset=utf-8", body.to_string())
    }

    /// An answer with a body of some type.
    pub(crate) fn bytes(status: u16, media_type: &str, body: impl Into<Bytes>) -> Self {
        Self { body: body.into(), ..Self::empty(status) }.header("content-type", media_type)
    }

    /// Adds a header.
    pub(crate) fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// The answer to a request that no service of this host knows.
    pub(crate) fn unknown(asked: &Asked) -> Self {
        Self {
            violation: Some(format!("unknown request: {} https://{}{}", asked.method, asked.host, asked.path)),
            ..Self::bytes(404, "text/plain", "no such thing in the simulated world\n")
        }
    }

    /// The same answer, with a note that the client broke a rule.
    pub(crate) fn breaking(self, rule: impl Into<String>) -> Self {
        Self { violation: Some(rule.into()), ..self }
    }
}
