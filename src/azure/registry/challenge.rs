//! How a registry asks for credentials: the `WWW-Authenticate` of `GET /v2/`.

use super::on;
use crate::azure::call::{CallError, Elsewhere, Reply, Request};
use crate::azure::reply::{Form, origin};
use crate::azure::transport::Http;
use crate::secret::Secret;
use reqwest::Url;

/// A registry's challenge, whose realm is known to be on the registry itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Challenge {
    /// The token endpoint, `https://<login server>/oauth2/token`.
    pub realm: Url,
    /// The service's name; not always the host that was asked.
    pub service: String,
}

/// Asks the registry for its challenge.
pub async fn challenge(http: &Http, host: &str) -> Result<Challenge, CallError> {
    read(http.send(Request::get(on(host, ["v2", ""])?)).await?, host)
}

/// Asks whether the registry accepts an access token at all.
pub async fn accepts(http: &Http, host: &str, token: &Secret) -> Result<(), CallError> {
    http.send(Request::get(on(host, ["v2", ""])?).bearer(token)).await?.accepted(Form::Registry).map(drop)
}

/// Reads the challenge from the answer of the registry's host.
pub fn read(reply: Reply, host: &str) -> Result<Challenge, CallError> {
    if reply.status != 401 {
        let reply = reply.accepted(Form::Registry)?;
        return Err(reply.malformed("the registry did not ask for credentials"));
    }
    let Some(realm) = parameter(&reply, "realm") else {
        // A 401 of something in between, or of a registry that knows only Basic.
        return Err(reply.malformed("the answer has no Bearer challenge with a realm"));
    };
    let realm = Url::parse(&realm).map_err(|_| reply.malformed("the challenge's realm is no address"))?;
    let expected = on(host, [])?;
    if realm.origin() != expected.origin() {
        let (host, path, status) = (reply.host.clone(), reply.path.clone(), reply.status);
        return Err(CallError::Elsewhere(Elsewhere { host, path, status, target: origin(&realm) }));
    }
    let service = parameter(&reply, "service").unwrap_or_else(|| host.to_owned());
    Ok(Challenge { realm, service })
}

/// A parameter of the reply's `Bearer` challenge.
pub(in crate::azure) fn parameter(reply: &Reply, name: &str) -> Option<String> {
    let values = reply.headers.get_all("www-authenticate");
    values.iter().filter_map(|value| value.to_str().ok()).find_map(|value| {
        let challenges = http_auth::parse_challenges(value).ok()?;
        let bearer = challenges.iter().find(|challenge| challenge.scheme.eq_ignore_ascii_case("bearer"))?;
        let (_, found) = bearer.params.iter().find(|(key, _)| key.eq_ignore_ascii_case(name))?;
        Some(found.to_unescaped())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use reqwest::header::{HeaderMap, HeaderValue};

    fn reply(status: u16, challenges: &[&str]) -> Reply {
        let mut headers = HeaderMap::new();
        for value in challenges {
            headers.append("www-authenticate", HeaderValue::from_str(value).unwrap());
        }
        Reply { host: "contosoacr.azurecr.io".into(), path: "/v2/".into(), status, headers, body: Vec::new() }
    }

    fn met(challenge: &str) -> Result<Challenge, CallError> {
        read(reply(401, &[challenge]), "contosoacr.azurecr.io")
    }

    #[test]
    fn a_recorded_challenge_is_read() {
        let challenge =
            met(r#"Bearer realm="https://contosoacr.azurecr.io/oauth2/token",service="contosoacr.azurecr.io""#)
                .unwrap();
        assert_eq!(challenge.realm.as_str(), "https://contosoacr.azurecr.io/oauth2/token");
        assert_eq!(challenge.service, "contosoacr.azurecr.io");
    }

    #[test]
    fn a_comma_in_a_scope_does_not_split_the_challenge() {
        let value = r#"Bearer realm="https://contosoacr.azurecr.io/oauth2/token",service="s",scope="repository:a:pull,push",error="insufficient_scope""#;
        assert_eq!(parameter(&reply(401, &[value]), "error").as_deref(), Some("insufficient_scope"));
        assert_eq!(parameter(&reply(401, &[value]), "scope").as_deref(), Some("repository:a:pull,push"));
    }

    #[test]
    fn a_bearer_challenge_is_found_beside_others() {
        let challenges =
            [r#"Basic realm="x""#, r#"Bearer realm="https://contosoacr.azurecr.io/oauth2/token",service="s""#];
        assert_eq!(read(reply(401, &challenges), "contosoacr.azurecr.io").unwrap().service, "s");
    }

    #[test]
    fn a_realm_on_another_host_port_or_scheme_is_elsewhere() {
        for (realm, target) in [
            ("https://evil.example/oauth2/token", "https://evil.example"),
            ("http://contosoacr.azurecr.io/oauth2/token", "http://contosoacr.azurecr.io"),
            ("https://contosoacr.azurecr.io:8443/oauth2/token", "https://contosoacr.azurecr.io"),
            ("https://contosoacr.azurecr.io@evil.example/", "https://evil.example"),
        ] {
            let Err(CallError::Elsewhere(pointer)) = met(&format!(r#"Bearer realm="{realm}",service="s""#)) else {
                panic!("{realm} was believed")
            };
            assert_eq!(pointer.target, target);
        }
    }

    #[test]
    fn a_realm_with_a_byte_that_is_no_letter_is_no_address() {
        let error = met(r#"Bearer realm="https://contosoacr.A%AAAAA/",service="s""#).unwrap_err();
        assert!(matches!(error, CallError::Malformed(_)), "{error:?}");
    }

    #[test]
    fn what_does_not_challenge_is_no_registry() {
        for (status, challenges) in [(200, &[][..]), (401, &[]), (401, &[r#"Basic realm="x""#]), (401, &["Bearer"])] {
            let error = read(reply(status, challenges), "contosoacr.azurecr.io").unwrap_err();
            assert!(matches!(error, CallError::Malformed(_)), "{status} {challenges:?}: {error:?}");
        }
        assert!(matches!(read(reply(404, &[]), "contosoacr.azurecr.io"), Err(CallError::Service(_))));
    }
}
