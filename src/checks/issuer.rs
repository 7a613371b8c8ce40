//! Who asks Entra ID for tokens, and with what proof.

use super::conclude::Step;
use super::federation;
use super::run::Run;
use crate::azure::call::CallError;
use crate::azure::certificate::{Certificate, client_assertion};
use crate::azure::entra::{self, EntraToken, Proof};
use crate::azure::managed_identity;
use crate::plan::{Credential, ManagedIdentityEndpoint, ServicePrincipal};
use std::future::Future;

/// An identity that can ask for tokens of any audience.
pub(super) enum Issuer {
    /// A service principal asks Entra ID itself.
    Principal(ServicePrincipal, Proof),
    /// The machine asks for its managed identity.
    Machine(ManagedIdentityEndpoint, Option<String>),
}

impl Issuer {
    /// Asks for a token.
    pub(super) async fn token(&self, run: &Run<'_>, audience: &str) -> Result<EntraToken, CallError> {
        let token = match self {
            Self::Principal(principal, proof) => {
                entra::token(run.http, &run.plan.authority, principal, proof, audience).await?
            }
            Self::Machine(endpoint, client) => {
                managed_identity::token(run.http, endpoint, client.as_deref(), audience).await?
            }
        };
        run.journal.guard(&token.value);
        Ok(token)
    }

    /// Where on the way a refusal of this issuer is met.
    pub(super) fn step(&self) -> Step<'static> {
        match self {
            Self::Principal(..) => Step::Entra,
            Self::Machine(..) => Step::ManagedIdentity,
        }
    }

    /// A service principal that proves itself by its certificate.
    pub(super) fn certified(run: &Run<'_>, principal: &ServicePrincipal, certificate: &Certificate) -> Option<Self> {
        let endpoint = entra::token_endpoint(&run.plan.authority, &principal.tenant)?;
        // By the local clock, as every other client of the job signs its own.
        let assertion = client_assertion(certificate, endpoint.as_str(), &principal.client, run.plan.now);
        run.journal.guard(&assertion);
        Some(Self::Principal(principal.clone(), Proof::Assertion(assertion)))
    }
}

/// The second identity of the plan, which may read settings where the first one is no identity of Entra ID.
///
/// It explains and nothing more: where it cannot be had, nothing is said of it.
pub(super) async fn reader(run: &Run<'_>, answered: impl Future<Output = ()>) -> Option<Issuer> {
    match run.plan.reader.as_ref()? {
        Credential::ClientSecret { principal, secret } => {
            Some(Issuer::Principal(principal.clone(), Proof::Secret(secret.clone())))
        }
        Credential::Certificate { principal, certificate } => {
            Issuer::certified(run, principal, &Certificate::read(certificate).ok()?)
        }
        Credential::Federated { principal, assertion } => {
            let token = federation::assertion(run, assertion, answered).await.ok()?;
            Some(Issuer::Principal(principal.clone(), Proof::Assertion(token)))
        }
        Credential::ManagedIdentity { client, endpoint } => Some(Issuer::Machine(endpoint.clone(), client.clone())),
        Credential::Password { .. } | Credential::Token { .. } | Credential::DockerConfig | Credential::Anonymous => {
            None
        }
    }
}
