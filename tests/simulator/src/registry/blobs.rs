//! Blobs: downloads, which are redirected to a data host, and uploads.

use super::{admit, disallowed, refusal};
use crate::exchange::{Answer, Asked};
use crate::world::{Images, World, digest_of};
use time::format_description::well_known::Rfc3339;

/// `GET` and `HEAD /v2/<repository>/blobs/<digest>`
pub(super) fn answer(world: &World, index: usize, asked: &Asked, name: &str, digest: &str) -> Answer {
    if let Err(answer) = admit(world, index, asked, "repository", name, "pull") {
        return *answer;
    }
    let registry = &world.registries[index];
    let Some(blob) = registry.images.blobs.get(digest) else {
        return refusal(404, "BLOB_UNKNOWN", "blob unknown to registry");
    };
    match asked.method.as_str() {
        "HEAD" => Answer::bytes(200, "application/octet-stream", blob.clone()).header("docker-content-digest", digest),
        "GET" => {
            let hex = digest.trim_start_matches("sha256:");
            let until = (world.now() + time::Duration::minutes(20)).format(&Rfc3339).unwrap_or_default();
            let query = form_urlencoded::Serializer::new(String::new())
                .extend_pairs([
                    ("se", until.as_str()),
                    ("sig", "c2ltdWxhdGVkLXNpZ25hdHVyZQ=="),
                    ("sp", "r"),
                    ("spr", "https"),
                    ("sr", "b"),
                    ("sv", "2018-03-28"),
                ])
                .append_pair("regid", &registry.short_id())
                .finish();
            let path = format!("{}/docker/registry/v2/blobs/sha256/{}/{hex}/data", registry.short_id(), &hex[..2]);
            Answer::empty(307).header("location", format!("https://{}/{path}?{query}", registry.data_host))
        }
        _ => Answer::unknown(asked),
    }
}

/// `POST /v2/<repository>/blobs/uploads/`, also as a mount from another repository.
pub(super) fn start(world: &mut World, index: usize, asked: &Asked, name: &str) -> Answer {
    if asked.method != "POST" {
        return Answer::unknown(asked);
    }
    if let Err(answer) = admit(world, index, asked, "repository", name, "pull,push") {
        return *answer;
    }
    let images = &mut world.registries[index].images;
    if images.is_locked(name, None) {
        return disallowed();
    }
    if let Some(digest) = asked.query("mount").filter(|digest| images.blobs.contains_key(*digest)) {
        return created(name, digest);
    }
    let id = format!("{:08x}-0000-4000-8000-000000000000", images.uploads.len() + 1);
    images.uploads.insert(id.clone(), Vec::new());
    accepted(name, &id, 0)
}

/// `PATCH`, `PUT` and `DELETE /v2/<repository>/blobs/uploads/<id>`
pub(super) fn upload(world: &mut World, index: usize, asked: &Asked, name: &str, id: &str) -> Answer {
    // An identity that may only push cannot clear its own upload away (recorded).
    let action = if asked.method == "DELETE" { "delete" } else { "pull,push" };
    if let Err(answer) = admit(world, index, asked, "repository", name, action) {
        return *answer;
    }
    let images = &mut world.registries[index].images;
    let Some(upload) = images.uploads.get_mut(id) else {
        return refusal(404, "BLOB_UPLOAD_UNKNOWN", "blob upload unknown to registry");
    };
    match asked.method.as_str() {
        "PATCH" => {
            upload.extend_from_slice(&asked.body);
            let length = upload.len();
            accepted(name, id, length)
        }
        "PUT" => {
            upload.extend_from_slice(&asked.body);
            let bytes = images.uploads.remove(id).unwrap_or_default();
            let digest = digest_of(&bytes);
            if asked.query("digest") != Some(&digest) {
                return refusal(400, "DIGEST_INVALID", "provided digest did not match uploaded content");
            }
            images.add_blob(bytes);
            created(name, &digest)
        }
        "DELETE" => {
            images.uploads.remove(id);
            Answer::empty(204)
        }
        _ => Answer::unknown(asked),
    }
}

fn accepted(name: &str, id: &str, length: usize) -> Answer {
    Answer::empty(202)
        .header("location", format!("/v2/{name}/blobs/uploads/{id}?_nouploadcache=false&_state=simulated"))
        .header("docker-upload-uuid", id)
        .header("range", format!("0-{}", length.saturating_sub(1)))
}

fn created(name: &str, digest: &str) -> Answer {
    Answer::empty(201).header("location", format!("/v2/{name}/blobs/{digest}")).header("docker-content-digest", digest)
}

impl Images {
    /// A repository, or one of its tags, that may not be written.
    pub(super) fn is_locked(&self, name: &str, tag: Option<&str>) -> bool {
        self.repositories.get(name).is_some_and(|repository| {
            !repository.locks.write
                || tag.and_then(|tag| repository.tag_locks.get(tag)).is_some_and(|locks| !locks.write)
        })
    }
}
