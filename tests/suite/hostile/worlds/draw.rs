//! Draws a world, an identity and a wish from numbers of which zero always means: as it should be.

use super::identity::{Identity, identity, variables};
use simulated_azure::world::*;
use simulated_azure::{Effect, Fault, World};

/// How many numbers make a world.
pub(super) const PLACES: usize = 30;

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
            if drawn[0] % 16 < 14 { 0 } else { drawn[1] }
        };
        let mut choices = [0; PLACES];
        choices.fill_with(&mut choice);
        // Identity, wish and roles vary in every world.
        choices[..6].fill_with(|| draw().to_le_bytes()[2]);
        Self(choices)
    }

    /// A number that differs from one world to the next.
    pub(super) fn sum(&self) -> usize {
        self.0.iter().map(|choice| usize::from(*choice)).sum()
    }

    /// The same with one of them as it should be.
    pub(super) fn without(&self, place: usize) -> Self {
        let mut simpler = self.clone();
        simpler.0[place] = 0;
        simpler
    }
}

/// A world, and a job in it.
pub(super) struct Case {
    pub(super) world: World,
    pub(super) identity: Identity,
    pub(super) pushes: bool,
    pub(super) images: Vec<String>,
    pub(super) variables: Vec<(String, String)>,
    /// What the network does to the check, and not to the job after it.
    pub(super) weather: Weather,
    /// What differs, in words.
    told: Vec<String>,
}

impl std::fmt::Debug for Case {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let wish = if self.pushes { "push" } else { "pull" };
        write!(out, "{wish} {:?} as {}; {}", self.images, self.told[0], self.told[1..].join(", "))
    }
}

/// Trouble that passes before the job begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Weather {
    /// None, or so little of it that a second attempt helps.
    Fair,
    /// A service that decides answers nothing usable: the verdict may be that nobody can tell.
    Foul,
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
    // Conditional Access, multi-factor authentication, security defaults, consent.
    let policy = [53003, 50076, 50079, 65001][pick(29, 4)];
    world.tenant().refuses_with = tell(pick(22, 4) == 1, &format!("AADSTS{policy}")).then_some(policy);
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

    // The runner's clock is wrong, not the services'.
    world.clock_ahead = time::Duration::minutes([0, 20, -20][pick(27, 3)]);
    tell(pick(27, 3) != 0, ["", "a clock that is slow", "a clock that is fast"][pick(27, 3)]);
    let (weather, of_weather) = weather(&mut world, pick(28, 9));
    tell(!of_weather.is_empty(), of_weather);

    let lives = [11_000, 120, -10][pick(26, 3)];
    tell(lives < 0, "a token that ended");
    let (identity, name) = identity(&mut world, pick(0, 17), lives);
    told.insert(0, name.to_owned());
    let variables = variables(&identity, pushes, &images);
    Case { world, identity, pushes, images, variables, weather, told }
}

/// Lays trouble over a world.
fn weather(world: &mut World, which: usize) -> (Weather, &'static str) {
    const ENTRA: &str = "login.microsoftonline.com";
    let busy = || Effect::Answer { status: 503, headers: vec![("retry-after", "600".to_owned())], body: String::new() };
    let mut lay = |host: &str, path: &str, effect| world.fault(Fault::of(host, effect).at(path));
    match which {
        1 => lay(LOGIN_SERVER, "/oauth2/exchange", Effect::throttled(600)),
        2 => lay(LOGIN_SERVER, "/oauth2/token", busy()),
        3 => lay(ENTRA, "/", busy()),
        4 => lay(LOGIN_SERVER, "/v2/", busy()),
        5 => lay(LOGIN_SERVER, "/acr/v1/", busy()),
        6 => {
            for host in ["management.azure.com", "graph.microsoft.com"] {
                lay(host, "/", Effect::html(403, "<h1>Blocked</h1>"));
            }
        }
        7 => world.fault(Fault::of(LOGIN_SERVER, Effect::html(503, "busy")).at("/oauth2/token").times(1)),
        8 => world.fault(Fault::of(LOGIN_SERVER, Effect::Reset).at("/v2/").times(1)),
        _ => {}
    }
    let words = [
        "",
        "an exchange that is throttled",
        "a token endpoint that is busy",
        "an Entra ID that is busy",
        "images and challenge that are busy",
        "attributes that are busy",
        "ARM and Graph that are blocked",
        "a token endpoint that is busy once",
        "a connection that is reset once",
    ];
    (if (1..=5).contains(&which) { Weather::Foul } else { Weather::Fair }, words[which])
}
