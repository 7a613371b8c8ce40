//! Failures of the family "access".

use super::{Family, Severity, Symptom, Verdict, failures};

failures! {
    family: Family::Access,

    NO_PULL_PERMISSION {
        id: "no-pull-permission",
        severity: Severity::Error,
        verdict: Verdict::Breaks,
        symptoms: &[],
        title: "no-pull-permission",
        cause: "",
        fix: &[],
        link: "",
    }

    NO_PUSH_PERMISSION {
        id: "no-push-permission",
        severity: Severity::Error,
        verdict: Verdict::Breaks,
        symptoms: &[],
        title: "no-push-permission",
        cause: "",
        fix: &[],
        link: "",
    }

    ROLE_IGNORED_BY_ABAC {
        id: "role-ignored-by-abac",
        severity: Severity::Error,
        verdict: Verdict::Breaks,
        symptoms: &[],
        title: "role-ignored-by-abac",
        cause: "",
        fix: &[],
        link: "",
    }

    NO_ARM_PERMISSION {
        id: "no-arm-permission",
        severity: Severity::Error,
        verdict: Verdict::Breaks,
        symptoms: &[],
        title: "no-arm-permission",
        cause: "",
        fix: &[],
        link: "",
    }

    REGISTRY_NOT_IN_SUBSCRIPTION {
        id: "registry-not-in-subscription",
        severity: Severity::Error,
        verdict: Verdict::Breaks,
        symptoms: &[],
        title: "registry-not-in-subscription",
        cause: "",
        fix: &[],
        link: "",
    }

    IMAGE_NOT_FOUND {
        id: "image-not-found",
        severity: Severity::Error,
        verdict: Verdict::Breaks,
        symptoms: &[],
        title: "image-not-found",
        cause: "",
        fix: &[],
        link: "",
    }

    IMAGE_PLATFORM_MISSING {
        id: "image-platform-missing",
        severity: Severity::Error,
        verdict: Verdict::Breaks,
        symptoms: &[],
        title: "image-platform-missing",
        cause: "",
        fix: &[],
        link: "",
    }

    OPERATION_DISALLOWED {
        id: "operation-disallowed",
        severity: Severity::Error,
        verdict: Verdict::Breaks,
        symptoms: &[],
        title: "operation-disallowed",
        cause: "",
        fix: &[],
        link: "",
    }
}
