//! A client of the simulated services.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;
use simulated_azure::Simulator;
use std::net::SocketAddr;

pub(crate) struct Client {
    inner: reqwest::Client,
}

pub(crate) struct Reply {
    pub status: u16,
    pub headers: reqwest::header::HeaderMap,
    pub body: Vec<u8>,
}

impl Client {
    pub(crate) fn of(simulator: &Simulator) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let root = std::fs::read(simulator.root_certificate()).unwrap();
        let inner = reqwest::Client::builder()
            .tls_certs_only([reqwest::Certificate::from_pem(&root).unwrap()])
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .dns_resolver(std::sync::Arc::new(Here(simulator.https_address())))
            .build()
            .unwrap();
        Self { inner }
    }

    pub(crate) async fn try_get(&self, url: &str) -> reqwest::Result<Reply> {
        Reply::of(self.inner.get(url).send().await?).await
    }

    pub(crate) async fn get(&self, url: &str) -> Reply {
        self.try_get(url).await.unwrap()
    }

    pub(crate) async fn post(&self, url: &str, form: &[(&str, String)]) -> Reply {
        Reply::of(self.inner.post(url).form(form).send().await.unwrap()).await.unwrap()
    }
}

impl Reply {
    async fn of(response: reqwest::Response) -> reqwest::Result<Self> {
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Ok(Self { status, headers, body: response.bytes().await?.to_vec() })
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    pub(crate) fn text(&self, name: &str) -> String {
        self.json()[name].as_str().unwrap().to_owned()
    }
}

/// Reads the claims of a token without checking it, as every client of a registry does.
pub(crate) fn claims(token: &str) -> Value {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(token.split('.').nth(1).unwrap()).unwrap()).unwrap()
}

/// Every name leads to the simulation.
struct Here(SocketAddr);

impl reqwest::dns::Resolve for Here {
    fn resolve(&self, _: reqwest::dns::Name) -> reqwest::dns::Resolving {
        let address = self.0;
        Box::pin(async move { Ok(Box::new(std::iter::once(address)) as reqwest::dns::Addrs) })
    }
}
