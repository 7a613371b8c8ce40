//! Ways to write a request.

use super::call::{Authorization, Body, Reply, Request};
use crate::secret::Secret;
use reqwest::{Method, Url};
use std::time::Duration;

/// The longest wait for what is good to know.
const ASIDE_LIMIT: Duration = Duration::from_secs(5);

impl Request {
    /// A request without headers and body.
    pub fn new(method: Method, url: Url) -> Self {
        Self {
            method,
            url,
            headers: Vec::new(),
            authorization: None,
            body: Body::Empty,
            transient: |_| false,
            connect_within: None,
            answer_within: None,
        }
    }

    /// `GET`.
    pub fn get(url: Url) -> Self {
        Self::new(Method::GET, url)
    }

    /// `POST` with a form.
    pub fn post_form(url: Url, fields: Vec<(&'static str, Secret)>) -> Self {
        Self { body: Body::Form(fields), ..Self::new(Method::POST, url) }
    }

    /// `POST` with JSON.
    pub fn post_json(url: Url, json: serde_json::Value) -> Self {
        Self { body: Body::Json(json), ..Self::new(Method::POST, url) }
    }

    /// Adds a header that holds no secret.
    pub fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// Authorizes with a bearer token.
    pub fn bearer(mut self, token: &Secret) -> Self {
        self.authorization = Some(Authorization::Bearer(token.clone()));
        self
    }

    /// Authorizes with a user name and password.
    pub fn basic(mut self, username: &str, password: &Secret) -> Self {
        self.authorization = Some(Authorization::Basic { username: username.to_owned(), password: password.clone() });
        self
    }

    /// Names the replies that are worth another attempt.
    pub fn retried_on(mut self, transient: fn(&Reply) -> bool) -> Self {
        self.transient = transient;
        self
    }

    /// Limits the wait for a connection.
    pub fn connect_within(mut self, limit: Duration) -> Self {
        self.connect_within = Some(limit);
        self
    }

    /// Marks a question whose answer explains much and decides nothing: a job does not wait long for it.
    pub fn aside(mut self) -> Self {
        self.answer_within = Some(ASIDE_LIMIT);
        self
    }
}

/// Appends path segments to a base address, each percent-encoded, so that text from outside cannot leave its place.
pub fn address<'a>(base: &str, segments: impl IntoIterator<Item = &'a str>) -> Option<Url> {
    let mut url = Url::parse(base).ok()?;
    url.path_segments_mut().ok()?.pop_if_empty().extend(segments);
    Some(url)
}

#[cfg(test)]
mod tests {
    use super::address;

    #[test]
    fn a_segment_from_outside_cannot_leave_its_place() {
        let url = address("https://login.microsoftonline.com", ["a/../b?c#d", "oauth2"]).unwrap();
        assert_eq!(url.as_str(), "https://login.microsoftonline.com/a%2F..%2Fb%3Fc%23d/oauth2");
        assert_eq!(url.query(), None);
    }
}
