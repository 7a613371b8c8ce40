//! From the login server to the registry's resource, as far as the identity may see it.

use super::conclude::words;
use super::run::Run;
use super::subject::Subject;
use crate::azure::arm::find::{anywhere, in_subscription, subscription_of};
use crate::azure::arm::settings::Resource;
use crate::azure::call::{CallError, ServiceError};
use crate::catalogue::Severity;
use crate::catalogue::access::{NO_ARM_PERMISSION, REGISTRY_NOT_IN_SUBSCRIPTION};
use crate::finding::Finding;
use crate::plan::names::LoginServer;
use crate::secret::Secret;

/// What a look for the registry came to.
pub(super) enum Look {
    /// The resource with its settings.
    Whole(Box<Resource>),
    /// Its id alone.
    Id(String),
    /// Nothing, for this reason.
    Hidden(String),
    /// The subscription trusts another tenant than the one that issued the token.
    OtherTenant(Box<ServiceError>),
}

/// Looks in the subscription given, else everywhere.
pub(super) async fn look(run: &Run<'_>, token: &Secret, registry: &LoginServer) -> Look {
    let Some(subscription) = &run.plan.subscription_id else { return everywhere(run, token, registry).await };
    let elsewhere = match in_subscription(run.http, run.plan.cloud.arm, token, subscription, registry).await {
        Ok(Some(resource)) => return Look::Whole(Box::new(resource)),
        Ok(None) => everywhere(run, token, registry).await,
        Err(CallError::Service(refusal)) if is(&refusal, "InvalidAuthenticationTokenTenant") => {
            return Look::OtherTenant(refusal);
        }
        Err(CallError::Service(refusal)) if is(&refusal, "AuthorizationFailed") => {
            // Asked for in so many words, and refused; what is not asked for is passed over in silence.
            if run.plan.subscription_is_explicit {
                let finding = Finding::new(&NO_ARM_PERMISSION).severity(Severity::Notice).code("AuthorizationFailed");
                run.journal.find(Subject::Settings, finding.fact("message", refusal.message));
            }
            return Look::Hidden(format!("the identity may not read subscription {subscription}"));
        }
        Err(CallError::Service(refusal)) if is(&refusal, "SubscriptionNotFound") => {
            everywhere(run, token, registry).await
        }
        Err(error) => return Look::Hidden(words(&error)),
    };
    // A subscription of very many registries is not read to its end.
    let is_there = |id: &str| subscription_of(id).is_some_and(|found| found.eq_ignore_ascii_case(subscription));
    if let Look::Id(id) = &elsewhere
        && !is_there(id)
    {
        let finding = Finding::new(&REGISTRY_NOT_IN_SUBSCRIPTION)
            .fact("searched", subscription)
            .fact("subscription-id", subscription_of(id).unwrap_or_default());
        // A subscription of the environment may be that of something else in the job, which pulls and pushes all the same.
        let severity = if run.plan.subscription_is_explicit { Severity::Error } else { Severity::Notice };
        run.journal.find(Subject::Settings, finding.severity(severity));
    }
    elsewhere
}

async fn everywhere(run: &Run<'_>, token: &Secret, registry: &LoginServer) -> Look {
    match anywhere(run.http, run.plan.cloud.arm, token, registry).await {
        Ok(Some(id)) => Look::Id(id),
        Ok(None) => {
            Look::Hidden("the identity may not read the registry in Azure Resource Manager (role Reader)".into())
        }
        Err(error) => Look::Hidden(words(&error)),
    }
}

fn is(refusal: &ServiceError, code: &str) -> bool {
    refusal.codes.iter().any(|known| known == code)
}
