//! Failures of the Docker that runs on the agent: client, engine, configuration.

use super::Symptom::{Code, Says, SaysOfRegistry};
use super::{Family, Severity, Verdict, failures};

failures! {
    family: Family::Docker,

    DOCKER_MISSING {
        id: "docker-missing",
        severity: Severity::Error,
        verdict: Verdict::Breaks,
        symptoms: &[
            Code("DOCKER_COMMAND_ERROR"),
            Says(&[
                "Please verify if Docker client is installed",
                "Please verify whether docker is installed",
                "Unable to locate executable file: 'docker'",
                "docker: command not found",
                "docker: not found",
                "docker: No such file or directory",
                "exec: \"docker\": executable file not found",
                "'docker' is not recognized",
                "The term 'docker' is not recognized",
                "ObjectNotFound: (docker:String)",
                "docker: Kommando nicht gefunden",
                "docker: Befehl nicht gefunden",
                "docker: commande introuvable",
                "docker: orden no encontrada",
                "docker: comando non trovato",
                "spawn docker ENOENT",
                "No such file or directory: 'docker'",
                "Cannot run program \"docker\"",
                "command 'docker' could not be found in this WSL",
                "Docker is not installed",
                "dockerd: command not found",
                "could not find docker: ",
            ]),
        ],
        title: "there is no docker client on this machine",
        cause: "`az acr login`, `docker/login-action` and Docker@2 run the program docker, and it is not on the PATH of the job.",
        fix: &[
            "Run the job on an agent that has Docker, or install it in an earlier step: https://docs.docker.com/engine/install/",
            "Where only a token is wanted, none is needed: `az acr login --name {registry} --expose-token`",
            "With podman, name it: `DOCKER_COMMAND=podman az acr login --name {registry}`",
        ],
        link: "https://learn.microsoft.com/troubleshoot/azure/azure-container-registry/acr-authentication-errors",
    }

    DOCKER_DAEMON_DOWN {
        id: "docker-daemon-down",
        severity: Severity::Error,
        verdict: Verdict::Breaks,
        symptoms: &[
            Code("DOCKER_DAEMON_ERROR"),
            Says(&[
                "connect to the Docker daemon",
                "connect to Docker daemon",
                "running the docker daemon",
                "docker daemon is not running",
                "docker daemon running?",
                "Docker daemon is not available",
                "Docker daemon … not reachable",
                "failed to connect to the docker API",
                "trying to connect to the docker API",
                "docker engine is not running",
                "Please verify if Docker daemon is running",
                "error during connect",
                "docker.sock: connect: ",
                "docker.sock … permission denied",
                "open //./pipe/docker",
                "Error while fetching server API version … Connection",
                "Error while fetching server API version … certificate",
                "dockerDesktopLinuxEngine … cannot find the file",
                "lookup docker … no such host",
                "lookup docker … server misbehaving",
                "Cannot connect to Podman",
                "Please start docker daemon",
                "Docker is not running",
            ]),
        ],
        title: "the docker engine does not answer",
        cause: "The client is there, but no engine listens where it looks (DOCKER_HOST, or the socket /var/run/docker.sock), or \
                the job's user may not open the socket; Azure Cloud Shell has no engine at all.",
        fix: &[
            "See what the client talks to: `docker context ls`",
            "Start the engine on a self-hosted agent and give the agent's user the socket: `sudo systemctl start docker && sudo usermod -aG docker \"$USER\"`",
            "In a container job, mount the socket or add a `docker:dind` service and set DOCKER_HOST",
            "Where only a token is wanted, no engine is needed: `az acr login --name {registry} --expose-token`",
        ],
        link: "https://learn.microsoft.com/azure/container-registry/container-registry-health-error-reference#docker_daemon_error",
    }

    DOCKER_TOO_OLD {
        id: "docker-too-old",
        severity: Severity::Error,
        verdict: Verdict::Breaks,
        symptoms: &[
            Code("DOCKER_VERSION_ERROR"),
            Says(&[
                "client version … is too old",
                "client version … is too new",
                "client is newer than server",
                "client API version … server API version",
                "unknown flag: --password-stdin",
                "min required docker server version",
                "min required docker client version",
                "docker daemon … API version … not supported",
                "docker engine … version … or later",
            ]),
        ],
        title: "docker's client and engine do not fit each other or the registry",
        cause: "Azure Container Registry needs a docker client of version 18.03 or later, and a client and an engine must share an \
                API version.",
        fix: &[
            "Compare both sides: `docker version --format '{{.Client.Version}} {{.Client.APIVersion}} {{.Server.APIVersion}}'`",
            "Update the older side, or the image that carries the client",
            "Until then, hold the newer client to the engine's version: `export DOCKER_API_VERSION=<version of the engine>`",
        ],
        link: "https://learn.microsoft.com/azure/container-registry/container-registry-troubleshoot-login-authn-authz#check-docker-configuration",
    }

    DOCKER_CREDENTIAL_HELPER {
        id: "docker-credential-helper",
        severity: Severity::Error,
        verdict: Verdict::Breaks,
        symptoms: &[
            Says(&[
                "error getting credentials",
                "error storing credentials",
                "error saving credentials",
                "error erasing credentials",
                "error listing credentials",
                "docker-credential- … not found",
                "docker-credential- … not installed",
                "docker-credential- … not in the system path",
                "docker-credential- … exit status",
                "docker-credential- … no such file",
                "docker-credential- … exec format error",
                "Credentials store error",
                "credential helper … not",
                "could not find credential helper",
                "error in credential helper",
                "failed to get credentials from helper",
                "retrieve credentials … helper",
                "pass store is uninitialized … credential",
                "pass not initialized … credential",
                "Cannot autolaunch D-Bus without X11",
                "org.freedesktop.secrets",
                "no usernames for",
                "keychain cannot be accessed",
                "keychain … User interaction is not allowed",
                "error retrieving credentials",
                "CredentialHelper",
                "remove \"credsStore\"",
            ]),
        ],
        title: "docker's credential helper cannot be run",
        cause: "The docker configuration names a program that keeps passwords (`credsStore` or `credHelpers`), and that program is \
                missing, locked, or ended with an error.",
        fix: &[
            "See which one is named: `cat \"${DOCKER_CONFIG:-$HOME/.docker}/config.json\"`",
            "Ask it by hand: `echo {login-server} | {helper} get`",
            "On a build agent, let docker keep the login in its file: remove `credsStore` and `credHelpers` from config.json, or point DOCKER_CONFIG to an empty folder",
        ],
        link: "https://docs.docker.com/reference/cli/docker/login/#credential-stores",
    }

    DOCKER_LOGIN_STALE {
        id: "docker-login-stale",
        severity: Severity::Warning,
        verdict: Verdict::Breaks,
        symptoms: &[],
        title: "docker keeps an old login for this registry",
        cause: "The docker configuration holds credentials for the registry that have expired, or that shadow an anonymous pull: \
                docker sends what it holds, and the registry refuses it.",
        fix: &[
            "Remove it: `docker logout {login-server}`",
            "For a job that needs the login, renew it: `az acr login --name {registry}`",
        ],
        link: "https://learn.microsoft.com/azure/container-registry/container-registry-troubleshoot-login-authn-authz#confirm-credentials-to-access-registry",
    }

    DOCKER_NOT_LOGGED_IN {
        id: "docker-not-logged-in",
        severity: Severity::Error,
        verdict: Verdict::Breaks,
        symptoms: &[
            Says(&["Please run 'az login' to setup account"]),
            SaysOfRegistry(&[
                "no basic auth credentials",
                "no credentials found",
                "no credentials were found",
                "credentials not found",
                "basic credential not found",
                "credential required for basic auth",
                "not logged in to",
                "no auth config found … credential",
                "unable to find credentials",
                "could not find credentials",
                "credentials … has nothing for server URL",
                "could not retrieve credentials",
                "imagePullSecret … not found … secret",
                "Unable to retrieve some image pull secrets",
                "no valid credential was supplied",
                "Failed retrieving credentials for",
                "unable to get registry credential",
                "authentication … no auth data",
            ]),
        ],
        title: "docker has no login for this registry",
        cause: "The client that pushes or pulls found no credentials for the registry's host in its configuration: no login ran \
                before it, or one ran for another host, user, home folder or container.",
        fix: &[
            "Log in in the same job, as the same user, before the push or pull: `az acr login --name {registry}`",
            "See what is kept, and for which host: `cat \"${DOCKER_CONFIG:-$HOME/.docker}/config.json\"`; the host must be the login server in lower case",
            "A container step does not see the login of the host: hand it DOCKER_CONFIG, or log in inside",
        ],
        link: "https://learn.microsoft.com/azure/container-registry/container-registry-authentication",
    }
}
