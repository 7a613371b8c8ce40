//! What a refresh token shows of the rights on the registry as a whole.

use crate::azure::claims::Claims;

/// The actions that the registry-wide permissions of a refresh token allow; nothing where they do not tell.
///
/// Recorded are `read`, `write`, `delete`, `metadata/read` and so on for a registry in legacy mode, documented is `*`.
/// What a registry in ABAC mode writes there is not known: rights are given by repository then.
pub(super) fn actions(claims: &Claims) -> Option<Vec<&'static str>> {
    let permissions = claims.permissions().filter(|permissions| !permissions.is_empty())?;
    let has = |word: &str| permissions.iter().any(|permission| permission == word || permission == "*");
    Some(
        [("read", "pull"), ("write", "push")]
            .into_iter()
            .filter(|(word, _)| has(word))
            .map(|(_, action)| action)
            .collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::actions;
    use crate::azure::claims::Claims;
    use crate::secret::Secret;
    use base64::Engine as _;

    fn of(permissions: &str) -> Option<Vec<&'static str>> {
        let json = format!(r#"{{"permissions":{permissions}}}"#);
        let segment = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(json);
        actions(&Claims::decode(&Secret::new(format!("e30.{segment}.c2ln"))).unwrap())
    }

    #[test]
    fn reading_is_pulling_and_writing_is_pushing() {
        assert_eq!(of(r#"{"Actions":["read","metadata/read"],"NotActions":null}"#), Some(vec!["pull"]));
        assert_eq!(of(r#"{"Actions":["read","write","delete"],"NotActions":null}"#), Some(vec!["pull", "push"]));
        assert_eq!(of(r#"{"actions":["*"],"notActions":[]}"#), Some(vec!["pull", "push"]));
        assert_eq!(of(r#"{"Actions":["delete"]}"#), Some(vec![]));
    }

    #[test]
    fn an_empty_list_tells_nothing() {
        assert_eq!(of(r#"{"Actions":[]}"#), None);
        assert_eq!(of("null"), None);
    }
}
