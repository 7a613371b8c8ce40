//! What a log proves, and what it only makes likely.

use acr_preflight::diagnose::diagnose;
use acr_preflight::finding::Finding;

/// What tells a doubt from certainty: the first step asks the check.
fn asks_the_check(finding: &Finding) -> bool {
    finding.fix()[0].contains("acr-preflight check --registry contosoacr.azurecr.io")
}

fn first(log: &str) -> Finding {
    diagnose(log.as_bytes(), "-").unwrap().findings.swap_remove(0).finding
}

#[test]
fn a_refusal_that_says_no_more_is_no_proof_of_its_cause() {
    for (id, log) in [
        ("public-access-disabled", "HEAD https://contosoacr.azurecr.io/v2/app/manifests/1: 403 Forbidden"),
        ("public-access-disabled", "Access to registry 'contosoacr.azurecr.io' was denied. Response code: 403."),
        ("registry-rejects-identity", "Access to registry 'contosoacr.azurecr.io' was denied. Response code: 401."),
        ("registry-rejects-identity", "An error occurred: CONNECTIVITY_REFRESH_TOKEN_ERROR\ncontosoacr.azurecr.io"),
        ("no-pull-permission", "pull access denied for contosoacr.azurecr.io/app, repository does not exist"),
        ("no-push-permission", "The push refers to repository [contosoacr.azurecr.io/app]\ndenied: access denied"),
    ] {
        let finding = first(log);
        assert_eq!(finding.failure.id, id, "{log}");
        assert!(asks_the_check(&finding), "{log}: {:?}", finding.fix());
        assert_ne!((finding.title(), finding.cause()), (finding.failure.title, finding.failure.cause), "{log}");
        assert_eq!(finding.fix().len(), finding.failure.fix.len() + 1, "{log}");
    }
}

#[test]
fn a_refusal_that_says_why_is_taken_at_its_word() {
    for (id, log) in [
        ("public-access-disabled", "denied: public network access is disabled on contosoacr.azurecr.io"),
        (
            "public-access-disabled",
            "HEAD https://contosoacr.azurecr.io/v2/: 403 Forbidden: public network access is disabled",
        ),
        (
            "no-pull-permission",
            "contosoacr.azurecr.io/app: pull access denied: insufficient_scope: authorization failed",
        ),
    ] {
        let finding = first(log);
        assert_eq!(finding.failure.id, id, "{log}");
        assert!(!asks_the_check(&finding), "{log}: {:?}", finding.fix());
        assert_eq!((finding.title(), finding.cause()), (finding.failure.title, finding.failure.cause), "{log}");
    }
}
