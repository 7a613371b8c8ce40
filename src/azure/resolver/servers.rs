//! Asking name servers: in order, believing the first that answers at all.
//!
//! `hickory_resolver`'s own pool is not used over several servers: by default it asks two at once and believes the
//! first NXDOMAIN, which is wrong for split DNS, and its time limit covers all servers, so that a silent first one
//! leaves none for the second. Each server is therefore a resolver of its own.

use super::answer::{Said, addresses};
use super::server::Server;
use super::{Answer, LookupError, Resolution, Search, localhost};
use crate::azure::call::Reason;
use hickory_resolver::Hosts;
use hickory_resolver::proto::op::Query;
use hickory_resolver::proto::rr::{Name, RecordType};
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;
use tokio::time::Instant;

/// The longest look-up, all servers together.
pub(super) const TOTAL_LIMIT: Duration = Duration::from_secs(6);

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

impl Servers {
    /// The servers of the system, each with so much patience.
    pub(super) fn new(system: System, patience: Duration, odd: Option<String>) -> Self {
        let System { addresses, search, ndots, hosts } = system;
        let limit = match u32::try_from(addresses.len()) {
            // With nobody else to ask, there is no reason to give up early.
            Ok(1) => TOTAL_LIMIT - Duration::from_secs(1),
            count => patience.min(TOTAL_LIMIT / count.unwrap_or(1).max(1)),
        };
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
