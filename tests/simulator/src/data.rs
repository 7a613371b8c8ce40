//! The hosts that blobs are downloaded from.

use crate::exchange::{Answer, Asked};
use crate::world::World;
use hyper::Method;

pub(crate) fn answer(world: &World, asked: &Asked) -> Answer {
    let is_read = asked.method == Method::GET || asked.method == Method::HEAD;
    let digest = asked.segments().iter().rev().nth(1).map(|hex| format!("sha256:{hex}"));
    let blob =
        digest.and_then(|digest| world.registries.iter().find_map(|registry| registry.images.blobs.get(&digest)));
    match blob {
        Some(blob) if is_read && asked.query("sig").is_some() => {
            Answer::bytes(200, "application/octet-stream", blob.clone()).header("x-ms-blob-type", "BlockBlob")
        }
        // A probe may ask the host for nothing in particular; storage answers that too, and so does a data endpoint.
        None if is_read && asked.path == "/" => Answer::empty(400),
        _ => Answer::unknown(asked),
    }
}
