//! Lists and changeable attributes: the catalog, tags, `/acr/v1`.

use super::{admit, refusal};
use crate::exchange::{Answer, Asked};
use crate::world::{Locks, Repository, World};
use hyper::Method;
use serde_json::{Value, json};

/// `GET /v2/_catalog`
pub(super) fn catalog(world: &World, index: usize, asked: &Asked) -> Answer {
    if let Err(answer) = admit(world, index, asked, "registry", "catalog", "*") {
        return *answer;
    }
    let names: Vec<&String> = world.registries[index].images.repositories.keys().collect();
    Answer::json(200, &json!({"repositories": names}))
}

/// `GET /v2/<repository>/tags/list`
pub(super) fn tags(world: &World, index: usize, asked: &Asked, name: &str) -> Answer {
    reading(
        world,
        index,
        asked,
        name,
        |repository| json!({"name": name, "tags": repository.tags.keys().collect::<Vec<_>>()}),
    )
}

/// `GET /acr/v1/<repository>`
pub(super) fn repository(world: &World, index: usize, asked: &Asked, name: &str) -> Answer {
    let host = &world.registries[index].login_server;
    reading(world, index, asked, name, |repository| {
        json!({
            "registry": host, "imageName": name, "createdTime": CREATED, "lastUpdateTime": CREATED,
            "manifestCount": repository.manifests.len(), "tagCount": repository.tags.len(),
            "changeableAttributes": attributes(repository.locks),
        })
    })
}

/// `GET /acr/v1/<repository>/_tags`
pub(super) fn tag_list(world: &World, index: usize, asked: &Asked, name: &str) -> Answer {
    let host = &world.registries[index].login_server;
    reading(world, index, asked, name, |repository| {
        let tags: Vec<Value> = repository.tags.keys().map(|tag| tag_json(repository, tag)).collect();
        json!({"registry": host, "imageName": name, "tags": tags})
    })
}

/// `GET /acr/v1/<repository>/_tags/<tag>`
pub(super) fn tag(world: &World, index: usize, asked: &Asked, name: &str, tag: &str) -> Answer {
    let host = &world.registries[index].login_server;
    if let Some(repository) = world.registries[index].images.repositories.get(name)
        && !repository.tags.contains_key(tag)
        && admit(world, index, asked, "repository", name, "metadata_read").is_ok()
    {
        return refusal(404, "TAG_UNKNOWN", &format!("the specified tag does not exist: {tag}"));
    }
    reading(
        world,
        index,
        asked,
        name,
        |repository| json!({"registry": host, "imageName": name, "tag": tag_json(repository, tag)}),
    )
}

/// `GET /acr/v1/<repository>/_manifests/<digest>`
pub(super) fn manifest(world: &World, index: usize, asked: &Asked, name: &str, digest: &str) -> Answer {
    let host = &world.registries[index].login_server;
    if let Some(repository) = world.registries[index].images.repositories.get(name)
        && !repository.manifests.contains_key(digest)
        && admit(world, index, asked, "repository", name, "metadata_read").is_ok()
    {
        return refusal(404, "MANIFEST_UNKNOWN", &format!("manifest {digest} is not found"));
    }
    reading(world, index, asked, name, |repository| {
        json!({"registry": host, "imageName": name, "manifest": {
            "digest": digest, "imageSize": repository.manifests[digest].bytes.len(), "createdTime": CREATED,
            "mediaType": repository.manifests[digest].media_type, "changeableAttributes": attributes(Locks::default()),
        }})
    })
}

const CREATED: &str = "2026-01-15T09:30:00.1234567Z";

fn reading(world: &World, index: usize, asked: &Asked, name: &str, body: impl Fn(&Repository) -> Value) -> Answer {
    if asked.method != Method::GET {
        return Answer::unknown(asked);
    }
    if let Err(answer) = admit(world, index, asked, "repository", name, "metadata_read") {
        return *answer;
    }
    match world.registries[index].images.repositories.get(name) {
        Some(repository) => Answer::json(200, &body(repository)),
        None => refusal(404, "NAME_UNKNOWN", &format!("repository \"{name}\" is not found")),
    }
}

fn tag_json(repository: &Repository, tag: &str) -> Value {
    let locks = repository.tag_locks.get(tag).copied().unwrap_or_default();
    json!({
        "name": tag, "digest": repository.tags[tag], "createdTime": CREATED, "lastUpdateTime": CREATED, "signed": false,
        "changeableAttributes": attributes(locks),
    })
}

fn attributes(locks: Locks) -> Value {
    json!({"deleteEnabled": locks.delete, "writeEnabled": locks.write, "readEnabled": locks.read, "listEnabled": locks.list})
}
