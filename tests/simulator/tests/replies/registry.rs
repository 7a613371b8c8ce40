//! The registry's challenge, token endpoints and rights.

use crate::client::{Client, REGISTRY_SCOPE, claims};
use serde_json::json;
use simulated_azure::world::*;

fn at(path: &str) -> String {
    format!("https://{LOGIN_SERVER}{path}")
}

#[tokio::test]
async fn a_stranger_at_v2_is_told_realm_and_service_without_a_scope() {
    let client = Client::healthy();
    let reply = client.get(&at("/v2/")).await;
    assert_eq!(reply.status, 401);
    let wanted = "Bearer realm=\"https://contosoacr.azurecr.io/oauth2/token\",service=\"contosoacr.azurecr.io\"";
    assert_eq!(reply.header("www-authenticate"), wanted);
    assert_eq!(reply.header("docker-distribution-api-version"), "registry/2.0");
    assert_eq!(reply.body.len(), 149, "the length that was recorded");
}

#[tokio::test]
async fn the_way_from_a_secret_to_a_token_leaves_out_what_is_not_granted() {
    let client = Client::healthy();
    let entra = client.sign_in(SECRET, REGISTRY_SCOPE).await.text("access_token");
    let refresh = claims(&client.exchange(&entra).await.text("refresh_token"));
    assert_eq!(refresh["exp"].as_i64().unwrap() - refresh["iat"].as_i64().unwrap(), 11_700);
    assert_eq!(refresh["permissions"]["Actions"], json!(["read", "metadata/read", "write", "metadata/write"]));
    let access = claims(&client.access_token("repository:team/app:pull,push,delete").await);
    assert_eq!(access["exp"].as_i64().unwrap() - access["iat"].as_i64().unwrap(), 4500);
    assert_eq!(access["access"], json!([{"type": "repository", "name": "team/app", "actions": ["pull", "push"]}]));
}

#[tokio::test]
async fn an_unknown_scope_is_answered_with_an_empty_token() {
    let access = claims(&Client::healthy().access_token("registry:None:*").await);
    assert_eq!(access["access"], json!([]));
}

#[tokio::test]
async fn claims_are_written_in_either_letter_case() {
    let client = Client::of(|world| world.registry().claims = ClaimCase::Capital);
    let access = claims(&client.access_token("repository:team/app:pull").await);
    assert_eq!(access["access"], json!([{"Type": "repository", "Name": "team/app", "Actions": ["pull"]}]));
}

#[tokio::test]
async fn a_token_without_the_action_is_refused_with_401_and_insufficient_scope() {
    let client = Client::of(|world| world.roles(&[&ACR_PULL]));
    let token = client.access_token("repository:team/app:pull,push").await;
    let upload = client.request(reqwest::Method::POST, &at("/v2/team/app/blobs/uploads/")).bearer_auth(token);
    let reply = crate::client::Reply::of(upload).await.unwrap();
    assert_eq!(reply.status, 401);
    let challenge = reply.header("www-authenticate");
    assert!(challenge.ends_with(r#"scope="repository:team/app:pull,push",error="insufficient_scope""#), "{challenge}");
    let detail = &reply.json()["errors"][0]["detail"][1];
    assert_eq!(detail, &json!({"Type": "repository", "Name": "team/app", "Action": "push"}));
}

#[tokio::test]
async fn exchange_refuses_an_identity_without_a_role_in_both_documented_ways() {
    let client = Client::of(|world| world.roles(&[]));
    let entra = client.sign_in(SECRET, REGISTRY_SCOPE).await.text("access_token");
    let reply = client.exchange(&entra).await;
    assert_eq!(reply.status, 403);
    assert_eq!(reply.json(), json!({"errors": [{"code": "DENIED", "message": "retrieving permissions failed"}]}));
    client.simulator().world().registry().no_role = NoRole::Unauthorized;
    assert_eq!(client.exchange(&entra).await.status, 401);
}

#[tokio::test]
async fn exchange_refuses_an_audience_that_is_not_accepted() {
    let client = Client::of(|world| world.registry().accepts_arm_audience = false);
    let token = client.simulator().world().entra_token("https://management.core.windows.net/", 3599);
    let reply = client.exchange(&token).await;
    assert_eq!((reply.status, reply.json()["errors"][0]["message"].as_str()), (401, Some("token validation failed")));
    let tampered = client.exchange("not.a.token").await;
    assert_eq!((tampered.status, tampered.body.len()), (401, 0));
}

#[tokio::test]
async fn abac_ignores_acr_push_and_heeds_conditions() {
    let client = Client::of(|world| {
        world.registry().mode = Mode::Abac;
        let condition =
            "@Request[Microsoft.ContainerRegistry/registries/repositories:name] StringEqualsIgnoreCase 'team/app'";
        world.assignments.push(RoleAssignment::on_registry(PRINCIPAL, &REPOSITORY_READER).when(condition));
    });
    let app = claims(&client.access_token("repository:team/app:pull,push").await);
    assert_eq!(app["access"][0]["actions"], json!(["pull"]));
    let tool = claims(&client.access_token("repository:team/tool:pull,push").await);
    assert_eq!(tool["access"], json!([]));
}

#[tokio::test]
async fn a_scope_map_limits_its_token_to_its_repositories() {
    let client = Client::healthy();
    let token = async |scope: &str| {
        let url = at(&format!("/oauth2/token?service={LOGIN_SERVER}&scope={scope}"));
        let request = client.request(reqwest::Method::GET, &url).basic_auth(TOKEN_NAME, Some(TOKEN_PASSWORD));
        claims(&crate::client::Reply::of(request).await.unwrap().text("access_token"))
    };
    assert_eq!(token("repository:team/app:pull,push").await["access"][0]["actions"], json!(["pull", "push"]));
    assert_eq!(token("repository:base/os:pull").await["access"], json!([]));
}

#[tokio::test]
async fn nobody_pulls_unless_anonymous_pull_is_on() {
    let client = Client::healthy();
    let url = at(&format!("/oauth2/token?service={LOGIN_SERVER}&scope=repository:team/app:pull,push"));
    assert_eq!(client.get(&url).await.status, 401);
    client.simulator().world().registry().anonymous_pull = true;
    let access = claims(&client.get(&url).await.text("access_token"));
    assert_eq!(access["access"][0]["actions"], json!(["pull"]));
}

#[tokio::test]
async fn a_service_principal_as_user_hears_no_reason() {
    let client = Client::healthy();
    let words = async |user: &str| {
        let request = client
            .request(reqwest::Method::GET, &at(&format!("/oauth2/token?service={LOGIN_SERVER}")))
            .basic_auth(user, Some("wrong"));
        let reply = crate::client::Reply::of(request).await.unwrap();
        assert_eq!(reply.status, 401);
        reply.json()["errors"][0]["message"].as_str().unwrap_or_default().to_owned()
    };
    assert_eq!(words(CLIENT).await, "Invalid clientid or client secret.");
    assert_eq!(words("ci-pusher").await, "aad access token with sp failed client id must be guid");
}

#[tokio::test]
async fn the_firewall_names_the_address_that_it_saw() {
    let client = Client::of(|world| world.registry().denies_runner(ALL_DOORS));
    let reply = client.get(&at("/v2/")).await;
    assert_eq!(reply.status, 403);
    let words =
        "client with IP '203.0.113.47' is not allowed access. Refer https://aka.ms/acr/firewall to grant access.";
    assert_eq!(reply.json(), json!({"errors": [{"code": "DENIED", "message": words}]}));
}
