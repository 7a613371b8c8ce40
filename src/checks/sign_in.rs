//! The identity signs in at Entra ID.

use super::certificate;
use super::conclude::{Step, lacks_resource};
use super::federation;
use super::issuer::Issuer;
use super::run::Run;
use super::subject::Subject;
use super::token_in_hand::{self, Kind, kind};
use crate::azure::call::CallError;
use crate::azure::certificate::Certificate;
use crate::azure::claims::Claims;
use crate::azure::entra::{EntraToken, Proof as EntraProof};
use crate::azure::registry::token::{AccessToken, Proof};
use crate::finding::Finding;
use crate::plan::cloud::REGISTRY_AUDIENCE;
use crate::plan::{Credential, ServicePrincipal, TOKEN_USER};
use crate::secret::Secret;
use std::future::Future;

/// An identity that is ready for the registry.
pub(super) struct SignedIn {
    /// What is shown to the registry.
    pub(super) shown: Shown,
    /// Who can get further tokens.
    pub(super) issuer: Option<Issuer>,
    /// What Entra ID said against it, where the registry shall decide.
    pub(super) doubt: Option<Finding>,
}

/// What is shown to the registry.
pub(super) enum Shown {
    /// A token of Entra ID, to be exchanged.
    Entra {
        token: EntraToken,
        /// It is one for Azure Resource Manager.
        arm_audience: bool,
    },
    /// A refresh token, user name and password, or nothing.
    Proof(Proof),
    /// An access token of the registry.
    Access(AccessToken),
}

impl SignedIn {
    /// An identity of the registry itself.
    pub(super) fn at_registry(shown: Shown) -> Self {
        Self { shown, issuer: None, doubt: None }
    }

    /// A refresh token of the registry is shown, however it was handed over.
    pub(super) fn is_token(&self) -> bool {
        matches!(self.shown, Shown::Proof(Proof::Refresh(_)))
    }
}

/// Signs in, as far as the credential is one of Entra ID. `answered` ends when a service has told the time.
pub(super) async fn sign_in(
    run: &Run<'_>,
    credential: Option<&Credential>,
    certificate: Option<&Certificate>,
    answered: impl Future<Output = ()>,
) -> Option<SignedIn> {
    let journal = run.journal;
    let Some(credential) = credential else {
        journal.skip(Subject::SignIn, "needs a usable credential");
        return None;
    };
    journal.begin(Subject::SignIn);
    match credential {
        Credential::ClientSecret { principal, secret } => {
            let proof = EntraProof::Secret(secret.clone());
            entra(run, Issuer::Principal(principal.clone(), proof), None).await
        }
        Credential::Certificate { principal, .. } => {
            // What is wrong with the certificate was said when it was read.
            if journal.is_done(Subject::SignIn) {
                return None;
            }
            let certificate = certificate?;
            let signed_in = entra(run, Issuer::certified(run, principal, certificate)?, None).await;
            if signed_in.is_none() {
                certificate::presented(run, certificate);
            }
            signed_in
        }
        Credential::Federated { principal, assertion } => match federation::assertion(run, assertion, answered).await {
            Ok(token) => {
                let issuer = Issuer::Principal(principal.clone(), EntraProof::Assertion(token.clone()));
                entra(run, issuer, Some(&token)).await
            }
            Err(finding) => {
                journal.fail(Subject::SignIn, finding);
                None
            }
        },
        Credential::ManagedIdentity { client, endpoint } => {
            entra(run, Issuer::Machine(endpoint.clone(), client.clone()), None).await
        }
        Credential::Password { username, password, tenant } => {
            password_of(run, username, password, tenant.as_deref(), answered).await
        }
        Credential::Token { token } => token_in_hand::recognise(run, token, answered).await,
        Credential::DockerConfig => {
            journal.skip(Subject::SignIn, "Docker's configuration holds no login for this registry");
            None
        }
        Credential::Anonymous => {
            journal.skip(Subject::SignIn, "an anonymous pull needs none");
            Some(SignedIn::at_registry(Shown::Proof(Proof::Nothing)))
        }
    }
}

/// Signs in at Entra ID for the registry's audience, or ARM's where the tenant does not know that.
async fn entra(run: &Run<'_>, issuer: Issuer, assertion: Option<&Secret>) -> Option<SignedIn> {
    match token(run, &issuer).await {
        Ok((token, arm_audience)) => {
            learn(run, &token);
            if arm_audience {
                run.journal
                    .note(Subject::SignIn, "with the audience of Azure Resource Manager; the tenant knows no other");
            }
            run.journal.end(Subject::SignIn);
            Some(SignedIn { shown: Shown::Entra { token, arm_audience }, issuer: Some(issuer), doubt: None })
        }
        Err(error) => {
            match (run.conclude(Subject::SignIn, issuer.step(), &error), assertion) {
                (Some(finding), Some(assertion)) => {
                    run.journal.fail(Subject::SignIn, federation::presented(finding, assertion));
                }
                (Some(finding), None) => run.journal.fail(Subject::SignIn, finding),
                (None, _) => run.cut_off(Subject::SignIn, &error),
            }
            None
        }
    }
}

/// A token for the registry, and whether it is one for ARM.
async fn token(run: &Run<'_>, issuer: &Issuer) -> Result<(EntraToken, bool), CallError> {
    match issuer.token(run, REGISTRY_AUDIENCE).await {
        Ok(token) => Ok((token, false)),
        Err(CallError::Service(refusal)) if lacks_resource(&refusal) => {
            Ok((issuer.token(run, run.plan.cloud.arm_audience).await?, true))
        }
        Err(error) => Err(error),
    }
}

/// What the token says of its holder: cures name it.
pub(super) fn learn(run: &Run<'_>, token: &EntraToken) {
    run.journal.know("client-id", token.claims.application().unwrap_or_default());
    run.journal.know("tenant-id", token.claims.tenant().unwrap_or_default());
    // Names of applications and of users, in this order.
    let names = ["app_displayname", "upn", "preferred_username", "unique_name"];
    if let Some(name) = names.iter().find_map(|name| token.claims.text(name)) {
        run.journal.name(name);
    }
    run.journal.know("object-id", token.claims.text("oid").unwrap_or_default());
}

/// A user name and password. A service principal's go to Entra ID first, which says why it refuses; the registry hides it.
async fn password_of(
    run: &Run<'_>,
    username: &str,
    password: &Secret,
    tenant: Option<&str>,
    answered: impl Future<Output = ()>,
) -> Option<SignedIn> {
    let is_token = || Claims::decode(password).is_some_and(|claims| kind(&claims, run.plan.cloud) == Kind::Refresh);
    if username == TOKEN_USER && is_token() {
        return token_in_hand::recognise(run, password, answered).await;
    }
    let shown = Shown::Proof(Proof::Password { username: username.to_owned(), password: password.clone() });
    let is_application = is_application(username);
    let Some(tenant) = tenant.filter(|_| is_application) else {
        let reason = match is_application {
            true => "needs the tenant of the service principal; the registry alone is asked",
            false => "the user name is one of the registry itself",
        };
        run.journal.skip(Subject::SignIn, reason);
        return Some(SignedIn::at_registry(shown));
    };
    let principal = ServicePrincipal { tenant: tenant.to_owned(), client: username.to_owned() };
    let issuer = Issuer::Principal(principal, EntraProof::Secret(password.clone()));
    match token(run, &issuer).await {
        Ok((token, _)) => {
            learn(run, &token);
            run.journal.end(Subject::SignIn);
            Some(SignedIn { shown, issuer: Some(issuer), doubt: None })
        }
        Err(error) => match run.conclude(Subject::SignIn, Step::Entra, &error) {
            // The tenant may be that of something else in the job: what counts is whether the registry accepts it.
            Some(doubt) if OF_ANOTHER_TENANT.contains(&doubt.failure.id) => {
                Some(SignedIn { shown, issuer: None, doubt: Some(doubt) })
            }
            Some(finding) => {
                run.journal.fail(Subject::SignIn, finding);
                None
            }
            None => {
                run.cut_off(Subject::SignIn, &error);
                None
            }
        },
    }
}

/// What Entra ID says where a service principal is looked for in a tenant that is not its own.
const OF_ANOTHER_TENANT: [&str; 3] = ["app-not-found", "tenant-not-found", "service-principal-missing"];

/// Whether a user name is the client id of an application.
pub(super) fn is_application(username: &str) -> bool {
    username != TOKEN_USER && Secret::new(username).is_guid()
}
