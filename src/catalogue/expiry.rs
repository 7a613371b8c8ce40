//! Failures to come: how long the credential still lives.

use super::{Family, Severity, Verdict, failures};

failures! {
    family: Family::Expiry,

    SECRET_EXPIRING {
        id: "secret-expiring",
        severity: Severity::Warning,
        verdict: Verdict::Breaks,
        symptoms: &[],
        title: "the client secret expires soon",
        cause: "Its end date in Entra ID is near; from that moment on every sign-in with it fails.",
        fix: &[
            "Make its successor: `az ad app credential reset --id {client-id} --append --display-name ci --years 1 --query password --output tsv`",
            "Store it, in Azure DevOps by editing the service connection: `gh secret set AZURE_CLIENT_SECRET`",
            "Once no job uses the old one, remove it: `az ad app credential delete --id {client-id} --key-id {key-id}`",
        ],
        link: "https://learn.microsoft.com/troubleshoot/azure/azure-container-registry/acr-authentication-errors",
    }

    SECRET_EXPIRY_UNKNOWN {
        id: "secret-expiry-unknown",
        severity: Severity::Notice,
        verdict: Verdict::Breaks,
        symptoms: &[],
        title: "nobody could say when the client secret expires",
        cause: "Only Microsoft Graph knows the end date of a secret, and it did not tell this identity.",
        fix: &[
            "Give the date as input `secret-expires-on`: `az ad app credential list --id {client-id} --query '[].[displayName,endDateTime]' --output table`",
            "Or grant the application Microsoft Graph's Application.Read.All, with an administrator's consent: `az ad app permission add --id {client-id} --api 00000003-0000-0000-c000-000000000000 --api-permissions 9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30=Role && az ad app permission admin-consent --id {client-id}`",
            "Or use a federated credential, which has no secret to expire",
        ],
        link: "https://learn.microsoft.com/graph/api/application-get",
    }

    CERTIFICATE_EXPIRING {
        id: "certificate-expiring",
        severity: Severity::Warning,
        verdict: Verdict::Breaks,
        symptoms: &[],
        title: "the client certificate expires soon",
        cause: "Its not-after date is near; from that moment on Entra ID accepts no assertion signed with it.",
        fix: &[
            "Make its successor and register it beside the old one: `az ad app credential reset --id {client-id} --append --create-cert --years 1`",
            "Store the new file where the job reads it, then remove the old one: `az ad app credential delete --id {client-id} --cert --key-id {key-id}`",
        ],
        link: "https://learn.microsoft.com/entra/identity-platform/certificate-credentials",
    }

    TOKEN_PASSWORD_EXPIRING {
        id: "token-password-expiring",
        severity: Severity::Warning,
        verdict: Verdict::Breaks,
        symptoms: &[],
        title: "the repository-scoped token's password expires soon",
        cause: "It was made with an end date, and that is near.",
        fix: &[
            "Make the second password while the first still works: `az acr token credential generate --registry {registry} --name {username} --password2 --expiration-in-days 90 --query 'passwords[1].value' --output tsv`",
            "Store it where the job reads it",
        ],
        link: "https://learn.microsoft.com/azure/container-registry/container-registry-token-based-repository-permissions#regenerate-token-passwords",
    }

    LOGIN_EXPIRING {
        id: "login-expiring",
        severity: Severity::Warning,
        verdict: Verdict::Breaks,
        symptoms: &[],
        title: "the token ends before a longer build would",
        cause: "It ends within half an hour, and the job holds nothing with which it could be renewed.",
        fix: &[
            "Sign in right before the push: `az acr login --name {registry}`",
            "Or give the job a credential instead of a token, so that it can sign in when it needs to",
        ],
        link: "https://learn.microsoft.com/azure/container-registry/container-registry-troubleshoot-login-authn-authz#check-that-credentials-arent-expired",
    }
}
