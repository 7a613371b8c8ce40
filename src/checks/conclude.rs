//! The one place where a call that failed becomes a finding.

mod entra;
mod network;
mod registry;
mod token_service;
mod words;

use crate::azure::call::{CallError, Malformed, ServiceError};
use crate::azure::registry::token::Proof;
use crate::catalogue::Failure;
use crate::catalogue::network::{NOT_A_REGISTRY, PROXY_FAILED, SERVICE_UNAVAILABLE, THROTTLED};
use crate::finding::Finding;
use crate::plan::Plan;
pub(super) use entra::lacks_resource;
pub(super) use words::words;

/// Where on its way the run met the error.
#[derive(Debug, Clone, Copy)]
pub(super) enum Step<'a> {
    /// `GET /v2/`.
    Challenge,
    /// The token service of the CI system.
    FederatedToken,
    /// The token service of the machine.
    ManagedIdentity,
    /// The sign-in at Entra ID.
    Entra,
    /// `/oauth2/exchange`, with a token for ARM in place of one for the registry.
    Exchange {
        /// Whether it was.
        arm_audience: bool,
    },
    /// `/oauth2/token`, with this proof.
    RegistryToken(&'a Proof),
    /// A request with an access token that was in hand.
    AccessTokenInHand,
    /// A manifest.
    Manifest {
        /// The repository.
        repository: &'a str,
        /// The image as the user would write it.
        image: &'a str,
    },
    /// The attributes of a repository or tag.
    Attributes,
}

/// Turns a call that failed into a finding.
pub(super) fn conclude(plan: &Plan, step: Step<'_>, error: &CallError) -> Finding {
    match error {
        CallError::Unreachable(unreachable) => network::unreachable(step, unreachable),
        CallError::Elsewhere(elsewhere) => Finding::new(not_the_service(step))
            .fact("host", &*elsewhere.host)
            .fact("points-to", &*elsewhere.target)
            .fact("status", elsewhere.status.to_string()),
        CallError::Malformed(malformed) => self::malformed(step, malformed),
        CallError::Service(refusal) => refused(plan, step, refusal),
    }
}

fn refused(plan: &Plan, step: Step<'_>, refusal: &ServiceError) -> Finding {
    let failure = match (step, refusal.status) {
        (_, 429) => Some(&THROTTLED),
        (_, 407 | 511) => Some(&PROXY_FAILED),
        // Nobody stands between a machine and its own services.
        (Step::ManagedIdentity, _) => None,
        (_, 403) if !refusal.own_form => Some(&PROXY_FAILED),
        (Step::FederatedToken, _) => None,
        (_, 500..) if !refusal.codes.iter().any(|code| code.starts_with("AADSTS")) => Some(&SERVICE_UNAVAILABLE),
        _ => None,
    };
    if let Some(failure) = failure {
        return said(Finding::new(failure), refusal);
    }
    match step {
        Step::Entra => entra::refused(plan, refusal),
        Step::FederatedToken => token_service::no_federated_token(refusal),
        Step::ManagedIdentity => token_service::no_managed_identity(refusal),
        _ => registry::refused(plan, step, refusal),
    }
}

/// An answer that no service of this kind gives: at the registry's door it says that this is none.
fn malformed(step: Step<'_>, malformed: &Malformed) -> Finding {
    let web_page = malformed.what.contains("html");
    let failure: &'static Failure = match step {
        Step::Challenge => &NOT_A_REGISTRY,
        Step::ManagedIdentity => &crate::catalogue::entra::MANAGED_IDENTITY_UNAVAILABLE,
        Step::FederatedToken => &crate::catalogue::entra::FEDERATED_TOKEN_UNAVAILABLE,
        _ if web_page => &PROXY_FAILED,
        _ => &SERVICE_UNAVAILABLE,
    };
    let status = if malformed.status == 0 { String::new() } else { malformed.status.to_string() };
    Finding::new(failure).fact("host", &*malformed.host).fact("status", status).fact("answer", &*malformed.what)
}

/// What it means that a service points elsewhere.
fn not_the_service(step: Step<'_>) -> &'static Failure {
    match step {
        Step::Entra => &PROXY_FAILED,
        Step::ManagedIdentity => &crate::catalogue::entra::MANAGED_IDENTITY_UNAVAILABLE,
        Step::FederatedToken => &crate::catalogue::entra::FEDERATED_TOKEN_UNAVAILABLE,
        _ => &NOT_A_REGISTRY,
    }
}

/// Adds what the service said: its codes, words, ids and times.
fn said(mut finding: Finding, refusal: &ServiceError) -> Finding {
    finding.codes.extend(refusal.codes.iter().cloned());
    let wait = refusal.retry_after.map(|wait| format!("{} s", wait.as_secs()));
    finding
        .fact("host", &*refusal.host)
        .fact("status", refusal.status.to_string())
        .fact("message", &*refusal.message)
        .fact("retry-after", wait.unwrap_or_default())
        .fact("trace-id", refusal.trace_id.as_deref().unwrap_or_default())
        .fact("time", refusal.time.as_deref().unwrap_or_default())
}

#[cfg(test)]
mod tests;
