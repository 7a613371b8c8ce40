//! Manifests: `/v2/<repository>/manifests/<reference>`.

use super::{admit, disallowed, refusal};
use crate::exchange::{Answer, Asked};
use crate::world::{Manifest, World, digest_of};
use serde_json::{Value, json};

pub(super) fn answer(world: &mut World, index: usize, asked: &Asked, name: &str, reference: &str) -> Answer {
    match asked.method.as_str() {
        "GET" | "HEAD" => read(world, index, asked, name, reference),
        "PUT" => write(world, index, asked, name, reference),
        "DELETE" => match admit(world, index, asked, "repository", name, "delete") {
            Ok(()) => delete(world, index, name, reference),
            Err(answer) => *answer,
        },
        _ => Answer::unknown(asked),
    }
}

fn read(world: &World, index: usize, asked: &Asked, name: &str, reference: &str) -> Answer {
    if let Err(answer) = admit(world, index, asked, "repository", name, "pull") {
        return *answer;
    }
    let Some(repository) = world.registries[index].images.repositories.get(name) else {
        return refusal(404, "NAME_UNKNOWN", &format!("repository \"{name}\" is not found"));
    };
    let Some(digest) = repository.resolve(reference) else {
        return refusal(404, "MANIFEST_UNKNOWN", &format!("manifest tagged by \"{reference}\" is not found"));
    };
    let manifest = &repository.manifests[&digest];
    if !is_acceptable(asked, manifest) {
        let words = format!("manifest with media type {} is not accepted by the client", manifest.media_type);
        return refusal(404, "MANIFEST_UNKNOWN", &words);
    }
    Answer::bytes(200, &manifest.media_type, manifest.bytes.clone())
        .header("docker-content-digest", digest.clone())
        .header("etag", format!("\"{digest}\""))
        .header("docker-distribution-api-version", "registry/2.0")
}

/// A manifest is handed out only in the type it was pushed as; clients list every type that they know.
fn is_acceptable(asked: &Asked, manifest: &Manifest) -> bool {
    let accepted: Vec<String> = asked
        .headers
        .get_all("accept")
        .iter()
        .flat_map(|value| {
            String::from_utf8_lossy(value.as_bytes()).split(',').map(|part| part.trim().to_owned()).collect::<Vec<_>>()
        })
        .map(|part| part.split(';').next().unwrap_or_default().trim().to_owned())
        .collect();
    accepted.iter().any(|part| *part == manifest.media_type || part == "*/*")
}

fn write(world: &mut World, index: usize, asked: &Asked, name: &str, reference: &str) -> Answer {
    if let Err(answer) = admit(world, index, asked, "repository", name, "pull,push") {
        return *answer;
    }
    if world.registries[index].images.is_locked(name, Some(reference)) {
        return disallowed();
    }
    let Ok(content) = serde_json::from_slice::<Value>(&asked.body) else {
        return refusal(400, "MANIFEST_INVALID", "manifest invalid");
    };
    let images = &mut world.registries[index].images;
    let named = content["layers"].as_array().into_iter().flatten().chain(content.get("config"));
    let missing = named.filter_map(|part| part["digest"].as_str()).find(|digest| !images.blobs.contains_key(*digest));
    if let Some(digest) = missing {
        return refusal(400, "MANIFEST_BLOB_UNKNOWN", &format!("blob unknown to registry: {digest}"));
    }
    let digest = digest_of(&asked.body);
    let media_type = asked.header("content-type").map(|kind| kind.into_owned()).unwrap_or_default();
    let repository = images.repository(name);
    repository.manifests.insert(digest.clone(), Manifest { media_type, bytes: asked.body.clone() });
    if !reference.starts_with("sha256:") {
        repository.tags.insert(reference.to_owned(), digest.clone());
    }
    Answer::empty(201)
        .header("location", format!("/v2/{name}/manifests/{digest}"))
        .header("docker-content-digest", digest)
}

fn delete(world: &mut World, index: usize, name: &str, reference: &str) -> Answer {
    let Some(repository) = world.registries[index].images.repositories.get_mut(name) else {
        return refusal(404, "NAME_UNKNOWN", &format!("repository \"{name}\" is not found"));
    };
    repository.manifests.remove(reference);
    repository.tags.retain(|tag, digest| tag != reference && digest != reference);
    Answer::empty(202)
}

/// `GET /v2/<repository>/referrers/<digest>`: nothing refers to anything here.
pub(super) fn referrers(world: &World, index: usize, asked: &Asked, name: &str) -> Answer {
    match admit(world, index, asked, "repository", name, "pull") {
        Ok(()) => Answer::bytes(
            200,
            crate::world::OCI_INDEX,
            json!({"schemaVersion": 2, "mediaType": crate::world::OCI_INDEX, "manifests": []}).to_string(),
        ),
        Err(answer) => *answer,
    }
}
