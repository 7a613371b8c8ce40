//! Particulars taken from a log, so that a cure is a command to paste.

use super::redact::redacted;
use super::region::Region;
use crate::catalogue::{Failure, Family};
use crate::finding::Fact;

/// How many lines around a symptom are searched.
const LINES: usize = 3;

/// The facts that the lines around a place hold.
pub(super) fn facts(region: &Region, place: usize, failure: &Failure) -> Vec<Fact> {
    let near = region.around(place, LINES);
    let start = near.as_ptr() as usize - region.lower.as_ptr() as usize;
    let text = &region.text[start..start + near.len()];
    let mut facts = Vec::new();
    let mut add = |label, value: Option<String>| {
        if let Some(value) = value.filter(|value| {
            !value.is_empty() && value.len() <= 300 && !facts.iter().any(|fact: &Fact| fact.label == label)
        }) {
            facts.push(Fact { label, value: redacted(&value) });
        }
    };
    let server = login_server(near, place - start);
    add("registry", server.and_then(resource_name));
    add("login-server", server.map(str::to_owned));
    let image = server.and_then(|server| image(text, near, server));
    add("repository", image.as_deref().map(repository).or_else(|| scope_repository(near)));
    add("image", image.clone().or_else(|| bare_image(region.line(place).0)));
    if matches!(failure.family, Family::SignIn | Family::RegistrySignIn | Family::Access | Family::Inputs) {
        add(
            "client-id",
            guid_after(
                near,
                &[
                    "application with identifier '",
                    "application '",
                    "app '",
                    "client '",
                    "client_id=",
                    "client_id\":\"",
                    "appid=",
                    "client-id: ",
                    "clientid: ",
                ],
            ),
        );
        add(
            "tenant-id",
            guid_after(
                near,
                &[
                    "directory '",
                    "tenant '",
                    "login.microsoftonline.com/",
                    "sts.windows.net/",
                    "login.windows.net/",
                    "tenant-id: ",
                    "tenant: ",
                ],
            ),
        );
        add("object-id", guid_after(near, &["object id '"]));
        add(
            "subject",
            between(text, near, &["assertion subject '", "assertion subject: '", "subject claim - ", "subject: '"]),
        );
        add("issuer", between(text, near, &["assertion issuer '", "assertion issuer: '", "issuer - ", "issuer: '"]));
        add(
            "audience",
            between(text, near, &["assertion audience '", "assertion audience: '", "audience - ", "audience: "]),
        );
        add("trace-id", guid_after(near, &["trace id: ", "trace_id\":\""]));
        add("correlation-id", guid_after(near, &["correlation id: ", "correlationid: ", "correlation_id\":\""]));
    }
    add("subscription-id", guid_after(near, &["/subscriptions/"]).or_else(|| guid_in_brackets(near)));
    add(
        "ip-address",
        between(text, near, &["client with ip '", "client with ip \"", "client with ip "])
            .filter(|ip| ip.parse::<std::net::IpAddr>().is_ok()),
    );
    add("host", host(near, place - start));
    let role = if pushes(region, place) { "AcrPush" } else { "AcrPull" };
    add("role", matches!(failure.family, Family::Access | Family::RegistrySignIn).then(|| role.to_owned()));
    facts
}

/// Whether the lines around a place speak of a push.
pub(super) fn pushes(region: &Region, place: usize) -> bool {
    let (line, _) = region.line(place);
    let direction = |text: &str| {
        let push = ["push", "action:push", "blobs/uploads", "%3apush", ":push", "pull%2cpush", "pull,push"]
            .iter()
            .any(|word| text.contains(word));
        let pull =
            ["pull access", "failed to pull", "pulling", "docker pull", "failed to resolve reference", "errimagepull"]
                .iter()
                .any(|word| text.contains(word));
        match (push, pull) {
            (true, _) => Some(true),
            (false, true) => Some(false),
            (false, false) => None,
        }
    };
    direction(&line.to_ascii_lowercase()).or_else(|| direction(region.around(place, LINES))).unwrap_or(false)
}

/// The login server named nearest to a place.
fn login_server(text: &str, place: usize) -> Option<&str> {
    let names = text.match_indices(".azurecr.").filter_map(|(dot, _)| {
        let start = text[..dot]
            .char_indices()
            .rfind(|(_, letter)| !(letter.is_ascii_alphanumeric() || "-.".contains(*letter)))
            .map_or(0, |(at, letter)| at + letter.len_utf8());
        let end = dot
            + 9
            + text[dot + 9..]
                .find(|letter: char| !(letter.is_ascii_lowercase() || letter == '.' || letter == '-'))
                .unwrap_or(text.len() - dot - 9);
        let name = text[start..end].trim_matches('.');
        let good = name.len() > dot - start + 9
            && !name.starts_with('.')
            && start < dot
            && !text[..start].ends_with(['*', '>', ']', '}', ')']);
        good.then_some((start.abs_diff(place), name))
    });
    names.min_by_key(|(distance, _)| *distance).map(|(_, name)| name)
}

/// The resource's name: the first label, without the hash that may follow it.
fn resource_name(server: &str) -> Option<String> {
    let label = server.split('.').next()?;
    let name = label.rsplit_once('-').map_or(label, |(name, hash)| if hash.len() == 16 { name } else { label });
    Some(name.to_owned())
}

fn image(text: &str, lower: &str, server: &str) -> Option<String> {
    let legal = |letter: char| letter.is_ascii_alphanumeric() || "._-/:@".contains(letter);
    lower.match_indices(&format!("{server}/")).find_map(|(at, prefix)| {
        let from = at + prefix.len();
        let rest = &text[from..];
        let end = rest.find(|letter| !legal(letter)).unwrap_or(rest.len());
        let path = rest[..end].trim_end_matches([':', '.', '/', ',']);
        let reference = match path.strip_prefix("v2/") {
            Some(api) => {
                let (repository, what) = ["/manifests/", "/blobs/", "/tags/"]
                    .iter()
                    .find_map(|part| Some((api.split_once(part)?, *part)))?;
                let joint = if repository.1.starts_with("sha256:") { '@' } else { ':' };
                if what == "/manifests/" {
                    format!("{}{joint}{}", repository.0, repository.1)
                } else {
                    repository.0.to_owned()
                }
            }
            None if path.starts_with("oauth2") || path == "v2" || path.is_empty() => return None,
            None => path.to_owned(),
        };
        Some(format!("{server}/{reference}"))
    })
}

fn repository(image: &str) -> String {
    let path = image.split_once('/').map_or(image, |(_, path)| path);
    path.split(['@', ':']).next().unwrap_or_default().to_owned()
}

/// The repository of a token's scope: `scope=repository%3Ateam%2Fapp%3Apull`, `Name:team/app`.
fn scope_repository(text: &str) -> Option<String> {
    let scope = text
        .split_once("repository%3a")
        .map(|(_, rest)| rest)
        .or_else(|| text.split_once("scope=repository:").map(|(_, rest)| rest));
    let name = match scope {
        Some(rest) => rest.split("%3a").next()?.split(':').next()?.replace("%2f", "/"),
        None => text.split_once(" name:")?.1.split([' ', ']']).next()?.to_owned(),
    };
    let good = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-/".contains(&byte));
    good.then_some(name)
}

/// The image without a host that docker took for one of Docker Hub.
pub(super) fn bare_image(line: &str) -> Option<String> {
    let after = [
        "pull access denied for ",
        "push refers to repository [docker.io/library/",
        "push refers to repository [docker.io/",
        "failed to push ",
        "unable to find image '",
        "manifest for ",
        "the image '",
    ]
    .iter()
    .find_map(|prefix| line.to_ascii_lowercase().find(prefix).map(|at| at + prefix.len()))?;
    let rest = line.get(after..)?;
    let name = rest[..rest.find([',', '\'', ']', ' ', '"']).unwrap_or(rest.len())].trim_end_matches(':');
    let host = name.split_once('/').map_or("", |(host, _)| host);
    // `no matching manifest for linux/arm64`: a platform.
    if ["linux", "windows"].contains(&host) {
        return None;
    }
    let bare = !host.contains('.') && !host.contains(':') && !host.contains('*') && host != "localhost";
    (bare && !name.is_empty()).then(|| name.to_owned())
}

/// Whether lines, in lower case, tell that docker was asked for an image whose name has no host.
pub(super) fn wants_bare_image(lines: &str) -> bool {
    ["unable to find image '", "docker pull "].iter().any(|before| {
        let image = |(at, _): (usize, &str)| {
            let rest = &lines[at + before.len()..];
            let name =
                &rest[..rest.find(|letter: char| letter.is_whitespace() || letter == '\'').unwrap_or(rest.len())];
            let host = name.split_once('/').map_or("", |(host, _)| host);
            let is_name = |byte: u8| byte.is_ascii_alphanumeric() || b"._-/:@".contains(&byte);
            name.starts_with(|first: char| first.is_ascii_alphanumeric())
                && name.bytes().all(is_name)
                && !host.contains(['.', ':'])
                && host != "localhost"
        };
        lines.match_indices(before).any(image)
    })
}

/// Whether the line holds a reference whose host is in lower case and whose path is not.
pub(super) fn has_upper_case_repository(line: &str) -> bool {
    let words = line.split([' ', '"', '\'']).map(|word| word.rsplit("://").next().unwrap_or(word));
    words.filter_map(|word| word.split_once('/')).any(|(host, path)| {
        let upper = |text: &str| text.bytes().any(|byte| byte.is_ascii_uppercase());
        let is_host = host.contains('.') || host.contains("***");
        is_host && !upper(host) && (upper(path.split([':', '@']).next().unwrap_or_default()) || path.contains("***"))
    })
}

fn guid(text: &str) -> Option<&str> {
    let shape =
        |(at, byte): (usize, u8)| if matches!(at, 8 | 13 | 18 | 23) { byte == b'-' } else { byte.is_ascii_hexdigit() };
    text.get(..36).filter(|guid| guid.bytes().enumerate().all(shape))
}

fn guid_after(text: &str, prefixes: &[&str]) -> Option<String> {
    prefixes
        .iter()
        .find_map(|prefix| text.match_indices(prefix).find_map(|(at, _)| guid(&text[at + prefix.len()..])))
        .map(str::to_owned)
}

/// The id in `subscription 'name (id)'`.
fn guid_in_brackets(text: &str) -> Option<String> {
    let (_, rest) = text.split_once("in subscription '")?;
    guid(rest.split_once('(')?.1).map(str::to_owned)
}

fn between(text: &str, lower: &str, prefixes: &[&str]) -> Option<String> {
    prefixes.iter().find_map(|prefix| {
        let from = lower.find(prefix)? + prefix.len();
        let rest = text.get(from..)?;
        let end = rest.find(['\'', '"', ' ', '\n', ',']).unwrap_or(rest.len());
        Some(rest[..end].trim_end_matches('.').to_owned())
    })
}

/// The host of the last URL or look-up before a place.
fn host(text: &str, place: usize) -> Option<String> {
    let before = &text[..place.min(text.len())];
    let from = ["://", "lookup ", "host='"]
        .iter()
        .filter_map(|prefix| before.rfind(prefix).map(|at| at + prefix.len()))
        .max()?;
    let rest = &text[from..];
    let name = &rest[..rest
        .find(|letter: char| !(letter.is_ascii_alphanumeric() || letter == '.' || letter == '-'))
        .unwrap_or(rest.len())];
    (name.contains('.') && !name.ends_with('.')).then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::facts;
    use crate::catalogue::by_id;
    use crate::diagnose::region::Region;

    fn of(id: &str, text: &str, at: &str) -> Vec<(&'static str, String)> {
        let region = Region::new(text.lines().enumerate().map(|(number, line)| (number + 1, line.as_bytes())));
        let place = region.lower.find(&at.to_lowercase()).unwrap();
        facts(&region, place, by_id(id).unwrap()).into_iter().map(|fact| (fact.label, fact.value)).collect()
    }

    fn has(facts: &[(&'static str, String)], label: &str, value: &str) {
        assert!(facts.iter().any(|(known, found)| *known == label && found == value), "{label}={value}: {facts:?}");
    }

    #[test]
    fn a_pull_names_registry_repository_and_image() {
        let text = r#"Failed to pull image "contosoacr.azurecr.io/team/app:1.0": Head "https://contosoacr.azurecr.io/v2/team/app/manifests/1.0": unauthorized"#;
        let facts = of("unauthorized", text, "unauthorized");
        has(&facts, "registry", "contosoacr");
        has(&facts, "login-server", "contosoacr.azurecr.io");
        has(&facts, "repository", "team/app");
        has(&facts, "image", "contosoacr.azurecr.io/team/app:1.0");
        has(&facts, "role", "AcrPull");
    }

    #[test]
    fn a_scope_names_the_repository() {
        let text = "GET https://contosoacr-e7ggejfuhzhgedc8.azurecr.io/oauth2/token?scope=repository%3Ateam%2Fapp%3Apush%2Cpull&service=x: UNAUTHORIZED";
        let facts = of("unauthorized", text, "UNAUTHORIZED");
        has(&facts, "registry", "contosoacr");
        has(&facts, "repository", "team/app");
        has(&facts, "role", "AcrPush");
    }

    #[test]
    fn entra_names_application_tenant_and_subject() {
        let text = "AADSTS700016: Application with identifier '11111111-2222-3333-4444-555555555555' was not found in the directory '66666666-7777-8888-9999-000000000000'. Trace ID: aaaaaaaa-2222-3333-4444-555555555555";
        let found = of("app-not-found", text, "AADSTS");
        has(&found, "client-id", "11111111-2222-3333-4444-555555555555");
        has(&found, "tenant-id", "66666666-7777-8888-9999-000000000000");
        has(&found, "trace-id", "aaaaaaaa-2222-3333-4444-555555555555");
        let text = "issuer - https://token.actions.githubusercontent.com\nAADSTS700213: No matching federated identity record found for presented assertion subject 'repo:Contoso/app:ref:refs/heads/main'.";
        let found = of("federated-subject-mismatch", text, "AADSTS");
        has(&found, "subject", "repo:Contoso/app:ref:refs/heads/main");
        has(&found, "issuer", "https://token.actions.githubusercontent.com");
    }

    #[test]
    fn the_firewall_names_the_address_and_masks_name_nothing() {
        let text = r#"https://contosoacr.azurecr.io/v2/": denied: client with IP '192.0.2.17' is not allowed access."#;
        has(&of("firewall-ip-denied", text, "client with"), "ip-address", "192.0.2.17");
        let masked = of(
            "firewall-ip-denied",
            "https://***.azurecr.io/v2/: denied: client with IP '***' is not allowed access",
            "client with",
        );
        assert!(
            !masked.iter().any(|(label, _)| matches!(*label, "registry" | "ip-address" | "login-server")),
            "{masked:?}"
        );
    }
}
