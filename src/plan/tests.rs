//! From an environment to a plan.

mod credentials;
mod secrecy;
mod settings;

use super::Plan;
use crate::inputs::files::Shelf;
use crate::inputs::{Gathered, Inputs};
use time::macros::datetime;

pub(super) const CLIENT: &str = "1f2e0000-0000-4000-8000-000000000001";
pub(super) const OTHER: &str = "1f2e0000-0000-4000-8000-000000000002";
pub(super) const TENANT: &str = "72f90000-0000-4000-8000-000000000003";
pub(super) const JWT: &str = "eyJhbGciOiJSUzI1NiJ9.eyJhdWQiOiJ4In0.c2lnbmF0dXJl";

/// The plan of these variables beside a registry, and these files.
pub(super) fn plan_with(variables: &[(&str, &str)], files: &[(&str, &str)]) -> Plan {
    let registry = [("ACR_PREFLIGHT_REGISTRY", "contosoacr")];
    let environment = registry.iter().chain(variables).copied().collect();
    let files: Shelf = files.iter().copied().collect();
    let arguments = ["acr-preflight".into()];
    match Inputs::from_parts(arguments, &environment, &files, datetime!(2026-11-22 00:00 UTC)) {
        Gathered::Run(inputs) => Plan::from_inputs(&inputs),
        Gathered::Show(text) => panic!("{text}"),
    }
}

/// The plan of these variables beside a registry.
pub(super) fn plan(variables: &[(&str, &str)]) -> Plan {
    plan_with(variables, &[])
}

/// The kind of the credential and the findings: `id input`.
pub(super) fn outcome(plan: &Plan) -> (Option<&'static str>, Vec<String>) {
    let findings = plan.findings.iter().map(|finding| {
        format!("{} {}", finding.failure.id, finding.value("input").unwrap_or_default()).trim_end().to_owned()
    });
    (plan.credential.as_ref().map(super::Credential::kind), findings.collect())
}
