//! Blobs: the host that a layer comes from, and an image's configuration.

use super::on;
use crate::azure::call::{CallError, Elsewhere, Reply, Request};
use crate::azure::reply::{Form, origin};
use crate::azure::transport::Http;
use crate::secret::Secret;
use reqwest::Url;
use serde::de::DeserializeOwned;

/// Where the data of a blob comes from.
#[derive(Debug)]
pub enum Source {
    /// The login server itself sends it.
    LoginServer(Reply),
    /// Another host does; the address holds its own authorization, so that it is neither kept nor shown.
    DataHost(Url),
}

impl Source {
    /// The host that sends the data, where it is not the login server.
    pub fn data_host(&self) -> Option<&str> {
        match self {
            Self::LoginServer(_) => None,
            Self::DataHost(url) => url.host_str(),
        }
    }
}

/// Asks the login server for a blob; its one byte is enough where it sends the data itself and `range` is set.
pub async fn locate(
    http: &Http,
    host: &str,
    token: &Secret,
    repository: &str,
    digest: &str,
    range: bool,
) -> Result<Source, CallError> {
    let path = ["v2"].into_iter().chain(repository.split('/')).chain(["blobs", digest]);
    let mut request = Request::get(on(host, path)?).bearer(token);
    if range {
        request = request.header("range", "bytes=0-0");
    }
    let reply = http.send(request).await?;
    if !(300..400).contains(&reply.status) {
        return Ok(Source::LoginServer(reply.accepted(Form::Registry)?));
    }
    let base = on(host, [])?;
    let target = reply.header("location").and_then(|location| base.join(location).ok());
    match target {
        Some(url) if url.scheme() == "https" => Ok(Source::DataHost(url)),
        Some(url) => {
            let (host, path, status) = (reply.host.clone(), reply.path.clone(), reply.status);
            Err(CallError::Elsewhere(Elsewhere { host, path, status, target: origin(&url) }))
        }
        None => Err(reply.malformed("expected a redirect with an address")),
    }
}

/// Reads a blob that is JSON, such as an image's configuration; the data host gets no credential of ours.
pub async fn json<T: DeserializeOwned>(
    http: &Http,
    host: &str,
    token: &Secret,
    repository: &str,
    digest: &str,
) -> Result<T, CallError> {
    let reply = match locate(http, host, token, repository, digest, false).await? {
        Source::LoginServer(reply) => reply,
        Source::DataHost(url) => http.send(Request::get(url)).await?.accepted(Form::Plain)?,
    };
    reply.json()
}
