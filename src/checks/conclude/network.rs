//! Hosts that could not be spoken to.

use super::Step;
use crate::azure::call::{Phase, Reason, TlsFailure, Unreachable};
use crate::catalogue::Failure;
use crate::catalogue::entra::{ENTRA_UNREACHABLE, FEDERATED_TOKEN_UNAVAILABLE, MANAGED_IDENTITY_UNAVAILABLE};
use crate::catalogue::network::{
    DNS_UNAVAILABLE, NOT_A_REGISTRY, PROXY_FAILED, REGISTRY_NOT_FOUND, REGISTRY_UNREACHABLE, SERVICE_UNAVAILABLE,
    TLS_UNTRUSTED,
};
use crate::finding::Finding;

/// Turns a host that could not be spoken to into a finding.
pub(super) fn unreachable(step: Step<'_>, met: &Unreachable) -> Finding {
    let addresses: Vec<String> = met.addresses.iter().map(ToString::to_string).collect();
    let finding = Finding::new(failure(step, &met.reason))
        .fact("host", &*met.host)
        .fact("reason", met.reason.to_string())
        .fact("addresses", addresses.join(", "))
        .fact("proxy", met.proxy.as_deref().unwrap_or_default());
    match &met.reason {
        Reason::Tls(TlsFailure::UnknownIssuer { issuer }) => finding.fact("issuer", &**issuer),
        Reason::Tls(TlsFailure::Expired { not_after }) => finding.fact("ended", &**not_after),
        Reason::Tls(TlsFailure::NotYetValid { not_before }) => finding.fact("begins", &**not_before),
        _ => finding,
    }
}

fn failure(step: Step<'_>, reason: &Reason) -> &'static Failure {
    match (step, reason) {
        // Nobody but the machine's own services answers there; whatever is wrong, they are not to be had.
        (Step::ManagedIdentity, _) => &MANAGED_IDENTITY_UNAVAILABLE,
        (_, Reason::Tls(_)) => &TLS_UNTRUSTED,
        (_, Reason::Proxy(_)) => &PROXY_FAILED,
        (_, Reason::ResolverFailed(_) | Reason::TimedOut(Phase::Resolve)) => &DNS_UNAVAILABLE,
        // Microsoft's own hosts exist: a resolver that does not know them does not do its work.
        (Step::Entra | Step::FederatedToken, Reason::NameUnknown) => &DNS_UNAVAILABLE,
        (Step::FederatedToken, _) => &FEDERATED_TOKEN_UNAVAILABLE,
        (Step::Entra, _) => &ENTRA_UNREACHABLE,
        (_, Reason::NameUnknown) => &REGISTRY_NOT_FOUND,
        (Step::Challenge, Reason::NotHttp(_)) => &NOT_A_REGISTRY,
        (Step::Challenge, _) => &REGISTRY_UNREACHABLE,
        // The registry answered before: what breaks off in the middle says nothing about the way to it.
        (_, Reason::TimedOut(Phase::Request | Phase::Body) | Reason::Reset(Phase::Request | Phase::Body)) => {
            &SERVICE_UNAVAILABLE
        }
        (_, Reason::NotHttp(_)) => &SERVICE_UNAVAILABLE,
        (_, _) => &REGISTRY_UNREACHABLE,
    }
}
