//! Who may do what in a registry: users, their rights, and the access tokens that state them.

use crate::exchange::Asked;
use crate::jwt;
use crate::world::*;
use serde_json::{Value, json};

/// Someone whom the registry knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum User {
    /// A service principal or managed identity: client id, object id.
    Principal(String, String),
    /// The admin user.
    Admin,
    /// A repository-scoped token, by its name.
    Token(String),
    /// Nobody in particular, where anonymous pull is allowed.
    Anonymous,
}

impl User {
    /// The name that tokens call them by.
    pub(super) fn name(&self) -> &str {
        match self {
            Self::Principal(client, _) => client,
            Self::Admin => "admin",
            Self::Token(name) => name,
            Self::Anonymous => "",
        }
    }

    /// Finds a user again by the claims of a refresh token.
    pub(super) fn from_claims(claims: &Value) -> Option<Self> {
        let text = |name: &str| claims[name].as_str().map(str::to_owned);
        Some(Self::Principal(text("appid")?, text("sub")?))
    }

    /// Every action granted on a scope.
    pub(super) fn granted(&self, world: &World, index: usize, kind: &str, name: &str) -> Vec<String> {
        let registry = &world.registries[index];
        let known: &[&str] = match kind {
            "repository" => {
                &["pull", "push", "delete", "metadata_read", "metadata_write", "deleted_read", "deleted_restore"]
            }
            "registry" if name == "catalog" => &["*"],
            _ => &[],
        };
        known
            .iter()
            .filter(|action| self.may(world, registry, kind, name, action))
            .map(|action| (*action).to_owned())
            .collect()
    }

    fn may(&self, world: &World, registry: &Registry, kind: &str, name: &str, action: &str) -> bool {
        let pulls = matches!(action, "pull" | "metadata_read");
        if kind == "repository" && registry.anonymous_pull && pulls {
            return true;
        }
        match self {
            Self::Anonymous => false,
            Self::Admin => true,
            Self::Token(user) => kind == "repository" && token_may(registry, user, name, action),
            Self::Principal(_, object) => {
                let mut held =
                    world.assignments.iter().filter(|held| held.principal == *object && held.covers(&registry.id()));
                match registry.mode {
                    Mode::Legacy => held.any(|held| legacy(held.role, action)),
                    Mode::Abac => held.any(|held| abac(held, kind, name, action)),
                }
            }
        }
    }

    /// Some right on the registry, which is what `/oauth2/exchange` asks for in legacy mode.
    pub(super) fn permissions(&self, world: &World, index: usize) -> Vec<&'static str> {
        let Self::Principal(_, object) = self else { return Vec::new() };
        let registry = &world.registries[index];
        let held: Vec<_> =
            world.assignments.iter().filter(|held| held.principal == *object && held.covers(&registry.id())).collect();
        let some = |action| registry.mode == Mode::Legacy && held.iter().any(|held| held.role.allows(action));
        let mut permissions = Vec::new();
        if some(PULL) {
            permissions.extend(["read", "metadata/read"]);
        }
        if some(PUSH) {
            permissions.extend(["write", "metadata/write"]);
        }
        if some(DELETE) {
            permissions.extend(["delete", "deleted/read", "deleted/restore/action"]);
        }
        permissions
    }
}

fn token_may(registry: &Registry, user: &str, repository: &str, action: &str) -> bool {
    let token = registry.tokens.iter().find(|token| token.name == user);
    let map = token.and_then(|token| registry.scope_maps.iter().find(|map| map.name == token.scope_map));
    let allows = |action| map.is_some_and(|map| map.allows(repository, action));
    match action {
        "pull" => allows("content/read"),
        "push" => allows("content/read") && allows("content/write"),
        "delete" => allows("content/delete"),
        "metadata_read" => allows("metadata/read"),
        "metadata_write" => allows("metadata/write"),
        _ => false,
    }
}

fn legacy(role: &Role, action: &str) -> bool {
    match action {
        "pull" | "metadata_read" | "*" => role.allows(PULL),
        "push" | "metadata_write" => role.allows(PUSH),
        _ => role.allows(DELETE),
    }
}

fn abac(held: &RoleAssignment, kind: &str, name: &str, action: &str) -> bool {
    let role = held.role;
    if kind == "registry" {
        return role.allows_data(CATALOG_READ);
    }
    let reaches = held.condition.as_deref().is_none_or(|condition| condition_holds(condition, name));
    reaches
        && match action {
            "pull" => role.allows_data(CONTENT_READ),
            "push" => role.allows_data(CONTENT_WRITE),
            "metadata_read" => role.allows_data(METADATA_READ),
            "metadata_write" => role.allows_data(METADATA_WRITE),
            _ => role.allows_data(CONTENT_DELETE),
        }
}

/// Reads the two operators that the vendor documents for repository names; several of them are alternatives.
fn condition_holds(condition: &str, repository: &str) -> bool {
    let repository = repository.to_ascii_lowercase();
    let operand = |operator: &str| {
        let rest = condition.split(operator).skip(1);
        rest.filter_map(|rest| rest.split('\'').nth(1)).map(str::to_ascii_lowercase).collect::<Vec<_>>()
    };
    operand("StringEqualsIgnoreCase").contains(&repository)
        || operand("StringStartsWithIgnoreCase").iter().any(|start| repository.starts_with(start))
}

/// What an access token states.
pub(super) struct Bearer {
    access: Vec<Value>,
}

impl Bearer {
    /// The access token of a request, where it is one of this registry's and still valid.
    pub(super) fn of(world: &World, index: usize, asked: &Asked) -> Option<Self> {
        let registry = &world.registries[index];
        let claims = jwt::verified_claims(&asked.bearer()?)?;
        let is_valid = claims["grant_type"] == "access_token"
            && claims["aud"] == registry.login_server.as_str()
            && claims["exp"].as_i64()? > world.now().unix_timestamp();
        is_valid.then_some(Self { access: claims["access"].as_array()?.clone() })
    }

    pub(super) fn allows(&self, kind: &str, name: &str, action: &str) -> bool {
        self.access.iter().any(|entry| {
            let get = |lower: &str, capital: &str| {
                entry.get(lower).or_else(|| entry.get(capital)).cloned().unwrap_or_default()
            };
            let actions = get("actions", "Actions");
            get("type", "Type") == kind
                && get("name", "Name") == name
                && actions.as_array().is_some_and(|actions| actions.iter().any(|granted| granted == action))
        })
    }
}

/// An entry of the claim `access`, in the letter case of this registry.
pub(super) fn access_entry(case: ClaimCase, kind: &str, name: &str, actions: &[String]) -> Value {
    match case {
        ClaimCase::Capital => json!({"Type": kind, "Name": name, "Actions": actions}),
        ClaimCase::Lower => json!({"type": kind, "name": name, "actions": actions}),
    }
}
