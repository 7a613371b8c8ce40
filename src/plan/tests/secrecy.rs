//! Whatever is wrong with a secret, the plan does not show it.

use super::plan;
use crate::inputs::table::INPUTS;

/// A secret, and the ways in which people get it wrong.
fn spoilt(secret: &str) -> Vec<String> {
    vec![
        secret.to_owned(),
        format!("{secret}\n"),
        format!("\"{secret}\""),
        format!(" '{secret}' "),
        format!("one\n{secret}\nthree"),
        format!("\u{feff}{secret}"),
        format!("Bearer {secret}"),
        format!("${secret}"),
        format!("{{\"accessToken\": \"{secret}\"}}"),
        format!("{{'clientSecret': '{secret}'}}"),
        format!("{{\"clientId\": \"{secret}\", \"clientSecret\": {{\"{secret}\": 1}}}}"),
        format!("{{\"appId\": \"a\", \"password\": \"{secret}\"}}"),
        format!("https://ci:{secret}@contosoacr.azurecr.io"),
        format!("-----BEGIN PRIVATE KEY-----\\n{secret}"),
        format!("/{secret}/{secret}"),
        format!("{secret}.{secret}.{secret}"),
        format!("--{secret}"),
        secret.repeat(1000),
    ]
}

#[test]
fn no_finding_and_no_debug_output_shows_a_secret() {
    for input in INPUTS.iter().filter(|input| input.secret) {
        for text in spoilt("hunter2x") {
            for name in [format!("INPUT_{}", input.name.to_uppercase())]
                .iter()
                .map(String::as_str)
                .chain(input.variables.iter().copied())
            {
                // A variable that holds a path is no secret.
                if name.ends_with("_PATH") || name.ends_with("_FILE") {
                    continue;
                }
                let plan = plan(&[
                    (name, text.as_str()),
                    ("INPUT_CLIENT-ID", super::CLIENT),
                    ("INPUT_TENANT-ID", super::TENANT),
                    ("INPUT_USERNAME", "ci"),
                ]);
                let shown = format!("{plan:?}");
                assert!(!shown.contains("hunter2x"), "{name}={text:?}: {shown}");
            }
        }
    }
}

#[test]
fn a_password_in_the_registrys_url_or_a_proxy_is_not_shown() {
    for (name, text) in [
        ("INPUT_REGISTRY", "https://ci:hunter2x@contosoacr.azurecr.io/team"),
        ("INPUT_IMAGES", "https://ci:hunter2x@contosoacr.azurecr.io/team/app"),
        ("HTTPS_PROXY", "http://ci:hunter2x@proxy.example.com:x"),
        ("AZURE_AUTHORITY_HOST", "https://ci:hunter2x@login.microsoftonline.com"),
        ("IDENTITY_HEADER", "hunter2x"),
        ("DOCKER_AUTH_CONFIG", "{hunter2x"),
    ] {
        let shown = format!("{:?}", plan(&[(name, text), ("IDENTITY_ENDPOINT", "http://evil.example.com")]));
        assert!(!shown.contains("hunter2x"), "{name}: {shown}");
    }
}
