//! Failures of what the CI system handed over.

use super::Symptom::{Entra, Says, SaysOfEntra, SaysOfRegistry};
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
            Says("Not all values are present. Ensure"),
            Says("Not all parameters are provided in 'creds'"),
            Says("Cannot perform an interactive login from a non TTY device"),
            Says("Username and password required"),
            Says("Please also specify username if password is specified"),
            SaysOfRegistry("no username present in auth config"),
            SaysOfEntra("missing environment variable AZURE_"),
        ],
        title: "a value that the job needs is empty",
        cause: "The secret or variable behind it does not exist under that name, belongs to an environment that the job \
                does not name, or is withheld: runs from forks and from Dependabot get no repository secrets.",
        fix: &[
            "See which names exist: `gh secret list` (for an environment: `gh secret list --env <environment>`), and compare them letter by letter with the workflow",
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
            Says("Content is not a valid JSON object"),
            Says("creds … is not valid JSON"),
        ],
        title: "a value has a form that cannot be right",
        cause: "It is not what its place asks for: not a GUID, not the JSON that `creds` holds, white space, a line break \
                or quotes around a secret, or two inputs that exclude each other.",
        fix: &[
            "Store the value again without quotes and without a line break at its end: `printf %s \"$VALUE\" | gh secret set AZURE_CLIENT_SECRET`",
            "The client id and the tenant id are GUIDs: `az ad sp show --id {client-id} --query appId --output tsv`, `az account show --query tenantId --output tsv`",
            "`creds` is one JSON object with clientId, clientSecret, tenantId and subscriptionId",
        ],
        link: "https://learn.microsoft.com/azure/container-registry/container-registry-troubleshoot-login-authn-authz#confirm-credentials-to-access-registry",
    }

    REGISTRY_NAME_INVALID {
        id: "registry-name-invalid",
        severity: Severity::Error,
        verdict: Verdict::Invalid,
        symptoms: &[
            Says("login server suffix is not valid for the current cloud"),
            Says("Registry names may contain only alpha numeric characters"),
            SaysOfRegistry("repository name must be lowercase"),
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
            SaysOfRegistry("invalid reference format"),
            SaysOfRegistry("could not parse reference"),
            SaysOfRegistry("couldn't parse image name"),
            SaysOfRegistry("InvalidImageName"),
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
            Says("push refers to repository [docker.io/library/ … denied"),
        ],
        title: "the image's name has no registry in it, so Docker Hub was asked",
        cause: "Docker reads a reference without a host as one of Docker Hub, and there the repository does not exist or \
                belongs to someone else.",
        fix: &[
            "Write the login server in front of the image: `docker tag {image} {login-server}/{repository}` and push that name",
            "Where the host comes from a variable, print it: an empty one leaves a reference without a host",
        ],
        link: "https://learn.microsoft.com/azure/container-registry/container-registry-get-started-docker-cli#push-the-image-to-your-registry",
    }
}
