//! A failed call in a few words, for the reason of a check that was not made.

use crate::azure::call::CallError;

/// Says what happened, without judging it.
pub(in crate::checks) fn words(error: &CallError) -> String {
    match error {
        CallError::Service(refusal) => match refusal.codes.first() {
            Some(code) => format!("{} answered {} ({code})", refusal.host, refusal.status),
            None => format!("{} answered {}", refusal.host, refusal.status),
        },
        CallError::Unreachable(unreachable) => format!("{}: {}", unreachable.host, unreachable.reason),
        CallError::Malformed(malformed) => format!("{}: {}", malformed.host, malformed.what),
        CallError::Elsewhere(elsewhere) => format!("{} pointed to {}", elsewhere.host, elsewhere.target),
    }
}
