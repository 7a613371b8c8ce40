//! The registry as Azure Resource Manager describes it. It explains, and is never required: an identity with AcrPush
//! alone may not read it.

use super::conclude::words;
use super::issuer::Issuer;
use super::resource::{Look, look};
use super::run::Run;
use super::sign_in::{Shown, SignedIn};
use super::subject::Subject;
use super::token_user;
use crate::azure::arm;
use crate::azure::arm::settings::Resource;
use crate::azure::arm::tokens::ScopedToken;
use crate::azure::arm::usage::{Usage, usages};
use crate::azure::call::{CallError, ServiceError};
use crate::azure::entra::EntraToken;
use crate::catalogue::network::QUOTA_EXCEEDED;
use crate::finding::Finding;
use crate::plan::{Credential, Role};
use tokio::join;

/// What Azure Resource Manager told.
pub(super) struct Settings {
    /// The token that it accepts.
    pub(super) token: EntraToken,
    /// How much it showed.
    pub(super) view: View,
}

/// How much of the registry it showed.
pub(super) enum View {
    /// The registry's resource.
    Registry {
        resource: Box<Resource>,
        /// The repository-scoped token that signs in, where it is one.
        user: Option<Result<ScopedToken, CallError>>,
    },
    /// The subscription trusts another tenant than the one that issued the token.
    OtherTenant(Box<ServiceError>),
}

/// Looks for the registry and reads its settings.
pub(super) async fn lane(
    run: &Run<'_>,
    credential: Option<&Credential>,
    signed_in: Option<&SignedIn>,
    asker: Option<&Issuer>,
) -> Option<Settings> {
    let settings = ask(run, credential, signed_in, asker).await;
    match &settings {
        Ok(Settings { view: View::Registry { .. }, .. }) => {
            run.journal.note(Subject::Settings, "read in Azure Resource Manager");
            run.journal.end(Subject::Settings);
        }
        Ok(_) => run.journal.skip(Subject::Settings, "the subscription trusts another tenant than the identity's"),
        Err(reason) => run.journal.skip(Subject::Settings, &**reason),
    }
    settings.ok()
}

async fn ask(
    run: &Run<'_>,
    credential: Option<&Credential>,
    signed_in: Option<&SignedIn>,
    asker: Option<&Issuer>,
) -> Result<Settings, String> {
    let registry = run.plan.registry.as_ref().ok_or("needs a usable registry name")?;
    run.journal.begin(Subject::Settings);
    let token = match (signed_in.map(|signed_in| &signed_in.shown), asker) {
        (Some(Shown::Entra { token, arm_audience: true }), _) => token.clone(),
        (_, Some(asker)) => {
            let asked = asker.token(run, run.plan.cloud.arm_audience).await;
            asked.map_err(|error| format!("needs a token for Azure Resource Manager: {}", words(&error)))?
        }
        (None, None) => return Err("needs a sign-in".into()),
        (Some(_), None) => return Err("needs an identity of Entra ID that may read the registry".into()),
    };
    let found = match look(run, &token.value, registry).await {
        Look::OtherTenant(refusal) => return Ok(Settings { token, view: View::OtherTenant(refusal) }),
        Look::Hidden(reason) => return Err(reason),
        Look::Whole(resource) => (resource.id.clone(), Some(resource)),
        Look::Id(id) => (id, None),
    };
    let (id, whole) = found;
    run.journal.know("registry-id", &id);
    let (resource, usages, user) = join!(
        async {
            match whole {
                Some(resource) => Ok(resource),
                None => arm::settings::registry(run.http, run.plan.cloud.arm, &token.value, &id).await.map(Box::new),
            }
        },
        async {
            match run.plan.role {
                Role::AcrPush => usages(run.http, run.plan.cloud.arm, &token.value, &id).await.unwrap_or_default(),
                Role::AcrPull => Vec::new(),
            }
        },
        token_user::read(run, credential, &token.value, &id),
    );
    full(run, &usages);
    let resource = resource.map_err(|error| words(&error))?;
    Ok(Settings { token, view: View::Registry { resource, user } })
}

/// A registry whose storage is full takes no push.
fn full(run: &Run<'_>, usages: &[Usage]) {
    let full = usages
        .iter()
        .find(|usage| usage.name.eq_ignore_ascii_case("size") && usage.limit > 0 && usage.current_value >= usage.limit);
    if let Some(usage) = full {
        let used = format!("{} of {} {}", usage.current_value, usage.limit, usage.unit.to_lowercase());
        run.journal.find(Subject::Settings, Finding::new(&QUOTA_EXCEEDED).fact("storage", used));
    }
}
