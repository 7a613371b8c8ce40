//! The check `docker-config`, and the login that docker would send.

use super::super::moment::written;
use super::super::subject::Subject;
use super::{HELPER_PATIENCE, Judgement, found, is_beside_the_job, passed, skipped, weight, within};
use crate::azure::claims::Claims;
use crate::catalogue::Severity;
use crate::catalogue::docker::{DOCKER_CREDENTIAL_HELPER, DOCKER_LOGIN_STALE, DOCKER_NOT_LOGGED_IN};
use crate::docker::credential_helper::HelperError;
use crate::docker::stored::{self, BrokenHelper, Found, Login, LoginSecret};
use crate::finding::{Check, Finding};
use crate::plan::names::LoginServer;
use crate::plan::{Credential, DockerWish, Plan, TOKEN_USER};
use std::future::Future;
use time::OffsetDateTime;
use tokio::time::Instant;

/// What docker keeps for the registry.
#[derive(Debug)]
pub struct StoredCredential {
    /// The check `docker-config`.
    pub check: Check,
    /// The identity of a run with `auth: docker-config`, where one is kept that can still be sent.
    pub credential: Option<Credential>,
}

/// Judges docker's configuration, and takes the identity of a run with `auth: docker-config` from it.
///
/// A helper is asked only where docker would ask it too. `right_time` is waited for where the local clock says that the
/// login has ended.
pub async fn stored_credential(plan: &Plan, right_time: impl Future<Output = OffsetDateTime>) -> StoredCredential {
    let began = Instant::now();
    let (judgement, credential) = judge(plan, right_time).await;
    StoredCredential { check: super::check(plan, Subject::DockerConfig, judgement, began.elapsed()), credential }
}

async fn judge(plan: &Plan, right_time: impl Future<Output = OffsetDateTime>) -> (Judgement, Option<Credential>) {
    let is_identity = matches!(plan.credential, Some(Credential::DockerConfig));
    if plan.docker == DockerWish::Skip && !is_identity {
        return (skipped("the input docker says skip"), None);
    }
    let Some(registry) = &plan.registry else {
        return (skipped("needs a usable registry name"), None);
    };
    let environment = &plan.docker_environment;
    let kept = stored::configuration(environment);
    let limit = within(HELPER_PATIENCE, plan);
    let login = match stored::login(environment, &kept.config, &registry.host, limit).await {
        Ok(login) => login,
        Err(broken) => return (broken_helper(plan, &kept, &broken, is_identity), None),
    };
    let ended = match &login {
        Some(login) if ended(login, plan.now).is_some() => ended(login, right_time.await),
        _ => None,
    };
    let can_be_sent = ended.is_none();
    let judgement = match (&login, ended) {
        (None, _) if is_identity => found(not_logged_in(plan, registry, &kept)),
        (None, _) => nothing_kept(plan, registry, &kept),
        (Some(login), Some(end)) => {
            let severity = if is_identity { Severity::Error } else { Severity::Warning };
            found(stale(login).fact("ended", end).severity(severity))
        }
        (Some(login), None) if matches!(plan.credential, Some(Credential::Anonymous)) => {
            found(stale(login).fact("asked-for", "an anonymous pull"))
        }
        (Some(login), None) => passed(format!("a login is kept in {}", login.keeper)),
    };
    let usable = login.filter(|_| is_identity && can_be_sent);
    (judgement, usable.map(identity))
}

/// The login as an identity of the run. A registry's own token is told by its claims, whoever is named beside it.
fn identity(login: Login) -> Credential {
    match login.secret {
        LoginSecret::IdentityToken(token) | LoginSecret::RegistryToken(token) => Credential::Token { token },
        LoginSecret::Password { username, password }
            if username == TOKEN_USER && Claims::decode(&password).is_some() =>
        {
            Credential::Token { token: password }
        }
        LoginSecret::Password { username, password } => Credential::Password { username, password, tenant: None },
    }
}

/// The end of a token that has passed; a password has none that can be read.
fn ended(login: &Login, now: OffsetDateTime) -> Option<String> {
    let end = Claims::decode(login.secret.secret())?.expires_on()?;
    (end <= now).then(|| written(end))
}

fn stale(login: &Login) -> Finding {
    Finding::new(&DOCKER_LOGIN_STALE).fact("kept-in", login.keeper.to_string())
}

fn not_logged_in(plan: &Plan, registry: &LoginServer, kept: &Found) -> Finding {
    let file = kept.file.as_ref().map(|file| file.display().to_string()).unwrap_or_default();
    let state = match (&kept.error, kept.exists) {
        (Some(error), _) => format!("{file}: {error}"),
        (None, true) => file,
        (None, false) => format!("{file}, which does not exist"),
    };
    let elsewhere = kept.config.misspelt_keys(&registry.host).join(", ");
    let unseen = "this process runs in a container, from which the docker configuration of the host cannot be seen";
    let in_container = is_beside_the_job(plan) && !kept.exists;
    Finding::new(&DOCKER_NOT_LOGGED_IN)
        .fact("config", state)
        .fact("kept-under-another-name", elsewhere)
        .fact("place", if in_container { unseen } else { "" })
}

fn nothing_kept(plan: &Plan, registry: &LoginServer, kept: &Found) -> Judgement {
    if let Some(error) = &kept.error {
        return skipped(format!("docker passes over its configuration: {error}"));
    }
    if !kept.exists && is_beside_the_job(plan) {
        return skipped("the docker configuration of the host cannot be seen from inside this container");
    }
    match kept.config.misspelt_keys(&registry.host).first() {
        Some(key) => passed(format!(
            "no login is kept for {}; one is kept for {key}, which docker takes for another host",
            registry.host
        )),
        None => passed(format!("no login is kept for {}", registry.host)),
    }
}

fn broken_helper(plan: &Plan, kept: &Found, broken: &BrokenHelper, is_identity: bool) -> Judgement {
    // A configuration mounted into a container names programs of the host.
    if is_beside_the_job(plan) && !is_identity && broken.error == HelperError::Missing {
        return skipped(format!(
            "docker-credential-{} of the host cannot be run from inside this container",
            broken.name
        ));
    }
    let file = kept.file.as_ref().map(|file| file.display().to_string()).unwrap_or_default();
    found(
        Finding::new(&DOCKER_CREDENTIAL_HELPER)
            .fact("helper", format!("docker-credential-{}", broken.name))
            .fact("reason", broken.error.to_string())
            .fact("config", if broken.is_configured { file.as_str() } else { "" })
            .severity(weight(plan, broken.is_configured || is_identity)),
    )
}
