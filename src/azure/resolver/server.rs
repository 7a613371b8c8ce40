//! One name server, and how long it is waited for.

use super::answer::{Said, chain, conclude, shown, words};
use super::connected::ConnectedUdp;
use hickory_resolver::Resolver;
use hickory_resolver::config::{
    ConnectionConfig, NameServerConfig, ResolveHosts, ResolverConfig, ResolverOpts, ServerOrderingStrategy,
};
use hickory_resolver::lookup::Lookup;
use hickory_resolver::net::NetError;
use hickory_resolver::proto::rr::{Name, RecordType};
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::time::timeout;

/// How long a server may be silent that was silent before.
const LIMIT_ONCE_SILENT: Duration = Duration::from_secs(1);
/// Addresses of one family are not kept waiting longer than this for those of the other: some servers never answer
/// questions for IPv6.
const SECOND_FAMILY: Duration = Duration::from_millis(250);

/// A name server.
pub(super) struct Server {
    pub(super) address: SocketAddr,
    resolver: Result<Resolver<ConnectedUdp>, String>,
    limit: Duration,
    silent: AtomicBool,
}

impl Server {
    /// Makes ready to ask; a server may be silent for as long as `limit`.
    pub(super) fn new(address: SocketAddr, limit: Duration) -> Self {
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

    /// Asks for the addresses of a name, both families at once.
    pub(super) async fn ask(&self, name: &Name, left: Duration) -> Said {
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
    pub(super) async fn aliases(&self, name: &Name, left: Duration) -> Vec<String> {
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
