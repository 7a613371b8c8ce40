//! The registry's token endpoints: `/oauth2/exchange` and `/oauth2/token`.

use super::authority::{User, access_entry};
use super::refusal;
use crate::exchange::{Answer, Asked, field};
use crate::jwt;
use crate::world::*;
use hyper::Method;
use serde_json::{Value, json};

/// `POST /oauth2/exchange`: an Entra token for a refresh token.
pub(super) fn exchange(world: &World, index: usize, asked: &Asked) -> Answer {
    if asked.method != Method::POST {
        return Answer::empty(404).breaking("/oauth2/exchange serves POST alone");
    }
    let registry = &world.registries[index];
    let form = asked.form();
    if field(&form, "service") != Some(&registry.login_server) || field(&form, "grant_type") != Some("access_token") {
        return refusal(400, "UNSUPPORTED", "invalid service or grant_type").breaking("an exchange of the wrong form");
    }
    let claims = field(&form, "access_token").and_then(jwt::verified_claims);
    let Some(claims) = claims else { return Answer::empty(401) };
    let accepted = match claims["aud"].as_str().unwrap_or_default().trim_end_matches('/') {
        REGISTRY_AUDIENCE => true,
        audience => registry.accepts_arm_audience && world.cloud.arm_audiences.contains(&audience),
    };
    let is_alive = claims["exp"].as_i64().is_some_and(|end| end > world.now().unix_timestamp());
    if !accepted || !is_alive {
        return refusal(401, "UNAUTHORIZED", "token validation failed");
    }
    let is_home = claims["tid"] == registry.tenant.as_str();
    let user = User::Principal(text(&claims, "appid"), text(&claims, "oid"));
    let permissions = user.permissions(world, index);
    if !is_home || (permissions.is_empty() && registry.mode == Mode::Legacy && !registry.anonymous_pull) {
        return match registry.no_role {
            _ if !is_home => refusal(401, "UNAUTHORIZED", "token validation failed"),
            NoRole::Denied => refusal(403, "DENIED", "retrieving permissions failed"),
            NoRole::Unauthorized => refusal(
                401,
                "UNAUTHORIZED",
                "authentication required, visit https://aka.ms/acr/authorization for more information.",
            ),
            NoRole::Granted => {
                Answer::json(200, &json!({"refresh_token": refresh_token(world, index, &user, &permissions)}))
            }
        };
    }
    Answer::json(200, &json!({"refresh_token": refresh_token(world, index, &user, &permissions)}))
        .header("x-ms-ratelimit-remaining-calls-per-second", "166.65")
}

/// A refresh token for someone, as the exchange hands it out.
fn refresh_token(world: &World, index: usize, user: &User, permissions: &[&str]) -> String {
    let User::Principal(client, object) = user else { return String::new() };
    world.registries[index].refresh_token(world, client, object, permissions, 11_700)
}

impl Registry {
    /// A refresh token of this registry that lives for so many seconds from now.
    pub fn refresh_token(&self, world: &World, client: &str, object: &str, permissions: &[&str], lives: i64) -> String {
        let now = world.now().unix_timestamp();
        let issued = now + lives.min(0) - if lives < 0 { 11_700 } else { 0 };
        jwt::sign(&json!({
            "jti": "2b3c4d5e-6f70-4182-93a4-b5c6d7e8f901", "sub": object, "nbf": issued - 900, "exp": now + lives,
            "iat": issued, "iss": "Azure Container Registry", "aud": self.login_server, "version": "1.0",
            "rid": self.short_id(), "grant_type": "refresh_token", "appid": client, "tenant": self.tenant,
            "permissions": {"Actions": permissions, "NotActions": null}, "roles": [],
        }))
    }

    /// An access token of this registry for one repository that lives for so many seconds from now.
    pub fn access_token(&self, world: &World, user: &str, access: Vec<Value>, lives: i64) -> String {
        let now = world.now().unix_timestamp();
        let issued = now + lives.min(0) - if lives < 0 { 4500 } else { 0 };
        jwt::sign(&json!({
            "jti": "3c4d5e6f-7081-4293-a4b5-c6d7e8f90112", "sub": user, "nbf": issued - 900, "exp": now + lives,
            "iat": issued, "iss": "Azure Container Registry", "aud": self.login_server, "version": "1.0",
            "rid": self.short_id(), "access": access, "roles": [], "grant_type": "access_token", "appid": user,
        }))
    }
}

/// `GET` and `POST /oauth2/token`: an access token for one or more scopes.
pub(super) fn token(world: &World, index: usize, asked: &Asked) -> Answer {
    let registry = &world.registries[index];
    let fields = match asked.method.as_str() {
        "POST" => asked.form(),
        "GET" => asked.query.clone(),
        _ => return Answer::unknown(asked),
    };
    if field(&fields, "service") != Some(&registry.login_server) {
        return refusal(400, "UNSUPPORTED", "invalid service").breaking("a token request for another service");
    }
    let user = match user_of(world, index, asked, &fields) {
        Ok(user) => user,
        Err(answer) => return *answer,
    };
    // Clients repeat the field or, in a POST (distribution's token specification), separate scopes by blanks.
    let scopes = fields.iter().filter(|(key, _)| key == "scope").flat_map(|(_, value)| value.split(' '));
    let scopes: Vec<&str> = scopes.filter(|scope| !scope.is_empty()).collect();
    let honoured = if registry.honours_all_scopes { scopes.len() } else { 1 };
    let mut access = Vec::new();
    for scope in scopes.into_iter().take(honoured) {
        let Some((kind, rest)) = scope.split_once(':') else { continue };
        let Some((name, actions)) = rest.rsplit_once(':') else { continue };
        let granted = user.granted(world, index, kind, name);
        let wanted = |action: &String| actions == "*" || actions.split(',').any(|wanted| wanted == action);
        let granted: Vec<String> = granted.into_iter().filter(wanted).collect();
        if !granted.is_empty() {
            access.push(access_entry(registry.claims, kind, name, &granted));
        }
    }
    Answer::json(200, &json!({"access_token": registry.access_token(world, user.name(), access, 4500)}))
}

/// Who asks for a token: by refresh token, by user name and password, or nobody in particular.
fn user_of(world: &World, index: usize, asked: &Asked, fields: &[(String, String)]) -> Result<User, Box<Answer>> {
    let given = |name| field(fields, name).filter(|value| !value.is_empty());
    if let Some((name, password)) = asked.basic() {
        return user(world, index, &name, &password);
    }
    match (asked.method.as_str(), given("grant_type"), given("refresh_token"), given("username"), given("password")) {
        ("POST", Some("refresh_token"), Some(token), _, _) => {
            refreshed(world, index, token).ok_or(Box::new(Answer::empty(401)))
        }
        ("POST", Some("password"), None, Some(name), Some(password)) => user(world, index, name, password),
        ("POST", Some("password"), None, None, None) | ("GET", _, None, None, None) => {
            if world.registries[index].anonymous_pull { Ok(User::Anonymous) } else { Err(Box::new(unauthorized())) }
        }
        _ => Err(Box::new(refusal(400, "UNSUPPORTED", "invalid grant").breaking("a token request of no known grant"))),
    }
}

/// The user of a request that gives a user name and password to the registry's API itself.
pub(super) fn basic_user(world: &World, index: usize, asked: &Asked) -> Option<User> {
    let (name, password) = asked.basic()?;
    // A refresh token is good for the token endpoint alone (Azure/acr#98).
    if name == ZERO_GUID { None } else { user(world, index, &name, &password).ok() }
}

fn user(world: &World, index: usize, name: &str, password: &str) -> Result<User, Box<Answer>> {
    let registry = &world.registries[index];
    if name == ZERO_GUID {
        return refreshed(world, index, password).ok_or(Box::new(Answer::empty(401)));
    }
    if name.eq_ignore_ascii_case(&registry.name) {
        let is_right = registry.admin.enabled && registry.admin.passwords.iter().any(|known| known == password);
        return if is_right { Ok(User::Admin) } else { Err(Box::new(unauthorized())) };
    }
    if let Some(token) = registry.tokens.iter().find(|token| token.name == name) {
        let is_alive = |known: &TokenPassword| known.ends.is_none_or(|end| end > world.now());
        let is_right = token.enabled && token.passwords.iter().any(|known| known.value == password && is_alive(known));
        return if is_right { Ok(User::Token(token.name.clone())) } else { Err(Box::new(unauthorized())) };
    }
    let is_guid = name.len() == 36 && name.bytes().filter(|byte| *byte == b'-').count() == 4;
    if !is_guid {
        return Err(Box::new(refusal(401, "UNAUTHORIZED", "aad access token with sp failed client id must be guid")));
    }
    let tenant = world.tenants.iter().find(|tenant| tenant.id == registry.tenant);
    let application = tenant.and_then(|tenant| tenant.application(name));
    let principal =
        application.and_then(|application| application.principal.as_ref()).filter(|principal| principal.enabled);
    let is_right = application.is_some_and(|application| {
        application.all_secrets().any(|secret| secret.value == password && secret.ends > world.now())
    });
    match principal {
        Some(principal) if is_right => Ok(User::Principal(name.to_owned(), principal.object.clone())),
        _ => Err(Box::new(refusal(401, "UNAUTHORIZED", "Invalid clientid or client secret."))),
    }
}

/// The holder of a refresh token of this registry that is still valid.
fn refreshed(world: &World, index: usize, token: &str) -> Option<User> {
    let registry = &world.registries[index];
    let claims = jwt::verified_claims(token)?;
    let is_valid = claims["grant_type"] == "refresh_token"
        && claims["aud"] == registry.login_server.as_str()
        && claims["rid"] == registry.short_id().as_str()
        && claims["exp"].as_i64()? > world.now().unix_timestamp();
    if is_valid { User::from_claims(&claims) } else { None }
}

fn unauthorized() -> Answer {
    refusal(
        401,
        "UNAUTHORIZED",
        "authentication required, visit https://aka.ms/acr/authorization for more information.",
    )
}

fn text(claims: &Value, name: &str) -> String {
    claims[name].as_str().unwrap_or_default().to_owned()
}
