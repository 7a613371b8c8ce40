//! A private endpoint whose name leads to the public address.

use super::run::Run;
use super::subject::Subject;
use crate::catalogue::network::PRIVATE_ENDPOINT_DNS;
use crate::finding::Finding;
use std::net::IpAddr;

/// What a registry with a private endpoint says, or does not say, to the internet.
const BARRED: [&str; 3] = ["registry-unreachable", "firewall-ip-denied", "public-access-disabled"];

/// Where the registry was barred, looks at the way its name resolved.
///
/// An alias into `privatelink` with a public address is normal while public access is on and everything works.
pub(super) fn check(run: &Run<'_>) {
    let Some(registry) = &run.plan.registry else { return };
    let Some(resolution) = run.http.resolution(&registry.host) else { return };
    let Some(alias) = resolution.aliases.iter().find(|alias| alias.contains(".privatelink.")) else { return };
    let Some(address) = resolution.addresses.iter().find(|address| is_public(address)) else { return };
    for subject in Subject::LATER {
        if run.journal.found(subject, &BARRED).is_none() {
            continue;
        }
        run.journal.amend(subject, |findings| {
            for finding in findings.iter_mut().filter(|finding| BARRED.contains(&finding.failure.id)) {
                let better =
                    Finding::new(&PRIVATE_ENDPOINT_DNS).fact("alias", &**alias).fact("address", address.to_string());
                let better = better.fact("seen-as", finding.failure.id);
                *finding = finding.facts.drain(..).fold(better, |better, fact| better.fact(fact.label, fact.value));
            }
        });
    }
}

/// Whether an address is one of the internet.
fn is_public(address: &IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => {
            let shared = address.octets()[0] == 100 && address.octets()[1] & 0xc0 == 64;
            !(address.is_private()
                || address.is_loopback()
                || address.is_link_local()
                || address.is_unspecified()
                || shared)
        }
        IpAddr::V6(address) => !(address.is_loopback() || address.is_unique_local() || address.is_unicast_link_local()),
    }
}

#[cfg(test)]
mod tests {
    use super::is_public;

    #[test]
    fn private_and_local_addresses_are_not_public() {
        for address in [
            "10.1.2.3",
            "172.16.0.4",
            "192.168.1.1",
            "127.0.0.1",
            "169.254.1.1",
            "100.64.0.1",
            "::1",
            "fd00::1",
            "fe80::1",
        ] {
            assert!(!is_public(&address.parse().unwrap()), "{address}");
        }
        for address in ["20.61.97.128", "100.128.0.1", "2603:1020::1"] {
            assert!(is_public(&address.parse().unwrap()), "{address}");
        }
    }
}
