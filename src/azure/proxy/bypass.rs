//! `NO_PROXY` as people write it.

use super::super::resolver::literal;
use ipnet::IpNet;
use std::net::IpAddr;

/// The hosts that are reached directly.
#[derive(Debug, Default)]
pub(super) struct Bypass(Vec<Entry>);

#[derive(Debug)]
enum Entry {
    All,
    Domain(String, Option<u16>),
    Address(IpAddr, Option<u16>),
    Network(IpNet),
}

impl Bypass {
    /// Reads a list separated by commas or blanks: `*`, `azurecr.io`, `.azurecr.io`, `*.azurecr.io`, `host:8443`,
    /// `10.0.0.0/8`, `::1`. A domain stands for itself and all below it, as in curl.
    pub(super) fn new(text: &str) -> Self {
        let entries = text.split(|c: char| c == ',' || c == ';' || c.is_whitespace());
        Self(entries.filter(|entry| !entry.is_empty()).filter_map(parse).collect())
    }

    /// Whether the host is reached directly. A network holds addresses only: names are not looked up for it, as in
    /// curl.
    pub(super) fn includes(&self, host: &str, port: u16) -> bool {
        let host = host.trim_end_matches('.').to_ascii_lowercase();
        let address = literal(&host);
        let fits = |wanted: &Option<u16>| wanted.is_none_or(|wanted| wanted == port);
        self.0.iter().any(|entry| match entry {
            Entry::All => true,
            Entry::Domain(domain, port) => address.is_none() && fits(port) && is_within(&host, domain),
            Entry::Address(one, port) => address == Some(*one) && fits(port),
            Entry::Network(network) => address.is_some_and(|address| network.contains(&address)),
        })
    }
}

fn is_within(host: &str, domain: &str) -> bool {
    host.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

fn parse(entry: &str) -> Option<Entry> {
    let entry = entry.to_ascii_lowercase();
    // People paste URLs.
    let entry = entry.split_once("://").map_or(entry.as_str(), |(_, rest)| rest.trim_end_matches('/'));
    if entry == "*" {
        return Some(Entry::All);
    }
    if let Ok(network) = entry.parse::<IpNet>() {
        return Some(Entry::Network(network));
    }
    if let Some(address) = literal(entry) {
        return Some(Entry::Address(address, None));
    }
    let (host, port) = match entry.rsplit_once(':') {
        Some((host, port)) => (host, Some(port.parse().ok()?)),
        None => (entry, None),
    };
    if let Some(address) = literal(host) {
        return Some(Entry::Address(address, port));
    }
    let domain = host.trim_start_matches('*').trim_start_matches('.').trim_end_matches('.');
    (!domain.is_empty()).then(|| Entry::Domain(domain.to_owned(), port))
}

#[cfg(test)]
mod tests {
    use super::Bypass;

    fn direct(list: &str, host: &str) -> bool {
        Bypass::new(list).includes(host, 443)
    }

    #[test]
    fn a_domain_stands_for_itself_and_all_below_it_however_it_is_written() {
        for list in
            ["azurecr.io", ".azurecr.io", "*.azurecr.io", "AzureCR.io.", "a.b *.azurecr.io", "x,\tazurecr.io ,y"]
        {
            assert!(direct(list, "contoso.azurecr.io"), "{list}");
            assert!(direct(list, "Contoso.AzureCR.io."), "{list}");
            assert!(!direct(list, "contosoazurecr.io"), "{list}");
            assert!(!direct(list, "azurecr.io.evil.example"), "{list}");
        }
    }

    #[test]
    fn a_port_in_an_entry_must_be_the_port_asked() {
        assert!(direct("contoso.azurecr.io:443", "contoso.azurecr.io"));
        assert!(!direct("contoso.azurecr.io:8443", "contoso.azurecr.io"));
        assert!(direct("10.0.0.4:443,[::1]:443", "[::1]"));
    }

    #[test]
    fn a_network_holds_addresses_and_no_names() {
        assert!(direct("10.0.0.0/8", "10.1.2.3"));
        assert!(!direct("10.0.0.0/8", "11.1.2.3"));
        assert!(direct("fd00::/8", "[fd00::1]"));
        assert!(!direct("0.0.0.0/0", "contoso.azurecr.io"));
        assert!(direct("10.1.2.3", "10.1.2.3"));
        assert!(!direct("10.1.2.3", "1.10.1.2.3.example"));
    }

    #[test]
    fn a_star_stands_for_everything_and_rubbish_for_nothing() {
        assert!(direct("*", "contoso.azurecr.io"));
        assert!(direct("https://contoso.azurecr.io/", "contoso.azurecr.io"));
        for list in ["", " , ;", ".", "*.", "a:b:c", "contoso.azurecr.io:port"] {
            assert!(!direct(list, "contoso.azurecr.io"), "{list:?}");
        }
    }
}
