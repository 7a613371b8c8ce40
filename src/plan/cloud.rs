//! The Azure clouds: endpoints, audiences and login-server suffixes.

/// One Azure cloud (azure-cli-core `cloud.py`).
#[derive(Debug, PartialEq, Eq)]
pub struct Cloud {
    /// `AzureCloud`.
    pub name: &'static str,
    /// Other names that tools and SDKs give it, lower case.
    pub aliases: &'static [&'static str],
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
    aliases: &["azurepubliccloud", "azurepublic", "public"],
    registry_suffixes: &[".azurecr.io"],
    authority: "https://login.microsoftonline.com",
    arm: "https://management.azure.com",
    arm_audience: "https://management.core.windows.net/",
    graph: "https://graph.microsoft.com",
    federated_audience: "api://AzureADTokenExchange",
};

/// The cloud of the government of the United States.
pub static US_GOVERNMENT: Cloud = Cloud {
    name: "AzureUSGovernment",
    aliases: &["azureusgovernmentcloud", "azuregovernment", "usgovernment"],
    registry_suffixes: &[".azurecr.us"],
    authority: "https://login.microsoftonline.us",
    arm: "https://management.usgovcloudapi.net",
    arm_audience: "https://management.core.usgovcloudapi.net/",
    graph: "https://graph.microsoft.us",
    federated_audience: "api://AzureADTokenExchangeUSGov",
};

/// The cloud in China, run by 21Vianet.
pub static CHINA: Cloud = Cloud {
    name: "AzureChinaCloud",
    aliases: &["azurechina", "china"],
    registry_suffixes: &[".azurecr.cn"],
    authority: "https://login.chinacloudapi.cn",
    arm: "https://management.chinacloudapi.cn",
    arm_audience: "https://management.core.chinacloudapi.cn/",
    graph: "https://microsoftgraph.chinacloudapi.cn",
    federated_audience: "api://AzureADTokenExchangeChina",
};

/// The cloud in France, run by Bleu. No source names an audience of its own for federated tokens.
pub static BLEU: Cloud = Cloud {
    name: "AzureBleuCloud",
    aliases: &["azurebleu", "bleu"],
    registry_suffixes: &[".azurecr.sovcloud-azure.fr"],
    authority: "https://login.sovcloud-identity.fr",
    arm: "https://management.sovcloud-api.fr",
    arm_audience: "https://management.sovcloud-api.fr/",
    graph: "https://graph.svc.sovcloud.fr",
    federated_audience: "api://AzureADTokenExchange",
};

/// Every cloud whose endpoints are known.
pub static CLOUDS: &[&Cloud] = &[&PUBLIC, &US_GOVERNMENT, &CHINA, &BLEU];

/// Login-server suffixes of Microsoft's own list (Docker@2, `registryhostvalidation.js`) in clouds whose endpoints are
/// not published: such a registry is reached, but nobody can sign in without `AZURE_AUTHORITY_HOST`.
pub static SECLUDED_SUFFIXES: &[&str] = &[".azurecr.de", ".azurecr.eaglex.ic.gov", ".azurecr.microsoft.scloud"];

/// The registry's own audience, the same in all clouds.
pub const REGISTRY_AUDIENCE: &str = "https://containerregistry.azure.net";

impl Cloud {
    /// The suffix of its registries.
    pub fn registry_suffix(&self) -> &'static str {
        self.registry_suffixes[0]
    }

    /// The cloud of that name, whatever its letter case: `AzureCloud`, `azurecloud`, `AzurePublicCloud`.
    pub fn named(name: &str) -> Option<&'static Self> {
        let name = name.trim().to_ascii_lowercase();
        CLOUDS
            .iter()
            .copied()
            .find(|cloud| cloud.name.eq_ignore_ascii_case(&name) || cloud.aliases.contains(&name.as_str()))
    }

    /// The cloud that a login server belongs to. The ending decides and not the number of labels: a suffix can have four.
    pub fn of_host(host: &str) -> Option<&'static Self> {
        CLOUDS.iter().copied().find(|cloud| cloud.registry_suffixes.iter().any(|suffix| host.ends_with(suffix)))
    }
}

/// The registry suffix that a host name ends with.
pub(super) fn registry_suffix_of(host: &str) -> Option<&'static str> {
    let known = CLOUDS.iter().flat_map(|cloud| cloud.registry_suffixes).chain(SECLUDED_SUFFIXES);
    known.copied().find(|suffix| host.ends_with(suffix) || host == &suffix[1..])
}

#[cfg(test)]
mod tests {
    use super::{BLEU, CLOUDS, Cloud, PUBLIC, US_GOVERNMENT};

    #[test]
    fn names_are_understood_in_any_letter_case_and_by_their_aliases() {
        for name in ["AzureCloud", "azurecloud", "AZUREPUBLICCLOUD", " AzureCloud\n"] {
            assert_eq!(Cloud::named(name), Some(&PUBLIC), "{name}");
        }
        assert_eq!(Cloud::named("AzureUSGovernmentCloud"), Some(&US_GOVERNMENT));
        assert_eq!(Cloud::named("staging"), None);
    }

    #[test]
    fn the_ending_of_the_host_selects_the_cloud() {
        assert_eq!(Cloud::of_host("contosoacr.azurecr.sovcloud-azure.fr"), Some(&BLEU));
        assert_eq!(Cloud::of_host("contosoacr.westeurope.geo.azurecr.io"), Some(&PUBLIC));
        assert_eq!(Cloud::of_host("azurecr.io.example.com"), None);
    }

    #[test]
    fn endpoints_have_no_slash_at_their_end_and_suffixes_begin_with_a_dot() {
        for cloud in CLOUDS {
            for endpoint in [cloud.authority, cloud.arm, cloud.graph] {
                assert!(endpoint.starts_with("https://") && !endpoint.ends_with('/'), "{endpoint}");
            }
            assert!(cloud.registry_suffixes.iter().all(|suffix| suffix.starts_with('.')));
        }
    }
}
