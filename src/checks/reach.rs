//! The registry answers: its name, the way to it, its certificate, its challenge.

use super::conclude::Step;
use super::run::Run;
use super::subject::Subject;
use crate::azure::registry::challenge::{self, Challenge};

/// Asks the registry for its challenge.
pub(super) async fn challenge(run: &Run<'_>) -> Option<Challenge> {
    let Some(registry) = &run.plan.registry else {
        run.journal.skip(Subject::RegistryReachable, "needs a usable registry name");
        return None;
    };
    run.journal.begin(Subject::RegistryReachable);
    match challenge::challenge(run.http, &registry.host).await {
        Ok(challenge) => {
            run.journal.end(Subject::RegistryReachable);
            Some(challenge)
        }
        Err(error) => {
            run.failed(Subject::RegistryReachable, Step::Challenge, &error);
            None
        }
    }
}

/// Where the way to the registry and the way to Entra ID fail for one and the same cause, it is said once.
pub(super) fn same_cause(run: &Run<'_>) {
    for id in ["dns-unavailable", "proxy-failed", "tls-untrusted"] {
        let found = |subject| run.journal.found(subject, &[id]);
        let (Some(first), Some(second)) = (found(Subject::RegistryReachable), found(Subject::SignIn)) else { continue };
        // A resolver that fails does not fail in the same words for every name.
        if id != "dns-unavailable" && first.value("reason") != second.value("reason") {
            continue;
        }
        let host = second.value("host").unwrap_or("Entra ID").to_owned();
        run.journal.amend(Subject::SignIn, |findings| findings.retain(|finding| finding.failure.id != id));
        run.journal.amend(Subject::RegistryReachable, |findings| {
            for finding in findings.iter_mut().filter(|finding| finding.failure.id == id) {
                *finding = finding.clone().fact("also", &*host);
            }
        });
        run.journal.skip(Subject::SignIn, format!("{host} fails for the same cause as the registry ({id})"));
    }
}
