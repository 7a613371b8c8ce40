//! The names of the simulated world: identifiers, hosts, clouds.

/// The tenant of the pipeline and its registry.
pub const TENANT: &str = "3a9f1c5e-7b24-4d0e-9c61-0f5b8d2e4a10";
/// Another tenant that knows nothing of the registry.
pub const OTHER_TENANT: &str = "b71d0e92-55c8-4f3a-8e17-6c2a9d40f3b5";
/// The application id of `ci-pusher`.
pub const CLIENT: &str = "8c1d2e3f-4a5b-4c6d-8e7f-9a0b1c2d3e4f";
/// The object id of the application `ci-pusher`.
pub const APPLICATION_OBJECT: &str = "0e6b7a51-2f1c-4d83-b9a4-7c58d1e0f263";
/// The object id of the service principal `ci-pusher`.
pub const PRINCIPAL: &str = "5d4c3b2a-1908-4f7e-a6d5-c4b3a2918070";
/// The value of the client secret of `ci-pusher`.
pub const SECRET: &str = "Xq38Q~simulated.client-secret_value0123456";
/// The id of that client secret, which people paste instead of its value.
pub const SECRET_ID: &str = "d2b1a0c9-8e7f-4a6b-9c5d-4e3f2a1b0c9d";
/// The application of another tenant.
pub const OTHER_CLIENT: &str = "f0e1d2c3-b4a5-4968-8776-a5b4c3d2e1f0";
/// The client secret of that application.
pub const OTHER_SECRET: &str = "Fab8Q~another-tenants.client_secret9876543";
/// The subscription of the registry.
pub const SUBSCRIPTION: &str = "a1b2c3d4-e5f6-4789-90ab-cdef01234567";
/// Another subscription of the same tenant.
pub const OTHER_SUBSCRIPTION: &str = "77e6d5c4-b3a2-4190-8f7e-6d5c4b3a2918";
/// The resource group of the registry.
pub const RESOURCE_GROUP: &str = "rg-registries";
/// The resource name of the registry.
pub const REGISTRY: &str = "contosoacr";
/// The resource id of the registry.
pub const REGISTRY_ID: &str = "/subscriptions/a1b2c3d4-e5f6-4789-90ab-cdef01234567/resourceGroups/rg-registries/providers/Microsoft.ContainerRegistry/registries/contosoacr";
/// The login server of the registry.
pub const LOGIN_SERVER: &str = "contosoacr.azurecr.io";
/// The host that a registry without dedicated data endpoints redirects downloads to.
pub const BLOB_HOST: &str = "weumanaged198.blob.core.windows.net";
/// The user name that stands for "the password is a token".
pub const ZERO_GUID: &str = "00000000-0000-0000-0000-000000000000";
/// The address that the firewall of a registry sees.
pub const RUNNER_ADDRESS: &str = "203.0.113.47";

/// GitHub's issuer of tokens.
pub const GITHUB_ISSUER: &str = "https://token.actions.githubusercontent.com";
/// The subject of the healthy world's GitHub job.
pub const GITHUB_SUBJECT: &str = "repo:contoso/shop:ref:refs/heads/main";
/// The audience that Entra ID expects of a federated token.
pub const FEDERATED_AUDIENCE: &str = "api://AzureADTokenExchange";
/// The host of the token service that a GitHub runner asks.
pub const GITHUB_HOST: &str = "pipelines.actions.githubusercontent.com";
/// Azure Pipelines' issuer of tokens, as new service connections have it.
pub const PIPELINES_ISSUER: &str = "https://login.microsoftonline.com/3a9f1c5e-7b24-4d0e-9c61-0f5b8d2e4a10/v2.0";
/// The subject of the healthy world's service connection.
pub const PIPELINES_SUBJECT: &str = "/eid1/c/pub/t/XhyfOiR7Dk2cYQ9bjS5KEA/a/SZH1vLLWQ0S4RHFb9bSsWw/sc/6b5a4938-2716-4f05-8e4d-3c2b1a09f8e7/c9d8e7f6-a5b4-4c3d-9e2f-1a0b9c8d7e6f";
/// The id of that service connection.
pub const SERVICE_CONNECTION: &str = "c9d8e7f6-a5b4-4c3d-9e2f-1a0b9c8d7e6f";
/// The host of Azure Pipelines.
pub const PIPELINES_HOST: &str = "dev.azure.com";

/// The audience of tokens for registries, the same in all clouds.
pub const REGISTRY_AUDIENCE: &str = "https://containerregistry.azure.net";

/// An Azure cloud: its hosts and audiences (azure-cli-core `cloud.py`).
#[derive(Debug, PartialEq, Eq)]
pub struct Cloud {
    /// Its name.
    pub name: &'static str,
    /// The hosts of Entra ID, the first being the usual one.
    pub entra: &'static [&'static str],
    /// The host of ARM.
    pub arm: &'static str,
    /// The audiences that ARM accepts, without a closing slash.
    pub arm_audiences: &'static [&'static str],
    /// The host of Graph.
    pub graph: &'static str,
    /// What follows a registry's name.
    pub registry_suffix: &'static str,
}

/// Azure's public cloud.
pub static PUBLIC_CLOUD: Cloud = Cloud {
    name: "AzureCloud",
    entra: &["login.microsoftonline.com", "login.windows.net", "login.microsoft.com"],
    arm: "management.azure.com",
    arm_audiences: &["https://management.azure.com", "https://management.core.windows.net"],
    graph: "graph.microsoft.com",
    registry_suffix: ".azurecr.io",
};

/// Azure operated by 21Vianet.
pub static CHINA_CLOUD: Cloud = Cloud {
    name: "AzureChinaCloud",
    entra: &["login.chinacloudapi.cn", "login.partner.microsoftonline.cn"],
    arm: "management.chinacloudapi.cn",
    arm_audiences: &["https://management.chinacloudapi.cn", "https://management.core.chinacloudapi.cn"],
    graph: "microsoftgraph.chinacloudapi.cn",
    registry_suffix: ".azurecr.cn",
};

/// Azure for the government of the United States.
pub static US_GOVERNMENT_CLOUD: Cloud = Cloud {
    name: "AzureUSGovernment",
    entra: &["login.microsoftonline.us", "login.usgovcloudapi.net"],
    arm: "management.usgovcloudapi.net",
    arm_audiences: &["https://management.usgovcloudapi.net", "https://management.core.usgovcloudapi.net"],
    graph: "graph.microsoft.us",
    registry_suffix: ".azurecr.us",
};

/// Bleu, France.
pub static BLEU_CLOUD: Cloud = Cloud {
    name: "AzureBleuCloud",
    entra: &["login.sovcloud-identity.fr"],
    arm: "management.sovcloud-api.fr",
    arm_audiences: &["https://management.sovcloud-api.fr"],
    graph: "graph.svc.sovcloud.fr",
    registry_suffix: ".azurecr.sovcloud-azure.fr",
};
