//! Draws a world, an identity and a wish from numbers of which zero always means: as it should be.

use simulated_azure::World;
use simulated_azure::world::*;

/// How many numbers make a world.
pub(super) const PLACES: usize = 27;

/// The numbers of a world.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Choices([u8; PLACES]);

impl Choices {
    /// Those of the world of this number.
    pub(super) fn of(number: u64) -> Self {
        // SplitMix64 (Steele, Lea and Flood, 2014): neighbouring numbers give unlike worlds.
        let mut state = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let mut draw = || {
            state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            mixed ^ (mixed >> 31)
        };
        // One or two things in ten differ, so that a good part of all jobs works.
        let mut choice = || {
            let drawn = draw().to_le_bytes();
            if drawn[0] % 16 < 12 { 0 } else { drawn[1] }
        };
        let mut choices = [0; PLACES];
        choices.fill_with(&mut choice);
        // Identity, wish and roles vary in every world.
        choices[..6].fill_with(|| draw().to_le_bytes()[2]);
        Self(choices)
    }

    /// The same with one of them as it should be.
    pub(super) fn without(&self, place: usize) -> Self {
        let mut simpler = self.clone();
        simpler.0[place] = 0;
        simpler
    }
}

/// Who signs in.
#[derive(Debug, Clone)]
pub(super) enum Identity {
    /// A service principal, at Entra ID.
    Secret { tenant: String, client: String, secret: String },
    /// A user of the registry, or a service principal as one.
    User { name: String, password: String },
    /// A token of Entra ID in hand.
    EntraToken(String),
    /// A registry's refresh token in hand.
    RefreshToken(String),
    /// Nobody in particular.
    Nobody,
}

/// A world, and a job in it.
pub(super) struct Case {
    pub(super) world: World,
    pub(super) identity: Identity,
    pub(super) pushes: bool,
    pub(super) images: Vec<String>,
    pub(super) variables: Vec<(String, String)>,
    /// What differs, in words.
    told: Vec<String>,
}

impl std::fmt::Debug for Case {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let wish = if self.pushes { "push" } else { "pull" };
        write!(out, "{wish} {:?} as {}; {}", self.images, self.told[0], self.told[1..].join(", "))
    }
}

/// What is to be pulled or pushed, and what may be missing.
const IMAGES: [&str; 7] =
    ["team/app:1.0", "team/tool:1.0", "base/os:12", "team/new:1.0", "team/app:9.9", "base/os:1.0", "team/tool:1.0"];

/// What a principal may hold.
const ROLES: [Option<&Role>; 12] = [
    Some(&ACR_PUSH),
    Some(&ACR_PUSH),
    Some(&ACR_PULL),
    Some(&REPOSITORY_WRITER),
    Some(&REPOSITORY_READER),
    Some(&REPOSITORY_CONTRIBUTOR),
    Some(&OWNER),
    Some(&CONTRIBUTOR),
    Some(&READER),
    Some(&ACR_DELETE),
    Some(&CATALOG_LISTER),
    None,
];

/// The world and the job of these numbers.
pub(super) fn case(choices: &Choices) -> Case {
    let mut told = Vec::new();
    let pick = |place: usize, of: usize| usize::from(choices.0[place]) % of;
    let mut world = World::healthy();

    let pushes = pick(1, 2) == 0;
    let mut images = vec![IMAGES[pick(2, IMAGES.len())].to_owned()];
    images.extend((pick(3, 3) == 1).then(|| IMAGES[pick(7, IMAGES.len())].to_owned()));
    if pushes && pick(8, 2) == 1 {
        // A repository alone, whatever the tag will be.
        images[0] = images[0].split(':').next().unwrap_or_default().to_owned();
    }

    let abac = pick(6, 2) == 1;
    let conditions = [
        "",
        "StringStartsWithIgnoreCase 'team/'",
        "StringEqualsIgnoreCase 'base/os'",
        "StringEqualsIgnoreCase 'TEAM/APP'",
    ];
    let condition = conditions[if abac { pick(9, 4) } else { 0 }];
    world.assignments.clear();
    for (place, role) in [
        (4, ROLES[pick(4, ROLES.len())]),
        (5, [None, None, Some(&SETTINGS_READER), Some(&ACR_PULL), Some(&REPOSITORY_READER)][pick(5, 5)]),
    ] {
        let Some(role) = role else { continue };
        let assignment = RoleAssignment::on_registry(PRINCIPAL, role);
        let is_conditional = place == 4 && !condition.is_empty();
        told.push(format!(
            "{}{}",
            role.name,
            if is_conditional { format!(" when {condition}") } else { String::new() }
        ));
        world.assignments.push(if is_conditional { assignment.when(condition) } else { assignment });
    }
    let registry = world.registry();
    let mut tell = |differs: bool, words: &str| {
        if differs {
            told.push(words.to_owned());
        }
        differs
    };
    if tell(abac, "ABAC mode") {
        registry.mode = Mode::Abac;
    }
    registry.no_role = [NoRole::Denied, NoRole::Unauthorized, NoRole::Granted][pick(10, 3)];
    tell(pick(10, 3) != 0, ["", "no role is 401", "no role is granted"][pick(10, 3)]);
    registry.claims =
        if tell(pick(11, 2) == 1, "claims in the other letter case") { ClaimCase::Lower } else { ClaimCase::Capital };
    registry.honours_all_scopes = !tell(pick(12, 2) == 1, "first scope only");
    registry.anonymous_pull = tell(pick(13, 2) == 1, "anonymous pull");
    registry.accepts_arm_audience = !tell(pick(14, 2) == 1, "no ARM audience");
    registry.admin.enabled = !tell(pick(15, 2) == 1, "admin disabled");
    registry.token().enabled = !tell(pick(16, 2) == 1, "token disabled");
    let now = time::OffsetDateTime::now_utc();
    registry.token().passwords[0].ends =
        [None, Some(now - time::Duration::days(2)), Some(now + time::Duration::days(3))][pick(17, 3)];
    tell(pick(17, 3) == 1, "token password ended");
    registry.token().scope_map = ["team-push", "team-pull", "base-blind", "_repositories_pull"][pick(18, 4)].into();
    tell(pick(18, 4) != 0, ["", "scope map team-pull", "scope map base-blind", "scope map of all pulls"][pick(18, 4)]);
    // It writes, and reads no attributes.
    registry.scope_maps.push(ScopeMap::new("base-blind", &["base/os"], &["content/read", "content/write"]));
    match pick(19, 5) {
        1 => registry.lock("team/app", None),
        2 => registry.lock("team/app", Some("1.0")),
        3 => registry.lock("base/os", None),
        4 => registry.lock("team/tool", Some("1.0")),
        _ => {}
    }
    tell(
        pick(19, 5) != 0,
        ["", "team/app locked", "team/app:1.0 locked", "base/os locked", "team/tool:1.0 locked"][pick(19, 5)],
    );
    match pick(20, 5) {
        1 => registry.denies_runner(ALL_DOORS),
        2 => registry.denies_runner(&["/oauth2/exchange", "/oauth2/token"]),
        3 => registry.denies_runner(&["/v2/team", "/v2/base", "/acr/v1"]),
        _ => {}
    }
    tell((1..4).contains(&pick(20, 5)), ["", "firewall", "firewall at tokens", "firewall at images", ""][pick(20, 5)]);
    world.tenant().has_registry_resource = !tell(pick(21, 2) == 1, "no registry audience");
    world.tenant().refuses_with = tell(pick(22, 4) == 1, "Conditional Access").then_some(53003);
    match pick(23, 5) {
        1 => world.secret_ends_in(-1),
        2 => world.secret_ends_in(7),
        _ => {}
    }
    tell(pick(23, 5) == 1, "secret ended");
    match pick(24, 5) {
        1 => world.app().principal = None,
        2 => world.app().principal.iter_mut().for_each(|principal| principal.enabled = false),
        _ => {}
    }
    tell((1..3).contains(&pick(24, 5)), ["", "no service principal", "disabled", "", ""][pick(24, 5)]);
    world.app().reads_graph = !tell(pick(25, 2) == 1, "no Graph");

    let lives = [11_000, 120, -10][pick(26, 3)];
    tell(lives < 0, "a token that ended");
    let (identity, name) = identity(&world, pick(0, 14), lives);
    told.insert(0, name.to_owned());
    let variables = variables(&identity, pushes, &images);
    Case { world, identity, pushes, images, variables, told }
}

fn identity(world: &World, which: usize, lives: i64) -> (Identity, &'static str) {
    let secret = |client: &str, secret: &str, tenant: &str| Identity::Secret {
        tenant: tenant.to_owned(),
        client: client.to_owned(),
        secret: secret.to_owned(),
    };
    let user = |name: &str, password: &str| Identity::User { name: name.to_owned(), password: password.to_owned() };
    let permissions: &[&str] = &["read", "metadata/read", "write", "metadata/write"];
    match which {
        1 => (secret(&CLIENT.to_ascii_uppercase(), SECRET, TENANT), "a client id in capitals"),
        2 => (secret(CLIENT, "Zz98Q~not-the-secret_0123456789abcdefghij", TENANT), "a wrong secret"),
        3 => (secret(OTHER_CLIENT, OTHER_SECRET, OTHER_TENANT), "an application of another tenant"),
        4 => (user(CLIENT, SECRET), "a service principal as user"),
        5 => (user(TOKEN_NAME, TOKEN_PASSWORD), "a repository-scoped token"),
        6 => (user(TOKEN_NAME, "tok9wrongtok9wrongtok9wrongtok9+ACRDwrong1"), "a token with a wrong password"),
        7 => (user(REGISTRY, ADMIN_PASSWORD), "the admin user"),
        8 => (Identity::Nobody, "nobody"),
        9 => {
            let registry = &world.registries[0];
            (
                Identity::RefreshToken(registry.refresh_token(world, CLIENT, PRINCIPAL, permissions, lives)),
                "a refresh token",
            )
        }
        10 => (Identity::EntraToken(world.entra_token(REGISTRY_AUDIENCE, lives.min(3599))), "an Entra token"),
        11 => {
            (Identity::EntraToken(world.entra_token("https://management.azure.com/", lives.min(3599))), "an ARM token")
        }
        _ => (secret(CLIENT, SECRET, TENANT), "a service principal"),
    }
}

/// The job's environment.
fn variables(identity: &Identity, pushes: bool, images: &[String]) -> Vec<(String, String)> {
    let mut variables = Vec::new();
    let mut set = |name: &str, value: &str| variables.push((format!("ACR_PREFLIGHT_{name}"), value.to_owned()));
    set("REGISTRY", REGISTRY);
    set("IMAGES", &images.join("\n"));
    set("ROLE", if pushes { "AcrPush" } else { "AcrPull" });
    set("DOCKER", "skip");
    match identity {
        Identity::Secret { tenant, client, secret } => {
            set("TENANT_ID", tenant);
            set("CLIENT_ID", client);
            set("CLIENT_SECRET", secret);
        }
        Identity::User { name, password } => {
            set("USERNAME", name);
            set("PASSWORD", password);
        }
        Identity::EntraToken(token) | Identity::RefreshToken(token) => set("TOKEN", token),
        Identity::Nobody => set("AUTH", "anonymous"),
    }
    variables
}
