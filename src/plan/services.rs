//! The token services that the machine or the CI offers.

use super::endpoints::{Plain, endpoint, origin};
use super::reasons::likely_reason;
use super::{AssertionSource, CiSystem, ManagedIdentityEndpoint};
use crate::catalogue::entra::FEDERATED_TOKEN_UNAVAILABLE;
use crate::catalogue::inputs::INPUT_MALFORMED;
use crate::finding::Finding;
use crate::inputs::Inputs;
use crate::inputs::surroundings::Services;
use crate::inputs::table;

/// GitHub's token service, which a job with `id-token: write` can ask.
pub(super) fn github(services: &Services) -> Option<AssertionSource> {
    let (url, token) = (services.github_token_url.as_deref()?, services.github_token.clone()?);
    Some(match endpoint(url, Plain::Loopback) {
        Ok(request_url) => AssertionSource::GitHub { request_url, request_token: token },
        Err(reason) => AssertionSource::Unavailable(unusable("ACTIONS_ID_TOKEN_REQUEST_URL", reason)),
    })
}

/// The token service of Azure Pipelines, for the service connection that the task runs with.
pub(super) fn pipelines(services: &Services) -> Option<AssertionSource> {
    let url = services.pipelines_token_url.as_deref()?;
    let (token, connection) = (services.pipelines_token.clone()?, services.service_connection.clone()?);
    Some(match endpoint(url, Plain::Loopback) {
        Ok(request_url) => {
            AssertionSource::AzurePipelines { request_url, access_token: token, service_connection: connection }
        }
        Err(reason) => AssertionSource::Unavailable(unusable("SYSTEM_OIDCREQUESTURI", reason)),
    })
}

/// Why no token service can be asked.
pub(super) fn unavailable(inputs: &Inputs) -> AssertionSource {
    let services = &inputs.services;
    let reason = match inputs.ci.system {
        CiSystem::GitHub => "the job has no permission id-token: write, so GitHub offers it no token service",
        CiSystem::AzurePipelines if services.pipelines_token.is_none() => {
            "SYSTEM_ACCESSTOKEN is not handed to the step (env: SYSTEM_ACCESSTOKEN: $(System.AccessToken))"
        }
        CiSystem::AzurePipelines => {
            "the step does not run with a service connection that uses workload identity federation"
        }
        CiSystem::GitLab => "no id_tokens entry hands a token to federated-token",
        CiSystem::Other => {
            "neither a secret, a certificate nor a token was given, and no token service is offered here"
        }
    };
    let mut finding = Finding::new(&FEDERATED_TOKEN_UNAVAILABLE).fact("reason", reason);
    if inputs.ci.fork_pull_request || inputs.ci.dependabot {
        finding = finding.fact("likely-reason", likely_reason(&inputs.ci));
    }
    if inputs.get(&table::CLIENT_SECRET).is_none() {
        finding = finding.fact("client-secret", "not given either");
    }
    AssertionSource::Unavailable(Box::new(finding))
}

/// The service that answers for the machine's identity; the metadata address of virtual machines by default.
pub(super) fn managed_identity(services: &Services) -> Result<ManagedIdentityEndpoint, Box<Finding>> {
    if let (Some(url), Some(header)) = (&services.identity_endpoint, &services.identity_header) {
        let url = endpoint(url, Plain::LinkLocal).map_err(|reason| unusable("IDENTITY_ENDPOINT", reason))?;
        return Ok(ManagedIdentityEndpoint::AppService { url, header: header.clone() });
    }
    match services.instance_metadata.as_deref() {
        None | Some(METADATA) => Ok(ManagedIdentityEndpoint::Imds(METADATA.to_owned())),
        Some(url) => origin(url, Plain::Loopback)
            .map(ManagedIdentityEndpoint::Imds)
            .map_err(|reason| unusable("AZURE_POD_IDENTITY_AUTHORITY_HOST", reason)),
    }
}

const METADATA: &str = "http://169.254.169.254";

/// An endpoint in the environment to which nothing is sent.
pub(super) fn unusable(variable: &'static str, reason: &str) -> Box<Finding> {
    Box::new(Finding::new(&INPUT_MALFORMED).fact("input", variable).fact("reason", reason))
}
