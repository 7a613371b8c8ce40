//! Entra ID: tokens for a service principal.

use super::call::{CallError, Reply, Request};
use super::claims::Claims;
use super::reply::Form;
use super::request::address;
use super::transport::Http;
use crate::plan::ServicePrincipal;
use crate::secret::Secret;
use serde::Deserialize;

/// What proves a service principal.
#[derive(Debug, Clone)]
pub enum Proof {
    /// Its client secret.
    Secret(Secret),
    /// An assertion: signed with its certificate, or issued by a trusted identity provider.
    Assertion(Secret),
}

/// An access token of Entra ID.
#[derive(Debug, Clone)]
pub struct EntraToken {
    /// The token.
    pub value: Secret,
    /// What it says of itself.
    pub claims: Claims,
}

impl EntraToken {
    /// Takes possession of a token.
    pub fn new(value: impl Into<String>) -> Self {
        let value = Secret::new(value);
        let claims = Claims::decode(&value).unwrap_or_default();
        Self { value, claims }
    }
}

/// The form of every token answer, here and at the machine's own services.
#[derive(Deserialize)]
pub(super) struct TokenAnswer {
    pub(super) access_token: String,
}

/// The numbers by which Entra says "again later".
const TRANSIENT: [&str; 5] = ["AADSTS90055", "AADSTS90024", "AADSTS90033", "AADSTS50000", "AADSTS50196"];

/// The address of a tenant's token endpoint, which is also the audience of a client assertion.
pub fn token_endpoint(authority: &str, tenant: &str) -> Option<reqwest::Url> {
    address(authority, [tenant, "oauth2", "v2.0", "token"])
}

/// Signs a service principal in for one audience (`client_credentials`).
pub async fn token(
    http: &Http,
    authority: &str,
    principal: &ServicePrincipal,
    proof: &Proof,
    audience: &str,
) -> Result<EntraToken, CallError> {
    let url = token_endpoint(authority, &principal.tenant).ok_or_else(|| unusable(authority))?;
    let mut form = vec![
        ("client_id", Secret::new(&*principal.client)),
        ("grant_type", Secret::new("client_credentials")),
        // An audience that ends in a slash keeps it: the token's `aud` is what stands before `/.default`.
        ("scope", Secret::new(format!("{audience}/.default"))),
    ];
    match proof {
        Proof::Secret(secret) => form.push(("client_secret", secret.clone())),
        Proof::Assertion(assertion) => {
            form.push(("client_assertion_type", Secret::new("urn:ietf:params:oauth:client-assertion-type:jwt-bearer")));
            form.push(("client_assertion", assertion.clone()));
        }
    }
    let request = Request::post_form(url, form).header("accept", "application/json").retried_on(is_transient);
    let reply = http.send(request).await?.accepted(Form::Entra)?;
    Ok(EntraToken::new(reply.json::<TokenAnswer>()?.access_token))
}

fn is_transient(reply: &Reply) -> bool {
    reply.status >= 400 && reply.refusal(Form::Entra).codes.iter().any(|code| TRANSIENT.contains(&code.as_str()))
}

/// An address that cannot be used for a request; the plan accepts none, so it is met only by mistake.
pub(super) fn unusable(address: &str) -> CallError {
    let what = "the address cannot be used for a request".to_owned();
    CallError::Malformed(super::call::Malformed { host: address.to_owned(), path: String::new(), status: 0, what })
}

#[cfg(test)]
mod tests {
    use super::*;
    use reqwest::header::HeaderMap;

    fn reply(status: u16, body: &str) -> Reply {
        Reply { host: String::new(), path: String::new(), status, headers: HeaderMap::new(), body: body.into() }
    }

    #[test]
    fn entras_transient_numbers_are_worth_another_attempt() {
        assert!(is_transient(&reply(400, r#"{"error":"temporarily_unavailable","error_codes":[90033]}"#)));
        assert!(is_transient(&reply(400, r#"{"error":"x","error_description":"AADSTS50196: loop detected"}"#)));
        assert!(!is_transient(&reply(401, r#"{"error":"invalid_client","error_codes":[7000222]}"#)));
        assert!(!is_transient(&reply(200, r#"{"access_token":"x"}"#)));
    }

    #[test]
    fn the_tenant_is_one_segment_of_the_path() {
        let url = token_endpoint("https://login.microsoftonline.com/", "contoso.onmicrosoft.com").unwrap();
        assert_eq!(url.as_str(), "https://login.microsoftonline.com/contoso.onmicrosoft.com/oauth2/v2.0/token");
    }
}
