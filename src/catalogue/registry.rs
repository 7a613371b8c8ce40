//! Failures of the sign-in to the registry itself.

use super::Symptom::{Code, CodeOfRegistry, Entra, Says, SaysOfEntra, SaysOfRegistry};
use super::{Family, Severity, Verdict, failures};

failures! {
    family: Family::RegistrySignIn,

    REGISTRY_REJECTS_IDENTITY {
        id: "registry-rejects-identity",
        severity: Severity::Error,
        verdict: Verdict::Breaks,
        symptoms: &[
            Code("CONNECTIVITY_REFRESH_TOKEN_ERROR"),
            Code("CONNECTIVITY_ACCESS_TOKEN_ERROR"),
            SaysOfRegistry(&[
                "Response code: 401",
                "rejected token exchange",
                "token exchange … 401 … acr",
                "retrieving permissions failed … denied",
                "denied … retrieving permissions failed",
                "oauth2/exchange … 401",
                "oauth2/exchange … unauthorized",
                "failed to exchange … token",
                "exchange … refresh token … 401",
                "exchanging … token",
                "Unable to get AAD authorization tokens",
                "could not exchange",
                "exchange … UNAUTHORIZED … refresh token",
                "status code 401 from exchange",
                "token exchange endpoint returned error status: 401",
                "error logging into ACR",
            ]),
        ],
        title: "the registry does not accept this identity",
        cause: "Entra ID issued a token, and the registry gave none for it: the identity has no role on the registry, belongs to \
                another tenant, or its role is minutes old.",
        fix: &[
            "See its roles: `az role assignment list --assignee {client-id} --include-inherited --scope \"$(az acr show --name {registry} --query id --output tsv)\" --output table`",
            "Give it one, which takes some minutes to work: `az role assignment create --assignee {client-id} --role {role} --scope \"$(az acr show --name {registry} --query id --output tsv)\"`",
            "Compare the tenants, on both sides: `az account show --query tenantId`",
        ],
        link: "https://learn.microsoft.com/azure/container-registry/container-registry-health-error-reference#connectivity_refresh_token_error",
    }

    ARM_AUDIENCE_REFUSED {
        id: "arm-audience-refused",
        severity: Severity::Error,
        verdict: Verdict::Breaks,
        symptoms: &[
            SaysOfRegistry(&[
                "UNAUTHORIZED … token validation failed",
                "unauthorized: token validation failed",
                "authenticationAsArm … disabled",
                "authentication-as-arm … disabled",
            ]),
        ],
        title: "the registry refuses tokens made for Azure Resource Manager",
        cause: "Its policy accepts Entra tokens for the audience https://containerregistry.azure.net alone, and the tool in use, such \
                as an older azure-cli, asked for one of Azure Resource Manager.",
        fix: &[
            "See the policy: `az acr config authentication-as-arm show --registry {registry}`",
            "Update the tool: azure-cli asks for the right audience in current versions: `az upgrade`",
            "Or accept both: `az acr config authentication-as-arm update --registry {registry} --status enabled`",
        ],
        link: "https://learn.microsoft.com/azure/container-registry/container-registry-disable-authentication-as-arm",
    }

    ADMIN_DISABLED {
        id: "admin-disabled",
        severity: Severity::Error,
        verdict: Verdict::Breaks,
        symptoms: &[
            Code("UnAuthorizedForCredentialOperations"),
            Says(&[
                "admin user is disabled",
                "Failed to retrieve credentials for container registry",
                "admin user is not enabled",
                "admin user … not enabled … registry",
                "enable admin user",
                "container registries with admin enabled",
                "container registries with admin user enabled",
                "admin user must be enabled",
                "admin user to be enabled",
                "admin user needs to be enabled",
                "admin user account is disabled",
                "admin user is required",
                "admin user isn't enabled",
                "admin access is not enabled",
                "admin access is disabled",
                "admin access needs to be enabled",
                "az acr update … --admin-enabled true … to enable",
            ]),
            SaysOfRegistry(&[
                "admin user … disabled",
                "admin credentials … disabled",
                "admin … credentials … not enabled",
                "adminUserEnabled … false … credential",
            ]),
        ],
        title: "the registry's admin user is disabled",
        cause: "The job signs in with the registry's own name and password, and that account is switched off, as it is on every new \
                registry.",
        fix: &[
            "Sign in as a service principal or managed identity with AcrPush, or with a repository-scoped token: `az acr token create --registry {registry} --name ci --scope-map _repositories_push`",
            "Or, where nothing else will do, switch it on: `az acr update --name {registry} --admin-enabled true`",
        ],
        link: "https://learn.microsoft.com/azure/container-registry/container-registry-authentication#admin-account",
    }

    ADMIN_PASSWORD_WRONG {
        id: "admin-password-wrong",
        severity: Severity::Error,
        verdict: Verdict::Breaks,
        symptoms: &[],
        title: "the admin user's password is not the current one",
        cause: "The registry has two admin passwords, and what was sent is neither: it was regenerated, or changed on the way into the \
                CI system. A registry whose admin user is switched off may answer the same.",
        fix: &[
            "See whether the admin user is on: `az acr show --name {registry} --query adminUserEnabled`",
            "Read the current ones: `az acr credential show --name {registry} --query 'passwords[].value' --output tsv`",
            "Store one: `gh secret set ACR_PASSWORD`",
        ],
        link: "https://learn.microsoft.com/troubleshoot/azure/azure-container-registry/acr-authentication-errors",
    }

    TOKEN_PASSWORD_REJECTED {
        id: "token-password-rejected",
        severity: Severity::Error,
        verdict: Verdict::Breaks,
        symptoms: &[],
        title: "the repository-scoped token's password is refused",
        cause: "The token has up to two passwords, and what was sent is neither, or has expired; the registry does not say which. A new \
                password works after about a minute.",
        fix: &[
            "See the token: `az acr token show --registry {registry} --name {username} --query '[status,credentials.passwords]'`",
            "Make a new password: `az acr token credential generate --registry {registry} --name {username} --password1 --query 'passwords[0].value' --output tsv`",
            "Store it where the job reads it",
        ],
        link: "https://learn.microsoft.com/azure/container-registry/container-registry-token-based-repository-permissions",
    }

    TOKEN_PASSWORD_EXPIRED {
        id: "token-password-expired",
        severity: Severity::Error,
        verdict: Verdict::Breaks,
        symptoms: &[],
        title: "the repository-scoped token's password has expired",
        cause: "It was made with an end date, and that has passed.",
        fix: &[
            "Make a new one: `az acr token credential generate --registry {registry} --name {username} --password1 --expiration-in-days 90 --query 'passwords[0].value' --output tsv`",
            "Store it where the job reads it",
        ],
        link: "https://learn.microsoft.com/azure/container-registry/container-registry-token-based-repository-permissions#regenerate-token-passwords",
    }

    TOKEN_DISABLED {
        id: "token-disabled",
        severity: Severity::Error,
        verdict: Verdict::Breaks,
        symptoms: &[],
        title: "the repository-scoped token is disabled",
        cause: "Its status in the registry is disabled, so none of its passwords is accepted.",
        fix: &[
            "Switch it on: `az acr token update --registry {registry} --name {username} --status enabled`",
        ],
        link: "https://learn.microsoft.com/azure/container-registry/container-registry-token-based-repository-permissions",
    }

    WRONG_USERNAME {
        id: "wrong-username",
        severity: Severity::Error,
        verdict: Verdict::Breaks,
        symptoms: &[
            Says(&[
                "client id must be guid",
            ]),
            SaysOfRegistry(&[
                "aad access token with sp failed",
                "username must be 00000000",
            ]),
        ],
        title: "the user name does not fit the password",
        cause: "A token from `az acr login --expose-token` belongs to the user 00000000-0000-0000-0000-000000000000, a client secret to \
                the application's client id, an admin password to the registry's name.",
        fix: &[
            "With an exposed token: `docker login {login-server} --username 00000000-0000-0000-0000-000000000000 --password-stdin`",
            "With a client secret: `docker login {login-server} --username <client-id> --password-stdin`",
            "With an admin password, the user is {registry}",
        ],
        link: "https://learn.microsoft.com/azure/container-registry/container-registry-authentication#az-acr-login-with---expose-token",
    }

    LOGIN_EXPIRED {
        id: "login-expired",
        severity: Severity::Error,
        verdict: Verdict::Breaks,
        symptoms: &[
            Code("ExpiredAuthenticationToken"),
            Entra(700082),
            Entra(70008),
            Entra(70043),
            Entra(700084),
            Entra(50173),
            Entra(50089),
            Entra(50133),
            Entra(50013),
            Says(&[
                "access token expiry UTC time",
                "(unexpired) Authorization Tokens",
                "credentials have not been set up or have expired",
                "(unexpired) Azure CLI Auth Tokens",
            ]),
            SaysOfRegistry(&[
                "access token has expired",
                "access token is expired",
                "token … has expired",
                "token is expired",
                "token expired",
                "credentials … expired",
            ]),
            SaysOfEntra(&[
                "access token has expired",
                "access token is expired",
                "refresh token has expired",
                "refresh token is expired",
                "token has expired",
                "token is expired",
                "credentials have expired",
                "session has expired",
                "Lifetime validation failed … expired",
                "login … has expired",
                "No cached token … expired",
            ]),
        ],
        title: "the login has expired",
        cause: "The token of an earlier sign-in has reached its end: a registry login by Entra ID lives three hours, a user's sign-in ends \
                after inactivity or a changed password.",
        fix: &[
            "Sign in again, to Azure and then right before the step that needs it: `az acr login --name {registry}`",
            "In a pipeline, sign in as an application in each job and keep no token between jobs",
        ],
        link: "https://learn.microsoft.com/azure/container-registry/container-registry-troubleshoot-login-authn-authz#check-that-credentials-arent-expired",
    }

    UNAUTHORIZED {
        id: "unauthorized",
        severity: Severity::Error,
        verdict: Verdict::Breaks,
        symptoms: &[
            Says(&[
                "unauthorized: authentication required",
                "authentication required. Correlation ID",
                "aad retrieve token failed",
                "not authorized to perform this operation: server returned 401",
            ]),
            CodeOfRegistry("UNAUTHORIZED"),
            SaysOfRegistry(&[
                "unauthorized",
                "authentication required",
                "authentication is required",
                "failed to authorize",
                "login attempt … 401",
                "unexpected status … 401",
                "invalid username/password",
                "incorrect username or password",
                "wrong username or password",
                "invalid username or password",
                "authentication failed",
                "unauthenticated",
                "http status … 401",
                "is not accessible. Please check the image and registry credential",
                "aka.ms/acr/authorization",
                "not authorized",
                "verify docker image configuration and credentials",
                "unable to retrieve auth token",
                "confirm your credentials are correct",
                "make sure your credentials for",
                "check … credentials",
                "verify … credentials",
                "unsupported status code 401",
                "error type: 401",
                "status code 401 … authentic",
                "Failed to load … from azurecr",
                "authorization failed",
                "azurecr … 401",
                "credentials … are invalid",
                "invalid credentials",
            ]),
        ],
        title: "the registry answers 401 and does not say why",
        cause: "It says the same to a missing login, an expired one, a wrong password, a host name in upper case, and a missing right to \
                pull or push.",
        fix: &[
            "Let the check tell which it is, with the job's own credential: `acr-preflight check --registry {login-server} --images {repository}`",
            "Log in in the same job, before the push or pull: `az acr login --name {registry}`",
            "See the identity's roles: `az role assignment list --assignee {client-id} --include-inherited --scope \"$(az acr show --name {registry} --query id --output tsv)\" --output table`",
        ],
        link: "https://learn.microsoft.com/troubleshoot/azure/azure-container-registry/authentication-required",
    }

    ANONYMOUS_PULL_BLOCKED {
        id: "anonymous-pull-blocked",
        severity: Severity::Error,
        verdict: Verdict::Breaks,
        symptoms: &[
            Says(&[
                "failed to fetch anonymous token",
            ]),
            SaysOfRegistry(&[
                "falling back on anonymous",
                "fetch anonymous token … 401",
                "anonymous … not allowed",
                "anonymous … unauthorized",
                "anonymous pull … not enabled",
                "failed to get anonymous … token",
                "anonymous access … denied",
            ]),
        ],
        title: "the registry gives nothing to clients that are not signed in",
        cause: "The client had no credentials for this registry and asked anonymously, and anonymous pull is not enabled there.",
        fix: &[
            "Sign in before the pull: `az acr login --name {registry}`",
            "In Kubernetes, name an `imagePullSecret` or attach the registry: `az aks update --name <cluster> --resource-group <group> --attach-acr {registry}`",
            "Or, for content that is public, allow it (Standard and Premium): `az acr update --name {registry} --anonymous-pull-enabled true`",
        ],
        link: "https://learn.microsoft.com/azure/container-registry/anonymous-pull-access",
    }
}
