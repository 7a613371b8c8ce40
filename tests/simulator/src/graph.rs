//! Microsoft Graph: applications, service principals, federated credentials.

use crate::exchange::{Answer, Asked};
use crate::jwt;
use crate::world::{Application, Certificate, ClientSecret, Tenant, World};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hyper::Method;
use serde_json::{Map, Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

pub(crate) fn answer(world: &World, asked: &Asked) -> Answer {
    let caller = match caller(world, asked) {
        Ok(caller) => caller,
        Err(refusal) => return *refusal,
    };
    let (tenant, application) = caller;
    let segments = asked.segments();
    let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
    if asked.method == Method::GET
        && let ["v1.0" | "beta", kind @ ("applications" | "servicePrincipals"), rest @ ..] = segments.as_slice()
    {
        return by_object(world, tenant, application, kind, rest, asked);
    }
    let known = match (asked.method == Method::GET, segments.as_slice()) {
        (true, ["v1.0" | "beta", object]) => keyed(object).map(|(kind, client)| (kind, client, false)),
        (true, ["v1.0" | "beta", object, "federatedIdentityCredentials"]) => {
            keyed(object).filter(|(kind, _)| *kind == "applications").map(|(kind, client)| (kind, client, true))
        }
        _ => None,
    };
    let Some((kind, client, federated)) = known else { return Answer::unknown(asked) };
    if !application.is_some_and(|application| application.reads_graph) {
        return error(world, 403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.");
    }
    let Some(found) = tenant.application(client) else { return not_found(world, client) };
    match (kind, &found.principal) {
        ("applications", _) if !found.at_home => not_found(world, client),
        ("applications", _) if federated => Answer::json(200, &federated_credentials(found)),
        ("applications", _) => Answer::json(200, &select(application_json(found), asked)),
        (_, Some(_)) => Answer::json(200, &select(principal_json(tenant, found), asked)),
        (_, None) => not_found(world, client),
    }
}

/// The tenant and application of the caller; a managed identity has no application of its own.
fn caller<'w>(world: &'w World, asked: &Asked) -> Result<(&'w Tenant, Option<&'w Application>), Box<Answer>> {
    let refuse = |words| Err(Box::new(error(world, 401, "InvalidAuthenticationToken", words)));
    let Some(claims) = asked.bearer().and_then(|token| jwt::verified_claims(&token)) else {
        return refuse("Access token is empty.");
    };
    let audience = claims["aud"].as_str().unwrap_or_default().trim_end_matches('/');
    if audience != format!("https://{}", world.cloud.graph) {
        return refuse("Access token validation failure. Invalid audience.");
    }
    let Some(tenant) = world.tenants.iter().find(|tenant| claims["tid"] == tenant.id.as_str()) else {
        return refuse("Access token validation failure.");
    };
    Ok((tenant, claims["appid"].as_str().and_then(|client| tenant.application(client))))
}

/// The two steps by which azure-cli finds an application: a list with a filter on `appId`, then the object by its id.
fn by_object(
    world: &World,
    tenant: &Tenant,
    caller: Option<&Application>,
    kind: &str,
    rest: &[&str],
    asked: &Asked,
) -> Answer {
    if !caller.is_some_and(|caller| caller.reads_graph) {
        return error(world, 403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.");
    }
    let show = |found: &Application| match kind {
        "applications" => application_json(found),
        _ => principal_json(tenant, found),
    };
    match rest {
        [] => {
            let filter = asked.query("$filter").unwrap_or_default();
            let client = filter.strip_prefix("appId eq '").and_then(|rest| rest.strip_suffix('\''));
            let found = client.and_then(|client| tenant.application(client));
            Answer::json(200, &json!({"value": found.map(show).into_iter().collect::<Vec<_>>()}))
        }
        [id] => match tenant.applications.iter().find(|found| found.object == *id) {
            Some(found) => Answer::json(200, &show(found)),
            None => not_found(world, id),
        },
        _ => Answer::unknown(asked),
    }
}

/// `applications(appId='…')` to its kind and key.
fn keyed(object: &str) -> Option<(&str, &str)> {
    let (kind, key) = object.split_once("(appId='")?;
    matches!(kind, "applications" | "servicePrincipals").then_some(())?;
    Some((kind, key.strip_suffix("')")?))
}

fn application_json(application: &Application) -> Value {
    json!({
        "id": application.object, "appId": application.client, "displayName": application.name,
        "passwordCredentials": application.secrets.iter().map(secret_json).collect::<Vec<_>>(),
        "keyCredentials": key_credentials(&application.certificates),
        "signInAudience": "AzureADMyOrg",
    })
}

fn principal_json(tenant: &Tenant, application: &Application) -> Value {
    let principal = application.principal.as_ref();
    json!({
        "id": principal.map(|principal| &principal.object), "appId": application.client,
        "displayName": application.name, "accountEnabled": principal.is_some_and(|principal| principal.enabled),
        "appOwnerOrganizationId": tenant.id, "servicePrincipalType": "Application",
        "passwordCredentials": principal.map_or(Vec::new(), |principal| principal.secrets.iter().map(secret_json).collect()),
        "keyCredentials": principal.map_or(Vec::new(), |principal| key_credentials(&principal.certificates)),
    })
}

fn secret_json(secret: &ClientSecret) -> Value {
    json!({
        "customKeyIdentifier": null, "displayName": secret.name, "endDateTime": stamp(secret.ends),
        "hint": secret.hinted.then(|| secret.value.chars().take(3).collect::<String>()), "keyId": secret.key,
        "secretText": null, "startDateTime": stamp(secret.ends - time::Duration::days(365)),
    })
}

fn key_credentials(certificates: &[Certificate]) -> Vec<Value> {
    let key = |certificate: &Certificate| {
        let thumbprint = ring::digest::digest(&ring::digest::SHA1_FOR_LEGACY_USE_ONLY, &certificate.der);
        json!({
            "customKeyIdentifier": STANDARD.encode(thumbprint), "displayName": certificate.name,
            "endDateTime": stamp(certificate.ends), "key": null, "keyId": "5f4e3d2c-1b0a-4998-8776-655443322110",
            "startDateTime": stamp(certificate.ends - time::Duration::days(365)),
            "type": "AsymmetricX509Cert", "usage": "Verify",
        })
    };
    certificates.iter().filter(|certificate| !certificate.unlisted).map(key).collect()
}

fn federated_credentials(application: &Application) -> Value {
    let credential = |credential: &crate::world::FederatedCredential| {
        json!({
            "id": "77665544-3322-4100-8fee-ddccbbaa9988", "name": credential.name, "issuer": credential.issuer,
            "subject": credential.subject, "description": null, "audiences": [credential.audience],
        })
    };
    json!({"value": application.federated.iter().map(credential).collect::<Vec<_>>()})
}

/// Keeps the properties that `$select` names.
fn select(object: Value, asked: &Asked) -> Value {
    match (asked.query("$select"), object) {
        (Some(names), Value::Object(all)) => {
            let names: Vec<&str> = names.split(',').map(str::trim).collect();
            Value::Object(all.into_iter().filter(|(key, _)| names.contains(&key.as_str())).collect::<Map<_, _>>())
        }
        (_, object) => object,
    }
}

fn stamp(moment: OffsetDateTime) -> String {
    moment.replace_nanosecond(0).unwrap_or(moment).format(&Rfc3339).unwrap_or_default()
}

fn not_found(world: &World, client: &str) -> Answer {
    let words =
        format!("Resource '{client}' does not exist or one of its queried reference-property objects are not present.");
    error(world, 404, "Request_ResourceNotFound", &words)
}

fn error(world: &World, status: u16, code: &str, message: &str) -> Answer {
    let id = "0d9c8b7a-6f5e-4d4c-b3a2-918070605040";
    let body = json!({"error": {"code": code, "message": message, "innerError": {
        "date": stamp(world.now()).trim_end_matches('Z'), "request-id": id, "client-request-id": id,
    }}});
    Answer::json(status, &body).header("request-id", id)
}
