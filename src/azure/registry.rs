//! The registry: its challenge, its two token endpoints, and what is read of its images.

pub mod attributes;
pub mod blob;
pub mod challenge;
pub mod exchange;
pub mod manifest;
pub mod token;

use super::call::CallError;
use super::entra::unusable;
use super::request::address;
use reqwest::Url;

/// An address on a registry; a repository's slashes stay slashes, everything else is one segment each.
fn on<'a>(host: &str, segments: impl IntoIterator<Item = &'a str>) -> Result<Url, CallError> {
    address(&format!("https://{host}"), segments).ok_or_else(|| unusable(host))
}
