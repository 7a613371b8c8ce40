//! The replies of the simulated services are those that Azure documents, asked for by a client that nobody here wrote.

mod client;

use client::{Client, claims};
use simulated_azure::world::*;
use simulated_azure::{Effect, Fault, Simulator, World};

const REGISTRY_SCOPE: &str = "https://containerregistry.azure.net/.default";

fn secret_form(secret: &str) -> Vec<(&'static str, String)> {
    vec![
        ("grant_type", "client_credentials".into()),
        ("client_id", CLIENT.into()),
        ("client_secret", secret.into()),
        ("scope", REGISTRY_SCOPE.into()),
    ]
}

fn token_url() -> String {
    format!("https://login.microsoftonline.com/{TENANT}/oauth2/v2.0/token")
}

#[tokio::test]
async fn a_stranger_at_v2_is_told_realm_and_service_without_a_scope() {
    let simulator = Simulator::start(World::healthy()).unwrap();
    let client = Client::of(&simulator);
    let reply = client.get(&format!("https://{LOGIN_SERVER}/v2/")).await;
    assert_eq!(reply.status, 401);
    let wanted = "Bearer realm=\"https://contosoacr.azurecr.io/oauth2/token\",service=\"contosoacr.azurecr.io\"";
    assert_eq!(reply.header("www-authenticate"), wanted);
    assert_eq!(reply.header("docker-distribution-api-version"), "registry/2.0");
    assert_eq!(reply.body.len(), 149, "the length that was recorded");
    assert_eq!(simulator.journal().violations, Vec::<String>::new());
}

#[tokio::test]
async fn a_secret_leads_to_a_token_that_allows_pushing() {
    let simulator = Simulator::start(World::healthy()).unwrap();
    let client = Client::of(&simulator);
    let entra = client.post(&token_url(), &secret_form(SECRET)).await;
    assert_eq!(entra.status, 200);
    let exchange = [
        ("grant_type", "access_token".into()),
        ("service", LOGIN_SERVER.into()),
        ("access_token", entra.text("access_token")),
    ];
    let refresh = client.post(&format!("https://{LOGIN_SERVER}/oauth2/exchange"), &exchange).await;
    assert_eq!(refresh.status, 200);
    let refresh_claims = claims(&refresh.text("refresh_token"));
    assert_eq!(refresh_claims["exp"].as_i64().unwrap() - refresh_claims["iat"].as_i64().unwrap(), 11_700);
    let form = [
        ("grant_type", "refresh_token".into()),
        ("service", LOGIN_SERVER.into()),
        ("scope", "repository:team/app:pull,push,delete".into()),
        ("refresh_token", refresh.text("refresh_token")),
    ];
    let access = client.post(&format!("https://{LOGIN_SERVER}/oauth2/token"), &form).await;
    let access = claims(&access.text("access_token"));
    assert_eq!(access["access"][0]["name"], "team/app");
    // The right to delete is left out in silence.
    assert_eq!(access["access"][0]["actions"], serde_json::json!(["pull", "push"]));
    assert_eq!(simulator.journal().violations, Vec::<String>::new());
}

#[tokio::test]
async fn entra_names_the_reason_of_each_refusal() {
    let simulator = Simulator::start(World::healthy()).unwrap();
    let client = Client::of(&simulator);
    let wrong = client.post(&token_url(), &secret_form("never-the-secret")).await;
    assert_eq!((wrong.status, wrong.json()["error_codes"][0].as_i64()), (401, Some(7000215)));
    simulator.world().secret_ends_in(-1);
    let expired = client.post(&token_url(), &secret_form(SECRET)).await;
    assert_eq!((expired.status, expired.json()["error_codes"][0].as_i64()), (401, Some(7000222)));
    assert_eq!(expired.json()["error"], "invalid_client");
    assert!(expired.text("error_description").starts_with("AADSTS7000222: The provided client secret keys"));
    simulator.world().tenant().has_registry_resource = false;
    simulator.world().secret_ends_in(9);
    let missing = client.post(&token_url(), &secret_form(SECRET)).await;
    assert_eq!((missing.status, missing.json()["error_codes"][0].as_i64()), (400, Some(500011)));
}

#[tokio::test]
async fn a_credential_at_the_wrong_door_is_a_violation() {
    let simulator = Simulator::start(World::healthy()).unwrap();
    let client = Client::of(&simulator);
    client.post(&format!("https://{LOGIN_SERVER}/oauth2/exchange"), &secret_form(SECRET)).await;
    client.get(&format!("https://graph.microsoft.com/v1.0/me?secret={SECRET}")).await;
    let violations = simulator.journal().violations;
    assert!(
        violations.iter().any(|violation| violation.starts_with("ClientSecret sent to https://contosoacr")),
        "{violations:?}"
    );
    assert!(violations.iter().any(|violation| violation.contains("as query secret")), "{violations:?}");
}

#[tokio::test]
async fn an_unknown_request_is_a_violation() {
    let simulator = Simulator::start(World::healthy()).unwrap();
    let reply = Client::of(&simulator).get(&format!("https://{LOGIN_SERVER}/v1/")).await;
    assert_eq!(reply.status, 404);
    assert_eq!(simulator.journal().violations, ["unknown request: GET https://contosoacr.azurecr.io/v1/"]);
}

#[tokio::test]
async fn faults_break_the_wire() {
    for effect in [Effect::Close, Effect::Reset, Effect::Garbage, Effect::HugeHeaders, Effect::Truncated] {
        let mut world = World::healthy();
        world.fault(Fault::of(LOGIN_SERVER, effect.clone()));
        let simulator = Simulator::start(world).unwrap();
        let outcome = Client::of(&simulator).try_get(&format!("https://{LOGIN_SERVER}/v2/")).await;
        assert!(outcome.is_err(), "{effect:?}");
    }
}
