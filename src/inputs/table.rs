//! The one table of inputs; the command line, the look-up in the environment, `action.yml` and the README follow it.

/// A value that a user may hand over, under one name everywhere.
///
/// `client-id` is the option `--client-id`, the action's input `client-id`, the variables `INPUT_CLIENT-ID`,
/// `INPUT_CLIENT_ID` and `ACR_PREFLIGHT_CLIENT_ID`, and last the platform's own `variables`.
#[derive(Debug, PartialEq, Eq)]
pub struct Input {
    /// Kebab-case name.
    pub name: &'static str,
    /// The heading under which the help and the README show it.
    pub group: Group,
    /// What stands for its value in the help; empty for a switch.
    pub value: &'static str,
    /// What it is, without a full stop.
    pub meaning: &'static str,
    /// The platform's own variables, the first that is given counts.
    pub variables: &'static [&'static str],
    /// What holds when it is not given; empty where nothing does.
    pub default: &'static str,
    /// It is a secret: never shown, and its option takes any text.
    pub secret: bool,
}

impl Input {
    /// It is on or off and takes no value as an option.
    pub fn is_switch(&self) -> bool {
        self.value.is_empty()
    }
}

/// The headings of the help.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    /// Registry, images, role.
    Wanted,
    /// Credentials.
    Identity,
    /// Thresholds of expiry.
    Life,
    /// Time, network, local Docker.
    Run,
    /// Forms and places of the output.
    Output,
    /// What the subcommands say on a command line.
    Action,
}

impl Group {
    /// The heading's text.
    pub fn heading(self) -> &'static str {
        match self {
            Self::Wanted => "What the job needs",
            Self::Identity => "Who signs in",
            Self::Life => "How long the credential must live",
            Self::Run => "How the run behaves",
            Self::Output => "What is written",
            Self::Action => "In an action, which has no subcommands",
        }
    }
}

/// Makes a `static` of each input and the list of all.
macro_rules! inputs {
    ($($name:ident { $($field:ident: $value:expr),+ $(,)? })+) => {
        $(
            #[doc = concat!("The input `", stringify!($name), "`.")]
            pub static $name: Input = Input { $($field: $value,)+ ..PLAIN };
        )+
        /// Every input, in the order of the help.
        pub static INPUTS: &[&Input] = &[$(&$name),+];
    };
}

const PLAIN: Input =
    Input { name: "", group: Group::Wanted, value: "", meaning: "", variables: &[], default: "", secret: false };

inputs! {
    REGISTRY {
        name: "registry",
        value: "NAME",
        meaning: "The registry: contosoacr, or its login server contosoacr.azurecr.io",
    }
    IMAGES {
        name: "images",
        value: "LIST",
        meaning: "Repositories or references to verify, one a line or comma separated: team/app, team/app:1.0, team/app@sha256:…",
    }
    IMAGES_FROM {
        name: "images-from",
        value: "PATH",
        meaning: "Also verify the images named in Kubernetes manifests, Compose files or Helm output: files or folders, one a line or comma separated, - for standard input",
    }
    ROLE {
        name: "role",
        value: "ROLE",
        meaning: "What the job does with the images: AcrPush (pull and push) or AcrPull, which images-from implies",
        default: "AcrPush",
    }
    PLATFORM {
        name: "platform",
        value: "OS/ARCH",
        meaning: "The platform that each image must have when it is pulled; linux/amd64 for images-from",
    }
    AUTH {
        name: "auth",
        group: Group::Identity,
        value: "KIND",
        meaning: "The credential to use: auto, client-secret, certificate, oidc, managed-identity, password, token, docker-config or anonymous",
        default: "auto",
    }
    CLIENT_ID {
        name: "client-id",
        group: Group::Identity,
        value: "GUID",
        meaning: "Application (client) id of the service principal or user-assigned managed identity",
        variables: &["AZURE_CLIENT_ID", "servicePrincipalId", "AZURESUBSCRIPTION_CLIENT_ID"],
    }
    TENANT_ID {
        name: "tenant-id",
        group: Group::Identity,
        value: "GUID",
        meaning: "Directory (tenant) id, or one of the tenant's domains",
        variables: &["AZURE_TENANT_ID", "tenantId", "AZURESUBSCRIPTION_TENANT_ID"],
    }
    CLIENT_SECRET {
        name: "client-secret",
        group: Group::Identity,
        value: "SECRET",
        meaning: "Client secret of the service principal: its value, not its id",
        variables: &["AZURE_CLIENT_SECRET", "servicePrincipalKey"],
        secret: true,
    }
    CREDS {
        name: "creds",
        group: Group::Identity,
        value: "JSON",
        meaning: "The JSON of azure/login: clientId, clientSecret, tenantId, subscriptionId",
        variables: &["AZURE_CREDENTIALS"],
        secret: true,
    }
    CLIENT_CERTIFICATE {
        name: "client-certificate",
        group: Group::Identity,
        value: "PATH|PEM",
        meaning: "Certificate and private key of the service principal: a PEM or PKCS#12 file, or the PEM text itself",
        variables: &["AZURE_CLIENT_CERTIFICATE_PATH"],
        secret: true,
    }
    CLIENT_CERTIFICATE_PASSWORD {
        name: "client-certificate-password",
        group: Group::Identity,
        value: "SECRET",
        meaning: "Password of the certificate's private key",
        variables: &["AZURE_CLIENT_CERTIFICATE_PASSWORD"],
        secret: true,
    }
    FEDERATED_TOKEN {
        name: "federated-token",
        group: Group::Identity,
        value: "JWT",
        meaning: "An OIDC token in hand; without one, the token services of GitHub and Azure Pipelines are asked",
        variables: &["AZURE_FEDERATED_TOKEN_FILE", "idToken"],
        secret: true,
    }
    USERNAME {
        name: "username",
        group: Group::Identity,
        value: "NAME",
        meaning: "User name as docker login takes it: admin user, repository-scoped token or service principal",
    }
    PASSWORD {
        name: "password",
        group: Group::Identity,
        value: "SECRET",
        meaning: "Password that belongs to the user name",
        secret: true,
    }
    TOKEN {
        name: "token",
        group: Group::Identity,
        value: "JWT",
        meaning: "A token in hand: from az acr login --expose-token, or an Entra access token",
        secret: true,
    }
    SUBSCRIPTION_ID {
        name: "subscription-id",
        group: Group::Identity,
        value: "GUID",
        meaning: "The subscription in which Azure Resource Manager is asked for the registry",
        variables: &["AZURE_SUBSCRIPTION_ID"],
    }
    CLOUD {
        name: "cloud",
        group: Group::Identity,
        value: "NAME",
        meaning: "AzureCloud, AzureUSGovernment, AzureChinaCloud or AzureBleuCloud; by default the one that the login server belongs to",
        variables: &["AZURE_CLOUD", "AZURE_ENVIRONMENT"],
    }
    SECRET_EXPIRES_ON {
        name: "secret-expires-on",
        group: Group::Life,
        value: "YYYY-MM-DD",
        meaning: "The end date of the client secret, where Microsoft Graph may not be read",
    }
    EXPIRY_WARNING_DAYS {
        name: "expiry-warning-days",
        group: Group::Life,
        value: "DAYS",
        meaning: "Warn when the credential ends within so many days",
        default: "30",
    }
    EXPIRY_ERROR_DAYS {
        name: "expiry-error-days",
        group: Group::Life,
        value: "DAYS",
        meaning: "Fail when the credential ends within so many days; 0 means only once it has ended",
        default: "0",
    }
    DOCKER {
        name: "docker",
        group: Group::Run,
        value: "WISH",
        meaning: "Whether the local Docker is checked: auto, require or skip",
        default: "auto",
    }
    FAIL_ON {
        name: "fail-on",
        group: Group::Run,
        value: "LEVEL",
        meaning: "What makes the run fail: error, warning or never",
        default: "error",
    }
    TIMEOUT {
        name: "timeout",
        group: Group::Run,
        value: "SECONDS",
        meaning: "The time for the whole run; what was not checked by then is reported as such",
        default: "60",
    }
    CA_CERTIFICATES {
        name: "ca-certificates",
        group: Group::Run,
        value: "PATH",
        meaning: "A PEM file or folder of extra root certificates, added to the built-in ones",
        variables: &["SSL_CERT_FILE", "SSL_CERT_DIR"],
    }
    FORMAT {
        name: "format",
        group: Group::Output,
        value: "FORMAT",
        meaning: "The form of standard output: auto (by the CI found), github, azure-pipelines, text, json, junit or sarif",
        default: "auto",
    }
    REPORT {
        name: "report",
        group: Group::Output,
        value: "FILE",
        meaning: "Also write the JSON report to this file",
    }
    VERBOSE {
        name: "verbose",
        group: Group::Output,
        meaning: "Show every check in detail and the requests made",
        default: "false",
    }
    QUIET {
        name: "quiet",
        group: Group::Output,
        meaning: "Show only what is wrong",
        default: "false",
    }
    MODE {
        name: "mode",
        group: Group::Action,
        value: "MODE",
        meaning: "check, or diagnose: name the failure in the log of a build that already failed",
        default: "check",
    }
    LOG {
        name: "log",
        group: Group::Action,
        value: "FILE",
        meaning: "The log that diagnose reads; - for standard input",
    }
}

#[cfg(test)]
mod tests {
    use super::INPUTS;
    use std::collections::BTreeSet;

    #[test]
    fn names_are_kebab_case_and_unique() {
        let names: BTreeSet<_> = INPUTS.iter().map(|input| input.name).collect();
        assert_eq!(names.len(), INPUTS.len());
        for name in names {
            assert!(name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'), "{name}");
        }
    }

    #[test]
    fn meanings_are_one_phrase_without_a_full_stop() {
        for input in INPUTS {
            assert!(!input.meaning.is_empty() && !input.meaning.ends_with('.'), "{}", input.name);
        }
    }
}
