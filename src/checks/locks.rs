//! Locks that a push would meet although the identity may push.

use super::conclude::{Step, words};
use super::run::Run;
use super::scopes::Held;
use super::several::several;
use super::subject::Subject;
use crate::azure::call::CallError;
use crate::azure::registry::attributes::{Attributes, attributes};
use crate::azure::registry::manifest::exists;
use crate::catalogue::access::OPERATION_DISALLOWED;
use crate::finding::Finding;
use crate::plan::Role;
use crate::plan::names::Reference;
use futures_util::future::join_all;

/// Reads the locks of every repository and tag to be pushed to, where the token may.
pub(super) async fn check(run: &Run<'_>, held: &[Held]) {
    let Some(registry) = &run.plan.registry else { return };
    if run.plan.role == Role::AcrPull {
        return run.journal.skip(Subject::Locks, "nothing is to be pushed");
    }
    if held.is_empty() {
        return run.journal.skip(Subject::Locks, "needs `images`");
    }
    let pushable: Vec<&Held> = held.iter().filter(|held| held.may("push")).collect();
    if pushable.is_empty() {
        return run.journal.skip(Subject::Locks, "needs the right to push");
    }
    let readable: Vec<&&Held> = pushable.iter().filter(|held| held.may("metadata_read")).collect();
    if readable.is_empty() {
        return without_metadata(run, &registry.host, pushable[0]).await;
    }
    run.journal.begin(Subject::Locks);
    let places = readable.iter().flat_map(|held| {
        let of_it = run.plan.images.iter().filter(|image| image.repository == held.repository);
        let tags = of_it.filter_map(|image| match &image.reference {
            Some(Reference::Tag(tag)) => Some(tag.as_str()),
            _ => None,
        });
        std::iter::once(None).chain(tags.map(Some)).map(|tag| (**held, tag))
    });
    let answers = join_all(places.map(async |(held, tag)| {
        let answer = attributes(run.http, &registry.host, &held.token, &held.repository, tag).await;
        (held, tag, answer)
    }));
    let answers = answers.await;
    let locked: Vec<(&str, Option<&str>)> = answers
        .iter()
        .filter(|(_, _, answer)| is_locked(answer))
        .map(|(held, tag, _)| (&*held.repository, *tag))
        .collect();
    if let Some((repository, tag)) = locked.first() {
        let name = |(repository, tag): &(&str, Option<&str>)| match tag {
            Some(tag) => format!("{repository}:{tag}"),
            None => (*repository).to_owned(),
        };
        let others: Vec<String> = locked[1..].iter().map(name).collect();
        let image = tag.map(|tag| format!("{}/{repository}:{tag}", registry.host)).unwrap_or_default();
        let finding = Finding::new(&OPERATION_DISALLOWED)
            .fact("repository", *repository)
            .fact("image", image)
            .fact("tag", tag.unwrap_or_default())
            .fact("lock", "writeEnabled is false")
            .fact("also", several(others.iter().map(String::as_str)));
        run.journal.find(Subject::Locks, finding);
    }
    let errors = answers.iter().filter_map(|(_, _, answer)| answer.as_ref().err());
    conclude(run, errors.collect(), pushable.len() - readable.len());
}

fn is_locked(answer: &Result<Option<Attributes>, CallError>) -> bool {
    matches!(answer, Ok(Some(attributes)) if !attributes.write_enabled)
}

/// Without the right to read locks, the way itself is still tried: a registry may grant the push and its firewall then
/// turn the job's first request for an image away.
async fn without_metadata(run: &Run<'_>, host: &str, held: &Held) {
    run.journal.begin(Subject::Locks);
    let mut of_it = run.plan.images.iter().filter(|image| image.repository == held.repository);
    let reference = of_it.find_map(|image| image.reference.as_ref()).map_or("latest", Reference::text);
    let answer = exists(run.http, host, &held.token, &held.repository, reference).await;
    match answer.as_ref().err().and_then(|error| firewall(run, error)) {
        Some(finding) => run.journal.fail(Subject::Locks, finding),
        None => run.journal.skip(Subject::Locks, "needs a token with metadata/read"),
    }
}

/// What stands in the way of a push as well as of what was asked.
fn firewall(run: &Run<'_>, error: &CallError) -> Option<Finding> {
    let finding = run.conclude(Subject::Locks, Step::Attributes, error)?;
    (finding.failure.id == "firewall-ip-denied").then_some(finding)
}

/// A lock that could not be read decides nothing, unless what stood in the way would stand in the way of a push too.
fn conclude(run: &Run<'_>, errors: Vec<&CallError>, unreadable: usize) {
    let barred = errors.iter().find_map(|error| firewall(run, error));
    match (barred, errors.first()) {
        (Some(finding), _) => run.journal.fail(Subject::Locks, finding),
        (None, Some(error)) => run.journal.skip(Subject::Locks, words(error)),
        (None, None) => {
            if unreadable > 0 {
                run.journal.note(Subject::Locks, format!("{unreadable} repositories could not be read"));
            }
            run.journal.end(Subject::Locks);
        }
    }
}
