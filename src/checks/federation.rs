//! Federated sign-in: the token of the CI system, and what its claims say when Entra ID does not trust it.

use super::clock;
use super::conclude::{Step, conclude};
use super::moment::written;
use super::run::Run;
use crate::azure::claims::Claims;
use crate::azure::oidc;
use crate::catalogue::entra::FEDERATED_TOKEN_EXPIRED;
use crate::finding::Finding;
use crate::plan::AssertionSource;
use crate::secret::Secret;
use std::future::Future;
use time::OffsetDateTime;

/// Gets the token, or says why there is none.
pub(super) async fn assertion(
    run: &Run<'_>,
    source: &AssertionSource,
    answered: impl Future<Output = ()>,
) -> Result<Secret, Finding> {
    let asked = match source {
        AssertionSource::InHand { token, origin } => return in_hand(run, token, origin, answered).await,
        AssertionSource::Unavailable(finding) => return Err((**finding).clone()),
        AssertionSource::GitHub { request_url, request_token } => {
            oidc::github(run.http, request_url, request_token, run.plan.cloud.federated_audience).await
        }
        AssertionSource::AzurePipelines { request_url, access_token, service_connection } => {
            oidc::azure_pipelines(run.http, request_url, access_token, service_connection).await
        }
    };
    let token = asked.map_err(|error| conclude(run.plan, Step::FederatedToken, &error))?;
    run.journal.guard(&token);
    Ok(token)
}

/// A token in hand is named before it is sent where its time is over or has not begun.
async fn in_hand(
    run: &Run<'_>,
    token: &Secret,
    origin: &str,
    answered: impl Future<Output = ()>,
) -> Result<Secret, Finding> {
    let Some(claims) = Claims::decode(token) else { return Ok(token.clone()) };
    let moment = |name| claims.moment(name);
    let (begins, ends) = (moment("nbf"), moment("exp"));
    let wrong = |now: OffsetDateTime| {
        let early = begins.filter(|begins| *begins > now + time::Duration::minutes(5));
        early.map(|begins| ("begins", begins)).or(ends.filter(|ends| *ends <= now).map(|ends| ("ended", ends)))
    };
    let Some((word, moment)) = clock::is_so(run, answered, wrong).await else { return Ok(token.clone()) };
    let finding = Finding::new(&FEDERATED_TOKEN_EXPIRED).fact("token", origin).fact(word, written(moment));
    Err(presented(finding, token))
}

/// Adds what the token presented: an administrator compares it letter by letter with what is registered.
pub(super) fn presented(finding: Finding, token: &Secret) -> Finding {
    let claims = Claims::decode(token).unwrap_or_default();
    let subject = claims.text("sub").unwrap_or_default();
    // What is to be compared stands first.
    let said = finding.facts.clone();
    let mut finding = Finding { facts: Vec::new(), ..finding }
        .fact("issuer", claims.text("iss").unwrap_or_default())
        .fact("subject", subject)
        .fact("audience", claims.audiences().join(", "));
    if finding.failure.id == "federated-subject-mismatch" {
        if let Some(other) = other_form(subject, &claims) {
            finding =
                finding.fact(if subject.contains('@') { "subject-without-ids" } else { "subject-with-ids" }, other);
        }
        let workflow = claims.text("job_workflow_ref").unwrap_or_default();
        finding = finding.fact("workflow", workflow);
    }
    finding.facts.extend(said);
    finding
}

/// The same subject as GitHub writes it for other repositories: with the ids of owner and repository, or without.
///
/// Repositories made, renamed or transferred since July 2026 have them, the portal writes them always.
fn other_form(subject: &str, claims: &Claims) -> Option<String> {
    let rest = subject.strip_prefix("repo:")?;
    let (names, tail) = rest.split_once(':')?;
    let (owner, repository) = names.split_once('/')?;
    let other = match (owner.split_once('@'), repository.split_once('@')) {
        (Some((owner, _)), Some((repository, _))) => format!("repo:{owner}/{repository}:{tail}"),
        (None, None) => {
            let (owner_id, repository_id) = (claims.text("repository_owner_id")?, claims.text("repository_id")?);
            format!("repo:{owner}@{owner_id}/{repository}@{repository_id}:{tail}")
        }
        _ => return None,
    };
    Some(other)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::entra::FEDERATED_SUBJECT_MISMATCH;

    /// The claims stand in base64 as GitHub sends them; only the subject differs.
    fn token(claims: &str) -> Secret {
        use base64::Engine as _;
        Secret::new(format!("e30.{}.c2ln", base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(claims)))
    }

    #[test]
    fn a_subject_is_shown_with_and_without_the_ids_of_the_repository() {
        let old = token(
            r#"{"iss":"i","aud":"a","sub":"repo:octo-org/octo:ref:refs/heads/main","repository_owner_id":"65","repository_id":"74"}"#,
        );
        let finding = presented(Finding::new(&FEDERATED_SUBJECT_MISMATCH), &old);
        assert_eq!(finding.value("subject-with-ids"), Some("repo:octo-org@65/octo@74:ref:refs/heads/main"));
        let new = token(r#"{"sub":"repo:octo-org@65/octo@74:environment:prod"}"#);
        let finding = presented(Finding::new(&FEDERATED_SUBJECT_MISMATCH), &new);
        assert_eq!(finding.value("subject-without-ids"), Some("repo:octo-org/octo:environment:prod"));
    }

    #[test]
    fn a_subject_of_another_system_has_one_form() {
        for subject in ["sc://org/project/connection", "project_path:g/p:ref_type:branch:ref:main", "repo:x", ""] {
            assert_eq!(other_form(subject, &Claims::default()), None, "{subject}");
        }
    }
}
