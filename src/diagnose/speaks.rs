//! Of whom a text speaks: an Azure registry, Entra ID, Azure Resource Manager, or somebody else.

use super::hosts::{bare_host, host_at, host_of_url, looks_like_host};
use aho_corasick::{AhoCorasick, AhoCorasickKind};
use log_text::addresses;
use std::sync::LazyLock;

/// Whose a host is, or what a word points to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Owner {
    /// An Azure registry.
    Registry,
    /// An image under a name that the CI system masked: an Azure registry's, or a user's of Docker Hub.
    Masked,
    /// Entra ID or another service that signs in to Azure.
    Entra,
    /// Azure Resource Manager.
    Arm,
    /// A storage or data host, which may hold a registry's layers.
    Data,
    /// Docker Hub.
    DockerHub,
    /// Another registry.
    OtherRegistry,
    /// Anything else with a host name.
    Other,
}

/// A place in a text that points to somebody.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mark {
    pub(super) place: usize,
    pub(super) owner: Owner,
    /// A host name, and not only a word.
    pub(super) is_host: bool,
}

/// Words that point to somebody without being a host.
const WORDS: &[(&str, Owner)] = &[
    ("aka.ms/acr", Owner::Registry),
    ("az acr ", Owner::Registry),
    ("azure container registr", Owner::Registry),
    ("azure containerregistry", Owner::Registry),
    ("microsoft.containerregistry", Owner::Registry),
    ("azurecontainerregistry", Owner::Registry),
    ("acb_step", Owner::Registry),
    ("--attach-acr ", Owner::Registry),
    ("aad authorization tokens", Owner::Registry),
    ("from exchange request", Owner::Registry),
    ("acr token exchange", Owner::Registry),
    ("oauth2/exchange", Owner::Registry),
    ("registry '***'", Owner::Registry),
    (" ***v2/", Owner::Registry),
    ("aadsts", Owner::Entra),
    ("az login", Owner::Entra),
    ("azure/login", Owner::Entra),
    ("azure login", Owner::Entra),
    ("azure cli", Owner::Entra),
    ("azurecli", Owner::Entra),
    ("azure-cli", Owner::Entra),
    ("azure/cli/", Owner::Entra),
    ("cli\\lib\\site-packages", Owner::Entra),
    ("connect-azaccount", Owner::Entra),
    ("login-azurermaccount", Owner::Entra),
    ("microsoft.identity.client", Owner::Entra),
    ("azure.identity", Owner::Entra),
    ("@azure/identity", Owner::Entra),
    ("azure_identity", Owner::Entra),
    ("azure/identity", Owner::Entra),
    ("azure\\identity", Owner::Entra),
    ("microsoft.identity.web", Owner::Entra),
    ("microsoft.identitymodel", Owner::Entra),
    ("clientcertificatecredential", Owner::Entra),
    ("certificatecredential", Owner::Entra),
    ("confidentialclientapplication", Owner::Entra),
    ("client_certificate_path", Owner::Entra),
    ("azure_client_certificate", Owner::Entra),
    ("com.microsoft.aad", Owner::Entra),
    ("com.azure.identity", Owner::Entra),
    ("go-autorest", Owner::Entra),
    ("idw10", Owner::Entra),
    ("azidentity", Owner::Entra),
    ("azurerm", Owner::Entra),
    ("msal", Owner::Entra),
    ("msrestazure", Owner::Entra),
    ("adal", Owner::Entra),
    ("clientsecretcredential", Owner::Entra),
    ("managedidentitycredential", Owner::Entra),
    ("defaultazurecredential", Owner::Entra),
    ("workloadidentitycredential", Owner::Entra),
    ("environmentcredential", Owner::Entra),
    ("azureclicredential", Owner::Entra),
    ("azurepowershellcredential", Owner::Entra),
    ("azuredeveloperclicredential", Owner::Entra),
    ("service principal", Owner::Entra),
    ("azure active directory", Owner::Entra),
    ("access token for azure", Owner::Entra),
    ("docker hub", Owner::DockerHub),
    ("dockerhub", Owner::DockerHub),
    ("your unauthenticated pull rate limit", Owner::DockerHub),
    ("your pull rate limit", Owner::DockerHub),
    ("harbor", Owner::OtherRegistry),
    ("artifactory", Owner::OtherRegistry),
    ("nexus", Owner::OtherRegistry),
    ("key vault", Owner::Other),
    ("keyvault", Owner::Other),
    ("sqlcmd", Owner::Other),
    ("sql server", Owner::Other),
    ("sqlstate", Owner::Other),
    ("sqlclient", Owner::Other),
    ("sqlalchemy", Owner::Other),
    ("psycopg", Owner::Other),
    ("npgsql", Owner::Other),
    ("jdbc", Owner::Other),
    ("stackexchange.redis", Owner::Other),
    ("redis.exceptions", Owner::Other),
    ("pymongo", Owner::Other),
    ("mongonetworkerror", Owner::Other),
    ("mongoservererror", Owner::Other),
    ("amqp", Owner::Other),
    ("smtp", Owner::Other),
    ("npm error", Owner::Other),
    ("kubectl", Owner::Other),
    ("npm err", Owner::Other),
    ("fatal: ", Owner::Other),
];

/// What a text is searched for to learn of whom it speaks.
#[derive(Clone, Copy)]
enum Hint {
    /// A word that points to somebody.
    Word(Owner),
    /// A part of the name of a registry, right or misspelt.
    RegistryName,
    /// What ends the name of a registry or of its data host.
    Azurecr,
    /// What stands before the host of a URL.
    Scheme,
    /// What stands before the bare name of a host.
    BeforeHost,
}

const HINTS: &[(&str, Hint)] = &[
    ("-azurecr.", Hint::RegistryName),
    ("azureacr.io", Hint::RegistryName),
    (".azurecr.", Hint::Azurecr),
    ("://", Hint::Scheme),
    ("lookup ", Hint::BeforeHost),
    ("host=", Hint::BeforeHost),
    ("host: ", Hint::BeforeHost),
    ("getaddrinfo enotfound ", Hint::BeforeHost),
    ("getaddrinfo eai_again ", Hint::BeforeHost),
    ("connect to ", Hint::BeforeHost),
    ("resolve host: ", Hint::BeforeHost),
];

/// The hints and the words, found all at once.
struct Hints {
    automaton: AhoCorasick,
    meanings: Vec<Hint>,
}

static ALL_HINTS: LazyLock<Hints> = LazyLock::new(|| {
    let words = WORDS.iter().map(|(word, owner)| (*word, Hint::Word(*owner)));
    let (words, meanings): (Vec<&str>, Vec<Hint>) = HINTS.iter().copied().chain(words).unzip();
    let builder = AhoCorasick::builder().kind(Some(AhoCorasickKind::DFA)).build(words);
    Hints { automaton: builder.expect("a few words make a small automaton"), meanings }
});

/// Every place of a lower-case text that points to somebody.
pub(super) fn marks(text: &str) -> Vec<Mark> {
    let mut marks = Vec::new();
    for found in ALL_HINTS.automaton.find_overlapping_iter(text) {
        let (place, behind) = (found.start(), found.end());
        let mark = match ALL_HINTS.meanings[found.pattern().as_usize()] {
            Hint::Word(owner) => Some(Mark { place, owner, is_host: false }),
            Hint::RegistryName => Some(Mark { place, owner: Owner::Registry, is_host: true }),
            Hint::Azurecr => {
                let before = &text[..place];
                let owner = if before.ends_with(".data") {
                    Owner::Data
                } else if before.ends_with("mcrprod") {
                    // What stands behind Microsoft's public registry.
                    Owner::OtherRegistry
                } else {
                    Owner::Registry
                };
                Some(Mark { place, owner, is_host: true })
            }
            Hint::Scheme => host_of_url(text, behind),
            Hint::BeforeHost => bare_host(text, behind),
        };
        marks.extend(mark);
    }
    for (place, word) in addresses(text) {
        let (name, path) = word.split_once('/').map_or((word, ""), |(name, _)| (name, &word[name.len()..]));
        // `apt install docker.io`: a package.
        let is_package = name == "docker.io" && text[..place].trim_end().ends_with("install");
        if !is_package && looks_like_host(name, !path.is_empty()) {
            marks.extend(host_at(place, name, path, false));
        }
    }
    marks.sort_by_key(|mark| mark.place);
    marks
}

#[cfg(test)]
mod tests {
    use super::{Owner, marks};

    fn owners(text: &str) -> Vec<Owner> {
        marks(&text.to_lowercase()).into_iter().map(|mark| mark.owner).collect()
    }

    #[test]
    fn azure_registries_are_known_in_every_spelling() {
        for text in [
            "Get https://contosoacr.azurecr.io/v2/",
            "Get \"https://<acr-name>.azurecr.io/v2/\"",
            "lookup ***.azurecr.cn",
            "[repo name omitted].azurecr.us",
            "Get https://***/v2/",
            "lookup *** on 127.0.0.53:53: no such host",
            "visit https://aka.ms/acr/authorization for more",
        ] {
            assert!(owners(text).contains(&Owner::Registry), "{text}: {:?}", owners(text));
            assert!(owners(text).iter().all(|owner| *owner == Owner::Registry), "{text}: {:?}", owners(text));
        }
    }

    #[test]
    fn a_masked_image_may_be_anybodys() {
        assert_eq!(owners("checking push permission for \"***/example-project:latest\""), [Owner::Masked]);
        assert!(owners("#25 [auth] ***/image,push token for registry-1.docker.io").contains(&Owner::DockerHub));
    }

    #[test]
    fn other_hosts_are_told_apart() {
        for (text, owner) in [
            ("Get https://registry-1.docker.io/v2/: net/http", Owner::DockerHub),
            ("docker push gcr.io/hail-vdc/ci:1", Owner::OtherRegistry),
            ("Get https://harbor.example.cn:4433/v2/: x509", Owner::OtherRegistry),
            ("123456789012.dkr.ecr.eu-west-1.amazonaws.com/app", Owner::OtherRegistry),
            ("POST https://registry.contoso.lan/v2/app/blobs", Owner::OtherRegistry),
            ("localhost:5000/app:1", Owner::OtherRegistry),
            ("HTTPSConnectionPool(host='login.microsoftonline.com', port=443)", Owner::Entra),
            ("https://management.azure.com/subscriptions/", Owner::Arm),
            ("Get \"https://wusmanaged198.blob.core.windows.net/x?sig=1\"", Owner::Data),
            ("https://contoso.vault.azure.net/secrets/x", Owner::Other),
            ("fetch https://pypi.org/simple/flask/", Owner::Other),
        ] {
            assert!(owners(text).contains(&owner), "{text}: {:?}", owners(text));
        }
    }

    #[test]
    fn where_a_message_sends_its_reader_is_nobody() {
        for text in [
            "See https://docs.microsoft.com/azure/x",
            "https://github.com/Azure/acr/issues/1",
            "github.com/docker/docker/client.go:42",
            "at System.Net.Http.HttpClient.Send()",
            "dial tcp 10.201.3.5:443: i/o timeout",
            "read config.json and main.py",
        ] {
            assert_eq!(owners(text), [], "{text}");
        }
    }
}
