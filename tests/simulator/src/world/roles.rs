//! Azure RBAC: role definitions and who holds them where.

use super::names::REGISTRY_ID;

/// A role definition (Azure built-in roles, `containers.md`).
#[derive(Debug, PartialEq, Eq)]
pub struct Role {
    /// Display name.
    pub name: &'static str,
    /// The GUID of its definition.
    pub id: &'static str,
    /// Control-plane actions; a `*` stands for anything.
    pub actions: &'static [&'static str],
    /// Control-plane actions taken away again.
    pub not_actions: &'static [&'static str],
    /// Data-plane actions.
    pub data_actions: &'static [&'static str],
}

/// A role that someone holds.
#[derive(Debug, Clone)]
pub struct RoleAssignment {
    /// Object id of the holder.
    pub principal: String,
    /// Which role.
    pub role: &'static Role,
    /// Resource id of a registry, resource group or subscription.
    pub scope: String,
    /// An ABAC condition on the repository's name.
    pub condition: Option<String>,
}

impl RoleAssignment {
    /// A role on the healthy world's registry.
    pub fn on_registry(principal: &str, role: &'static Role) -> Self {
        Self { principal: principal.into(), role, scope: REGISTRY_ID.into(), condition: None }
    }

    /// The same with a condition.
    pub fn when(self, condition: &str) -> Self {
        Self { condition: Some(condition.into()), ..self }
    }

    /// It reaches a resource: at its scope or below.
    pub fn covers(&self, resource: &str) -> bool {
        let (scope, resource) = (self.scope.to_ascii_lowercase(), resource.to_ascii_lowercase());
        resource == scope || resource.starts_with(&format!("{}/", scope.trim_end_matches('/')))
    }
}

impl Role {
    /// It holds a control-plane action.
    pub fn allows(&self, action: &str) -> bool {
        let covered = |patterns: &[&str]| patterns.iter().any(|pattern| matches(pattern, action));
        covered(self.actions) && !covered(self.not_actions)
    }

    /// It holds a data-plane action.
    pub fn allows_data(&self, action: &str) -> bool {
        self.data_actions.iter().any(|pattern| matches(pattern, action))
    }
}

/// Letter case does not count, and each `*` takes any run of characters.
fn matches(pattern: &str, action: &str) -> bool {
    let (pattern, action) = (pattern.to_ascii_lowercase(), action.to_ascii_lowercase());
    let mut parts = pattern.split('*');
    let Some(mut rest) = action.strip_prefix(parts.next().unwrap_or_default()) else { return false };
    let parts: Vec<&str> = parts.collect();
    let Some((last, middle)) = parts.split_last() else { return rest.is_empty() };
    for part in middle {
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    rest.ends_with(last)
}

/// What the registry's images are pulled by in legacy mode.
pub const PULL: &str = "Microsoft.ContainerRegistry/registries/pull/read";
/// What they are pushed by in legacy mode.
pub const PUSH: &str = "Microsoft.ContainerRegistry/registries/push/write";
/// What they are deleted by in legacy mode.
pub const DELETE: &str = "Microsoft.ContainerRegistry/registries/artifacts/delete";

const NONE: &[&str] = &[];

macro_rules! roles {
    ($($(#[$doc:meta])* $name:ident $display:literal $id:literal actions $actions:expr, not $not:expr, data $data:expr;)+) => {
        $($(#[$doc])* pub static $name: Role =
            Role { name: $display, id: $id, actions: $actions, not_actions: $not, data_actions: $data };)+
        /// Every role of the simulated world.
        pub static ROLES: &[&Role] = &[$(&$name),+];
    };
}

roles! {
    /// Pulls in legacy mode.
    ACR_PULL "AcrPull" "7f951dda-4ed3-4680-a7ca-43fe172d538d" actions &[PULL], not NONE, data NONE;
    /// Pulls and pushes in legacy mode.
    ACR_PUSH "AcrPush" "8311e382-0749-4cb8-b61a-304f252e45ec" actions &[PULL, PUSH], not NONE, data NONE;
    /// Deletes in legacy mode.
    ACR_DELETE "AcrDelete" "c2f4ef07-c644-48eb-af81-4b1b4947fb11" actions &[DELETE], not NONE, data NONE;
    /// Pulls in ABAC mode.
    REPOSITORY_READER "Container Registry Repository Reader" "b93aa761-3e63-49ed-ac28-beffa264f7ac"
        actions NONE, not NONE, data &[METADATA_READ, CONTENT_READ];
    /// Pulls and pushes in ABAC mode.
    REPOSITORY_WRITER "Container Registry Repository Writer" "2a1e307c-b015-4ebd-883e-5b7698a07328"
        actions NONE, not NONE, data &[METADATA_READ, CONTENT_READ, METADATA_WRITE, CONTENT_WRITE];
    /// Pulls, pushes and deletes in ABAC mode.
    REPOSITORY_CONTRIBUTOR "Container Registry Repository Contributor" "2efddaa5-3f1f-4df3-97df-af3f13818f4c"
        actions NONE, not NONE,
        data &[METADATA_READ, CONTENT_READ, METADATA_WRITE, CONTENT_WRITE, METADATA_DELETE, CONTENT_DELETE];
    /// Lists repositories in ABAC mode.
    CATALOG_LISTER "Container Registry Repository Catalog Lister" "bfdb9389-c9a5-478a-bb2f-ba9ca092c3c7"
        actions NONE, not NONE, data &[CATALOG_READ];
    /// Reads everything of the control plane; in legacy mode that covers pulling.
    READER "Reader" "acdd72a7-3385-48ef-bd42-f606fba81ae7" actions &["*/read"], not NONE, data NONE;
    /// Does everything but assign roles.
    CONTRIBUTOR "Contributor" "b24988ac-6180-42a0-ab88-20f7382dd24c"
        actions &["*"], not &["Microsoft.Authorization/*/Delete", "Microsoft.Authorization/*/Write"], data NONE;
    /// Does everything.
    OWNER "Owner" "8e3af657-a8ff-443c-a75c-2fe8c4bcb635" actions &["*"], not NONE, data NONE;
    /// A custom role that explains: settings, tokens and role assignments, no image.
    SETTINGS_READER "Registry Settings Reader" "41d7c0a6-0b53-4c1f-9d0e-5a8a6f3b2c17"
        actions &[
            "Microsoft.ContainerRegistry/registries/read",
            "Microsoft.ContainerRegistry/registries/tokens/read",
            "Microsoft.ContainerRegistry/registries/scopeMaps/read",
            "Microsoft.ContainerRegistry/registries/listUsages/read",
            "Microsoft.Authorization/roleAssignments/read",
            "Microsoft.Authorization/permissions/read",
            "Microsoft.Authorization/roleDefinitions/read",
            "Microsoft.Resources/subscriptions/read",
            "Microsoft.Resources/subscriptions/resources/read",
        ], not NONE, data NONE;
}

/// Reads manifests and tags of a repository.
pub const METADATA_READ: &str = "Microsoft.ContainerRegistry/registries/repositories/metadata/read";
/// Changes attributes of a repository.
pub const METADATA_WRITE: &str = "Microsoft.ContainerRegistry/registries/repositories/metadata/write";
/// Deletes tags of a repository.
pub const METADATA_DELETE: &str = "Microsoft.ContainerRegistry/registries/repositories/metadata/delete";
/// Pulls from a repository.
pub const CONTENT_READ: &str = "Microsoft.ContainerRegistry/registries/repositories/content/read";
/// Pushes to a repository.
pub const CONTENT_WRITE: &str = "Microsoft.ContainerRegistry/registries/repositories/content/write";
/// Deletes from a repository.
pub const CONTENT_DELETE: &str = "Microsoft.ContainerRegistry/registries/repositories/content/delete";
/// Lists repositories.
pub const CATALOG_READ: &str = "Microsoft.ContainerRegistry/registries/catalog/read";
