//! A repository-scoped token as Azure Resource Manager shows it: whether it is enabled, and when its passwords end.

use super::life::{Ends, weigh};
use super::moment::written;
use super::run::Run;
use super::sign_in::is_application;
use super::subject::Subject;
use crate::azure::arm::tokens::{self, ScopedToken, TokenPassword};
use crate::azure::call::CallError;
use crate::catalogue::expiry::TOKEN_PASSWORD_EXPIRING;
use crate::catalogue::registry::{TOKEN_DISABLED, TOKEN_PASSWORD_EXPIRED, WRONG_USERNAME};
use crate::finding::{CredentialLife, ExpirySource, Finding};
use crate::plan::{Credential, TOKEN_USER};
use crate::secret::Secret;
use time::OffsetDateTime;

/// The user name, where it is that of a repository-scoped token: no service principal's, not the admin user's.
pub(super) fn name<'a>(run: &Run<'_>, credential: Option<&'a Credential>) -> Option<&'a str> {
    let Some(Credential::Password { username, .. }) = credential else { return None };
    let registry = run.plan.registry.as_ref()?.resource_name();
    let is_token = !is_application(username) && username != TOKEN_USER && !registry.eq_ignore_ascii_case(username);
    is_token.then_some(username)
}

/// Reads the token that signs in.
pub(super) async fn read(
    run: &Run<'_>,
    credential: Option<&Credential>,
    token: &Secret,
    registry: &str,
) -> Option<Result<ScopedToken, CallError>> {
    let name = name(run, credential)?;
    Some(tokens::token(run.http, run.plan.cloud.arm, token, registry, name).await)
}

/// Why the registry refuses the token's password, as far as its settings show it.
pub(super) fn refusal(token: &Result<ScopedToken, CallError>, now: OffsetDateTime) -> Option<Finding> {
    let token = match token {
        Ok(token) => token,
        Err(CallError::Service(refusal)) if refusal.status == 404 => {
            return Some(Finding::new(&WRONG_USERNAME).fact("reason", "the registry has no token of this name"));
        }
        Err(_) => return None,
    };
    if token.is_disabled() {
        return Some(Finding::new(&TOKEN_DISABLED));
    }
    let ended: Vec<&TokenPassword> = token.passwords().iter().filter(|password| has_ended(password, now)).collect();
    let first = ended.first()?;
    // While another password lives, the one given may be an old value of that.
    (ended.len() == token.passwords().len()).then(|| {
        let finding = Finding::new(&TOKEN_PASSWORD_EXPIRED).fact("password", &*first.name);
        finding.fact("ended", first.expiry.map(written).unwrap_or_default())
    })
}

fn has_ended(password: &TokenPassword, now: OffsetDateTime) -> bool {
    password.expiry.is_some_and(|end| end <= now)
}

/// How long the token's password lives. Which of two it is nobody says: the one that ends first is taken.
pub(super) fn life(run: &Run<'_>, token: &ScopedToken) {
    run.journal.begin(Subject::CredentialLife);
    let now = run.now();
    let living = token.passwords().iter().filter(|password| !has_ended(password, now));
    let next = living.filter_map(|password| Some((password, password.expiry?))).min_by_key(|(_, end)| *end);
    run.journal.live(CredentialLife { expires_on: next.map(|(_, end)| end), source: ExpirySource::Arm });
    match next {
        Some((password, end)) => {
            if let Some((severity, _)) = weigh(run.plan, now, end) {
                let finding = Finding::new(&TOKEN_PASSWORD_EXPIRING).severity(severity);
                let finding = finding.fact("password", &*password.name).fact("ends", written(end));
                run.journal.find(Subject::CredentialLife, finding);
            }
        }
        None => run.journal.note(Subject::CredentialLife, "the token's passwords have no end"),
    }
    run.journal.end(Subject::CredentialLife);
}

/// The end of the password as the user knows it.
pub(super) fn life_by_input(run: &Run<'_>, end: OffsetDateTime) {
    let finding = |ends| match ends {
        Ends::Over => Finding::new(&TOKEN_PASSWORD_EXPIRED).fact("ended", written(end)),
        Ends::Soon => Finding::new(&TOKEN_PASSWORD_EXPIRING).fact("ends", written(end)),
    };
    super::life::by_input(run, end, finding);
}
