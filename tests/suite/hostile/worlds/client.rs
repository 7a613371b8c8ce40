//! What the job then does: signs in, pulls and pushes by the distribution protocol. It shares no code with the product.

use super::draw::Case;
use super::identity::Identity;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::{RequestBuilder, Response, StatusCode};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use serde_json::{Value, json};
use simulated_azure::Simulator;
use simulated_azure::world::*;
use std::net::SocketAddr;
use std::sync::Arc;

/// What stood in the way of the job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Met {
    /// Nothing: it works.
    Nothing,
    /// A lock.
    Lock,
    /// A refusal, at this step.
    Refusal(String),
}

/// A client of the services.
pub(super) struct Client<'s>(reqwest::Client, &'s Simulator);

/// How it proves itself to the registry's token endpoint.
enum Login {
    Refresh(String),
    User(String, String),
    Nobody,
}

impl<'s> Client<'s> {
    pub(super) fn of(simulator: &'s Simulator) -> Self {
        let mut roots = rustls::RootCertStore::empty();
        roots.add(CertificateDer::from_pem_file(simulator.root_certificate()).unwrap()).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let tls = rustls::ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
        let client = reqwest::Client::builder()
            .tls_backend_preconfigured(tls.with_root_certificates(roots).with_no_client_auth())
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .dns_resolver(Arc::new(Here(simulator.https_address())));
        Self(client.build().unwrap(), simulator)
    }

    /// Does the whole work of the job.
    pub(super) async fn work(&self, case: &Case) -> Met {
        let login = match self.login(case).await {
            Ok(login) => login,
            Err(step) => return Met::Refusal(step),
        };
        for image in &case.images {
            let (repository, tag) = image.split_once(':').unwrap_or((image, "preflight-test"));
            let done = match case.pushes {
                true => self.push(&login, repository, tag).await,
                false => self.pull(&login, repository, tag).await,
            };
            if done != Met::Nothing {
                return done;
            }
        }
        Met::Nothing
    }

    async fn login(&self, case: &Case) -> Result<Login, String> {
        let user = |name: &str, password: &str| Ok(Login::User(name.to_owned(), password.to_owned()));
        match &case.identity {
            Identity::Secret { tenant, client, secret } => {
                self.exchange(&self.sign_in(tenant, client, &[("client_secret", secret)]).await?).await
            }
            Identity::Federated(token) => {
                let kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
                let proof = [("client_assertion_type", kind), ("client_assertion", token)];
                self.exchange(&self.sign_in(TENANT, CLIENT, &proof).await?).await
            }
            Identity::Managed => self.exchange(&self.of_machine().await?).await,
            Identity::EntraToken(token) => self.exchange(token).await,
            Identity::RefreshToken(token) => Ok(Login::Refresh(token.clone())),
            Identity::User { name, password } => user(name, password),
            Identity::Nobody => Ok(Login::Nobody),
        }
    }

    async fn sign_in(&self, tenant: &str, client: &str, proof: &[(&str, &str)]) -> Result<String, String> {
        let url = format!("https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token");
        let mut refusal = String::new();
        // A tenant that does not know the registries' own audience knows that of ARM.
        for audience in [REGISTRY_AUDIENCE, "https://management.azure.com"] {
            let scope = format!("{audience}/.default");
            let mut form = vec![("grant_type", "client_credentials"), ("client_id", client), ("scope", scope.as_str())];
            form.extend(proof);
            let answer = json_of(self.0.post(&url).form(&form).send().await.unwrap()).await;
            match answer["access_token"].as_str() {
                Some(token) => return Ok(token.to_owned()),
                None => refusal = answer["error_description"].to_string(),
            }
            if ![500_011, 50_001].iter().any(|code| answer["error_codes"][0] == *code) {
                break;
            }
        }
        Err(format!("sign-in: {refusal}"))
    }

    /// The token of the machine's identity, from its metadata service.
    async fn of_machine(&self) -> Result<String, String> {
        let environment = self.1.env();
        let service = environment.iter().find(|(name, _)| name == "AZURE_POD_IDENTITY_AUTHORITY_HOST");
        let (_, service) = service.expect("a machine with an identity has a metadata service");
        let query = [("api-version", "2018-02-01"), ("resource", REGISTRY_AUDIENCE)];
        let url = format!("{service}/metadata/identity/oauth2/token");
        let answer = json_of(self.0.get(url).query(&query).header("metadata", "true").send().await.unwrap()).await;
        answer["access_token"].as_str().map(str::to_owned).ok_or_else(|| format!("metadata: {answer}"))
    }

    async fn exchange(&self, token: &str) -> Result<Login, String> {
        let form = [("grant_type", "access_token"), ("service", LOGIN_SERVER), ("access_token", token)];
        let url = format!("https://{LOGIN_SERVER}/oauth2/exchange");
        let answer = json_of(self.0.post(url).form(&form).send().await.unwrap()).await;
        let refresh = answer["refresh_token"].as_str().map(str::to_owned);
        refresh.map(Login::Refresh).ok_or_else(|| format!("exchange: {answer}"))
    }

    async fn token(&self, login: &Login, repository: &str, actions: &str) -> Option<String> {
        let url = format!("https://{LOGIN_SERVER}/oauth2/token");
        let scope = format!("repository:{repository}:{actions}");
        let query = [("service", LOGIN_SERVER), ("scope", scope.as_str())];
        let request = match login {
            Login::Nobody => self.0.get(url).query(&query),
            Login::User(name, password) => self.0.get(url).query(&query).header("authorization", basic(name, password)),
            Login::Refresh(token) => {
                let form = [
                    ("grant_type", "refresh_token"),
                    ("service", LOGIN_SERVER),
                    ("scope", scope.as_str()),
                    ("refresh_token", token),
                ];
                self.0.post(url).form(&form)
            }
        };
        json_of(request.send().await.unwrap()).await["access_token"].as_str().map(str::to_owned)
    }

    async fn pull(&self, login: &Login, repository: &str, tag: &str) -> Met {
        let Some(token) = self.token(login, repository, "pull").await else { return refused("token") };
        let accept = [OCI_INDEX, OCI_MANIFEST, DOCKER_LIST, DOCKER_MANIFEST].join(", ");
        let url = format!("https://{LOGIN_SERVER}/v2/{repository}/manifests/{tag}");
        let status = self.status(self.0.get(url).bearer_auth(token).header("accept", accept)).await;
        if status == StatusCode::OK { Met::Nothing } else { refused(&format!("manifest: {status}")) }
    }

    async fn push(&self, login: &Login, repository: &str, tag: &str) -> Met {
        let Some(token) = self.token(login, repository, "pull,push").await else { return refused("token") };
        let config = b"{}".to_vec();
        let digest = digest_of(&config);
        let url = format!("https://{LOGIN_SERVER}/v2/{repository}/blobs/uploads/");
        let started = self.0.post(url).bearer_auth(&token).send().await.unwrap();
        if started.status() != StatusCode::ACCEPTED {
            return met(started.status(), "upload");
        }
        let location = started.headers()["location"].to_str().unwrap();
        let url = format!("https://{LOGIN_SERVER}{location}&digest={digest}");
        let status = self.status(self.0.put(url).bearer_auth(&token).body(config)).await;
        if status != StatusCode::CREATED {
            return met(status, "blob");
        }
        let manifest = json!({"schemaVersion": 2, "mediaType": OCI_MANIFEST, "layers": [],
            "config": {"mediaType": "application/vnd.oci.image.config.v1+json", "size": 2, "digest": digest}});
        let url = format!("https://{LOGIN_SERVER}/v2/{repository}/manifests/{tag}");
        let request = self.0.put(url).bearer_auth(&token).header("content-type", OCI_MANIFEST);
        let status = self.status(request.body(manifest.to_string())).await;
        if status == StatusCode::CREATED { Met::Nothing } else { met(status, "manifest") }
    }

    async fn status(&self, request: RequestBuilder) -> StatusCode {
        request.send().await.unwrap().status()
    }
}

fn refused(step: &str) -> Met {
    Met::Refusal(step.to_owned())
}

fn met(status: StatusCode, step: &str) -> Met {
    if status == StatusCode::METHOD_NOT_ALLOWED { Met::Lock } else { refused(&format!("{step}: {status}")) }
}

fn basic(name: &str, password: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{name}:{password}")))
}

async fn json_of(answer: Response) -> Value {
    let bytes = answer.bytes().await.unwrap();
    serde_json::from_slice(&bytes).unwrap_or_default()
}

/// Every name leads to the simulation.
struct Here(SocketAddr);

impl Resolve for Here {
    fn resolve(&self, _: Name) -> Resolving {
        let addresses: Addrs = Box::new(std::iter::once(self.0));
        Box::pin(std::future::ready(Ok(addresses)))
    }
}
