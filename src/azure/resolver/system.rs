//! The machine's own name servers, search list and hosts file.

use super::servers::{Servers, System};
use hickory_resolver::Hosts;
use hickory_resolver::config::{ResolverConfig, ResolverOpts};
use hickory_resolver::system_conf::read_system_conf;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

/// Reads `/etc/resolv.conf` and `/etc/hosts`.
///
/// Without a usable resolv.conf the local machine is asked, as glibc and musl do.
pub(super) fn servers() -> Servers {
    let (system, timeout, origin) = match read_system_conf() {
        Ok((config, options)) => (from_config(&config, &options), options.timeout, None),
        Err(error) => {
            let system = System { addresses: vec![local()], ..System::default() };
            (system, ResolverOpts::default().timeout, Some(format!("/etc/resolv.conf: {error}")))
        }
    };
    Servers::new(System { hosts: Hosts::from_system().unwrap_or_default(), ..system }, patience(timeout), origin)
}

fn from_config(config: &ResolverConfig, options: &ResolverOpts) -> System {
    System {
        // glibc and musl read three and no more.
        addresses: config.name_servers().iter().take(3).map(|server| SocketAddr::new(server.ip, 53)).collect(),
        search: config.search().iter().chain(config.domain()).cloned().collect(),
        ndots: options.ndots,
        hosts: Hosts::default(),
    }
}

fn local() -> SocketAddr {
    SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 53)
}

/// How long one server may be silent: as resolv.conf says, but within what a preflight can wait.
fn patience(timeout: Duration) -> Duration {
    timeout.clamp(Duration::from_secs(1), Duration::from_secs(3))
}
