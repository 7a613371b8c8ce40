//! From a login server to the registry's resource.

use super::page::Page;
use super::settings::Resource;
use super::{get_of_registry, unusable};
use crate::azure::call::{CallError, Request};
use crate::azure::reply::Form;
use crate::azure::request::address;
use crate::azure::transport::Http;
use crate::plan::names::LoginServer;
use crate::secret::Secret;
use serde::Deserialize;
use serde_json::json;

#[derive(Default, Deserialize)]
#[serde(default)]
struct Rows {
    data: Vec<Row>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Row {
    id: String,
}

/// Looks through the registries of one subscription that the caller may read.
pub async fn in_subscription(
    http: &Http,
    arm: &str,
    token: &Secret,
    subscription: &str,
    login_server: &LoginServer,
) -> Result<Option<Resource>, CallError> {
    let host = login_server.without_region();
    let path = format!("subscriptions/{subscription}/providers/Microsoft.ContainerRegistry/registries");
    let page: Page<Resource> = get_of_registry(http, arm, token, &path).await?;
    let is_it = |resource: &Resource| {
        resource.properties.login_server.as_deref().is_some_and(|of_it| of_it.eq_ignore_ascii_case(&host))
    };
    Ok(page.and_more(http, arm, token, is_it).await?.into_iter().find(is_it))
}

/// Asks Resource Graph for the registry's resource id in every subscription that the caller may read.
///
/// What it does not return may exist all the same: it shows only what the caller may read.
pub async fn anywhere(
    http: &Http,
    arm: &str,
    token: &Secret,
    login_server: &LoginServer,
) -> Result<Option<String>, CallError> {
    let mut url = address(arm, ["providers", "Microsoft.ResourceGraph", "resources"]).ok_or_else(|| unusable(arm))?;
    url.query_pairs_mut().append_pair("api-version", "2021-03-01");
    // A login server is a host name: it has no quote that could end the text.
    let query = format!(
        "Resources | where type =~ 'microsoft.containerregistry/registries' and properties.loginServer =~ '{}' \
         | project id",
        login_server.without_region()
    );
    let body = json!({"query": query, "options": {"resultFormat": "objectArray"}});
    let rows: Rows =
        http.send(Request::post_json(url, body).aside().bearer(token)).await?.accepted(Form::Arm)?.json()?;
    Ok(rows.data.into_iter().map(|row| row.id).find(|id| subscription_of(id).is_some()))
}

/// The subscription in a resource id.
pub fn subscription_of(id: &str) -> Option<&str> {
    let mut segments = id.trim_start_matches('/').split('/');
    segments.next().filter(|word| word.eq_ignore_ascii_case("subscriptions"))?;
    segments.next()
}

#[cfg(test)]
mod tests {
    use super::subscription_of;

    #[test]
    fn a_resource_id_names_its_subscription() {
        let id = "/subscriptions/6c3d/resourceGroups/rg/providers/Microsoft.ContainerRegistry/registries/contosoacr";
        assert_eq!(subscription_of(id), Some("6c3d"));
        assert_eq!(subscription_of("/providers/x"), None);
    }
}
