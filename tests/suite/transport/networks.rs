//! Networks as companies have them: several name servers, a hosts file, missing routes. Each test runs in a network
//! namespace of its own, where it is root, has `/etc` for itself and any address it likes.

use super::dns::{Known, NameServer};
use super::limits::black_hole_at;
use super::servers::{Server, reply};
use super::{TRUSTED, get, http_within, network, unreachable};
use crate::not_tried::not_tried;
use acr_preflight::azure::call::{ProxyFailure, Reason, Request};
use acr_preflight::azure::transport::Http;
use acr_preflight::plan::Network;
use acr_preflight::secret::Secret;
use hickory_resolver::proto::op::ResponseCode;
use std::fs;
use std::future::Future;
use std::process::Command;
use std::time::Duration;
use tokio::time::Instant;

const HOST: &str = "contosoacr.azurecr.io";
const URL: &str = "https://contosoacr.azurecr.io/v2/";
const INSIDE: &str = "TRANSPORT_TEST_IS_INSIDE";

/// Runs `scenario` in a network of its own, which is made by running this very test once more inside it.
pub(super) fn in_a_network_of_its_own<F: Future<Output = ()>>(test: &str, scenario: impl FnOnce() -> F) {
    if std::env::var_os(INSIDE).is_some() {
        shell("ip link set lo up && mount -t tmpfs none /etc");
        return tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(scenario());
    }
    if !can_be_made() {
        return;
    }
    let test = format!("transport::{test}");
    let output = Command::new("unshare")
        .args(["-rnm", "--"])
        .arg(std::env::current_exe().unwrap())
        .args([&test, "--exact", "--nocapture"])
        .env_clear()
        .env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin")
        .env(INSIDE, "1")
        .output()
        .unwrap();
    let said = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).concat();
    assert!(output.status.success() && said.contains("1 passed"), "{said}");
}

/// Says where it cannot.
fn can_be_made() -> bool {
    let try_it = "ip link set lo up && mount -t tmpfs none /etc";
    let tried = Command::new("unshare").args(["-rnm", "--", "sh", "-c", try_it]).output();
    let can = tried.is_ok_and(|output| output.status.success());
    if !can {
        not_tried("no network namespace can be made with `unshare -rnm`");
    }
    can
}

fn shell(script: &str) {
    let output = Command::new("sh").args(["-ec", script]).output().unwrap();
    assert!(output.status.success(), "{script}: {}", String::from_utf8_lossy(&output.stderr));
}

pub(super) fn address(address: &str) {
    shell(&format!("ip addr add {address} dev lo"));
}

pub(super) fn resolv_conf(text: &str) {
    fs::write("/etc/resolv.conf", text).unwrap();
}

/// A healthy registry at an address that the machine now has.
pub(super) async fn registry_at(ip: &str) -> Server {
    address(&format!("{ip}/32"));
    let config = TRUSTED.server(&[HOST]);
    Server::https_at(&format!("{ip}:443"), config, |_, _| reply(200, &[], "{}")).await
}

/// A name server at an address that the machine now has.
async fn name_server(ip: &str, delay: u64, zone: impl Fn(&str) -> Known + Send + Sync + 'static) -> NameServer {
    if !ip.starts_with("127.") {
        address(&format!("{ip}/32"));
    }
    NameServer::at(&format!("{ip}:53"), Duration::from_millis(delay), zone).await
}

fn company(name: &str) -> Known {
    match name {
        HOST => Known::Alias("contosoacr.privatelink.azurecr.io"),
        "contosoacr.privatelink.azurecr.io" => Known::Addresses(vec!["10.1.2.3"]),
        _ => Known::NoSuchName,
    }
}

pub(super) async fn asked(milliseconds: u64) -> (Http, Result<u16, Reason>) {
    let http = http_within(&network(), milliseconds);
    let outcome = match http.send(get(URL)).await {
        Ok(reply) => Ok(reply.status),
        Err(error) => Err(unreachable(error).reason),
    };
    (http, outcome)
}

#[test]
fn the_first_name_server_is_believed_though_the_second_is_faster() {
    in_a_network_of_its_own("networks::the_first_name_server_is_believed_though_the_second_is_faster", async || {
        let _registry = registry_at("10.1.2.3").await;
        let _company = name_server("10.53.0.1", 80, company).await;
        let public = name_server("10.53.0.2", 0, |_| Known::NoSuchName).await;
        resolv_conf("nameserver 10.53.0.1\nnameserver 10.53.0.2\n");
        let (http, outcome) = asked(5000).await;
        assert_eq!(outcome, Ok(200));
        let resolution = http.resolution(HOST).unwrap();
        assert_eq!(resolution.aliases, ["contosoacr.privatelink.azurecr.io"]);
        assert_eq!(resolution.addresses, ["10.1.2.3".parse::<std::net::IpAddr>().unwrap()]);
        assert_eq!(public.asked(), [""; 0]);
    });
}

#[test]
fn the_first_name_server_is_believed_when_it_knows_of_no_such_name() {
    in_a_network_of_its_own("networks::the_first_name_server_is_believed_when_it_knows_of_no_such_name", async || {
        let _public = name_server("10.53.0.1", 0, |_| Known::NoSuchName).await;
        let company = name_server("10.53.0.2", 0, company).await;
        resolv_conf("nameserver 10.53.0.1\nnameserver 10.53.0.2\n");
        assert_eq!(asked(5000).await.1, Err(Reason::NameUnknown));
        assert_eq!(company.asked(), [""; 0]);
    });
}

#[test]
fn a_name_server_that_fails_is_left_for_the_next() {
    in_a_network_of_its_own("networks::a_name_server_that_fails_is_left_for_the_next", async || {
        let _registry = registry_at("10.1.2.3").await;
        let _failing = name_server("10.53.0.1", 0, |_| Known::Code(ResponseCode::ServFail)).await;
        let _refusing = name_server("10.53.0.2", 0, |_| Known::Code(ResponseCode::Refused)).await;
        address("10.53.0.3/32");
        let _company = name_server("10.53.0.4", 0, company).await;
        for bad in ["10.53.0.1", "10.53.0.2", "10.53.0.3", "203.0.113.1", "fe80::1%lo", "::1"] {
            resolv_conf(&format!("nameserver {bad}\nnameserver 10.53.0.4\n"));
            let began = Instant::now();
            assert_eq!(asked(5000).await.1, Ok(200), "{bad}");
            assert!(began.elapsed() < Duration::from_millis(500), "{bad}: {:?}", began.elapsed());
        }
        resolv_conf("nameserver 10.53.0.1\nnameserver 10.53.0.3\n");
        let words = "10.53.0.1 answered SERVFAIL; 10.53.0.3 was not reached".to_owned();
        assert_eq!(asked(5000).await.1, Err(Reason::ResolverFailed(words)));
    });
}

#[test]
fn a_silent_name_server_costs_its_time_once() {
    in_a_network_of_its_own("networks::a_silent_name_server_costs_its_time_once", async || {
        let _registry = registry_at("10.1.2.3").await;
        let _silent = name_server("10.53.0.1", 0, |_| Known::Silence).await;
        let _company = name_server("10.53.0.2", 0, company).await;
        resolv_conf("nameserver 10.53.0.1\nnameserver 10.53.0.2\noptions timeout:2 attempts:1\n");
        let began = Instant::now();
        let (http, outcome) = asked(20_000).await;
        assert_eq!(outcome, Ok(200));
        let took = began.elapsed().as_millis();
        assert!((2000..2800).contains(&took), "{took}");
        let again = Instant::now();
        let error = unreachable(http.send(get("https://other.azurecr.io/")).await.unwrap_err());
        assert_eq!(error.reason, Reason::NameUnknown);
        assert!(again.elapsed() < Duration::from_millis(2600), "{:?}", again.elapsed());
    });
}

#[test]
fn the_hosts_file_comes_first() {
    in_a_network_of_its_own("networks::the_hosts_file_comes_first", async || {
        let _registry = registry_at("10.1.2.3").await;
        let public = name_server("10.53.0.1", 0, |_| Known::Addresses(vec!["203.0.113.1"])).await;
        resolv_conf("nameserver 10.53.0.1\n");
        fs::write("/etc/hosts", "127.0.0.1 localhost\n# a comment\n10.1.2.3\tContosoACR.azurecr.io other # more\n")
            .unwrap();
        assert_eq!(asked(5000).await.1, Ok(200));
        assert_eq!(public.asked(), [""; 0]);
    });
}

#[test]
fn without_a_resolv_conf_or_with_a_useless_one_this_machine_is_asked() {
    in_a_network_of_its_own(
        "networks::without_a_resolv_conf_or_with_a_useless_one_this_machine_is_asked",
        async || {
            let _registry = registry_at("10.1.2.3").await;
            let words = asked(2000).await.1.unwrap_err().to_string();
            assert!(words.contains("/etc/resolv.conf: ") && words.ends_with("127.0.0.1 was not reached"), "{words}");
            let _local = name_server("127.0.0.1", 0, company).await;
            assert_eq!(asked(5000).await.1, Ok(200));
            for text in ["", "# nothing\n\n", "search corp.example\n", "nameserver not-an-address\n", "\0\u{fffd}\n"] {
                resolv_conf(text);
                assert_eq!(asked(5000).await.1, Ok(200), "{text:?}");
            }
        },
    );
}

#[test]
fn a_resolv_conf_with_oddities_is_read() {
    in_a_network_of_its_own("networks::a_resolv_conf_with_oddities_is_read", async || {
        let _registry = registry_at("10.1.2.3").await;
        let _company = name_server("10.53.0.1", 0, company).await;
        for text in [
            "nameserver\t10.53.0.1 \n",
            "; generated\n\nsearch .\nnameserver 10.53.0.1\noptions edns0 trust-ad ndots:0 timeout:0 attempts:0\n",
            "search a b c d e f g h\noptions ndots:15 rotate single-request no-such-option\nnameserver 10.53.0.1\n",
            "domain corp.example\nnonsense 7\nsortlist 130.155.160.0/255.255.240.0\nnameserver 10.53.0.1",
        ] {
            resolv_conf(text);
            assert_eq!(asked(5000).await.1, Ok(200), "{text:?}");
        }
    });
}

#[test]
fn a_wildcard_in_a_search_domain_does_not_stand_in_for_a_registry_but_a_short_proxy_is_found() {
    let name = "networks::a_wildcard_in_a_search_domain_does_not_stand_in_for_a_registry_but_a_short_proxy_is_found";
    in_a_network_of_its_own(name, async || {
        let server = name_server("10.53.0.1", 0, |name| match name.strip_suffix(".corp.example") {
            Some(_) => Known::Addresses(vec!["127.0.0.1"]),
            None => Known::NoSuchName,
        })
        .await;
        for ndots in [1, 5] {
            resolv_conf(&format!(
                "nameserver 10.53.0.1\nsearch dev.corp.example corp.example\noptions ndots:{ndots}\n"
            ));
            assert_eq!(asked(5000).await.1, Err(Reason::NameUnknown));
            assert!(server.asked().iter().all(|question| question.starts_with(HOST)), "{:?}", server.asked());
        }
        let network = Network { https_proxy: Some(Secret::new("http://proxy:3128")), ..network() };
        let error = unreachable(http_within(&network, 5000).send(get(URL)).await.unwrap_err());
        let refused = ProxyFailure::Unreachable("the connection was refused".into());
        assert_eq!((error.reason, error.proxy.as_deref()), (Reason::Proxy(refused), Some("proxy:3128")));
    });
}

#[test]
fn a_host_without_a_route_is_told_from_one_that_refuses() {
    in_a_network_of_its_own("networks::a_host_without_a_route_is_told_from_one_that_refuses", async || {
        shell("ip route add unreachable 198.51.100.0/25 && ip route add prohibit 198.51.100.128/25");
        for host in ["203.0.113.1", "198.51.100.1", "198.51.100.200", "[2001:db8::1]"] {
            let error = http_within(&network(), 3000).send(get(&format!("https://{host}/"))).await.unwrap_err();
            assert_eq!(unreachable(error).reason, Reason::NoRoute, "{host}");
        }
        let _names = name_server("10.53.0.1", 0, |_| Known::Addresses(vec!["203.0.113.1", "2001:db8::1"])).await;
        resolv_conf("nameserver 10.53.0.1\n");
        let (http, outcome) = asked(3000).await;
        assert_eq!(outcome, Err(Reason::NoRoute));
        assert_eq!(http.resolution(HOST).unwrap().addresses.len(), 2);
        assert_eq!(http.touch(HOST).await.unwrap_err().reason, Reason::NoRoute);
    });
}

#[test]
fn an_address_that_leads_nowhere_is_left_for_one_that_does() {
    in_a_network_of_its_own("networks::an_address_that_leads_nowhere_is_left_for_one_that_does", async || {
        let _registry = registry_at("10.1.2.3").await;
        address("10.9.9.9/32");
        let (_, _waiting, _listener) = black_hole_at("10.9.9.9:443").await;
        for (server, bad) in [("10.53.0.1", "203.0.113.1"), ("10.53.0.2", "2001:db8::1"), ("10.53.0.3", "10.9.9.9")] {
            let _names = name_server(server, 0, move |_| Known::Addresses(vec![bad, "10.1.2.3"])).await;
            resolv_conf(&format!("nameserver {server}\n"));
            let http = http_within(&network(), 5000);
            let quick = Request { connect_within: Some(Duration::from_secs(1)), ..get(URL) };
            assert_eq!(http.send(quick).await.unwrap().status, 200, "{bad}");
            http.touch(HOST).await.unwrap();
        }
    });
}
