//! From observations to findings: which one is the cause, and which ones only echo it.

use super::observe::{Context, Observation};
use crate::catalogue::doubts;
use crate::finding::{Finding, LogFinding};

/// The most findings that are told.
const MOST: usize = 10;

/// Failures by how much they tell, the most telling first; those of one row are told in the order of the log.
///
/// A named cause comes before what it leads to: an expired secret before the 401 that follows, a missing tag before the
/// anonymous refusal.
const ORDER: &[&[&str]] = &[
    &[
        "secret-expired",
        "secret-id-not-value",
        "certificate-expired",
        "federated-credential-missing",
        "federated-issuer-mismatch",
        "federated-subject-mismatch",
        "federated-audience-mismatch",
        "federated-token-expired",
        "federated-policy-blocked",
        "service-principal-missing",
        "app-disabled",
        "tenant-mismatch",
        "conditional-access",
        "arm-audience-refused",
        "wrong-username",
        "operation-disallowed",
        "firewall-ip-denied",
        "quota-exceeded",
        "registry-name-invalid",
    ],
    &[
        "app-not-found",
        "tenant-not-found",
        "certificate-invalid",
        "entra-resource-missing",
        "user-rejected",
        "docker-daemon-down",
        "docker-too-old",
        "docker-credential-helper",
        "proxy-failed",
        "tls-untrusted",
        "throttled",
        "input-malformed",
        "federated-token-unavailable",
        "login-expired",
        "data-endpoint-blocked",
        "image-platform-missing",
    ],
    &[
        "secret-invalid",
        "user-interaction-required",
        "dns-unavailable",
        "registry-not-found",
        "public-access-disabled",
        "image-name-invalid",
        "not-a-registry",
        "service-unavailable",
        "managed-identity-unavailable",
        "image-ref-not-acr",
        "input-missing",
        "admin-disabled",
    ],
    &["image-not-found", "docker-missing", "entra-unreachable", "registry-unreachable", "no-arm-permission"],
    &["no-push-permission", "no-pull-permission", "docker-not-logged-in", "anonymous-pull-blocked"],
    &["admin-password-wrong", "token-password-rejected"],
    &["registry-rejects-identity", "registry-not-in-subscription", "entra-rejected"],
    &["unauthorized"],
];

/// What may only follow from another failure, and is not told beside one that tells more.
const ECHOES: &[&str] = &[
    "unauthorized",
    "registry-rejects-identity",
    "anonymous-pull-blocked",
    "docker-missing",
    "registry-unreachable",
    "entra-unreachable",
    "docker-not-logged-in",
    "entra-rejected",
];

/// What is only guessed where another failure is named: the second explains the first.
const EXPLAINED: &[(&str, &str)] = &[("public-access-disabled", "firewall-ip-denied")];

fn row(id: &str) -> usize {
    ORDER.iter().position(|row| row.contains(&id)).unwrap_or(ORDER.len())
}

/// Orders the observations of a log, folds those of one failure, and drops echoes.
pub(super) fn conclude(observations: Vec<Observation>, context: &Context) -> Vec<LogFinding> {
    let counting = observations.into_iter().filter(|seen| !seen.needs_registry || context.registry);
    let mut folded: Vec<Observation> = Vec::new();
    let mut codes: Vec<(&str, String)> = Vec::new();
    for seen in counting {
        if let Some(code) = &seen.code
            && !codes.iter().any(|(id, known)| *id == seen.failure.id && known == code)
        {
            codes.push((seen.failure.id, code.clone()));
        }
        match folded.iter_mut().find(|known| known.failure.id == seen.failure.id) {
            Some(known) => known.absorb(seen),
            None => folded.push(seen),
        }
    }
    folded.sort_by_key(|seen| (seen.is_echo, row(seen.failure.id), seen.line));
    let mut told: Vec<Observation> = Vec::new();
    for seen in folded {
        let explained = |(guess, named): &(&str, &str)| {
            seen.failure.id == *guess && told.iter().any(|told| told.failure.id == *named)
        };
        let follows = seen.is_echo || ECHOES.contains(&seen.failure.id) || EXPLAINED.iter().any(explained);
        if told.is_empty() || !follows {
            told.push(seen);
        }
    }
    told.truncate(MOST);
    told.into_iter().map(|seen| seen.into_finding(&codes)).collect()
}

impl Observation {
    /// Takes over what a later observation of the same failure knows more.
    fn absorb(&mut self, other: Observation) {
        self.is_echo &= other.is_echo;
        self.is_doubtful &= other.is_doubtful;
        self.needs_registry &= other.needs_registry;
        for fact in other.facts {
            if !self.facts.iter().any(|known| known.label == fact.label) {
                self.facts.push(fact);
            }
        }
    }

    fn into_finding(self, codes: &[(&str, String)]) -> LogFinding {
        let mut finding = Finding::new(self.failure);
        finding.facts = self.facts;
        finding.doubt = self.is_doubtful.then(|| doubts::about(self.failure)).flatten();
        finding.codes = codes.iter().filter(|(id, _)| *id == self.failure.id).map(|(_, code)| code.clone()).collect();
        LogFinding { finding, line: self.line, excerpt: self.excerpt }
    }
}

#[cfg(test)]
mod tests {
    use super::{ECHOES, ORDER};
    use crate::catalogue::{self, by_id};

    #[test]
    fn every_failure_with_symptoms_has_its_place_in_the_order() {
        let missing: Vec<_> = catalogue::all()
            .filter(|failure| !failure.symptoms.is_empty() && !ORDER.iter().any(|row| row.contains(&failure.id)))
            .map(|failure| failure.id)
            .collect();
        assert_eq!(missing, Vec::<&str>::new());
    }

    #[test]
    fn the_order_names_failures_once_and_only_those() {
        let mut names: Vec<_> = ORDER.iter().flat_map(|row| row.iter()).collect();
        assert!(names.iter().all(|id| by_id(id).is_some()));
        assert!(ECHOES.iter().all(|id| by_id(id).is_some()));
        let count = names.len();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), count);
    }
}
