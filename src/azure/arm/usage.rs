//! How much of its tier's limits a registry uses.

use super::get_of_registry;
use crate::azure::call::CallError;
use crate::azure::transport::Http;
use crate::secret::Secret;
use serde::Deserialize;

/// One limit and its use.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Usage {
    /// `Size`, `Webhooks`, …
    pub name: String,
    /// The limit; 0 or less where there is none.
    pub limit: i64,
    /// The use.
    pub current_value: i64,
    /// `Bytes`, `Count`.
    pub unit: String,
}

/// Reads the use of a registry with this resource id.
pub async fn usages(http: &Http, arm: &str, token: &Secret, registry: &str) -> Result<Vec<Usage>, CallError> {
    #[derive(Default, Deserialize)]
    #[serde(default)]
    struct Page {
        value: Vec<Usage>,
    }
    let page: Page =
        get_of_registry(http, arm, token, &format!("{}/listUsages", registry.trim_end_matches('/'))).await?;
    Ok(page.value)
}
