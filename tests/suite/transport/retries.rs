//! What is tried again, how often, and when not.

use super::certificates::TRUSTED;
use super::dns::{Known, NameServer};
use super::servers::{Server, head, reply, reset, say};
use super::{get, http_within, network, unreachable};
use acr_preflight::azure::call::{Reason, Reply, Request};
use acr_preflight::plan::Network;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::time::Instant;

/// A server whose n-th reply has the n-th status, the last one for ever.
async fn statuses(statuses: &'static [u16], headers: &'static [(&'static str, &'static str)]) -> (Server, String) {
    let server = Server::https(TRUSTED.server(&["localhost"]), move |_, number| {
        let status = statuses[number.min(statuses.len() - 1)];
        reply(status, if status == 200 { &[] } else { headers }, "{}")
    })
    .await;
    let url = format!("https://localhost:{}/", server.port());
    (server, url)
}

#[tokio::test]
async fn what_is_transient_is_tried_again_until_it_works() {
    let (server, url) = statuses(&[503, 429, 500, 200], &[]).await;
    assert_eq!(http_within(&network(), 10_000).send(get(&url)).await.unwrap().status, 200);
    assert_eq!(server.heads().len(), 4);
    assert_eq!(server.connections(), 1, "a refusal is no reason for a new connection");
}

#[tokio::test]
async fn the_last_reply_is_returned_after_four_attempts() {
    let (server, url) = statuses(&[502], &[]).await;
    assert_eq!(http_within(&network(), 20_000).send(get(&url)).await.unwrap().status, 502);
    assert_eq!(server.heads().len(), 4);
}

#[tokio::test]
async fn what_will_not_change_is_not_tried_again() {
    for status in [&[400_u16][..], &[401], &[403], &[404], &[501], &[302], &[200]] {
        let (server, url) = statuses(status, &[]).await;
        assert_eq!(http_within(&network(), 10_000).send(get(&url)).await.unwrap().status, status[0]);
        assert_eq!(server.heads().len(), 1, "{status:?}");
    }
}

#[tokio::test]
async fn a_service_says_itself_what_is_transient() {
    let (server, url) = statuses(&[400, 200], &[]).await;
    let transient: fn(&Reply) -> bool = |reply| reply.status == 400;
    let request = Request { transient, ..get(&url) };
    assert_eq!(http_within(&network(), 10_000).send(request).await.unwrap().status, 200);
    assert_eq!(server.heads().len(), 2);
}

#[tokio::test]
async fn retry_after_is_waited_for() {
    let (_, url) = statuses(&[429, 200], &[("Retry-After", "2")]).await;
    let began = Instant::now();
    assert_eq!(http_within(&network(), 10_000).send(get(&url)).await.unwrap().status, 200);
    let took = began.elapsed();
    assert!((2000..2900).contains(&took.as_millis()), "{took:?}");
}

#[tokio::test]
async fn a_wait_beyond_the_end_of_the_run_is_not_begun() {
    for headers in [&[("Retry-After", "30")], &[("Retry-After", "18446744073709551615")]] {
        let (server, url) = statuses(&[429, 200], headers).await;
        let began = Instant::now();
        assert_eq!(http_within(&network(), 5000).send(get(&url)).await.unwrap().status, 429);
        assert!(began.elapsed() < Duration::from_millis(1000), "{:?}", began.elapsed());
        assert_eq!(server.heads().len(), 1);
    }
}

#[tokio::test]
async fn a_reset_connection_is_made_again() {
    let server = Server::tls(TRUSTED.server(&["localhost"]), |mut stream, number| async move {
        head(&mut stream).await;
        if number < 2 {
            reset(stream.get_ref().0);
        } else {
            say(&mut stream, &reply(200, &[], "{}")).await;
        }
    })
    .await;
    let url = format!("https://localhost:{}/", server.port());
    assert_eq!(http_within(&network(), 10_000).send(get(&url)).await.unwrap().status, 200);
    assert_eq!(server.connections(), 3);
}

#[tokio::test]
async fn a_connection_that_the_server_has_closed_meanwhile_is_replaced() {
    let server = Server::tls(TRUSTED.server(&["localhost"]), |mut stream, _| async move {
        head(&mut stream).await;
        say(&mut stream, &reply(200, &[], "{}")).await;
    })
    .await;
    let http = http_within(&network(), 10_000);
    for number in 1..4 {
        assert_eq!(http.send(get(&format!("https://localhost:{}/", server.port()))).await.unwrap().status, 200);
        tokio::time::sleep(Duration::from_millis(30)).await;
        assert_eq!(server.connections(), number);
    }
}

#[tokio::test]
async fn a_name_server_that_fails_once_is_asked_again() {
    let registry = Server::https(TRUSTED.server(&["contosoacr.azurecr.io"]), |_, _| reply(200, &[], "")).await;
    let questions = Arc::new(AtomicUsize::new(0));
    let count = questions.clone();
    let server = NameServer::start(move |_| match count.fetch_add(1, Ordering::SeqCst) {
        0 | 1 => Known::Code(hickory_resolver::proto::op::ResponseCode::ServFail),
        _ => Known::Addresses(vec!["127.0.0.1"]),
    })
    .await;
    let network = Network { nameserver: Some(server.address), loopback_port: Some(registry.port()), ..network() };
    assert_eq!(http_within(&network, 10_000).send(get("https://contosoacr.azurecr.io/")).await.unwrap().status, 200);
}

#[tokio::test]
async fn a_name_that_does_not_exist_is_asked_for_once() {
    let server = NameServer::start(|_| Known::NoSuchName).await;
    let network = Network { nameserver: Some(server.address), ..network() };
    let http = http_within(&network, 10_000);
    for _ in 0..3 {
        let error = unreachable(http.send(get("https://contosoacr.azurecr.io/")).await.unwrap_err());
        assert_eq!(error.reason, Reason::NameUnknown);
    }
    let asked = server.asked().iter().filter(|question| question.ends_with(" A")).count();
    assert_eq!(asked, 1, "{:?}", server.asked());
}

#[tokio::test]
async fn a_run_that_meets_only_failures_does_not_become_a_storm() {
    let (server, url) = statuses(&[503], &[]).await;
    let http = Arc::new(http_within(&network(), 30_000));
    let calls: Vec<_> = (0..60)
        .map(|_| {
            let (http, url) = (http.clone(), url.clone());
            tokio::spawn(async move { http.send(get(&url)).await.unwrap().status })
        })
        .collect();
    for call in calls {
        assert_eq!(call.await.unwrap(), 503);
    }
    let requests = server.heads().len();
    assert!((60..=60 + 12 + 12).contains(&requests), "{requests}");
    assert!(server.connections() <= 64, "{}", server.connections());
}
