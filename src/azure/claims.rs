//! What a token says of itself, read without verification: clients have no key to verify it with, and need none.

use crate::secret::Secret;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};
use time::OffsetDateTime;

/// The claims of a JSON Web Token. Absurd values read as absent.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Claims(Map<String, Value>);

/// An entry of the claim `access`: what the registry granted on one repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// `repository`, `registry`.
    pub kind: String,
    /// The repository's name.
    pub name: String,
    /// `pull`, `push`, `metadata_read`, …
    pub actions: Vec<String>,
}

impl Claims {
    /// Reads the claims of a token; none where it is no token of that kind.
    pub fn decode(token: &Secret) -> Option<Self> {
        let mut segments = token.expose().split('.');
        let (_header, claims, _signature) = (segments.next()?, segments.next()?, segments.next()?);
        let json = URL_SAFE_NO_PAD.decode(claims.trim_end_matches('=')).ok()?;
        serde_json::from_slice(&json).ok().map(Self)
    }

    /// A claim that is a text.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name)?.as_str().filter(|text| !text.is_empty())
    }

    /// A claim that is a moment, in seconds since 1970.
    pub fn moment(&self, name: &str) -> Option<OffsetDateTime> {
        let seconds = match self.0.get(name)? {
            Value::Number(number) => number.as_i64().or_else(|| number.as_f64().map(|seconds| seconds as i64))?,
            Value::String(text) => text.trim().parse().ok()?,
            _ => return None,
        };
        OffsetDateTime::from_unix_timestamp(seconds).ok()
    }

    /// The end of the token's life.
    pub fn expires_on(&self) -> Option<OffsetDateTime> {
        self.moment("exp")
    }

    /// Whom the token is for: one text, or a list of them.
    pub fn audiences(&self) -> Vec<&str> {
        match self.0.get("aud") {
            Some(Value::String(one)) => vec![one],
            Some(Value::Array(several)) => several.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        }
    }

    /// The application that holds the token: `appid` in version 1.0, `azp` in 2.0.
    pub fn application(&self) -> Option<&str> {
        self.text("appid").or_else(|| self.text("azp"))
    }

    /// The tenant: `tid` in Entra's tokens, `tenant` in the registry's.
    pub fn tenant(&self) -> Option<&str> {
        self.text("tid").or_else(|| self.text("tenant"))
    }

    /// The registry-wide permissions of a refresh token: what is allowed less what is not.
    ///
    /// Recorded with capital keys in 2023, documented with lower-case ones.
    pub fn permissions(&self) -> Option<Vec<String>> {
        let permissions = self.0.get("permissions")?.as_object()?;
        let denied = words(field(permissions, "notActions"));
        let mut allowed = words(field(permissions, "actions"));
        allowed.retain(|action| !denied.contains(action));
        Some(allowed)
    }

    /// What an access token of the registry grants; keys in either letter case.
    pub fn access(&self) -> Option<Vec<Grant>> {
        let entries = self.0.get("access")?.as_array()?;
        let grant = |entry: &Value| {
            let entry = entry.as_object()?;
            Some(Grant {
                kind: field(entry, "type")?.as_str()?.to_owned(),
                name: field(entry, "name")?.as_str()?.to_owned(),
                actions: words(field(entry, "actions")),
            })
        };
        Some(entries.iter().filter_map(grant).collect())
    }
}

/// A field whatever the letter case of its name.
fn field<'a>(object: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    object.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
}

fn words(list: Option<&Value>) -> Vec<String> {
    let items = list.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    items.iter().filter_map(Value::as_str).map(str::to_ascii_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn token(claims: &Value) -> Secret {
        Secret::new(format!("eyJ0eXAiOiJKV1QifQ.{}.c2ln", URL_SAFE_NO_PAD.encode(claims.to_string())))
    }

    fn claims(json: Value) -> Claims {
        Claims::decode(&token(&json)).expect("a token")
    }

    #[test]
    fn access_is_read_in_either_letter_case() {
        for json in [
            json!({"access": [{"Type": "repository", "Name": "team/app", "Actions": ["pull", "push"]}]}),
            json!({"access": [{"type": "repository", "name": "team/app", "actions": ["pull", "push"]}]}),
        ] {
            let access = claims(json).access().unwrap();
            assert_eq!(
                (access[0].name.as_str(), access[0].actions.as_slice()),
                ("team/app", &["pull".to_owned(), "push".to_owned()][..])
            );
        }
    }

    #[test]
    fn permissions_are_read_in_either_letter_case_and_without_those_denied() {
        let capital = claims(json!({"permissions": {"Actions": ["read", "write"], "NotActions": null}}));
        assert_eq!(capital.permissions().unwrap(), ["read", "write"]);
        let lower = claims(json!({"permissions": {"actions": ["read", "write"], "notActions": ["write"]}}));
        assert_eq!(lower.permissions().unwrap(), ["read"]);
        assert_eq!(claims(json!({"permissions": []})).permissions(), None);
    }

    #[test]
    fn an_empty_grant_is_not_an_absent_one() {
        assert_eq!(claims(json!({"access": []})).access(), Some(vec![]));
        assert_eq!(claims(json!({})).access(), None);
    }

    #[test]
    fn absurd_moments_read_as_absent() {
        for absurd in [json!(1e300), json!(-9e18), json!("soon"), json!(null), json!([1]), json!(u64::MAX)] {
            assert_eq!(claims(json!({"exp": absurd})).expires_on(), None, "{absurd}");
        }
        assert!(claims(json!({"exp": 1_800_000_000.5})).expires_on().is_some());
        assert!(claims(json!({"exp": "1800000000"})).expires_on().is_some());
    }

    #[test]
    fn one_audience_or_several_are_a_list() {
        assert_eq!(claims(json!({"aud": "a"})).audiences(), ["a"]);
        assert_eq!(claims(json!({"aud": ["a", "b", 3]})).audiences(), ["a", "b"]);
        assert!(claims(json!({"aud": {}})).audiences().is_empty());
    }

    #[test]
    fn what_is_no_token_has_no_claims() {
        for text in ["", "a.b", "a.!!.c", "not a token", "a.bnVsbA.c"] {
            assert_eq!(Claims::decode(&Secret::new(text)), None, "{text}");
        }
    }
}
