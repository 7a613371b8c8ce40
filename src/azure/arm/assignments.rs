//! Role assignments: which roles an identity has on a registry, itself or by its groups.

use super::get;
use super::page::Page;
use crate::azure::call::CallError;
use crate::azure::transport::Http;
use crate::secret::Secret;
use serde::Deserialize;

/// A role that an identity has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleAssignment {
    /// Its built-in name; of any other, its id.
    pub role: String,
    /// Where it was assigned: a resource id.
    pub scope: String,
    /// The condition that limits it to some repositories.
    pub condition: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Item {
    properties: ItemProperties,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct ItemProperties {
    role_definition_id: String,
    scope: String,
    condition: Option<String>,
}

/// The built-in roles that concern a registry (built-in roles reference, "Containers" and "General").
const ROLES: [(&str, &str); 17] = [
    ("7f951dda-4ed3-4680-a7ca-43fe172d538d", "AcrPull"),
    ("8311e382-0749-4cb8-b61a-304f252e45ec", "AcrPush"),
    ("c2f4ef07-c644-48eb-af81-4b1b4947fb11", "AcrDelete"),
    ("6cef56e8-d556-48e5-a04f-b8e64114680f", "AcrImageSigner"),
    ("cdda3590-29a3-44f6-95f2-9f980659eb04", "AcrQuarantineReader"),
    ("c8d4ff99-41c3-41a8-9f60-21dfdad59608", "AcrQuarantineWriter"),
    ("b93aa761-3e63-49ed-ac28-beffa264f7ac", "Container Registry Repository Reader"),
    ("2a1e307c-b015-4ebd-883e-5b7698a07328", "Container Registry Repository Writer"),
    ("2efddaa5-3f1f-4df3-97df-af3f13818f4c", "Container Registry Repository Contributor"),
    ("bfdb9389-c9a5-478a-bb2f-ba9ca092c3c7", "Container Registry Repository Catalog Lister"),
    (
        "69b07be0-09bf-439a-b9a6-e73de851bd59",
        "Container Registry Configuration Reader and Data Access Configuration Reader",
    ),
    (
        "3bc748fc-213d-45c1-8d91-9da5725539b9",
        "Container Registry Contributor and Data Access Configuration Administrator",
    ),
    ("577a9874-89fd-4f24-9dbd-b5034d0ad23a", "Container Registry Data Importer and Data Reader"),
    ("fb382eab-e894-4461-af04-94435c366c3f", "Container Registry Tasks Contributor"),
    ("acdd72a7-3385-48ef-bd42-f606fba81ae7", "Reader"),
    ("b24988ac-6180-42a0-ab88-20f7382dd24c", "Contributor"),
    ("8e3af657-a8ff-443c-a75c-2fe8c4bcb635", "Owner"),
];

/// Reads the roles that reach a registry and are assigned to an object id, or to a group it is in.
pub async fn role_assignments(
    http: &Http,
    arm: &str,
    token: &Secret,
    registry: &str,
    object_id: &str,
) -> Result<Vec<RoleAssignment>, CallError> {
    let path = format!("{}/providers/Microsoft.Authorization/roleAssignments", registry.trim_matches('/'));
    // `principalId eq` cannot be combined with `atScope()`, `assignedTo` can (azure-cli sends it).
    let filter = format!("atScope() and assignedTo('{object_id}')");
    let page: Page<Item> = get(http, arm, token, &path, "2022-04-01", Some(&filter)).await?;
    let items = page.and_more(http, arm, token, |_| false).await?;
    Ok(items.into_iter().map(|item| read(item.properties)).collect())
}

fn read(item: ItemProperties) -> RoleAssignment {
    let id = item.role_definition_id.rsplit('/').next().unwrap_or_default();
    let built_in = ROLES.iter().find(|(guid, _)| guid.eq_ignore_ascii_case(id));
    RoleAssignment {
        role: built_in.map_or_else(|| format!("custom role {id}"), |(_, name)| (*name).to_owned()),
        scope: item.scope,
        condition: item.condition.filter(|text| !text.is_empty()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_built_in_role_is_named_and_another_keeps_its_id() {
        let body = r#"[{"properties":{"roleDefinitionId":"/subscriptions/s/providers/Microsoft.Authorization/roleDefinitions/8311E382-0749-4cb8-b61a-304f252e45ec","scope":"/subscriptions/s","condition":null}},
            {"properties":{"roleDefinitionId":"/x/roleDefinitions/0000","scope":"/","condition":"@Request[…]"}}]"#;
        let items: Vec<Item> = serde_json::from_str(body).unwrap();
        let roles: Vec<_> = items.into_iter().map(|item| read(item.properties)).collect();
        assert_eq!(
            roles[0],
            RoleAssignment { role: "AcrPush".into(), scope: "/subscriptions/s".into(), condition: None }
        );
        assert_eq!((roles[1].role.as_str(), roles[1].condition.is_some()), ("custom role 0000", true));
    }
}
