//! Refusals of the token services of CI systems and machines.

use super::said;
use crate::azure::call::ServiceError;
use crate::catalogue::entra::{FEDERATED_TOKEN_UNAVAILABLE, MANAGED_IDENTITY_UNAVAILABLE};
use crate::catalogue::network::SERVICE_UNAVAILABLE;
use crate::finding::Finding;

/// The CI system gives no token.
pub(super) fn no_federated_token(refusal: &ServiceError) -> Finding {
    let failure = if refusal.status >= 500 { &SERVICE_UNAVAILABLE } else { &FEDERATED_TOKEN_UNAVAILABLE };
    said(Finding::new(failure), refusal)
}

/// The machine gives no token.
pub(super) fn no_managed_identity(refusal: &ServiceError) -> Finding {
    let several = refusal.message.to_ascii_lowercase().contains("multiple user assigned identities");
    let reason = match (several, refusal.status) {
        (true, _) => "several identities are assigned to the machine, and `client-id` names none of them",
        (false, 400) => "the machine has no such identity",
        (false, 404) => "the metadata service knows no identities here",
        (false, _) => "",
    };
    said(Finding::new(&MANAGED_IDENTITY_UNAVAILABLE).fact("reason", reason), refusal)
}
