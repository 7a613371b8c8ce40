//! Microsoft Graph: the credentials that an application registration and its service principal list.

use super::call::{CallError, Request};
use super::entra::unusable;
use super::reply::Form;
use super::request::address;
use super::transport::Http;
use crate::secret::Secret;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use time::OffsetDateTime;

/// One of the two objects that hold the credentials of a service principal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holder {
    /// The application registration, in its home tenant.
    Application,
    /// The service principal, in each tenant.
    ServicePrincipal,
}

/// An application registration or service principal, as far as it is read.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct DirectoryObject {
    /// Object id.
    pub id: String,
    /// Its name.
    pub display_name: Option<String>,
    /// Client secrets, without their values.
    pub password_credentials: Vec<PasswordCredential>,
    /// Certificates; read only where asked for, because Graph throttles it.
    pub key_credentials: Vec<KeyCredential>,
}

/// A client secret as Graph lists it, without its value.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct PasswordCredential {
    /// Its id, which is not its value.
    pub key_id: Option<String>,
    /// Its name.
    pub display_name: Option<String>,
    /// Its end.
    #[serde(with = "time::serde::rfc3339::option")]
    pub end_date_time: Option<OffsetDateTime>,
    /// The first three characters of its value; never printed.
    pub hint: Option<Hint>,
}

/// The first characters of a secret: comparable, not printable.
#[derive(Clone, Deserialize)]
#[serde(transparent)]
pub struct Hint(String);

impl Hint {
    /// Whether a secret begins with it.
    pub fn begins(&self, secret: &Secret) -> bool {
        !self.0.is_empty() && secret.expose().starts_with(&self.0)
    }
}

impl std::fmt::Debug for Hint {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("***")
    }
}

/// A certificate as Graph lists it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct KeyCredential {
    /// Its id.
    pub key_id: Option<String>,
    /// Its name.
    pub display_name: Option<String>,
    /// Its SHA-1 thumbprint, base64.
    pub custom_key_identifier: Option<String>,
    /// Its end.
    #[serde(with = "time::serde::rfc3339::option")]
    pub end_date_time: Option<OffsetDateTime>,
}

/// Reads the application or service principal of a client id; `with_certificates` asks for its keys too.
pub async fn object(
    http: &Http,
    graph: &str,
    token: &Secret,
    holder: Holder,
    client: &str,
    with_certificates: bool,
) -> Result<DirectoryObject, CallError> {
    let collection = match holder {
        Holder::Application => "applications",
        Holder::ServicePrincipal => "servicePrincipals",
    };
    let fields = "id,appId,displayName,passwordCredentials";
    let keys = if with_certificates { ",keyCredentials" } else { "" };
    get(http, graph, token, &[&format!("{collection}(appId='{client}')")], &format!("{fields}{keys}")).await
}

async fn get<T: DeserializeOwned>(
    http: &Http,
    graph: &str,
    token: &Secret,
    path: &[&str],
    fields: &str,
) -> Result<T, CallError> {
    let mut url = address(graph, ["v1.0"].into_iter().chain(path.iter().copied())).ok_or_else(|| unusable(graph))?;
    if !fields.is_empty() {
        url.query_pairs_mut().append_pair("$select", fields);
    }
    let request = Request::get(url).aside().bearer(token).header("accept", "application/json");
    http.send(request).await?.accepted(Form::Arm)?.json()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As recorded from Graph (azure-cli `test_app_credential`).
    const APPLICATION: &str = r#"{"id":"0b1c","appId":"1f2e","displayName":"ci","passwordCredentials":[
        {"customKeyIdentifier":null,"displayName":"key1","endDateTime":"2024-05-07T06:52:43Z","hint":"yXo",
         "keyId":"3c","secretText":null,"startDateTime":"2022-05-07T06:52:43Z"},
        {"displayName":null,"endDateTime":null,"hint":null,"keyId":"4d"}]}"#;

    #[test]
    fn a_recorded_application_is_read() {
        let application: DirectoryObject = serde_json::from_str(APPLICATION).unwrap();
        let [first, second] = application.password_credentials.as_slice() else { panic!("two secrets") };
        assert_eq!(first.display_name.as_deref(), Some("key1"));
        assert_eq!(first.end_date_time.unwrap().year(), 2024);
        assert!(first.hint.as_ref().unwrap().begins(&Secret::new("yXo8Q~rest")));
        assert!(!first.hint.as_ref().unwrap().begins(&Secret::new("other")));
        assert!(second.hint.is_none() && second.end_date_time.is_none());
    }

    #[test]
    fn a_hint_is_never_printed() {
        let application: DirectoryObject = serde_json::from_str(APPLICATION).unwrap();
        assert!(!format!("{application:?}").contains("yXo"));
    }
}
