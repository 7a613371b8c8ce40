//! The client certificate, before anything is sent.

use super::clock;
use super::issuer::Issuer;
use super::run::Run;
use super::subject::Subject;
use super::token_in_hand::written;
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

/// The id under which the application lists a certificate, which the command that removes it needs.
///
/// Asked only of a certificate that is to be replaced: Graph throttles the reading of keys for the whole tenant.
pub(super) async fn listed_key(
    run: &Run<'_>,
    client: &str,
    certificate: &Certificate,
    asker: Option<&Issuer>,
) -> Option<String> {
    let graph = run.plan.cloud.graph;
    let token = asker?.token(run, graph).await.ok()?.value;
    let application = object(run.http, graph, &token, Holder::Application, client, true).await.ok()?;
    let is_it =
        |key: &&KeyCredential| key.custom_key_identifier.as_deref().is_some_and(|id| certificate.is_named_by(id));
    application.key_credentials.iter().find(is_it)?.key_id.clone()
}
