//! Entra ID's token endpoint.

use crate::client::{Client, REGISTRY_SCOPE, claims};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::{digest, rand, rsa, signature};
use rustls::pki_types::PrivateKeyDer;
use rustls::pki_types::pem::PemObject;
use serde_json::{Value, json};
use simulated_azure::world::*;

async fn refused(client: &Client, secret: &str) -> (u16, String, i64) {
    let reply = client.sign_in(secret, REGISTRY_SCOPE).await;
    (reply.status, reply.text("error"), reply.json()["error_codes"][0].as_i64().unwrap_or_default())
}

#[tokio::test]
async fn every_refusal_has_its_number_and_words() {
    let client = Client::healthy();
    assert_eq!(refused(&client, "never-the-secret").await, (401, "invalid_client".into(), 7000215));
    client.simulator().world().secret_ends_in(-1);
    assert_eq!(refused(&client, SECRET).await, (401, "invalid_client".into(), 7000222));
    client.simulator().world().secret_ends_in(9);
    client.simulator().world().tenant().has_registry_resource = false;
    assert_eq!(refused(&client, SECRET).await, (400, "invalid_resource".into(), 500011));
    client.simulator().world().app().principal = None;
    assert_eq!(refused(&client, SECRET).await, (401, "invalid_client".into(), 7000229));
    client.simulator().world().tenant().applications.clear();
    assert_eq!(refused(&client, SECRET).await, (400, "unauthorized_client".into(), 700016));
}

#[tokio::test]
async fn a_refusal_says_its_number_and_its_trace_in_words() {
    let reply = Client::healthy().sign_in("never-the-secret", REGISTRY_SCOPE).await;
    let words = reply.text("error_description");
    assert!(words.starts_with("AADSTS7000215: Invalid client secret provided. Ensure the secret"), "{words}");
    assert!(words.contains(&format!("Trace ID: {} Correlation ID: ", reply.text("trace_id"))), "{words}");
    assert_eq!(reply.header("x-ms-request-id"), reply.text("trace_id"));
}

#[tokio::test]
async fn a_tenant_is_a_guid_or_a_domain_or_nothing() {
    let client = Client::healthy();
    let number = async |tenant: &str| {
        let url = format!("https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token");
        client.post(&url, &[("client_id", CLIENT)]).await.json()["error_codes"][0].as_i64()
    };
    assert_eq!(number("11111111-2222-4333-8444-555555555555").await, Some(90002));
    assert_eq!(number("nobody.onmicrosoft.com").await, Some(90002));
    assert_eq!(number("no_tenant").await, Some(900023));
    assert_eq!(number("contoso.onmicrosoft.com").await, Some(900144));
}

#[tokio::test]
async fn a_token_is_for_the_audience_asked_for() {
    let reply = Client::healthy().sign_in(SECRET, REGISTRY_SCOPE).await;
    assert_eq!((reply.status, reply.text("token_type")), (200, "Bearer".into()));
    let claims = claims(&reply.text("access_token"));
    assert_eq!(claims["aud"], "https://containerregistry.azure.net");
    assert_eq!((claims["appid"].as_str(), claims["oid"].as_str()), (Some(CLIENT), Some(PRINCIPAL)));
}

async fn with_assertion(client: &Client, assertion: &str) -> Value {
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", CLIENT),
        ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
        ("client_assertion", assertion),
        ("scope", REGISTRY_SCOPE),
    ];
    client.post(&format!("https://login.microsoftonline.com/{TENANT}/oauth2/v2.0/token"), &form).await.json()
}

#[tokio::test]
async fn issuer_subject_and_audience_match_to_the_letter() {
    let client = Client::healthy();
    let number = async |issuer: &str, subject: &str, lives: i64| {
        let token = client.simulator().world().id_token(issuer, subject, lives);
        with_assertion(&client, &token).await["error_codes"][0].as_i64()
    };
    assert_eq!(number(GITHUB_ISSUER, GITHUB_SUBJECT, 300).await, None);
    assert_eq!(number(GITHUB_ISSUER, GITHUB_SUBJECT, -1).await, Some(700024));
    assert_eq!(number("https://token.actions.githubusercontent.com/", GITHUB_SUBJECT, 300).await, Some(700211));
    assert_eq!(number(GITHUB_ISSUER, "repo:contoso/shop:pull_request", 300).await, Some(700213));
    assert_eq!(number(GITHUB_ISSUER, "repo:contoso/Shop:ref:refs/heads/main", 300).await, Some(7002138));
    client.simulator().world().app().federated[0].audience = "api://contoso".into();
    assert_eq!(number(GITHUB_ISSUER, GITHUB_SUBJECT, 300).await, Some(700212));
    client.simulator().world().app().federated.clear();
    assert_eq!(number(GITHUB_ISSUER, GITHUB_SUBJECT, 300).await, Some(70025));
}

/// A client assertion, signed as Entra ID asks today.
fn signed(algorithm: &str, key: &str, certificate: &Certificate) -> String {
    let PrivateKeyDer::Pkcs8(der) = PrivateKeyDer::from_pem_slice(key.as_bytes()).unwrap() else { panic!("no PKCS#8") };
    let key = rsa::KeyPair::from_pkcs8(der.secret_pkcs8_der()).unwrap();
    let encode = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let thumbprint = URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, &certificate.der));
    let end = time::OffsetDateTime::now_utc().unix_timestamp() + 300;
    let audience = format!("https://login.microsoftonline.com/{TENANT}/oauth2/v2.0/token");
    let header = json!({"alg": algorithm, "typ": "JWT", "x5t#S256": thumbprint});
    let claims = json!({"aud": audience, "iss": CLIENT, "sub": CLIENT, "jti": "once", "nbf": end - 600, "exp": end});
    let text = format!("{}.{}", encode(&header), encode(&claims));
    let mut signature = vec![0; key.public().modulus_len()];
    key.sign(&signature::RSA_PSS_SHA256, &rand::SystemRandom::new(), text.as_bytes(), &mut signature).unwrap();
    format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature))
}

#[tokio::test]
async fn a_certificate_signs_in_with_its_own_key_alone() {
    let certificate = Certificate::ending_in(30);
    let client = Client::of(|world| world.app().certificates = vec![certificate.clone()]);
    let number = async |assertion: String| with_assertion(&client, &assertion).await["error_codes"][0].as_i64();
    assert_eq!(number(signed("PS256", PIPELINE_KEY, &certificate)).await, None);
    assert_eq!(number(signed("RS256", PIPELINE_KEY, &certificate)).await, Some(700027));
    assert_eq!(number(signed("PS256", STRANGERS_KEY, &certificate)).await, Some(700027));
    assert_eq!(number(signed("PS256", PIPELINE_KEY, &Certificate::ending_in(31))).await, Some(700027));
    assert_eq!(number("not.a.token".into()).await, Some(50027));
}
