//! A registry as ARM describes it.

use super::get_of_registry;
use crate::azure::call::CallError;
use crate::azure::transport::Http;
use crate::secret::Secret;
use serde::Deserialize;

/// A registry's resource, as far as it is read. Words are compared without regard to letter case: ARM mixes them.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Resource {
    /// `/subscriptions/…/registries/contosoacr`
    pub id: String,
    /// Its settings.
    pub properties: Properties,
}

/// A registry's settings.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Properties {
    /// `contosoacr.azurecr.io`
    pub login_server: Option<String>,
    /// Whether the admin user may sign in.
    pub admin_user_enabled: Option<bool>,
    /// `Enabled` or `Disabled`.
    pub public_network_access: Option<String>,
    /// Who may come over the public network.
    pub network_rule_set: Option<NetworkRuleSet>,
    /// `AbacRepositoryPermissions` or `LegacyRegistryPermissions`.
    pub role_assignment_mode: Option<String>,
    /// The hosts that data comes from, where they are dedicated.
    pub data_endpoint_host_names: Option<Vec<String>>,
    /// The policies that are read.
    pub policies: Option<Policies>,
}

/// The network rules of a registry.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct NetworkRuleSet {
    /// The addresses allowed.
    pub ip_rules: Option<Vec<IpRule>>,
}

/// An address range allowed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct IpRule {
    /// `203.0.113.0/24`
    pub value: String,
}

/// The policies of a registry.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Policies {
    /// Whether pushed images are held back until they are released.
    #[serde(rename = "quarantinePolicy")]
    pub quarantine: Option<Policy>,
}

/// One policy.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Policy {
    /// `enabled` or `disabled`.
    pub status: Option<String>,
}

impl Properties {
    /// The registry grants by repository and honours none of the older roles.
    pub fn is_abac(&self) -> bool {
        is(self.role_assignment_mode.as_deref(), "AbacRepositoryPermissions")
    }

    /// Nobody may come over the public network.
    pub fn public_access_is_disabled(&self) -> bool {
        is(self.public_network_access.as_deref(), "Disabled")
    }

    /// Pushed images are held back from others.
    pub fn quarantine_is_enabled(&self) -> bool {
        let policy = self.policies.as_ref().and_then(|policies| policies.quarantine.as_ref());
        is(policy.and_then(|policy| policy.status.as_deref()), "enabled")
    }
}

fn is(said: Option<&str>, word: &str) -> bool {
    said.is_some_and(|said| said.eq_ignore_ascii_case(word))
}

/// Reads the registry of a resource id.
pub async fn registry(http: &Http, arm: &str, token: &Secret, id: &str) -> Result<Resource, CallError> {
    get_of_registry(http, arm, token, id).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_read_whatever_their_letter_case() {
        let body = r#"{"id":"/x","properties":{"loginServer":"contosoacr.azurecr.io","publicNetworkAccess":"disabled",
            "networkRuleSet":{"defaultAction":"Deny","ipRules":[{"action":"Allow","value":"203.0.113.0/24"}]},
            "policies":{"quarantinePolicy":{"status":"Enabled"},"trustPolicy":{"status":"disabled"}},
            "roleAssignmentMode":"abacRepositoryPermissions","dataEndpointHostNames":null}}"#;
        let resource: Resource = serde_json::from_str(body).unwrap();
        let settings = resource.properties;
        assert!(settings.is_abac() && settings.public_access_is_disabled() && settings.quarantine_is_enabled());
    }

    #[test]
    fn what_an_older_api_does_not_say_is_not_assumed() {
        let settings = Properties::default();
        assert!(!settings.is_abac() && !settings.public_access_is_disabled() && !settings.quarantine_is_enabled());
    }
}
