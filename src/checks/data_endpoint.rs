//! The host that image data comes from: a push goes through the login server, a pull does not.

use super::conclude::words;
use super::images::Existing;
use super::run::Run;
use super::subject::Subject;
use crate::azure::call::CallError;
use crate::azure::registry::blob::{self, Source};
use crate::azure::registry::manifest;
use crate::catalogue::network::DATA_ENDPOINT_BLOCKED;
use crate::finding::Finding;
use crate::plan::Role;

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

/// Connects to each host that data comes from.
pub(super) async fn touch(run: &Run<'_>, hosts: &[String]) {
    run.journal.begin(Subject::DataEndpoint);
    for host in hosts {
        if let Err(met) = run.http.touch(host).await {
            let finding = Finding::new(&DATA_ENDPOINT_BLOCKED)
                .fact("host", &*met.host)
                .fact("reason", met.reason.to_string())
                .fact("proxy", met.proxy.as_deref().unwrap_or_default());
            run.journal.find(Subject::DataEndpoint, finding);
        }
    }
    run.journal.note(Subject::DataEndpoint, hosts.join(", "));
    run.journal.end(Subject::DataEndpoint);
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
