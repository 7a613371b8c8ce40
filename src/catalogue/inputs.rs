//! Failures of the family "inputs".

use super::{Family, Severity, Symptom, Verdict, failures};

failures! {
    family: Family::Inputs,

    INPUT_MISSING {
        id: "input-missing",
        severity: Severity::Error,
        verdict: Verdict::Invalid,
        symptoms: &[],
        title: "input-missing",
        cause: "",
        fix: &[],
        link: "",
    }

    INPUT_MALFORMED {
        id: "input-malformed",
        severity: Severity::Error,
        verdict: Verdict::Invalid,
        symptoms: &[],
        title: "input-malformed",
        cause: "",
        fix: &[],
        link: "",
    }

    REGISTRY_NAME_INVALID {
        id: "registry-name-invalid",
        severity: Severity::Error,
        verdict: Verdict::Invalid,
        symptoms: &[],
        title: "registry-name-invalid",
        cause: "",
        fix: &[],
        link: "",
    }

    IMAGE_NAME_INVALID {
        id: "image-name-invalid",
        severity: Severity::Error,
        verdict: Verdict::Invalid,
        symptoms: &[],
        title: "image-name-invalid",
        cause: "",
        fix: &[],
        link: "",
    }

    IMAGE_REF_NOT_ACR {
        id: "image-ref-not-acr",
        severity: Severity::Error,
        verdict: Verdict::Breaks,
        symptoms: &[],
        title: "image-ref-not-acr",
        cause: "",
        fix: &[],
        link: "",
    }
}
