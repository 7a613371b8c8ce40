//! Failures of federated credentials: the OIDC token of a CI system in place of a secret.

use crate::catalogue::Symptom::{Entra, Says, SaysOfEntra};
use crate::catalogue::{Family, Severity, Verdict, failures};

failures! {
    family: Family::SignIn,

    FEDERATED_TOKEN_UNAVAILABLE {
        id: "federated-token-unavailable",
        severity: Severity::Error,
        verdict: Verdict::Breaks,
        symptoms: &[
            Entra(50027),
            Says(&[
                "Unable to get ACTIONS_ID_TOKEN_REQUEST",
                "ACTIONS_ID_TOKEN_REQUEST_URL … not set",
                "ACTIONS_ID_TOKEN_REQUEST_URL env variable",
                "write permissions to id-token",
                "id-token: write … permission",
                "Failed to fetch federated token",
                "failed to fetch … OIDC token",
                "Failed to get ID token … OIDC",
                "OIDC token not found",
                "oidcToken field not detected",
                "unable to obtain OIDC token",
                "failed to get OIDC",
                "OIDC token … unavailable",
                "getIDToken … failed … OIDC",
                "unsupported protocol scheme … AzureADTokenExchange … token",
                "audience=api://AzureADTokenExchange … unsupported protocol scheme",
                "OIDC … could not get",
                "could not get OIDC token",
                "failed to get federated token",
                "failed to retrieve federated token",
                "could not retrieve … OIDC token",
                "oidcToken … undefined",
                "azure-identity-token: no such file",
                "no such file … azure-identity-token",
            ]),
            SaysOfEntra(&[
                "no token file specified",
                "WorkloadIdentityCredential … AZURE_FEDERATED_TOKEN_FILE",
                "OIDC … token … request failed",
                "Error Code … OIDC",
                "failed to retrieve … federated token",
            ]),
        ],
        title: "the CI system gives the job no OIDC token",
        cause: "The job may not ask for one, or asking failed: on GitHub the permission `id-token: write` is missing or withheld, as \
                for pull requests from forks; in Azure Pipelines the service connection is not open to this pipeline.",
        fix: &[
            "On GitHub, give it to the job: `permissions: { id-token: write, contents: read }`; a called workflow needs it from its caller too",
            "For pull requests from forks, skip the step: they never get one",
            "In Azure Pipelines, name the right service connection, permit the pipeline to use it, and map `SYSTEM_ACCESSTOKEN: $(System.AccessToken)`",
        ],
        link: "https://docs.github.com/actions/security-for-github-actions/security-hardening-your-deployments/configuring-openid-connect-in-azure",
    }

    FEDERATED_CREDENTIAL_MISSING {
        id: "federated-credential-missing",
        severity: Severity::Error,
        verdict: Verdict::Breaks,
        symptoms: &[
            Entra(70025),
            Says(&[
                "has no configured federated identity credentials",
            ]),
        ],
        title: "the application has no federated credential",
        cause: "The job presented an OIDC token, and the application or managed identity behind the client id trusts no issuer at all.",
        fix: &[
            "Register the job's issuer and subject: `jq -n --arg issuer {issuer} --arg subject {subject} --arg audience {audience} '{name: \"ci\", $issuer, $subject, audiences: [$audience]}' | az ad app federated-credential create --id {client-id} --parameters @-`",
            "For a managed identity: `az identity federated-credential create --name ci --identity-name <identity> --resource-group <group> --issuer {issuer} --subject {subject} --audiences {audience}`",
            "Or the client id is that of another application: `az ad app federated-credential list --id {client-id} --output table`",
        ],
        link: "https://learn.microsoft.com/entra/workload-id/workload-identity-federation-create-trust",
    }

    FEDERATED_ISSUER_MISMATCH {
        id: "federated-issuer-mismatch",
        severity: Severity::Error,
        verdict: Verdict::Breaks,
        symptoms: &[
            Entra(700211),
            Says(&[
                "federated identity record found for presented assertion issuer",
            ]),
        ],
        title: "no federated credential has this issuer",
        cause: "The application trusts other issuers than the one that signed the job's token; they are compared letter by letter, a \
                slash at the end counts.",
        fix: &[
            "See what is registered: `az ad app federated-credential list --id {client-id} --query '[].[name,issuer,subject]' --output table`",
            "Register the one presented: `jq -n --arg issuer {issuer} --arg subject {subject} --arg audience {audience} '{name: \"ci\", $issuer, $subject, audiences: [$audience]}' | az ad app federated-credential create --id {client-id} --parameters @-`",
            "In Azure DevOps, edit and save the service connection: that updates the issuer",
        ],
        link: "https://learn.microsoft.com/azure/devops/pipelines/release/troubleshoot-workload-identity#check-the-issuer-url-for-accuracy",
    }

    FEDERATED_SUBJECT_MISMATCH {
        id: "federated-subject-mismatch",
        severity: Severity::Error,
        verdict: Verdict::Breaks,
        symptoms: &[
            Entra(700213),
            Entra(7002138),
            Entra(70021),
            Says(&[
                "No matching federated identity record found",
            ]),
        ],
        title: "no federated credential has this subject",
        cause: "The subject of the job's token follows from repository, branch, tag, pull request or environment, and must equal the \
                registered one letter by letter; GitHub writes the ids of owner and repository into it for newer repositories.",
        fix: &[
            "See what is registered: `az ad app federated-credential list --id {client-id} --query '[].[name,issuer,subject]' --output table`",
            "Register the one presented: `jq -n --arg issuer {issuer} --arg subject {subject} --arg audience {audience} '{name: \"ci\", $issuer, $subject, audiences: [$audience]}' | az ad app federated-credential create --id {client-id} --parameters @-`",
            "Or make the job present a registered one: a job with `environment:` has that environment in its subject, whatever its branch",
            "A credential made minutes ago may not be known everywhere yet: run again",
        ],
        link: "https://docs.github.com/actions/reference/security/oidc",
    }

    FEDERATED_AUDIENCE_MISMATCH {
        id: "federated-audience-mismatch",
        severity: Severity::Error,
        verdict: Verdict::Breaks,
        symptoms: &[
            Entra(700212),
            Says(&[
                "federated identity record found for presented assertion audience",
            ]),
        ],
        title: "no federated credential has this audience",
        cause: "The job asked for its token with another audience than the registered one, which is as a rule \
                api://AzureADTokenExchange.",
        fix: &[
            "Ask with the usual one: input `audience: api://AzureADTokenExchange` (China: api://AzureADTokenExchangeChina, US Government: api://AzureADTokenExchangeUSGov)",
            "Or let the federated credential expect {audience}; see what stands there: `az ad app federated-credential list --id {client-id} --query '[].[name,audiences]' --output json`",
        ],
        link: "https://learn.microsoft.com/entra/workload-id/workload-identity-federation-create-trust",
    }

    FEDERATED_TOKEN_EXPIRED {
        id: "federated-token-expired",
        severity: Severity::Error,
        verdict: Verdict::Breaks,
        symptoms: &[
            Entra(700024),
            Entra(500133),
            SaysOfEntra(&[
                "Client assertion is not within its valid time range … authentic",
                "OIDC token … expired",
                "federated token … expired",
                "id_token … expired",
            ]),
        ],
        title: "the job's OIDC token is outside its time",
        cause: "Such a token lives for minutes (GitHub: five, Azure Pipelines: ten), and it was used later, or the clock of one side \
                is wrong.",
        fix: &[
            "Sign in right before the step that needs it, and again before a later one",
            "In Azure Pipelines, fetch tokens at the start of the AzureCLI task, or set `keepAzSessionActive: true`",
            "Check the clock of a self-hosted runner: `date -u`",
        ],
        link: "https://learn.microsoft.com/azure/devops/pipelines/release/troubleshoot-workload-identity#error-messages",
    }

    FEDERATED_POLICY_BLOCKED {
        id: "federated-policy-blocked",
        severity: Severity::Error,
        verdict: Verdict::Breaks,
        symptoms: &[
            Entra(700223),
            Entra(700238),
            Entra(7002381),
            Entra(70052),
            Entra(700229),
            Says(&[
                "federated … not allowed by … policy",
                "federated identity credential … blocked",
            ]),
        ],
        title: "the tenant's policy forbids this federation",
        cause: "Federated sign-in is switched off, or allowed for other issuers, enterprises or kinds of identity than this one.",
        fix: &[
            "Ask the tenant's administrator to allow the issuer {issuer} for workload identity federation",
            "Or use a managed identity with a federated credential where the policy allows that",
            "Where the policy wants an enterprise claim, run the workflow in a repository of that GitHub enterprise",
        ],
        link: "https://learn.microsoft.com/azure/devops/pipelines/release/troubleshoot-workload-identity#verify-that-workload-identity-federation-is-active",
    }
}
