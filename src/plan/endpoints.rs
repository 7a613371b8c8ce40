//! Endpoints that the environment moves: https, or http where nobody can listen in.

use std::net::{IpAddr, SocketAddr};

/// Which addresses may be spoken to without TLS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Plain {
    /// This machine.
    Loopback,
    /// This machine, and the link-local addresses by which Azure's hosts serve their guests.
    LinkLocal,
}

/// Checks a URL that the environment gives, writes its scheme in small letters and takes the slash from its end. The
/// reason never repeats the URL.
pub(super) fn endpoint(text: &str, plain: Plain) -> Result<String, &'static str> {
    let url = if text.contains("://") { text.to_owned() } else { format!("https://{text}") };
    let (scheme, rest) = url.split_once("://").unwrap_or_default();
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if rest.contains(|letter: char| letter.is_whitespace() || letter.is_control() || letter == '\\') {
        return Err("it is not a URL");
    }
    if authority.contains('@') {
        return Err("it holds a user name");
    }
    let host = host_of(authority).ok_or("it is not a URL")?;
    let scheme = scheme.to_ascii_lowercase();
    match &*scheme {
        "https" => {}
        "http" if is_near(host, plain) => {}
        "http" => return Err("it is not https"),
        _ => return Err("it is neither https nor http"),
    }
    Ok(format!("{scheme}://{}", rest.trim_end_matches('/')))
}

/// An endpoint that is a host alone, such as an authority.
pub(super) fn origin(text: &str, plain: Plain) -> Result<String, &'static str> {
    let url = endpoint(text, plain)?;
    let rest = url.split_once("://").map_or("", |(_, rest)| rest);
    if rest.contains(['/', '?', '#']) { Err("it has a path") } else { Ok(url) }
}

/// `127.0.0.1:5353`, and no address that others can reach.
pub(super) fn loopback_socket(text: &str) -> Result<SocketAddr, &'static str> {
    let address: SocketAddr = text.parse().map_err(|_| "it is not ADDRESS:PORT")?;
    if address.ip().is_loopback() { Ok(address) } else { Err("it is not a loopback address") }
}

fn host_of(authority: &str) -> Option<&str> {
    let (host, port) = match authority.strip_prefix('[') {
        Some(rest) => {
            let (host, port) = rest.split_once(']')?;
            (host, port.strip_prefix(':').or((port.is_empty()).then_some("443"))?)
        }
        None => authority.split_once(':').unwrap_or((authority, "443")),
    };
    let fits = |letter: char| letter.is_ascii_alphanumeric() || ".-_:".contains(letter);
    (!host.is_empty() && host.chars().all(fits) && port.parse::<u16>().is_ok()).then_some(host)
}

fn is_near(host: &str, plain: Plain) -> bool {
    match host.parse::<IpAddr>() {
        Ok(address) if address.is_loopback() => true,
        Ok(IpAddr::V4(address)) => plain == Plain::LinkLocal && address.is_link_local(),
        Ok(IpAddr::V6(_)) => false,
        // Resolvers must answer this name with a loopback address (RFC 6761).
        Err(_) => host.eq_ignore_ascii_case("localhost"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn https_is_taken_with_or_without_its_scheme_and_slash() {
        for text in
            ["https://login.microsoftonline.us/", "login.microsoftonline.us", "https://login.microsoftonline.us"]
        {
            assert_eq!(origin(text, Plain::Loopback).unwrap(), "https://login.microsoftonline.us");
        }
    }

    #[test]
    fn plain_http_is_for_this_machine_alone() {
        for text in ["http://127.0.0.1:8080", "http://[::1]:8080", "http://localhost:8080"] {
            assert_eq!(origin(text, Plain::Loopback).unwrap(), text);
        }
        for text in [
            "http://login.example.com",
            "http://127.0.0.1.example.com",
            "http://10.0.0.1",
            "http://169.254.169.254",
            "http://localhost.example.com",
        ] {
            assert!(origin(text, Plain::Loopback).is_err(), "{text}");
        }
        assert!(origin("http://169.254.169.254", Plain::LinkLocal).is_ok());
        assert!(origin("http://10.0.0.1", Plain::LinkLocal).is_err());
    }

    #[test]
    fn tricks_with_the_authority_are_refused() {
        for text in [
            "http://127.0.0.1@example.com",
            "https://a@b",
            "ftp://127.0.0.1",
            "https://",
            "https://a b",
            "http://127.0.0.1\\@example.com",
            "http://127.0.0.1:x",
            "http://[::1",
            "https://a\nb",
        ] {
            assert!(endpoint(text, Plain::LinkLocal).is_err(), "{text}");
        }
        assert!(origin("https://login.example.com/tenant", Plain::Loopback).is_err());
    }

    #[test]
    fn the_scheme_is_the_same_in_letters_of_any_size() {
        let of = |text| endpoint(text, Plain::Loopback).unwrap();
        assert_eq!(of("httPs://login.microsoftonline.us/"), "https://login.microsoftonline.us");
        assert_eq!(of("HTTP://127.0.0.1:80"), "http://127.0.0.1:80");
    }

    #[test]
    fn a_name_server_is_on_this_machine() {
        assert!(loopback_socket("127.0.0.1:5353").is_ok() && loopback_socket("[::1]:53").is_ok());
        assert!(loopback_socket("8.8.8.8:53").is_err() && loopback_socket("127.0.0.1").is_err());
    }
}
