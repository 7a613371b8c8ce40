//! The client certificate, before anything is sent.

use super::run::Run;
use super::subject::Subject;
use crate::azure::certificate::Certificate;
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
