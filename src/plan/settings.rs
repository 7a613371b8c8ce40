//! Words, numbers and dates.

use super::{DockerWish, OutputFormat, Platform, Role};
use crate::finding::FailOn;
use std::time::Duration;
use time::format_description::well_known::Rfc3339;
use time::macros::format_description;
use time::{Date, OffsetDateTime, Time};

/// A text that is not what its input takes, and what that would be.
pub(super) type Expected = &'static str;

/// `AcrPush`, `AcrPull`, `push`, `pull`, and the roles of registries in ABAC mode.
pub(super) fn role(text: &str) -> Result<Role, Expected> {
    let is = |names: &[&str]| names.iter().any(|name| name.eq_ignore_ascii_case(text));
    if is(&["AcrPush", "push", "Container Registry Repository Writer"]) {
        Ok(Role::AcrPush)
    } else if is(&["AcrPull", "pull", "Container Registry Repository Reader"]) {
        Ok(Role::AcrPull)
    } else {
        Err("AcrPush or AcrPull")
    }
}

/// `linux/amd64`, `linux/arm/v7`; the names of `uname` are understood too.
pub(super) fn platform(text: &str) -> Result<Platform, Expected> {
    let expected = "OS/ARCHITECTURE such as linux/amd64";
    let text = text.to_ascii_lowercase();
    let parts: Vec<&str> = text.split('/').collect();
    let fits = |part: &&str| {
        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
    };
    if !(2..=3).contains(&parts.len()) || !parts.iter().all(fits) {
        return Err(expected);
    }
    let architecture = match parts[1] {
        "x86_64" | "x86-64" => "amd64",
        "aarch64" => "arm64",
        other => other,
    };
    Ok(Platform {
        os: parts[0].to_owned(),
        architecture: architecture.to_owned(),
        variant: parts.get(2).map(|variant| (*variant).to_owned()),
    })
}

/// `auto`, `require`, `skip`.
pub(super) fn docker(text: &str) -> Result<DockerWish, Expected> {
    match text.to_ascii_lowercase().as_str() {
        "auto" => Ok(DockerWish::Auto),
        "require" => Ok(DockerWish::Require),
        "skip" => Ok(DockerWish::Skip),
        _ => Err("auto, require or skip"),
    }
}

/// `error`, `warning`, `never`.
pub(super) fn fail_on(text: &str) -> Result<FailOn, Expected> {
    match text.to_ascii_lowercase().as_str() {
        "error" => Ok(FailOn::Error),
        "warning" => Ok(FailOn::Warning),
        "never" => Ok(FailOn::Never),
        _ => Err("error, warning or never"),
    }
}

/// The form of the output; none for `auto`.
pub(super) fn format(text: &str) -> Result<Option<OutputFormat>, Expected> {
    let text = text.to_ascii_lowercase();
    if text == "auto" {
        return Ok(None);
    }
    let found = OutputFormat::ALL.iter().copied().find(|format| format.name() == text);
    found.map(Some).ok_or("auto, github, azure-pipelines, text, json, junit or sarif")
}

/// `check` or `diagnose`.
pub(super) fn mode(text: &str) -> Result<(), Expected> {
    if ["check", "diagnose"].iter().any(|mode| mode.eq_ignore_ascii_case(text)) {
        Ok(())
    } else {
        Err("check or diagnose")
    }
}

/// A number of days.
pub(super) fn days(text: &str) -> Result<i64, Expected> {
    let days: i64 = text.parse().map_err(|_| "a whole number of days")?;
    if (0..=36_500).contains(&days) { Ok(days) } else { Err("a number of days from 0 to 36500") }
}

/// A number of seconds, also written `90s` or `2m`.
pub(super) fn timeout(text: &str) -> Result<Duration, Expected> {
    let expected = "a whole number of seconds from 1 to 3600";
    let (digits, factor) = match text.strip_suffix(['s', 'm']) {
        Some(digits) => (digits.trim_end(), if text.ends_with('m') { 60 } else { 1 }),
        None => (text, 1),
    };
    let seconds = digits.parse::<u64>().ok().and_then(|number| number.checked_mul(factor)).ok_or(expected)?;
    if (1..=3600).contains(&seconds) { Ok(Duration::from_secs(seconds)) } else { Err(expected) }
}

/// `YYYY-MM-DD`, the first moment of that day in UTC; or the moment that `az` and Graph print.
pub(super) fn moment(text: &str) -> Result<OffsetDateTime, Expected> {
    let day = Date::parse(text, format_description!("[year]-[month]-[day]"));
    day.map(|day| day.with_time(Time::MIDNIGHT).assume_utc())
        .or_else(|_| OffsetDateTime::parse(text, &Rfc3339))
        .map_err(|_| "a date such as 2027-01-31")
}

/// A word that means yes or no.
pub(super) fn yes_or_no(text: &str) -> Result<bool, Expected> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "1" | "yes" | "on" => Ok(true),
        "false" | "0" | "no" | "off" => Ok(false),
        _ => Err("true or false"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_of_a_role_is_understood() {
        for name in ["AcrPush", "acrpush", "push", "Container Registry Repository Writer"] {
            assert_eq!(role(name), Ok(Role::AcrPush));
        }
        for name in ["AcrPull", "PULL", "container registry repository reader"] {
            assert_eq!(role(name), Ok(Role::AcrPull));
        }
        assert!(role("Owner").is_err());
    }

    #[test]
    fn platforms_have_two_or_three_parts() {
        let arm = platform("linux/arm/v7").unwrap();
        assert_eq!((arm.os.as_str(), arm.architecture.as_str(), arm.variant.as_deref()), ("linux", "arm", Some("v7")));
        assert_eq!(platform("Linux/x86_64").unwrap().architecture, "amd64");
        assert!(platform("amd64").is_err() && platform("linux/").is_err() && platform("a/b/c/d").is_err());
    }

    #[test]
    fn a_date_is_the_first_moment_of_its_day() {
        assert_eq!(moment("2027-01-31").unwrap().unix_timestamp(), 1_801_353_600);
        assert_eq!(moment("2027-01-31T00:00:00Z"), moment("2027-01-31"));
        for text in ["2027-02-30", "31.01.2027", "2027-1-31", "soon"] {
            assert!(moment(text).is_err(), "{text}");
        }
    }

    #[test]
    fn numbers_stay_within_reason() {
        assert_eq!(timeout("90"), Ok(Duration::from_secs(90)));
        assert_eq!(timeout("2m"), Ok(Duration::from_secs(120)));
        for text in ["0", "-1", "1.5", "4000", "99999999999999999999m", "", "s"] {
            assert!(timeout(text).is_err(), "{text}");
        }
        assert_eq!(days("0"), Ok(0));
        assert!(days("-1").is_err() && days("thirty").is_err());
    }
}
