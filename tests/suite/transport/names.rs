//! Name look-up: what each answer of a name server means, and what is remembered of it.

use super::dns::{Known, NameServer};
use super::servers::{Server, reply};
use super::{TRUSTED, get, http_within, network, reason, unreachable};
use acr_preflight::azure::call::Reason;
use acr_preflight::azure::transport::Http;
use acr_preflight::plan::Network;
use hickory_resolver::proto::op::ResponseCode;
use std::net::IpAddr;
use std::time::Duration;
use tokio::time::Instant;

const HOST: &str = "contosoacr.azurecr.io";

fn asking(server: &NameServer, port: u16) -> Network {
    Network { nameserver: Some(server.address), loopback_port: Some(port), ..network() }
}

/// A registry that is healthy, at the end of whatever the name server says.
async fn registry() -> Server {
    Server::https(TRUSTED.server(&[HOST]), |_, _| reply(200, &[], "{}")).await
}

async fn look_up(known: Known) -> (Http, Result<u16, Reason>) {
    let (registry, server) = (
        registry().await,
        NameServer::start(move |name| if name == HOST { known.clone() } else { Known::NoSuchName }).await,
    );
    let http = http_within(&asking(&server, registry.port()), 4000);
    let outcome = match http.send(get(&format!("https://{HOST}/v2/"))).await {
        Ok(reply) => Ok(reply.status),
        Err(error) => Err(unreachable(error).reason),
    };
    (http, outcome)
}

fn failed(words: &str) -> Result<u16, Reason> {
    Err(Reason::ResolverFailed(format!("127.0.0.1 {words}")))
}

#[tokio::test]
async fn a_name_that_does_not_exist_is_unknown() {
    assert_eq!(look_up(Known::NoSuchName).await.1, Err(Reason::NameUnknown));
}

#[tokio::test]
async fn a_name_without_an_address_is_unknown() {
    assert_eq!(look_up(Known::NoData).await.1, Err(Reason::NameUnknown));
}

#[tokio::test]
async fn a_label_that_is_too_long_is_unknown_and_not_asked_for() {
    let server = NameServer::start(|_| Known::Silence).await;
    let url = format!("https://{}.azurecr.io/v2/", "a".repeat(64));
    assert_eq!(reason(&asking(&server, 1), &url).await, Reason::NameUnknown);
    assert_eq!(server.asked(), [""; 0]);
}

#[tokio::test]
async fn a_server_that_fails_refuses_or_cannot_is_named_with_its_code() {
    let began = Instant::now();
    let of = |code| look_up(Known::Code(code));
    let (a, b, c, d) = tokio::join!(
        of(ResponseCode::ServFail),
        of(ResponseCode::Refused),
        of(ResponseCode::NotImp),
        of(ResponseCode::FormErr)
    );
    let words = ["answered SERVFAIL", "answered REFUSED", "answered NOTIMP", "answered FORMERR"];
    assert_eq!([a.1, b.1, c.1, d.1], words.map(failed));
    assert!(began.elapsed() < Duration::from_secs(3), "{:?}", began.elapsed());
}

#[tokio::test]
async fn a_silent_server_is_waited_for_and_then_named() {
    let server = NameServer::start(|_| Known::Silence).await;
    let http = http_within(&asking(&server, 1), 6500);
    let error = unreachable(http.send(get(&format!("https://{HOST}/"))).await.unwrap_err());
    let Reason::ResolverFailed(words) = error.reason else { panic!("{error:?}") };
    // The second attempt, which the end of the run cuts off, does not hide what the first one found.
    assert_eq!(words, "127.0.0.1 gave no answer within 5.0 s");
}

#[tokio::test]
async fn a_server_that_is_not_there_is_noticed_at_once() {
    let free = std::net::UdpSocket::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let network = Network { nameserver: Some(free), ..network() };
    let began = Instant::now();
    assert_eq!(reason(&network, &format!("https://{HOST}/")).await, failed("was not reached").unwrap_err());
    assert!(began.elapsed() < Duration::from_secs(3), "{:?}", began.elapsed());
}

#[tokio::test]
async fn aliases_are_followed_and_remembered() {
    let registry = registry().await;
    let server = NameServer::start(|name| match name {
        HOST => Known::Alias("contosoacr.privatelink.azurecr.io"),
        "contosoacr.privatelink.azurecr.io" => Known::Alias("weu.fe.azcr.io"),
        "weu.fe.azcr.io" => Known::Addresses(vec!["127.0.0.1", "127.0.0.2"]),
        _ => Known::NoSuchName,
    })
    .await;
    let http = http_within(&asking(&server, registry.port()), 4000);
    assert_eq!(http.send(get(&format!("https://{HOST}/v2/"))).await.unwrap().status, 200);
    let resolution = http.resolution("ContosoACR.azurecr.io.").unwrap();
    assert_eq!(resolution.aliases, ["contosoacr.privatelink.azurecr.io", "weu.fe.azcr.io"]);
    assert_eq!(resolution.addresses, ["127.0.0.1", "127.0.0.2"].map(|one| one.parse::<IpAddr>().unwrap()));
}

#[tokio::test]
async fn the_alias_of_a_name_that_leads_nowhere_is_remembered() {
    for nowhere in [Known::NoSuchName, Known::NoData] {
        let server = NameServer::start(move |name| match name {
            HOST => Known::Alias("contosoacr.privatelink.azurecr.io"),
            _ => nowhere.clone(),
        })
        .await;
        let http = http_within(&asking(&server, 1), 4000);
        let error = unreachable(http.send(get(&format!("https://{HOST}/"))).await.unwrap_err());
        assert_eq!(error.reason, Reason::NameUnknown);
        let resolution = http.resolution(HOST).unwrap();
        assert_eq!(resolution.aliases, ["contosoacr.privatelink.azurecr.io"]);
        assert_eq!(resolution.addresses, [] as [IpAddr; 0]);
    }
}

#[tokio::test]
async fn a_server_that_answers_nonsense_has_failed() {
    let circle = |name: &str| match name {
        HOST => Known::Alias("a.example"),
        "a.example" => Known::Alias("b.example"),
        _ => Known::Alias("a.example"),
    };
    let circle = NameServer::start(circle).await;
    let network = asking(&circle, 1);
    let url = format!("https://{HOST}/");
    let (rubbish, circle) = tokio::join!(look_up(Known::Rubbish), reason(&network, &url));
    assert!(matches!(rubbish.1, Err(Reason::ResolverFailed(_))), "{:?}", rubbish.1);
    assert!(matches!(circle, Reason::ResolverFailed(_) | Reason::NameUnknown), "{circle:?}");
}

#[tokio::test]
async fn a_name_with_very_many_addresses_is_cut() {
    let many: Vec<&str> = vec!["127.0.0.9"; 60];
    let (http, outcome) = look_up(Known::Addresses(many)).await;
    assert_eq!(outcome, Err(Reason::Refused));
    assert_eq!(http.resolution(HOST).unwrap().addresses.len(), 16);
}

#[tokio::test]
async fn an_answer_that_does_not_fit_is_fetched_over_tcp() {
    assert_eq!(look_up(Known::OnlyByTcp("127.0.0.1")).await.1, Ok(200));
}

#[tokio::test]
async fn a_server_that_is_deaf_for_ipv6_does_not_hold_up_ipv4() {
    let began = Instant::now();
    let (http, outcome) = look_up(Known::DeafForIpv6("127.0.0.1")).await;
    assert_eq!(outcome, Ok(200));
    assert!(began.elapsed() < Duration::from_millis(900), "{:?}", began.elapsed());
    assert_eq!(http.resolution(HOST).unwrap().addresses.len(), 1);
}

#[tokio::test]
async fn a_server_that_denies_the_name_for_ipv6_is_believed_for_ipv4() {
    assert_eq!(look_up(Known::DenyingIpv6("127.0.0.1")).await.1, Ok(200));
}

#[tokio::test]
async fn an_address_that_refuses_is_left_for_one_that_does_not() {
    let registry = registry().await;
    let server = NameServer::start(|_| Known::Addresses(vec!["127.0.0.9", "::1", "127.0.0.1"])).await;
    let http = http_within(&asking(&server, registry.port()), 4000);
    assert_eq!(http.send(get(&format!("https://{HOST}/"))).await.unwrap().status, 200);
}

#[tokio::test]
async fn requests_at_once_share_one_look_up_and_later_ones_need_none() {
    let registry = registry().await;
    let server = NameServer::start(|_| Known::Addresses(vec!["127.0.0.1"])).await;
    let http = http_within(&asking(&server, registry.port()), 4000);
    let url = format!("https://{HOST}/");
    let (a, b, c) = tokio::join!(http.send(get(&url)), http.send(get(&url)), http.touch(HOST));
    a.unwrap();
    b.unwrap();
    c.unwrap();
    http.send(get(&url)).await.unwrap();
    let mut asked = server.asked();
    asked.sort();
    assert_eq!(asked, [format!("{HOST} A"), format!("{HOST} AAAA")]);
}

#[tokio::test]
async fn localhost_and_addresses_need_no_server() {
    let server = NameServer::start(|_| Known::Silence).await;
    let registry = Server::https(TRUSTED.server(&["localhost", "127.0.0.1"]), |_, _| reply(200, &[], "")).await;
    let http = http_within(&asking(&server, 1), 4000);
    for host in ["localhost", "127.0.0.1"] {
        assert_eq!(http.send(get(&format!("https://{host}:{}/", registry.port()))).await.unwrap().status, 200);
    }
    assert_eq!(server.asked(), [""; 0]);
}

#[tokio::test]
async fn a_port_in_the_url_is_kept() {
    let registry = registry().await;
    let server = NameServer::start(|_| Known::Addresses(vec!["127.0.0.1"])).await;
    let http = http_within(&asking(&server, 1), 4000);
    assert_eq!(http.send(get(&format!("https://{HOST}:{}/", registry.port()))).await.unwrap().status, 200);
}

#[test]
fn a_look_up_that_hangs_does_not_hold_up_the_end() {
    let run = || tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let (ours, other) = (run(), run());
    let server = other.block_on(NameServer::start(|_| Known::Silence));
    let began = Instant::now();
    ours.block_on(async {
        let http = http_within(&asking(&server, 1), 60_000);
        let call = http.send(get(&format!("https://{HOST}/")));
        tokio::time::timeout(Duration::from_millis(200), call).await.unwrap_err();
    });
    drop(ours);
    assert!(began.elapsed() < Duration::from_millis(400), "{:?}", began.elapsed());
}
