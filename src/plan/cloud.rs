//! The Azure clouds: endpoints, audiences and login-server suffixes.

/// One Azure cloud (azure-cli-core `cloud.py`).
#[derive(Debug, PartialEq, Eq)]
pub struct Cloud {
    /// `AzureCloud`.
    pub name: &'static str,
    /// Suffixes of login servers, each with a leading dot.
    pub registry_suffixes: &'static [&'static str],
    /// `https://login.microsoftonline.com`
    pub authority: &'static str,
    /// `https://management.azure.com`
    pub arm: &'static str,
    /// Audience of ARM tokens, `https://management.core.windows.net/`
    pub arm_audience: &'static str,
    /// `https://graph.microsoft.com`
    pub graph: &'static str,
    /// Audience of federated tokens, `api://AzureADTokenExchange`
    pub federated_audience: &'static str,
}

/// The public cloud.
pub static PUBLIC: Cloud = Cloud {
    name: "AzureCloud",
    registry_suffixes: &[".azurecr.io"],
    authority: "https://login.microsoftonline.com",
    arm: "https://management.azure.com",
    arm_audience: "https://management.core.windows.net/",
    graph: "https://graph.microsoft.com",
    federated_audience: "api://AzureADTokenExchange",
};

/// The registry's own audience, the same in all clouds.
pub const REGISTRY_AUDIENCE: &str = "https://containerregistry.azure.net";
