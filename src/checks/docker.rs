//! The local Docker: can the job's next step use it, and with which login?
//!
//! What counts is the wish of the input `docker`:
//!
//! | | `auto` | `require` |
//! | --- | --- | --- |
//! | no client, no engine, and nobody chose one | skipped | error |
//! | a client, but no socket of an engine, and nobody chose one | skipped | error |
//! | a client, but its engine is down or does not fit | warning | error |
//! | an engine chosen by `DOCKER_HOST` or a context is down | error | error |
//! | a credential helper named by the configuration is broken | error | error |
//! | a part of the host that cannot be seen from inside a container | skipped | skipped |
//!
//! With `skip` only the login is looked for, and only with `auth: docker-config`.

mod client;
mod engine;
mod login;

pub use login::{StoredCredential, stored_credential};

use super::subject::Subject;
use crate::catalogue::Severity;
use crate::docker::address::Address;
use crate::docker::program::{self, Launcher, Place};
use crate::docker::stored;
use crate::finding::{Check, Finding, Outcome};
use crate::plan::{DockerWish, Plan};
use std::time::Duration;
use tokio::time::Instant;

/// The longest wait for a client or an engine.
const ENGINE_PATIENCE: Duration = Duration::from_secs(10);

/// The longest wait for a credential helper, some of which sign in to a cloud themselves.
const HELPER_PATIENCE: Duration = Duration::from_secs(15);

/// Judges the client and the engine: the checks `docker-client` and `docker-engine`.
pub async fn run_docker(plan: &Plan) -> Vec<Check> {
    let began = Instant::now();
    if plan.docker == DockerWish::Skip {
        let skipped = |subject| check(plan, subject, skipped("the input docker says skip"), began.elapsed());
        return vec![skipped(Subject::DockerClient), skipped(Subject::DockerEngine)];
    }
    let environment = &plan.docker_environment;
    let limit = within(ENGINE_PATIENCE, plan);
    let launcher = Launcher::new(environment, limit);
    let found = crate::docker::client::find(launcher).await;
    let client = check(plan, Subject::DockerClient, client::judge(plan, &found), began.elapsed());
    let began = Instant::now();
    let address = Address::of(environment, &stored::configuration(environment).config);
    let seen = engine::judge(plan, &address, found.ok().as_ref(), launcher, limit).await;
    vec![client, check(plan, Subject::DockerEngine, seen, began.elapsed())]
}

fn check(plan: &Plan, subject: Subject, (outcome, note): Judgement, duration: Duration) -> Check {
    Check { id: subject.id(), title: subject.title(plan.role), outcome, note, duration }
}

/// A limit that leaves time to say so before the run's own time is over: client and engine are asked in turn.
fn within(limit: Duration, plan: &Plan) -> Duration {
    limit.min(plan.timeout / 3)
}

/// What a judgement comes to, with a note for a reader who wants detail.
type Judgement = (Outcome, Option<String>);

/// How much a failure weighs that nobody may care about: an error only where docker was asked for.
fn weight(plan: &Plan, is_chosen: bool) -> Severity {
    if is_chosen || plan.docker == DockerWish::Require { Severity::Error } else { Severity::Warning }
}

/// Whether this process runs in a container that has no docker of its own, so that the job's docker is the host's.
fn is_beside_the_job(plan: &Plan) -> bool {
    let environment = &plan.docker_environment;
    environment.in_container && program::find("docker", environment) == Place::Nowhere
}

fn skipped(reason: impl Into<String>) -> Judgement {
    (Outcome::Skipped(reason.into()), None)
}

fn passed(note: impl Into<String>) -> Judgement {
    (Outcome::Passed, Some(note.into()))
}

fn found(finding: Finding) -> Judgement {
    (Outcome::Found(vec![finding]), None)
}
