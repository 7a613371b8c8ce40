//! Finds the world's credentials in a request and says whether they belong there.

use crate::exchange::Asked;
use crate::jwt;
use crate::service::Service;
use crate::world::{IDENTITY_HEADER, PROXY_PASSWORD, REGISTRY_AUDIENCE, World};
use serde_json::Value;

/// A credential seen in a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sighting {
    /// What it is.
    pub kind: Kind,
    /// Where it stood: `Authorization`, `form client_secret`, `query access_token`, `header X`.
    pub place: String,
}

/// The kinds of credentials of the simulated world.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A service principal's secret.
    ClientSecret,
    /// A password of a registry's admin user.
    AdminPassword,
    /// A password of a repository-scoped token.
    TokenPassword,
    /// An Entra token for registries.
    EntraTokenForRegistry,
    /// An Entra token for ARM.
    EntraTokenForArm,
    /// An Entra token for Graph.
    EntraTokenForGraph,
    /// A registry's refresh token.
    RefreshToken,
    /// A registry's access token.
    AccessToken,
    /// The token of another issuer, or a client assertion signed with a certificate.
    Assertion,
    /// The bearer token of GitHub's token service.
    GitHubRequestToken,
    /// The access token of Azure Pipelines.
    PipelinesAccessToken,
    /// The header by which App Service knows its own processes.
    IdentityHeader,
    /// The password of the proxy.
    ProxyPassword,
}

/// Lists the credentials in a request.
pub(crate) fn sightings(world: &World, asked: &Asked) -> Vec<Sighting> {
    let mut seen = Vec::new();
    for (place, text) in texts(asked) {
        for (kind, secret) in secrets(world) {
            if text.contains(secret) {
                seen.push(Sighting { kind, place: place.clone() });
            }
        }
        seen.extend(tokens_in(&text).filter_map(kind_of_token).map(|kind| Sighting { kind, place: place.clone() }));
    }
    seen
}

/// Every token that a request or an answer holds.
pub(crate) fn tokens(asked: &Asked, answer: &[u8]) -> Vec<String> {
    let answered = String::from_utf8_lossy(answer);
    let asked = texts(asked);
    let all = asked.iter().map(|(_, text)| text.as_str()).chain([&*answered]);
    all.flat_map(tokens_in).map(str::to_owned).collect()
}

fn tokens_in(text: &str) -> impl Iterator<Item = &str> {
    let is_token_letter = |letter: char| letter.is_ascii_alphanumeric() || "-_.".contains(letter);
    text.split(move |letter| !is_token_letter(letter)).filter(|word| word.starts_with("eyJ"))
}

/// Says what is wrong with a credential at this service, path and place; nothing where it belongs there.
pub(crate) fn judge(service: &Service, asked: &Asked, sighting: &Sighting) -> Option<String> {
    let path = asked.path.as_str();
    let place = sighting.place.as_str();
    let is_bearer = place == "Authorization";
    let belongs = match (sighting.kind, service) {
        (Kind::ClientSecret, Service::Entra) => place == "form client_secret" && path.ends_with("/oauth2/v2.0/token"),
        // A service principal may sign in to the registry as a user, with the secret as its password.
        (Kind::ClientSecret | Kind::AdminPassword | Kind::TokenPassword, Service::Registry(_)) => {
            is_bearer || (place == "form password" && path == "/oauth2/token")
        }
        (Kind::Assertion, Service::Entra) => place == "form client_assertion",
        (Kind::EntraTokenForRegistry | Kind::EntraTokenForArm, Service::Registry(_)) => {
            path == "/oauth2/exchange" && place == "form access_token"
        }
        (Kind::EntraTokenForArm, Service::Arm) | (Kind::EntraTokenForGraph, Service::Graph) => is_bearer,
        (Kind::RefreshToken, Service::Registry(_)) => {
            path == "/oauth2/token" && (is_bearer || place == "form refresh_token" || place == "form password")
        }
        (Kind::AccessToken, Service::Registry(_)) => is_bearer && !path.starts_with("/oauth2/"),
        (Kind::IdentityHeader, Service::Metadata) => place == "header x-identity-header",
        (Kind::GitHubRequestToken, Service::GitHub) | (Kind::PipelinesAccessToken, Service::Pipelines) => is_bearer,
        _ => false,
    };
    (!belongs).then(|| format!("{:?} sent to https://{}{path} as {place}", sighting.kind, asked.host))
}

fn secrets(world: &World) -> impl Iterator<Item = (Kind, &str)> {
    let applications = world.tenants.iter().flat_map(|tenant| &tenant.applications);
    let client =
        applications.flat_map(|app| app.all_secrets()).map(|secret| (Kind::ClientSecret, secret.value.as_str()));
    let registries = &world.registries;
    let admin = registries.iter().flat_map(|registry| &registry.admin.passwords);
    let token = registries.iter().flat_map(|registry| &registry.tokens).flat_map(|token| &token.passwords);
    client
        .chain(admin.map(|password| (Kind::AdminPassword, password.as_str())))
        .chain(token.map(|password| (Kind::TokenPassword, password.value.as_str())))
        .chain([
            (Kind::GitHubRequestToken, world.github.request_token.as_str()),
            (Kind::PipelinesAccessToken, world.pipelines.access_token.as_str()),
            (Kind::IdentityHeader, IDENTITY_HEADER),
            (Kind::ProxyPassword, PROXY_PASSWORD),
        ])
}

/// Every text of a request in which a credential could stand.
fn texts(asked: &Asked) -> Vec<(String, String)> {
    let mut texts = vec![("path".to_owned(), asked.path.clone())];
    for (name, value) in &asked.headers {
        let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
        match (name.as_str(), asked.basic()) {
            ("authorization", Some((user, password))) => {
                texts.push(("Authorization".into(), format!("{user}\n{password}")))
            }
            ("authorization", None) => texts.push(("Authorization".into(), value)),
            (name, _) => texts.push((format!("header {name}"), value)),
        }
    }
    texts.extend(asked.query.iter().map(|(key, value)| (format!("query {key}"), value.clone())));
    let form = asked.form();
    if form.is_empty() {
        texts.push(("body".into(), String::from_utf8_lossy(&asked.body).into_owned()));
    }
    texts.extend(form.into_iter().map(|(key, value)| (format!("form {key}"), value)));
    texts
}

fn kind_of_token(token: &str) -> Option<Kind> {
    let claims = jwt::claims(token)?;
    let text = |name: &str| claims.get(name).and_then(Value::as_str).unwrap_or_default();
    if text("iss") == "Azure Container Registry" {
        return Some(if text("grant_type") == "refresh_token" { Kind::RefreshToken } else { Kind::AccessToken });
    }
    if text("iss").starts_with("https://sts.") {
        return Some(match text("aud").trim_end_matches('/') {
            REGISTRY_AUDIENCE => Kind::EntraTokenForRegistry,
            audience if audience.contains("graph") => Kind::EntraTokenForGraph,
            _ => Kind::EntraTokenForArm,
        });
    }
    Some(Kind::Assertion)
}
