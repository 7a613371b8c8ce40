//! Azure Resource Manager: the registry as a resource, its tokens, and who has which role on it.

pub mod assignments;
pub mod find;
mod page;
pub mod settings;
pub mod tokens;
pub mod usage;

use super::call::{CallError, Request};
use super::entra::unusable;
use super::reply::Form;
use super::request::address;
use super::transport::Http;
use crate::secret::Secret;
use reqwest::Url;
use serde::de::DeserializeOwned;

/// The version of the registry API that knows the role assignment mode; 2025-11-01 is the first stable one.
const REGISTRY_API: &str = "2025-11-01";

/// The version for clouds that lag behind.
const OLDER_REGISTRY_API: &str = "2023-07-01";

/// Reads something of a registry, with an older API version where the cloud does not know the newest.
async fn get_of_registry<T: DeserializeOwned>(
    http: &Http,
    arm: &str,
    token: &Secret,
    path: &str,
) -> Result<T, CallError> {
    match get(http, arm, token, path, REGISTRY_API, None).await {
        Err(CallError::Service(refusal)) if refusal.codes.iter().any(|code| is_version(code)) => {
            get(http, arm, token, path, OLDER_REGISTRY_API, None).await
        }
        answered => answered,
    }
}

fn is_version(code: &str) -> bool {
    ["NoRegisteredProviderFound", "InvalidResourceType", "InvalidApiVersionParameter", "UnsupportedApiVersion"]
        .contains(&code)
}

async fn get<T: DeserializeOwned>(
    http: &Http,
    arm: &str,
    token: &Secret,
    path: &str,
    version: &str,
    filter: Option<&str>,
) -> Result<T, CallError> {
    let mut url = address(arm, path.trim_matches('/').split('/')).ok_or_else(|| unusable(arm))?;
    url.query_pairs_mut().append_pair("api-version", version);
    if let Some(filter) = filter {
        url.query_pairs_mut().append_pair("$filter", filter);
    }
    ask(http, token, url).await
}

async fn ask<T: DeserializeOwned>(http: &Http, token: &Secret, url: Url) -> Result<T, CallError> {
    let request = Request::get(url).aside().bearer(token).header("accept", "application/json");
    http.send(request).await?.accepted(Form::Arm)?.json()
}
