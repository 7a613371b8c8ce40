//! Azure Resource Manager.

use crate::client::{ARM_SCOPE, Client};
use simulated_azure::World;
use simulated_azure::world::*;

fn at(path: &str) -> String {
    format!("https://management.azure.com{path}")
}

async fn token(client: &Client) -> String {
    client.sign_in(SECRET, ARM_SCOPE).await.text("access_token")
}

#[tokio::test]
async fn whoever_holds_acr_push_alone_sees_no_registry_and_no_refusal() {
    let client = Client::healthy();
    let token = token(&client).await;
    let filter = "$filter=resourceType%20eq%20'Microsoft.ContainerRegistry/registries'";
    let list = at(&format!("/subscriptions/{SUBSCRIPTION}/resources?api-version=2024-11-01&{filter}"));
    let reply = client.get_as(&list, &token).await;
    assert_eq!((reply.status, reply.json()), (200, serde_json::json!({"value": []})));
    let one = client.get_as(&at(&format!("{REGISTRY_ID}?api-version=2025-11-01")), &token).await;
    assert_eq!((one.status, one.json()["error"]["code"].as_str()), (403, Some("AuthorizationFailed")));
    let words = one.json()["error"]["message"].as_str().unwrap_or_default().to_owned();
    let action =
        "does not have authorization to perform action 'Microsoft.ContainerRegistry/registries/read' over scope";
    assert!(words.contains(action), "{words}");
}

#[tokio::test]
async fn settings_tokens_and_assignments_are_read_by_whoever_may() {
    let client = Client::of(|world| world.also(&SETTINGS_READER));
    let token = token(&client).await;
    let registry = client.get_as(&at(&format!("{REGISTRY_ID}?api-version=2025-11-01")), &token).await.json();
    assert_eq!(registry["properties"]["roleAssignmentMode"], "LegacyRegistryPermissions");
    assert_eq!(registry["properties"]["policies"]["azureADAuthenticationAsArmPolicy"]["status"], "enabled");
    let own =
        client.get_as(&at(&format!("{REGISTRY_ID}/tokens/{TOKEN_NAME}?api-version=2025-11-01")), &token).await.json();
    assert_eq!(own["properties"]["status"], "enabled");
    assert!(!own.to_string().contains(TOKEN_PASSWORD));
    let filter = format!("$filter=atScope()%20and%20assignedTo('{PRINCIPAL}')");
    let path =
        format!("{REGISTRY_ID}/providers/Microsoft.Authorization/roleAssignments?api-version=2022-04-01&{filter}");
    let held = client.get_as(&at(&path), &token).await.json();
    let ids: Vec<&str> = held["value"].as_array().unwrap().iter().map(definition).collect();
    assert_eq!(ids, [ACR_PUSH.id, SETTINGS_READER.id]);
}

fn definition(assignment: &serde_json::Value) -> &str {
    assignment["properties"]["roleDefinitionId"].as_str().unwrap().rsplit('/').next().unwrap()
}

#[tokio::test]
async fn a_token_of_another_tenant_is_told_which_one_is_trusted() {
    let client = Client::of(|world: &mut World| world.subscriptions[0].tenant = OTHER_TENANT.into());
    let token = token(&client).await;
    let reply = client.get_as(&at(&format!("/subscriptions/{SUBSCRIPTION}?api-version=2022-12-01")), &token).await;
    assert_eq!((reply.status, reply.json()["error"]["code"].as_str()), (401, Some("InvalidAuthenticationTokenTenant")));
    assert!(reply.header("www-authenticate").contains(OTHER_TENANT));
}
