//! Which values of a plan are secret.

use super::{AssertionSource, Credential, ManagedIdentityEndpoint, Plan};
use crate::secret::Secret;

impl Plan {
    /// Every secret of the plan, so that it can be struck out of words that come from outside.
    pub fn secrets(&self) -> impl Iterator<Item = &Secret> {
        let identities = self.credential.iter().chain(&self.reader).flat_map(Credential::secrets);
        let proxies = [&self.network.https_proxy, &self.network.http_proxy].into_iter().flatten();
        // A proxy without a password is an address, which messages show.
        identities.chain(proxies.filter(|proxy| proxy.expose().contains('@')))
    }
}

impl Credential {
    /// What proves this identity.
    pub fn secrets(&self) -> Vec<&Secret> {
        match self {
            Self::ClientSecret { secret, .. } => vec![secret],
            Self::Certificate { certificate, .. } => {
                [&certificate.base64].into_iter().chain(&certificate.password).collect()
            }
            Self::Federated { assertion, .. } => match assertion {
                AssertionSource::InHand { token, .. } => vec![token],
                AssertionSource::GitHub { request_token, .. } => vec![request_token],
                AssertionSource::AzurePipelines { access_token, .. } => vec![access_token],
                AssertionSource::Unavailable(_) => Vec::new(),
            },
            Self::ManagedIdentity { endpoint, .. } => match endpoint {
                ManagedIdentityEndpoint::AppService { header, .. } => vec![header],
                ManagedIdentityEndpoint::Imds(_) => Vec::new(),
            },
            Self::Password { password, .. } => vec![password],
            Self::Token { token } => vec![token],
            Self::DockerConfig | Self::Anonymous => Vec::new(),
        }
    }
}
