//! One thing is wrong with the server, and that is what is said.

use super::certificates::{REKEYED, TRUSTED, UNKNOWN, in_days, self_signed};
use super::servers::{Server, head, reply, reset, say};
use super::{get, http_within, network, reason, unreachable};
use acr_preflight::azure::call::{CallError, Malformed, Phase, Reason, TlsFailure};
use rcgen::ExtendedKeyUsagePurpose;
use std::sync::Arc;
use std::time::Duration;
use time::format_description::well_known::Rfc3339;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::rustls::server::WebPkiClientVerifier;
use tokio_rustls::rustls::{self, ServerConfig};

fn url(server: &Server) -> String {
    format!("https://localhost:{}/v2/", server.port())
}

/// What is said of a server that does this with each TCP connection.
async fn of_tcp<F: Future<Output = ()> + Send + 'static>(
    serve: impl Fn(TcpStream) -> F + Clone + Send + 'static,
) -> Reason {
    reason(&network(), &url(&Server::tcp(move |stream, _| serve(stream)).await)).await
}

/// What is said of a server with this certificate, or these habits.
async fn of_tls(config: ServerConfig) -> TlsFailure {
    let server = Server::https(config, |_, _| reply(200, &[], "")).await;
    match reason(&network(), &url(&server)).await {
        Reason::Tls(failure) => failure,
        other => panic!("{other:?}"),
    }
}

/// What is said of a server that answers each request with these bytes and then closes as TLS wants.
async fn of_bytes(bytes: impl Into<Vec<u8>>) -> Result<Reason, Malformed> {
    let bytes = Arc::new(bytes.into());
    let server = Server::tls(TRUSTED.server(&["localhost"]), move |mut stream, _| {
        let bytes = bytes.clone();
        async move {
            head(&mut stream).await;
            say(&mut stream, &bytes).await;
            let _ = stream.shutdown().await;
        }
    })
    .await;
    match http_within(&network(), 5000).send(get(&url(&server))).await.unwrap_err() {
        CallError::Unreachable(unreachable) => Ok(unreachable.reason),
        CallError::Malformed(malformed) => Err(malformed),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_closed_port_refuses() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let error = http_within(&network(), 5000).send(get(&format!("https://localhost:{}/", free.port()))).await;
    let error = unreachable(error.unwrap_err());
    assert_eq!(error.reason, Reason::Refused);
    assert_eq!((error.host.as_str(), error.proxy.as_deref()), ("localhost", None));
    assert!(error.addresses.contains(&"127.0.0.1".parse().unwrap()), "{error:?}");
}

#[tokio::test]
async fn an_authority_that_nobody_trusts_is_named() {
    let issuer = "CN=Contoso Intercepting Proxy CA, O=Contoso".to_owned();
    assert_eq!(of_tls(UNKNOWN.server(&["localhost"])).await, TlsFailure::UnknownIssuer { issuer });
}

#[tokio::test]
async fn a_self_signed_certificate_names_itself() {
    let issuer = "CN=Selfmade".to_owned();
    assert_eq!(of_tls(self_signed(&["localhost"])).await, TlsFailure::UnknownIssuer { issuer });
}

#[tokio::test]
async fn an_authority_with_a_new_key_under_its_old_name_is_not_trusted() {
    let issuer = "CN=Trusted by the Test, O=Contoso".to_owned();
    assert_eq!(of_tls(REKEYED.server(&["localhost"])).await, TlsFailure::UnknownIssuer { issuer });
}

#[tokio::test]
async fn a_certificate_that_has_ended_says_when() {
    let ended = in_days(-3);
    let server =
        TRUSTED.server_with(&["localhost"], |params| (params.not_before, params.not_after) = (in_days(-9), ended));
    assert_eq!(of_tls(server).await, TlsFailure::Expired { not_after: ended.format(&Rfc3339).unwrap() });
}

#[tokio::test]
async fn a_certificate_that_has_not_begun_says_when() {
    let begins = in_days(3);
    let server =
        TRUSTED.server_with(&["localhost"], |params| (params.not_before, params.not_after) = (begins, in_days(9)));
    assert_eq!(of_tls(server).await, TlsFailure::NotYetValid { not_before: begins.format(&Rfc3339).unwrap() });
}

#[tokio::test]
async fn a_certificate_for_other_hosts_says_for_which() {
    let presented = vec!["login.example".to_owned(), "*.example.com".to_owned(), "10.0.0.1".to_owned()];
    let server = TRUSTED.server(&["login.example", "*.example.com", "10.0.0.1"]);
    assert_eq!(of_tls(server).await, TlsFailure::WrongHost { presented });
}

#[tokio::test]
async fn a_certificate_for_clients_is_not_one_for_servers() {
    let server = TRUSTED.server_with(&["localhost"], |params| {
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
    });
    let TlsFailure::Other(words) = of_tls(server).await else { panic!() };
    assert!(words.starts_with("its certificate is not acceptable: "), "{words}");
}

#[tokio::test]
async fn a_server_that_wants_a_certificate_of_us_refuses_in_both_versions_of_tls() {
    for version in [&rustls::version::TLS12, &rustls::version::TLS13] {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut roots = rustls::RootCertStore::empty();
        let pem = TRUSTED.pem();
        let certificate = rustls::pki_types::pem::PemObject::from_pem_slice(pem.as_bytes()).unwrap();
        roots.add(certificate).unwrap();
        let clients = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider).build().unwrap();
        let failure = of_tls(TRUSTED.wanting_certificates(&["localhost"], version, clients)).await;
        assert_eq!(failure, TlsFailure::Other("the other side refused: CertificateRequired".into()), "{version:?}");
    }
}

#[tokio::test]
async fn a_server_without_a_protocol_in_common_refuses() {
    let mut server = TRUSTED.server(&["localhost"]);
    server.alpn_protocols = vec![b"smtp".to_vec()];
    assert_eq!(of_tls(server).await, TlsFailure::Other("the other side refused: NoApplicationProtocol".into()));
}

#[tokio::test]
async fn an_alert_of_the_server_is_named() {
    for (code, name) in
        [(40, "HandshakeFailure"), (49, "AccessDenied"), (70, "ProtocolVersion"), (112, "UnrecognisedName")]
    {
        let said = of_tcp(move |mut stream| async move {
            let _ = stream.read(&mut [0; 2048]).await;
            say(&mut stream, &[21, 3, 3, 0, 2, 2, code]).await;
        })
        .await;
        assert_eq!(said, Reason::Tls(TlsFailure::Other(format!("the other side refused: {name}"))));
    }
}

#[tokio::test]
async fn a_port_that_speaks_something_else_does_not_speak_tls() {
    for words in ["HTTP/1.1 400 Bad Request\r\n\r\n", "SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n"] {
        let said = of_tcp(move |mut stream| async move { say(&mut stream, words.as_bytes()).await }).await;
        assert_eq!(said, Reason::Tls(TlsFailure::NotTls), "{words}");
    }
}

#[tokio::test]
async fn plain_http_to_a_port_of_tls_is_not_answered_with_http() {
    let server = Server::https(TRUSTED.server(&["localhost"]), |_, _| reply(200, &[], "")).await;
    let said = reason(&network(), &format!("http://localhost:{}/", server.port())).await;
    assert!(matches!(said, Reason::NotHttp(_)), "{said:?}");
}

#[tokio::test]
async fn a_handshake_that_is_cut_is_a_reset_in_the_handshake() {
    let reset_at_once = of_tcp(|stream| async move { reset(&stream) });
    let reset_later = of_tcp(|mut stream| async move {
        let _ = stream.read(&mut [0; 2048]).await;
        reset(&stream);
    });
    let closed_later = of_tcp(|mut stream| async move {
        let _ = stream.read(&mut [0; 2048]).await;
    });
    let closed_at_once = of_tcp(|stream| async move { drop(stream) });
    let all = tokio::join!(reset_at_once, reset_later, closed_later, closed_at_once);
    assert_eq!(<[Reason; 4]>::from(all), [const { Reason::Reset(Phase::Handshake) }; 4]);
}

#[tokio::test]
async fn a_connection_that_ends_instead_of_a_reply_is_a_reset_in_the_request() {
    let ends = |how: fn(&TcpStream)| async move {
        let server = Server::tls(TRUSTED.server(&["localhost"]), move |mut stream, _| async move {
            head(&mut stream).await;
            how(stream.get_ref().0);
        })
        .await;
        reason(&network(), &url(&server)).await
    };
    let all = tokio::join!(ends(reset), ends(|_| ()), of_bytes(""));
    assert_eq!(
        (all.0, all.1, all.2.unwrap()),
        (Reason::Reset(Phase::Request), Reason::Reset(Phase::Request), Reason::Reset(Phase::Request),)
    );
}

#[tokio::test]
async fn what_is_not_http_is_called_so() {
    for bytes in ["220 mail.example ESMTP\r\n\r\n".to_owned(), "HTTP/9.9 200 OK\r\n\r\n".to_owned(), "\0".repeat(100)] {
        let said = of_bytes(bytes.clone()).await;
        assert!(matches!(said, Ok(Reason::NotHttp(_))), "{bytes:?}: {said:?}");
    }
}

#[tokio::test]
async fn a_head_without_bounds_is_not_read_to_its_end() {
    let long = format!("HTTP/1.1 200 OK\r\nx: {}\r\n\r\n", "a".repeat(1 << 20));
    let many = format!("HTTP/1.1 200 OK\r\n{}\r\n", "x: y\r\n".repeat(5000));
    for bytes in [long, many] {
        let said = of_bytes(bytes).await;
        assert!(matches!(said, Ok(Reason::NotHttp(_))), "{said:?}");
    }
}

#[tokio::test]
async fn a_body_that_ends_early_is_a_reset_in_the_body() {
    let known = of_bytes("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{");
    let chunked = of_bytes("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel");
    let reset_in_the_middle = async {
        let server = Server::tls(TRUSTED.server(&["localhost"]), |mut stream, _| async move {
            head(&mut stream).await;
            say(&mut stream, b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{").await;
            tokio::time::sleep(Duration::from_millis(50)).await;
            reset(stream.get_ref().0);
        })
        .await;
        reason(&network(), &url(&server)).await
    };
    let without_notice = async {
        let server = Server::tls(TRUSTED.server(&["localhost"]), |mut stream, _| async move {
            head(&mut stream).await;
            say(&mut stream, b"HTTP/1.1 200 OK\r\n\r\n{").await;
        })
        .await;
        reason(&network(), &url(&server)).await
    };
    let all = tokio::join!(known, chunked, reset_in_the_middle, without_notice);
    let all = [all.0.unwrap(), all.1.unwrap(), all.2, all.3];
    assert_eq!(all, [const { Reason::Reset(Phase::Body) }; 4]);
}

#[tokio::test]
async fn a_body_that_cannot_be_decoded_is_malformed() {
    for bytes in [
        "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 12\r\n\r\nnot gzip: no",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello",
    ] {
        let Err(malformed) = of_bytes(bytes).await else { panic!("{bytes:?}") };
        assert_eq!((malformed.status, malformed.path.as_str()), (200, "/v2/"));
        assert!(malformed.what.starts_with("a body that cannot be decoded: "), "{malformed:?}");
    }
}

/// What is said of a server that says this once it has read the head of an HTTP/2 connection.
async fn of_h2(frames: &'static [u8]) -> Reason {
    let mut config = TRUSTED.server(&["localhost"]);
    config.alpn_protocols = vec![b"h2".to_vec()];
    let server = Server::tls(config, move |mut stream, _| async move {
        say(&mut stream, &[0, 0, 0, 4, 0, 0, 0, 0, 0]).await;
        tokio::time::sleep(Duration::from_millis(50)).await;
        let _ = stream.read(&mut [0; 4096]).await;
        say(&mut stream, frames).await;
        let _ = stream.read(&mut [0; 4096]).await;
    })
    .await;
    reason(&network(), &url(&server)).await
}

#[tokio::test]
async fn http2_that_is_cut_is_a_reset() {
    let refused_stream = of_h2(&[0, 0, 4, 3, 0, 0, 0, 0, 1, 0, 0, 0, 7]);
    let go_away = of_h2(&[0, 0, 8, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 11]);
    let all = tokio::join!(refused_stream, go_away);
    assert_eq!(<[Reason; 2]>::from(all), [const { Reason::Reset(Phase::Request) }; 2]);
}

#[tokio::test]
async fn http1_where_http2_was_agreed_is_not_http() {
    let mut config = TRUSTED.server(&["localhost"]);
    config.alpn_protocols = vec![b"h2".to_vec()];
    let server = Server::tls(config, |mut stream, _| async move {
        say(&mut stream, &reply(200, &[], "{}")).await;
        let _ = stream.read(&mut [0; 4096]).await;
    })
    .await;
    let said = reason(&network(), &url(&server)).await;
    assert!(matches!(said, Reason::NotHttp(_)), "{said:?}");
}
