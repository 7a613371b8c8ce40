//! The sentences that the formats for people share, harmless to read.

use super::dates::{self, counted};
use super::visible::one_line;
use crate::catalogue::Severity;
use crate::finding::{Access, ExpirySource, FailOn, Identity, Report, RunResult, Status};

/// What the run came to, in words.
pub(crate) fn verdict(report: &Report) -> String {
    let words = match report.verdict() {
        RunResult::Passed if count(report, Status::Warned) > 0 => "passed, with warnings",
        RunResult::Passed => "passed",
        RunResult::Failed => "failed: the build would break",
        RunResult::Invalid => "invalid: the inputs cannot be used",
        RunResult::Undetermined if report.out_of_time => "undetermined: the time was over before all was checked",
        RunResult::Undetermined => "undetermined: nothing usable was answered",
    };
    match report.fail_on {
        FailOn::Never if report.verdict() != RunResult::Passed => {
            format!("{words} (fail-on is never, so the step passes)")
        }
        _ => words.to_owned(),
    }
}

/// Whether the run passed with no more than notices, so that one line or a fold says enough.
pub(crate) fn is_well(report: &Report) -> bool {
    report.verdict() == RunResult::Passed && report.findings().all(|(_, finding)| finding.severity == Severity::Notice)
}

/// `1 failed, 0 warnings, 8 passed, 3 not checked`.
pub(crate) fn counts(report: &Report) -> String {
    format!(
        "{} failed, {}, {} passed, {} not checked",
        count(report, Status::Failed),
        counted(count(report, Status::Warned), "warning"),
        count(report, Status::Passed),
        count(report, Status::Skipped),
    )
}

fn count(report: &Report, status: Status) -> usize {
    report.checks.iter().filter(|check| check.status() == status).count()
}

/// The registry's name, or words in its place.
pub(crate) fn registry(report: &Report) -> String {
    report.login_server.as_deref().map_or_else(|| "no usable registry name".to_owned(), one_line)
}

/// `ci-pusher, client 1f2e…, tenant 72f9… (client-secret)`.
pub(crate) fn identity(identity: &Identity) -> String {
    let parts = [("", &identity.name), ("client ", &identity.client_id), ("tenant ", &identity.tenant_id)];
    let known: Vec<_> = parts
        .iter()
        .filter_map(|(label, value)| value.as_ref().map(|value| format!("{label}{}", one_line(value))))
        .collect();
    match (known.is_empty(), identity.kind) {
        (true, "") => "none".to_owned(),
        (true, kind) => kind.to_owned(),
        (false, "") => known.join(", "),
        (false, kind) => format!("{} ({kind})", known.join(", ")),
    }
}

/// `ends 2027-01-31, in 70 days (says Microsoft Graph)`; none where there is no end to speak of.
pub(crate) fn life(report: &Report) -> Option<String> {
    let end = report.life.expires_on?;
    let verb = if end <= report.started_at { "ended" } else { "ends" };
    let source = match report.life.source {
        ExpirySource::Graph => " (says Microsoft Graph)",
        ExpirySource::Certificate => " (says the certificate)",
        ExpirySource::Token => " (says the token)",
        ExpirySource::Arm => " (says Azure Resource Manager)",
        ExpirySource::Input => " (says the input secret-expires-on)",
        ExpirySource::Unknown => "",
    };
    Some(format!("{verb} {}{source}", dates::date_and_distance(end, report.started_at)))
}

/// What the job wants: `pull, push team/app and 2 more`; none where no repository was named.
pub(crate) fn wanted(access: &[Access]) -> Option<String> {
    let first = access.first()?;
    let more = if access.len() > 1 { format!(" and {} more", access.len() - 1) } else { String::new() };
    Some(format!("{} {}{more}", one_line(&first.required.join(", ")), one_line(&first.repository)))
}

/// What was granted, first where something is missing; empty where the check that asks was not made.
pub(crate) fn access(report: &Report) -> Vec<&Access> {
    if report.checks.iter().any(|check| check.id == "access" && check.skipped().is_some()) {
        return Vec::new();
    }
    let mut sorted: Vec<_> = report.access.iter().collect();
    sorted.sort_by_key(|access| missing(access).is_empty());
    sorted
}

/// The repositories that are not shown one by one: `and 190 more with all they need`.
pub(crate) fn rest(access: &[&Access]) -> Option<String> {
    let short = access.iter().filter(|access| !missing(access).is_empty()).count();
    match (access.len(), short) {
        (0, _) => None,
        (all, 0) => Some(format!("and {all} more with all they need")),
        (all, short) => Some(format!("and {all} more, {short} of them with less than they need")),
    }
}

/// `pull, push`, or `pull; push is missing`, or `nothing; pull, push are missing`.
pub(crate) fn granted(access: &Access) -> String {
    let granted = if access.granted.is_empty() { "nothing".to_owned() } else { one_line(&access.granted.join(", ")) };
    let missing = missing(access);
    match missing.len() {
        0 => granted,
        1 => format!("{granted}; {} is missing", one_line(missing[0])),
        _ => format!("{granted}; {} are missing", one_line(&missing.join(", "))),
    }
}

/// What was needed and not granted.
pub(crate) fn missing(access: &Access) -> Vec<&str> {
    access.required.iter().filter(|action| !access.granted.contains(action)).map(String::as_str).collect()
}

/// The whole run in one line, the program's name first: `acr-preflight contosoacr.azurecr.io: passed (0 failed, …)`.
pub(crate) fn one_liner(report: &Report) -> String {
    format!("acr-preflight {}", in_short(report))
}

/// The same without the name; what stands first is from outside.
pub(crate) fn in_short(report: &Report) -> String {
    let life = life(report).map(|life| format!("; the credential {life}")).unwrap_or_default();
    format!("{}: {} ({}){life}", registry(report), verdict(report), counts(report))
}

#[cfg(test)]
mod tests {
    use super::granted;
    use crate::finding::Access;

    #[test]
    fn what_is_missing_is_said() {
        let access = |granted: &[&str]| Access {
            repository: "team/app".to_owned(),
            required: vec!["pull".to_owned(), "push".to_owned()],
            granted: granted.iter().map(|action| action.to_string()).collect(),
        };
        assert_eq!(granted(&access(&["pull", "push"])), "pull, push");
        assert_eq!(granted(&access(&["pull"])), "pull; push is missing");
        assert_eq!(granted(&access(&[])), "nothing; pull, push are missing");
    }
}
