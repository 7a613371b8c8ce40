//! Failures of the family "docker".

use super::{Family, Severity, Symptom, Verdict, failures};

failures! {
    family: Family::Docker,

    DOCKER_MISSING {
        id: "docker-missing",
        severity: Severity::Error,
        verdict: Verdict::Breaks,
        symptoms: &[],
        title: "docker-missing",
        cause: "",
        fix: &[],
        link: "",
    }

    DOCKER_DAEMON_DOWN {
        id: "docker-daemon-down",
        severity: Severity::Error,
        verdict: Verdict::Breaks,
        symptoms: &[],
        title: "docker-daemon-down",
        cause: "",
        fix: &[],
        link: "",
    }

    DOCKER_TOO_OLD {
        id: "docker-too-old",
        severity: Severity::Error,
        verdict: Verdict::Breaks,
        symptoms: &[],
        title: "docker-too-old",
        cause: "",
        fix: &[],
        link: "",
    }

    DOCKER_CREDENTIAL_HELPER {
        id: "docker-credential-helper",
        severity: Severity::Error,
        verdict: Verdict::Breaks,
        symptoms: &[],
        title: "docker-credential-helper",
        cause: "",
        fix: &[],
        link: "",
    }

    DOCKER_LOGIN_STALE {
        id: "docker-login-stale",
        severity: Severity::Warning,
        verdict: Verdict::Breaks,
        symptoms: &[],
        title: "docker-login-stale",
        cause: "",
        fix: &[],
        link: "",
    }

    DOCKER_NOT_LOGGED_IN {
        id: "docker-not-logged-in",
        severity: Severity::Error,
        verdict: Verdict::Breaks,
        symptoms: &[],
        title: "docker-not-logged-in",
        cause: "",
        fix: &[],
        link: "",
    }
}
