//! Failures of the family "sign-in (Entra)".

use super::{Family, Severity, Symptom, Verdict, failures};

failures! {
    family: Family::SignIn,

    ENTRA_UNREACHABLE {
        id: "entra-unreachable",
        severity: Severity::Error,
        verdict: Verdict::Undetermined,
        symptoms: &[],
        title: "entra-unreachable",
        cause: "",
        fix: &[],
        link: "",
    }

    TENANT_NOT_FOUND {
        id: "tenant-not-found",
        severity: Severity::Error,
        verdict: Verdict::Breaks,
        symptoms: &[],
        title: "tenant-not-found",
        cause: "",
        fix: &[],
        link: "",
    }

    TENANT_MISMATCH {
        id: "tenant-mismatch",
        severity: Severity::Error,
        verdict: Verdict::Breaks,
        symptoms: &[],
        title: "tenant-mismatch",
        cause: "",
        fix: &[],
        link: "",
    }

    APP_NOT_FOUND {
        id: "app-not-found",
        severity: Severity::Error,
        verdict: Verdict::Breaks,
        symptoms: &[],
        title: "app-not-found",
        cause: "",
        fix: &[],
        link: "",
    }

    SERVICE_PRINCIPAL_MISSING {
        id: "service-principal-missing",
        severity: Severity::Error,
        verdict: Verdict::Breaks,
        symptoms: &[],
        title: "service-principal-missing",
        cause: "",
        fix: &[],
        link: "",
    }

    APP_DISABLED {
        id: "app-disabled",
        severity: Severity::Error,
        verdict: Verdict::Breaks,
        symptoms: &[],
        title: "app-disabled",
        cause: "",
        fix: &[],
        link: "",
    }

    SECRET_INVALID {
        id: "secret-invalid",
        severity: Severity::Error,
        verdict: Verdict::Breaks,
        symptoms: &[],
        title: "secret-invalid",
        cause: "",
        fix: &[],
        link: "",
    }

    SECRET_ID_NOT_VALUE {
        id: "secret-id-not-value",
        severity: Severity::Error,
        verdict: Verdict::Breaks,
        symptoms: &[],
        title: "secret-id-not-value",
        cause: "",
        fix: &[],
        link: "",
    }

    SECRET_EXPIRED {
        id: "secret-expired",
        severity: Severity::Error,
        verdict: Verdict::Breaks,
        symptoms: &[],
        title: "secret-expired",
        cause: "",
        fix: &[],
        link: "",
    }

    CERTIFICATE_INVALID {
        id: "certificate-invalid",
        severity: Severity::Error,
        verdict: Verdict::Breaks,
        symptoms: &[],
        title: "certificate-invalid",
        cause: "",
        fix: &[],
        link: "",
    }

    CERTIFICATE_EXPIRED {
        id: "certificate-expired",
        severity: Severity::Error,
        verdict: Verdict::Breaks,
        symptoms: &[],
        title: "certificate-expired",
        cause: "",
        fix: &[],
        link: "",
    }

    FEDERATED_TOKEN_UNAVAILABLE {
        id: "federated-token-unavailable",
        severity: Severity::Error,
        verdict: Verdict::Breaks,
        symptoms: &[],
        title: "federated-token-unavailable",
        cause: "",
        fix: &[],
        link: "",
    }

    FEDERATED_CREDENTIAL_MISSING {
        id: "federated-credential-missing",
        severity: Severity::Error,
        verdict: Verdict::Breaks,
        symptoms: &[],
        title: "federated-credential-missing",
        cause: "",
        fix: &[],
        link: "",
    }

    FEDERATED_ISSUER_MISMATCH {
        id: "federated-issuer-mismatch",
        severity: Severity::Error,
        verdict: Verdict::Breaks,
        symptoms: &[],
        title: "federated-issuer-mismatch",
        cause: "",
        fix: &[],
        link: "",
    }

    FEDERATED_SUBJECT_MISMATCH {
        id: "federated-subject-mismatch",
        severity: Severity::Error,
        verdict: Verdict::Breaks,
        symptoms: &[],
        title: "federated-subject-mismatch",
        cause: "",
        fix: &[],
        link: "",
    }

    FEDERATED_AUDIENCE_MISMATCH {
        id: "federated-audience-mismatch",
        severity: Severity::Error,
        verdict: Verdict::Breaks,
        symptoms: &[],
        title: "federated-audience-mismatch",
        cause: "",
        fix: &[],
        link: "",
    }

    FEDERATED_TOKEN_EXPIRED {
        id: "federated-token-expired",
        severity: Severity::Error,
        verdict: Verdict::Breaks,
        symptoms: &[],
        title: "federated-token-expired",
        cause: "",
        fix: &[],
        link: "",
    }

    FEDERATED_POLICY_BLOCKED {
        id: "federated-policy-blocked",
        severity: Severity::Error,
        verdict: Verdict::Breaks,
        symptoms: &[],
        title: "federated-policy-blocked",
        cause: "",
        fix: &[],
        link: "",
    }

    CONDITIONAL_ACCESS {
        id: "conditional-access",
        severity: Severity::Error,
        verdict: Verdict::Breaks,
        symptoms: &[],
        title: "conditional-access",
        cause: "",
        fix: &[],
        link: "",
    }

    USER_INTERACTION_REQUIRED {
        id: "user-interaction-required",
        severity: Severity::Error,
        verdict: Verdict::Breaks,
        symptoms: &[],
        title: "user-interaction-required",
        cause: "",
        fix: &[],
        link: "",
    }

    USER_REJECTED {
        id: "user-rejected",
        severity: Severity::Error,
        verdict: Verdict::Breaks,
        symptoms: &[],
        title: "user-rejected",
        cause: "",
        fix: &[],
        link: "",
    }

    MANAGED_IDENTITY_UNAVAILABLE {
        id: "managed-identity-unavailable",
        severity: Severity::Error,
        verdict: Verdict::Breaks,
        symptoms: &[],
        title: "managed-identity-unavailable",
        cause: "",
        fix: &[],
        link: "",
    }

    ENTRA_RESOURCE_MISSING {
        id: "entra-resource-missing",
        severity: Severity::Error,
        verdict: Verdict::Breaks,
        symptoms: &[],
        title: "entra-resource-missing",
        cause: "",
        fix: &[],
        link: "",
    }

    ENTRA_REJECTED {
        id: "entra-rejected",
        severity: Severity::Error,
        verdict: Verdict::Breaks,
        symptoms: &[],
        title: "entra-rejected",
        cause: "",
        fix: &[],
        link: "",
    }
}
