//! The handbook: one failure, or the list of all.

use crate::catalogue::{self, Failure, Family, Symptom};
use std::fmt::Write;

/// Explains a failure by its id or by a code that announces it; without either, lists all failures by family.
///
/// Codes are taken as people copy them: `AADSTS7000222`, `7000222`, `connectivity_dns_error`. The error is a text for a
/// reader too, and names the failures that may have been meant.
pub fn explain(id: Option<&str>) -> Result<String, String> {
    let Some(wanted) = id.map(str::trim).filter(|wanted| !wanted.is_empty()) else {
        return Ok(list());
    };
    let found = catalogue::all()
        .find(|failure| failure.id.eq_ignore_ascii_case(wanted))
        .or_else(|| by_number(wanted))
        .or_else(|| by_code(wanted));
    found.map(entry).ok_or_else(|| unknown(wanted))
}

/// The name of a family as a heading.
pub fn heading(family: Family) -> &'static str {
    match family {
        Family::Inputs => "Inputs",
        Family::Docker => "Docker",
        Family::Network => "Network",
        Family::SignIn => "Sign-in to Entra ID",
        Family::RegistrySignIn => "Sign-in to the registry",
        Family::Access => "Access",
        Family::Expiry => "Expiry",
    }
}

/// The codes that announce a failure, as services write them.
pub fn codes(failure: &Failure) -> Vec<String> {
    let code = |symptom: &Symptom| match symptom {
        Symptom::Entra(number) => Some(format!("AADSTS{number}")),
        Symptom::Code(code) | Symptom::CodeOfRegistry(code) => Some((*code).to_owned()),
        _ => None,
    };
    failure.symptoms.iter().filter_map(code).collect()
}

fn list() -> String {
    let mut text = String::new();
    let mut family = None;
    let width = catalogue::all().map(|failure| failure.id.len()).max().unwrap_or_default();
    for failure in catalogue::all() {
        if family != Some(failure.family) {
            let gap = if family.is_some() { "\n" } else { "" };
            family = Some(failure.family);
            let _ = writeln!(text, "{gap}{}", heading(failure.family));
        }
        let _ = writeln!(text, "  {:width$}  {}", failure.id, failure.title);
    }
    text
}

fn entry(failure: &'static Failure) -> String {
    let mut text = format!("{}  ({})\n{}\n\n{}\n\n", failure.id, failure.severity.word(), failure.title, failure.cause);
    for (index, step) in crate::finding::Finding::new(failure).fix().iter().enumerate() {
        let _ = writeln!(text, "{}. {step}", index + 1);
    }
    let codes = codes(failure);
    if !codes.is_empty() {
        let _ = writeln!(text, "\ncodes  {}", codes.join(", "));
    }
    let _ = writeln!(text, "{}see    {}", if codes.is_empty() { "\n" } else { "" }, failure.link);
    text
}

/// An Entra number that no entry names is still Entra's refusal.
fn by_number(wanted: &str) -> Option<&'static Failure> {
    let prefix = wanted.get(..6).filter(|prefix| prefix.eq_ignore_ascii_case("AADSTS"));
    let digits = if prefix.is_some() { &wanted[6..] } else { wanted };
    let number = digits.parse().ok()?;
    catalogue::by_entra_code(number).or_else(|| prefix.and_then(|_| catalogue::by_id("entra-rejected")))
}

fn by_code(wanted: &str) -> Option<&'static Failure> {
    catalogue::all().find(|failure| codes(failure).iter().any(|code| code.eq_ignore_ascii_case(wanted)))
}

fn unknown(wanted: &str) -> String {
    let wanted = wanted.to_ascii_lowercase();
    let near = |name: &str| strsim::jaro_winkler(&wanted, &name.to_ascii_lowercase());
    let score = |failure: &Failure| codes(failure).iter().map(|code| near(code)).fold(near(failure.id), f64::max);
    let mut scored: Vec<_> = catalogue::all()
        .map(|failure| (score(failure), failure.id))
        .filter(|(score, id)| *score > 0.8 || wanted.len() > 3 && id.contains(&wanted))
        .collect();
    scored.sort_by(|one, other| other.0.total_cmp(&one.0));
    let shown: String = wanted.chars().filter(|letter| !letter.is_control()).take(60).collect();
    let names: Vec<_> = scored.iter().take(5).map(|(_, id)| *id).collect();
    if names.is_empty() {
        format!("no failure is called «{shown}»; `acr-preflight explain` lists all")
    } else {
        format!("no failure is called «{shown}»; did you mean {}?", names.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::explain;
    use crate::catalogue;

    #[test]
    fn every_id_is_explained_with_its_link() {
        for failure in catalogue::all() {
            let text = explain(Some(failure.id)).unwrap();
            assert!(
                text.starts_with(failure.id) && text.contains(failure.cause) && text.contains(failure.link),
                "{text}"
            );
        }
    }

    #[test]
    fn the_list_names_every_failure_once_under_its_family() {
        let list = explain(None).unwrap();
        for failure in catalogue::all() {
            let lines = list.lines().filter(|line| line.split_whitespace().next() == Some(failure.id)).count();
            assert_eq!(lines, 1, "{}", failure.id);
        }
        assert_eq!(list.lines().filter(|line| !line.starts_with("  ") && !line.is_empty()).count(), 7);
    }

    #[test]
    fn a_code_is_as_good_as_an_id() {
        for (code, id) in [
            ("AADSTS7000222", "secret-expired"),
            ("7000222", "secret-expired"),
            ("aadsts700213", "federated-subject-mismatch"),
            ("CONNECTIVITY_DNS_ERROR", "registry-not-found"),
            ("docker_command_error", "docker-missing"),
            ("MANIFEST_UNKNOWN", "image-not-found"),
            (" Secret-Expired ", "secret-expired"),
            ("AADSTS99999999", "entra-rejected"),
        ] {
            assert!(explain(Some(code)).unwrap().starts_with(id), "{code}");
        }
    }

    #[test]
    fn a_near_miss_names_what_may_have_been_meant() {
        assert!(explain(Some("secret-expird")).unwrap_err().contains("secret-expired"));
        assert!(explain(Some("CONNECTIVITY_DNS")).unwrap_err().contains("registry-not-found"));
        assert!(explain(Some("firewall")).unwrap_err().contains("firewall-ip-denied"));
        assert!(explain(Some("zzzz")).unwrap_err().contains("lists all"));
        assert!(explain(Some("123456789")).is_err(), "a bare number that nobody knows is no Entra code");
    }
}
