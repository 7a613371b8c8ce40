//! Repository-scoped tokens: whether one is enabled, and when its passwords end.

use super::get_of_registry;
use crate::azure::call::CallError;
use crate::azure::transport::Http;
use crate::secret::Secret;
use serde::Deserialize;
use time::OffsetDateTime;

/// A token of the registry, without its passwords' values.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct ScopedToken {
    /// Its settings.
    pub properties: TokenProperties,
}

/// A token's settings.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct TokenProperties {
    /// `enabled` or `disabled`.
    pub status: Option<String>,
    /// Its passwords.
    pub credentials: Option<TokenCredentials>,
}

/// A token's passwords.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct TokenCredentials {
    /// At most two.
    pub passwords: Vec<TokenPassword>,
}

/// A token's password, without its value.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct TokenPassword {
    /// `password1` or `password2`.
    pub name: String,
    /// Its end; none where it has none.
    #[serde(with = "time::serde::rfc3339::option")]
    pub expiry: Option<OffsetDateTime>,
}

impl ScopedToken {
    /// It may not sign in.
    pub fn is_disabled(&self) -> bool {
        self.properties.status.as_deref().is_some_and(|status| status.eq_ignore_ascii_case("disabled"))
    }

    /// Its passwords.
    pub fn passwords(&self) -> &[TokenPassword] {
        self.properties.credentials.as_ref().map(|credentials| credentials.passwords.as_slice()).unwrap_or_default()
    }
}

/// Reads a token of the registry with this resource id.
pub async fn token(
    http: &Http,
    arm: &str,
    token: &Secret,
    registry: &str,
    name: &str,
) -> Result<ScopedToken, CallError> {
    get_of_registry(http, arm, token, &format!("{}/tokens/{name}", registry.trim_end_matches('/'))).await
}

#[cfg(test)]
mod tests {
    use super::ScopedToken;

    #[test]
    fn a_token_shows_the_ends_of_its_passwords() {
        let body = r#"{"properties":{"status":"disabled","scopeMapId":"/x","credentials":{"certificates":[],
            "passwords":[{"name":"password1","creationTime":"2026-01-01T00:00:00Z","expiry":"2026-12-01T00:00:00.123+00:00"},
            {"name":"password2"}]}}}"#;
        let token: ScopedToken = serde_json::from_str(body).unwrap();
        assert!(token.is_disabled());
        assert_eq!(token.passwords()[0].expiry.unwrap().year(), 2026);
        assert!(token.passwords()[1].expiry.is_none());
    }
}
