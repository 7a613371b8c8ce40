//! Failures of the family "expiry".

use super::{Family, Severity, Symptom, Verdict, failures};

failures! {
    family: Family::Expiry,

    SECRET_EXPIRING {
        id: "secret-expiring",
        severity: Severity::Warning,
        verdict: Verdict::Breaks,
        symptoms: &[],
        title: "secret-expiring",
        cause: "",
        fix: &[],
        link: "",
    }

    SECRET_EXPIRY_UNKNOWN {
        id: "secret-expiry-unknown",
        severity: Severity::Notice,
        verdict: Verdict::Breaks,
        symptoms: &[],
        title: "secret-expiry-unknown",
        cause: "",
        fix: &[],
        link: "",
    }

    CERTIFICATE_EXPIRING {
        id: "certificate-expiring",
        severity: Severity::Warning,
        verdict: Verdict::Breaks,
        symptoms: &[],
        title: "certificate-expiring",
        cause: "",
        fix: &[],
        link: "",
    }

    TOKEN_PASSWORD_EXPIRING {
        id: "token-password-expiring",
        severity: Severity::Warning,
        verdict: Verdict::Breaks,
        symptoms: &[],
        title: "token-password-expiring",
        cause: "",
        fix: &[],
        link: "",
    }

    LOGIN_EXPIRING {
        id: "login-expiring",
        severity: Severity::Warning,
        verdict: Verdict::Breaks,
        symptoms: &[],
        title: "login-expiring",
        cause: "",
        fix: &[],
        link: "",
    }
}
