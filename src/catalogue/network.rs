//! Failures of the family "network".

use super::{Family, Severity, Symptom, Verdict, failures};

failures! {
    family: Family::Network,

    REGISTRY_NOT_FOUND {
        id: "registry-not-found",
        severity: Severity::Error,
        verdict: Verdict::Breaks,
        symptoms: &[],
        title: "registry-not-found",
        cause: "",
        fix: &[],
        link: "",
    }

    DNS_UNAVAILABLE {
        id: "dns-unavailable",
        severity: Severity::Error,
        verdict: Verdict::Breaks,
        symptoms: &[],
        title: "dns-unavailable",
        cause: "",
        fix: &[],
        link: "",
    }

    REGISTRY_UNREACHABLE {
        id: "registry-unreachable",
        severity: Severity::Error,
        verdict: Verdict::Breaks,
        symptoms: &[],
        title: "registry-unreachable",
        cause: "",
        fix: &[],
        link: "",
    }

    TLS_UNTRUSTED {
        id: "tls-untrusted",
        severity: Severity::Error,
        verdict: Verdict::Breaks,
        symptoms: &[],
        title: "tls-untrusted",
        cause: "",
        fix: &[],
        link: "",
    }

    PROXY_FAILED {
        id: "proxy-failed",
        severity: Severity::Error,
        verdict: Verdict::Breaks,
        symptoms: &[],
        title: "proxy-failed",
        cause: "",
        fix: &[],
        link: "",
    }

    FIREWALL_IP_DENIED {
        id: "firewall-ip-denied",
        severity: Severity::Error,
        verdict: Verdict::Breaks,
        symptoms: &[],
        title: "firewall-ip-denied",
        cause: "",
        fix: &[],
        link: "",
    }

    PUBLIC_ACCESS_DISABLED {
        id: "public-access-disabled",
        severity: Severity::Error,
        verdict: Verdict::Breaks,
        symptoms: &[],
        title: "public-access-disabled",
        cause: "",
        fix: &[],
        link: "",
    }

    PRIVATE_ENDPOINT_DNS {
        id: "private-endpoint-dns",
        severity: Severity::Error,
        verdict: Verdict::Breaks,
        symptoms: &[],
        title: "private-endpoint-dns",
        cause: "",
        fix: &[],
        link: "",
    }

    DATA_ENDPOINT_BLOCKED {
        id: "data-endpoint-blocked",
        severity: Severity::Error,
        verdict: Verdict::Breaks,
        symptoms: &[],
        title: "data-endpoint-blocked",
        cause: "",
        fix: &[],
        link: "",
    }

    NOT_A_REGISTRY {
        id: "not-a-registry",
        severity: Severity::Error,
        verdict: Verdict::Breaks,
        symptoms: &[],
        title: "not-a-registry",
        cause: "",
        fix: &[],
        link: "",
    }

    THROTTLED {
        id: "throttled",
        severity: Severity::Error,
        verdict: Verdict::Undetermined,
        symptoms: &[],
        title: "throttled",
        cause: "",
        fix: &[],
        link: "",
    }

    QUOTA_EXCEEDED {
        id: "quota-exceeded",
        severity: Severity::Error,
        verdict: Verdict::Breaks,
        symptoms: &[],
        title: "quota-exceeded",
        cause: "",
        fix: &[],
        link: "",
    }

    SERVICE_UNAVAILABLE {
        id: "service-unavailable",
        severity: Severity::Error,
        verdict: Verdict::Undetermined,
        symptoms: &[],
        title: "service-unavailable",
        cause: "",
        fix: &[],
        link: "",
    }

    CLOCK_SKEWED {
        id: "clock-skewed",
        severity: Severity::Warning,
        verdict: Verdict::Breaks,
        symptoms: &[],
        title: "clock-skewed",
        cause: "",
        fix: &[],
        link: "",
    }
}
