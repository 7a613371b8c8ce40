//! The local clock against the services'.

use super::run::Run;
use super::subject::Subject;
use crate::catalogue::network::CLOCK_SKEWED;
use crate::finding::Finding;
use std::future::Future;
use time::{Duration, OffsetDateTime};

/// Entra ID accepts an assertion from a clock that is five minutes off.
const TOLERANCE: Duration = Duration::minutes(5);

/// Compares the `Date` of the first replies with the local clock.
pub(super) fn check(run: &Run<'_>) {
    let Some((host, offset)) = offset(run) else {
        return run.journal.skip(Subject::Clock, "nobody answered with a date");
    };
    run.journal.begin(Subject::Clock);
    if offset.abs() >= TOLERANCE {
        let side = if offset.is_negative() { "ahead" } else { "behind" };
        let by = format!("{} minutes {side}", offset.abs().whole_minutes());
        run.journal.find(Subject::Clock, Finding::new(&CLOCK_SKEWED).fact("local-clock", by).fact("host", host));
    }
    run.journal.end(Subject::Clock);
}

/// How long a date is waited for.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(3);

/// Whether something is so by the right time. Where the local clock says that it is, a service's date is waited for: a
/// token that only a wrong clock calls ended is a good one.
pub(super) async fn is_so<T>(
    run: &Run<'_>,
    answered: impl Future<Output = ()>,
    at: impl Fn(OffsetDateTime) -> Option<T>,
) -> Option<T> {
    at(run.now())?;
    at(right(run, answered).await)
}

/// The time, once a service has told its own.
pub(super) async fn right(run: &Run<'_>, answered: impl Future<Output = ()>) -> OffsetDateTime {
    // No answer in this time leaves the local clock's word.
    let _ = tokio::time::timeout(PATIENCE, answered).await;
    run.now()
}

/// What is to be added to the local time; nothing while the clock is about right.
pub(super) fn correction(run: &Run<'_>) -> Duration {
    offset(run).map(|(_, offset)| offset).filter(|offset| offset.abs() >= TOLERANCE).unwrap_or_default()
}

/// A host whose date is known, and how far it is ahead of the local clock.
fn offset(run: &Run<'_>) -> Option<(String, Duration)> {
    let registry = run.plan.registry.as_ref().map(|registry| registry.host.clone());
    let authority = run.plan.authority.split('/').nth(2).map(str::to_owned);
    [registry, authority].into_iter().flatten().find_map(|host| {
        let offset = run.http.clock_offset(&host, run.plan.now)?;
        Some((host, offset))
    })
}
