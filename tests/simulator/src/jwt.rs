//! The JSON web tokens of every issuer in the simulated world.
//!
//! Azure's registry publishes no keys, and clients read the claims without checking the signature. Here every issuer
//! signs with one key, so that a simulated service notices a token that nobody issued.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::hmac;
use serde_json::{Value, json};

const KEY: &[u8] = b"the one key of every issuer in the simulated world";

/// Signs claims; the header says RS256, as the tokens of the real issuers do.
pub fn sign(claims: &Value) -> String {
    let header =
        json!({"typ": "JWT", "alg": "RS256", "kid": "SIMU:LATE:DAZU:REXX:XXXX:XXXX:XXXX:XXXX:XXXX:XXXX:XXXX:XXXX"});
    let signed = format!("{}.{}", encode(header.to_string()), encode(claims.to_string()));
    let signature = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, KEY), signed.as_bytes());
    format!("{signed}.{}", encode(signature.as_ref()))
}

/// Reads the claims of a token that [`sign`] made; none where it is malformed or was tampered with.
pub fn verified_claims(token: &str) -> Option<Value> {
    let (signed, signature) = token.rsplit_once('.')?;
    let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
    hmac::verify(&hmac::Key::new(hmac::HMAC_SHA256, KEY), signed.as_bytes(), &signature).ok()?;
    claims(token)
}

/// Reads the claims of any token, whoever signed it.
pub fn claims(token: &str) -> Option<Value> {
    segment(token, 1)
}

/// Reads the header of any token, whoever signed it.
pub fn header(token: &str) -> Option<Value> {
    segment(token, 0)
}

fn segment(token: &str, index: usize) -> Option<Value> {
    let segments: Vec<&str> = token.split('.').collect();
    if segments.len() != 3 {
        return None;
    }
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(segments[index]).ok()?).ok()
}

fn encode(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}
