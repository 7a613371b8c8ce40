//! The CI system that runs the job, and whether it withholds secrets from it.

use super::environment::Environment;
use super::files::Files;
use serde_json::Value;
use std::path::Path;

/// The CI system that runs the job.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CiSystem {
    /// GitHub Actions.
    GitHub,
    /// Azure Pipelines.
    AzurePipelines,
    /// GitLab CI.
    GitLab,
    /// Any other, or none.
    #[default]
    Other,
}

/// What is known of the CI that runs this job, for likely reasons.
#[derive(Debug, Clone, Default)]
pub struct CiContext {
    /// Which one.
    pub system: CiSystem,
    /// The job runs for a pull request from a fork, where secrets are withheld.
    pub fork_pull_request: bool,
    /// The job runs for Dependabot, which has secrets of its own.
    pub dependabot: bool,
    /// `owner/name` of the repository, for commands in a cure.
    pub repository: Option<String>,
    /// Verbose tracing was asked for (`RUNNER_DEBUG`, `SYSTEM_DEBUG`, `--verbose`).
    pub debug: bool,
}

impl CiContext {
    /// Reads what the CI says of itself.
    pub(super) fn of(environment: &Environment, files: &dyn Files) -> Self {
        let system = if environment.says_yes("GITHUB_ACTIONS") {
            CiSystem::GitHub
        } else if environment.says_yes("TF_BUILD") {
            CiSystem::AzurePipelines
        } else if environment.says_yes("GITLAB_CI") {
            CiSystem::GitLab
        } else {
            CiSystem::Other
        };
        let repository = match system {
            CiSystem::GitHub => environment.get("GITHUB_REPOSITORY"),
            CiSystem::AzurePipelines => environment.get("BUILD_REPOSITORY_NAME"),
            CiSystem::GitLab => environment.get("CI_PROJECT_PATH"),
            CiSystem::Other => None,
        };
        Self {
            system,
            fork_pull_request: match system {
                CiSystem::GitHub => github_fork(environment, files),
                CiSystem::AzurePipelines => environment.says_yes("SYSTEM_PULLREQUEST_ISFORK"),
                CiSystem::GitLab => gitlab_fork(environment),
                CiSystem::Other => false,
            },
            // A rerun by a person keeps the actor, and the secrets stay Dependabot's.
            dependabot: system == CiSystem::GitHub && environment.get("GITHUB_ACTOR") == Some("dependabot[bot]"),
            repository: repository.map(str::to_owned),
            debug: environment.says_yes("RUNNER_DEBUG") || environment.says_yes("SYSTEM_DEBUG"),
        }
    }
}

/// The event is a pull request whose head lies in another repository; `pull_request_target` has the secrets all the same.
fn github_fork(environment: &Environment, files: &dyn Files) -> bool {
    let event = environment.get("GITHUB_EVENT_NAME").unwrap_or_default();
    if !event.starts_with("pull_request") || event == "pull_request_target" {
        return false;
    }
    let Some(path) = environment.get("GITHUB_EVENT_PATH") else { return false };
    let Some(payload) = files.read(Path::new(path)).ok().and_then(|text| serde_json::from_slice(&text).ok()) else {
        return false;
    };
    is_fork(&payload)
}

fn is_fork(payload: &Value) -> bool {
    let pull = &payload["pull_request"];
    let (head, base) = (&pull["head"]["repo"]["full_name"], &pull["base"]["repo"]["full_name"]);
    match (head.as_str(), base.as_str()) {
        // A pull request inside a repository that is itself a fork has `fork: true` too.
        (Some(head), Some(base)) => head != base,
        _ => pull["head"]["repo"]["fork"] == true || (pull["head"].is_object() && pull["head"]["repo"].is_null()),
    }
}

fn gitlab_fork(environment: &Environment) -> bool {
    let source = environment.get("CI_MERGE_REQUEST_SOURCE_PROJECT_ID");
    source.is_some() && source != environment.get("CI_MERGE_REQUEST_PROJECT_ID")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inputs::files::Shelf;
    use serde_json::json;

    fn of(variables: &[(&str, &str)], payload: &str) -> CiContext {
        let path = [("GITHUB_EVENT_PATH", "/github/workflow/event.json")];
        let environment = variables.iter().copied().chain(path).collect();
        CiContext::of(&environment, &[("/github/workflow/event.json", payload)].into_iter().collect::<Shelf>())
    }

    #[test]
    fn a_pull_request_from_a_fork_is_read_from_the_event() {
        let github = [("GITHUB_ACTIONS", "true"), ("GITHUB_EVENT_NAME", "pull_request")];
        let fork = r#"{"pull_request":{"head":{"repo":{"fork":true}}}}"#;
        assert!(of(&github, fork).fork_pull_request);
        let target = [("GITHUB_ACTIONS", "true"), ("GITHUB_EVENT_NAME", "pull_request_target")];
        assert!(!of(&target, fork).fork_pull_request);
        assert!(!of(&github, "not json").fork_pull_request);
    }

    #[test]
    fn a_pull_request_inside_a_forked_repository_is_not_from_a_fork() {
        let repo = json!({"full_name": "me/app", "fork": true});
        assert!(!is_fork(&json!({"pull_request": {"head": {"repo": repo}, "base": {"repo": repo}}})));
        assert!(is_fork(&json!({"pull_request": {"head": {"repo": null}, "base": {"repo": repo}}})));
    }

    #[test]
    fn azure_pipelines_writes_its_truth_with_a_capital() {
        let ci = of(&[("TF_BUILD", "True"), ("SYSTEM_PULLREQUEST_ISFORK", "True")], "{}");
        assert_eq!((ci.system, ci.fork_pull_request), (CiSystem::AzurePipelines, true));
    }

    #[test]
    fn dependabot_is_the_actor() {
        assert!(of(&[("GITHUB_ACTIONS", "true"), ("GITHUB_ACTOR", "dependabot[bot]")], "{}").dependabot);
        assert!(!of(&[("GITHUB_ACTIONS", "true"), ("GITHUB_ACTOR", "octocat")], "{}").dependabot);
    }

    #[test]
    fn a_merge_request_from_another_project_is_from_a_fork() {
        let own =
            [("GITLAB_CI", "true"), ("CI_MERGE_REQUEST_SOURCE_PROJECT_ID", "1"), ("CI_MERGE_REQUEST_PROJECT_ID", "1")];
        assert!(!of(&own, "{}").fork_pull_request);
        let other =
            [("GITLAB_CI", "true"), ("CI_MERGE_REQUEST_SOURCE_PROJECT_ID", "2"), ("CI_MERGE_REQUEST_PROJECT_ID", "1")];
        assert!(of(&other, "{}").fork_pull_request);
    }
}
