//! Failures of the family "sign-in (registry)".

use super::{Family, Severity, Symptom, Verdict, failures};

failures! {
    family: Family::RegistrySignIn,

    REGISTRY_REJECTS_IDENTITY {
        id: "registry-rejects-identity",
        severity: Severity::Error,
        verdict: Verdict::Breaks,
        symptoms: &[],
        title: "registry-rejects-identity",
        cause: "",
        fix: &[],
        link: "",
    }

    ARM_AUDIENCE_REFUSED {
        id: "arm-audience-refused",
        severity: Severity::Error,
        verdict: Verdict::Breaks,
        symptoms: &[],
        title: "arm-audience-refused",
        cause: "",
        fix: &[],
        link: "",
    }

    ADMIN_DISABLED {
        id: "admin-disabled",
        severity: Severity::Error,
        verdict: Verdict::Breaks,
        symptoms: &[],
        title: "admin-disabled",
        cause: "",
        fix: &[],
        link: "",
    }

    ADMIN_PASSWORD_WRONG {
        id: "admin-password-wrong",
        severity: Severity::Error,
        verdict: Verdict::Breaks,
        symptoms: &[],
        title: "admin-password-wrong",
        cause: "",
        fix: &[],
        link: "",
    }

    TOKEN_PASSWORD_REJECTED {
        id: "token-password-rejected",
        severity: Severity::Error,
        verdict: Verdict::Breaks,
        symptoms: &[],
        title: "token-password-rejected",
        cause: "",
        fix: &[],
        link: "",
    }

    TOKEN_PASSWORD_EXPIRED {
        id: "token-password-expired",
        severity: Severity::Error,
        verdict: Verdict::Breaks,
        symptoms: &[],
        title: "token-password-expired",
        cause: "",
        fix: &[],
        link: "",
    }

    TOKEN_DISABLED {
        id: "token-disabled",
        severity: Severity::Error,
        verdict: Verdict::Breaks,
        symptoms: &[],
        title: "token-disabled",
        cause: "",
        fix: &[],
        link: "",
    }

    WRONG_USERNAME {
        id: "wrong-username",
        severity: Severity::Error,
        verdict: Verdict::Breaks,
        symptoms: &[],
        title: "wrong-username",
        cause: "",
        fix: &[],
        link: "",
    }

    LOGIN_EXPIRED {
        id: "login-expired",
        severity: Severity::Error,
        verdict: Verdict::Breaks,
        symptoms: &[],
        title: "login-expired",
        cause: "",
        fix: &[],
        link: "",
    }

    UNAUTHORIZED {
        id: "unauthorized",
        severity: Severity::Error,
        verdict: Verdict::Breaks,
        symptoms: &[],
        title: "unauthorized",
        cause: "",
        fix: &[],
        link: "",
    }

    ANONYMOUS_PULL_BLOCKED {
        id: "anonymous-pull-blocked",
        severity: Severity::Error,
        verdict: Verdict::Breaks,
        symptoms: &[],
        title: "anonymous-pull-blocked",
        cause: "",
        fix: &[],
        link: "",
    }
}
