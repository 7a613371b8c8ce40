//! What was asked of whom, and where each credential went.

use crate::credentials::Sighting;
use hyper::Method;

/// A request, as it is remembered.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The host it was sent to.
    pub host: String,
    /// The method.
    pub method: Method,
    /// The path.
    pub path: String,
    /// The names of the query's fields.
    pub query_keys: Vec<String>,
    /// The names of the form's fields.
    pub form_keys: Vec<String>,
    /// The credentials in it.
    pub credentials: Vec<Sighting>,
    /// The status answered; none where the answer was broken on purpose.
    pub status: Option<u16>,
}

/// Everything that happened.
#[derive(Debug, Clone, Default)]
pub struct Journal {
    /// The requests, in the order of arrival.
    pub entries: Vec<Entry>,
    /// What a well-behaved client would never have done.
    pub violations: Vec<String>,
}

impl Journal {
    /// Requests that would have changed something, had they come from a preflight; clients that push make them rightly.
    pub fn writes(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter().filter(|entry| {
            let reads = [Method::GET, Method::HEAD, Method::CONNECT].contains(&entry.method);
            let asks = ["/oauth2/", "/oidctoken", "/providers/Microsoft.ResourceGraph/resources"];
            !reads && !asks.iter().any(|path| entry.path.contains(path))
        })
    }

    /// How many requests a host saw.
    pub fn count(&self, host: &str) -> usize {
        self.entries.iter().filter(|entry| entry.host == host).count()
    }
}
