//! Entra ID's token endpoint.

mod assertion;
mod refusal;
mod resource;

use refusal::{Refusal, refuse};

use crate::exchange::{Answer, Asked, field};
use crate::jwt;
use crate::world::{Application, FEDERATED_AUDIENCE, Tenant, World};
use serde_json::json;

pub(crate) fn answer(world: &World, asked: &Asked) -> Answer {
    let segments = asked.segments();
    let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
    match (asked.method.as_str(), segments.as_slice()) {
        ("POST", [tenant, "oauth2", "v2.0", "token"]) => token(world, tenant, asked),
        ("GET", ["common", "discovery", "instance"]) => instances(world, asked),
        ("GET", [tenant, "v2.0", ".well-known", "openid-configuration"]) => configuration(world, tenant, asked),
        _ => Answer::unknown(asked),
    }
}

/// `POST /{tenant}/oauth2/v2.0/token`
fn token(world: &World, tenant: &str, asked: &Asked) -> Answer {
    let form = asked.form();
    if form.is_empty() {
        return refuse(world, 900144, "grant_type").breaking("a token request without a form");
    }
    match sign_in(world, tenant, &form) {
        Ok((tenant, application, audience)) => {
            let claims = access_token_claims(world, tenant, application, &audience);
            let body = json!({
                "token_type": "Bearer", "expires_in": 3599, "ext_expires_in": 3599, "access_token": jwt::sign(&claims),
            });
            Answer::json(200, &body).header("cache-control", "no-store, no-cache")
        }
        Err(refusal) => refuse(world, refusal.code, &refusal.about),
    }
}

/// The tenant, the application and the audience of a sign-in that succeeds.
fn sign_in<'w>(
    world: &'w World,
    tenant: &str,
    form: &[(String, String)],
) -> Result<(&'w Tenant, &'w Application, String), Refusal> {
    let tenant = find_tenant(world, tenant)?;
    let given = |name| field(form, name).filter(|value| !value.is_empty());
    let client = given("client_id").ok_or(Refusal::new(900144, "client_id"))?;
    let scope = given("scope").ok_or(Refusal::new(900144, "scope"))?;
    match given("grant_type") {
        Some("client_credentials") => (),
        Some(other) => return Err(Refusal::new(70003, other)),
        None => return Err(Refusal::new(900144, "grant_type")),
    }
    let application = tenant.application(client).ok_or(Refusal::new(700016, client))?;
    let principal = application.principal.as_ref().ok_or(Refusal::new(7000229, client))?;
    match (given("client_secret"), given("client_assertion")) {
        (Some(secret), _) => check_secret(world, application, secret)?,
        (None, Some(assertion)) => {
            if given("client_assertion_type") != Some("urn:ietf:params:oauth:client-assertion-type:jwt-bearer") {
                return Err(Refusal::new(900144, "client_assertion_type"));
            }
            assertion::check(world, tenant, application, assertion)?;
        }
        (None, None) => return Err(Refusal::new(7000216, client)),
    }
    if !principal.enabled {
        return Err(Refusal::new(7000112, client));
    }
    if let Some(code) = tenant.refuses_with {
        return Err(Refusal::new(code, client));
    }
    let audience = resource::audience(world, tenant, scope)?;
    Ok((tenant, application, audience))
}

fn find_tenant<'w>(world: &'w World, name: &str) -> Result<&'w Tenant, Refusal> {
    let known = world.tenants.iter().find(|tenant| tenant.id.eq_ignore_ascii_case(name) || tenant.domain == name);
    known.ok_or_else(|| {
        let is_domain =
            name.contains('.') && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-".contains(&byte));
        Refusal::new(if is_guid(name) || is_domain { 90002 } else { 900023 }, name)
    })
}

fn check_secret(world: &World, application: &Application, value: &str) -> Result<(), Refusal> {
    match application.all_secrets().find(|secret| secret.value == value) {
        Some(secret) if secret.ends > world.now() => Ok(()),
        Some(_) => Err(Refusal::new(7000222, &application.client)),
        None => Err(Refusal::new(7000215, &application.client)),
    }
}

/// The claims of an access token that Entra ID issues to an application.
pub(crate) fn access_token_claims(
    world: &World,
    tenant: &Tenant,
    application: &Application,
    audience: &str,
) -> serde_json::Value {
    let object = application.principal.as_ref().map_or("", |principal| principal.object.as_str());
    claims_for(world, &tenant.id, &application.client, object, audience)
}

pub(crate) fn claims_for(world: &World, tenant: &str, client: &str, object: &str, audience: &str) -> serde_json::Value {
    let now = world.now().unix_timestamp();
    json!({
        "aud": audience, "iss": format!("https://sts.windows.net/{tenant}/"), "iat": now - 300, "nbf": now - 300,
        "exp": now + 3599, "appid": client, "appidacr": "1", "idp": format!("https://sts.windows.net/{tenant}/"),
        "idtyp": "app", "oid": object, "sub": object, "tid": tenant, "ver": "1.0",
    })
}

impl World {
    /// An access token of the pipeline's service principal that lives for so many seconds from now; negative for one
    /// that ended so long ago.
    pub fn entra_token(&self, audience: &str, lives: i64) -> String {
        let application = &self.tenants[0].applications[0];
        let mut claims = access_token_claims(self, &self.tenants[0], application, audience);
        let now = self.now().unix_timestamp();
        claims["exp"] = json!(now + lives);
        claims["iat"] = json!(now + lives - 3899);
        claims["nbf"] = claims["iat"].clone();
        jwt::sign(&claims)
    }

    /// A token of another issuer for Entra ID that lives for so many seconds from now; negative for one that ended.
    pub fn id_token(&self, issuer: &str, subject: &str, lives: i64) -> String {
        let now = self.now().unix_timestamp();
        let issued = now + lives.min(0) - 600;
        jwt::sign(&json!({
            "iss": issuer, "sub": subject, "aud": FEDERATED_AUDIENCE, "iat": issued, "nbf": issued, "exp": now + lives,
        }))
    }
}

fn is_guid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

/// What MSAL asks before its first sign-in.
fn instances(world: &World, asked: &Asked) -> Answer {
    let host = world.cloud.entra[0];
    Answer::json(
        200,
        &json!({
            "tenant_discovery_endpoint": format!("https://{}/common/v2.0/.well-known/openid-configuration", asked.host),
            "api-version": "1.1",
            "metadata": [{"preferred_network": host, "preferred_cache": host, "aliases": world.cloud.entra}],
        }),
    )
}

/// The endpoints of a tenant, as OpenID Connect publishes them.
fn configuration(world: &World, tenant: &str, asked: &Asked) -> Answer {
    let tenant = match tenant {
        "common" | "organizations" => "{tenantid}".to_owned(),
        name => match find_tenant(world, name) {
            Ok(tenant) => tenant.id.clone(),
            Err(refusal) => return refuse(world, refusal.code, &refusal.about),
        },
    };
    let base = format!("https://{}/{tenant}", asked.host);
    Answer::json(
        200,
        &json!({
            "token_endpoint": format!("{base}/oauth2/v2.0/token"),
            "authorization_endpoint": format!("{base}/oauth2/v2.0/authorize"),
            "device_authorization_endpoint": format!("{base}/oauth2/v2.0/devicecode"),
            "issuer": format!("{base}/v2.0"),
            "tenant_region_scope": "EU",
            "cloud_instance_name": "microsoftonline.com",
        }),
    )
}
