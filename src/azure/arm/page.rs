//! Lists that Azure Resource Manager gives in pages.

use super::ask;
use crate::azure::call::CallError;
use crate::azure::transport::Http;
use crate::secret::Secret;
use reqwest::Url;
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// The most pages that are read: what is looked for explains, and decides nothing.
const MOST_PAGES: usize = 5;

/// A page of a list.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Page<T> {
    #[serde(default = "Vec::new")]
    value: Vec<T>,
    next_link: Option<String>,
}

impl<T: DeserializeOwned> Page<T> {
    /// Reads on until there is `enough`, or no more.
    pub(super) async fn and_more(
        self,
        http: &Http,
        arm: &str,
        token: &Secret,
        enough: impl Fn(&T) -> bool,
    ) -> Result<Vec<T>, CallError> {
        let Self { value: mut items, mut next_link } = self;
        for _ in 1..MOST_PAGES {
            if items.iter().any(&enough) {
                break;
            }
            let Some(url) = next_link.as_deref().and_then(|link| on_the_same(arm, link)) else { break };
            let page: Self = ask(http, token, url).await?;
            items.extend(page.value);
            next_link = page.next_link;
        }
        Ok(items)
    }
}

/// The address of the next page, where it is one of the service that was asked: its token goes nowhere else.
fn on_the_same(arm: &str, link: &str) -> Option<Url> {
    let url = Url::parse(link).ok()?;
    let is_plain = url.username().is_empty() && url.password().is_none();
    (is_plain && url.origin() == Url::parse(arm).ok()?.origin()).then_some(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_next_page_is_one_of_the_same_service() {
        let arm = "https://management.azure.com/";
        assert!(on_the_same(arm, "https://management.azure.com/x?api-version=1&$skiptoken=a").is_some());
        for other in [
            "https://management.azure.com.evil.example/x",
            "https://management.azure.com@evil.example/x",
            "https://user@management.azure.com/x",
            "https://management.azure.com:8443/x",
            "http://management.azure.com/x",
            "/x",
            "",
        ] {
            assert!(on_the_same(arm, other).is_none(), "{other}");
        }
    }

    #[test]
    fn a_page_without_items_is_read() {
        let page: Page<String> = serde_json::from_str("{}").unwrap();
        assert!(page.value.is_empty() && page.next_link.is_none());
    }
}
