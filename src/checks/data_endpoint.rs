//! The host that image data comes from: a push goes through the login server, a pull does not.

use super::conclude::words;
use super::images::Existing;
use super::run::Run;
use super::several::several;
use super::subject::Subject;
use crate::azure::call::{CallError, Unreachable};
use crate::azure::registry::blob::{self, Source};
use crate::azure::registry::manifest;
use crate::catalogue::Severity;
use crate::catalogue::network::DATA_ENDPOINT_BLOCKED;
use crate::finding::Finding;
use crate::plan::Role;
use futures_util::future::join_all;
use tokio::time::Instant;

/// Follows an existing image to the host of its data, and shakes hands there without any credential.
pub(super) async fn check(run: &Run<'_>, image: Option<Existing>) {
    if run.plan.role == Role::AcrPush {
        return run.journal.skip(Subject::DataEndpoint, "a push goes through the login server alone");
    }
    let Some(image) = image else {
        // ARM may name the hosts yet.
        return run.journal.skip(Subject::DataEndpoint, "needs an image that exists");
    };
    run.journal.begin(Subject::DataEndpoint);
    match data_host(run, &image).await {
        Ok(Some(host)) => touch(run, &[host]).await,
        Ok(None) => {
            run.journal.note(Subject::DataEndpoint, "the login server sends the data itself");
            run.journal.end(Subject::DataEndpoint);
        }
        Err(error) => run.journal.skip(Subject::DataEndpoint, words(&error)),
    }
}

/// Connects to every host that data may come from, all at once.
///
/// A pull uses one of them, the nearest: where one answers, a firewall that lets no other through is a notice.
pub(super) async fn touch(run: &Run<'_>, hosts: &[String]) {
    run.journal.begin(Subject::DataEndpoint);
    let began = Instant::now();
    let touched = join_all(hosts.iter().map(async |host| (host, run.http.touch(host).await))).await;
    let reached: Vec<&str> = touched.iter().filter(|(_, met)| met.is_ok()).map(|(host, _)| host.as_str()).collect();
    let silent: Vec<&Unreachable> = touched.iter().filter_map(|(_, met)| met.as_ref().err()).collect();
    let short = |met: &&&Unreachable| run.is_too_short(&CallError::Unreachable((**met).clone()), began.elapsed());
    if let (true, Some(met)) = (reached.is_empty(), silent.iter().find(short)) {
        return run.cut_off(Subject::DataEndpoint, &CallError::Unreachable((*met).clone()));
    }
    if let Some(finding) = blocked(&silent) {
        let severity = if reached.is_empty() { Severity::Error } else { Severity::Notice };
        let finding = finding.fact("reached", several(reached.iter().copied())).severity(severity);
        run.journal.find(Subject::DataEndpoint, finding);
    }
    run.journal.note(Subject::DataEndpoint, hosts.join(", "));
    run.journal.end(Subject::DataEndpoint);
}

/// The hosts that do not answer, the first with its reason.
fn blocked(silent: &[&Unreachable]) -> Option<Finding> {
    let (first, others) = silent.split_first()?;
    let finding = Finding::new(&DATA_ENDPOINT_BLOCKED)
        .fact("host", &*first.host)
        .fact("reason", first.reason.to_string())
        .fact("proxy", first.proxy.as_deref().unwrap_or_default());
    Some(finding.fact("also", several(others.iter().map(|met| &*met.host))))
}

/// The host to which the login server redirects for a blob of the image.
async fn data_host(run: &Run<'_>, image: &Existing) -> Result<Option<String>, CallError> {
    let Some(registry) = &run.plan.registry else { return Ok(None) };
    let (host, token, repository) = (&*registry.host, &image.token, &*image.repository);
    let of_index;
    let manifest = match image.manifest.manifests.first() {
        Some(child) => {
            of_index = manifest::read(run.http, host, token, repository, &child.digest).await?;
            &of_index
        }
        None => &image.manifest,
    };
    let mut blobs = manifest.layers.iter().chain(&manifest.config);
    let Some(blob) = blobs.find(|blob| !blob.digest.is_empty()) else { return Ok(None) };
    let source: Source = blob::locate(run.http, host, token, repository, &blob.digest, true).await?;
    Ok(source.data_host().map(str::to_owned))
}
