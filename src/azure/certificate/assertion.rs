//! The client assertion: a token that the application signs itself (RFC 7523).

use super::Certificate;
use crate::secret::Secret;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ring::rand::{SecureRandom, SystemRandom};
use ring::signature::RSA_PSS_SHA256;
use serde_json::json;
use time::OffsetDateTime;

/// How long an assertion may be used. Entra asks for 5 to 10 minutes at most.
const LIFE: i64 = 10 * 60;

/// Signs the assertion with which `client` asks the token endpoint `audience` for a token.
///
/// The form is the one of "Microsoft identity platform application authentication certificate credentials": PS256,
/// the SHA-256 thumbprint as `x5t#S256`. The chain goes along as `x5c`, which an application registered by subject
/// name and issuer needs and any other ignores.
pub fn client_assertion(certificate: &Certificate, audience: &str, client: &str, now: OffsetDateTime) -> Secret {
    let header = json!({
        "alg": "PS256",
        "typ": "JWT",
        "x5t#S256": URL_SAFE_NO_PAD.encode(certificate.sha256()),
        "x5c": certificate.chain.iter().map(|der| STANDARD.encode(der)).collect::<Vec<_>>(),
    });
    let random = SystemRandom::new();
    let claims = json!({
        "aud": audience,
        "iss": client,
        "sub": client,
        "jti": random_guid(&random),
        "nbf": now.unix_timestamp(),
        "iat": now.unix_timestamp(),
        "exp": now.unix_timestamp() + LIFE,
    });
    let mut token = format!("{}.{}", encode(&header), encode(&claims));
    let pair = &certificate.key.pair;
    let mut signature = vec![0; pair.public().modulus_len()];
    pair.sign(&RSA_PSS_SHA256, &random, token.as_bytes(), &mut signature)
        .expect("the key was accepted for signing, and the buffer has its length");
    token.push('.');
    URL_SAFE_NO_PAD.encode_string(signature, &mut token);
    Secret::new(token)
}

fn encode(value: &serde_json::Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

/// A version 4 GUID, so that no two assertions are the same.
fn random_guid(random: &SystemRandom) -> String {
    let mut bytes = [0; 16];
    random.fill(&mut bytes).expect("the operating system has random bytes");
    let number = u128::from_be_bytes(bytes) & !(0xf << 76) & !(0x3 << 62) | (0x4 << 76) | (0x2 << 62);
    let digits = format!("{number:032x}");
    format!("{}-{}-{}-{}-{}", &digits[..8], &digits[8..12], &digits[12..16], &digits[16..20], &digits[20..])
}
