//! Which attempts are made again, when, and how many in a run.

use super::call::{CallError, Phase, ProxyFailure, Reason, Reply, Request, Unreachable};
use super::trace::{date, http_date};
use backon::{BackoffBuilder, ExponentialBuilder};
use reqwest::header::HeaderMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// The most attempts at one request.
pub(crate) const MOST_ATTEMPTS: usize = 4;

/// The waits between the attempts at one request: growing, and never the same for two jobs that failed together. What
/// is asked aside is asked once more at most.
pub(crate) fn waits(request: &Request) -> impl Iterator<Item = Duration> {
    let most = if request.answer_within.is_some() { 2 } else { MOST_ATTEMPTS };
    ExponentialBuilder::default()
        .with_min_delay(Duration::from_millis(150))
        .with_max_delay(Duration::from_secs(5))
        .with_max_times(most - 1)
        .with_jitter()
        .build()
}

/// Whether another attempt may end otherwise; `timed_out` counts the attempts that did.
pub(crate) fn is_worthwhile(request: &Request, outcome: &Result<Reply, CallError>, timed_out: usize) -> bool {
    match outcome {
        Ok(reply) => is_transient(reply.status) || (request.transient)(reply),
        Err(CallError::Unreachable(Unreachable { reason, .. })) => match reason {
            Reason::Reset(_) | Reason::ResolverFailed(_) => true,
            // A connection that timed out was tried twice already, the second time by hand. A caller with a limit of
            // its own wants to know soon.
            Reason::TimedOut(Phase::Request | Phase::Body) => {
                timed_out <= 1 && request.connect_within.is_none() && request.answer_within.is_none()
            }
            Reason::Proxy(ProxyFailure::Broken(_) | ProxyFailure::Rejected(502..=504)) => true,
            _ => false,
        },
        Err(_) => false,
    }
}

/// 501 says that it will never work; 408 and 429 invite another try.
fn is_transient(status: u16) -> bool {
    matches!(status, 408 | 429) || (status >= 500 && status != 501)
}

/// `Retry-After` in either form. A date is taken relative to the reply's own `Date`, so that no clock but the
/// service's counts.
pub fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let value = headers.get("retry-after")?.to_str().ok()?.trim();
    if let Ok(seconds) = value.parse() {
        return Some(Duration::from_secs(seconds));
    }
    (http_date(value)? - date(headers)?).try_into().ok()
}

/// The retries of a whole run: a few at any rate, and one for every five requests. A service that fails every request
/// is thus not asked four times as much.
#[derive(Debug, Default)]
pub(crate) struct Budget {
    requests: AtomicUsize,
    retries: AtomicUsize,
}

impl Budget {
    const AT_ANY_RATE: usize = 12;

    /// Counts a request.
    pub(crate) fn request(&self) {
        self.requests.fetch_add(1, Ordering::Relaxed);
    }

    /// Takes one retry, where one is left.
    pub(crate) fn take(&self) -> bool {
        let most = Self::AT_ANY_RATE + self.requests.load(Ordering::Relaxed) / 5;
        self.retries
            .try_update(Ordering::Relaxed, Ordering::Relaxed, |taken| (taken < most).then_some(taken + 1))
            .is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
    }

    #[test]
    fn retry_after_is_read_as_seconds_and_as_a_date() {
        assert_eq!(retry_after(&headers(&[("retry-after", " 7 ")])), Some(Duration::from_secs(7)));
        let date = ("date", "Sun, 22 Nov 2026 10:00:00 GMT");
        assert_eq!(
            retry_after(&headers(&[date, ("retry-after", "Sun, 22 Nov 2026 10:00:30 GMT")])),
            Some(Duration::from_secs(30))
        );
        assert_eq!(retry_after(&headers(&[date, ("retry-after", "Sun, 22 Nov 2026 09:00:00 GMT")])), None);
        for rubbish in ["-1", "soon", "1.5", "99999999999999999999", ""] {
            assert_eq!(retry_after(&headers(&[date, ("retry-after", rubbish)])), None, "{rubbish}");
        }
    }

    #[test]
    fn waits_grow_and_end() {
        let request = Request::get("https://contosoacr.azurecr.io/v2/".parse().unwrap());
        let waits: Vec<_> = super::waits(&request).collect();
        assert_eq!((waits.len(), super::waits(&request.aside()).count()), (MOST_ATTEMPTS - 1, 1));
        assert!(waits[0] >= Duration::from_millis(150) && waits[2] >= Duration::from_millis(600), "{waits:?}");
        assert!(waits[2] <= Duration::from_millis(1200), "{waits:?}");
    }

    #[test]
    fn jobs_that_failed_together_do_not_come_back_together() {
        let request = Request::get("https://contosoacr.azurecr.io/v2/".parse().unwrap());
        let of_a_job = || waits(&request).collect::<Vec<_>>();
        let first = of_a_job();
        assert!((0..20).any(|_| of_a_job() != first), "{first:?}");
    }

    #[test]
    fn the_budget_of_a_run_ends_but_grows_with_its_requests() {
        let budget = Budget::default();
        assert_eq!((0..100).filter(|_| budget.take()).count(), Budget::AT_ANY_RATE);
        (0..50).for_each(|_| budget.request());
        assert_eq!((0..100).filter(|_| budget.take()).count(), 10);
    }
}
