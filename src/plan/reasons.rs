//! Why a value that a workflow names did not arrive, as far as the CI tells.

use super::{CiContext, CiSystem};

/// The likeliest reason in one sentence; empty where nothing is known of the CI.
pub(super) fn likely_reason(ci: &CiContext) -> &'static str {
    match ci.system {
        CiSystem::GitHub if ci.dependabot => {
            "the job runs for Dependabot, which gets the Dependabot secrets and no others, also when a person runs it again"
        }
        _ if ci.fork_pull_request => "the job runs for a pull request from a fork, which gets no secrets",
        CiSystem::GitHub => {
            "no secret or variable of that name is visible to the job: its name is misspelt, or it belongs to an \
             environment that the job does not declare"
        }
        CiSystem::AzurePipelines => {
            "a secret variable reaches a script only through env:, and a variable group only when it is linked"
        }
        CiSystem::GitLab => "a protected variable reaches protected branches and tags only",
        CiSystem::Other => "",
    }
}
