//! Failures of what the identity may do, and of what is there to be pulled.

use super::Symptom::{Code, CodeOfRegistry, HintsOfRegistry, Says, SaysOfArm, SaysOfEntra, SaysOfRegistry};
use super::{Family, Severity, Verdict, failures};

failures! {
    family: Family::Access,

    NO_PULL_PERMISSION {
        id: "no-pull-permission",
        severity: Severity::Error,
        verdict: Verdict::Breaks,
        symptoms: &[
            Says(&[
                "Validating image pull permission: FAILED … identity",
            ]),
            SaysOfRegistry(&[
                "insufficient_scope",
                "insufficient scope … unauthor",
                "rejected token exchange … image pull permission",
                "does not have permission … denied",
                "denied: … permission",
                "acr permission … denied",
                "ACRPull … identity",
            ]),
            HintsOfRegistry(&[
                "requested access to the resource is denied",
                "pull access denied",
                "push access denied",
                "unable to pull image using Managed identity",
                "denied: access forbidden",
                "denied: access denied",
                "access … is denied",
                "code:DENIED",
            ]),
        ],
        title: "the identity may not pull",
        cause: "It signed in, and the token that the registry issued for the repository lacks the action pull: no role that allows it \
                reaches the registry, on a registry with ABAC none reaches this repository, or a token's scope map does not name it.",
        fix: &[
            "Allow it: `az role assignment create --assignee {client-id} --role AcrPull --scope \"$(az acr show --name {registry} --query id --output tsv)\"`",
            "On a registry with ABAC the role is another: `az role assignment create --assignee {client-id} --role 'Container Registry Repository Reader' --scope \"$(az acr show --name {registry} --query id --output tsv)\"`",
            "For a repository-scoped token, its scope map must name the repository: `az acr scope-map update --registry {registry} --name \"$(basename \"$(az acr token show --registry {registry} --name {username} --query scopeMapId --output tsv)\")\" --add-repository {repository} content/read`",
        ],
        link: "https://learn.microsoft.com/azure/container-registry/container-registry-rbac-built-in-roles-overview",
    }

    NO_PUSH_PERMISSION {
        id: "no-push-permission",
        severity: Severity::Error,
        verdict: Verdict::Breaks,
        symptoms: &[
            SaysOfRegistry(&[
                "denied: … AcrPush",
                "AcrPush … denied",
                "unauthorized … action: push",
            ]),
        ],
        title: "the identity may not push",
        cause: "It signed in, and the token that the registry issued for the repository lacks the action push: no role that allows it \
                reaches the registry, on a registry with ABAC none reaches this repository, or a token's scope map does not name it.",
        fix: &[
            "Allow it: `az role assignment create --assignee {client-id} --role AcrPush --scope \"$(az acr show --name {registry} --query id --output tsv)\"`",
            "On a registry with ABAC the role is another: `az role assignment create --assignee {client-id} --role 'Container Registry Repository Writer' --scope \"$(az acr show --name {registry} --query id --output tsv)\"`",
            "For a repository-scoped token, its scope map must name the repository: `az acr scope-map update --registry {registry} --name \"$(basename \"$(az acr token show --registry {registry} --name {username} --query scopeMapId --output tsv)\")\" --add-repository {repository} content/read content/write`",
        ],
        link: "https://learn.microsoft.com/azure/container-registry/container-registry-rbac-built-in-roles-overview",
    }

    ROLE_IGNORED_BY_ABAC {
        id: "role-ignored-by-abac",
        severity: Severity::Error,
        verdict: Verdict::Breaks,
        symptoms: &[],
        title: "the registry does not honour the identity's role",
        cause: "The registry is in the mode \"RBAC Registry + ABAC Repository Permissions\", where AcrPull, AcrPush, AcrDelete, Reader, \
                Contributor and Owner give no access to images.",
        fix: &[
            "For a push: `az role assignment create --assignee {client-id} --role 'Container Registry Repository Writer' --scope \"$(az acr show --name {registry} --query id --output tsv)\"`",
            "For a pull: `az role assignment create --assignee {client-id} --role 'Container Registry Repository Reader' --scope \"$(az acr show --name {registry} --query id --output tsv)\"`",
            "See the mode: `az acr show --name {registry} --query roleAssignmentMode --output tsv`",
        ],
        link: "https://learn.microsoft.com/azure/container-registry/container-registry-rbac-abac-repository-permissions",
    }

    NO_ARM_PERMISSION {
        id: "no-arm-permission",
        severity: Severity::Error,
        verdict: Verdict::Breaks,
        symptoms: &[
            Says(&[
                "does not have authorization to perform action 'Microsoft.ContainerRegistry",
                "permission to perform action 'Microsoft.ContainerRegistry",
                "DisallowedProvider … Microsoft.ContainerRegistry",
                "No subscriptions found for",
                "No access was configured for the VM",
                "Could not get SAS URL to upload",
                "Failed to get a SAS URL to upload",
                "subscription of … doesn't exist in cloud",
                "Could not create a role assignment for ACR … subscription",
            ]),
            SaysOfEntra(&[
                "No subscription found",
                "N/A(tenant level account)",
            ]),
            SaysOfArm(&[
                "does not have authorization to perform action",
                "AuthorizationFailed",
                "permission to perform action … authoriz",
                "permission to perform action",
                "LinkedAuthorizationFailed",
                "Could not create a role assignment",
                "roleAssignments/write",
                "Insufficient privileges to complete … authoriz",
                "forbidden",
            ]),
        ],
        title: "the identity may not read or manage the registry in Azure Resource Manager",
        cause: "AcrPull and AcrPush allow images only; listing, showing or changing the registry as a resource needs a role of the \
                control plane.",
        fix: &[
            "Let an owner allow reading: `az role assignment create --assignee {client-id} --role Reader --scope \"$(az acr show --name {registry} --query id --output tsv)\"`",
            "Or do without, by the full login server, which needs no right in Azure Resource Manager: `docker login {login-server}`",
        ],
        link: "https://learn.microsoft.com/azure/container-registry/container-registry-troubleshoot-login-authn-authz#confirm-credentials-are-authorized-to-access-registry",
    }

    REGISTRY_NOT_IN_SUBSCRIPTION {
        id: "registry-not-in-subscription",
        severity: Severity::Error,
        verdict: Verdict::Breaks,
        symptoms: &[
            Code("SubscriptionNotFound"),
            Says(&[
                "could not be found in subscription",
                "Microsoft.ContainerRegistry/registries … not found",
                "Microsoft.ContainerRegistry/registries can be found",
                "Microsoft.ContainerRegistry/registries … cannot be found",
                "Microsoft.ContainerRegistry/registries … could not be found",
                "registry … not found in … subscription",
                "The resource … registries … could not be found … subscription",
            ]),
            SaysOfArm(&[
                "ResourceNotFound",
                "Microsoft.ContainerRegistry … was not found",
                "no registry … subscription",
            ]),
        ],
        title: "the registry is not in the subscription that was searched",
        cause: "Azure CLI looks for the registry's name in its current subscription alone, and it lies in another one, or the identity may \
                not see it there.",
        fix: &[
            "Find it: `az graph query -q \"resources | where type =~ 'microsoft.containerregistry/registries' | project name, subscriptionId\"`",
            "Choose its subscription: `az account set --subscription {subscription-id}`",
            "Without a role that reads the registry, log in to the login server itself: `docker login {login-server}`",
        ],
        link: "https://learn.microsoft.com/troubleshoot/azure/azure-container-registry/acr-authentication-errors",
    }

    IMAGE_NOT_FOUND {
        id: "image-not-found",
        severity: Severity::Error,
        verdict: Verdict::Breaks,
        symptoms: &[
            Says(&[
                "manifest tagged by … is not found",
                "specified tag does not exist. Correlation ID",
            ]),
            CodeOfRegistry("MANIFEST_UNKNOWN"),
            CodeOfRegistry("NAME_UNKNOWN"),

            CodeOfRegistry("RESOURCE_UNKNOWN"),
            SaysOfRegistry(&[
                "manifest unknown",
                "manifest for … not found",
                "manifest … not found",
                "manifest tagged by … is not found",
                "repository name not known to registry",
                "repository name … not found",
                "repository … not found … manifest",
                "azurecr … not found",
                "azurecr … 404 Not Found",
                "azurecr … unexpected status … 404",
                "failed to resolve … azurecr … not found",
                "azurecr … does not exist",
                "manifest … 404",
                "no such manifest",
                "could not find image",
                "could not be found in the registry",
                "TAG_UNKNOWN",
                "repository … is not found",
                "not found in oci://",
                "some resources specified could not be found",
                "manifest does not exist",
                "azurecr … image not found",
                "azurecr … tag not found",
                "No such image … azurecr",
                "azurecr … No such image",
                "unable to get manifest",
                "Unable to access the repository … confirm that this name and tag are present",
            ]),
        ],
        title: "the registry has no such repository, tag or digest",
        cause: "The name or tag is misspelt, was never pushed there, or was deleted or purged since.",
        fix: &[
            "See what is there: `az acr repository list --name {registry} --output table`",
            "And its tags: `az acr repository show-tags --name {registry} --repository {repository} --orderby time_desc --top 20 --output table`",
        ],
        link: "https://learn.microsoft.com/troubleshoot/azure/azure-container-registry/manifest-tag-not-found",
    }

    IMAGE_PLATFORM_MISSING {
        id: "image-platform-missing",
        severity: Severity::Error,
        verdict: Verdict::Breaks,
        symptoms: &[
            Says(&["tag uses an invalid operating system"]),
            SaysOfRegistry(&[
                "no matching manifest",
                "no match for platform",
                "does not match the specified platform",
                "does not match the detected host platform",
                "manifest … unsupported platform",
                "image operating system … manifest",
                "cannot be used on this platform … azurecr",
                "azurecr … cannot be used on this platform",
                "no image found in manifest list",
                "no image found in image index … manifest",
                "azurecr … no image found in image index",
                "manifest … does not contain … platform",
                "no child with platform",
                "azurecr … exec format error",
                "exec format error … azurecr",
                "manifest list … no … platform",
                "a Windows version … incompatible with",
                "ImageOsTypeNotMatchContainerGroup",
                "doesn't match the OS type",
                "operating system is not supported",
                "hcsshim … does not match the host operating system",
                "container operating system does not match the host",
            ]),
        ],
        title: "the image exists, but not for this platform",
        cause: "Its manifest names other operating systems or processors than the machine that pulls it.",
        fix: &[
            "See what it holds: `docker buildx imagetools inspect {image}`",
            "Build it for both: `docker buildx build --platform linux/amd64,linux/arm64 --push --tag {image} .`",
            "Or pull what is there: `docker pull --platform linux/amd64 {image}`",
        ],
        link: "https://learn.microsoft.com/azure/container-registry/push-multi-architecture-images",
    }

    OPERATION_DISALLOWED {
        id: "operation-disallowed",
        severity: Severity::Error,
        verdict: Verdict::Breaks,
        symptoms: &[
            Code("TasksOperationsNotAllowed"),
            Says(&[
                "operation is disallowed on this registry",
                "unknown: The operation is disallowed",
                "denied: The operation is disallowed",
                "fail-with-disallowed-operation",
            ]),
            SaysOfRegistry(&[
                "operation is disallowed",
                "disallowed operation",
                "repository … is locked … manifest",
                "writeEnabled … denied",
                "deleteEnabled … denied",
            ]),
        ],
        title: "the repository or image is locked",
        cause: "Its attributes forbid the operation (writeEnabled, readEnabled or deleteEnabled is false); a registry that has reached its \
                storage limit says the same.",
        fix: &[
            "See the locks, those of a tag by `--image` instead of `--repository`: `az acr repository show --name {registry} --repository {repository} --query changeableAttributes`",
            "Unlock the repository: `az acr repository update --name {registry} --repository {repository} --write-enabled true`",
            "Or the tag, where only that is locked: `az acr repository update --name {registry} --image {repository}:{tag} --write-enabled true`",
            "Or push under a tag that is not locked; see the storage used: `az acr show-usage --name {registry} --output table`",
        ],
        link: "https://learn.microsoft.com/troubleshoot/azure/azure-container-registry/troubleshoot-push-error-operation-disallowed-timeout",
    }
}
