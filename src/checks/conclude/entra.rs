//! Refusals of Entra ID.

use super::said;
use crate::azure::call::ServiceError;
use crate::catalogue::entra::{
    CERTIFICATE_EXPIRED, CERTIFICATE_INVALID, CONDITIONAL_ACCESS, ENTRA_REJECTED, ENTRA_RESOURCE_MISSING,
    FEDERATED_TOKEN_EXPIRED, SECRET_ID_NOT_VALUE, SECRET_INVALID,
};
use crate::catalogue::network::{CLOCK_SKEWED, SERVICE_UNAVAILABLE};
use crate::catalogue::{self, Failure, Severity};
use crate::finding::Finding;
use crate::plan::{Credential, Plan};

/// Turns a refusal of the sign-in into a finding: by its number, and where the catalogue does not know that, in Entra's
/// own words.
pub(super) fn refused(plan: &Plan, refusal: &ServiceError) -> Finding {
    said(finding(plan, refusal), refusal)
}

fn finding(plan: &Plan, refusal: &ServiceError) -> Finding {
    let failure = failure(plan, refusal);
    // An assertion that the run itself has just signed is outside its time by nothing but the clock.
    if failure == &FEDERATED_TOKEN_EXPIRED && matches!(plan.credential, Some(Credential::Certificate { .. })) {
        return Finding::new(&CLOCK_SKEWED).severity(Severity::Error);
    }
    Finding::new(failure)
}

fn failure(plan: &Plan, refusal: &ServiceError) -> &'static Failure {
    let mut numbers = refusal.codes.iter().filter_map(|code| code.strip_prefix("AADSTS")?.parse().ok());
    let known = numbers.clone().find_map(catalogue::by_entra_code);
    match known {
        Some(failure) if failure == &SECRET_INVALID && secret_is_an_id(plan) => &SECRET_ID_NOT_VALUE,
        // Both are said by 700027: "[Reason - The key used is expired., Thumbprint of key used by client: …]".
        Some(failure) if failure == &CERTIFICATE_INVALID && refusal.message.contains("expired") => &CERTIFICATE_EXPIRED,
        Some(failure) => failure,
        None if numbers.any(|number: u32| number / 1000 == 530) => &CONDITIONAL_ACCESS,
        None if lacks_resource(refusal) => &ENTRA_RESOURCE_MISSING,
        None if refusal.status >= 500 || !refusal.own_form => &SERVICE_UNAVAILABLE,
        None => &ENTRA_REJECTED,
    }
}

fn secret_is_an_id(plan: &Plan) -> bool {
    match &plan.credential {
        Some(Credential::ClientSecret { secret, .. } | Credential::Password { password: secret, .. }) => {
            secret.is_guid()
        }
        _ => false,
    }
}

/// Whether Entra knows no such resource, so that the audience of ARM is worth a try.
pub(in crate::checks) fn lacks_resource(refusal: &ServiceError) -> bool {
    refusal.codes.iter().any(|code| ["AADSTS500011", "AADSTS50001", "invalid_resource"].contains(&code.as_str()))
}
