//! Kubernetes manifests, Compose files and Helm output: YAML of any shape, up to the images of the plan.
#![no_main]

use acr_preflight::inputs::environment::Environment;
use acr_preflight::inputs::files::Shelf;
use acr_preflight::inputs::{Gathered, Inputs};
use acr_preflight::plan::Plan;
use libfuzzer_sys::fuzz_target;
use time::OffsetDateTime;

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    let environment: Environment =
        [("ACR_PREFLIGHT_REGISTRY", "contosoacr"), ("ACR_PREFLIGHT_IMAGES_FROM", "/m.yaml")].into_iter().collect();
    let files: Shelf = [("/m.yaml", &*text)].into_iter().collect();
    let now = OffsetDateTime::from_unix_timestamp(1_795_000_000).unwrap();
    let Gathered::Run(inputs) = Inputs::from_parts(["acr-preflight".into()], &environment, &files, now) else {
        panic!("no text of a manifest asks for the help")
    };
    let plan = Plan::from_inputs(&inputs);
    assert!(plan.images.len() <= text.len(), "more images than letters");
    for image in &plan.images {
        let repository = &image.repository;
        assert!(!repository.is_empty() && !repository.contains(['\n', ' ', ':', '@']), "{repository:?}");
    }
});
