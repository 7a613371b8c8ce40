//! The services that answer for a machine's managed identities: IMDS, and that of App Service and Container Apps.

use crate::entra::claims_for;
use crate::exchange::{Answer, Asked};
use crate::jwt;
use crate::world::{IDENTITY_HEADER, ManagedIdentity, Metadata, TENANT, World};
use hyper::Method;
use serde_json::json;

pub(crate) fn answer(world: &World, asked: &Asked) -> Answer {
    if asked.method != Method::GET {
        return Answer::unknown(asked);
    }
    match (world.machine.metadata, asked.path.as_str(), asked.query("api-version")) {
        (Metadata::Imds, "/metadata/identity/oauth2/token", Some("2018-02-01")) => imds(world, asked),
        (Metadata::AppService, "/msi/token", Some("2019-08-01")) => app_service(world, asked),
        _ => Answer::unknown(asked),
    }
}

fn imds(world: &World, asked: &Asked) -> Answer {
    let refuse = |words: &str| Answer::json(400, &json!({"error": "invalid_request", "error_description": words}));
    if asked.header("metadata").as_deref() != Some("true") {
        return refuse("Required metadata header not specified").breaking("IMDS asked without its header");
    }
    let identities = &world.machine.identities;
    let chosen = match asked.query("client_id") {
        Some(client) => identities.iter().find(|identity| identity.client.eq_ignore_ascii_case(client)),
        None => match identities.iter().find(|identity| identity.system_assigned) {
            None if identities.len() > 1 => {
                return refuse(
                    "Multiple user assigned identities exist, please specify the clientId / resourceId of the identity in the token request",
                );
            }
            system => system.or(identities.first()),
        },
    };
    match chosen {
        Some(identity) => token(world, identity, asked),
        None => refuse("Identity not found"),
    }
}

fn app_service(world: &World, asked: &Asked) -> Answer {
    if asked.header("x-identity-header").as_deref() != Some(IDENTITY_HEADER) {
        return Answer::empty(401);
    }
    let identities = &world.machine.identities;
    let chosen = match asked.query("client_id") {
        Some(client) => identities.iter().find(|identity| identity.client.eq_ignore_ascii_case(client)),
        None => identities.iter().find(|identity| identity.system_assigned),
    };
    let missing = json!({
        "statusCode": 400, "correlationId": "1f0e9d8c-7b6a-4958-8746-352413f2e1d0",
        "message": "No User Assigned or Delegated Managed Identity found for specified ClientId/ResourceId/PrincipalId.",
    });
    chosen.map_or_else(|| Answer::json(400, &missing), |identity| token(world, identity, asked))
}

/// Numbers are texts here, as both services write them.
fn token(world: &World, identity: &ManagedIdentity, asked: &Asked) -> Answer {
    let resource = asked.query("resource").unwrap_or_default();
    let now = world.now().unix_timestamp();
    let claims = claims_for(world, TENANT, &identity.client, &identity.object, resource);
    Answer::json(
        200,
        &json!({
            "access_token": jwt::sign(&claims), "client_id": identity.client, "expires_in": "86399",
            "expires_on": (now + 86_399).to_string(), "ext_expires_in": "86399", "not_before": now.to_string(),
            "resource": resource, "token_type": "Bearer",
        }),
    )
}
