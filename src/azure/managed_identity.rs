//! Managed identity: the token service of the machine that runs the job.

use super::call::{Authorization, CallError, Request};
use super::entra::{EntraToken, TokenAnswer, unusable};
use super::reply::Form;
use super::request::address;
use super::transport::Http;
use crate::plan::ManagedIdentityEndpoint;
use reqwest::Url;
use std::time::Duration;

/// A machine without managed identity has nobody at the metadata address; its job shall hear so soon.
const CONNECT_LIMIT: Duration = Duration::from_secs(1);

/// Asks for a token of the machine's identity for one audience; `client` names one of several identities.
pub async fn token(
    http: &Http,
    endpoint: &ManagedIdentityEndpoint,
    client: Option<&str>,
    audience: &str,
) -> Result<EntraToken, CallError> {
    let (mut url, version) = match endpoint {
        ManagedIdentityEndpoint::Imds(base) => {
            (address(base, ["metadata", "identity", "oauth2", "token"]).ok_or_else(|| unusable(base))?, "2018-02-01")
        }
        ManagedIdentityEndpoint::AppService { url, .. } => {
            (Url::parse(url).map_err(|_| unusable("IDENTITY_ENDPOINT"))?, "2019-08-01")
        }
    };
    url.query_pairs_mut().append_pair("api-version", version).append_pair("resource", audience);
    if let Some(client) = client {
        url.query_pairs_mut().append_pair("client_id", client);
    }
    let mut request = Request::get(url).connect_within(CONNECT_LIMIT);
    match endpoint {
        ManagedIdentityEndpoint::Imds(_) => request = request.header("metadata", "true"),
        ManagedIdentityEndpoint::AppService { header, .. } => {
            request.authorization = Some(Authorization::Header { name: "x-identity-header", value: header.clone() });
        }
    }
    let reply = http.send(request).await?.accepted(Form::Plain)?;
    Ok(EntraToken::new(reply.json::<TokenAnswer>()?.access_token))
}
