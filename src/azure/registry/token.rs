//! `/oauth2/token`: access tokens of the registry, for one scope or several at once.

use super::challenge::Challenge;
use super::exchange::RefreshToken;
use crate::azure::call::{CallError, Reply, Request};
use crate::azure::claims::{Claims, Grant};
use crate::azure::reply::Form;
use crate::azure::transport::Http;
use crate::secret::Secret;
use serde::Deserialize;

/// What is shown to the token endpoint.
#[derive(Debug, Clone)]
pub enum Proof {
    /// A refresh token.
    Refresh(RefreshToken),
    /// A user name and password: admin user, repository-scoped token, service principal.
    Password {
        /// User name.
        username: String,
        /// Password.
        password: Secret,
    },
    /// Nothing, as for an anonymous pull.
    Nothing,
}

/// An access token of the registry.
#[derive(Debug, Clone)]
pub struct AccessToken {
    /// The token.
    pub value: Secret,
    /// What it says of itself.
    pub claims: Claims,
}

impl AccessToken {
    /// Takes possession of a token.
    pub fn new(value: Secret) -> Self {
        let claims = Claims::decode(&value).unwrap_or_default();
        Self { value, claims }
    }

    /// What it grants; none where it does not say so.
    pub fn grants(&self) -> Option<Vec<Grant>> {
        self.claims.access()
    }
}

/// The scope of a repository with the actions asked for: `repository:team/app:pull,push`.
pub fn repository_scope(repository: &str, actions: &[&str]) -> String {
    format!("repository:{repository}:{}", actions.join(","))
}

/// A scope that every registry knows and that touches no repository.
pub const CATALOG_SCOPE: &str = "registry:catalog:*";

/// Asks for an access token; the registry leaves out what it does not grant.
pub async fn access_token(
    http: &Http,
    challenge: &Challenge,
    proof: &Proof,
    scopes: &[String],
) -> Result<AccessToken, CallError> {
    let mut form = vec![("service", Secret::new(&*challenge.service))];
    match proof {
        Proof::Refresh(token) => {
            form.insert(0, ("grant_type", Secret::new("refresh_token")));
            form.push(("refresh_token", token.value.clone()));
        }
        Proof::Password { username, password } => {
            form.insert(0, ("grant_type", Secret::new("password")));
            form.push(("username", Secret::new(&**username)));
            form.push(("password", password.clone()));
        }
        Proof::Nothing => form.insert(0, ("grant_type", Secret::new("password"))),
    }
    // The vendor's reference: "can be specified more than once for multiple scope requests".
    form.extend(scopes.iter().map(|scope| ("scope", Secret::new(&**scope))));
    let reply = http.send(Request::post_form(challenge.realm.clone(), form)).await?;
    let reply = match (reply.status, proof) {
        // Registries that only know docker's older flow serve no POST here.
        (404 | 405 | 501, Proof::Password { .. } | Proof::Nothing) => {
            http.send(docker_flow(challenge, proof, scopes)).await?
        }
        _ => reply,
    };
    read(reply)
}

/// `GET` with `Authorization: Basic`, as docker asks.
fn docker_flow(challenge: &Challenge, proof: &Proof, scopes: &[String]) -> Request {
    let mut url = challenge.realm.clone();
    url.query_pairs_mut().append_pair("service", &challenge.service);
    for scope in scopes {
        url.query_pairs_mut().append_pair("scope", scope);
    }
    match proof {
        Proof::Password { username, password } => Request::get(url).basic(username, password),
        Proof::Refresh(_) | Proof::Nothing => Request::get(url),
    }
}

fn read(reply: Reply) -> Result<AccessToken, CallError> {
    #[derive(Deserialize)]
    struct Answer {
        // Docker's older flow calls it `token`.
        #[serde(alias = "token")]
        access_token: String,
    }
    let reply = reply.accepted(Form::Registry)?;
    let token = AccessToken::new(Secret::new(reply.json::<Answer>()?.access_token));
    match token.grants() {
        Some(_) => Ok(token),
        None => Err(reply.malformed("expected an access token with the claim access")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use reqwest::Url;

    #[test]
    fn dockers_flow_repeats_the_scope_and_keeps_the_password_out_of_the_address() {
        let realm = Url::parse("https://contosoacr.azurecr.io/oauth2/token").unwrap();
        let challenge = Challenge { realm, service: "contosoacr.azurecr.io".into() };
        let proof = Proof::Password { username: "ci".into(), password: Secret::new("pass word") };
        let scopes = [repository_scope("a", &["pull"]), repository_scope("b/c", &["pull", "push"])];
        let request = docker_flow(&challenge, &proof, &scopes);
        let query = request.url.query().unwrap();
        assert_eq!(
            query,
            "service=contosoacr.azurecr.io&scope=repository%3Aa%3Apull&scope=repository%3Ab%2Fc%3Apull%2Cpush"
        );
        assert!(request.authorization.is_some());
    }
}
