//! The registry accepts the identity: `/oauth2/exchange`, or whatever else proves itself there.

use super::conclude::Step;
use super::run::Run;
use super::sign_in::{Shown, SignedIn};
use super::subject::Subject;
use super::token_in_hand::for_another_registry;
use crate::azure::claims::Claims;
use crate::azure::registry::challenge::{self, Challenge};
use crate::azure::registry::exchange::exchange;
use crate::azure::registry::token::{AccessToken, CATALOG_SCOPE, Proof, access_token};

/// An identity that the registry has accepted, or is about to.
pub(super) enum Admitted {
    /// This is shown to the token endpoint.
    Proof {
        proof: Proof,
        /// The registry gave it in this run, so that its acceptance needs no further proof.
        fresh: bool,
    },
    /// An access token in hand.
    Access(AccessToken),
}

impl Admitted {
    /// The claims of the refresh token, where there is one.
    pub(super) fn refresh_claims(&self) -> Option<&Claims> {
        match self {
            Self::Proof { proof: Proof::Refresh(token), .. } => Some(&token.claims),
            Self::Proof { .. } | Self::Access(_) => None,
        }
    }
}

/// Shows the identity to the registry.
pub(super) async fn admit(run: &Run<'_>, challenge: &Challenge, signed_in: &SignedIn) -> Option<Admitted> {
    run.journal.begin(Subject::RegistrySignIn);
    let claims = match &signed_in.shown {
        Shown::Entra { token, arm_audience } => {
            return match exchange(run.http, challenge, token).await {
                Ok(refresh) => {
                    run.journal.guard(&refresh.value);
                    run.journal.end(Subject::RegistrySignIn);
                    Some(Admitted::Proof { proof: Proof::Refresh(refresh), fresh: true })
                }
                Err(error) => {
                    run.failed(Subject::RegistrySignIn, Step::Exchange { arm_audience: *arm_audience }, &error);
                    None
                }
            };
        }
        Shown::Proof(Proof::Refresh(token)) => Some(&token.claims),
        Shown::Access(token) => Some(&token.claims),
        Shown::Proof(Proof::Password { .. } | Proof::Nothing) => None,
    };
    let host = run.plan.registry.as_ref().map_or("", |registry| &registry.host);
    if let Some(finding) = claims.and_then(|claims| for_another_registry(claims, &[host, &challenge.service])) {
        // It is not sent: a token goes to the registry that issued it and nowhere else.
        run.journal.fail(Subject::RegistrySignIn, finding);
        return None;
    }
    Some(match &signed_in.shown {
        Shown::Access(token) => Admitted::Access(token.clone()),
        Shown::Proof(proof) => Admitted::Proof { proof: proof.clone(), fresh: false },
        Shown::Entra { .. } => return None,
    })
}

/// Proves that the registry accepts the identity, where no repository is named that would show it.
pub(super) async fn prove(run: &Run<'_>, challenge: &Challenge, admitted: &Admitted) -> bool {
    let (answer, step) = match admitted {
        Admitted::Proof { fresh: true, .. } => return true,
        Admitted::Proof { proof, .. } => {
            let asked = access_token(run.http, challenge, proof, &[CATALOG_SCOPE.to_owned()]).await;
            (asked.map(|token| run.journal.guard(&token.value)), Step::RegistryToken(proof))
        }
        Admitted::Access(token) => {
            let host = run.plan.registry.as_ref().map_or("", |registry| &registry.host);
            (challenge::accepts(run.http, host, &token.value).await, Step::AccessTokenInHand)
        }
    };
    match answer {
        Ok(()) => run.journal.end(Subject::RegistrySignIn),
        Err(ref error) => run.failed(Subject::RegistrySignIn, step, error),
    }
    answer.is_ok()
}
