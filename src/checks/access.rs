//! What the registry grants, and what depends on it: the way from a challenge to locks and manifests.

use super::conclude::Step;
use super::registry_sign_in::{self, Admitted};
use super::run::Run;
use super::scopes::{self, Held};
use super::several::several;
use super::sign_in::SignedIn;
use super::subject::Subject;
use super::{data_endpoint, images, locks, permissions};
use crate::azure::registry::challenge::Challenge;
use crate::azure::registry::token::Proof;
use crate::catalogue::access::{NO_PULL_PERMISSION, NO_PUSH_PERMISSION};
use crate::finding::{Access, Finding};
use crate::plan::Role;
use tokio::join;

/// Walks the registry's way as far as it leads, and tells whether the registry accepted the identity.
pub(super) async fn lane(run: &Run<'_>, challenge: Option<&Challenge>, signed_in: Option<&SignedIn>) -> bool {
    let (Some(challenge), Some(signed_in)) = (challenge, signed_in) else {
        let reason = if challenge.is_none() { "needs the registry's answer" } else { "needs a sign-in" };
        skip_from(run, Subject::RegistrySignIn, reason);
        return false;
    };
    let admitted = registry_sign_in::admit(run, challenge, signed_in).await;
    let held = match &admitted {
        Some(admitted) => grants(run, challenge, admitted).await,
        None => None,
    };
    doubt(run, signed_in, held.is_some());
    let Some(held) = held else {
        skip_from(run, Subject::Access, "needs a registry that accepts the identity");
        return false;
    };
    let (_, first) = join!(locks::check(run, &held), images::check(run, &held));
    data_endpoint::check(run, first).await;
    true
}

/// Says of the checks from here on why they are not made.
fn skip_from(run: &Run<'_>, first: Subject, reason: &str) {
    use Subject::{Access, DataEndpoint, Images, Locks, RegistrySignIn};
    for subject in [RegistrySignIn, Access, Images, Locks, DataEndpoint].into_iter().filter(|subject| *subject >= first)
    {
        run.journal.skip(subject, reason);
    }
}

/// Entra ID did not know a service principal in the tenant given; now the registry has decided.
fn doubt(run: &Run<'_>, signed_in: &SignedIn, accepted: bool) {
    match &signed_in.doubt {
        Some(doubt) if accepted => {
            let reason = format!("Entra ID said {}, but the registry accepts the identity", doubt.failure.id);
            run.journal.skip(Subject::SignIn, reason);
        }
        Some(doubt) => {
            run.journal.amend(Subject::RegistrySignIn, Vec::clear);
            run.journal.skip(Subject::RegistrySignIn, "needs a sign-in");
            run.journal.fail(Subject::SignIn, doubt.clone());
        }
        None => {}
    }
}

/// What is granted on each repository; nothing where the registry does not accept the identity.
async fn grants(run: &Run<'_>, challenge: &Challenge, admitted: &Admitted) -> Option<Vec<Held>> {
    let repositories = repositories(run);
    if repositories.is_empty() {
        if !registry_sign_in::prove(run, challenge, admitted).await {
            return None;
        }
        registry_wide(run, admitted);
        return Some(Vec::new());
    }
    let held = match admitted {
        Admitted::Access(token) => {
            if !registry_sign_in::prove(run, challenge, admitted).await {
                return None;
            }
            let nothing =
                |name: &String| Held { repository: name.clone(), token: token.value.clone(), actions: Vec::new() };
            repositories.iter().map(|name| scopes::held(token, name).unwrap_or_else(|| nothing(name))).collect()
        }
        Admitted::Proof { proof, .. } => {
            // Locks are read with `metadata_read`; a registry leaves out what it does not grant.
            let actions: &[&str] = match run.plan.role {
                Role::AcrPull => &["pull"],
                Role::AcrPush => &["pull", "push", "metadata_read"],
            };
            match scopes::tokens(run, challenge, proof, &repositories, actions).await {
                Ok(held) => held,
                Err(error) => {
                    run.failed(Subject::RegistrySignIn, Step::RegistryToken(proof), &error);
                    return None;
                }
            }
        }
    };
    run.journal.end(Subject::RegistrySignIn);
    judge(run, &repositories, &held);
    Some(held)
}

/// Each repository once, in the order given.
fn repositories(run: &Run<'_>) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for image in &run.plan.images {
        if !names.contains(&image.repository) {
            names.push(image.repository.clone());
        }
    }
    names
}

/// Compares what is granted with what is needed.
fn judge(run: &Run<'_>, repositories: &[String], held: &[Held]) {
    run.journal.begin(Subject::Access);
    let needed = run.plan.role.actions();
    let mut lacking: [Vec<&Held>; 2] = [Vec::new(), Vec::new()];
    for name in repositories {
        let Some(of_it) = held.iter().find(|held| held.repository == *name) else { continue };
        let granted = ["pull", "push"].iter().filter(|action| of_it.may(action));
        let granted = granted.map(|action| (*action).to_owned()).collect();
        let required = needed.iter().map(|action| (*action).to_owned()).collect();
        run.journal.grant(Access { repository: name.clone(), required, granted });
        match needed.iter().rev().find(|action| !of_it.may(action)) {
            // Whoever may not push needs AcrPush, which allows pulling too.
            Some(&"push") => lacking[1].push(of_it),
            Some(_) => lacking[0].push(of_it),
            None => {}
        }
    }
    for (failure, of_it) in [&NO_PULL_PERMISSION, &NO_PUSH_PERMISSION].into_iter().zip(&lacking) {
        if let Some(first) = of_it.first() {
            let granted = if first.actions.is_empty() { "nothing".to_owned() } else { first.actions.join(", ") };
            let others = several(of_it[1..].iter().map(|held| held.repository.as_str()));
            let finding = Finding::new(failure).fact("repository", &*first.repository).fact("granted", granted);
            run.journal.find(Subject::Access, finding.fact("also", others));
        }
    }
    let met = repositories.len() - lacking.iter().map(Vec::len).sum::<usize>();
    run.journal.note(Subject::Access, format!("{met} of {} repositories", repositories.len()));
    run.journal.end(Subject::Access);
}

/// Without images, the rights on the registry as a whole, as far as anything shows them.
fn registry_wide(run: &Run<'_>, admitted: &Admitted) {
    run.journal.begin(Subject::Access);
    let lacking = |granted: &[&str]| match run.plan.role.actions().iter().rev().find(|action| !granted.contains(action))
    {
        Some(&"push") => Some(&NO_PUSH_PERMISSION),
        Some(_) => Some(&NO_PULL_PERMISSION),
        None => None,
    };
    let unknown = |reason: &str| run.journal.skip(Subject::Access, reason);
    let granted = match admitted {
        Admitted::Proof { proof: Proof::Nothing, .. } => match run.plan.role {
            // Nobody pushes without a credential; what may be pulled was not asked.
            Role::AcrPush => return run.journal.fail(Subject::Access, Finding::new(&NO_PUSH_PERMISSION)),
            Role::AcrPull => return unknown("needs `images`: nobody else says what is open to everyone"),
        },
        Admitted::Proof { proof: Proof::Password { username, .. }, .. } => {
            let registry = run.plan.registry.as_ref().map_or("", |registry| registry.resource_name());
            if !registry.eq_ignore_ascii_case(username) {
                return unknown("needs `images`: a user's rights are known by repository alone");
            }
            // The admin user may do everything.
            vec!["pull", "push"]
        }
        Admitted::Access(_) => return unknown("needs `images`: an access token names repositories"),
        Admitted::Proof { proof: Proof::Refresh(_), .. } => {
            let Some(granted) = admitted.refresh_claims().and_then(permissions::actions) else {
                return unknown("needs `images`: the registry gives rights by repository, or does not show them");
            };
            granted
        }
    };
    if let Some(failure) = lacking(&granted) {
        let shown = if granted.is_empty() { "nothing".to_owned() } else { granted.join(", ") };
        run.journal.find(Subject::Access, Finding::new(failure).fact("granted", shown));
    } else {
        run.journal.note(Subject::Access, "on the registry as a whole");
    }
    run.journal.end(Subject::Access);
}
