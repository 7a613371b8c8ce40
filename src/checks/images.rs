//! The images that the job pulls exist, for the platform wanted.

use super::conclude::Step;
use super::run::Run;
use super::scopes::Held;
use super::several::several;
use super::subject::Subject;
use crate::azure::call::CallError;
use crate::azure::registry::blob;
use crate::azure::registry::manifest::{self, ImagePlatform, Manifest};
use crate::catalogue::access::IMAGE_PLATFORM_MISSING;
use crate::finding::Finding;
use crate::plan::{Platform, Role};
use crate::secret::Secret;
use futures_util::future::join_all;

/// An image that exists, and its manifest: the way to its data leads from here.
pub(super) struct Existing {
    pub(super) repository: String,
    pub(super) token: Secret,
    pub(super) manifest: Manifest,
}

/// Looks for each image that was named with a tag or digest; the first that exists is returned.
pub(super) async fn check(run: &Run<'_>, held: &[Held]) -> Option<Existing> {
    let registry = run.plan.registry.as_ref()?;
    let skip = |reason: &str| {
        run.journal.skip(Subject::Images, reason);
        None
    };
    if run.plan.role == Role::AcrPush && run.plan.platform.is_none() {
        return skip("nothing is to be pulled");
    }
    let named = run.plan.images.iter().filter_map(|image| Some((image, image.reference.as_ref()?)));
    let mut named: Vec<_> = named.collect();
    if named.is_empty() {
        return skip("needs `images` with a tag or digest");
    }
    named.retain(|(image, _)| held.iter().any(|held| held.repository == image.repository && held.may("pull")));
    if named.is_empty() {
        return skip("needs the right to pull");
    }
    run.journal.begin(Subject::Images);
    let looks = named.iter().enumerate().map(async |(index, (image, reference))| {
        let of_it = held.iter().find(|held| held.repository == image.repository)?;
        let place = Place { host: &registry.host, token: &of_it.token, repository: &image.repository };
        let shown = match reference {
            crate::plan::names::Reference::Tag(tag) => format!("{}/{}:{tag}", registry.host, image.repository),
            crate::plan::names::Reference::Digest(digest) => format!("{}/{}@{digest}", registry.host, image.repository),
        };
        // The manifest of the first shows where its data comes from; of the others it is enough that they exist.
        let whole = index == 0 || run.plan.platform.is_some();
        match look(run, &place, reference.text(), &shown, whole).await {
            Ok(manifest) => manifest.map(|manifest| Existing {
                repository: image.repository.clone(),
                token: of_it.token.clone(),
                manifest,
            }),
            Err(error) => {
                let step = Step::Manifest { repository: &image.repository, image: &shown };
                match run.conclude(Subject::Images, step, &error) {
                    Some(finding) => run.journal.find(Subject::Images, finding),
                    None => run.cut_off(Subject::Images, &error),
                }
                None
            }
        }
    });
    let first = join_all(looks).await.into_iter().flatten().next();
    run.journal.note(Subject::Images, format!("{} looked for", named.len()));
    run.journal.end(Subject::Images);
    first
}

struct Place<'a> {
    host: &'a str,
    token: &'a Secret,
    repository: &'a str,
}

async fn look(
    run: &Run<'_>,
    place: &Place<'_>,
    reference: &str,
    shown: &str,
    whole: bool,
) -> Result<Option<Manifest>, CallError> {
    if !whole {
        manifest::exists(run.http, place.host, place.token, place.repository, reference).await?;
        return Ok(None);
    }
    let manifest = manifest::read(run.http, place.host, place.token, place.repository, reference).await?;
    if let Some(wanted) = &run.plan.platform {
        let there = platforms(run, place, &manifest).await?;
        if !there.is_empty() && !there.iter().any(|found| fits(wanted, found)) {
            let there: Vec<String> = there.iter().map(written).collect();
            let there = several(there.iter().map(String::as_str));
            let finding = Finding::new(&IMAGE_PLATFORM_MISSING)
                .fact("image", shown)
                .fact("repository", place.repository)
                .fact("wanted", written(&image_platform(wanted)))
                .fact("there", there);
            run.journal.find(Subject::Images, finding);
        }
    }
    Ok(Some(manifest))
}

/// The platforms of an image: an index lists them, a single image has its own in its configuration.
async fn platforms(run: &Run<'_>, place: &Place<'_>, manifest: &Manifest) -> Result<Vec<ImagePlatform>, CallError> {
    if !manifest.manifests.is_empty() {
        // Attestations stand in an index as `unknown/unknown`.
        let listed = manifest.manifests.iter().filter_map(|descriptor| descriptor.platform.clone());
        return Ok(listed.filter(|platform| platform.os != "unknown").collect());
    }
    let Some(config) = &manifest.config else { return Ok(Vec::new()) };
    let found: ImagePlatform = blob::json(run.http, place.host, place.token, place.repository, &config.digest).await?;
    Ok(if found.os.is_empty() { Vec::new() } else { vec![found] })
}

/// An image without variant serves every variant asked for, and a wish without variant takes any.
fn fits(wanted: &Platform, found: &ImagePlatform) -> bool {
    wanted.os == found.os
        && wanted.architecture == found.architecture
        && (wanted.variant.is_none() || found.variant.is_none() || wanted.variant == found.variant)
}

fn image_platform(wanted: &Platform) -> ImagePlatform {
    let Platform { os, architecture, variant } = wanted.clone();
    ImagePlatform { os, architecture, variant }
}

fn written(platform: &ImagePlatform) -> String {
    let variant = platform.variant.as_ref().map(|variant| format!("/{variant}")).unwrap_or_default();
    format!("{}/{}{variant}", platform.os, platform.architecture)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn platform(variant: Option<&str>) -> ImagePlatform {
        ImagePlatform { os: "linux".into(), architecture: "arm".into(), variant: variant.map(str::to_owned) }
    }

    #[test]
    fn a_variant_counts_where_both_name_one() {
        let wish = |variant: Option<&str>| {
            let variant = variant.map(str::to_owned);
            Platform { os: "linux".into(), architecture: "arm".into(), variant }
        };
        assert!(fits(&wish(None), &platform(Some("v7"))) && fits(&wish(Some("v7")), &platform(None)));
        assert!(fits(&wish(Some("v7")), &platform(Some("v7"))) && !fits(&wish(Some("v6")), &platform(Some("v7"))));
        assert_eq!(written(&platform(Some("v7"))), "linux/arm/v7");
    }
}
