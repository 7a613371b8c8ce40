//! The hosts that a log names, and whose they are.

use super::speaks::{Mark, Owner};

/// Where the name of a host ends.
fn ends_host(letter: char) -> bool {
    letter.is_whitespace()
        || matches!(
            letter,
            '/' | '"' | '\'' | '`' | '?' | ')' | '}' | ']' | ',' | ';' | '|' | '\\' | '<' | '>' | '=' | '#' | '&'
        )
}

pub(super) fn host_at(place: usize, name: &str, path: &str, is_url: bool) -> Option<Mark> {
    owner_of(name, path, is_url).map(|owner| Mark { place, owner, is_host: true })
}

/// As much of a text as a name can take.
fn beginning(text: &str) -> &str {
    &text[..text.floor_char_boundary(500)]
}

/// The host of a URL, given where its scheme ends.
pub(super) fn host_of_url(text: &str, place: usize) -> Option<Mark> {
    let rest = beginning(&text[place..]);
    let is_masked = rest.starts_with(['<', '[']);
    let end_of_mask = || rest.bytes().position(|byte| matches!(byte, b'>' | b']')).map_or(rest.len(), |end| end + 1);
    let masked = if is_masked { end_of_mask() } else { 0 };
    let end = masked + rest[masked..].find(ends_host).unwrap_or(rest.len() - masked);
    let name = rest[..end].rsplit('@').next().unwrap_or_default();
    host_at(place, name, &rest[end..], true)
}

/// A host behind a word that announces one.
pub(super) fn bare_host(text: &str, behind: usize) -> Option<Mark> {
    let quoted = beginning(&text[behind..]);
    let rest = quoted.trim_start_matches(['"', '\'', '(']);
    let name = rest[..rest.find(ends_host).unwrap_or(rest.len())].trim_end_matches('.');
    if name.contains('.') || name == "***" { host_at(behind + quoted.len() - rest.len(), name, "", true) } else { None }
}

const ENDINGS: &[&str] = &[
    "com", "io", "net", "org", "dev", "cn", "de", "eu", "uk", "us", "fr", "ch", "nl", "se", "no", "dk", "cz", "pl",
    "it", "es", "in", "jp", "kr", "au", "ca", "br", "ru", "cloud", "app", "local", "internal", "corp", "lan", "intra",
    "host", "aws", "ms", "tech", "co", "me",
];

pub(super) fn looks_like_host(name: &str, has_path: bool) -> bool {
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
    // Groups of Kubernetes' resources, which are no hosts.
    "fluxcd.io",
    "argoproj.io",
    "cert-manager.io",
    "crossplane.io",
    "dapr.io",
    "istio.io",
    "coreos.com",
    "tekton.dev",
    "knative.dev",
    // Where libraries explain their errors.
    "cryptography.io",
    "openssl.org",
    "python.org",
    "nodejs.org",
    "curl.se",
    "curl.haxx.se",
    "readthedocs.io",
];

fn owner_of(name: &str, path: &str, is_url: bool) -> Option<Owner> {
    let bare = name.split(':').next().unwrap_or_default();
    if name.contains("azurecr.") || name.contains("azureacr.") {
        return None;
    }
    if let Some((_, owner)) = KNOWN.iter().find(|(known, _)| bare.ends_with(known)) {
        let documentation = *owner == Owner::DockerHub && (bare.starts_with("docs.") || bare.starts_with("www."));
        return (!documentation).then_some(*owner);
    }
    let masked = |letter: char| "*<>[]x_-".contains(letter);
    if bare.contains("***")
        || bare.starts_with('<') && bare.ends_with('>') && path.starts_with("/v2/")
        || bare.len() > 3 && bare.chars().all(masked)
    {
        let owner = if is_url { Owner::Registry } else { Owner::Masked };
        return (is_url || !path.is_empty()).then_some(owner);
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
        // The service beside a job that runs its engine.
        || bare == "docker"
        || bare == "localhost" && is_url && !path.starts_with("/v2/")
        || !bare.contains('.') && bare != "localhost" && !(is_url && name.contains(':'))
    {
        return None;
    }
    let registry =
        path.starts_with("/v2/") || !is_url && !path.is_empty() || bare.contains("registry") || bare.contains("harbor");
    Some(if registry { Owner::OtherRegistry } else { Owner::Other })
}
