//! dnsmasq, as it stands in many companies' networks, in a network namespace of its own.

use super::networks::{address, asked, in_a_network_of_its_own, registry_at, resolv_conf};
use crate::real_clients::are_here;
use acr_preflight::azure::call::Reason;
use std::net::{IpAddr, TcpStream};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

/// A running dnsmasq; without one to forward to, it refuses what is not its own.
struct Dnsmasq(Child);

impl Dnsmasq {
    fn at(ip: &str, zone: &[&str]) -> Self {
        address(&format!("{ip}/32"));
        let child = Command::new("dnsmasq")
            .args(["--no-daemon", "--conf-file=/dev/null", "--no-hosts", "--no-resolv", "--bind-interfaces"])
            .args(["--user=", "--group=", "--pid-file", "--listen-address", ip])
            .args(zone)
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let server = Self(child);
        for _ in 0..100 {
            if TcpStream::connect((ip, 53)).is_ok() {
                return server;
            }
            sleep(Duration::from_millis(50));
        }
        panic!("dnsmasq does not listen at {ip}");
    }
}

impl Drop for Dnsmasq {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

const PRIVATE_ZONE: [&str; 2] = [
    "--cname=contosoacr.azurecr.io,contosoacr.privatelink.azurecr.io",
    "--host-record=contosoacr.privatelink.azurecr.io,10.1.2.3",
];

#[test]
fn one_that_refuses_is_left_for_the_one_that_knows_the_private_endpoint() {
    let test = "dnsmasq::one_that_refuses_is_left_for_the_one_that_knows_the_private_endpoint";
    if !are_here(&["dnsmasq"]) {
        return;
    }
    in_a_network_of_its_own(test, async || {
        let _registry = registry_at("10.1.2.3").await;
        let _refuses = Dnsmasq::at("10.53.0.1", &["--host-record=git.contoso.example,10.9.9.9"]);
        let _knows = Dnsmasq::at("10.53.0.2", &PRIVATE_ZONE);
        resolv_conf("nameserver 10.53.0.1\nnameserver 10.53.0.2\n");
        let (http, outcome) = asked(5000).await;
        assert_eq!(outcome, Ok(200));
        let resolution = http.resolution("contosoacr.azurecr.io").unwrap();
        assert_eq!(resolution.aliases, ["contosoacr.privatelink.azurecr.io"]);
        assert_eq!(resolution.addresses, ["10.1.2.3".parse::<IpAddr>().unwrap()]);
    });
}

#[test]
fn one_that_holds_the_zone_without_the_registry_is_believed() {
    let test = "dnsmasq::one_that_holds_the_zone_without_the_registry_is_believed";
    if !are_here(&["dnsmasq"]) {
        return;
    }
    in_a_network_of_its_own(test, async || {
        let _registry = registry_at("10.1.2.3").await;
        let _holds = Dnsmasq::at("10.53.0.1", &["--local=/azurecr.io/"]);
        let _knows = Dnsmasq::at("10.53.0.2", &PRIVATE_ZONE);
        resolv_conf("nameserver 10.53.0.1\nnameserver 10.53.0.2\n");
        assert_eq!(asked(5000).await.1, Err(Reason::NameUnknown));
    });
}
