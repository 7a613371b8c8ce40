//! The token services of CI systems: an OIDC token of the job, to be shown to Entra as a federated assertion.

use super::call::{CallError, Request};
use super::entra::unusable;
use super::reply::Form;
use super::transport::Http;
use crate::secret::Secret;
use reqwest::{Method, Url};
use serde::Deserialize;

/// Asks GitHub's token service (actions/toolkit `oidc-utils.ts`); its URL has a query already.
pub async fn github(
    http: &Http,
    request_url: &str,
    request_token: &Secret,
    audience: &str,
) -> Result<Secret, CallError> {
    #[derive(Deserialize)]
    struct Answer {
        value: String,
    }
    let mut url = Url::parse(request_url).map_err(|_| unusable("ACTIONS_ID_TOKEN_REQUEST_URL"))?;
    url.query_pairs_mut().append_pair("audience", audience);
    let request = Request::get(url).bearer(request_token).header("accept", "application/json");
    let reply = http.send(request).await?.accepted(Form::Plain)?;
    Ok(Secret::new(reply.json::<Answer>()?.value))
}

/// Asks Azure Pipelines' token service for the token of a service connection (azure_identity
/// `azure_pipelines_credential.rs`).
pub async fn azure_pipelines(
    http: &Http,
    request_url: &str,
    access_token: &Secret,
    service_connection: &str,
) -> Result<Secret, CallError> {
    #[derive(Deserialize)]
    struct Answer {
        #[serde(rename = "oidcToken")]
        oidc_token: String,
    }
    let mut url = Url::parse(request_url).map_err(|_| unusable("SYSTEM_OIDCREQUESTURI"))?;
    url.query_pairs_mut().append_pair("api-version", "7.1").append_pair("serviceConnectionId", service_connection);
    let request = Request::new(Method::POST, url)
        .bearer(access_token)
        .header("content-type", "application/json")
        // Without it a refused token is answered by a redirect to a sign-in page.
        .header("x-tfs-fedauthredirect", "Suppress");
    let reply = http.send(request).await?.accepted(Form::Plain)?;
    Ok(Secret::new(reply.json::<Answer>()?.oidc_token))
}
