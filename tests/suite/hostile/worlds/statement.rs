//! What must hold for the job to work, stated from Azure's documentation over the drawn world alone.
//!
//! It asks nobody and shares no code with the product, nor with the services that the push and the pull go to: where
//! the two differ, one of them is wrong about Azure.

use super::client::Met;
use super::draw::Case;
use super::identity::Identity;
use simulated_azure::world::*;

/// Says how the statement and what the job met differ; nothing where they agree.
pub(super) fn differs(case: &Case, met: &Met) -> Option<String> {
    let stated = obstacle(case);
    (stated.is_some() != (*met != Met::Nothing))
        .then(|| format!("stated is {}", stated.unwrap_or("that nothing stands in the way")))
}

/// The first thing that stands in the way of the job.
fn obstacle(case: &Case) -> Option<&'static str> {
    let registry = &case.world.registries[0];
    if registry.firewall.is_some() {
        // Token endpoint or images: each job needs both.
        return Some("the firewall");
    }
    identity(case).or_else(|| {
        let mut wanted = case.images.iter().map(|image| image.split_once(':').unwrap_or((image, "")));
        wanted.find_map(|(repository, tag)| image(case, repository, tag))
    })
}

/// What stands in the way of the sign-in.
fn identity(case: &Case) -> Option<&'static str> {
    let (world, registry) = (&case.world, &case.world.registries[0]);
    let tenant = &world.tenants[0];
    let application = &tenant.applications[0];
    let secret = &application.secrets[0];
    let is_secret = |value: &str| value == secret.value && secret.ends > world.now();
    let principal = application.principal.as_ref().is_some_and(|principal| principal.enabled);
    let signs_in = |proves: bool| match () {
        () if !proves => Some("the credential"),
        () if !principal => Some("the service principal"),
        () if tenant.refuses_with.is_some() => Some("a policy"),
        () if tenant.has_registry_resource => None,
        () => (!registry.accepts_arm_audience).then_some("no audience in common"),
    };
    match &case.identity {
        Identity::Secret { client, .. } if client == OTHER_CLIENT => Some("the other tenant"),
        Identity::Secret { secret, .. } => signs_in(is_secret(secret)).or_else(|| exchange(case)),
        Identity::Federated(token) => {
            let matches = simulated_azure::jwt::claims(token).is_some_and(|claims| claims["sub"] == GITHUB_SUBJECT);
            signs_in(matches).or_else(|| exchange(case))
        }
        Identity::Managed => exchange(case),
        Identity::EntraToken(token) => {
            let claims = simulated_azure::jwt::claims(token).unwrap_or_default();
            let is_welcome = claims["aud"] == REGISTRY_AUDIENCE || registry.accepts_arm_audience;
            match claims["exp"].as_i64().is_some_and(|end| end > world.now().unix_timestamp()) {
                true if is_welcome => exchange(case),
                true => Some("the audience"),
                false => Some("the end of the token"),
            }
        }
        Identity::RefreshToken(token) => {
            let claims = simulated_azure::jwt::claims(token).unwrap_or_default();
            let is_alive = claims["exp"].as_i64().is_some_and(|end| end > world.now().unix_timestamp());
            (!is_alive).then_some("the end of the token")
        }
        Identity::User { name, password } if name == CLIENT => {
            (!is_secret(password) || !principal).then_some("the service principal's password")
        }
        Identity::User { name, password } if name == TOKEN_NAME => {
            let token = &registry.tokens[0];
            let has_ended = token.passwords[0].ends.is_some_and(|end| end <= world.now());
            (password != TOKEN_PASSWORD || has_ended || !token.enabled).then_some("the token's password")
        }
        Identity::User { .. } => (!registry.admin.enabled).then_some("the admin user"),
        Identity::Nobody => (!registry.anonymous_pull).then_some("no anonymous pull"),
    }
}

/// In legacy mode the exchange may refuse an identity without any right.
fn exchange(case: &Case) -> Option<&'static str> {
    let registry = &case.world.registries[0];
    let is_strict = registry.mode == Mode::Legacy && registry.no_role != NoRole::Granted && !registry.anonymous_pull;
    let has_any =
        is_there(case) && case.world.assignments.iter().any(|held| !grants(held.role.name, Mode::Legacy).is_empty());
    (is_strict && !has_any).then_some("no role at the exchange")
}

/// What stands in the way of one image.
fn image(case: &Case, repository: &str, tag: &str) -> Option<&'static str> {
    let registry = &case.world.registries[0];
    if !registry.anonymous_pull && !may(case, repository, "pull") {
        return Some("no right to pull");
    }
    if !case.pushes {
        let is_there = [("team/app", "1.0"), ("team/tool", "1.0"), ("base/os", "12")].contains(&(repository, tag));
        return (!is_there).then_some("no such image");
    }
    if !may(case, repository, "push") {
        return Some("no right to push");
    }
    let stored = registry.images.repositories.get(repository);
    let is_locked =
        stored.is_some_and(|stored| !stored.locks.write || stored.tag_locks.get(tag).is_some_and(|locks| !locks.write));
    is_locked.then_some("a lock")
}

/// Whether the identity itself may pull from a repository, or push to it.
fn may(case: &Case, repository: &str, action: &str) -> bool {
    let rights = match &case.identity {
        Identity::Nobody => "",
        Identity::User { name, .. } if name == REGISTRY => "pull push",
        Identity::User { name, .. } if name == TOKEN_NAME => {
            match case.world.registries[0].tokens[0].scope_map.as_str() {
                "team-push" if repository.starts_with("team/") => "pull push",
                "team-pull" if repository.starts_with("team/") => "pull",
                "base-blind" if repository == "base/os" => "pull push",
                "_repositories_pull" => "pull",
                _ => "",
            }
        }
        _ => return held(case, repository).any(|rights| rights.contains(action)),
    };
    rights.contains(action)
}

/// What each role that counts for a repository grants.
fn held<'a>(case: &'a Case, repository: &'a str) -> impl Iterator<Item = &'static str> + 'a {
    let mode = case.world.registries[0].mode;
    let is_there = is_there(case);
    let reaches = move |held: &&RoleAssignment| match held.condition.as_deref() {
        None => true,
        Some("StringStartsWithIgnoreCase 'team/'") => repository.starts_with("team/"),
        Some("StringEqualsIgnoreCase 'base/os'") => repository == "base/os",
        Some("StringEqualsIgnoreCase 'TEAM/APP'") => repository == "team/app",
        Some(other) => panic!("what does {other} mean?"),
    };
    case.world
        .assignments
        .iter()
        .filter(move |_| is_there)
        .filter(reaches)
        .map(move |held| grants(held.role.name, mode))
}

/// Whether the object that roles are assigned to exists. A token of Entra ID in hand may have outlived it; the other
/// identities either fail without it or have one of their own.
fn is_there(case: &Case) -> bool {
    let principal = case.world.tenants[0].applications[0].principal.is_some();
    principal || !matches!(case.identity, Identity::EntraToken(_))
}

/// What a role grants (Azure Container Registry's page of roles and permissions).
fn grants(role: &str, mode: Mode) -> &'static str {
    let (legacy, abac) = match role {
        "AcrPull" => ("pull", ""),
        "AcrPush" => ("pull push", ""),
        "AcrDelete" => ("delete", ""),
        "Owner" | "Contributor" => ("pull push delete", ""),
        // Every read of the control plane, of which the pull is one in legacy mode.
        "Reader" => ("pull", ""),
        "Container Registry Repository Reader" => ("", "pull"),
        "Container Registry Repository Writer" => ("", "pull push"),
        "Container Registry Repository Contributor" => ("", "pull push delete"),
        "Container Registry Repository Catalog Lister" | "Registry Settings Reader" => ("", ""),
        other => panic!("what does {other} grant?"),
    };
    if mode == Mode::Legacy { legacy } else { abac }
}
