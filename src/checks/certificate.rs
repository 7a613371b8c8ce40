//! The client certificate, before anything is sent.

use super::clock;
use super::issuer::Issuer;
use super::moment::written;
use super::run::Run;
use super::subject::Subject;
use crate::azure::certificate::Certificate;
use crate::azure::graph::{Holder, KeyCredential, object};
use crate::catalogue::entra::{CERTIFICATE_EXPIRED, CERTIFICATE_INVALID};
use crate::finding::Finding;
use crate::plan::Credential;
use std::future::Future;
use time::OffsetDateTime;

/// Reads the certificate of the credential, where it has one. What is wrong with it ends the sign-in.
pub(super) async fn read(
    run: &Run<'_>,
    credential: Option<&Credential>,
    answered: impl Future<Output = ()>,
) -> Option<Certificate> {
    let Some(Credential::Certificate { certificate: given, .. }) = credential else { return None };
    run.journal.begin(Subject::SignIn);
    let certificate = match Certificate::read(given) {
        Ok(certificate) => certificate,
        Err(error) => {
            let finding = Finding::new(&CERTIFICATE_INVALID).fact("certificate", &*given.origin);
            run.journal.fail(Subject::SignIn, finding.fact("reason", error.to_string()));
            return None;
        }
    };
    let about = |failure| Finding::new(failure).fact("certificate", &*certificate.subject).fact("file", &*given.origin);
    let wrong = |now: OffsetDateTime| {
        if certificate.not_after <= now {
            let finding = about(&CERTIFICATE_EXPIRED).fact("ended", written(certificate.not_after));
            Some(finding.fact("thumbprint", certificate.thumbprint()))
        } else if certificate.not_before > now {
            let finding = about(&CERTIFICATE_INVALID).fact("reason", "its time has not begun");
            Some(finding.fact("begins", written(certificate.not_before)))
        } else {
            None
        }
    };
    if let Some(finding) = clock::is_so(run, answered, wrong).await {
        run.journal.fail(Subject::SignIn, finding);
    }
    Some(certificate)
}

/// Adds the certificate to a refusal that is about it: an administrator compares it with those that are registered.
pub(super) fn presented(run: &Run<'_>, certificate: &Certificate) {
    const OF_CERTIFICATE: [&str; 2] = ["certificate-invalid", "certificate-expired"];
    run.journal.amend(Subject::SignIn, |findings| {
        for finding in findings.iter_mut().filter(|finding| OF_CERTIFICATE.contains(&finding.failure.id)) {
            // "[Reason - The key was not found., Thumbprint of key used by client: …]".
            let is_unknown = finding.value("message").is_some_and(|message| message.contains("key was not found"));
            *finding = finding
                .clone()
                .fact("certificate", &*certificate.subject)
                .fact("thumbprint", certificate.thumbprint())
                .fact("listed-by", if is_unknown { NOBODY } else { "" });
        }
    });
}

/// Who lists no such certificate.
const NOBODY: &str = "neither the application nor its service principal";

/// Who lists a certificate, as Graph shows it.
pub(super) struct Listing {
    /// In words.
    pub(super) by: &'static str,
    /// The id under which the application lists it, which the command that removes it needs.
    pub(super) key_id: Option<String>,
}

/// Asks Graph who lists a certificate, where it may be asked.
pub(super) async fn listing(
    run: &Run<'_>,
    client: &str,
    certificate: &Certificate,
    asker: Option<&Issuer>,
) -> Option<Listing> {
    let graph = run.plan.cloud.graph;
    let token = asker?.token(run, graph).await.ok()?.value;
    let is_it =
        |key: &&KeyCredential| key.custom_key_identifier.as_deref().is_some_and(|id| certificate.is_named_by(id));
    let application = object(run.http, graph, &token, Holder::Application, client, true).await;
    if let Some(key) = application.iter().flat_map(|application| &application.key_credentials).find(is_it) {
        return Some(Listing { by: "the application", key_id: key.key_id.clone() });
    }
    // The application of another tenant is not to be seen, its service principal is.
    let principal = object(run.http, graph, &token, Holder::ServicePrincipal, client, true).await.ok()?;
    let by = match (principal.key_credentials.iter().any(|key| is_it(&key)), application) {
        (true, _) => "the service principal",
        (false, Ok(_)) => NOBODY,
        (false, Err(_)) => return None,
    };
    Some(Listing { by, key_id: None })
}
