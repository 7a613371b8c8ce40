//! The transport over real sockets: each way in which a connection can fail is told apart.

mod certificates;
mod dns;
mod dnsmasq;
mod faults;
mod limits;
mod names;
mod networks;
mod proxies;
mod records;
mod retries;
mod servers;

use acr_preflight::azure::call::{CallError, Reason, Reply, Request, Unreachable};
use acr_preflight::azure::transport::Http;
use acr_preflight::plan::{Network, RootBundle};
use certificates::TRUSTED;
use servers::{Server, reply};
use std::time::Duration;
use tokio::time::Instant;

/// A network with the test's authority as extra root.
fn network() -> Network {
    Network { extra_roots: vec![RootBundle { origin: "the test".into(), pem: TRUSTED.pem() }], ..Network::default() }
}

/// A run that ends after so many milliseconds.
fn http_within(network: &Network, milliseconds: u64) -> Http {
    Http::new(network, Instant::now() + Duration::from_millis(milliseconds))
}

fn unreachable(error: CallError) -> Unreachable {
    match error {
        CallError::Unreachable(unreachable) => unreachable,
        other => panic!("{other:?}"),
    }
}

/// Why a URL is not reached.
async fn reason(network: &Network, url: &str) -> Reason {
    unreachable(http_within(network, 5000).send(get(url)).await.unwrap_err()).reason
}

fn get(url: &str) -> Request {
    Request::get(url.parse().unwrap())
}

#[tokio::test]
async fn a_healthy_server_is_read_and_its_connection_used_again() {
    let server =
        Server::https(TRUSTED.server(&["localhost"]), |_, _| reply(200, &[("X-Ms-Request-Id", "42")], "{}")).await;
    let http = http_within(&network(), 5000);
    let url = format!("https://localhost:{}/v2/?secret=1", server.port());
    for _ in 0..3 {
        let reply: Reply = http.send(get(&url)).await.unwrap();
        assert_eq!((reply.status, reply.body.as_slice(), reply.path.as_str()), (200, &b"{}"[..], "/v2/"));
    }
    assert_eq!(server.connections(), 1);
    let trace = http.trace();
    assert_eq!(trace.len(), 3);
    assert_eq!((trace[0].path.as_str(), trace[0].correlation_id.as_deref()), ("/v2/", Some("42")));
    assert!(server.heads()[0].contains("\r\nuser-agent: acr-preflight/"), "{:?}", server.heads());
}
