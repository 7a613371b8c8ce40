//! The client certificate, before anything is sent.

use super::issuer::Issuer;
use super::run::Run;
use super::subject::Subject;
use crate::azure::certificate::Certificate;
use crate::azure::graph::{Holder, KeyCredential, object};
use crate::catalogue::entra::{CERTIFICATE_EXPIRED, CERTIFICATE_INVALID};
use crate::finding::Finding;
use crate::plan::Credential;
use time::format_description::well_known::Rfc3339;

/// Reads the certificate of the credential, where it has one. What is wrong with it ends the sign-in.
pub(super) fn read(run: &Run<'_>, credential: Option<&Credential>) -> Option<Certificate> {
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
    let moment = |moment: time::OffsetDateTime| moment.format(&Rfc3339).unwrap_or_default();
    if certificate.not_after <= run.plan.now {
        let finding = about(&CERTIFICATE_EXPIRED).fact("ended", moment(certificate.not_after));
        run.journal.fail(Subject::SignIn, finding.fact("thumbprint", certificate.thumbprint()));
    } else if certificate.not_before > run.plan.now {
        let finding = about(&CERTIFICATE_INVALID).fact("reason", "its time has not begun");
        run.journal.fail(Subject::SignIn, finding.fact("begins", moment(certificate.not_before)));
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
