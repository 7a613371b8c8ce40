//! A token in hand: whose it is and what it is for shows in its claims.

use super::clock;
use super::moment::written;
use super::run::Run;
use super::sign_in::{Shown, SignedIn, learn};
use super::subject::Subject;
use crate::azure::claims::Claims;
use crate::azure::entra::EntraToken;
use crate::azure::registry::exchange::RefreshToken;
use crate::azure::registry::token::{AccessToken, Proof};
use crate::catalogue::inputs::INPUT_MALFORMED;
use crate::catalogue::registry::LOGIN_EXPIRED;
use crate::finding::Finding;
use crate::plan::cloud::{Cloud, REGISTRY_AUDIENCE};
use crate::secret::Secret;
use std::future::Future;

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A refresh token of a registry, as `az acr login --expose-token` gives it.
    Refresh,
    /// An access token of a registry.
    Access,
    /// An access token of Entra ID for registries.
    EntraForRegistry,
    /// An access token of Entra ID for Azure Resource Manager.
    EntraForArm,
    /// A token for something else.
    Other,
}

/// Tells what a token is.
pub(super) fn kind(claims: &Claims, cloud: &Cloud) -> Kind {
    match claims.text("grant_type") {
        Some("refresh_token") => return Kind::Refresh,
        Some("access_token") => return Kind::Access,
        _ if claims.access().is_some() => return Kind::Access,
        _ => {}
    }
    let audiences = claims.audiences();
    let is_for = |wanted: &str| audiences.iter().any(|audience| same(audience, wanted));
    if is_for(REGISTRY_AUDIENCE) {
        Kind::EntraForRegistry
    } else if is_for(cloud.arm_audience) || is_for(cloud.arm) {
        Kind::EntraForArm
    } else {
        Kind::Other
    }
}

/// Audiences are written with and without a slash at the end.
fn same(one: &str, other: &str) -> bool {
    one.trim_end_matches('/').eq_ignore_ascii_case(other.trim_end_matches('/'))
}

/// Takes a token in hand; one that has ended, or is for something else, is not sent anywhere.
pub(super) async fn recognise(run: &Run<'_>, token: &Secret, answered: impl Future<Output = ()>) -> Option<SignedIn> {
    let reject = |finding: Finding| {
        run.journal.fail(Subject::SignIn, finding);
        None
    };
    let malformed = |reason: &str| Finding::new(&INPUT_MALFORMED).fact("input", "token").fact("reason", reason);
    let Some(claims) = Claims::decode(token) else {
        return reject(malformed("it is no token that can be read (JSON Web Token)"));
    };
    let kind = kind(&claims, run.plan.cloud);
    if kind == Kind::Other {
        let finding = malformed("it is a token for something else than a registry");
        return reject(finding.fact("audience", claims.audiences().join(", ")));
    }
    if let Some(ended) = clock::is_so(run, answered, |now| claims.expires_on().filter(|end| *end <= now)).await {
        return reject(Finding::new(&LOGIN_EXPIRED).fact("token", words(kind)).fact("ended", written(ended)));
    }
    run.journal.know("client-id", claims.application().unwrap_or_default());
    run.journal.know("tenant-id", claims.tenant().unwrap_or_default());
    run.journal.note(Subject::SignIn, words(kind));
    run.journal.end(Subject::SignIn);
    let shown = match kind {
        Kind::Refresh => Shown::Proof(Proof::Refresh(RefreshToken { value: token.clone(), claims })),
        Kind::Access => Shown::Access(AccessToken { value: token.clone(), claims }),
        Kind::EntraForRegistry | Kind::EntraForArm | Kind::Other => {
            let token = EntraToken { value: token.clone(), claims };
            learn(run, &token);
            Shown::Entra { token, arm_audience: kind == Kind::EntraForArm }
        }
    };
    Some(SignedIn::at_registry(shown))
}

/// Says that a registry's token is for another registry, where it is.
pub(super) fn for_another_registry(claims: &Claims, ours: &[&str]) -> Option<Finding> {
    let audiences = claims.audiences();
    if audiences.is_empty()
        || audiences.iter().any(|audience| ours.iter().any(|host| host.eq_ignore_ascii_case(audience)))
    {
        return None;
    }
    let reason = format!("it was issued for {}", audiences.join(", "));
    Some(Finding::new(&INPUT_MALFORMED).fact("input", "token").fact("reason", reason))
}

fn words(kind: Kind) -> &'static str {
    match kind {
        Kind::Refresh => "a refresh token of the registry",
        Kind::Access => "an access token of the registry",
        Kind::EntraForRegistry => "an access token of Entra ID for registries",
        Kind::EntraForArm => "an access token of Entra ID for Azure Resource Manager",
        Kind::Other => "a token",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::cloud::PUBLIC;
    use base64::Engine as _;

    fn claims(json: &str) -> Claims {
        let segment = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(json);
        Claims::decode(&Secret::new(format!("e30.{segment}.c2ln"))).unwrap()
    }

    #[test]
    fn tokens_are_told_apart_by_their_claims() {
        for (json, expected) in [
            (r#"{"grant_type":"refresh_token","aud":"contosoacr.azurecr.io"}"#, Kind::Refresh),
            (r#"{"grant_type":"access_token","aud":"contosoacr.azurecr.io","access":[]}"#, Kind::Access),
            (r#"{"access":[]}"#, Kind::Access),
            (r#"{"aud":"https://containerregistry.azure.net"}"#, Kind::EntraForRegistry),
            (r#"{"aud":"https://containerregistry.azure.net/"}"#, Kind::EntraForRegistry),
            (r#"{"aud":"https://management.core.windows.net/"}"#, Kind::EntraForArm),
            (r#"{"aud":"https://management.azure.com"}"#, Kind::EntraForArm),
            (r#"{"aud":"https://graph.microsoft.com"}"#, Kind::Other),
            (r#"{"aud":7}"#, Kind::Other),
        ] {
            assert_eq!(kind(&claims(json), &PUBLIC), expected, "{json}");
        }
    }

    #[test]
    fn a_token_of_another_registry_is_named() {
        let other = claims(r#"{"aud":"fabrikam.azurecr.io"}"#);
        let finding = for_another_registry(&other, &["contosoacr.azurecr.io"]).unwrap();
        assert_eq!(finding.value("reason"), Some("it was issued for fabrikam.azurecr.io"));
        assert!(for_another_registry(&other, &["contosoacr.azurecr.io", "Fabrikam.azurecr.io"]).is_none());
        assert!(for_another_registry(&claims("{}"), &["contosoacr.azurecr.io"]).is_none());
    }
}
