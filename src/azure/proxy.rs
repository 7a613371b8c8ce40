//! The proxy of the environment, validated before it is used: one that does not parse must not be ignored in silence.

mod bypass;

use super::call::{ProxyFailure, Reason};
use super::resolver::literal;
use crate::plan::Network;
use crate::secret::Secret;
use base64::prelude::{BASE64_STANDARD, Engine};
use bypass::Bypass;
use percent_encoding::percent_decode_str;
use reqwest::Url;
use reqwest::header::HeaderValue;
use std::net::IpAddr;
use std::sync::Arc;

/// The way to a host.
#[derive(Debug, Clone)]
pub(crate) enum Route {
    Direct,
    Through(Arc<Proxy>),
}

/// A usable proxy.
#[derive(Debug)]
pub(crate) struct Proxy {
    /// Scheme, host and port, and nothing else.
    pub(crate) url: Url,
    /// The value of `Proxy-Authorization`.
    pub(crate) authorization: Option<Secret>,
}

impl Proxy {
    pub(crate) fn host(&self) -> &str {
        self.url.host_str().unwrap_or_default()
    }

    pub(crate) fn port(&self) -> u16 {
        self.url.port_or_known_default().unwrap_or(80)
    }

    /// TLS is spoken with the proxy itself.
    pub(crate) fn is_https(&self) -> bool {
        self.url.scheme() == "https"
    }

    /// What may be shown of it: `host:port`.
    pub(crate) fn shown(&self) -> String {
        format!("{}:{}", self.host(), self.port())
    }
}

/// The proxy setting of the run.
#[derive(Debug, Clone)]
pub(crate) struct ProxySetting {
    proxy: Result<Option<Arc<Proxy>>, String>,
    bypass: Arc<Bypass>,
}

impl ProxySetting {
    /// Reads the setting. `http_proxy` plays no part: what is asked over http is on this machine or link.
    pub(crate) fn new(network: &Network) -> Self {
        let bypass = Arc::new(Bypass::new(network.no_proxy.as_deref().unwrap_or_default()));
        let text = network.https_proxy.as_ref().map(|secret| secret.expose().trim()).unwrap_or_default();
        let proxy = if text.is_empty() { Ok(None) } else { parse(text).map(|proxy| Some(Arc::new(proxy))) };
        Self { proxy, bypass }
    }

    /// The way to a host; an unusable setting is a failure of every host that it is for.
    pub(crate) fn route(&self, host: &str, port: u16) -> Result<Route, Reason> {
        match &self.proxy {
            _ if is_local(host) || self.bypass.includes(host, port) => Ok(Route::Direct),
            Ok(None) => Ok(Route::Direct),
            Ok(Some(proxy)) => Ok(Route::Through(proxy.clone())),
            Err(words) => Err(Reason::Proxy(ProxyFailure::Setting(words.clone()))),
        }
    }

    /// The same for the client.
    pub(crate) fn for_client(&self) -> Option<reqwest::Proxy> {
        let Ok(Some(proxy)) = &self.proxy else { return None };
        let setting = self.clone();
        let custom = reqwest::Proxy::custom(move |url| {
            let port = url.port_or_known_default().unwrap_or(443);
            match setting.route(url.host_str()?, port) {
                Ok(Route::Through(proxy)) => Some(proxy.url.clone()),
                _ => None,
            }
        });
        let header = proxy.authorization.as_ref().and_then(|value| HeaderValue::from_str(value.expose()).ok());
        Some(match header {
            Some(mut header) => {
                header.set_sensitive(true);
                custom.custom_http_auth(header)
            }
            None => custom,
        })
    }
}

/// This machine and its own link, where metadata services live: never through a proxy.
pub(crate) fn is_local(host: &str) -> bool {
    match literal(host) {
        Some(IpAddr::V4(address)) => address.is_loopback() || address.is_link_local(),
        Some(IpAddr::V6(address)) => address.is_loopback() || address.is_unicast_link_local(),
        None => host.eq_ignore_ascii_case("localhost"),
    }
}

/// Parses the value of `HTTPS_PROXY` as curl does: a missing scheme means http. The words of the error hold nothing
/// of the value but its scheme, since a password may have landed anywhere in it.
fn parse(text: &str) -> Result<Proxy, String> {
    let with_scheme = if text.contains("://") { text.to_owned() } else { format!("http://{text}") };
    let url = Url::parse(&with_scheme).map_err(|error| {
        let hint = if with_scheme.contains('@') { ENCODE } else { "" };
        format!("it is not a URL ({error}){hint}")
    })?;
    match url.scheme() {
        "http" | "https" => {}
        scheme if scheme.len() <= 10 => {
            return Err(format!("its scheme is {scheme}; only http and https are supported"));
        }
        _ => return Err("its scheme is neither http nor https".into()),
    }
    // `http://user:1/2@proxy:3128` parses, with a password as path and a user as host.
    if [url.path(), url.query().unwrap_or_default(), url.fragment().unwrap_or_default()].concat().contains('@') {
        return Err(format!("its user name or password is not encoded{ENCODE}"));
    }
    if url.host_str().is_none_or(str::is_empty) {
        return Err("it names no host".into());
    }
    let authorization = (!url.username().is_empty() || url.password().is_some()).then(|| basic(&url));
    let bare = format!(
        "{}://{}:{}",
        url.scheme(),
        url.host_str().unwrap_or_default(),
        url.port_or_known_default().unwrap_or(80)
    );
    let url = Url::parse(&bare).map_err(|_| "it names no usable host".to_owned())?;
    Ok(Proxy { url, authorization })
}

const ENCODE: &str = "; write / ? # @ : in a user name or password as %2F %3F %23 %40 %3A";

fn basic(url: &Url) -> Secret {
    let mut pair: Vec<u8> = percent_decode_str(url.username()).collect();
    pair.push(b':');
    pair.extend(percent_decode_str(url.password().unwrap_or_default()));
    Secret::new(format!("Basic {}", BASE64_STANDARD.encode(pair)))
}
