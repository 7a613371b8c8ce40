//! Microsoft Graph.

use crate::client::{Client, GRAPH_SCOPE};
use simulated_azure::world::*;

fn application() -> String {
    let select = "$select=id,appId,displayName,passwordCredentials";
    format!("https://graph.microsoft.com/v1.0/applications(appId='{CLIENT}')?{select}")
}

#[tokio::test]
async fn a_secret_is_shown_by_its_first_three_characters_and_its_end() {
    let client = Client::healthy();
    let token = client.sign_in(SECRET, GRAPH_SCOPE).await.text("access_token");
    let reply = client.get_as(&application(), &token).await;
    let secret = &reply.json()["passwordCredentials"][0];
    assert_eq!((secret["hint"].as_str(), secret["displayName"].as_str()), (Some("Xq3"), Some("pipeline")));
    assert!(secret["endDateTime"].as_str().is_some_and(|end| end.ends_with('Z')));
    assert!(secret["secretText"].is_null());
    assert!(reply.json().get("keyCredentials").is_none(), "only what was selected");
}

#[tokio::test]
async fn an_application_without_permission_is_refused_with_403() {
    let client = Client::of(|world| world.app().reads_graph = false);
    let token = client.sign_in(SECRET, GRAPH_SCOPE).await.text("access_token");
    let reply = client.get_as(&application(), &token).await;
    assert_eq!((reply.status, reply.json()["error"]["code"].as_str()), (403, Some("Authorization_RequestDenied")));
}

#[tokio::test]
async fn a_foreign_application_has_only_a_service_principal_here() {
    let client = Client::of(|world| world.app().at_home = false);
    let token = client.sign_in(SECRET, GRAPH_SCOPE).await.text("access_token");
    assert_eq!(client.get_as(&application(), &token).await.status, 404);
    let principal = format!("https://graph.microsoft.com/v1.0/servicePrincipals(appId='{CLIENT}')");
    assert_eq!(client.get_as(&principal, &token).await.text("id"), PRINCIPAL);
}
