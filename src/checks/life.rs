//! How long the credential lives.

use super::certificate::{Listing, listing};
use super::issuer::Issuer;
use super::moment::written;
use super::run::Run;
use super::settings::{Settings, View};
use super::sign_in::{Shown, SignedIn, is_application};
use super::subject::Subject;
use super::{secret_life, token_user};
use crate::azure::certificate::Certificate;
use crate::azure::claims::Claims;
use crate::azure::registry::token::Proof;
use crate::catalogue::Severity;
use crate::catalogue::expiry::{CERTIFICATE_EXPIRING, LOGIN_EXPIRING};
use crate::finding::{CredentialLife, ExpirySource, Finding};
use crate::plan::{Credential, Plan, TOKEN_USER};
use time::{Duration, OffsetDateTime};

/// On which side of its end a credential is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ends {
    /// Its end is near.
    Soon,
    /// Its end has passed.
    Over,
}

/// A build that begins now is expected to have ended by then.
const BUILD: Duration = Duration::minutes(30);

/// Judges an end by the thresholds of the plan; nothing while it is far away.
pub(super) fn weigh(plan: &Plan, now: OffsetDateTime, end: OffsetDateTime) -> Option<(Severity, Ends)> {
    let left = end - now;
    let ends = if left <= Duration::ZERO { Ends::Over } else { Ends::Soon };
    if left <= Duration::days(plan.expiry_error_days) {
        Some((Severity::Error, ends))
    } else if left <= Duration::days(plan.expiry_warning_days) {
        Some((Severity::Warning, ends))
    } else {
        None
    }
}

/// Looks for the end of what can be known without the registry's verdict.
pub(super) async fn lane(
    run: &Run<'_>,
    credential: Option<&Credential>,
    certificate: Option<&Certificate>,
    signed_in: Option<&SignedIn>,
    asker: Option<&Issuer>,
) {
    let skip = |reason: &str| run.journal.skip(Subject::CredentialLife, reason);
    match (credential, signed_in) {
        (None, _) => skip("needs a usable credential"),
        (Some(Credential::Certificate { principal, .. }), _) => match certificate {
            Some(certificate) => of_certificate(run, &principal.client, certificate, asker).await,
            None => skip("needs a usable certificate"),
        },
        (Some(Credential::Anonymous), _) => skip("an anonymous pull has no credential"),
        (Some(Credential::DockerConfig), _) => skip("needs a login in Docker's configuration"),
        (Some(Credential::ClientSecret { principal, secret }), Some(_)) => {
            secret_life::check(run, &principal.client, secret, asker).await;
        }
        (Some(Credential::Password { username, password, .. }), Some(SignedIn { issuer: Some(issuer), .. })) => {
            secret_life::check(run, username, password, Some(issuer)).await;
        }
        (Some(Credential::Password { .. }), Some(signed_in)) if signed_in.is_token() => of_token(run, signed_in),
        // The registry's own users wait for its verdict and its settings.
        (Some(Credential::Password { .. }), Some(_)) => {}
        (Some(Credential::Federated { .. } | Credential::ManagedIdentity { .. }), Some(_)) => {
            run.journal.begin(Subject::CredentialLife);
            run.journal.note(Subject::CredentialLife, "there is no secret that could expire");
            run.journal.end(Subject::CredentialLife);
        }
        (Some(Credential::Token { .. }), Some(signed_in)) => of_token(run, signed_in),
        (Some(_), None) => {
            if let Some(end) = run.plan.secret_expires_on {
                run.journal.live(CredentialLife { expires_on: Some(end), source: ExpirySource::Input });
            }
            skip("needs a sign-in");
        }
    }
}

/// The end of a password, once the registry has decided and its settings are known.
pub(super) fn of_password(run: &Run<'_>, credential: Option<&Credential>, accepted: bool, settings: Option<&Settings>) {
    let Some(Credential::Password { username, .. }) = credential else { return };
    if run.journal.is_done(Subject::CredentialLife) {
        return;
    }
    let skip = |reason: &str| run.journal.skip(Subject::CredentialLife, reason);
    let view = settings.map(|settings| &settings.view);
    match (is_application(username), token_user::name(run, credential), view) {
        _ if !accepted => skip("needs a registry that accepts the identity"),
        (true, ..) => {
            secret_life::without_graph(run, "Graph was not asked: the service principal's tenant is not known")
        }
        (false, Some(_), Some(View::Registry { user: Some(Ok(token)), .. })) => token_user::life(run, token),
        (false, Some(_), _) => match run.plan.secret_expires_on {
            Some(end) => token_user::life_by_input(run, end),
            None => skip("needs an identity that may read the token in Azure Resource Manager, or `secret-expires-on`"),
        },
        (false, None, _) if username == TOKEN_USER => skip("the password is no token that says when it ends"),
        (false, None, _) => {
            run.journal.begin(Subject::CredentialLife);
            run.journal.note(Subject::CredentialLife, "the admin user's passwords have no end");
            run.journal.end(Subject::CredentialLife);
        }
    }
}

/// Judges an end that the user gave.
pub(super) fn by_input(run: &Run<'_>, end: OffsetDateTime, finding: impl Fn(Ends) -> Finding) {
    run.journal.begin(Subject::CredentialLife);
    run.journal.live(CredentialLife { expires_on: Some(end), source: ExpirySource::Input });
    if let Some((severity, ends)) = weigh(run.plan, run.now(), end) {
        run.journal
            .find(Subject::CredentialLife, finding(ends).severity(severity).fact("known-from", "secret-expires-on"));
    }
    run.journal.note(Subject::CredentialLife, "by the input secret-expires-on");
    run.journal.end(Subject::CredentialLife);
}

async fn of_certificate(run: &Run<'_>, client: &str, certificate: &Certificate, asker: Option<&Issuer>) {
    run.journal.begin(Subject::CredentialLife);
    let end = certificate.not_after;
    run.journal.live(CredentialLife { expires_on: Some(end), source: ExpirySource::Certificate });
    match weigh(run.plan, run.now(), end) {
        Some((_, Ends::Over)) => {
            return run.journal.skip(Subject::CredentialLife, "needs a certificate that has not ended");
        }
        Some((severity, Ends::Soon)) => {
            let finding = Finding::new(&CERTIFICATE_EXPIRING)
                .severity(severity)
                .fact("certificate", &*certificate.subject)
                .fact("thumbprint", certificate.thumbprint())
                .fact("ends", written(end));
            run.journal.find(Subject::CredentialLife, finding);
        }
        None => {}
    }
    // Written down before Graph is asked, whose silence shall not take it away.
    run.journal.end(Subject::CredentialLife);
    if let Some(Listing { by, key_id }) = listing(run, client, certificate, asker).await {
        run.journal.note(Subject::CredentialLife, format!("listed by {by}"));
        let key_id = key_id.unwrap_or_default();
        run.journal.amend(Subject::CredentialLife, |findings| {
            *findings =
                findings.drain(..).map(|finding| finding.fact("listed-by", by).fact("key-id", &*key_id)).collect();
        });
    }
}

fn of_token(run: &Run<'_>, signed_in: &SignedIn) {
    let claims: &Claims = match &signed_in.shown {
        Shown::Entra { token, .. } => &token.claims,
        Shown::Access(token) => &token.claims,
        Shown::Proof(Proof::Refresh(token)) => &token.claims,
        Shown::Proof(Proof::Password { .. } | Proof::Nothing) => return,
    };
    let Some(end) = claims.expires_on() else {
        return run.journal.skip(Subject::CredentialLife, "the token does not say when it ends");
    };
    run.journal.begin(Subject::CredentialLife);
    run.journal.live(CredentialLife { expires_on: Some(end), source: ExpirySource::Token });
    let left = end - run.now();
    if left <= BUILD {
        let left = match left.whole_minutes() {
            1 => "1 minute".to_owned(),
            minutes => format!("{minutes} minutes"),
        };
        let finding = Finding::new(&LOGIN_EXPIRING).fact("ends", written(end)).fact("left", left);
        run.journal.find(Subject::CredentialLife, finding);
    }
    run.journal.end(Subject::CredentialLife);
}
