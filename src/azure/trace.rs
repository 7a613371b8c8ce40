//! What was sent and what came, without anything secret: for the debug trace, and for the clock.

use super::call::{Reply, Request};
use reqwest::header::HeaderMap;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use time::format_description::BorrowedFormatItem;
use time::macros::format_description;
use time::{OffsetDateTime, PrimitiveDateTime};
use tokio::time::Instant;

/// One attempt at a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exchange {
    /// `GET`, `POST` or `HEAD`.
    pub method: String,
    /// The host asked.
    pub host: String,
    /// The path asked, without query.
    pub path: String,
    /// The status, or in words why there is none.
    pub outcome: Result<u16, String>,
    /// When it began, counted from the start of the run.
    pub began: Duration,
    /// How long it took.
    pub took: Duration,
    /// The service's own id of it, for a support case.
    pub correlation_id: Option<String>,
}

/// All exchanges of a run, in the order in which they ended.
#[derive(Debug)]
pub(crate) struct Trace {
    start: Instant,
    exchanges: Mutex<Vec<Exchange>>,
    dates: Mutex<HashMap<String, (OffsetDateTime, Instant)>>,
}

impl Trace {
    pub(crate) fn new(start: Instant) -> Self {
        Self { start, exchanges: Mutex::default(), dates: Mutex::default() }
    }

    /// Records an attempt that began at `began` and ends now.
    pub(crate) fn record(&self, request: &Request, began: Instant, outcome: Result<&Reply, String>) {
        let now = Instant::now();
        let host = request.url.host_str().unwrap_or_default();
        let headers = outcome.as_ref().ok().map(|reply| &reply.headers);
        // A cached reply carries the date of its making.
        if let Some(date) = headers.filter(|headers| !headers.contains_key("age")).and_then(date) {
            locked(&self.dates).insert(host.to_owned(), (date, now));
        }
        let exchange = Exchange {
            method: request.method.to_string(),
            host: host.to_owned(),
            path: request.url.path().to_owned(),
            correlation_id: headers.and_then(correlation_id),
            outcome: outcome.map(|reply| reply.status),
            began: began.duration_since(self.start),
            took: now.duration_since(began),
        };
        locked(&self.exchanges).push(exchange);
    }

    pub(crate) fn exchanges(&self) -> Vec<Exchange> {
        locked(&self.exchanges).clone()
    }

    /// How far a host's clock is ahead of ours, which showed `begun` at the start of the trace. The local side is
    /// counted on from there by the monotonic clock, so that a step of the clock during the run does no harm.
    pub(crate) fn clock_offset(&self, host: &str, begun: OffsetDateTime) -> Option<time::Duration> {
        let (date, received) = *locked(&self.dates).get(host)?;
        Some(date - (begun + received.duration_since(self.start)))
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The date of HTTP (RFC 9110, section 5.6.7) in the one form that is still sent.
const HTTP_DATE: &[BorrowedFormatItem<'_>] =
    format_description!("[weekday repr:short], [day] [month repr:short] [year] [hour]:[minute]:[second] GMT");

/// Reads an HTTP date.
pub(crate) fn http_date(text: &str) -> Option<OffsetDateTime> {
    Some(PrimitiveDateTime::parse(text.trim(), HTTP_DATE).ok()?.assume_utc())
}

/// The `Date` of a reply.
pub(crate) fn date(headers: &HeaderMap) -> Option<OffsetDateTime> {
    http_date(headers.get("date")?.to_str().ok()?)
}

/// The services' own names for the id of an exchange: the registry's and ARM's, Entra's, Graph's, those of the token
/// services of Azure DevOps and GitHub.
pub(crate) fn correlation_id(headers: &HeaderMap) -> Option<String> {
    const NAMES: [&str; 5] =
        ["x-ms-correlation-request-id", "x-ms-request-id", "request-id", "x-vss-e2eid", "x-github-request-id"];
    let value = NAMES.iter().find_map(|name| headers.get(*name))?.to_str().ok()?;
    Some(value.chars().take(100).collect())
}
