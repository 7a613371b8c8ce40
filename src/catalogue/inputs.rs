//! Failures of what the CI system handed over.

use super::Symptom::{CodeOfRegistry, Entra, Says, SaysOfDockerHub, SaysOfEntra, SaysOfRegistry};
use super::{Family, Severity, Verdict, failures};

failures! {
    family: Family::Inputs,

    INPUT_MISSING {
        id: "input-missing",
        severity: Severity::Error,
        verdict: Verdict::Invalid,
        symptoms: &[
            Entra(7000216),
            Entra(7000218),
            Entra(900144),
            Entra(90014),
            Says(&[
                "Not all values are present. Ensure",
                "Ensure subscriptionId is supplied",
                "usage error: --service-principal --username",
                "Docker registry service connection not specified",
                "Not all values are present in the creds object",
                "Not all parameters are provided in 'creds'",
                "Cannot perform an interactive login from a non TTY device",
                "perform an interactive login from a non-TTY device",
                "Username and password required",
                "Must provide --username with --password-stdin",
                "username/password required",
                "login … Username: EOF",
                "getting username and password: reading",
                "Please also specify username if password is specified",
                "Please specify both username and password in non-interactive mode",
                "argument --password/-p: expected one argument",
                "argument --username/-u: expected one argument",
                "needs an argument: 'p' in -p",
                "needs an argument: 'u' in -u",
                "Input required and not supplied: creds",
                "Input required and not supplied: username",
                "Input required and not supplied: password",
                "Input required: azureSubscription",
                "Input required: connectedService",
                "Input required: containerRegistry",
                "Endpoint auth data not present",
                "The service connection does not exist, has been disabled",
                "a Client ID must be configured when authenticating as a Service Principal",
                "a Client Secret must be configured when authenticating as a Service Principal",
                "a Tenant ID must be configured when authenticating as a Service Principal",
                "client_id should be the id of",
                "secret should be a Microsoft Entra application's client secret",
                "tenant_id should be a Microsoft Entra tenant's id",
                "ClientSecretCredential … required parameter",
                "Must provide non-null values for … ClientSecretCredential",
                "secret can't be empty string",
                "EnvironmentCredential is unavailable. No underlying credential",
                "EnvironmentCredential: missing environment variable",
                "EnvironmentCredential authentication unavailable. Environment variables are not fully configured",
            ]),
            SaysOfRegistry(&[
                "no username present in auth config",
                "no password present in auth config",
                "username is empty",
                "password is empty",
            ]),
            SaysOfEntra(&[
                "missing environment variable AZURE_ … client",
                "Please provide a client secret",
                "client secret is required",
                "client_id is required",
            ]),
        ],
        title: "a value that the job needs is empty",
        cause: "The secret or variable behind it does not exist under that name, belongs to an environment that the job \
                does not name, or is withheld: runs from forks and from Dependabot get no repository secrets.",
        fix: &[
            "Compare the names letter by letter with the workflow, those of an environment by `--env <environment>`: `gh secret list`",
            "For a secret of an environment, name it in the job: `environment: <environment>`",
            "For Dependabot, store the secret for it too: `gh secret set AZURE_CLIENT_SECRET --app dependabot`",
            "For pull requests from forks, skip the step: `if: github.event.pull_request.head.repo.full_name == github.repository`",
            "In Azure Pipelines, link the variable group and hand a secret variable to the step by `env:`; a name that stays `$(name)` in the log is not defined",
        ],
        link: "https://learn.microsoft.com/azure/container-registry/container-registry-troubleshoot-login-authn-authz#confirm-credentials-to-access-registry",
    }

    INPUT_MALFORMED {
        id: "input-malformed",
        severity: Severity::Error,
        verdict: Verdict::Invalid,
        symptoms: &[
            Says(&[
                "Content is not a valid JSON object",
                "for environment is passed. The list of supported values",
                "for authentication type is passed. The list of supported values",
                "creds … is not valid JSON",
                "creds … Unexpected token … in JSON",
                "docker login requires at most 1 argument",
                "\"docker login\" accepts at most 1 arg",
                "Invalid tenantID. You can locate your tenant",
                "Invalid tenant id provided. You can locate your tenant",
                "The tenant id parameter is not a valid GUID",
            ]),
            SaysOfRegistry(&[
                "invalid header field value for \"Authorization\"",
                "illegal base64 data",
                "dockerconfigjson … Invalid value",
                "invalid dockerconfigjson",
            ]),
            SaysOfEntra(&[
                "unable to parse … credentials",
            ]),
        ],
        title: "a value has a form that cannot be right",
        cause: "It is not what its place asks for: not a GUID, not the JSON that `creds` holds, white space, a line break \
                or quotes around a secret, or two inputs that exclude each other.",
        fix: &[
            "See what each input takes: `acr-preflight --help`",
            "A secret is stored without quotes and without a line break at its end: `printf %s \"$VALUE\" | gh secret set AZURE_CLIENT_SECRET`",
            "The client id and the tenant id are GUIDs: `az ad sp list --display-name <name> --query '[].[appId,appOwnerOrganizationId]' --output tsv`",
            "`creds` is one JSON object with clientId, clientSecret, tenantId and subscriptionId",
        ],
        link: "https://learn.microsoft.com/azure/container-registry/container-registry-troubleshoot-login-authn-authz#confirm-credentials-to-access-registry",
    }

    REGISTRY_NAME_INVALID {
        id: "registry-name-invalid",
        severity: Severity::Error,
        verdict: Verdict::Invalid,
        symptoms: &[
            Says(&[
                "login server suffix is not valid for the current cloud",
                "registry name must use only lowercase",
                "registry name cannot contain dashes",
                "is not a recognized Azure Container Registry login server",
                "Registry names may contain only alpha numeric characters",
                "registry name … must conform to the following pattern",
                "registry name … is not valid",
                "alpha numeric characters only are allowed … azurerm_container_registry",
                "Microsoft.ContainerRegistry/registries … alpha numeric characters",
                "Microsoft.ContainerRegistry/registries … resource name must",
                "alpha numeric characters only are allowed …… azurerm_container_registry",
            ]),
            SaysOfRegistry(&[
                "repository name must be lowercase",
                "repository name … must be lowercase",
                "dial tcp: lookup https",
                "credentials key has https[s]:// prefix",
                "Could not recognize registry",
            ]),
        ],
        title: "the registry's name cannot be a login server",
        cause: "A login server is a lower-case host name such as contosoacr.azurecr.io, without scheme, port or path, under a \
                suffix that belongs to Azure Container Registry.",
        fix: &[
            "Take the name as Azure spells it: `az acr show --name {registry} --query loginServer --output tsv`",
            "In image references write the login server in lower case, whatever the case of the resource's name",
        ],
        link: "https://learn.microsoft.com/azure/container-registry/container-registry-troubleshoot-login-authn-authz#specify-correct-registry-name",
    }

    IMAGE_NAME_INVALID {
        id: "image-name-invalid",
        severity: Severity::Error,
        verdict: Verdict::Invalid,
        symptoms: &[
            CodeOfRegistry("NAME_INVALID"),
            CodeOfRegistry("TAG_INVALID"),
            Says(&["The acceptable patterns are 'repository' or 'repository:tag'"]),
            SaysOfRegistry(&[
                "invalid reference format",
                "could not parse reference",
                "couldn't parse image",
                "parsing image name",
                "parsing reference",
                "InvalidImageName",
                "Failed to apply default image tag",
                "repository name component must match",
                "repository can only contain the … characters",
                "tag can only contain the … characters … repository name",
                "repository name must have at least one component",
                "invalid repository name",
                "repository name not canonical",
                "invalid_reference",
                "is not a valid image name",
                "not a valid repository/tag",
                "invalid image reference",
            ]),
        ],
        title: "the image's name breaks the rules for references",
        cause: "A repository has lower-case letters, digits and . _ - / only, and a tag at most 128 letters, digits and . _ - \
                without a leading dot or dash; an empty variable in the reference breaks it too.",
        fix: &[
            "Print the reference before it is used and look for upper case, a double slash, spaces or an empty part: `echo \"[$IMAGE]\"`",
            "Make a branch name fit for a tag: `echo \"$BRANCH\" | tr 'A-Z/' 'a-z-'`",
        ],
        link: "https://learn.microsoft.com/azure/container-registry/container-registry-concepts#repository",
    }

    IMAGE_REF_NOT_ACR {
        id: "image-ref-not-acr",
        severity: Severity::Error,
        verdict: Verdict::Breaks,
        symptoms: &[
            SaysOfDockerHub(&[
                "requested access to the resource is denied",
                "pull access denied for",
                "push access denied",
                "insufficient_scope: authorization failed",
                "requested access … unauthorized",
            ]),
        ],
        title: "the image's name has no registry in it, so Docker Hub was asked",
        cause: "Docker reads a reference without a host as one of Docker Hub, and there the repository does not exist or \
                belongs to someone else.",
        fix: &[
            "Write the login server in front of the image, and push that name: `docker tag {image} {login-server}/{repository}`",
            "Where the host comes from a variable, print it: an empty one leaves a reference without a host",
        ],
        link: "https://learn.microsoft.com/azure/container-registry/container-registry-get-started-docker-cli#push-the-image-to-your-registry",
    }
}
