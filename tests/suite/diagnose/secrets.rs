//! No secret of a log comes out again.

use acr_preflight::diagnose::diagnose;

/// Secrets as logs hold them, and the part of each that must not come out.
fn secrets() -> Vec<(String, &'static str)> {
    let secret = |before: &str, canary: &'static str, behind: &str| (format!("{before}{canary}{behind}"), canary);
    vec![
        secret("", "eyJhbGciOiJSUzI1NiIsImtpZCI6IkFCQyJ9.eyJzdWIiOiJjaSIsImNhbmFyeSI6MX0.c2lnbmF0dXJlLWNhbmFyeQ", ""),
        secret("Authorization: Bearer ", "0123canarytokenwithoutdots", ""),
        secret("Authorization: Basic ", "Y2k6Y2FuYXJ5LXBhc3N3b3Jk", ""),
        secret("client_secret=", "Ab1~canary-of-a-secret.8Q_x", "&grant_type=client_credentials"),
        secret("", "kXb8Q~CanaryCanaryCanaryCanaryCanary12", ""),
        secret("https://ci:", "canary-password", "@contosoacr.azurecr.io/v2/"),
        secret("https://weumanaged41.blob.core.windows.net/x?se=2025-03-04&sig=", "canarySignature%2Bx%3D", "&sp=r"),
        secret("docker login -u ci -p ", "canary-pass-1", " contosoacr.azurecr.io"),
        secret("docker login -u ci --password=", "canary-pass-2", " contosoacr.azurecr.io"),
        secret("\"password\":\"", "canary-pass-3", "\""),
        secret("\"auth\": \"", "Y2k6Y2FuYXJ5LXBhc3N3b3Jk", "\""),
        secret("refresh_token=", "canary0refresh0token", "&service=contosoacr.azurecr.io"),
        secret("ACR_PASSWORD=", "canary-pass-4", ""),
        secret("AccountKey=", "canaryKeycanaryKeycanaryKey==", ";"),
        secret("/subscriptions password ", "abcDEF0123456789abcDEF0123456789abcDEF0123456789ab+ACRcanary", ""),
    ]
}

#[test]
fn what_comes_out_holds_no_secret_of_the_log() {
    let failures = [
        "Error response from daemon: Get \"https://contosoacr.azurecr.io/v2/\": unauthorized: authentication required",
        "AADSTS7000215: Invalid client secret provided for app '6f1a2b3c-4d5e-46f7-8a9b-0c1d2e3f4a5b'",
        "denied: client with IP '203.0.113.9' is not allowed access contosoacr.azurecr.io",
    ];
    for (text, canary) in secrets() {
        for failure in failures {
            for log in [
                format!("{text} {failure}"),
                format!("{failure} {text}"),
                format!("{text}\n{failure}\n{text}"),
                format!("{{\"log\":\"{}\"}}", format!("{failure} {text}").replace('"', "\\\"")),
                format!("{}{text} {failure} {text}{}", "x ".repeat(3000), " y".repeat(3000)),
                format!("{failure} {}{text}", "z".repeat(50)),
            ] {
                let diagnosis = diagnose(log.as_bytes(), "-").unwrap();
                assert!(!diagnosis.findings.is_empty(), "{log}");
                let out = format!("{diagnosis:?}");
                assert!(!out.contains(canary), "{canary} of\n{log}\nin\n{out}");
            }
        }
    }
}
