//! Manifests, blobs and locks.

use crate::client::{Client, Reply};
use reqwest::Method;
use simulated_azure::world::*;

fn at(path: &str) -> String {
    format!("https://{LOGIN_SERVER}{path}")
}

#[tokio::test]
async fn a_manifest_is_handed_out_in_its_own_type_alone() {
    let client = Client::healthy();
    let token = client.access_token("repository:team/app:pull").await;
    let head = async |accept: &str| {
        let request = client.request(Method::HEAD, &at("/v2/team/app/manifests/1.0")).bearer_auth(&token);
        Reply::of(request.header("accept", accept)).await.unwrap()
    };
    assert_eq!(head(OCI_INDEX).await.header("content-type"), OCI_INDEX);
    assert!(head(OCI_INDEX).await.header("docker-content-digest").starts_with("sha256:"));
    assert_eq!(head(DOCKER_MANIFEST).await.status, 404);
}

#[tokio::test]
async fn a_missing_tag_and_a_missing_repository_are_told_apart() {
    let client = Client::healthy();
    let token = client.access_token("repository:team/app:pull repository:team/none:pull").await;
    let code = async |path: &str| client.get_as(&at(path), &token).await.json()["errors"][0]["code"].clone();
    assert_eq!(code("/v2/team/app/manifests/9.9").await, "MANIFEST_UNKNOWN");
    assert_eq!(code("/v2/team/none/manifests/1.0").await, "NAME_UNKNOWN");
}

#[tokio::test]
async fn a_blob_is_downloaded_from_the_data_host_without_a_token() {
    let client = Client::healthy();
    let token = client.access_token("repository:team/app:pull").await;
    let digest = client.simulator().world().registry().images.blobs.keys().next().unwrap().clone();
    let redirect = client.get_as(&at(&format!("/v2/team/app/blobs/{digest}")), &token).await;
    assert_eq!(redirect.status, 307);
    let blob = client.get(redirect.header("location")).await;
    assert_eq!((blob.status, digest_of(&blob.body)), (200, digest));
    assert!(redirect.header("location").starts_with(&format!("https://{BLOB_HOST}/")));
}

#[tokio::test]
async fn whoever_may_only_push_cannot_clear_an_upload_away() {
    let client = Client::healthy();
    let token = client.access_token("repository:team/app:pull,push,delete").await;
    let start = client.request(Method::POST, &at("/v2/team/app/blobs/uploads/")).bearer_auth(&token);
    let start = Reply::of(start).await.unwrap();
    assert_eq!((start.status, start.header("range")), (202, "0-0"));
    let cancel = client.request(Method::DELETE, &at(start.header("location"))).bearer_auth(&token);
    assert_eq!(Reply::of(cancel).await.unwrap().status, 401);
}

#[tokio::test]
async fn a_lock_is_seen_in_the_attributes_and_felt_by_a_push() {
    let client = Client::of(|world| world.registry().lock("team/app", None));
    let token = client.access_token("repository:team/app:pull,push,metadata_read").await;
    let attributes = client.get_as(&at("/acr/v1/team/app"), &token).await.json();
    assert_eq!(attributes["changeableAttributes"]["writeEnabled"], false);
    let start = client.request(Method::POST, &at("/v2/team/app/blobs/uploads/")).bearer_auth(&token);
    let refused = Reply::of(start).await.unwrap();
    assert_eq!(refused.status, 405);
    assert!(String::from_utf8_lossy(&refused.body).contains("The operation is disallowed on this registry"));
}
