//! Entra ID refuses the sign-in.

use crate::world::*;
use crate::{Effect, Fault, Scenario};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

const ENTRA: &str = "login.microsoftonline.com";

pub(super) fn scenarios() -> Vec<Scenario> {
    vec![
        Scenario::undetermined("entra-unreachable", "Entra ID's address refuses connections.")
            .world(|world| world.unlistened(ENTRA)),
        Scenario::undetermined("entra-unreachable@reset", "Every connection to Entra ID is reset.")
            .world(|world| world.fault(Fault::of(ENTRA, Effect::Reset))),
        Scenario::undetermined("entra-unreachable@silence", "Entra ID takes the connection and says nothing.")
            .world(|world| world.fault(Fault::of(ENTRA, Effect::Silence))),
        Scenario::fails("tenant-not-found", "The tenant id belongs to nobody.")
            .input("tenant-id", "00000000-1111-4222-8333-444444444444"),
        Scenario::fails("tenant-not-found@domain", "The tenant's domain is misspelt.")
            .input("tenant-id", "contosso.onmicrosoft.com"),
        Scenario::fails("tenant-not-found@other-cloud", "The tenant lives in another national cloud.")
            .world(|world| world.tenant().refuses_with = Some(90038)),
        Scenario::fails("tenant-mismatch", "The service principal lives in another tenant than the registry.")
            .input("tenant-id", OTHER_TENANT)
            .input("client-id", OTHER_CLIENT)
            .input("client-secret", OTHER_SECRET)
            .input("subscription-id", SUBSCRIPTION),
        Scenario::fails("app-not-found", "The application id is another one's, or the application was deleted.")
            .input("client-id", "12121212-3434-4565-8787-909090909090"),
        Scenario::fails(
            "service-principal-missing",
            "Nobody made a service principal of the application in this tenant.",
        )
        .world(|world| world.app().principal = None),
        Scenario::fails("app-disabled", "Sign-in is blocked for the service principal.").world(|world| {
            if let Some(principal) = &mut world.app().principal {
                principal.enabled = false;
            }
        }),
        Scenario::fails("secret-invalid", "The client secret was replaced.")
            .input("client-secret", "Xq38Q~this-was-never-the-secret_at-all"),
        Scenario::fails(
            "secret-invalid@echo",
            "Something in between repeats the secret in the forms that the web has for it.",
        )
        .world(|world| world.fault(Fault::of(ENTRA, Effect::json(401, echo())))),
        Scenario::fails("secret-id-not-value", "The secret's id was stored instead of its value.")
            .input("client-secret", SECRET_ID),
        Scenario::fails("secret-expired", "The client secret ended last month.")
            .world(|world| world.secret_ends_in(-30)),
        Scenario::fails("conditional-access", "A Conditional Access policy blocks the runner's address.")
            .world(|world| world.tenant().refuses_with = Some(53003)),
        Scenario::fails("user-interaction-required", "Entra ID wants a second factor, which no pipeline has.")
            .world(|world| world.tenant().refuses_with = Some(50076)),
        Scenario::fails("entra-resource-missing", "The tenant knows neither the registry's audience nor ARM's.")
            .world(|world| world.tenant().refuses_with = Some(500011)),
        Scenario::fails("entra-rejected", "Entra ID refuses with a number that nobody here knows.")
            .world(|world| world.tenant().refuses_with = Some(50105)),
        Scenario::new("healthy-entra-transient", "Entra ID's first answer is a transient failure.")
            .world(|world| world.fault(Fault::of(ENTRA, Effect::json(503, TRANSIENT)).times(1))),
        Scenario::undetermined("service-unavailable@entra", "Entra ID answers 503 again and again.")
            .world(|world| world.fault(Fault::of(ENTRA, Effect::html(503, "<h1>Service Unavailable</h1>")))),
    ]
}

const TRANSIENT: &str = r#"{"error":"temporarily_unavailable","error_description":"AADSTS90033: A transient error has occurred. Please try again. Trace ID: 4b1f7a90-6c2d-4e83-9f50-1a2b3c4d5e00","error_codes":[90033],"trace_id":"4b1f7a90-6c2d-4e83-9f50-1a2b3c4d5e00"}"#;

/// A refusal that holds the secret encoded, as debugging proxies quote a request.
fn echo() -> serde_json::Value {
    let basic = STANDARD.encode(format!("{CLIENT}:{SECRET}"));
    let hexadecimal: String = SECRET.bytes().map(|byte| format!("{byte:02x}")).collect();
    let percent: String = SECRET.bytes().map(|byte| format!("%{byte:02X}")).collect();
    json!({
        "error": "invalid_client",
        "error_description": format!("AADSTS7000215: Invalid client secret provided. Sent: {basic} {hexadecimal} {percent}"),
        "error_codes": [7000215],
    })
}
