//! Asking name servers: in order, believing the first that answers at all.
//!
//! `hickory_resolver`'s own pool is not used over several servers: by default it asks two at once and believes the
//! first NXDOMAIN, which is wrong for split DNS, and its time limit covers all servers, so that a silent first one
//! leaves none for the second. Each server is therefore a resolver of its own.

use super::super::call::Reason;
use super::{Answer, LookupError, Resolution, Search, localhost};
use crate::azure::resolver::server::connected::ConnectedUdp;
use hickory_resolver::config::{
    ConnectionConfig, NameServerConfig, ResolveHosts, ResolverConfig, ResolverOpts, ServerOrderingStrategy,
};
use hickory_resolver::lookup::Lookup;
use hickory_resolver::net::{DnsError, NetError, NoRecords};
use hickory_resolver::proto::op::{Query, ResponseCode};
use hickory_resolver::proto::rr::{Name, RData, RecordType};
use hickory_resolver::{Hosts, Resolver};
use std::net::{IpAddr, SocketAddr};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::time::{Instant, timeout};

mod connected;

/// The longest look-up, all servers together.
pub(crate) const TOTAL_LIMIT: Duration = Duration::from_secs(6);
/// How long a server may be silent that was silent before.
const LIMIT_ONCE_SILENT: Duration = Duration::from_secs(1);
/// Addresses of one family are not kept waiting longer than this for those of the other: some servers never answer
/// questions for IPv6.
const SECOND_FAMILY: Duration = Duration::from_millis(250);

/// The most addresses of a name that are kept: more are no help to anybody.
const MOST_ADDRESSES: usize = 16;

/// What the system says about name look-up.
#[derive(Debug, Default)]
pub(super) struct System {
    pub(super) addresses: Vec<SocketAddr>,
    pub(super) search: Vec<Name>,
    pub(super) ndots: usize,
    pub(super) hosts: Hosts,
}

/// The name servers of this machine, and its hosts file.
pub(super) struct Servers {
    list: Vec<Server>,
    search: Vec<Name>,
    ndots: usize,
    hosts: Hosts,
    /// Why the system's configuration is not what is used.
    odd: Option<String>,
}

struct Server {
    address: SocketAddr,
    resolver: Result<Resolver<ConnectedUdp>, String>,
    limit: Duration,
    silent: AtomicBool,
}

/// What one server said.
enum Said {
    Found(Resolution),
    /// The name does not exist, or has no address.
    Nothing,
    Failed(String),
}

impl Servers {
    /// The servers of the system, each with so much patience.
    pub(super) fn new(system: System, patience: Duration, odd: Option<String>) -> Self {
        let System { addresses, search, ndots, hosts } = system;
        // With nobody else to ask, there is no reason to give up early.
        let limit = if addresses.len() == 1 { TOTAL_LIMIT - Duration::from_secs(1) } else { patience };
        let list = addresses.into_iter().map(|address| Server::new(address, limit)).collect();
        Self { list, search, ndots, hosts, odd }
    }

    /// One server and nothing of the system's.
    pub(super) fn only(address: SocketAddr) -> Self {
        Self::new(System { addresses: vec![address], ..System::default() }, TOTAL_LIMIT, None)
    }

    /// Looks a name up in the hosts file, then at the servers.
    pub(super) async fn look_up(&self, host: &str, search: Search) -> Answer {
        // A label over 63 bytes or an empty one: no such name can exist.
        let Ok(complete) = Name::from_ascii(format!("{host}.")) else {
            return Err(LookupError { reason: Reason::NameUnknown, aliases: Vec::new() });
        };
        if let Some(found) = self.in_hosts(&complete).or_else(|| localhost(host)) {
            return Ok(found);
        }
        let deadline = Instant::now() + TOTAL_LIMIT;
        let mut answer = Err(LookupError { reason: Reason::NameUnknown, aliases: Vec::new() });
        for name in self.candidates(&complete, search) {
            answer = self.ask_in_order(&name, deadline).await;
            if !matches!(&answer, Err(LookupError { reason: Reason::NameUnknown, .. })) {
                break;
            }
        }
        answer
    }

    /// The name itself, and where it is a short one the names that the search list makes of it.
    fn candidates(&self, complete: &Name, search: Search) -> Vec<Name> {
        let mut names = vec![complete.clone()];
        if search == Search::AsTheSystemSays {
            let mut relative = complete.clone();
            relative.set_fqdn(false);
            let longer = self.search.iter().filter_map(|domain| relative.clone().append_domain(domain).ok());
            names.extend(longer);
            let dots = usize::from(complete.num_labels()).saturating_sub(1);
            if dots < self.ndots {
                names.rotate_left(1);
            }
        }
        names
    }

    fn in_hosts(&self, name: &Name) -> Option<Resolution> {
        let lookups = [RecordType::A, RecordType::AAAA]
            .map(|kind| self.hosts.lookup_static_host(&Query::query(name.clone(), kind)));
        let addresses: Vec<IpAddr> = lookups.iter().flatten().flat_map(addresses).collect();
        (!addresses.is_empty()).then_some(Resolution { addresses, aliases: Vec::new() })
    }

    async fn ask_in_order(&self, name: &Name, deadline: Instant) -> Answer {
        let mut failures = Vec::from_iter(self.odd.clone());
        for server in &self.list {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                failures.push(format!("{} was not asked, time was up", server.address.ip()));
                continue;
            }
            match server.ask(name, left).await {
                Said::Found(resolution) => return Ok(resolution),
                Said::Nothing => {
                    let aliases = server.aliases(name, left).await;
                    return Err(LookupError { reason: Reason::NameUnknown, aliases });
                }
                Said::Failed(words) => failures.push(format!("{} {words}", server.address.ip())),
            }
        }
        Err(LookupError { reason: Reason::ResolverFailed(failures.join("; ")), aliases: Vec::new() })
    }
}

impl Server {
    fn new(address: SocketAddr, limit: Duration) -> Self {
        let mut connections = [ConnectionConfig::udp(), ConnectionConfig::tcp()];
        for connection in &mut connections {
            connection.port = address.port();
        }
        let config = NameServerConfig::new(address.ip(), true, connections.into());
        let mut options = ResolverOpts::default();
        options.timeout = limit;
        options.attempts = 0;
        options.num_concurrent_reqs = 1;
        options.server_ordering_strategy = ServerOrderingStrategy::UserProvidedOrder;
        options.use_hosts_file = ResolveHosts::Never;
        options.preserve_intermediates = true;
        options.edns0 = true;
        let config = ResolverConfig::from_parts(None, Vec::new(), vec![config]);
        let resolver = Resolver::builder_with_config(config, ConnectedUdp::default()).with_options(options).build();
        Self { address, resolver: resolver.map_err(|error| error.to_string()), limit, silent: AtomicBool::new(false) }
    }

    async fn ask(&self, name: &Name, left: Duration) -> Said {
        let limit = if self.silent.load(Ordering::Relaxed) { LIMIT_ONCE_SILENT } else { self.limit }.min(left);
        let resolver = match &self.resolver {
            Ok(resolver) => resolver,
            Err(words) => return Said::Failed(words.clone()),
        };
        let question = |kind, limit| async move {
            timeout(limit, resolver.lookup(name.clone(), kind)).await.unwrap_or(Err(NetError::Timeout))
        };
        let v4 = question(RecordType::A, limit);
        let v6 = question(RecordType::AAAA, limit);
        tokio::pin!(v4, v6);
        let rest = |first: &Result<Lookup, NetError>| if first.is_ok() { SECOND_FAMILY } else { limit };
        let late = |answer: Result<_, _>| answer.unwrap_or(Err(NetError::Timeout));
        let (v4, v6) = tokio::select! {
            first = &mut v4 => { let wait = rest(&first); (first, late(timeout(wait, v6).await)) }
            first = &mut v6 => { let wait = rest(&first); (late(timeout(wait, v4).await), first) }
        };
        let said = conclude(name, [v4, v6]);
        let silent = matches!(said, Err(NetError::Timeout));
        self.silent.store(silent, Ordering::Relaxed);
        match said {
            Ok(Some(resolution)) => Said::Found(resolution),
            Ok(None) => Said::Nothing,
            Err(NetError::Timeout) => Said::Failed(format!("gave no answer within {:.1} s", limit.as_secs_f32())),
            Err(error) => Said::Failed(words(&error)),
        }
    }

    /// The aliases of a name that leads nowhere: the alias into a private zone is there even where its record is not.
    async fn aliases(&self, name: &Name, left: Duration) -> Vec<String> {
        let Ok(resolver) = &self.resolver else { return Vec::new() };
        let mut aliases = Vec::new();
        let follow = async {
            let mut name = name.clone();
            while aliases.len() < 8 {
                let Ok(lookup) = resolver.lookup(name.clone(), RecordType::CNAME).await else { break };
                let Some(target) = chain(&name, &lookup).pop() else { break };
                aliases.push(shown(&target));
                name = target;
            }
        };
        let _ = timeout(left.min(LIMIT_ONCE_SILENT), follow).await;
        aliases
    }
}

/// What two answers say together: the addresses of either, nothing where one says that there is no such name or both
/// that it has none, else the failure.
fn conclude(name: &Name, answers: [Result<Lookup, NetError>; 2]) -> Result<Option<Resolution>, NetError> {
    let mut resolution = Resolution::default();
    let (mut failure, mut no_such_name) = (None, false);
    for answer in answers {
        match answer {
            Ok(lookup) => {
                resolution.addresses.extend(addresses(&lookup));
                let aliases: Vec<String> = chain(name, &lookup).iter().map(shown).collect();
                if aliases.len() > resolution.aliases.len() {
                    resolution.aliases = aliases;
                }
            }
            Err(NetError::Dns(DnsError::NoRecordsFound(NoRecords { response_code, .. }))) => {
                no_such_name |= response_code == ResponseCode::NXDomain;
            }
            Err(error) => failure = failure.or(Some(error)),
        }
    }
    resolution.addresses.truncate(MOST_ADDRESSES);
    match failure {
        // Some servers say of a name with addresses of one family that it does not exist in the other.
        _ if !resolution.addresses.is_empty() => Ok(Some(resolution)),
        Some(error) if !no_such_name => Err(error),
        _ => Ok(None),
    }
}

fn addresses(lookup: &Lookup) -> Vec<IpAddr> {
    lookup.answers().iter().filter_map(|record| record.data.ip_addr()).collect()
}

/// The aliases of a name in the order in which they lead on.
fn chain(name: &Name, lookup: &Lookup) -> Vec<Name> {
    let mut chain: Vec<Name> = Vec::new();
    let next = |name: &Name| {
        lookup.answers().iter().find_map(|record| match &record.data {
            RData::CNAME(target) if record.name == *name => Some(target.0.clone()),
            _ => None,
        })
    };
    while let Some(target) = next(chain.last().unwrap_or(name)) {
        if chain.contains(&target) {
            break;
        }
        chain.push(target);
    }
    chain
}

fn shown(name: &Name) -> String {
    name.to_ascii().trim_end_matches('.').to_ascii_lowercase()
}

fn words(error: &NetError) -> String {
    match error {
        NetError::Dns(DnsError::ResponseCode(code)) => format!("answered {}", code_name(*code)),
        // The pool says the latter where the operating system said the former: a closed port, no route.
        NetError::Io(_) | NetError::NoConnections => "was not reached".into(),
        other => format!("failed: {other}"),
    }
}

/// The name of an RCODE as the field writes it.
fn code_name(code: ResponseCode) -> String {
    match code {
        ResponseCode::ServFail => "SERVFAIL".into(),
        ResponseCode::Refused => "REFUSED".into(),
        ResponseCode::FormErr => "FORMERR".into(),
        ResponseCode::NotImp => "NOTIMP".into(),
        other => other.to_string(),
    }
}
