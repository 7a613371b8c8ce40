//! Name look-up as glibc does it: the hosts file, then one name server after the other, each name once in a run.

mod answer;
mod connected;
mod server;
mod servers;
mod system;

use super::call::Reason;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use servers::Servers;
use std::collections::HashMap;
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use tokio::time::Instant;

/// What a name stands for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Resolution {
    /// Its addresses, IPv4 first; none where the look-up failed.
    pub addresses: Vec<IpAddr>,
    /// The aliases on the way, in order, without a trailing dot; the last one is the name that has the addresses.
    pub aliases: Vec<String>,
}

/// A failed look-up: why, and the aliases that were seen all the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LookupError {
    pub(crate) reason: Reason,
    pub(crate) aliases: Vec<String>,
}

impl fmt::Display for LookupError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.reason.fmt(out)
    }
}

impl std::error::Error for LookupError {}

type Answer = Result<Resolution, LookupError>;
/// The last answer for a name and when it came; the lock is held while the name is being looked up.
type Slot = Arc<tokio::sync::Mutex<Option<(Instant, Answer)>>>;

/// The resolver of the run.
#[derive(Clone)]
pub(crate) struct Resolver(Arc<Shared>);

struct Shared {
    only_server: Option<SocketAddr>,
    loopback_port: Option<u16>,
    /// Read when the first name is looked up: a run through a proxy that is an address never needs it.
    servers: OnceLock<Servers>,
    slots: Mutex<HashMap<String, Slot>>,
}

impl Resolver {
    /// Makes the resolver; `only_server` is asked instead of the system's servers and hosts file.
    pub(crate) fn new(only_server: Option<SocketAddr>, loopback_port: Option<u16>) -> Self {
        Self(Arc::new(Shared { only_server, loopback_port, servers: OnceLock::new(), slots: Mutex::default() }))
    }

    /// Looks a name up by `until`. An address is its own answer. A name that was found, or that does not exist, is not
    /// asked for again; callers who ask at the same time share one look-up, also where it fails.
    pub(crate) async fn look_up(&self, host: &str, search: Search, until: Instant) -> Answer {
        let host = host.trim_end_matches('.').to_ascii_lowercase();
        if let Some(address) = literal(&host) {
            return Ok(Resolution { addresses: vec![address], aliases: Vec::new() });
        }
        let asked = Instant::now();
        let slot = self.slots().entry(host.clone()).or_default().clone();
        let timed_out = || LookupError { reason: Reason::TimedOut(super::call::Phase::Resolve), aliases: Vec::new() };
        let mut slot = tokio::time::timeout_at(until, slot.lock()).await.map_err(|_| timed_out())?;
        if let Some((at, answer)) = &*slot
            && (*at >= asked || is_final(answer))
        {
            return answer.clone();
        }
        let servers = self.0.servers.get_or_init(|| match self.0.only_server {
            Some(server) => Servers::only(server),
            None => system::servers(),
        });
        let looking = servers.look_up(&host, search);
        let answer = tokio::time::timeout_at(until, looking).await.unwrap_or_else(|_| Err(timed_out()));
        *slot = Some((Instant::now(), answer.clone()));
        answer
    }

    /// What is known of a host so far.
    pub(crate) fn known(&self, host: &str) -> Option<Resolution> {
        let host = host.trim_end_matches('.').to_ascii_lowercase();
        let slot = self.slots().get(&host)?.clone();
        let slot = slot.try_lock().ok()?;
        Some(match slot.as_ref()? {
            (_, Ok(resolution)) => resolution.clone(),
            (_, Err(error)) => Resolution { addresses: Vec::new(), aliases: error.aliases.clone() },
        })
    }

    /// The address to connect to: `port`, unless the address is a loopback one that the simulation moved.
    pub(crate) fn socket_address(&self, address: IpAddr, explicit: Option<u16>, default: u16) -> SocketAddr {
        let moved = self.0.loopback_port.filter(|_| address.is_loopback());
        SocketAddr::new(address, explicit.or(moved).unwrap_or(default))
    }

    fn slots(&self) -> std::sync::MutexGuard<'_, HashMap<String, Slot>> {
        self.0.slots.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether the search list of the system completes a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Search {
    /// Never: the name of a service is complete, and a wildcard in a search domain must not stand in for it.
    Never,
    /// As the system says: a proxy is often named by its short name.
    AsTheSystemSays,
}

fn is_final(answer: &Answer) -> bool {
    matches!(answer, Ok(_) | Err(LookupError { reason: Reason::NameUnknown, .. }))
}

/// An address written as a host of a URL: `10.0.0.1`, `[::1]`.
pub(crate) fn literal(host: &str) -> Option<IpAddr> {
    host.trim_start_matches('[').trim_end_matches(']').parse().ok()
}

/// RFC 6761: these names never leave the machine.
fn localhost(host: &str) -> Option<Resolution> {
    let is = host == "localhost" || host.ends_with(".localhost");
    is.then(|| Resolution {
        addresses: vec![Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()],
        aliases: Vec::new(),
    })
}

impl Resolve for Resolver {
    /// Gives the client what was looked up before the request was sent.
    fn resolve(&self, name: Name) -> Resolving {
        let resolver = self.clone();
        Box::pin(async move {
            let until = Instant::now() + servers::TOTAL_LIMIT;
            let found = resolver.look_up(name.as_str(), Search::Never, until).await?;
            // Port 0 means: the URL's own.
            let addresses = found.addresses.into_iter().map(move |address| resolver.socket_address(address, None, 0));
            Ok(Box::new(addresses.collect::<Vec<_>>().into_iter()) as Addrs)
        })
    }
}
