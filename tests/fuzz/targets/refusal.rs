//! The refusal of Entra ID, the registry, ARM or a token service: bounded words, bounded codes, no panic.
#![no_main]

use acr_preflight::azure::call::Reply;
use acr_preflight::azure::reply::Form;
use libfuzzer_sys::fuzz_target;
use reqwest::header::{HeaderMap, HeaderValue};

fuzz_target!(|data: &[u8]| {
    let (header, body) = data.split_at(data.iter().position(|byte| *byte == b'\n').unwrap_or(0));
    let mut headers = HeaderMap::new();
    for name in ["www-authenticate", "retry-after", "location", "x-ms-request-id"] {
        if let Ok(value) = HeaderValue::from_bytes(header) {
            headers.insert(name, value);
        }
    }
    for form in [Form::Entra, Form::Registry, Form::Arm, Form::Plain] {
        let reply = Reply {
            host: "login.microsoftonline.com".into(),
            path: "/".into(),
            status: 400,
            headers: headers.clone(),
            body: body.to_vec(),
        };
        let refusal = reply.refusal(form);
        assert!(refusal.message.chars().count() <= 1000, "{} letters", refusal.message.chars().count());
        assert!(refusal.codes.len() <= 16);
    }
});
