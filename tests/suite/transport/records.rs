//! What the transport keeps of a run: exchanges, clocks, names, roots that could not be used; and the look at a host
//! that sends nothing.

use super::certificates::{TRUSTED, UNKNOWN};
use super::servers::{Server, head, reply};
use super::{get, http_within, network};
use acr_preflight::azure::call::{Phase, Reason, TlsFailure};
use acr_preflight::azure::reply::Form;
use acr_preflight::plan::{Network, RootBundle};
use time::OffsetDateTime;
use time::macros::datetime;

fn bundle(pem: &str) -> Network {
    Network { extra_roots: vec![RootBundle { origin: "ca.pem".into(), pem: pem.into() }], ..Network::default() }
}

/// What is wrong with a bundle.
fn wrong_with(pem: &str) -> Option<String> {
    let http = http_within(&bundle(pem), 1000);
    let unusable = http.unusable_roots();
    assert!(unusable.iter().all(|one| one.origin == "ca.pem"));
    unusable.first().map(|one| one.what.clone())
}

#[tokio::test]
async fn a_bundle_that_gives_no_roots_is_reported() {
    let good = TRUSTED.pem();
    assert_eq!(wrong_with(&format!("# a comment\n{good}\n{}", UNKNOWN.pem())), None);
    for nothing in ["", "\n\n", "not PEM at all", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"] {
        assert_eq!(wrong_with(nothing).as_deref(), Some("it holds no PEM certificate"), "{nothing:?}");
    }
    let empty = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    assert_eq!(wrong_with(empty).as_deref(), Some("none of its certificates can be used as a root"));
    assert_eq!(wrong_with(&format!("{empty}{good}")), None, "one that no library takes does no harm");
    for broken in [good.replace("MI", "?!"), good[..good.len() / 2].to_owned()] {
        let what = wrong_with(&format!("{good}{broken}")).unwrap();
        assert!(what.starts_with("it is not proper PEM: "), "{what}");
    }
}

#[tokio::test]
async fn roots_are_added_to_the_built_in_ones_one_bundle_after_the_other() {
    let server = Server::https(UNKNOWN.server(&["localhost"]), |_, _| reply(200, &[], "")).await;
    let mut network = network();
    network.extra_roots.push(RootBundle { origin: "b.pem".into(), pem: "rubbish".into() });
    network.extra_roots.push(RootBundle { origin: "c.pem".into(), pem: UNKNOWN.pem() });
    let http = http_within(&network, 5000);
    assert_eq!(http.send(get(&format!("https://localhost:{}/", server.port()))).await.unwrap().status, 200);
    assert_eq!(http.unusable_roots().len(), 1);
}

#[tokio::test]
async fn each_attempt_is_an_exchange() {
    let server = Server::https(TRUSTED.server(&["localhost"]), |_, number| match number {
        0 => reply(503, &[("x-ms-correlation-request-id", "first")], ""),
        _ => reply(200, &[("x-ms-request-id", "second")], ""),
    })
    .await;
    let http = http_within(&network(), 5000);
    let (url, closed) =
        (format!("https://localhost:{}/v2/?code=hidden", server.port()), "https://localhost:1/token?x=hidden");
    http.send(get(&url)).await.unwrap();
    http.send(get(closed)).await.unwrap_err();
    let trace = http.trace();
    let shown: Vec<_> =
        trace.iter().map(|one| (one.path.as_str(), one.outcome.clone(), one.correlation_id.as_deref())).collect();
    let refused = Err("the connection was refused".to_owned());
    assert_eq!(shown, [("/v2/", Ok(503), Some("first")), ("/v2/", Ok(200), Some("second")), ("/token", refused, None)]);
    assert!(trace[0].began + trace[0].took <= trace[1].began, "{trace:?}");
    assert!(!format!("{trace:?}").contains("hidden"));
}

#[tokio::test]
async fn an_exchange_is_called_by_the_same_id_in_the_trace_and_in_a_refusal() {
    let server = Server::https(TRUSTED.server(&["localhost"]), |head, _| match head {
        _ if head.contains("/devops") => reply(403, &[("X-VSS-E2EID", "of-devops")], ""),
        _ if head.contains("/github") => reply(403, &[("X-GitHub-Request-Id", "of-github")], ""),
        _ => reply(403, &[("x-ms-ests-server", "2.1.1 - WEULR1 ProdSlices")], ""),
    })
    .await;
    let http = http_within(&network(), 5000);
    for (path, id) in [("devops", Some("of-devops")), ("github", Some("of-github")), ("entra", None)] {
        let reply = http.send(get(&format!("https://localhost:{}/{path}", server.port()))).await.unwrap();
        assert_eq!(reply.refusal(Form::Plain).trace_id.as_deref(), id);
        assert_eq!(http.trace().last().unwrap().correlation_id.as_deref(), id, "{path}");
    }
}

#[tokio::test]
async fn the_clock_of_a_host_is_compared_with_the_start_of_the_run() {
    let server = Server::https(TRUSTED.server(&["localhost"]), |head, _| match head {
        _ if head.contains("/cached") => reply(200, &[("Date", "Mon, 23 Nov 2026 00:00:00 GMT"), ("Age", "9")], ""),
        _ if head.contains("/odd") => reply(200, &[("Date", "yesterday")], ""),
        _ => reply(200, &[("Date", "Sun, 22 Nov 2026 10:07:00 GMT")], ""),
    })
    .await;
    let http = http_within(&network(), 5000);
    let begun: OffsetDateTime = datetime!(2026-11-22 10:00 UTC);
    let ask = async |path: &str| http.send(get(&format!("https://localhost:{}{path}", server.port()))).await.unwrap();
    ask("/cached").await;
    ask("/odd").await;
    assert_eq!(http.clock_offset("localhost", begun), None);
    ask("/").await;
    let offset = http.clock_offset("localhost", begun).unwrap();
    assert!((418.0..=420.0).contains(&offset.as_seconds_f64()), "{offset}");
    assert_eq!(http.clock_offset("other.example", begun), None);
}

#[tokio::test]
async fn a_touch_shakes_hands_and_sends_nothing() {
    let heads = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
    let kept = heads.clone();
    let server = Server::tls(TRUSTED.server(&["localhost"]), move |mut stream, _| {
        let kept = kept.clone();
        async move {
            let head = head(&mut stream).await;
            kept.lock().unwrap().push(head);
        }
    })
    .await;
    let moved = |server: &Server, network: Network| Network { loopback_port: Some(server.port()), ..network };
    http_within(&moved(&server, network()), 3000).touch("localhost").await.unwrap();
    tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    assert_eq!(*heads.lock().unwrap(), [None]);

    let untrusted = http_within(&moved(&server, Network::default()), 3000).touch("localhost").await.unwrap_err();
    assert_eq!(untrusted.host, "localhost");
    let issuer = "CN=Trusted by the Test, O=Contoso".to_owned();
    assert_eq!(untrusted.reason, Reason::Tls(TlsFailure::UnknownIssuer { issuer }));

    let cut = Server::tcp(|stream, _| async move { drop(stream) }).await;
    let error = http_within(&moved(&cut, network()), 3000).touch("localhost").await.unwrap_err();
    assert_eq!(error.reason, Reason::Reset(Phase::Handshake));
}
