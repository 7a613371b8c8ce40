//! Of whom a text speaks: an Azure registry, Entra ID, Azure Resource Manager, or somebody else.

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
    ("aad authorization tokens", Owner::Registry),
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
    ("azidentity", Owner::Entra),
    ("azurerm", Owner::Entra),
    ("msal", Owner::Entra),
    ("msrestazure", Owner::Entra),
    ("adal", Owner::Entra),
    ("clientsecretcredential", Owner::Entra),
    ("managedidentitycredential", Owner::Entra),
    ("defaultazurecredential", Owner::Entra),
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
    ("kubectl", Owner::Other),
    ("npm err", Owner::Other),
    ("fatal: ", Owner::Other),
];

/// Every place of a lower-case text that points to somebody.
pub(super) fn marks(text: &str) -> Vec<Mark> {
    let mut marks = Vec::new();
    for (word, owner) in WORDS {
        marks.extend(text.match_indices(word).map(|(place, _)| Mark { place, owner: *owner, is_host: false }));
    }
    for misspelt in ["-azurecr.", "azureacr.io"] {
        marks.extend(text.match_indices(misspelt).map(|(place, _)| Mark {
            place,
            owner: Owner::Registry,
            is_host: true,
        }));
    }
    marks.extend(text.match_indices(".azurecr.").map(|(place, _)| {
        let is_data = text[..place].ends_with(".data");
        Mark { place, owner: if is_data { Owner::Data } else { Owner::Registry }, is_host: true }
    }));
    hosts(text, &mut marks);
    marks.sort_by_key(|mark| mark.place);
    marks
}

/// Where the name of a host ends.
fn ends_host(letter: char) -> bool {
    letter.is_whitespace() || "/\"'`?)}],;|\\<>=#&".contains(letter)
}

fn hosts(text: &str, marks: &mut Vec<Mark>) {
    let mut add = |place: usize, name: &str, path: &str, is_url: bool| {
        if let Some(owner) = owner_of(name, path, is_url) {
            marks.push(Mark { place, owner, is_host: true });
        }
    };
    for (at, _) in text.match_indices("://") {
        let place = at + 3;
        let masked = text[place..].starts_with(['<', '[']);
        let rest = &text[place..];
        let end = if masked { rest.find(['>', ']']).map_or(rest.len(), |end| end + 1) } else { 0 };
        let end = end + rest[end..].find(ends_host).unwrap_or(rest.len() - end);
        let name = rest[..end].rsplit('@').next().unwrap_or_default();
        add(place, name, &rest[end..], true);
    }
    for before in [
        "lookup ",
        "host=",
        "host: ",
        "getaddrinfo enotfound ",
        "getaddrinfo eai_again ",
        "connect to ",
        "resolve host: ",
    ] {
        for (at, _) in text.match_indices(before) {
            let rest = text[at + before.len()..].trim_start_matches(['"', '\'']);
            let place = text.len() - rest.len();
            let name = rest[..rest.find(ends_host).unwrap_or(rest.len())].trim_end_matches('.');
            if name.contains('.') || name == "***" {
                add(place, name, "", true);
            }
        }
    }
    for token in tokens(text) {
        let place = token.as_ptr() as usize - text.as_ptr() as usize;
        let (name, path) = token.split_once('/').map_or((token, ""), |(name, _)| (name, &token[name.len()..]));
        if looks_like_host(name, !path.is_empty()) {
            add(place, name, path, false);
        }
    }
}

/// Words between white space, quotes, brackets and commas.
fn tokens(text: &str) -> impl Iterator<Item = &str> {
    text.split(|letter: char| letter.is_whitespace() || "\"'`()[]{}<>,;=|\\".contains(letter))
        .map(|token| token.trim_matches([':', '.']))
        .filter(|token| token.contains('.') || token.contains(':') || token.starts_with("***"))
        .filter(|token| !token.contains("://"))
}

const ENDINGS: &[&str] = &[
    "com", "io", "net", "org", "dev", "cn", "de", "eu", "uk", "us", "fr", "ch", "nl", "se", "no", "dk", "cz", "pl",
    "it", "es", "in", "jp", "kr", "au", "ca", "br", "ru", "cloud", "app", "local", "internal", "corp", "lan", "intra",
    "host", "aws", "ms", "tech", "co", "me",
];

fn looks_like_host(name: &str, has_path: bool) -> bool {
    if name.starts_with("***") {
        return has_path;
    }
    let (bare, port) = name.split_once(':').map_or((name, None), |(bare, port)| (bare, Some(port)));
    let has_port =
        port.is_some_and(|port| (2..=5).contains(&port.len()) && port.bytes().all(|byte| byte.is_ascii_digit()));
    let good = bare.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._*".contains(&byte));
    let labels = bare.split('.').count();
    let ending = bare.rsplit('.').next().unwrap_or_default();
    let known_ending = ENDINGS.contains(&ending) && labels > 1;
    good && (port.is_none() || has_port || has_path)
        && (known_ending
            && (has_path || has_port || labels > 2 || KNOWN.iter().any(|(known, _)| bare.ends_with(known)))
            || bare == "localhost" && has_port && has_path)
}

/// Hosts by their ending, the first that fits.
const KNOWN: &[(&str, Owner)] = &[
    ("containerregistry.azure.net", Owner::Registry),
    ("login.microsoftonline.com", Owner::Entra),
    ("login.microsoftonline.us", Owner::Entra),
    ("login.microsoftonline.de", Owner::Entra),
    ("login.partner.microsoftonline.cn", Owner::Entra),
    ("login.chinacloudapi.cn", Owner::Entra),
    ("login.windows.net", Owner::Entra),
    ("login.microsoft.com", Owner::Entra),
    ("login.usgovcloudapi.net", Owner::Entra),
    ("login.sovcloud-identity.fr", Owner::Entra),
    ("sts.windows.net", Owner::Entra),
    ("sts.chinacloudapi.cn", Owner::Entra),
    ("graph.microsoft.com", Owner::Entra),
    ("graph.windows.net", Owner::Entra),
    ("169.254.169.254", Owner::Entra),
    ("management.azure.com", Owner::Arm),
    ("management.core.windows.net", Owner::Arm),
    ("management.chinacloudapi.cn", Owner::Arm),
    ("management.usgovcloudapi.net", Owner::Arm),
    ("management.microsoftazure.de", Owner::Arm),
    (".blob.core.windows.net", Owner::Data),
    (".blob.core.chinacloudapi.cn", Owner::Data),
    (".blob.core.usgovcloudapi.net", Owner::Data),
    ("docker.io", Owner::DockerHub),
    ("docker.com", Owner::DockerHub),
    ("ghcr.io", Owner::OtherRegistry),
    ("gcr.io", Owner::OtherRegistry),
    ("quay.io", Owner::OtherRegistry),
    ("pkg.dev", Owner::OtherRegistry),
    ("amazonaws.com", Owner::OtherRegistry),
    ("public.ecr.aws", Owner::OtherRegistry),
    ("mcr.microsoft.com", Owner::OtherRegistry),
    ("azureedge.net", Owner::OtherRegistry),
    ("registry.gitlab.com", Owner::OtherRegistry),
    ("registry.k8s.io", Owner::OtherRegistry),
    ("aliyuncs.com", Owner::OtherRegistry),
    ("jfrog.io", Owner::OtherRegistry),
    ("nvcr.io", Owner::OtherRegistry),
];

/// Hosts that a message names without speaking of them: where it sends its reader, and where code lives.
const NEUTRAL: &[&str] = &[
    "aka.ms",
    "go.microsoft.com",
    "learn.microsoft.com",
    "docs.microsoft.com",
    "portal.azure.com",
    "docs.docker.com",
    "docs.github.com",
    "google.golang.org",
    "golang.org",
    "k8s.io",
    "gopkg.in",
    "kubernetes.io",
    "token.actions.githubusercontent.com",
    "vstoken.dev.azure.com",
    "login.live.com",
    "azure.microsoft.com",
    "microsoft.com",
    "schemas.microsoft.com",
    "w3.org",
    "go.dev",
    "helm.sh",
    "terraform.io",
    "pulumi.com",
    "stackoverflow.com",
    "example.com",
    "bit.ly",
    "dev.azure.com",
    "visualstudio.com",
    "www.docker.com",
    "system.io",
    "schema.management.azure.com",
];

fn owner_of(name: &str, path: &str, is_url: bool) -> Option<Owner> {
    let bare = name.split(':').next().unwrap_or_default();
    if name.contains("azurecr.") || name.contains("azureacr.") {
        return None;
    }
    let masked = |letter: char| "*<>[]x_-".contains(letter);
    if bare.contains("***")
        || bare.starts_with('<') && bare.ends_with('>') && path.starts_with("/v2/")
        || bare.len() > 3 && bare.chars().all(masked)
    {
        let owner = if is_url { Owner::Registry } else { Owner::Masked };
        return (is_url || !path.is_empty()).then_some(owner);
    }
    if let Some((_, owner)) = KNOWN.iter().find(|(known, _)| bare.ends_with(known)) {
        let documentation = *owner == Owner::DockerHub && (bare.starts_with("docs.") || bare.starts_with("www."));
        return (!documentation).then_some(*owner);
    }
    let neutral =
        NEUTRAL.iter().any(|known| bare == *known || bare.strip_suffix(known).is_some_and(|rest| rest.ends_with('.')));
    let code = bare == "github.com"
        && (!is_url || path.starts_with("/azure/") || path.contains("readme") || path.contains("/issues/"));
    // A socket or a pipe, written as a host.
    let socket = bare.contains("%2f");
    let number = bare.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    if bare.is_empty()
        || neutral
        || code
        || socket
        || number
        || bare == "localhost" && is_url && !path.starts_with("/v2/")
        || !bare.contains('.') && bare != "localhost" && !(is_url && name.contains(':'))
    {
        return None;
    }
    let registry =
        path.starts_with("/v2/") || !is_url && !path.is_empty() || bare.contains("registry") || bare.contains("harbor");
    Some(if registry { Owner::OtherRegistry } else { Owner::Other })
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
