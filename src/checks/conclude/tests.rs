//! Every documented answer to its failure.

use super::*;
use crate::azure::call::{Elsewhere, Phase, ProxyFailure, Reason, Reply, TlsFailure, Unreachable};
use crate::azure::registry::exchange::RefreshToken;
use crate::azure::reply::Form;
use crate::inputs::{Gathered, Inputs, environment::Environment, files::Disk};
use crate::plan::TOKEN_USER;
use crate::secret::Secret;
use reqwest::header::{HeaderMap, HeaderValue};
use time::macros::datetime;

const CLIENT: &str = "8c1d2e3f-4a5b-4c6d-8e7f-9a0b1c2d3e4f";
const VALUE: &str = "Xq38Q~simulated.client-secret_value0123456";

/// A plan for contosoacr with this client secret.
fn plan(secret: &str) -> Plan {
    let environment: Environment = [
        ("ACR_PREFLIGHT_REGISTRY", "contosoacr"),
        ("AZURE_CLIENT_ID", CLIENT),
        ("AZURE_TENANT_ID", "11111111-2222-4333-8444-555555555555"),
        ("AZURE_CLIENT_SECRET", secret),
    ]
    .into_iter()
    .collect();
    let now = datetime!(2026-11-22 10:00 UTC);
    match Inputs::from_parts(["acr-preflight".into()], &environment, &Disk, now) {
        Gathered::Run(inputs) => Plan::from_inputs(&inputs),
        Gathered::Show(text) => panic!("{text}"),
    }
}

/// A refusal, as it is read from a reply.
fn refused_with(form: Form, status: u16, headers: &[(&'static str, &'static str)], body: &str) -> CallError {
    let headers: HeaderMap =
        headers.iter().map(|(name, value)| (name.parse().unwrap(), HeaderValue::from_static(value))).collect();
    let reply = Reply { host: "host.example".into(), path: "/p".into(), status, headers, body: body.into() };
    reply.accepted(form).unwrap_err()
}

fn entra(code: u32) -> CallError {
    entra_says(code, "in Entra's own words.")
}

fn entra_says(code: u32, words: &str) -> CallError {
    let body = format!(
        r#"{{"error":"x","error_description":"AADSTS{code}: {words} Trace ID: t","error_codes":[{code}],"trace_id":"t"}}"#
    );
    refused_with(Form::Entra, 400, &[], &body)
}

fn registry(status: u16, message: &str) -> CallError {
    refused_with(Form::Registry, status, &[], &format!(r#"{{"errors":[{{"code":"C","message":"{message}"}}]}}"#))
}

fn id(step: Step<'_>, error: &CallError) -> &'static str {
    conclude(&plan(VALUE), step, error).failure.id
}

#[test]
fn every_number_of_the_catalogue_leads_to_its_failure() {
    for failure in crate::catalogue::all() {
        for symptom in failure.symptoms {
            if let crate::catalogue::Symptom::Entra(code) = symptom {
                assert_eq!(id(Step::Entra, &entra(*code)), failure.id, "AADSTS{code}");
            }
        }
    }
}

#[test]
fn an_unknown_number_is_shown_in_entras_own_words() {
    let finding = conclude(&plan(VALUE), Step::Entra, &entra(999_999));
    assert_eq!(finding.failure.id, "entra-rejected");
    assert_eq!(finding.value("message"), Some("AADSTS999999: in Entra's own words."));
    assert_eq!((finding.value("trace-id"), finding.codes[0].as_str()), (Some("t"), "AADSTS999999"));
    assert_eq!(id(Step::Entra, &entra(530_099)), "conditional-access");
}

#[test]
fn a_secret_that_is_a_guid_was_its_id() {
    let finding = conclude(&plan("0b1c2d3e-4f50-6172-8394-a5b6c7d8e9f0"), Step::Entra, &entra(7_000_215));
    assert_eq!(finding.failure.id, "secret-id-not-value");
    assert_eq!(id(Step::Entra, &entra(7_000_215)), "secret-invalid");
}

#[test]
fn a_certificate_that_has_ended_is_told_from_an_unknown_one() {
    let expired = entra_says(700_027, "[Reason - The key used is expired., Thumbprint of key used by client: 'A']");
    assert_eq!(id(Step::Entra, &expired), "certificate-expired");
    assert_eq!(id(Step::Entra, &entra_says(700_027, "[Reason - The key was not found.]")), "certificate-invalid");
}

#[test]
fn what_is_not_entras_own_answer_comes_from_something_in_between() {
    let page = [("content-type", "text/html")];
    assert_eq!(id(Step::Entra, &refused_with(Form::Entra, 403, &page, "<html>blocked</html>")), "proxy-failed");
    assert_eq!(id(Step::Entra, &refused_with(Form::Entra, 407, &page, "")), "proxy-failed");
    assert_eq!(id(Step::Entra, &refused_with(Form::Entra, 503, &page, "")), "service-unavailable");
    assert_eq!(id(Step::Entra, &refused_with(Form::Entra, 429, &[("retry-after", "7")], "{}")), "throttled");
}

#[test]
fn both_documented_shapes_of_no_role_reject_the_identity() {
    let exchange = Step::Exchange { arm_audience: false };
    assert_eq!(id(exchange, &registry(403, "retrieving permissions failed")), "registry-rejects-identity");
    assert_eq!(id(exchange, &registry(401, "authentication required")), "registry-rejects-identity");
    assert_eq!(id(exchange, &refused_with(Form::Registry, 401, &[], "")), "registry-rejects-identity");
    assert_eq!(id(exchange, &registry(401, "token validation failed")), "registry-rejects-identity");
    let for_arm = Step::Exchange { arm_audience: true };
    assert_eq!(id(for_arm, &registry(401, "token validation failed")), "arm-audience-refused");
}

#[test]
fn the_firewall_is_known_at_every_step_with_the_address_it_saw() {
    let denied = registry(403, "client with IP '203.0.113.7' is not allowed access. Refer https://aka.ms/acr/firewall");
    let steps = [
        Step::Challenge,
        Step::Exchange { arm_audience: false },
        Step::RegistryToken(&Proof::Nothing),
        Step::Attributes,
        Step::Manifest { repository: "a", image: "contosoacr.azurecr.io/a:1" },
    ];
    for step in steps {
        let finding = conclude(&plan(VALUE), step, &denied);
        assert_eq!((finding.failure.id, finding.value("ip-address")), ("firewall-ip-denied", Some("203.0.113.7")));
    }
    let six = registry(403, "client with IP '2001:db8::1' is not allowed access.");
    assert_eq!(conclude(&plan(VALUE), Step::Challenge, &six).value("ip-address"), Some("2001:db8::1"));
}

#[test]
fn a_403_that_is_not_the_registrys_is_a_proxys() {
    let page = refused_with(Form::Registry, 403, &[("content-type", "text/html")], "<html>Forbidden</html>");
    let steps = [
        Step::Challenge,
        Step::Exchange { arm_audience: false },
        Step::RegistryToken(&Proof::Nothing),
        Step::AccessTokenInHand,
        Step::Manifest { repository: "a", image: "contosoacr.azurecr.io/a:1" },
        Step::Attributes,
    ];
    for step in steps {
        assert_eq!(id(step, &page), "proxy-failed", "{step:?}");
    }
}

#[test]
fn a_page_in_place_of_a_token_service_is_a_proxys() {
    let step = Step::FederatedToken;
    let page = [("content-type", "text/html; charset=utf-8")];
    assert_eq!(id(step, &refused_with(Form::Plain, 403, &page, "<html>Forbidden</html>")), "proxy-failed");
    for own in [r#"{"message":"no permission"}"#, "no permission", ""] {
        assert_eq!(id(step, &refused_with(Form::Plain, 403, &[], own)), "federated-token-unavailable", "{own}");
    }
    // No proxy stands between a machine and its own metadata service.
    let refused = refused_with(Form::Entra, 403, &page, "<html>Forbidden</html>");
    assert_eq!(id(Step::ManagedIdentity, &refused), "managed-identity-unavailable");
}

#[test]
fn a_password_that_is_refused_is_named_by_its_user() {
    let refused = registry(401, "authentication required, visit https://aka.ms/acr/authorization");
    let token = "e30.eyJncmFudF90eXBlIjoicmVmcmVzaF90b2tlbiJ9.c2ln";
    for (username, password, expected) in [
        ("contosoacr", "p", "admin-password-wrong"),
        ("ContosoACR", "p", "admin-password-wrong"),
        ("ci-token", "p", "token-password-rejected"),
        (CLIENT, "p", "secret-invalid"),
        ("ci-token", token, "wrong-username"),
        (TOKEN_USER, "p", "wrong-username"),
        (TOKEN_USER, token, "unauthorized"),
    ] {
        let proof = Proof::Password { username: username.into(), password: Secret::new(password) };
        assert_eq!(id(Step::RegistryToken(&proof), &refused), expected, "{username}");
    }
    let unknown = registry(401, "aad access token with sp failed client id must be guid");
    let proof = Proof::Password { username: "ci".into(), password: Secret::new("p") };
    assert_eq!(id(Step::RegistryToken(&proof), &unknown), "wrong-username");
}

#[test]
fn tokens_that_are_refused_are_named_by_what_they_are() {
    let refused = refused_with(Form::Registry, 401, &[], "");
    let refresh = Proof::Refresh(RefreshToken::new(Secret::new("a.b.c")));
    assert_eq!(id(Step::RegistryToken(&refresh), &refused), "unauthorized");
    assert_eq!(id(Step::RegistryToken(&Proof::Nothing), &refused), "anonymous-pull-blocked");
    assert_eq!(id(Step::AccessTokenInHand, &refused), "unauthorized");
}

#[test]
fn a_manifest_that_is_refused_says_why() {
    let step = Step::Manifest { repository: "team/app", image: "contosoacr.azurecr.io/team/app:1.0" };
    let missing = conclude(&plan(VALUE), step, &registry(404, "manifest tagged by 1.0 is not found"));
    assert_eq!(missing.failure.id, "image-not-found");
    assert_eq!(missing.value("image"), Some("contosoacr.azurecr.io/team/app:1.0"));
    let challenge = [("www-authenticate", r#"Bearer realm="https://x/",error="insufficient_scope""#)];
    assert_eq!(id(step, &refused_with(Form::Registry, 401, &challenge, "{}")), "no-pull-permission");
    assert_eq!(
        id(step, &registry(405, "The operation is disallowed on this registry, repository or image.")),
        "operation-disallowed"
    );
}

#[test]
fn a_registrys_door_that_is_none_is_named() {
    assert_eq!(id(Step::Challenge, &registry(404, "page not found")), "not-a-registry");
    let page = refused_with(Form::Registry, 404, &[("content-type", "text/html")], "<html>");
    assert_eq!(id(Step::Challenge, &page), "not-a-registry");
    let elsewhere =
        Elsewhere { host: "h".into(), path: "/".into(), status: 302, target: "http://portal.example".into() };
    let finding = conclude(&plan(VALUE), Step::Challenge, &CallError::Elsewhere(elsewhere));
    assert_eq!((finding.failure.id, finding.value("points-to")), ("not-a-registry", Some("http://portal.example")));
    let what = "expected JSON, got text/html".to_owned();
    let malformed = CallError::Malformed(Malformed { host: "h".into(), path: "/".into(), status: 200, what });
    assert_eq!(id(Step::Challenge, &malformed), "not-a-registry");
    assert_eq!(id(Step::Entra, &malformed), "proxy-failed");
}

#[test]
fn each_way_not_to_reach_a_host_has_its_failure() {
    let issuer = || TlsFailure::UnknownIssuer { issuer: "CN=Contoso Proxy CA".into() };
    let exchange = Step::Exchange { arm_audience: false };
    for (step, reason, expected) in [
        (Step::Challenge, Reason::NameUnknown, "registry-not-found"),
        (Step::Entra, Reason::NameUnknown, "dns-unavailable"),
        (Step::Challenge, Reason::ResolverFailed("SERVFAIL".into()), "dns-unavailable"),
        (Step::Challenge, Reason::TimedOut(Phase::Resolve), "dns-unavailable"),
        (Step::Challenge, Reason::Refused, "registry-unreachable"),
        (Step::Challenge, Reason::NoRoute, "registry-unreachable"),
        (Step::Challenge, Reason::TimedOut(Phase::Connect), "registry-unreachable"),
        (Step::Challenge, Reason::Reset(Phase::Request), "registry-unreachable"),
        (exchange, Reason::Reset(Phase::Request), "service-unavailable"),
        (exchange, Reason::Refused, "registry-unreachable"),
        (Step::Challenge, Reason::Tls(issuer()), "tls-untrusted"),
        (Step::Entra, Reason::Tls(issuer()), "tls-untrusted"),
        (Step::Challenge, Reason::Proxy(ProxyFailure::AuthenticationRequired), "proxy-failed"),
        (Step::Entra, Reason::Refused, "entra-unreachable"),
        (Step::Challenge, Reason::NotHttp("SSH".into()), "not-a-registry"),
        (Step::FederatedToken, Reason::Refused, "federated-token-unavailable"),
        (Step::ManagedIdentity, Reason::TimedOut(Phase::Connect), "managed-identity-unavailable"),
        (Step::ManagedIdentity, Reason::NoRoute, "managed-identity-unavailable"),
    ] {
        let met = Unreachable { host: "h".into(), proxy: None, addresses: Vec::new(), reason: reason.clone() };
        assert_eq!(id(step, &CallError::Unreachable(met)), expected, "{step:?} {reason:?}");
    }
}

#[test]
fn a_machine_without_its_identity_says_which_it_lacks() {
    let several = r#"{"error":"invalid_request","error_description":"Multiple user assigned identities exist, please specify the clientId / resourceId of the identity in the token request"}"#;
    let finding = conclude(&plan(VALUE), Step::ManagedIdentity, &refused_with(Form::Plain, 400, &[], several));
    assert_eq!(finding.failure.id, "managed-identity-unavailable");
    assert!(finding.value("reason").unwrap().starts_with("several identities"));
    let none = r#"{"error":"invalid_request","error_description":"Identity not found"}"#;
    let finding = conclude(&plan(VALUE), Step::ManagedIdentity, &refused_with(Form::Plain, 400, &[], none));
    assert_eq!(finding.value("message"), Some("Identity not found"));
}
