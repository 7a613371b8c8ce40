//! A client of the simulated services.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use reqwest::{Method, RequestBuilder};
use serde_json::Value;
use simulated_azure::world::*;
use simulated_azure::{Simulator, World};
use std::net::SocketAddr;

/// A client that reaches every host in the simulation.
pub(crate) struct Client {
    inner: reqwest::Client,
    simulator: Simulator,
}

pub(crate) struct Reply {
    pub(crate) status: u16,
    headers: reqwest::header::HeaderMap,
    pub(crate) body: Vec<u8>,
}

/// The scope of tokens for registries.
pub(crate) const REGISTRY_SCOPE: &str = "https://containerregistry.azure.net/.default";
/// The scope of tokens for ARM.
pub(crate) const ARM_SCOPE: &str = "https://management.core.windows.net//.default";
/// The scope of tokens for Graph.
pub(crate) const GRAPH_SCOPE: &str = "https://graph.microsoft.com/.default";

impl Client {
    /// Starts the healthy world with a difference.
    pub(crate) fn of(difference: impl Fn(&mut World)) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut world = World::healthy();
        difference(&mut world);
        let simulator = Simulator::start(world).unwrap();
        let inner = builder(&simulator)
            .no_proxy()
            .dns_resolver(std::sync::Arc::new(Here(simulator.https_address())))
            .build()
            .unwrap();
        Self { inner, simulator }
    }

    /// Starts the healthy world.
    pub(crate) fn healthy() -> Self {
        Self::of(|_| ())
    }

    pub(crate) fn simulator(&self) -> &Simulator {
        &self.simulator
    }

    pub(crate) fn request(&self, method: Method, url: &str) -> RequestBuilder {
        self.inner.request(method, url)
    }

    pub(crate) async fn get(&self, url: &str) -> Reply {
        Reply::of(self.inner.get(url)).await.unwrap()
    }

    pub(crate) async fn get_as(&self, url: &str, token: &str) -> Reply {
        Reply::of(self.inner.get(url).bearer_auth(token)).await.unwrap()
    }

    pub(crate) async fn post(&self, url: &str, form: &[(&str, &str)]) -> Reply {
        Reply::of(self.inner.post(url).form(form)).await.unwrap()
    }

    /// Signs in to Entra ID with a secret.
    pub(crate) async fn sign_in(&self, secret: &str, scope: &str) -> Reply {
        let form =
            [("grant_type", "client_credentials"), ("client_id", CLIENT), ("client_secret", secret), ("scope", scope)];
        self.post(&format!("https://login.microsoftonline.com/{TENANT}/oauth2/v2.0/token"), &form).await
    }

    /// Changes an Entra token for a refresh token.
    pub(crate) async fn exchange(&self, entra_token: &str) -> Reply {
        let form = [("grant_type", "access_token"), ("service", LOGIN_SERVER), ("access_token", entra_token)];
        self.post(&format!("https://{LOGIN_SERVER}/oauth2/exchange"), &form).await
    }

    /// Goes the whole way from the secret to an access token of the registry.
    pub(crate) async fn access_token(&self, scope: &str) -> String {
        let entra = self.sign_in(SECRET, REGISTRY_SCOPE).await.text("access_token");
        let refresh = self.exchange(&entra).await.text("refresh_token");
        let form = [
            ("grant_type", "refresh_token"),
            ("service", LOGIN_SERVER),
            ("scope", scope),
            ("refresh_token", &*refresh),
        ];
        self.post(&format!("https://{LOGIN_SERVER}/oauth2/token"), &form).await.text("access_token")
    }
}

/// A client that trusts the simulation and follows no redirect.
pub(crate) fn builder(simulator: &Simulator) -> reqwest::ClientBuilder {
    let root = std::fs::read(simulator.root_certificate()).unwrap();
    reqwest::Client::builder()
        .tls_certs_only([reqwest::Certificate::from_pem(&root).unwrap()])
        .redirect(reqwest::redirect::Policy::none())
}

impl Reply {
    pub(crate) async fn of(request: RequestBuilder) -> reqwest::Result<Self> {
        let response = request.send().await?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Ok(Self { status, headers, body: response.bytes().await?.to_vec() })
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    pub(crate) fn text(&self, name: &str) -> String {
        self.json()[name].as_str().unwrap_or_default().to_owned()
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
