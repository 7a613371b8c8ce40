//! Failures of policies, users, managed identities and resources, and the one for every other refusal.

use crate::catalogue::Symptom::{Entra, Says, SaysOfEntra, SaysOfRegistry};
use crate::catalogue::{Family, Severity, Verdict, failures};

failures! {
    family: Family::SignIn,

    CONDITIONAL_ACCESS {
        id: "conditional-access",
        severity: Severity::Error,
        verdict: Verdict::Breaks,
        symptoms: &[
            Entra(53000),
            Entra(53001),
            Entra(53002),
            Entra(53003),
            Entra(53004),
            Entra(53010),
            Entra(53011),
            Entra(530003),
            Entra(530032),
            Entra(530034),
            Entra(530035),
            Entra(50005),
            Entra(50131),
            Entra(50097),
            Entra(500021),
            Entra(500022),
            Entra(50002),
            Says(&["blocked by Conditional Access", "does not meet the criteria to access this resource"]),
        ],
        title: "a Conditional Access policy blocks the sign-in",
        cause: "The tenant allows this identity from certain places, devices or apps only, and the runner is not among them.",
        fix: &[
            "Find the policy in the sign-in logs of the tenant: Entra admin center, Monitoring, Sign-in logs, tab Conditional Access, by the correlation id of the message",
            "Run the job from an allowed network, such as a self-hosted runner with a fixed address",
            "Or let the administrator exclude this workload identity, or add the runner's addresses to a named location",
        ],
        link: "https://learn.microsoft.com/entra/identity/conditional-access/workload-identity",
    }

    USER_INTERACTION_REQUIRED {
        id: "user-interaction-required",
        severity: Severity::Error,
        verdict: Verdict::Breaks,
        symptoms: &[
            Entra(50058),
            Entra(50072),
            Entra(50074),
            Entra(50076),
            Entra(50078),
            Entra(50079),
            Entra(50125),
            Entra(50132),
            Entra(50140),
            Entra(50158),
            Entra(50199),
            Entra(65001),
            Entra(65004),
            Entra(700020),
            Entra(90094),
            Entra(90095),
            Says(&[
                "Interactive authentication is needed",
                "interaction_required",
                "interaction required … login",
                "user interaction is required … azure",
            ]),
            SaysOfEntra(&[
                "InteractionRequired",
                "must use multi-factor authentication",
                "Status_InteractionRequired",
                "MFA … authentication",
            ]),
        ],
        title: "a person would have to answer",
        cause: "The identity is a user for whom Entra ID asks for a second factor, consent or a fresh sign-in, and nobody can answer \
                in a pipeline.",
        fix: &[
            "Sign in as an application instead of a user: a service principal with a federated credential, or a managed identity",
            "Create one: `az ad sp create-for-rbac --name ci-pusher --role AcrPush --scopes \"$(az acr show --name {registry} --query id --output tsv)\"`",
        ],
        link: "https://learn.microsoft.com/cli/azure/authenticate-azure-cli-service-principal",
    }

    USER_REJECTED {
        id: "user-rejected",
        severity: Severity::Error,
        verdict: Verdict::Breaks,
        symptoms: &[
            Entra(50126),
            Entra(50034),
            Entra(50053),
            Entra(50055),
            Entra(50056),
            Entra(50064),
            Entra(50014),
            Entra(50144),
            Entra(51004),
            Entra(16000),
            Entra(80014),
            SaysOfEntra(&[
                "invalid username or password",
                "ID3242 … authentic",
                "Federated service … returned error: Authentication",
                "invalid username/password",
            ]),
        ],
        title: "Entra ID refuses this user",
        cause: "The identity is a user, and its name or password is wrong, its password has expired, or the account is locked or does \
                not exist in the tenant.",
        fix: &[
            "Check name and password by a sign-in at https://portal.azure.com",
            "For a pipeline, take an application instead of a user: `az ad sp create-for-rbac --name ci-pusher --role AcrPush --scopes \"$(az acr show --name {registry} --query id --output tsv)\"`",
        ],
        link: "https://learn.microsoft.com/entra/identity-platform/reference-error-codes",
    }

    MANAGED_IDENTITY_UNAVAILABLE {
        id: "managed-identity-unavailable",
        severity: Severity::Error,
        verdict: Verdict::Breaks,
        symptoms: &[
            Says(&[
                "ManagedIdentityCredential authentication unavailable",
                "ManagedIdentityCredential authentication failed",
                "ManagedIdentityCredential: … identity",
                "managed identity endpoint",
                "no default identity is assigned",
                "no managed identity was found",
                "Identity not found",
                "identity isn't assigned to this resource",
                "identity … not assigned to this resource",
                "identity has not been assigned",
                "identity hasn't been assigned",
                "Failed to connect to MSI",
                "_retrieve_token_from_imds_with_retry",
                "imds endpoint",
                "from the IMDS",
                "Multiple user assigned identities exist",
                "No User Assigned or Delegated Managed Identity found",
                "metadata/identity/oauth2/token … timeout",
                "metadata/identity/oauth2/token … refused",
                "metadata/identity/oauth2/token … failed",
                "metadata/identity/oauth2/token … 40",
                "failed … metadata/identity/oauth2/token",
                "failed to … MSI token",
                "MSI endpoint is not available",
                "could not determine MSI endpoint",
                "could not configure MSI Authorizer",
                "could not validate MSI endpoint",
                "MSI: Failed to",
                "acquiring token from MSI",
                "MSI not available",
                "failed to refresh … managed identity",
                "Could not fetch access token for Managed Service Principal",
                "Could not fetch access token for … managed identity",
                "no azure identity found for request",
                "failed to acquire … msi",
                "ADAL … Identity not found",
                "identity … could not be found in … managed",
            ]),
            SaysOfRegistry(&[
                "managed identity … not found",
            ]),
            SaysOfEntra(&[
                "ManagedIdentityCredential … unavailable",
                "MSI is not supported",
                "managed identity … not found",
                "managed identity … failed",
                "managed identity … unavailable",
                "failed … managed identity",
                "unable to fetch … managed identity",
                "169.254.169.254 … timed out",
                "timed out … 169.254.169.254",
            ]),
        ],
        title: "this machine has no managed identity to sign in with",
        cause: "The metadata service of Azure does not answer, as on every machine outside Azure and on hosted runners, or no identity, \
                or several without one being named, are assigned to the machine.",
        fix: &[
            "Ask by hand on the runner: `curl -sS -H Metadata:true 'http://169.254.169.254/metadata/identity/oauth2/token?api-version=2018-02-01&resource=https://management.azure.com/'`",
            "Assign one, to a scale set by `vmss` instead of `vm`: `az vm identity assign --resource-group <group> --name <machine>`",
            "With several user-assigned identities, name one by `client-id`",
            "On a hosted runner, sign in by a federated credential",
        ],
        link: "https://learn.microsoft.com/azure/container-registry/container-registry-authentication-managed-identity",
    }

    ENTRA_RESOURCE_MISSING {
        id: "entra-resource-missing",
        severity: Severity::Error,
        verdict: Verdict::Breaks,
        symptoms: &[
            Entra(500011),
            Entra(50001),
            Entra(70011),
            Entra(1002012),
            Entra(28002),
            Entra(28003),
            Entra(650052),
            Entra(650057),
            Entra(700022),
            Entra(700023),
            SaysOfEntra(&[
                "resource principal named … was not found in the tenant",
                "invalid_resource",
                "invalid_scope",
            ]),
        ],
        title: "the tenant does not know what the token is for",
        cause: "The scope or resource asked for has no service principal in the tenant, is misspelt, or belongs to another cloud.",
        fix: &[
            "For a registry the scope is https://containerregistry.azure.net/.default, or that of Azure Resource Manager in its cloud: https://management.azure.com/.default",
            "Check the tenant and cloud: `az account show --query '[environmentName,tenantId]'`",
        ],
        link: "https://learn.microsoft.com/entra/identity-platform/reference-error-codes",
    }

    ENTRA_REJECTED {
        id: "entra-rejected",
        severity: Severity::Error,
        verdict: Verdict::Breaks,
        symptoms: &[],
        title: "Entra ID refused the sign-in",
        cause: "It answered with a code that is not listed here; its own words say more.",
        fix: &[
            "Look the number up: https://login.microsoftonline.com/error",
            "Find the attempt in the tenant's sign-in logs by its trace id or correlation id",
        ],
        link: "https://learn.microsoft.com/entra/identity-platform/reference-error-codes",
    }
}
