//! Client assertions: tokens of other issuers, and tokens that the client signed with its certificate.

use super::Refusal;
use crate::jwt;
use crate::world::{Application, Certificate, Tenant, World};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::{digest, signature};
use serde_json::Value;
use x509_cert::der::Decode;

/// Accepts an assertion or says why not.
pub(super) fn check(world: &World, tenant: &Tenant, application: &Application, assertion: &str) -> Result<(), Refusal> {
    let (Some(header), Some(claims)) = (jwt::header(assertion), jwt::claims(assertion)) else {
        return Err(Refusal::new(50027, &application.client));
    };
    let now = world.now().unix_timestamp();
    let number = |name: &str| claims.get(name).and_then(Value::as_i64);
    if number("exp").is_none_or(|end| end <= now) || number("nbf").is_some_and(|begin| begin > now + 300) {
        let words =
            format!("Current time: {}, expiry time of assertion {}.", world.now(), number("exp").unwrap_or_default());
        return Err(Refusal::new(700024, &words));
    }
    let text = |name: &str| claims.get(name).and_then(Value::as_str).unwrap_or_default();
    if text("iss") == application.client {
        return check_certificate(world, tenant, application, assertion, &header, &claims);
    }
    if application.federated.is_empty() {
        return Err(Refusal::new(70025, &application.client));
    }
    if jwt::verified_claims(assertion).is_none() {
        return Err(Refusal::new(50027, &application.client));
    }
    check_federation(application, text("iss"), text("sub"), text("aud"))
}

/// Issuer, subject and audience must be those of one federated credential, to the letter.
fn check_federation(application: &Application, issuer: &str, subject: &str, audience: &str) -> Result<(), Refusal> {
    let of_issuer: Vec<_> = application.federated.iter().filter(|credential| credential.issuer == issuer).collect();
    if of_issuer.is_empty() {
        return Err(Refusal::new(700211, issuer));
    }
    let Some(credential) = of_issuer.iter().find(|credential| credential.subject == subject) else {
        let differs_in_case = of_issuer.iter().any(|credential| credential.subject.eq_ignore_ascii_case(subject));
        return Err(Refusal::new(if differs_in_case { 7002138 } else { 700213 }, subject));
    };
    if credential.audience == audience { Ok(()) } else { Err(Refusal::new(700212, audience)) }
}

/// The assertion must be signed (PS256) with the key of a registered certificate that `x5t#S256` names.
fn check_certificate(
    world: &World,
    tenant: &Tenant,
    application: &Application,
    assertion: &str,
    header: &Value,
    claims: &Value,
) -> Result<(), Refusal> {
    let refused = |why: String| Err(Refusal::new(700027, &why));
    if header["alg"] != "PS256" {
        return refused(format!("Reason - The algorithm {} is not PS256.", header["alg"]));
    }
    let Some(thumbprint) = header["x5t#S256"].as_str() else {
        return refused("Reason - The header has no x5t#S256.".into());
    };
    let named = |certificate: &&Certificate| {
        URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, &certificate.der)) == thumbprint
    };
    let Some(certificate) = application.all_certificates().find(named) else {
        return refused(format!("Reason - The key was not found. Thumbprint of key used by client: '{thumbprint}'."));
    };
    if certificate.ends <= world.now() {
        return refused("Reason - The key used is expired.".into());
    }
    if !is_signed_with(assertion, &certificate.der) {
        return refused("Reason - The provided signature value did not match the expected signature value.".into());
    }
    let audience = claims["aud"].as_str().unwrap_or_default();
    let is_own = world.cloud.entra.iter().any(|host| {
        [&tenant.id, &tenant.domain].iter().any(|name| audience == format!("https://{host}/{name}/oauth2/v2.0/token"))
    });
    if is_own && claims["sub"] == claims["iss"] && claims["jti"].is_string() {
        Ok(())
    } else {
        Err(Refusal::new(50027, audience))
    }
}

fn is_signed_with(assertion: &str, certificate: &[u8]) -> bool {
    let Some((signed, signature)) = assertion.rsplit_once('.') else { return false };
    let Ok(signature) = URL_SAFE_NO_PAD.decode(signature) else { return false };
    let Ok(certificate) = x509_cert::Certificate::from_der(certificate) else { return false };
    let key = certificate.tbs_certificate().subject_public_key_info().subject_public_key.raw_bytes();
    signature::UnparsedPublicKey::new(&signature::RSA_PSS_2048_8192_SHA256, key)
        .verify(signed.as_bytes(), &signature)
        .is_ok()
}
