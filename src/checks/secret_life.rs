//! The end of the client secret in use, as Microsoft Graph lists it.

use super::conclude::words;
use super::issuer::Issuer;
use super::life::{Ends, by_input, weigh};
use super::moment::written;
use super::run::Run;
use super::subject::Subject;
use crate::azure::call::CallError;
use crate::azure::graph::{DirectoryObject, Holder, PasswordCredential, object};
use crate::catalogue::Severity;
use crate::catalogue::entra::SECRET_EXPIRED;
use crate::catalogue::expiry::{SECRET_EXPIRING, SECRET_EXPIRY_UNKNOWN};
use crate::finding::{CredentialLife, ExpirySource, Finding};
use crate::secret::Secret;
use time::OffsetDateTime;
use tokio::join;

/// Asks Graph when the secret in use ends.
pub(super) async fn check(run: &Run<'_>, client: &str, secret: &Secret, asker: Option<&Issuer>) {
    run.journal.begin(Subject::CredentialLife);
    let Some(asker) = asker else { return without_graph(run, "Graph was not asked: needs a sign-in") };
    let graph = run.plan.cloud.graph;
    let token = match asker.token(run, graph).await {
        Ok(token) => token.value,
        Err(error) if run.ran_out(&error) => return run.cut_off(Subject::CredentialLife, &error),
        Err(error) => return without_graph(run, &words(&error)),
    };
    let (application, principal) = join!(
        object(run.http, graph, &token, Holder::Application, client, false),
        object(run.http, graph, &token, Holder::ServicePrincipal, client, false),
    );
    if let (Err(error), Err(_)) = (&application, &principal)
        && run.ran_out(error)
    {
        return run.cut_off(Subject::CredentialLife, error);
    }
    let objects: Vec<&DirectoryObject> =
        [&application, &principal].into_iter().filter_map(|read| read.as_ref().ok()).collect();
    if let Some(name) = objects.iter().find_map(|object| object.display_name.as_deref()) {
        run.journal.name(name);
    }
    let listed = objects.iter().flat_map(|object| &object.password_credentials);
    match in_use(listed, secret, run.now()) {
        Some((credential, end)) => by_graph(run, credential, end),
        None => without_graph(run, &reason([&application, &principal])),
    }
}

/// Why Graph does not tell.
fn reason(read: [&Result<DirectoryObject, CallError>; 2]) -> String {
    let refused = |read: &&&Result<DirectoryObject, CallError>| matches!(read, Err(CallError::Service(refusal)) if refusal.status == 403);
    match (read.iter().find(refused), read.iter().find_map(|read| read.as_ref().err())) {
        (Some(_), _) => {
            "Graph refuses: the application permission Application.Read.All would let it be read".to_owned()
        }
        (None, Some(error)) => words(error),
        (None, None) => "none of the secrets that Graph lists can be told to be the one in use".to_owned(),
    }
}

/// The secret in use among those listed, with its end.
///
/// Its first three characters tell it. Of several that begin alike the living one is meant, for Entra ID has just
/// accepted it; of several living ones the one that ends first is taken. Where no beginning is listed, a single secret
/// must be the one.
fn in_use<'a>(
    listed: impl Iterator<Item = &'a PasswordCredential>,
    secret: &Secret,
    now: OffsetDateTime,
) -> Option<(&'a PasswordCredential, OffsetDateTime)> {
    let listed: Vec<&PasswordCredential> = listed.collect();
    let begins = |credential: &&&PasswordCredential| credential.hint.as_ref().is_some_and(|hint| hint.begins(secret));
    let mut alike: Vec<&PasswordCredential> = listed.iter().filter(begins).copied().collect();
    if alike.is_empty() && listed.len() == 1 && listed[0].hint.is_none() {
        alike = listed;
    }
    let ended = |end: &OffsetDateTime| *end <= now;
    let dated = alike.into_iter().filter_map(|credential| Some((credential, credential.end_date_time?)));
    dated.min_by_key(|(_, end)| (ended(end), *end))
}

fn by_graph(run: &Run<'_>, credential: &PasswordCredential, end: OffsetDateTime) {
    run.journal.live(CredentialLife { expires_on: Some(end), source: ExpirySource::Graph });
    let name = credential.display_name.as_deref().unwrap_or_default();
    if let Some((severity, ends)) = weigh(run.plan, run.now(), end) {
        let finding = Finding::new(failure(ends))
            .severity(severity)
            .fact("secret-name", name)
            .fact("key-id", credential.key_id.as_deref().unwrap_or_default())
            .fact("ends", written(end));
        run.journal.find(Subject::CredentialLife, finding);
    }
    run.journal.end(Subject::CredentialLife);
}

/// Falls back on the date that the user gave, else says that nobody knows.
///
/// A date that has passed is not believed: the secret has just been accepted, so it is another secret's.
pub(super) fn without_graph(run: &Run<'_>, reason: &str) {
    let unknown = |reason: &str| Finding::new(&SECRET_EXPIRY_UNKNOWN).fact("reason", reason);
    match run.plan.secret_expires_on {
        Some(end) if end > run.now() => {
            by_input(run, end, |_| Finding::new(&SECRET_EXPIRING).fact("ends", written(end)))
        }
        Some(end) => {
            let reason = "the date given as secret-expires-on has passed, and the secret is accepted: it is another's";
            run.journal.begin(Subject::CredentialLife);
            let finding = unknown(reason).severity(Severity::Warning).fact("given", written(end));
            run.journal.fail(Subject::CredentialLife, finding);
        }
        None => {
            run.journal.begin(Subject::CredentialLife);
            run.journal.find(Subject::CredentialLife, unknown(reason));
            run.journal.skip(Subject::CredentialLife, reason);
        }
    }
}

fn failure(ends: Ends) -> &'static crate::catalogue::Failure {
    match ends {
        Ends::Soon => &SECRET_EXPIRING,
        Ends::Over => &SECRET_EXPIRED,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    const NOW: OffsetDateTime = datetime!(2026-11-22 10:00 UTC);

    fn listed(json: &str) -> Vec<PasswordCredential> {
        serde_json::from_str(json).unwrap()
    }

    fn chosen(json: &str) -> Option<String> {
        let listed = listed(json);
        in_use(listed.iter(), &Secret::new("abc8Q~secret"), NOW)
            .and_then(|(credential, _)| credential.display_name.clone())
    }

    #[test]
    fn the_secret_in_use_is_told_by_its_beginning() {
        let several = r#"[{"displayName":"old","hint":"xyz","endDateTime":"2026-12-01T00:00:00Z"},
            {"displayName":"used","hint":"abc","endDateTime":"2027-05-01T00:00:00Z"}]"#;
        assert_eq!(chosen(several).as_deref(), Some("used"));
    }

    #[test]
    fn an_ended_secret_that_begins_alike_is_not_the_one_in_use() {
        let alike = r#"[{"displayName":"ended","hint":"abc","endDateTime":"2026-01-01T00:00:00Z"},
            {"displayName":"later","hint":"abc","endDateTime":"2028-01-01T00:00:00Z"},
            {"displayName":"first","hint":"abc","endDateTime":"2027-01-01T00:00:00Z"}]"#;
        assert_eq!(chosen(alike).as_deref(), Some("first"));
    }

    #[test]
    fn without_beginnings_only_a_single_secret_can_be_told() {
        assert_eq!(
            chosen(r#"[{"displayName":"only","hint":null,"endDateTime":"2027-01-01T00:00:00Z"}]"#).as_deref(),
            Some("only")
        );
        let two = r#"[{"displayName":"a","endDateTime":"2027-01-01T00:00:00Z"},{"displayName":"b","endDateTime":"2027-01-01T00:00:00Z"}]"#;
        assert_eq!(chosen(two), None);
        assert_eq!(chosen(r#"[{"displayName":"other","hint":"zzz","endDateTime":"2027-01-01T00:00:00Z"}]"#), None);
        assert_eq!(chosen("[]"), None);
    }
}
