//! Refusals of the registry.

use super::{Step, said};
use crate::azure::call::ServiceError;
use crate::azure::claims::Claims;
use crate::azure::registry::token::Proof;
use crate::catalogue::Failure;
use crate::catalogue::access::{IMAGE_NOT_FOUND, NO_PULL_PERMISSION, OPERATION_DISALLOWED};
use crate::catalogue::entra::{SECRET_INVALID, TENANT_MISMATCH};
use crate::catalogue::network::{FIREWALL_IP_DENIED, NOT_A_REGISTRY, QUOTA_EXCEEDED, SERVICE_UNAVAILABLE};
use crate::catalogue::registry::{
    ADMIN_DISABLED, ADMIN_PASSWORD_WRONG, ANONYMOUS_PULL_BLOCKED, ARM_AUDIENCE_REFUSED, REGISTRY_REJECTS_IDENTITY,
    TOKEN_PASSWORD_REJECTED, UNAUTHORIZED, WRONG_USERNAME,
};
use crate::finding::Finding;
use crate::plan::{Plan, TOKEN_USER};
use crate::secret::Secret;

/// Turns a refusal of the registry into a finding: by what it says where it says something, else by the step.
pub(super) fn refused(plan: &Plan, step: Step<'_>, refusal: &ServiceError) -> Finding {
    let finding = said(Finding::new(failure(plan, step, refusal)), refusal);
    let finding = finding.fact("ip-address", denied_address(&refusal.message).unwrap_or_default());
    match step {
        Step::Manifest { repository, image } => finding.fact("image", image).fact("repository", repository),
        _ => finding,
    }
}

fn failure(plan: &Plan, step: Step<'_>, refusal: &ServiceError) -> &'static Failure {
    let words = refusal.message.to_ascii_lowercase();
    if words.contains("client with ip") || words.contains("aka.ms/acr/firewall") {
        return &FIREWALL_IP_DENIED;
    }
    if words.contains("operation is disallowed") {
        return &OPERATION_DISALLOWED;
    }
    if words.contains("quota exceeded") {
        return &QUOTA_EXCEEDED;
    }
    match step {
        Step::Exchange { .. } if refusal.status == 404 => &NOT_A_REGISTRY,
        Step::Exchange { .. } if words.contains("wrong issuer") || words.contains("different tenant") => {
            &TENANT_MISMATCH
        }
        Step::Exchange { arm_audience: true } if words.contains("token validation failed") => &ARM_AUDIENCE_REFUSED,
        // Both are documented for an identity without a role: 403 DENIED and 401.
        Step::Exchange { .. } if matches!(refusal.status, 401 | 403) => &REGISTRY_REJECTS_IDENTITY,
        Step::RegistryToken(_) if refusal.status == 404 => &NOT_A_REGISTRY,
        Step::RegistryToken(Proof::Password { username, password }) => {
            password_failure(plan, username, password, &words)
        }
        Step::RegistryToken(Proof::Nothing) => &ANONYMOUS_PULL_BLOCKED,
        Step::RegistryToken(Proof::Refresh(_)) | Step::AccessTokenInHand => &UNAUTHORIZED,
        Step::Manifest { .. } if refusal.status == 404 => &IMAGE_NOT_FOUND,
        Step::Manifest { .. } if refusal.challenge_error.as_deref() == Some("insufficient_scope") => {
            &NO_PULL_PERMISSION
        }
        // A locked image is refused as a method that is not allowed on it.
        Step::Manifest { .. } if refusal.status == 405 => &OPERATION_DISALLOWED,
        // At its door a registry answers 401; a 403 there comes from its network rules, whatever the words.
        Step::Challenge if refusal.status == 403 => &FIREWALL_IP_DENIED,
        Step::Challenge => &NOT_A_REGISTRY,
        _ if matches!(refusal.status, 401 | 403) => &UNAUTHORIZED,
        _ => &SERVICE_UNAVAILABLE,
    }
}

/// A user name and password that are refused: whose they are shows in the name.
fn password_failure(plan: &Plan, username: &str, password: &Secret, words: &str) -> &'static Failure {
    let is_registry_token = Claims::decode(password).is_some_and(|claims| claims.text("grant_type").is_some());
    let is_admin =
        plan.registry.as_ref().is_some_and(|registry| registry.resource_name().eq_ignore_ascii_case(username));
    if words.contains("admin user is disabled") {
        &ADMIN_DISABLED
    } else if is_registry_token != (username == TOKEN_USER) {
        // A token of the registry with another name, or that name with something else.
        &WRONG_USERNAME
    } else if username == TOKEN_USER {
        &UNAUTHORIZED
    } else if is_admin {
        &ADMIN_PASSWORD_WRONG
    } else if words.contains("client id must be guid") {
        // The registry looked for an admin user and a token of this name, and found neither.
        &WRONG_USERNAME
    } else if Secret::new(username).is_guid() {
        &SECRET_INVALID
    } else {
        &TOKEN_PASSWORD_REJECTED
    }
}

/// The address in `client with IP '203.0.113.7' is not allowed access`.
fn denied_address(message: &str) -> Option<&str> {
    let (_, rest) = message.split_once("client with IP ").or_else(|| message.split_once("client with ip "))?;
    let address = rest.trim_start_matches(['\'', '"']).split(['\'', '"', ' ']).next()?;
    address.parse::<std::net::IpAddr>().is_ok().then_some(address)
}
