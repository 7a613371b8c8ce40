//! A registry: its settings, its own users, its firewall.

use super::images::{Images, Locks};
use super::names::*;
use time::OffsetDateTime;

/// A container registry.
#[derive(Debug, Clone)]
pub struct Registry {
    /// Resource name.
    pub name: String,
    /// Login server.
    pub login_server: String,
    /// Hosts of single regions (`<name>.<region>.geo.azurecr.io`); its tokens are for the login server all the same.
    pub regional_endpoints: Vec<String>,
    /// The tenant whose tokens it accepts.
    pub tenant: String,
    /// The subscription it lies in.
    pub subscription: String,
    /// `Basic`, `Standard` or `Premium`.
    pub sku: &'static str,
    /// How role assignments count.
    pub mode: Mode,
    /// The admin user.
    pub admin: Admin,
    /// Repository-scoped tokens.
    pub tokens: Vec<ScopedToken>,
    /// Scope maps.
    pub scope_maps: Vec<ScopeMap>,
    /// Anyone may pull.
    pub anonymous_pull: bool,
    /// Entra tokens for ARM are accepted besides those for registries.
    pub accepts_arm_audience: bool,
    /// Requests come through the public endpoint at all.
    pub public_access: bool,
    /// Whom the firewall turns away, and where it says so.
    pub firewall: Option<Firewall>,
    /// How `/oauth2/exchange` refuses an identity without any role.
    pub no_role: NoRole,
    /// How the claims of its access tokens are written.
    pub claims: ClaimCase,
    /// It honours every scope of a token request; the first alone otherwise (neither is documented).
    pub honours_all_scopes: bool,
    /// `/oauth2/token` answers at all what it should; otherwise this.
    pub challenge: ChallengeForm,
    /// Downloads are redirected to this host.
    pub data_host: String,
    /// Where dedicated data endpoints are on: the hosts of its replicas in other regions.
    pub replica_data_hosts: Vec<String>,
    /// Dedicated data endpoints are on.
    pub data_endpoint: bool,
    /// Pushed images are held back until they are released.
    pub quarantine: bool,
    /// A private endpoint exists.
    pub private_endpoint: bool,
    /// Bytes in use and the limit.
    pub usage: (u64, u64),
    /// The images.
    pub images: Images,
}

/// How role assignments count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// `LegacyRegistryPermissions`: AcrPull, AcrPush and wildcard roles.
    Legacy,
    /// `AbacRepositoryPermissions`: repository roles alone.
    Abac,
}

/// The admin user, named after the registry.
#[derive(Debug, Clone)]
pub struct Admin {
    /// It may sign in.
    pub enabled: bool,
    /// Its two passwords.
    pub passwords: [String; 2],
}

/// A repository-scoped token, which is a user of the registry's own.
#[derive(Debug, Clone)]
pub struct ScopedToken {
    /// Its name, which is the user name.
    pub name: String,
    /// It may sign in.
    pub enabled: bool,
    /// Up to two passwords.
    pub passwords: Vec<TokenPassword>,
    /// The name of its scope map.
    pub scope_map: String,
}

/// A password of a repository-scoped token.
#[derive(Debug, Clone)]
pub struct TokenPassword {
    /// `password1` or `password2`.
    pub name: &'static str,
    /// What is sent.
    pub value: String,
    /// Its end; none where it lasts for ever.
    pub ends: Option<OffsetDateTime>,
}

/// What a repository-scoped token may do.
#[derive(Debug, Clone)]
pub struct ScopeMap {
    /// Its name.
    pub name: String,
    /// `repositories/<repository>/content/read` and kin.
    pub actions: Vec<String>,
}

/// A firewall that turns requests away with 403 DENIED.
#[derive(Debug, Clone)]
pub struct Firewall {
    /// The address it sees, which is not always the machine's own.
    pub sees: String,
    /// The paths at which it says so.
    pub at: &'static [&'static str],
}

/// How `/oauth2/exchange` refuses an identity without any role; both are documented.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoRole {
    /// 403 DENIED "retrieving permissions failed" (SDK troubleshooting guides).
    Denied,
    /// 401 UNAUTHORIZED (support article, Error 4).
    Unauthorized,
    /// 200 with a token without permissions, as in ABAC mode.
    Granted,
}

/// How the claims of access tokens are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClaimCase {
    /// `Type`, `Name`, `Actions`, recorded in 2023 and 2024.
    Capital,
    /// `type`, `name`, `actions`, which is all that azure-cli 2.91 reads.
    Lower,
}

/// What `GET /v2/` says to a stranger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChallengeForm {
    /// 401 with realm and service of this registry.
    Bearer,
    /// 401 with another realm.
    Realm(String),
    /// 401 asking for Basic only.
    Basic,
    /// 401 without `WWW-Authenticate`.
    Missing,
}

/// Every door of a registry.
pub const ALL_DOORS: &[&str] = &["/"];

impl Registry {
    pub(super) fn contoso() -> Self {
        Self {
            name: REGISTRY.into(),
            login_server: LOGIN_SERVER.into(),
            regional_endpoints: Vec::new(),
            tenant: TENANT.into(),
            subscription: SUBSCRIPTION.into(),
            sku: "Premium",
            mode: Mode::Legacy,
            admin: Admin {
                enabled: false,
                passwords: [ADMIN_PASSWORD.into(), "adm2simulatedadm2simulatedadm2+ACRDsecond".into()],
            },
            tokens: vec![ScopedToken {
                name: TOKEN_NAME.into(),
                enabled: true,
                passwords: vec![TokenPassword { name: "password1", value: TOKEN_PASSWORD.into(), ends: None }],
                scope_map: "team-push".into(),
            }],
            scope_maps: vec![
                ScopeMap::new(
                    "team-push",
                    &["team/*"],
                    &["content/read", "content/write", "metadata/read", "metadata/write"],
                ),
                ScopeMap::new("team-pull", &["team/*"], &["content/read"]),
                ScopeMap::new("_repositories_pull", &["*"], &["content/read"]),
            ],
            anonymous_pull: false,
            accepts_arm_audience: true,
            public_access: true,
            firewall: None,
            no_role: NoRole::Denied,
            claims: ClaimCase::Lower,
            honours_all_scopes: true,
            challenge: ChallengeForm::Bearer,
            data_host: BLOB_HOST.into(),
            replica_data_hosts: Vec::new(),
            data_endpoint: false,
            quarantine: false,
            private_endpoint: false,
            usage: (12_884_901_888, 107_374_182_400),
            images: Images::healthy(),
        }
    }

    /// Its resource id.
    pub fn id(&self) -> String {
        format!(
            "/subscriptions/{}/resourceGroups/{RESOURCE_GROUP}/providers/Microsoft.ContainerRegistry/registries/{}",
            self.subscription, self.name
        )
    }

    /// Every host that its data may come from.
    pub fn data_hosts(&self) -> impl Iterator<Item = &String> {
        std::iter::once(&self.data_host).chain(&self.replica_data_hosts)
    }

    /// The 32 hexadecimal digits that its tokens call it by; others after a change of the role assignment mode, since
    /// tokens issued before are rejected.
    pub fn short_id(&self) -> String {
        let seed = if self.mode == Mode::Legacy { 7u128 } else { 8 };
        let hash = self
            .login_server
            .bytes()
            .fold(seed, |sum, byte| sum.wrapping_mul(0x0100_0193_0000_0001).wrapping_add(byte.into()));
        format!("{hash:032x}")
    }

    /// The repository-scoped token of the healthy world.
    pub fn token(&mut self) -> &mut ScopedToken {
        &mut self.tokens[0]
    }

    /// Lets the firewall turn the runner away at these paths.
    pub fn denies_runner(&mut self, at: &'static [&'static str]) {
        self.firewall = Some(Firewall { sees: RUNNER_ADDRESS.into(), at });
    }

    /// Locks a repository or one of its tags against writing.
    pub fn lock(&mut self, repository: &str, tag: Option<&str>) {
        let repository = self.images.repository(repository);
        match tag {
            None => repository.locks = Locks::READ_ONLY,
            Some(tag) => drop(repository.tag_locks.insert(tag.into(), Locks::READ_ONLY)),
        }
    }
}

impl ScopeMap {
    /// A scope map that allows these actions on these repositories.
    pub fn new(name: &str, repositories: &[&str], actions: &[&str]) -> Self {
        let action = |repository: &&str| {
            actions.iter().map(move |action| format!("repositories/{repository}/{action}")).collect::<Vec<_>>()
        };
        Self { name: name.into(), actions: repositories.iter().flat_map(action).collect() }
    }

    /// It allows `content/read` and kin on a repository; a closing `*` takes the rest of a name.
    pub fn allows(&self, repository: &str, action: &str) -> bool {
        self.actions.iter().any(|allowed| {
            let Some(name) = allowed.strip_prefix("repositories/").and_then(|rest| rest.strip_suffix(action)) else {
                return false;
            };
            let Some(name) = name.strip_suffix('/') else { return false };
            match name.strip_suffix('*') {
                Some(start) => repository.starts_with(start),
                None => repository == name,
            }
        })
    }
}

/// The first password of the admin user.
pub const ADMIN_PASSWORD: &str = "adm1simulatedadm1simulatedadm1+ACRDfirst1";
/// The name of the repository-scoped token.
pub const TOKEN_NAME: &str = "team-token";
/// Its first password.
pub const TOKEN_PASSWORD: &str = "tok1simulatedtok1simulatedtok1+ACRDtoken1";
