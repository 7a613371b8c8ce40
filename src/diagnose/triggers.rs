//! The search for lines worth reading: a few words, one of which every message of interest holds.

use aho_corasick::packed::{Config, MatchKind, Searcher};
use aho_corasick::{AhoCorasick, AhoCorasickKind};
use std::sync::LazyLock;

/// Words in lower case; they are sought as they stand, capitalised, and in upper case.
///
/// A word may be anything that is rare in the log of a build that went well. A test holds that every wording of the
/// catalogue has one of them.
pub(super) const WORDS: &[&str] = &[
    "aadsts",
    "access token",
    "actively refused",
    "admin user",
    "anonymous",
    "at least one of the claims",
    "auth data",
    "authentic",
    "authoriz",
    "azurecr",
    "bad gateway",
    "blob.core",
    "broken pipe",
    "by peer",
    "certificat",
    "client id",
    "client with ip",
    "client is newer",
    "client version",
    "clientid",
    "closed by the remote",
    "conditional access",
    "connectivity_",
    "could not connect",
    "couldn't connect",
    "creds",
    "credential",
    "d-bus",
    "deadline exceeded",
    "denied",
    "did not issue",
    "disallowed",
    "docker api",
    "docker daemon",
    "docker engine",
    "docker is not",
    "docker.sock",
    "docker: ",
    "docker_",
    "dockerd",
    "'docker'",
    "\"docker\"",
    "`docker`",
    "docker enoent",
    "eai_again",
    "econn",
    "end of file",
    "enotfound",
    "error during connect",
    "error_codes",
    "etimedout",
    "exchange",
    "expired",
    "failed to connect",
    "federated",
    "firewall",
    "forbidden",
    "forcibly",
    "gateway time",
    "getaddrinfo",
    "handshake",
    "hang up",
    "http status",
    "http response to https",
    "id-token",
    "id_token",
    "identity",
    "imds",
    "insufficient_scope",
    "insufficientscope",
    "interaction",
    "interactive",
    "internal server error",
    "invalid reference",
    "invalid username",
    "invalid_",
    "invalidimage",
    "is not accessible",
    "json object",
    "keychain",
    "login attempt",
    "login server",
    "lookup ",
    "manifest",
    "metadata/identity",
    "microsoft.containerregistry",
    "microsoftonline",
    "msi",
    "must be lowercase",
    "must-be-lower",
    "name does not resolve",
    "name or service",
    "name resolution",
    "name_unknown",
    "name_invalid",
    "nameresolution",
    "network is unreachable",
    "new connection",
    "no match",
    "no route",
    "no subscriptions",
    "no such host",
    "nodename nor",
    "not all parameters",
    "not all values",
    "not logged in",
    "not recognized",
    "oidc",
    "operation was canceled",
    "parse image",
    "parse reference",
    "parsing reference",
    "password",
    "pkix",
    "proxy",
    "quota",
    "refused",
    "registry name",
    "remote name",
    "repository name",
    "request canceled",
    "resolve host",
    "resourcenotfound",
    "response code",
    "secret",
    "server misbehaving",
    "service principal",
    "service unavailable",
    "servfail",
    "specified platform",
    "ssl",
    "storage limit",
    "subscription",
    "tenant",
    "throttl",
    "timed out",
    "timeout",
    "tls:",
    "tls handshake",
    "too many requests",
    "toomanyrequests",
    "tunnel",
    "unable to get",
    "unexpected eof",
    "unexpected status",
    "unknown flag",
    "unknownhost",
    "unsupported protocol",
    "username",
    "wsarecv",
    "x509",
    "/v2/",
    "argument: 'p",
    "argument: 'u",
    "connection does not exist",
    "docker login",
    "pipe/docker",
    "docker client",
    "server api",
    "tag_invalid",
    "server_error",
    "user assigned",
    "az login",
    "acceptable patterns",
    "unexpired",
    "docker server",
    "sas url",
    "az acr",
    "container registr",
    "httpclient.timeout",
    "tasksoperations",
    "is supplied",
    "--service-principal",
    "service connection not",
    "list of supported values",
    "deserialize",
    "retrieve token",
    "resource_unknown",
    "subscriptionnotfound",
    "login failed",
    "authenticate with",
    "meet the criteria",
    "push access",
    "pull access",
];

/// Where the lines lie that hold a trigger.
pub(super) struct Triggers {
    packed: Vec<Searcher>,
    automaton: Option<AhoCorasick>,
}

/// The triggers, built when a log is read.
pub(super) static TRIGGERS: LazyLock<Triggers> = LazyLock::new(Triggers::new);

/// Words in the only letter case in which tools print them.
const EXACT: &[&str] = &[
    "API version",
    "AuthorizationFail",
    "Client with IP",
    "Conditional Access",
    "D-Bus",
    "EOF",
    "JSON object",
    "Microsoft.Container",
    "ResourceNotFound",
    "TasksOperations",
    "client with IP",
    "docker API",
    "docker ENOENT",
    "dockerDesktop",
];

/// The vectorised search takes as many patterns at once.
const AT_ONCE: usize = 60;

impl Triggers {
    fn new() -> Self {
        let spellings = WORDS.iter().flat_map(|word| {
            let upper = word.to_ascii_uppercase();
            let capital = format!("{}{}", &upper[..1], &word[1..]);
            [(*word).to_owned(), capital, upper]
        });
        let exact = EXACT.iter().map(|word| (*word).to_owned());
        let mut spellings: Vec<String> = spellings.chain(exact).collect();
        spellings.sort();
        spellings.dedup();
        let packed = |spellings: &[String]| {
            Config::new().match_kind(MatchKind::LeftmostFirst).builder().extend(spellings).build()
        };
        let packed: Option<Vec<Searcher>> = spellings.chunks(AT_ONCE).map(packed).collect();
        // Machines without vector instructions search with an automaton.
        let automaton = packed.is_none().then(|| {
            let mut builder = AhoCorasick::builder();
            builder.ascii_case_insensitive(true).kind(Some(AhoCorasickKind::DFA));
            builder.build(WORDS).expect("a few words make a small automaton")
        });
        Self { packed: packed.unwrap_or_default(), automaton }
    }

    /// The places of triggers in a text, the first of each line, in order.
    pub(super) fn places(&self, text: &[u8]) -> Vec<usize> {
        let mut places = Vec::new();
        for searcher in &self.packed {
            first_of_each_line(text, &mut places, |from| {
                searcher.find_in(text, (from..text.len()).into()).map(|found| found.start())
            });
        }
        if let Some(automaton) = &self.automaton {
            first_of_each_line(text, &mut places, |from| {
                automaton.find(aho_corasick::Input::new(text).range(from..)).map(|found| found.start())
            });
        }
        places.sort_unstable();
        places
    }
}

/// A line of this length is searched on behind a find.
const LONG_LINE: usize = 4096;

fn first_of_each_line(text: &[u8], places: &mut Vec<usize>, find: impl Fn(usize) -> Option<usize>) {
    let mut from = 0;
    while let Some(place) = find(from) {
        places.push(place);
        let ahead = (place + LONG_LINE).min(text.len());
        from = memchr::memchr(b'\n', &text[place..ahead]).map_or(ahead, |end| place + end + 1);
    }
}

#[cfg(test)]
mod tests {
    use super::TRIGGERS;

    #[test]
    fn one_place_a_line_whatever_the_letter_case() {
        let places = TRIGGERS.places(b"fine\nUNAUTHORIZED: Unauthorized\nfine\nx aadsts70021\n");
        assert!(places.iter().all(|place| (5..32).contains(place) || *place >= 37), "{places:?}");
        assert!(places.iter().any(|place| *place < 32) && places.iter().any(|place| *place >= 37), "{places:?}");
    }

    #[test]
    fn a_long_line_is_searched_to_its_end() {
        let text = format!("denied {} unauthorized", "x".repeat(9000));
        assert!(TRIGGERS.places(text.as_bytes()).iter().any(|place| *place > 9000));
    }
}
