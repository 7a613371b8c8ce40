//! Locks: the changeable attributes of a repository or tag.

use super::on;
use crate::azure::call::{CallError, Request};
use crate::azure::reply::Form;
use crate::azure::transport::Http;
use crate::secret::Secret;
use serde::Deserialize;

/// What may be done with a repository or tag, whoever asks. What is not said is allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Attributes {
    /// It may be pushed to.
    pub write_enabled: bool,
}

impl Default for Attributes {
    fn default() -> Self {
        Self { write_enabled: true }
    }
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Answer {
    changeable_attributes: Option<Attributes>,
    tag: Option<Tag>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Tag {
    changeable_attributes: Option<Attributes>,
}

/// Reads the attributes of a repository, or of one of its tags; none where it does not exist yet.
///
/// It takes a token with `metadata_read`.
pub async fn attributes(
    http: &Http,
    host: &str,
    token: &Secret,
    repository: &str,
    tag: Option<&str>,
) -> Result<Option<Attributes>, CallError> {
    let path = ["acr", "v1"].into_iter().chain(repository.split('/'));
    let url = on(host, path.chain(tag.iter().flat_map(|tag| ["_tags", tag])))?;
    let reply = http.send(Request::get(url).bearer(token).header("accept", "application/json")).await?;
    if reply.status == 404 {
        return Ok(None);
    }
    let answer: Answer = reply.accepted(Form::Registry)?.json()?;
    let of_tag = answer.tag.and_then(|tag| tag.changeable_attributes);
    Ok(Some(of_tag.or(answer.changeable_attributes).unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_said_is_allowed() {
        let locked: Answer = serde_json::from_str(r#"{"changeableAttributes":{"writeEnabled":false}}"#).unwrap();
        assert_eq!(locked.changeable_attributes, Some(Attributes { write_enabled: false }));
    }

    #[test]
    fn a_tags_attributes_stand_inside_the_tag() {
        let body = r#"{"registry":"r","imageName":"a","tag":{"name":"1","changeableAttributes":{"writeEnabled":false,"readEnabled":true}}}"#;
        let answer: Answer = serde_json::from_str(body).unwrap();
        assert!(!answer.tag.unwrap().changeable_attributes.unwrap().write_enabled);
    }
}
