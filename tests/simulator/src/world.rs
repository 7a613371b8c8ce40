//! The state of the simulated world; healthy unless a scenario says the difference.

mod certificates;
mod directory;
mod images;
mod names;
mod registry;
mod roles;
mod surroundings;

pub use certificates::*;
pub use directory::*;
pub use images::*;
pub use names::*;
pub use registry::*;
pub use roles::*;
pub use surroundings::*;

use crate::fault::Fault;
use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;
use time::OffsetDateTime;

/// An address of this machine that nobody listens on.
pub const UNLISTENED: IpAddr = IpAddr::V4(Ipv4Addr::new(127, 0, 0, 2));
/// An address of this machine whose https port never takes a connection.
pub const BLACK_HOLE: IpAddr = IpAddr::V4(Ipv4Addr::new(127, 0, 0, 3));

/// A public address that the machine has only inside a network namespace.
pub const PUBLIC_ADDRESS: IpAddr = IpAddr::V4(Ipv4Addr::new(203, 0, 113, 10));

/// A private address that the machine has only inside a network namespace.
pub const PRIVATE_ADDRESS: IpAddr = IpAddr::V4(Ipv4Addr::new(10, 20, 30, 40));

/// Everything that the simulated services know.
#[derive(Debug, Clone)]
pub struct World {
    /// The Azure cloud that everything lies in.
    pub cloud: &'static Cloud,
    /// How far the clocks of all services are ahead of the real one.
    pub clock_ahead: time::Duration,
    /// How long every answer is held back.
    pub delay: Duration,
    /// Entra ID's directories.
    pub tenants: Vec<Tenant>,
    /// The subscriptions, each trusting one tenant.
    pub subscriptions: Vec<Subscription>,
    /// The registries.
    pub registries: Vec<Registry>,
    /// Who holds which role where.
    pub assignments: Vec<RoleAssignment>,
    /// How Azure Resource Manager cuts its lists of registries and of role assignments; whole where none is given.
    pub arm_pages: Option<ArmPages>,
    /// The token service of GitHub Actions.
    pub github: GitHubTokens,
    /// The token service of Azure Pipelines.
    pub pipelines: PipelinesTokens,
    /// The managed identities of the machine that runs the job.
    pub machine: Machine,
    /// The proxy between the job and the outside world.
    pub proxy: Proxy,
    /// The docker engine of the machine that runs the job.
    pub engine: Engine,
    /// What the name server says.
    pub names: NameServer,
    /// What goes wrong on the wire.
    pub faults: Vec<Fault>,
}

/// A subscription and the tenant it trusts.
#[derive(Debug, Clone)]
pub struct Subscription {
    /// Its id.
    pub id: String,
    /// Its display name.
    pub name: String,
    /// The tenant whose tokens ARM accepts for it.
    pub tenant: String,
}

/// The pages of a list.
#[derive(Debug, Clone)]
pub struct ArmPages {
    /// How many items each holds.
    pub size: usize,
    /// The host that the link to the next one names.
    pub host: String,
}

impl World {
    /// A world in which everything is as it should be: the service principal `ci-pusher` with a client secret and a
    /// federated credential holds AcrPush on `contosoacr` and may read its own application in Graph.
    pub fn healthy() -> Self {
        Self {
            cloud: &PUBLIC_CLOUD,
            clock_ahead: time::Duration::ZERO,
            delay: Duration::ZERO,
            tenants: vec![Tenant::contoso(), Tenant::fabrikam()],
            subscriptions: vec![
                Subscription { id: SUBSCRIPTION.into(), name: "Contoso Production".into(), tenant: TENANT.into() },
                Subscription { id: OTHER_SUBSCRIPTION.into(), name: "Contoso Sandbox".into(), tenant: TENANT.into() },
            ],
            registries: vec![Registry::contoso()],
            assignments: vec![RoleAssignment::on_registry(PRINCIPAL, &ACR_PUSH)],
            arm_pages: None,
            github: GitHubTokens::default(),
            pipelines: PipelinesTokens::default(),
            machine: Machine::default(),
            proxy: Proxy::default(),
            engine: Engine::default(),
            names: NameServer::default(),
            faults: Vec::new(),
        }
    }

    /// The time as every service of this world sees it.
    pub fn now(&self) -> OffsetDateTime {
        OffsetDateTime::now_utc() + self.clock_ahead
    }

    /// The moment so many days from now; negative for the past.
    pub fn in_days(&self, days: i64) -> OffsetDateTime {
        self.now() + time::Duration::days(days)
    }

    /// The tenant of the healthy world's pipeline.
    pub fn tenant(&mut self) -> &mut Tenant {
        &mut self.tenants[0]
    }

    /// The application of the healthy world's pipeline.
    pub fn app(&mut self) -> &mut Application {
        &mut self.tenants[0].applications[0]
    }

    /// The client secret of the healthy world's pipeline.
    pub fn secret(&mut self) -> &mut ClientSecret {
        &mut self.tenants[0].applications[0].secrets[0]
    }

    /// Lets the client secret of the pipeline end so many days from now; negative for the past.
    pub fn secret_ends_in(&mut self, days: i64) {
        let ends = self.in_days(days);
        self.secret().ends = ends;
    }

    /// The registry of the healthy world.
    pub fn registry(&mut self) -> &mut Registry {
        &mut self.registries[0]
    }

    /// Replaces every role of the healthy world's service principal by these, on the registry.
    pub fn roles(&mut self, roles: &[&'static Role]) {
        self.assignments.retain(|assignment| assignment.principal != PRINCIPAL);
        self.assignments.extend(roles.iter().map(|role| RoleAssignment::on_registry(PRINCIPAL, role)));
    }

    /// Gives the healthy world's service principal one more role on the registry.
    pub fn also(&mut self, role: &'static Role) {
        self.assignments.push(RoleAssignment::on_registry(PRINCIPAL, role));
    }

    /// Lets a name resolve to an address of this machine that nobody listens on.
    pub fn unlistened(&mut self, host: &str) {
        self.lead(host, UNLISTENED);
    }

    /// Lets a name resolve to an address of this machine that never takes a connection.
    pub fn vanished(&mut self, host: &str) {
        self.lead(host, BLACK_HOLE);
    }

    /// Moves everything into another cloud, with the registry's name kept.
    pub fn move_to(&mut self, cloud: &'static Cloud) {
        self.cloud = cloud;
        self.registry().login_server = format!("{REGISTRY}{}", cloud.registry_suffix);
    }

    fn lead(&mut self, host: &str, address: IpAddr) {
        self.names.answers.insert(host.into(), NameAnswer::Addresses(Vec::new(), vec![address]));
    }

    /// Lets something go wrong on the wire.
    pub fn fault(&mut self, fault: Fault) {
        self.faults.push(fault);
    }
}
