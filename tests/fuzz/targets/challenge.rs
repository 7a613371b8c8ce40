//! A `WWW-Authenticate` header: whatever it says, the realm believed is on the registry itself.
#![no_main]

use acr_preflight::azure::call::Reply;
use acr_preflight::azure::registry::challenge;
use libfuzzer_sys::fuzz_target;
use reqwest::header::{HeaderMap, HeaderValue};

const HOST: &str = "contosoacr.azurecr.io";

fuzz_target!(|data: &[u8]| {
    let mut headers = HeaderMap::new();
    for value in data.split(|byte| *byte == b'\n').filter_map(|line| HeaderValue::from_bytes(line).ok()) {
        headers.append("www-authenticate", value);
    }
    let reply = Reply { host: HOST.into(), path: "/v2/".into(), status: 401, headers, body: Vec::new() };
    if let Ok(challenge) = challenge::read(reply, HOST) {
        assert_eq!(challenge.realm.scheme(), "https");
        assert_eq!(challenge.realm.host_str(), Some(HOST));
        assert_eq!(challenge.realm.port_or_known_default(), Some(443));
    }
});
