//! The name of a registry: its login server, and what can be wrong with it.

pub use super::images::{ImageReference, Reference};

use super::cloud::{CLOUDS, registry_suffix_of};

/// The host name of a registry, `contosoacr.azurecr.io`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoginServer {
    /// Host name, lower case, without scheme, port or path.
    pub host: String,
}

impl LoginServer {
    /// The name of the registry's Azure resource, as far as the host shows it: without suffix and domain-name label.
    pub fn resource_name(&self) -> &str {
        let label = self.host.split('.').next().unwrap_or(&self.host);
        label.split('-').next().unwrap_or(label)
    }

    /// The login server as Azure Resource Manager knows it, whatever region's endpoint this is.
    pub fn without_region(&self) -> String {
        match (self.host.split_once('.'), registry_suffix_of(&self.host)) {
            (Some((label, _)), Some(suffix)) => format!("{label}{suffix}"),
            _ => self.host.clone(),
        }
    }

    /// Both names lead to one registry: the same label and suffix, one of them perhaps a regional endpoint.
    pub fn is_same_registry(&self, host: &str) -> bool {
        let label = |host: &str| host.split('.').next().map(str::to_owned);
        label(&self.host) == label(host) && registry_suffix_of(&self.host) == registry_suffix_of(host)
    }
}

/// What a text says of a registry.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Spelling {
    /// The login server that is meant beyond doubt, whatever is wrong with the spelling.
    pub(super) server: Option<LoginServer>,
    /// What is wrong with it, nothing where it is right.
    pub(super) reasons: Vec<String>,
    /// The name that was perhaps meant.
    pub(super) suggestion: Option<String>,
}

/// Reads a registry's name: a login server, or the bare name that `suffix` completes.
pub(super) fn spell(text: &str, suffix: &str) -> Spelling {
    let mut reasons = Vec::new();
    let host = bare_host(text.trim(), &mut reasons);
    let (server, suggestion) = match server_of(&host, suffix) {
        Ok(server) => {
            let suggestion = (!reasons.is_empty()).then(|| server.clone());
            (Some(server), suggestion)
        }
        Err((reason, suggestion, certain)) => {
            reasons.push(reason);
            (suggestion.clone().filter(|_| certain), suggestion)
        }
    };
    Spelling { server: server.map(|host| LoginServer { host }), reasons, suggestion }
}

/// Takes away what does not belong to a host name, and says so.
fn bare_host(text: &str, reasons: &mut Vec<String>) -> String {
    let mut rest = text;
    if let Some((scheme, after)) = rest.split_once("://") {
        reasons.push(format!("it begins with a scheme ({scheme}://)"));
        rest = after;
    }
    if let Some((_, after)) = rest.split_once('@') {
        reasons.push("it holds a user name".to_owned());
        rest = after;
    }
    if let Some((host, path)) = rest.split_once('/') {
        reasons.push(match path {
            "" => "it ends with a slash".to_owned(),
            _ => format!("it has a path (/{path}); the repository belongs to the images"),
        });
        rest = host;
    }
    if let Some((host, port)) = rest.split_once(':') {
        reasons.push(format!("it has a port (:{port})"));
        rest = host;
    }
    if let Some(host) = rest.strip_suffix('.') {
        reasons.push("it ends with a dot".to_owned());
        rest = host;
    }
    if rest.bytes().any(|byte| byte.is_ascii_uppercase()) {
        reasons.push("it has upper-case letters, which image references may not have".to_owned());
    }
    rest.to_ascii_lowercase()
}

/// The login server, or why there is none, a suggestion, and whether that suggestion is beyond doubt.
type Refusal = (String, Option<String>, bool);

fn server_of(host: &str, suffix: &str) -> Result<String, Refusal> {
    if host.is_empty() {
        return Err(("it is empty".to_owned(), None, false));
    }
    if !host.contains('.') {
        label(host)?;
        if let Some((_, hash)) = host.split_once('-').filter(|(_, hash)| hash.len() != DOMAIN_LABEL_LENGTH) {
            let reason = format!("a registry's name has no dash, and \"{hash}\" is not a domain name label");
            return Err((reason, None, false));
        }
        return Ok(format!("{host}{suffix}"));
    }
    let Some(suffix) = registry_suffix_of(host) else { return Err(unknown_suffix(host)) };
    let before = host.strip_suffix(suffix).unwrap_or_default();
    let parts: Vec<&str> = before.split('.').collect();
    let plain = || Some(format!("{}{suffix}", parts[0]));
    match parts[..] {
        [""] => Err(("the registry's own name is missing before the suffix".to_owned(), None, false)),
        [name] => label(name).map(|()| host.to_owned()),
        [name, region, "geo"] if is_word(region) => label(name).map(|()| host.to_owned()),
        [name, region, "data"] if is_word(region) => {
            label(name)?;
            Err(("it is the endpoint for image data, not the login server".to_owned(), plain(), true))
        }
        [name, "privatelink"] => {
            label(name)?;
            Err(("it is the alias of a private endpoint, not the login server".to_owned(), plain(), true))
        }
        [name, ..] => {
            label(name)?;
            Err((format!("there is more than the registry's name before {suffix}"), plain(), false))
        }
        [] => unreachable!("a split has at least one part"),
    }
}

/// The length of the hash in every login server with a domain name label that Microsoft shows.
const DOMAIN_LABEL_LENGTH: usize = 16;

/// The first label: 5 to 50 letters and digits, with a domain name label perhaps.
fn label(label: &str) -> Result<(), Refusal> {
    let refuse = |reason: String| Err((reason, None, false));
    let (name, hash) = label.split_once('-').unwrap_or((label, "x"));
    if let Some(letter) = label.chars().find(|letter| !letter.is_ascii_alphanumeric() && *letter != '-') {
        return refuse(format!("a registry's name has letters and digits only, and this one has {letter:?}"));
    }
    if !is_word(hash) {
        return refuse("a registry's name has no dash".to_owned());
    }
    if !(5..=50).contains(&name.len()) {
        return refuse(format!("a registry's name has 5 to 50 letters and digits, and \"{name}\" has {}", name.len()));
    }
    Ok(())
}

fn is_word(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// A host that is not under a suffix of Azure: a typing error, or another registry altogether.
fn unknown_suffix(host: &str) -> Refusal {
    let (name, suffix) = host.split_once('.').unwrap_or((host, ""));
    let near = CLOUDS.iter().map(|cloud| cloud.registry_suffix()).find(|known| {
        let known = &known[1..];
        distance(suffix, known) <= 3 || suffix.split('.').next() == known.split('.').next()
    });
    let suggestion = near.filter(|_| label(name).is_ok()).map(|known| format!("{name}{known}"));
    (format!(".{suffix} is not a suffix of Azure Container Registry"), suggestion, false)
}

/// The number of letters to insert, delete or replace (Levenshtein).
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (above, letter) in left.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = above + 1;
        for (column, other) in right.iter().enumerate() {
            let replaced = diagonal + usize::from(letter != *other);
            diagonal = row[column + 1];
            row[column + 1] = replaced.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[right.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn right(text: &str) -> String {
        let spelling = spell(text, ".azurecr.io");
        assert_eq!(spelling.reasons, [""; 0], "{text}");
        spelling.server.unwrap().host
    }

    fn wrong(text: &str) -> (Option<String>, String, Option<String>) {
        let spelling = spell(text, ".azurecr.io");
        assert!(!spelling.reasons.is_empty(), "{text}");
        (spelling.server.map(|server| server.host), spelling.reasons.join("; "), spelling.suggestion)
    }

    #[test]
    fn a_bare_name_takes_the_suffix_of_the_cloud() {
        assert_eq!(right("contosoacr"), "contosoacr.azurecr.io");
        assert_eq!(spell("contosoacr", ".azurecr.cn").server.unwrap().host, "contosoacr.azurecr.cn");
        assert_eq!(right("contosoacr-e7ggejfuhzhgedc8"), "contosoacr-e7ggejfuhzhgedc8.azurecr.io");
    }

    #[test]
    fn login_servers_of_every_kind_are_right() {
        for host in [
            "contosoacr.azurecr.io",
            "contosoacr-e7ggejfuhzhgedc8.azurecr.io",
            "contosoacr.westeurope.geo.azurecr.io",
            "contosoacr.azurecr.us",
            "contosoacr.azurecr.sovcloud-azure.fr",
            "contosoacr.azurecr.microsoft.scloud",
        ] {
            assert_eq!(right(host), host);
        }
    }

    #[test]
    fn the_resource_name_has_no_domain_name_label() {
        let server = spell("contosoacr-e7ggejfuhzhgedc8.azurecr.io", "").server.unwrap();
        assert_eq!(server.resource_name(), "contosoacr");
        assert_eq!(server.without_region(), server.host);
        let regional = spell("contosoacr-e7ggejfuhzhgedc8.eastus.geo.azurecr.us", "").server.unwrap();
        assert_eq!(regional.without_region(), "contosoacr-e7ggejfuhzhgedc8.azurecr.us");
    }

    #[test]
    fn what_does_not_belong_to_a_host_is_named_and_the_rest_is_still_used() {
        for (text, reason) in [
            ("https://contosoacr.azurecr.io", "scheme"),
            ("contosoacr.azurecr.io/team/app", "path"),
            ("https://ci:hunter2@contosoacr.azurecr.io/team", "user name"),
            ("contosoacr.azurecr.io/", "slash"),
            ("contosoacr.azurecr.io:443", "port"),
            ("contosoacr.azurecr.io.", "dot"),
            ("ContosoACR.azurecr.io", "upper-case"),
            ("ContosoACR", "upper-case"),
        ] {
            let (server, reasons, suggestion) = wrong(text);
            assert!(reasons.contains(reason), "{text}: {reasons}");
            assert_eq!(server.as_deref(), Some("contosoacr.azurecr.io"), "{text}");
            assert_eq!(suggestion, server, "{text}");
        }
    }

    #[test]
    fn the_registry_behind_another_endpoint_is_found() {
        for text in ["contosoacr.westeurope.data.azurecr.io", "contosoacr.privatelink.azurecr.io"] {
            assert_eq!(wrong(text).0.as_deref(), Some("contosoacr.azurecr.io"));
        }
    }

    #[test]
    fn a_mistyped_suffix_is_suggested_and_never_used() {
        for text in
            ["contosoacr.azureacr.io", "contosoacr.azurecr.com", "contosoacr.az-azurecr.io", "contosoacr.azurecr.oi"]
        {
            let (server, _, suggestion) = wrong(text);
            assert_eq!((server, suggestion.as_deref()), (None, Some("contosoacr.azurecr.io")), "{text}");
        }
        assert_eq!(wrong("ghcr.io").2, None);
        assert_eq!(wrong("contosoacr.azurecr.io.example.com").0, None);
    }

    #[test]
    fn names_that_no_registry_can_have_are_refused() {
        for text in [
            "acr",
            "acr.azurecr.io",
            "contoso_acr",
            "my-registry",
            "azurecr.io",
            "contoso acr",
            &"a".repeat(51),
            "contosoäcr",
        ] {
            assert_eq!(wrong(text).0, None, "{text}");
        }
    }

    #[test]
    fn a_regional_endpoint_is_the_same_registry() {
        let server = spell("contosoacr.westeurope.geo.azurecr.io", "").server.unwrap();
        assert_eq!(server.without_region(), "contosoacr.azurecr.io");
        assert!(server.is_same_registry("contosoacr.azurecr.io"));
        assert!(!server.is_same_registry("contosoacr.azurecr.us"));
        assert!(!server.is_same_registry("fabrikam.azurecr.io"));
    }
}
