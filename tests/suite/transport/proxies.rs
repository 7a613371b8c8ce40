//! Proxies: used where they should be, and each way in which one can fail.

use super::certificates::{TRUSTED, UNKNOWN};
use super::dns::{Known, NameServer};
use super::limits::black_hole;
use super::servers::{Server, head, reply, reset, say};
use super::{get, http_within, network, unreachable};
use acr_preflight::azure::call::{ProxyFailure, Reason, Request, TlsFailure, Unreachable};
use acr_preflight::plan::Network;
use acr_preflight::secret::Secret;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::TcpStream;

const HOST: &str = "contosoacr.azurecr.io";
const URL: &str = "https://contosoacr.azurecr.io/v2/";

fn through(proxy: &str) -> Network {
    Network { https_proxy: Some(Secret::new(proxy)), ..network() }
}

/// What is said of `URL` with this proxy setting.
async fn of_setting(proxy: &str) -> Unreachable {
    unreachable(http_within(&through(proxy), 3000).send(get(URL)).await.unwrap_err())
}

fn proxy_failure(error: Unreachable) -> ProxyFailure {
    match error.reason {
        Reason::Proxy(failure) => failure,
        other => panic!("{other:?}"),
    }
}

/// What is said of a proxy that answers `CONNECT` with these bytes and closes.
async fn of_answer(answer: &'static [u8]) -> ProxyFailure {
    let proxy = Server::tcp(move |mut stream, _| async move {
        head(&mut stream).await;
        say(&mut stream, answer).await;
    })
    .await;
    let error = of_setting(&format!("http://user:hunter2@{}", proxy.address)).await;
    assert_eq!(error.proxy.as_deref(), Some(proxy.address.to_string().as_str()));
    assert!(!format!("{error:?}").contains("hunter2"));
    proxy_failure(error)
}

/// A proxy that leads every connection to one server, and the heads it was sent.
async fn leading_to(server: &Server) -> (Server, Arc<Mutex<Vec<String>>>) {
    let (target, heads) = (server.address, Arc::<Mutex<Vec<String>>>::default());
    let kept = heads.clone();
    let proxy = Server::tcp(move |mut stream, _| {
        let kept = kept.clone();
        async move {
            let head = head(&mut stream).await.unwrap_or_default();
            kept.lock().unwrap().push(head);
            say(&mut stream, b"HTTP/1.1 200 Connection established\r\n\r\n").await;
            let mut onward = TcpStream::connect(target).await.unwrap();
            let _ = copy_bidirectional(&mut stream, &mut onward).await;
        }
    })
    .await;
    (proxy, heads)
}

#[tokio::test]
async fn a_healthy_proxy_is_used_with_its_password_and_the_name_is_left_to_it() {
    let registry = Server::https(TRUSTED.server(&[HOST]), |_, _| reply(200, &[], "{}")).await;
    let (proxy, heads) = leading_to(&registry).await;
    let http = http_within(&through(&format!("http://us%40er:p%3Ass@{}", proxy.address)), 5000);
    assert_eq!(http.send(get(URL)).await.unwrap().status, 200);
    http.touch(HOST).await.unwrap();
    for head in heads.lock().unwrap().iter() {
        assert!(head.starts_with("CONNECT contosoacr.azurecr.io:443 HTTP/1.1\r\n"), "{head}");
        // `us@er:p:ss`
        assert!(head.to_ascii_lowercase().contains("\r\nproxy-authorization: basic dxnazxi6cdpzcw==\r\n"), "{head}");
    }
    assert_eq!(heads.lock().unwrap().len(), 2);
    assert!(!registry.heads()[0].to_ascii_lowercase().contains("proxy-authorization"));
    assert_eq!(http.resolution(HOST), None);
}

#[tokio::test]
async fn the_form_without_a_scheme_is_taken_as_http() {
    let registry = Server::https(TRUSTED.server(&[HOST]), |_, _| reply(200, &[], "{}")).await;
    let (proxy, _) = leading_to(&registry).await;
    let http = http_within(&through(&format!(" {} ", proxy.address)), 5000);
    assert_eq!(http.send(get(URL)).await.unwrap().status, 200);
}

#[tokio::test]
async fn a_host_in_no_proxy_and_this_machine_are_reached_directly() {
    let registry = Server::https(TRUSTED.server(&[HOST, "localhost", "127.0.0.1"]), |_, _| reply(200, &[], "{}")).await;
    let names = NameServer::start(|_| Known::Addresses(vec!["127.0.0.1"])).await;
    for no_proxy in ["*.azurecr.io", ".azurecr.io", "a.example, azurecr.io", "b.example contosoacr.azurecr.io:443", "*"]
    {
        let network = Network {
            no_proxy: Some(no_proxy.into()),
            nameserver: Some(names.address),
            loopback_port: Some(registry.port()),
            ..through("socks5://unusable")
        };
        assert_eq!(http_within(&network, 5000).send(get(URL)).await.unwrap().status, 200, "{no_proxy}");
    }
    for host in ["localhost", "127.0.0.1"] {
        let url = format!("https://{host}:{}/", registry.port());
        assert_eq!(http_within(&through("http://127.0.0.1:1"), 5000).send(get(&url)).await.unwrap().status, 200);
    }
}

#[tokio::test]
async fn an_empty_setting_is_none() {
    let names = NameServer::start(|_| Known::NoSuchName).await;
    let network = Network { nameserver: Some(names.address), ..through("  ") };
    let error = unreachable(http_within(&network, 3000).send(get(URL)).await.unwrap_err());
    assert_eq!((error.reason, error.proxy), (Reason::NameUnknown, None));
}

#[tokio::test]
async fn a_setting_that_cannot_be_used_is_said_without_its_secret() {
    for (setting, what) in [
        ("socks5://proxy:1080", "its scheme is socks5; only http and https are supported"),
        ("ftp://hunter2@proxy", "its scheme is ftp; only http and https are supported"),
        ("http://user:hun/ter2@proxy:3128", "it is not a URL (invalid port number); write"),
        ("http://user:12/hunter2@proxy:3128", "its user name or password is not encoded; write"),
        ("http://user:12#hunter2@proxy:3128", "its user name or password is not encoded; write"),
        ("http://user:12?hunter2@proxy:3128", "its user name or password is not encoded; write"),
        ("http://", "it is not a URL (empty host)"),
        ("http://pro xy:3128", "it is not a URL (invalid international domain name)"),
        ("http://proxy:99999", "it is not a URL (invalid port number)"),
    ] {
        let error = of_setting(setting).await;
        assert_eq!(error.proxy, None);
        let ProxyFailure::Setting(words) = proxy_failure(error) else { panic!("{setting}") };
        assert!(words.starts_with(what), "{setting}: {words}");
        for secret in ["hunter2", "hun", "ter2", "user:"] {
            assert!(!words.contains(secret), "{words}");
        }
    }
}

#[tokio::test]
async fn a_proxy_that_wants_a_password_says_407() {
    let said = of_answer(
        b"HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n",
    )
    .await;
    assert_eq!(said, ProxyFailure::AuthenticationRequired);
}

#[tokio::test]
async fn a_proxy_that_refuses_is_quoted_with_its_status() {
    let all = tokio::join!(
        of_answer(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 3\r\n\r\nno!"),
        of_answer(b"HTTP/1.0 502 Bad Gateway\r\n\r\n"),
        of_answer(b"HTTP/1.1 301 Moved\r\nLocation: https://elsewhere.example/\r\n\r\n"),
    );
    assert_eq!(<[ProxyFailure; 3]>::from(all), [403, 502, 301].map(ProxyFailure::Rejected));
}

#[tokio::test]
async fn a_proxy_that_is_none_is_broken() {
    let resetting = Server::tcp(|stream, _| async move { reset(&stream) }).await;
    let setting = format!("http://{}", resetting.address);
    let (ssh, closing, resetting) =
        tokio::join!(of_answer(b"SSH-2.0-OpenSSH_9.2p1\r\n"), of_answer(b""), of_setting(&setting));
    let broken = |words: &str| ProxyFailure::Broken(words.into());
    assert_eq!(ssh, broken("it answered something else than HTTP"));
    assert_eq!(closing, broken("it closed the connection"));
    assert_eq!(proxy_failure(resetting), broken("the connection was closed or reset (TCP connection)"));
}

#[tokio::test]
async fn a_proxy_whose_answer_has_no_end_is_broken() {
    let proxy = Server::tcp(|mut stream, _| async move {
        head(&mut stream).await;
        say(&mut stream, b"HTTP/1.1 200 OK\r\n").await;
        while stream.write_all(b"x: y\r\n").await.is_ok() {}
    })
    .await;
    let said = proxy_failure(of_setting(&format!("http://{}", proxy.address)).await);
    assert_eq!(said, ProxyFailure::Broken("its answer has no end".into()));
}

#[tokio::test]
async fn a_proxy_that_cannot_be_reached_says_why() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let refused = proxy_failure(of_setting(&format!("http://{free}")).await);
    assert_eq!(refused, ProxyFailure::Unreachable("the connection was refused".into()));

    let names = NameServer::start(|_| Known::NoSuchName).await;
    let network = Network { nameserver: Some(names.address), ..through("http://proxy.corp.example:3128") };
    let error = unreachable(http_within(&network, 3000).send(get(URL)).await.unwrap_err());
    assert_eq!(error.proxy.as_deref(), Some("proxy.corp.example:3128"));
    let unknown = ProxyFailure::Unreachable("the name does not exist or has no address".into());
    assert_eq!(proxy_failure(error), unknown);
    assert!(names.asked().iter().all(|question| question.starts_with("proxy.corp.example ")), "{:?}", names.asked());

    let (silent, _waiting, _listener) = black_hole().await;
    let request = Request { connect_within: Some(Duration::from_millis(300)), ..get(URL) };
    let error = http_within(&through(&format!("http://{silent}")), 3000).send(request).await.unwrap_err();
    let silent = ProxyFailure::Unreachable("nothing came in time (TCP connection)".into());
    assert_eq!(proxy_failure(unreachable(error)), silent);
}

#[tokio::test]
async fn a_proxy_that_takes_connections_and_is_silent_cannot_be_reached() {
    let proxy =
        Server::tcp(|mut stream, _| async move { while stream.read(&mut [0; 2048]).await.is_ok_and(|n| n > 0) {} })
            .await;
    let request = Request { connect_within: Some(Duration::from_millis(300)), ..get(URL) };
    let error = http_within(&through(&format!("http://{}", proxy.address)), 3000).send(request).await.unwrap_err();
    let silent = ProxyFailure::Unreachable("it accepts connections and does not answer".into());
    assert_eq!(proxy_failure(unreachable(error)), silent);
}

#[tokio::test]
async fn an_intercepting_proxy_is_named_by_the_issuer_of_its_certificate() {
    let interceptor = Server::https(UNKNOWN.server(&[HOST]), |_, _| reply(200, &[], "")).await;
    let (proxy, _) = leading_to(&interceptor).await;
    let error = of_setting(&format!("http://{}", proxy.address)).await;
    assert_eq!(error.proxy.as_deref(), Some(proxy.address.to_string().as_str()));
    let issuer = "CN=Contoso Intercepting Proxy CA, O=Contoso".to_owned();
    assert_eq!(error.reason, Reason::Tls(TlsFailure::UnknownIssuer { issuer }));
    assert!(interceptor.heads().is_empty());
}

#[tokio::test]
async fn an_https_proxy_is_verified_itself() {
    let registry = Server::https(TRUSTED.server(&[HOST]), |_, _| reply(200, &[], "{}")).await;
    let target = registry.address;
    let serve = move |mut stream: tokio_rustls::server::TlsStream<TcpStream>, _| async move {
        head(&mut stream).await;
        say(&mut stream, b"HTTP/1.1 200 OK\r\n\r\n").await;
        let mut onward = TcpStream::connect(target).await.unwrap();
        let _ = copy_bidirectional(&mut stream, &mut onward).await;
        let _ = stream.shutdown().await;
    };
    let good = Server::tls(TRUSTED.server(&["localhost"]), serve).await;
    let http = http_within(&through(&format!("https://localhost:{}", good.port())), 5000);
    assert_eq!(http.send(get(URL)).await.unwrap().status, 200);
    http.touch(HOST).await.unwrap();

    let bad = Server::tls(UNKNOWN.server(&["localhost"]), serve).await;
    let said = proxy_failure(of_setting(&format!("https://localhost:{}", bad.port())).await);
    let words = "the TLS handshake failed: its certificate was issued by CN=Contoso Intercepting Proxy CA, O=Contoso, which is not trusted";
    assert_eq!(said, ProxyFailure::Unreachable(words.into()));
}
