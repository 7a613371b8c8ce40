//! Failures of the way to Entra ID, of tenant and application, and of secrets and certificates.

use super::certificate_wordings::NO_CERTIFICATE;
use crate::catalogue::Symptom::{Code, Entra, Says, SaysOfEntra, SaysOfRegistry};
use crate::catalogue::network_wordings::NO_CONNECTION;
use crate::catalogue::translated;
use crate::catalogue::{Family, Severity, Verdict, failures};

failures! {
    family: Family::SignIn,

    ENTRA_UNREACHABLE {
        id: "entra-unreachable",
        severity: Severity::Error,
        verdict: Verdict::Undetermined,
        symptoms: &[
            Says(&[
                "Please ensure you have network connection … microsoftonline",
            ]),
            SaysOfEntra(NO_CONNECTION),
            SaysOfEntra(translated::NO_CONNECTION),
            SaysOfEntra(&[
                "could not resolve endpoints … authority",
                "endpoints_resolution_error",
                "endpoints cannot be resolved",
                "network_error … authority",
                "ServiceRequestError … authentic",
                "Unable to get authority configuration … timed out",
            ]),
        ],
        title: "Entra ID cannot be reached",
        cause: "The sign-in host of the cloud does not resolve, or connections to its port 443 are refused, reset or never \
                answered: a firewall, a proxy or DNS stands between the runner and it.",
        fix: &[
            "Try from the runner: `curl -sS -o /dev/null -w '%{http_code}\\n' https://login.microsoftonline.com/{tenant-id}/v2.0/.well-known/openid-configuration`",
            "Allow port 443 to login.microsoftonline.com (China: login.chinacloudapi.cn, US Government: login.microsoftonline.us)",
            "Check that the cloud is the right one: `az cloud show --query name`",
        ],
        link: "https://learn.microsoft.com/entra/identity-platform/authentication-national-cloud",
    }

    TENANT_NOT_FOUND {
        id: "tenant-not-found",
        severity: Severity::Error,
        verdict: Verdict::Breaks,
        symptoms: &[
            Entra(90002),
            Entra(900023),
            Entra(90013),
            Entra(90019),
            Entra(90038),
            Entra(90051),
            Entra(50059),
            Entra(50128),
            Entra(900382),
            Entra(900432),
            Entra(50029),
            Entra(50049),
            Says(&[
                "Failed to resolve tenant",
            ]),
            SaysOfEntra(&[
                "Specified tenant identifier … is neither a valid DNS name",
                "invalid_tenant",
                "Unable to get authority configuration",
                "authority url must be of the format",
                "Authority would typically be in a format of",
                "check to make sure you have the correct tenant ID",
                "No tenant … found for tenant",
                "Invalid tenant",
            ]),
        ],
        title: "Entra ID knows no such tenant",
        cause: "The tenant id is misspelt, is not a GUID or a verified domain, or belongs to another cloud than the one that was \
                asked.",
        fix: &[
            "Read the id where the identity lives: `az account show --query tenantId --output tsv`",
            "Store it without quotes and line break: `gh variable set AZURE_TENANT_ID --body <tenant-id>`",
            "For a tenant in another cloud, choose that cloud by the input `cloud`, by `environment` of azure/login, or: `az cloud set --name AzureUSGovernment`",
        ],
        link: "https://learn.microsoft.com/entra/identity-platform/reference-error-codes",
    }

    TENANT_MISMATCH {
        id: "tenant-mismatch",
        severity: Severity::Error,
        verdict: Verdict::Breaks,
        symptoms: &[
            Code("InvalidAuthenticationTokenTenant"),
            Entra(50020),
            Entra(500213),
            Entra(500212),
            Entra(700005),
            Entra(90072),
            Says(&[
                "access token is from the wrong issuer",
                "must match the tenant … associated with this subscription",
                "subscription … is not in the same tenant … registry",
                "does not match the tenant … subscription",
                "not configured to acquire tokens for tenant",
            ]),
            SaysOfRegistry(&[
                "different tenant",
                "cross-tenant",
            ]),
            SaysOfEntra(&[
                "The access token … wrong issuer",
            ]),
        ],
        title: "the identity belongs to another tenant than the registry",
        cause: "The token was issued by one tenant, and the registry's subscription trusts another; tokens do not hold across \
                tenants.",
        fix: &[
            "See the registry's tenant: `az account show --subscription {subscription-id} --query tenantId --output tsv`",
            "Sign in to that tenant: `az login --service-principal --username {client-id} --tenant <tenant of the registry>`",
            "A multi-tenant application needs a service principal in the other tenant, made there: `az ad sp create --id {client-id}`",
        ],
        link: "https://learn.microsoft.com/troubleshoot/azure/azure-container-registry/acr-authentication-errors",
    }

    APP_NOT_FOUND {
        id: "app-not-found",
        severity: Severity::Error,
        verdict: Verdict::Breaks,
        symptoms: &[
            Entra(700016),
            Entra(70001),
            Entra(700011),
            Says(&[
                "Application not registered with AAD … unauthorized",
                "unauthorized: Application not registered",
                "at least one of the claims … should be present",
            ]),
            SaysOfEntra(&[
                "Application with identifier … was not found in the directory … tenant",
                "service principal … not found",
                "service principal … does not exist",
                "identity … application could not be established",
                "unauthorized_client … was not found",
            ]),
        ],
        title: "the application is not in this tenant",
        cause: "No application with this client id exists in the tenant that was asked: the client id is another value (such as an \
                object id), the tenant is another one, or the application was deleted.",
        fix: &[
            "Look for it in the tenant, where the client id is appId and not id: `az ad sp show --id {client-id} --query '[appId,id,displayName]'`",
            "Look under deleted ones: `az rest --method get --url 'https://graph.microsoft.com/v1.0/directory/deletedItems/microsoft.graph.application'`",
            "Or name the tenant where it lives in `tenant-id`",
        ],
        link: "https://learn.microsoft.com/entra/identity-platform/reference-error-codes",
    }

    SERVICE_PRINCIPAL_MISSING {
        id: "service-principal-missing",
        severity: Severity::Error,
        verdict: Verdict::Breaks,
        symptoms: &[
            Entra(7000229),
            SaysOfEntra(&[
                "missing service principal in the tenant",
                "service principal … missing in tenant",
            ]),
        ],
        title: "the application has no service principal in this tenant",
        cause: "The application is registered, but the object that stands for it in the tenant, its service principal, was never made \
                or was deleted.",
        fix: &[
            "Make it, in the tenant of the registry: `az ad sp create --id {client-id}`",
            "Give it its role again: `az role assignment create --assignee {client-id} --role {role} --scope \"$(az acr show --name {registry} --query id --output tsv)\"`",
        ],
        link: "https://learn.microsoft.com/entra/identity-platform/app-objects-and-service-principals",
    }

    APP_DISABLED {
        id: "app-disabled",
        severity: Severity::Error,
        verdict: Verdict::Breaks,
        symptoms: &[
            Entra(7000112),
            Entra(50057),
            Entra(1000031),
            SaysOfEntra(&[
                "service principal … is disabled",
                "unauthorized_client … is disabled",
            ]),
        ],
        title: "the application or account is disabled",
        cause: "Someone switched sign-in off for this service principal or user in the tenant.",
        fix: &[
            "See it: `az ad sp show --id {client-id} --query accountEnabled`",
            "Ask why it was disabled; then switch it on: `az ad sp update --id {client-id} --set accountEnabled=true`",
        ],
        link: "https://learn.microsoft.com/entra/identity/enterprise-apps/disable-user-sign-in-portal",
    }

    SECRET_INVALID {
        id: "secret-invalid",
        severity: Severity::Error,
        verdict: Verdict::Breaks,
        symptoms: &[
            Entra(7000215),
            Entra(70002),
            Says(&[
                "Invalid clientid or client secret",
                "Login failed. Please check the credentials",
                "error with the service principal used for the deployment",
                "failed to authenticate with Azure",
                "Could not fetch access token for Azure",
                "Failed to obtain the Json Web Token(JWT) using service principal",
            ]),
            SaysOfRegistry(&[
                "client secret … invalid",
            ]),
            SaysOfEntra(&[
                "invalid client secret",
                "invalid_client",
                "Verify if the Service Principal used is valid and not expired",
                "service principal … credentials … invalid",
                "client secret … is invalid",
            ]),
        ],
        title: "the client secret is not one of this application's",
        cause: "Entra ID compared it with the application's secrets and found none equal: it was deleted or replaced, belongs to \
                another application, or was changed on the way into the CI system.",
        fix: &[
            "See which secrets exist, and until when: `az ad app credential list --id {client-id} --query '[].[displayName,keyId,endDateTime]' --output table`",
            "Make a new one: `az ad app credential reset --id {client-id} --append --display-name ci --query password --output tsv`",
            "Store its value, not its id: `gh secret set AZURE_CLIENT_SECRET`",
        ],
        link: "https://learn.microsoft.com/troubleshoot/azure/azure-container-registry/acr-authentication-errors",
    }

    SECRET_ID_NOT_VALUE {
        id: "secret-id-not-value",
        severity: Severity::Error,
        verdict: Verdict::Breaks,
        symptoms: &[],
        title: "the secret's id was stored in place of its value",
        cause: "What was sent has the form of a GUID, as the id of a secret has and its value never; the portal shows both side by \
                side, and the value once only.",
        fix: &[
            "Make a new secret, for the old value cannot be read any more: `az ad app credential reset --id {client-id} --append --display-name ci --query password --output tsv`",
            "Store what that printed: `gh secret set AZURE_CLIENT_SECRET`",
        ],
        link: "https://learn.microsoft.com/entra/identity-platform/how-to-add-credentials",
    }

    SECRET_EXPIRED {
        id: "secret-expired",
        severity: Severity::Error,
        verdict: Verdict::Breaks,
        symptoms: &[
            Entra(7000222),
            Says(&[
                "client secret keys … are expired",
                "Secret expired, update service connection",
                "client secret … has expired",
                "client secret … is expired",
            ]),
            SaysOfRegistry(&[
                "service principal … expired",
            ]),
            SaysOfEntra(&[
                "service principal … has expired",
                "service principal … is expired",
                "secret … has expired",
                "expired … client secret",
            ]),
        ],
        title: "the client secret has expired",
        cause: "Entra ID refused it because its end date has passed; secrets live two years at most, and those of \
                `az ad sp create-for-rbac` one.",
        fix: &[
            "Make a new one: `az ad app credential reset --id {client-id} --append --display-name ci --years 1 --query password --output tsv`",
            "Store it, in Azure DevOps by editing the service connection: `gh secret set AZURE_CLIENT_SECRET`",
            "Remove the old one: `az ad app credential delete --id {client-id} --key-id {key-id}`",
            "Or end this for good with a federated credential, which has no secret: https://learn.microsoft.com/entra/workload-id/workload-identity-federation",
        ],
        link: "https://learn.microsoft.com/azure/container-registry/container-registry-troubleshoot-login-authn-authz#check-that-credentials-arent-expired",
    }

    CERTIFICATE_INVALID {
        id: "certificate-invalid",
        severity: Severity::Error,
        verdict: Verdict::Breaks,
        symptoms: &[
            Entra(700027),
            Entra(700030),
            Entra(50012),
            Entra(50003),
            Entra(700025),
            Says(&[
                "Failed to deserialize certificate in PEM or PKCS12",
                "IDW10109: All client certificates",
                "IDW10104: Both client secret and client certificate",
                "please use a valid PEM file",
                "certificate path does not contain a PEM-encoded certificate",
            ]),
            SaysOfEntra(NO_CERTIFICATE),
        ],
        title: "the client certificate cannot sign in",
        cause: "Its file or password is wrong, key and certificate do not belong together, or the application does not know this \
                certificate.",
        fix: &[
            "Look into the file (PKCS#12 by `pkcs12 -info`): `openssl x509 -in <file> -noout -subject -enddate -fingerprint -sha1`",
            "Compare with what the application knows: `az ad app credential list --id {client-id} --cert --query '[].[customKeyIdentifier,endDateTime]' --output table`",
            "Register it: `az ad app credential reset --id {client-id} --append --cert @<file with the certificate>`",
        ],
        link: "https://learn.microsoft.com/entra/identity-platform/certificate-credentials",
    }

    CERTIFICATE_EXPIRED {
        id: "certificate-expired",
        severity: Severity::Error,
        verdict: Verdict::Breaks,
        symptoms: &[
            Says(&[
                "certificate … used to sign … has expired",
                "client assertion … The key was expired … authentic",
                "AADSTS700027 … key used is expired",
                "certificate is not within its specified validity period",
            ]),
            SaysOfEntra(&[
                "client certificate … has expired",
                "client certificate … expired",
                "certificate credential … expired",
            ]),
        ],
        title: "the client certificate has expired",
        cause: "Its not-after date has passed, and Entra ID accepts no assertion signed with it.",
        fix: &[
            "Make a new one and register it: `az ad app credential reset --id {client-id} --append --create-cert --years 1`",
            "Store the new file where the job reads it, and remove the old one: `az ad app credential delete --id {client-id} --cert --key-id {key-id}`",
        ],
        link: "https://learn.microsoft.com/azure/container-registry/container-registry-troubleshoot-login-authn-authz#check-that-credentials-arent-expired",
    }
}
