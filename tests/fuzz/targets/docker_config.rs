//! Docker's `config.json` and the keys of its `auths`.
#![no_main]

use acr_preflight::docker::config::{AuthEntry, DockerConfig, host_of};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    host_of(&text);
    AuthEntry::from_auth(&text);
    if let Ok(config) = DockerConfig::parse(&text) {
        config.contains_auth();
        config.helper_for("contosoacr.azurecr.io");
        config.entry_for("contosoacr.azurecr.io");
        config.misspelt_keys("contosoacr.azurecr.io");
    }
});
