//! The verdict is right: what the preflight says of an identity is what a push and a pull by skopeo then do.
//!
//! Each kind of credential meets each kind of right, in a world of its own; the registry of that world stores what is
//! pushed.

mod image;
mod login;

use crate::harness::run_in;
use crate::real_clients::{Clients, are_here};
use login::Login;
use simulated_azure::world::*;
use simulated_azure::{Simulator, World, scenario};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// What the service principal or managed identity holds.
type Rights = (&'static str, fn(&mut World));

/// The rights that each kind of credential meets.
const RIGHTS: [Rights; 5] = [
    ("AcrPush", |world| hold(world, &[&ACR_PUSH])),
    ("AcrPull", |world| hold(world, &[&ACR_PULL])),
    ("no role", |world| hold(world, &[])),
    ("Repository Writer in ABAC mode", |world| in_abac_mode(world, &[&REPOSITORY_WRITER])),
    ("AcrPush in ABAC mode", |world| in_abac_mode(world, &[&ACR_PUSH])),
];

/// Further rights that one kind of credential meets for all.
const FURTHER_RIGHTS: [Rights; 10] = [
    ("Owner", |world| hold(world, &[&OWNER])),
    ("Contributor", |world| hold(world, &[&CONTRIBUTOR])),
    ("Reader", |world| hold(world, &[&READER])),
    ("AcrDelete", |world| hold(world, &[&ACR_DELETE])),
    ("AcrPull and AcrDelete", |world| hold(world, &[&ACR_PULL, &ACR_DELETE])),
    ("no role, in the other wording", |world| {
        hold(world, &[]);
        world.registry().no_role = NoRole::Unauthorized;
    }),
    ("Repository Reader in ABAC mode", |world| in_abac_mode(world, &[&REPOSITORY_READER])),
    ("Owner in ABAC mode", |world| in_abac_mode(world, &[&OWNER])),
    ("Repository Writer for this repository", |world| on_condition(world, "StringEqualsIgnoreCase 'team/app'")),
    ("Repository Writer for other repositories", |world| on_condition(world, "StringStartsWithIgnoreCase 'other/'")),
];

/// The kinds of credential, by the scenario that hands each over, and how skopeo signs in with the same identity.
const OF_ENTRA: [(&str, Login); 11] = [
    ("healthy", Login::ServicePrincipal),
    ("healthy-service-principal-as-user", Login::ServicePrincipal),
    ("healthy-certificate", Login::TokenOfSecret),
    ("healthy-oidc", Login::TokenOfSecret),
    ("healthy-federated-token-file", Login::TokenOfSecret),
    ("healthy-service-connection", Login::TokenOfSecret),
    ("healthy-managed-identity", Login::TokenOfMachine),
    ("healthy-user-assigned-identity", Login::TokenOfMachine),
    ("healthy-entra-token", Login::TokenOfSecret),
    ("healthy-refresh-token", Login::GivenToken),
    ("healthy-identity-token", Login::DockerConfig),
];

/// Users of the registry's own, with the rights that only they have.
const OF_REGISTRY: [(&str, Login, Rights); 9] = [
    ("healthy-admin", Login::User(REGISTRY, ADMIN_PASSWORD), ("enabled", |_| ())),
    (
        "healthy-admin",
        Login::User(REGISTRY, ADMIN_PASSWORD),
        ("disabled", |world| world.registry().admin.enabled = false),
    ),
    ("healthy-token-user", Login::User(TOKEN_NAME, TOKEN_PASSWORD), ("a scope map to push", |_| ())),
    (
        "healthy-token-user",
        Login::User(TOKEN_NAME, TOKEN_PASSWORD),
        ("a scope map to pull", |world| map(world, &["team/app"], &["content/read"])),
    ),
    (
        "healthy-token-user",
        Login::User(TOKEN_NAME, TOKEN_PASSWORD),
        ("a scope map of others", |world| map(world, &["other/app"], &["content/read", "content/write"])),
    ),
    ("healthy-docker-config", Login::DockerConfig, ("a scope map to push", |_| ())),
    (
        "healthy-docker-config",
        Login::DockerConfig,
        ("a scope map to pull", |world| map(world, &["team/app"], &["content/read"])),
    ),
    ("healthy-anonymous", Login::Nobody, ("anonymous pull", |_| ())),
    ("healthy-anonymous", Login::Nobody, ("no anonymous pull", |world| world.registry().anonymous_pull = false)),
];

#[test]
fn the_verdict_is_what_skopeo_then_meets() {
    if !are_here(&["skopeo", "curl"]) {
        return;
    }
    let mut cases: Vec<(&str, Login, Rights)> = OF_REGISTRY.to_vec();
    for (name, login) in OF_ENTRA {
        cases.extend(RIGHTS.map(|rights| (name, login, rights)));
    }
    cases.extend(FURTHER_RIGHTS.map(|rights| ("healthy", Login::ServicePrincipal, rights)));
    let (next, met) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    thread::scope(|scope| {
        for _ in 0..6 {
            scope.spawn(|| {
                while let Some((name, login, rights)) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let pairs = compare(name, *login, rights);
                    met.lock().unwrap().extend(pairs);
                }
            });
        }
    });
    let met = met.into_inner().unwrap();
    let wrong: Vec<&str> = met.iter().filter(|pair| pair.said != pair.done).map(|pair| pair.words.as_str()).collect();
    assert!(wrong.is_empty(), "{} of {} differ:\n{}", wrong.len(), met.len(), wrong.join("\n"));
    let done = met.iter().filter(|pair| pair.done).count();
    assert!(done > 20 && met.len() - done > 20, "{done} of {} went well; the table shows nothing", met.len());
}

/// What the preflight said, and what skopeo then met.
struct Pair {
    said: bool,
    done: bool,
    words: String,
}

/// Lets the preflight judge a pull and a push, and skopeo do them.
fn compare(name: &str, login: Login, (rights, give): &Rights) -> Vec<Pair> {
    let scenario = scenario(name).unwrap();
    let mut world = scenario.build();
    give(&mut world);
    let simulator = Simulator::start(world).unwrap();
    let mut environment = scenario.prepare(&simulator).unwrap();
    environment.retain(|(name, _)| !["ACR_PREFLIGHT_IMAGES", "ACR_PREFLIGHT_ROLE"].contains(&name.as_str()));
    let clients = Clients::of(&simulator);
    let credentials = login.credentials(&clients, &simulator, &environment);
    let uses: [(&str, &str, Use); 2] = [("AcrPull", "team/app:1.0", image::pull), ("AcrPush", "team/app", image::push)];
    let pair = |(role, images, go): (&str, &str, Use)| {
        let run = run_in(&simulator, &environment, &["--format", "json", "--role", role, "--images", images]);
        let outcome = credentials.as_ref().map_err(String::clone).and_then(|credentials| go(&clients, credentials));
        let (code, ids) = (run.code, run.findings());
        let words = format!("{name} with {rights}: {role} ends with {code:?} {ids:?}, skopeo with {outcome:?}");
        Pair { said: code == Some(0), done: outcome.is_ok(), words }
    };
    uses.map(pair).into()
}

/// A pull or a push with skopeo's options to sign in.
type Use = fn(&Clients, &[String]) -> Result<(), String>;

/// Gives the pipeline's principal, and whatever identity the machine has, these roles and no other.
fn hold(world: &mut World, roles: &[&'static Role]) {
    let mut principals: Vec<String> = world.machine.identities.iter().map(|identity| identity.object.clone()).collect();
    principals.push(PRINCIPAL.to_owned());
    world.assignments.retain(|held| !principals.contains(&held.principal));
    for principal in &principals {
        world.assignments.extend(roles.iter().map(|role| RoleAssignment::on_registry(principal, role)));
    }
}

fn in_abac_mode(world: &mut World, roles: &[&'static Role]) {
    world.registry().mode = Mode::Abac;
    world.registry().no_role = NoRole::Granted;
    hold(world, roles);
}

fn on_condition(world: &mut World, operation: &str) {
    in_abac_mode(world, &[&REPOSITORY_WRITER]);
    let attribute = "@Request[Microsoft.ContainerRegistry/registries/repositories:name]";
    for held in &mut world.assignments {
        held.condition = Some(format!("{attribute} {operation}"));
    }
}

fn map(world: &mut World, repositories: &[&str], actions: &[&str]) {
    let registry = world.registry();
    let name = registry.tokens[0].scope_map.clone();
    registry.scope_maps.retain(|map| map.name != name);
    registry.scope_maps.push(ScopeMap::new(&name, repositories, actions));
}
