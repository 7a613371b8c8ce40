//! `/oauth2/exchange`: an Entra token for a refresh token of the registry.

use super::challenge::Challenge;
use crate::azure::call::{CallError, Reply, Request};
use crate::azure::claims::Claims;
use crate::azure::entra::EntraToken;
use crate::azure::reply::Form;
use crate::azure::transport::Http;
use crate::secret::Secret;
use serde::Deserialize;

/// A refresh token of the registry.
#[derive(Debug, Clone)]
pub struct RefreshToken {
    /// The token.
    pub value: Secret,
    /// What it says of itself.
    pub claims: Claims,
}

impl RefreshToken {
    /// Takes possession of a token.
    pub fn new(value: Secret) -> Self {
        let claims = Claims::decode(&value).unwrap_or_default();
        Self { value, claims }
    }
}

/// Exchanges an Entra token.
pub async fn exchange(http: &Http, challenge: &Challenge, entra: &EntraToken) -> Result<RefreshToken, CallError> {
    #[derive(Deserialize)]
    struct Answer {
        refresh_token: String,
    }
    // The realm is on the registry itself; both endpoints stand beside each other there.
    let mut url = challenge.realm.clone();
    url.set_path("/oauth2/exchange");
    url.set_query(None);
    let mut form = vec![("grant_type", Secret::new("access_token")), ("service", Secret::new(&*challenge.service))];
    if let Some(tenant) = entra.claims.tenant() {
        form.push(("tenant", Secret::new(tenant)));
    }
    form.push(("access_token", entra.value.clone()));
    let reply = http.send(Request::post_form(url, form).retried_on(is_transient)).await?.accepted(Form::Registry)?;
    Ok(RefreshToken::new(Secret::new(reply.json::<Answer>()?.refresh_token)))
}

/// The registry asks ARM for the caller's permissions here, and says so when ARM did not answer it; the same words are
/// said where there are none.
fn is_transient(reply: &Reply) -> bool {
    reply.status == 403 && reply.refusal(Form::Registry).message.contains("retrieving permissions failed")
}
