//! What words are worth on the lines where they stand: a failure, an echo of one, or nothing.

use super::region::Region;
use super::wordings::Found;
use crate::catalogue::{Family, Symptom};

/// Actions on resources of other kinds are none of a registry's business; those on the subscription come before it.
pub(super) fn is_about_registries(text: &str) -> bool {
    const BEFORE_IT: &[&str] = &["microsoft.containerregistry", "microsoft.resources/", "microsoft.authorization/"];
    // The name of a registry may well end in these three letters.
    let is_word = |at: usize| {
        let around = [text[..at].chars().next_back(), text[at + 3..].chars().next()];
        around.iter().flatten().all(|letter| !letter.is_alphanumeric())
    };
    BEFORE_IT.iter().any(|namespace| text.contains(namespace))
        || !text.contains("microsoft.") && text.match_indices("acr").any(|(at, _)| is_word(at))
}

/// Every program says that a token has expired or a service is busy: it must say of what.
pub(super) fn is_anybodys(found: &Found) -> bool {
    // These words are Docker's own.
    let of_docker = found.wording.starts_with("received unexpected HTTP status");
    let ids = ["login-expired", "secret-expired", "service-unavailable", "throttled", "user-rejected"];
    ids.contains(&found.failure.id) && !of_docker
}

/// Whether words are a bare status, which every program prints: the host must stand beside it.
pub(super) fn is_bare_status(found: &Found) -> bool {
    ["status", "HTTP 4", "ERROR 4", "StatusCode"].iter().any(|start| found.wording.starts_with(start))
        && ["public-access-disabled", "service-unavailable", "throttled"].contains(&found.failure.id)
}

/// Whether lines that name no host use the words of container registries.
pub(super) fn speaks_of_images(text: &str) -> bool {
    const WORDS: &[&str] = &[
        "authentication required",
        "basic auth",
        "blob",
        "container",
        "daemon",
        "denied: ",
        "docker",
        "error parsing http",
        "errors\":[{\"code",
        "failed to solve",
        "fetch oauth token",
        "helm",
        "image",
        "layer",
        "login attempt",
        "manifest",
        "oauth2/",
        "pull",
        "push",
        "received unexpected http status",
        "reference",
        "registry",
        "repository",
        "retrying in ",
        "unauthorized: ",
    ];
    WORDS.iter().any(|word| text.contains(word))
}

/// Whether a line about a storage host is about the layers of an image: registries keep them in accounts of one pattern.
pub(super) fn speaks_of_layers(line: &str) -> bool {
    ["docker/registry", "managed", "image", "layer", "pull", "sha256", "httpreadseeker"]
        .iter()
        .any(|word| line.contains(word))
}

/// What reporters of tests print around what passed, git before what somebody wrote of a change, scanners in their
/// tables, and others of their own.
pub(super) fn is_no_failure(line: &str) -> bool {
    // A rollout that is not done in time, and a server that complains of its clients.
    const OF_OTHERS: &[&str] = &[
        "CVE-",
        "waiting for the condition",
        "TLS handshake error from",
        // kubectl's words for its cluster, and the lines of Go's tests.
        "Unable to connect to the server: ",
        "=== RUN",
        "_test.go:",
    ];
    let line = line.trim_start();
    OF_OTHERS.iter().any(|words| line.contains(words))
        || ["\u{2713}", "\u{2714}", "\u{221a}", "PASS", "ok ", "--- PASS", "HEAD is now at"]
            .iter()
            .any(|mark| line.starts_with(mark))
        || ["... ok", " PASSED", " passed"].iter().any(|mark| line.ends_with(mark))
}

/// Helpers of other clouds keep the logins of other registries, and the kubelet asks the registry itself.
pub(super) fn is_foreign_helper(region: &Region, place: usize) -> bool {
    let near = region.around(place, 0);
    ["ecr-login", "docker-credential-gcloud", "docker-credential-gcr", "amazonaws", "getting credentials from acr"]
        .iter()
        .any(|name| near.contains(name))
}

/// A build that finds no layer cache says so and goes on.
pub(super) fn is_about_cache(region: &Region, place: usize) -> bool {
    let near = region.around(place, 0);
    ["importing cache", "cache importer", "cache manifest"].iter().any(|words| near.contains(words))
        || region.step_says(place, "importing cache")
}

/// `az acr login` warns that one way is closed and takes the other.
pub(super) fn succeeds_after_all(region: &Region, place: usize) -> bool {
    let below = region.around(place, 3).split_once("unable to get aad authorization tokens");
    below.is_some_and(|(_, below)| below.contains("login succeeded"))
}

/// Nobody can push to `docker.io/library`: such a name has lost its registry.
pub(super) fn pushes_to_library(region: &Region, place: usize) -> bool {
    region.around(place, 40).contains("push refers to repository [docker.io/library/")
}

/// A scanner asks every engine it knows for the image before it asks the registry.
pub(super) fn tries_everything(region: &Region, place: usize) -> bool {
    region.around(place, 4).contains("podman socket")
}

/// What tools say after whatever went wrong: it counts where nothing else does.
pub(super) fn is_echo(found: &Found, region: &Region) -> bool {
    const SAID_AFTERWARDS: &[&str] = &[
        "Please specify both username and password in non-interactive mode",
        "Interactive authentication is needed",
        "Please run 'az login' to setup account",
        "Unable to get AAD authorization tokens",
        "Login failed. Please check the credentials",
        "error with the service principal used for the deployment",
        // One of several credentials that are tried in turn.
        "EnvironmentCredential is unavailable. No underlying credential",
        "EnvironmentCredential: missing environment variable",
    ];
    SAID_AFTERWARDS.contains(&found.wording)
        || found.failure.family == Family::Docker && tries_everything(region, found.start)
        || found.failure.id == "admin-disabled"
            && region.around(found.start, 0).contains("unable to get admin user credentials")
}

/// Whether the failure is likely and not proven: a registry tells nobody why it gives no token.
pub(super) fn is_doubtful(found: &Found) -> bool {
    matches!(found.symptom, Symptom::HintsOfRegistry(_)) || found.failure.id == "registry-rejects-identity"
}

/// Whether this is a number of Entra's that says what is wrong; an older one says less than whatever comes with it.
pub(super) fn names_a_number(found: &Found) -> bool {
    matches!(found.symptom, Symptom::Entra(number) if number != 70002 && found.failure.id != "entra-rejected")
}

/// Words of OAuth that come with a number, and say less than it does.
pub(super) fn is_about_sign_in(found: &Found) -> bool {
    matches!(found.symptom, Symptom::SaysOfEntra(_) | Symptom::Entra(70002))
}

/// Words that come with many messages, and count where their line says no more.
pub(super) fn is_vague(found: &Found) -> bool {
    const VAGUE: &[&str] = &[
        "UNAUTHORIZED",
        "code:DENIED",
        "azurecr … not found",
        "manifest … not found",
        "azurecr … does not exist",
        "azurecr … 404 Not Found",
        "No matching federated identity record found",
        // Older tools of containers/image say so whatever went wrong.
        "parsing image name",
    ];
    VAGUE.contains(&found.wording)
}

/// Whether a status stands before the words with which the registry itself denies a right.
pub(super) fn is_told_in_words(status: &Found, other: &Found, region: &Region) -> bool {
    status.failure.id == "public-access-disabled"
        && matches!(status.symptom, Symptom::HintsOfRegistry(_))
        && matches!(other.failure.id, "no-pull-permission" | "no-push-permission")
        && !is_vague(other)
        && region.number(other.start) == region.number(status.start)
}

/// Whether the words beside vague ones say what they are about.
pub(super) fn says_more(other: &Found, vague: &Found, region: &Region) -> bool {
    !is_vague(other)
        && other.failure.id != vague.failure.id
        && (other.failure.id != "unauthorized" || vague.wording == "parsing image name")
        && region.number(other.start) == region.number(vague.start)
}
