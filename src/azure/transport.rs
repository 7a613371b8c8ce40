//! HTTPS to the services: one client, its limits, its retries, and errors that say precisely what is wrong.

mod exchange;

use super::call::{CallError, Reason, Reply, Request, Unreachable};
use super::proxy::{ProxySetting, Route, is_local};
use super::resolver::{Resolution, Resolver, Search, literal};
use super::retry::{self, Budget};
use super::tls::{Tls, UnusableRoots};
use super::trace::{Exchange, Trace};
use super::{probe, probe::Target};
use crate::plan::Network;
use reqwest::{Client, Url};
use std::net::IpAddr;
use std::time::Duration;
use time::OffsetDateTime;
use tokio::sync::Semaphore;
use tokio::time::Instant;

/// The longest wait for a connection, TLS included.
const CONNECT_LIMIT: Duration = Duration::from_secs(5);
/// The longest wait for one attempt, from the connection to the end of the body.
const ATTEMPT_LIMIT: Duration = Duration::from_secs(15);
/// The longest look at a connection that hung.
const PROBE_LIMIT: Duration = Duration::from_secs(1);
/// The most requests under way at once: a list of hundreds of images must not open hundreds of connections.
const MOST_AT_ONCE: usize = 64;

/// The one way onto the network.
pub struct Http {
    client: Client,
    tls: Tls,
    resolver: Resolver,
    proxy: ProxySetting,
    /// When everything is to have ended, early enough to be concluded and reported.
    until: Instant,
    /// With less than this left, what times out was cut off by the end of the run.
    margin: Duration,
    trace: Trace,
    budget: Budget,
    places: Semaphore,
}

impl Http {
    /// Makes the client. Nothing is read or asked yet; extra roots are parsed where there are any.
    ///
    /// A tenth of the time to `deadline`, one second at most, is kept back, so that a call that gets no answer fails
    /// by itself before the run is cut off.
    pub fn new(network: &Network, deadline: Instant) -> Self {
        let now = Instant::now();
        let left = deadline.saturating_duration_since(now);
        let tls = Tls::new(&network.extra_roots);
        let resolver = Resolver::new(network.nameserver, network.loopback_port);
        let proxy = ProxySetting::new(network);
        Self {
            client: client(&tls, &resolver, &proxy, CONNECT_LIMIT),
            tls,
            resolver,
            proxy,
            until: deadline - (left / 10).min(Duration::from_secs(1)),
            margin: (left / 4).min(PROBE_LIMIT),
            trace: Trace::new(now),
            budget: Budget::default(),
            places: Semaphore::new(MOST_AT_ONCE),
        }
    }

    /// Sends a request and reads the reply, whatever its status; redirects are replies. What is transient is tried
    /// again while there is time; the reply of the last attempt is returned as it came.
    pub async fn send(&self, request: Request) -> Result<Reply, CallError> {
        self.budget.request();
        let mut waits = retry::waits(&request);
        let mut timed_out = 0;
        let mut before = None;
        loop {
            let began = Instant::now();
            let outcome = self.attempt(&request).await;
            self.trace.record(&request, began, outcome.as_ref().map_err(words));
            let late = matches!(reason(&outcome), Some(Reason::TimedOut(_)));
            // An attempt cut off by the end of the run says less than the one before it.
            let outcome = if late && self.out_of_time() { before.unwrap_or(outcome) } else { outcome };
            timed_out += usize::from(late);
            if !retry::is_worthwhile(&request, &outcome, timed_out) {
                return outcome;
            }
            let Some(wait) = waits.next() else { return outcome };
            let asked = outcome.as_ref().ok().and_then(|reply| retry::retry_after(&reply.headers));
            let wait = wait.max(asked.unwrap_or_default());
            if request.answer_within.is_some_and(|limit| wait > limit) {
                return outcome;
            }
            // A retry that cannot end is no use, nor is one beyond what the run may ask of a service that fails.
            let ends_in_time = Instant::now().checked_add(wait).is_some_and(|end| end < self.until);
            if !ends_in_time || !self.budget.take() {
                return outcome;
            }
            before = Some(outcome);
            tokio::time::sleep(wait).await;
        }
    }

    /// Resolves a host, connects and shakes hands, and sends nothing: for hosts that are to be reached later by others.
    pub async fn touch(&self, host: &str) -> Result<(), Unreachable> {
        let unreachable = |reason, route: Option<&Route>| self.unreachable(host, route, reason);
        let route = self.proxy.route(host, 443).map_err(|reason| unreachable(reason, None))?;
        let until = self.until.min(Instant::now() + CONNECT_LIMIT + CONNECT_LIMIT);
        let touched = async {
            let addresses = self.look_up(host, &route, until).await?;
            let addresses = self.socket_addresses(&addresses, &route, None, 443);
            let target = Target { host, port: 443, tls: true, addresses, route: &route };
            probe::shake_hands(&target, &self.tls, until.min(Instant::now() + CONNECT_LIMIT)).await
        };
        touched.await.map_err(|reason| unreachable(reason, Some(&route)))
    }

    /// What is known of a host's name: its addresses and the aliases on the way. Nothing where it was not looked up
    /// here, as through a proxy.
    pub fn resolution(&self, host: &str) -> Option<Resolution> {
        self.resolver.known(host)
    }

    /// Extra roots that could not be used.
    pub fn unusable_roots(&self) -> &[UnusableRoots] {
        &self.tls.unusable
    }

    /// Every exchange so far.
    pub fn trace(&self) -> Vec<Exchange> {
        self.trace.exchanges()
    }

    /// How far the clock of a host is ahead of the local one, which showed `begun` when this client was made.
    pub fn clock_offset(&self, host: &str, begun: OffsetDateTime) -> Option<time::Duration> {
        self.trace.clock_offset(host, begun)
    }

    /// Whether the time of the run is over, or as good as over: what timed out then says little about the host.
    pub fn out_of_time(&self) -> bool {
        Instant::now() + self.margin >= self.until
    }

    /// The addresses of the host, or of the proxy that leads there.
    async fn look_up(&self, host: &str, route: &Route, until: Instant) -> Result<Vec<IpAddr>, Reason> {
        let (name, search) = match route {
            Route::Direct => (host, Search::Never),
            Route::Through(proxy) => (proxy.host(), Search::AsTheSystemSays),
        };
        match self.resolver.look_up(name, search, until).await {
            Ok(found) => Ok(found.addresses),
            Err(error) => Err(match route {
                Route::Direct => error.reason,
                Route::Through(_) => Reason::Proxy(super::call::ProxyFailure::Unreachable(error.reason.to_string())),
            }),
        }
    }

    fn socket_addresses(
        &self,
        addresses: &[IpAddr],
        route: &Route,
        explicit: Option<u16>,
        default: u16,
    ) -> Vec<std::net::SocketAddr> {
        let (explicit, default) = match route {
            Route::Direct => (explicit, default),
            Route::Through(proxy) => (Some(proxy.port()), 80),
        };
        addresses.iter().map(|address| self.resolver.socket_address(*address, explicit, default)).collect()
    }

    fn unreachable(&self, host: &str, route: Option<&Route>, reason: Reason) -> Unreachable {
        let proxy = match route {
            Some(Route::Through(proxy)) => Some(proxy.shown()),
            _ => None,
        };
        let addresses = match (literal(host), &proxy) {
            (_, Some(_)) => Vec::new(),
            (Some(address), None) => vec![address],
            (None, None) => self.resolver.known(host).map(|known| known.addresses).unwrap_or_default(),
        };
        Unreachable { host: host.to_owned(), proxy, addresses, reason }
    }
}

fn client(tls: &Tls, resolver: &Resolver, proxy: &ProxySetting, connect_limit: Duration) -> Client {
    let builder = Client::builder()
        .user_agent(concat!("acr-preflight/", env!("CARGO_PKG_VERSION")))
        .tls_backend_preconfigured(tls.config.clone())
        .dns_resolver(resolver.clone())
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .referer(false)
        .connect_timeout(connect_limit)
        .tcp_nodelay(true)
        .http1_max_headers(100)
        // The environment is read by `inputs` alone.
        .no_proxy();
    let builder = match proxy.for_client() {
        Some(proxy) => builder.proxy(proxy),
        None => builder,
    };
    builder.build().expect("the settings are constant but for the proxy, which was parsed")
}

/// https, or http on this machine or its own link: no credential travels in the clear.
fn is_allowed(url: &Url) -> bool {
    match url.scheme() {
        "https" => true,
        "http" => url.host_str().is_some_and(is_local),
        _ => false,
    }
}

fn reason(outcome: &Result<Reply, CallError>) -> Option<&Reason> {
    match outcome {
        Err(CallError::Unreachable(unreachable)) => Some(&unreachable.reason),
        _ => None,
    }
}

fn words(error: &CallError) -> String {
    match error {
        CallError::Unreachable(unreachable) => unreachable.reason.to_string(),
        CallError::Malformed(malformed) => malformed.what.clone(),
        CallError::Service(_) | CallError::Elsewhere(_) => "refused".into(),
    }
}
