//! Bounded time and memory, and credentials that stay where they were sent.

use super::certificates::TRUSTED;
use super::dns::{Known, NameServer};
use super::servers::{Server, head, reply, say};
use super::{get, http_within, network, unreachable};
use acr_preflight::azure::call::{Authorization, BODY_LIMIT, Body, CallError, Phase, Reason, Request};
use acr_preflight::plan::Network;
use acr_preflight::secret::Secret;
use std::io::Write;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::time::{Instant, sleep};

/// Sends with so much time, and expects the call to have ended by itself before that time was over.
async fn within(milliseconds: u64, network: &Network, request: Request) -> Result<u16, CallError> {
    let began = Instant::now();
    let http = http_within(network, milliseconds);
    let outcome = http.send(request).await;
    let (took, limit) = (began.elapsed(), Duration::from_millis(milliseconds));
    assert!(took < limit, "took {took:?} of {limit:?}: {outcome:?}");
    outcome.map(|reply| reply.status)
}

async fn reason_within(milliseconds: u64, network: &Network, request: Request) -> Reason {
    unreachable(within(milliseconds, network, request).await.unwrap_err()).reason
}

/// A port whose connections are neither taken nor refused: its queue is full.
pub(super) async fn black_hole() -> (SocketAddr, Vec<TcpStream>, TcpListener) {
    black_hole_at("127.0.0.1:0").await
}

pub(super) async fn black_hole_at(address: &str) -> (SocketAddr, Vec<TcpStream>, TcpListener) {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind(address.parse().unwrap()).unwrap();
    let listener = socket.listen(0).unwrap();
    let address = listener.local_addr().unwrap();
    let mut waiting = Vec::new();
    while let Ok(stream) = tokio::time::timeout(Duration::from_millis(100), TcpStream::connect(address)).await {
        waiting.push(stream.unwrap());
    }
    (address, waiting, listener)
}

#[tokio::test]
async fn a_port_that_is_silent_times_out_in_the_connection() {
    let (address, _waiting, _listener) = black_hole().await;
    let url = format!("https://localhost:{}/", address.port());
    let quick = Request { connect_within: Some(Duration::from_millis(300)), ..get(&url) };
    let began = Instant::now();
    assert_eq!(reason_within(5000, &network(), quick).await, Reason::TimedOut(Phase::Connect));
    assert!(began.elapsed() < Duration::from_millis(800), "the limit of the request holds: {:?}", began.elapsed());
    assert_eq!(reason_within(900, &network(), get(&url)).await, Reason::TimedOut(Phase::Connect));
}

#[tokio::test]
async fn a_metadata_service_that_is_not_there_is_given_up_early() {
    let (address, _waiting, _listener) = black_hole().await;
    let url = format!("http://127.0.0.1:{}/metadata/identity/oauth2/token", address.port());
    let began = Instant::now();
    let quick = Request { connect_within: Some(Duration::from_secs(1)), ..get(&url) };
    assert_eq!(reason_within(20_000, &network(), quick).await, Reason::TimedOut(Phase::Connect));
    assert!(began.elapsed() < Duration::from_millis(1700), "{:?}", began.elapsed());
}

#[tokio::test]
async fn a_port_that_takes_connections_and_is_silent_times_out_in_the_handshake() {
    let server =
        Server::tcp(|mut stream, _| async move { while stream.read(&mut [0; 2048]).await.is_ok_and(|n| n > 0) {} })
            .await;
    let url = format!("https://localhost:{}/", server.port());
    let quick = Request { connect_within: Some(Duration::from_millis(300)), ..get(&url) };
    assert_eq!(reason_within(5000, &network(), quick).await, Reason::TimedOut(Phase::Handshake));
    assert_eq!(reason_within(900, &network(), get(&url)).await, Reason::TimedOut(Phase::Handshake));
}

#[tokio::test]
async fn a_server_that_never_answers_times_out_in_the_request() {
    let server = Server::tls(TRUSTED.server(&["localhost"]), |mut stream, _| async move {
        head(&mut stream).await;
        sleep(Duration::from_secs(60)).await;
    })
    .await;
    let url = format!("https://localhost:{}/", server.port());
    assert_eq!(reason_within(900, &network(), get(&url)).await, Reason::TimedOut(Phase::Request));
}

#[tokio::test]
async fn a_slow_body_times_out_in_the_body() {
    for start in ["HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\n"] {
        let server = Server::tls(TRUSTED.server(&["localhost"]), move |mut stream, _| async move {
            head(&mut stream).await;
            say(&mut stream, start.as_bytes()).await;
            loop {
                say(&mut stream, b" ").await;
                sleep(Duration::from_millis(20)).await;
            }
        })
        .await;
        let url = format!("https://localhost:{}/", server.port());
        assert_eq!(reason_within(900, &network(), get(&url)).await, Reason::TimedOut(Phase::Body));
    }
}

#[tokio::test]
async fn a_slow_head_times_out_in_the_request() {
    let server = Server::tls(TRUSTED.server(&["localhost"]), |mut stream, _| async move {
        head(&mut stream).await;
        say(&mut stream, b"HTTP/1.1 200 OK\r\n").await;
        loop {
            say(&mut stream, b"x: y\r\n").await;
            sleep(Duration::from_millis(30)).await;
        }
    })
    .await;
    let url = format!("https://localhost:{}/", server.port());
    assert_eq!(reason_within(900, &network(), get(&url)).await, Reason::TimedOut(Phase::Request));
}

#[tokio::test]
async fn what_has_no_end_ends_with_the_run() {
    // An empty member of a gzip file.
    const EMPTY: &str = "\x1f\u{8b}\x08\0\0\0\0\0\0\x03\x03\0\0\0\0\0\0\0\0\0";
    let empty: Vec<u8> = EMPTY.chars().map(|c| u32::from(c) as u8).collect();
    let cases: [(&str, Vec<u8>); 5] = [
        ("", b"HTTP/1.1 100 Continue\r\n\r\n".to_vec()),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1", b";extension".to_vec()),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"00".to_vec()),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n", b"x: y\r\n".to_vec()),
        ("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n", empty),
    ];
    for (start, forever) in cases {
        let server = Server::tls(TRUSTED.server(&["localhost"]), move |mut stream, _| {
            let forever = forever.repeat(100);
            async move {
                head(&mut stream).await;
                say(&mut stream, start.as_bytes()).await;
                while stream.write_all(&forever).await.is_ok() {
                    tokio::task::yield_now().await;
                }
            }
        })
        .await;
        within(900, &network(), get(&format!("https://localhost:{}/", server.port()))).await.unwrap_err();
    }
}

#[tokio::test]
async fn a_silent_name_server_leaves_time_to_conclude() {
    let server = NameServer::start(|_| Known::Silence).await;
    let network = Network { nameserver: Some(server.address), ..network() };
    let said = reason_within(900, &network, get("https://contosoacr.azurecr.io/")).await;
    assert_eq!(said, Reason::TimedOut(Phase::Resolve));
}

#[tokio::test]
async fn a_call_after_the_end_of_the_run_is_not_made() {
    let server = Server::https(TRUSTED.server(&["localhost"]), |_, _| reply(200, &[], "")).await;
    let http = http_within(&network(), 100);
    sleep(Duration::from_millis(120)).await;
    assert!(http.out_of_time());
    let began = Instant::now();
    let outcome = http.send(get(&format!("https://localhost:{}/", server.port()))).await;
    assert!(matches!(unreachable(outcome.unwrap_err()).reason, Reason::TimedOut(_)));
    assert!(http.touch("localhost").await.is_err());
    assert!(began.elapsed() < Duration::from_millis(100), "{:?}", began.elapsed());
    assert!(server.heads().is_empty());
}

#[tokio::test]
async fn a_body_beyond_the_limit_is_left_unread() {
    let endless = Server::tls(TRUSTED.server(&["localhost"]), |mut stream, _| async move {
        head(&mut stream).await;
        say(&mut stream, b"HTTP/1.1 200 OK\r\n\r\n").await;
        let bytes = [b' '; 65536];
        loop {
            say(&mut stream, &bytes).await;
            tokio::task::yield_now().await;
        }
    })
    .await;
    let announced = Server::https(TRUSTED.server(&["localhost"]), |_, _| {
        format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", BODY_LIMIT + 1).into_bytes()
    })
    .await;
    // A gigabyte of blanks, as a megabyte.
    let mut bomb = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    for _ in 0..64 {
        bomb.write_all(&vec![b' '; 1 << 20]).unwrap();
    }
    let bomb = bomb.finish().unwrap();
    let head = format!("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {}\r\n\r\n", bomb.len());
    let bomb = [head.into_bytes(), bomb].concat();
    let bomb = Server::https(TRUSTED.server(&["localhost"]), move |_, _| bomb.clone()).await;
    for server in [endless, announced, bomb] {
        let outcome = within(20_000, &network(), get(&format!("https://localhost:{}/v2/", server.port()))).await;
        let Err(CallError::Malformed(malformed)) = outcome else { panic!("{outcome:?}") };
        assert_eq!((malformed.status, malformed.what.as_str()), (200, "a body of more than 4 MiB"));
    }
}

#[tokio::test]
async fn a_body_at_the_limit_is_read() {
    let body = " ".repeat(BODY_LIMIT);
    let server = Server::https(TRUSTED.server(&["localhost"]), move |_, _| reply(200, &[], &body)).await;
    let url = format!("https://localhost:{}/", server.port());
    assert_eq!(http_within(&network(), 20_000).send(get(&url)).await.unwrap().body.len(), BODY_LIMIT);
}

#[tokio::test]
async fn the_length_of_a_body_that_head_leaves_out_does_not_count() {
    let server = Server::https(TRUSTED.server(&["localhost"]), |_, _| {
        format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", BODY_LIMIT * 9).into_bytes()
    })
    .await;
    let request = Request { method: "HEAD".parse().unwrap(), ..get(&format!("https://localhost:{}/", server.port())) };
    assert_eq!(within(5000, &network(), request).await.unwrap(), 200);
}

#[tokio::test]
async fn a_redirect_is_a_reply_and_nothing_is_sent_to_where_it_points() {
    let other = Server::https(TRUSTED.server(&["localhost"]), |_, _| reply(200, &[], "")).await;
    let target = format!("https://localhost:{}/stolen", other.port());
    for status in [301, 302, 303, 307, 308] {
        let target = target.clone();
        let server =
            Server::https(TRUSTED.server(&["localhost"]), move |_, _| reply(status, &[("Location", &target)], ""))
                .await;
        let authorization = Some(Authorization::Bearer(Secret::new("top-secret")));
        let body = Body::Form(vec![
            ("refresh_token", Secret::new("top-secret")),
            ("scope", Secret::new("a")),
            ("scope", Secret::new("b")),
        ]);
        let method = "POST".parse().unwrap();
        let request =
            Request { method, authorization, body, ..get(&format!("https://localhost:{}/v2/", server.port())) };
        assert_eq!(within(5000, &network(), request).await.unwrap(), status);
        assert!(server.heads()[0].contains("authorization: Bearer top-secret\r\n"));
    }
    assert_eq!(other.connections(), 0);
}

#[tokio::test]
async fn nothing_is_sent_over_http_but_to_this_machine_and_its_link() {
    let server = NameServer::start(|_| Known::Addresses(vec!["127.0.0.1"])).await;
    let network = Network { nameserver: Some(server.address), loopback_port: Some(9), ..network() };
    for url in
        ["http://contosoacr.azurecr.io/", "http://10.0.0.1/", "http://localhost.contoso.example/", "ftp://localhost/"]
    {
        let said = reason_within(2000, &network, get(url)).await;
        assert_eq!(said, Reason::Other("only https is spoken with this host".into()), "{url}");
    }
    assert_eq!(server.asked(), [""; 0]);
}

#[tokio::test]
async fn errors_hold_neither_queries_nor_headers_nor_bodies() {
    let server = Server::https(TRUSTED.server(&["localhost"]), |_, _| b"canary in the reply\r\n\r\n".to_vec()).await;
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    for (port, value) in [(server.port(), "canary"), (free, "canary"), (server.port(), "canary\nin two lines")] {
        let request = Request {
            headers: vec![("x-canary", "canary".into())],
            authorization: Some(Authorization::Header { name: "x-identity-header", value: Secret::new(value) }),
            body: Body::Form(vec![("canary", Secret::new("canary"))]),
            ..get(&format!("https://canary:canary@localhost:{port}/path?canary=canary#canary"))
        };
        let http = http_within(&network(), 3000);
        let error = http.send(request).await.unwrap_err();
        let shown = format!("{error:?} {:?}", http.trace());
        assert!(!shown.contains("canary"), "{shown}");
    }
}
