//! Failures on the way to the registry: names, connections, TLS, proxies, firewalls, limits.

use super::Symptom::{Code, CodeOfRegistry, Entra, HintsOfRegistry, Says, SaysOfData, SaysOfEntra, SaysOfRegistry};
use super::network_wordings::{NO_CONNECTION, NO_RESOLVER, NO_SUCH_NAME, NOT_TRUSTED, PROXY_SAYS};
use super::status_wordings::{BROKEN, FORBIDDEN, TOO_MANY};
use super::translated;
use super::{Family, Severity, Verdict, failures};

failures! {
    family: Family::Network,

    REGISTRY_NOT_FOUND {
        id: "registry-not-found",
        severity: Severity::Error,
        verdict: Verdict::Breaks,
        symptoms: &[
            Code("CONNECTIVITY_DNS_ERROR"),
            Code("LOGIN_SERVER_ERROR"),
            SaysOfRegistry(NO_SUCH_NAME),
            SaysOfRegistry(translated::NO_SUCH_NAME),
        ],
        title: "the registry's name does not exist in DNS",
        cause: "No registry has this login server: it is misspelt, deleted, in another cloud (azurecr.cn, azurecr.us), or its login \
                server carries a hash (contosoacr-abcd1234efgh5678.azurecr.io) that the name lacks.",
        fix: &[
            "List the login servers that you may see: `az acr list --query '[].loginServer' --output tsv`",
            "Ask DNS from the runner: `nslookup {login-server}`",
            "Put the full login server where the job names the registry",
        ],
        link: "https://learn.microsoft.com/azure/container-registry/container-registry-health-error-reference#connectivity_dns_error",
    }

    DNS_UNAVAILABLE {
        id: "dns-unavailable",
        severity: Severity::Error,
        verdict: Verdict::Breaks,
        symptoms: &[
            SaysOfRegistry(NO_RESOLVER),
            SaysOfEntra(NO_SUCH_NAME),
            SaysOfEntra(NO_RESOLVER),
            SaysOfRegistry(translated::NO_RESOLVER),
            SaysOfEntra(translated::NO_SUCH_NAME),
            SaysOfEntra(translated::NO_RESOLVER),
        ],
        title: "the runner's name resolution does not work",
        cause: "The DNS server that the machine asks failed, refused or did not answer, so that nothing is known about the name \
                itself.",
        fix: &[
            "Ask one of the servers of /etc/resolv.conf directly: `nslookup {host} <server>`",
            "Compare with a public resolver where the network allows it: `nslookup {host} 1.1.1.1`",
            "In a virtual network, check the custom DNS servers and their forwarder to 168.63.129.16",
        ],
        link: "https://learn.microsoft.com/azure/container-registry/container-registry-health-error-reference#connectivity_dns_error",
    }

    REGISTRY_UNREACHABLE {
        id: "registry-unreachable",
        severity: Severity::Error,
        verdict: Verdict::Breaks,
        symptoms: &[
            Says(&[
                "Could not connect to the registry login server",
                "push to the output registry … HttpClient.Timeout",
                "push to the output registry … task was canceled",
                "push to the output registry … TaskCanceledException",
            ]),
            SaysOfRegistry(NO_CONNECTION),
            SaysOfRegistry(translated::NO_CONNECTION),
        ],
        title: "no connection to the registry comes about",
        cause: "The name resolves, but connections to its port 443 are refused, reset or never answered: something between the \
                runner and the registry blocks them.",
        fix: &[
            "Try from the runner, where 401 means that the way is open: `curl -sS -o /dev/null -w '%{http_code}\\n' https://{login-server}/v2/`",
            "Allow port 443 to the registry's endpoints in the client's firewall: `az acr show-endpoints --name {registry}`",
            "With a private endpoint, run the job inside its virtual network",
        ],
        link: "https://learn.microsoft.com/azure/container-registry/container-registry-troubleshoot-access#configure-client-firewall-access",
    }

    TLS_UNTRUSTED {
        id: "tls-untrusted",
        severity: Severity::Error,
        verdict: Verdict::Breaks,
        symptoms: &[
            Code("CONNECTIVITY_SSL_ERROR"),
            Says(&[
                "Azure CLI behind a proxy that intercepts traffic", "error pulling image configuration … x509:",
            ]),
            SaysOfRegistry(NOT_TRUSTED),
            SaysOfEntra(NOT_TRUSTED),
            SaysOfRegistry(translated::NOT_TRUSTED),
            SaysOfEntra(translated::NOT_TRUSTED),
        ],
        title: "the certificate presented is not trusted",
        cause: "What answered under this name showed a certificate that no known authority signed, that is for another host, or that \
                is outside its dates: as a rule a proxy that inspects TLS, or old CA certificates on the runner.",
        fix: &[
            "See who signed it: `openssl s_client -connect {host}:443 -servername {host} </dev/null | openssl x509 -noout -issuer -subject -dates`",
            "Where your company's proxy signs, give its root to the tool: `REQUESTS_CA_BUNDLE` for az, `/etc/docker/certs.d/{host}/ca.crt` or the system's store for docker, `ca-certificates` for this check",
            "Where a public authority signs, renew the runner's CA certificates: `sudo update-ca-certificates`",
        ],
        link: "https://learn.microsoft.com/azure/container-registry/container-registry-health-error-reference#connectivity_ssl_error",
    }

    PROXY_FAILED {
        id: "proxy-failed",
        severity: Severity::Error,
        verdict: Verdict::Breaks,
        symptoms: &[
            SaysOfRegistry(PROXY_SAYS),
            SaysOfRegistry(&[
                "login attempt failed with status: 403 Forbidden",
                "login attempt … failed with status: 403 Forbidden",
                "failed with status: 407",
                "error parsing HTTP 407 response",
                "error parsing HTTP 413 response",
                "413 Request Entity Too Large",
                "413 Payload Too Large",
            ]),
            SaysOfEntra(PROXY_SAYS),
        ],
        title: "the proxy on the way refuses or fails",
        cause: "The request went to a proxy (HTTPS_PROXY, or the docker engine's own setting), and the proxy wanted a login, forbade \
                the host, or did not answer; the registry never saw it.",
        fix: &[
            "See what is set, for the job and for docker: `env | grep -i _proxy; docker info --format '{{.HTTPSProxy}} {{.NoProxy}}'`",
            "Let the proxy pass {login-server}, its data endpoint and login.microsoftonline.com on port 443, or name them in NO_PROXY",
            "Configure the docker engine too, and restart it: https://docs.docker.com/engine/daemon/proxy/",
        ],
        link: "https://learn.microsoft.com/azure/container-registry/container-registry-troubleshoot-access#configure-client-firewall-access",
    }

    FIREWALL_IP_DENIED {
        id: "firewall-ip-denied",
        severity: Severity::Error,
        verdict: Verdict::Breaks,
        symptoms: &[
            Code("CONNECTIVITY_FORBIDDEN_ERROR"),
            Says(&[
                "client with IP … is not allowed access",
                "aka.ms/acr/firewall",
                "Looks like you don't have access to registry … firewall",
            ]),
        ],
        title: "the registry's firewall refuses the runner's address",
        cause: "The registry admits selected networks only, and the address from which the request came is not among them; hosted \
                agents change their address from job to job.",
        fix: &[
            "Admit the address, which must be one of IPv4 and takes a few minutes to work: `az acr network-rule add --name {registry} --ip-address {ip-address}`",
            "For hosted agents, prefer a runner with a fixed outbound address, or one inside a network with a private endpoint",
            "See the rules: `az acr show --name {registry} --query networkRuleSet`",
        ],
        link: "https://learn.microsoft.com/troubleshoot/azure/azure-container-registry/client-ip-address-not-allowed-access",
    }

    PUBLIC_ACCESS_DISABLED {
        id: "public-access-disabled",
        severity: Severity::Error,
        verdict: Verdict::Breaks,
        symptoms: &[
            Says(&[
                "public access disabled … login server",
            ]),
            SaysOfRegistry(&[
                "public network access … disabled … denied",
                "publicNetworkAccess … disabled … registry … denied",
                "public network access is disabled",
                "public access is disabled",
                "denied: public network access",
            ]),
            HintsOfRegistry(FORBIDDEN),
        ],
        title: "the registry can be reached through private endpoints only",
        cause: "Public network access is switched off, so the registry answers 403 to every address of the internet, whatever the \
                identity may do.",
        fix: &[
            "See the setting: `az acr show --name {registry} --query publicNetworkAccess --output tsv`",
            "Run the job on an agent inside a network that has the registry's private endpoint",
            "Or open it for selected addresses: `az acr update --name {registry} --public-network-enabled true --default-action Deny && az acr network-rule add --name {registry} --ip-address {ip-address}`",
        ],
        link: "https://learn.microsoft.com/azure/container-registry/container-registry-troubleshoot-access#configure-public-access-to-registry",
    }

    PRIVATE_ENDPOINT_DNS {
        id: "private-endpoint-dns",
        severity: Severity::Error,
        verdict: Verdict::Breaks,
        symptoms: &[],
        title: "the registry has a private endpoint, but its name leads to the public address",
        cause: "The name is an alias into privatelink, and the DNS that the runner asks does not know the private zone: the runner is \
                outside the network, or the zone is not linked to it.",
        fix: &[
            "See the chain from the runner, at whose end a private address should stand: `nslookup {login-server}`",
            "Compare with what Azure expects: `az acr check-health --name {registry} --vnet <network> --yes`",
            "Link the zone to the runner's network: `az network private-dns link vnet create --resource-group <group> --zone-name privatelink.azurecr.io --name <link> --virtual-network <network> --registration-enabled false`",
        ],
        link: "https://learn.microsoft.com/troubleshoot/azure/azure-container-registry/cant-resolve-container-registry-fqdn-private-ip-address",
    }

    DATA_ENDPOINT_BLOCKED {
        id: "data-endpoint-blocked",
        severity: Severity::Error,
        verdict: Verdict::Breaks,
        symptoms: &[
            SaysOfRegistry(&[
                "This request is not authorized to perform this operation",
                "AuthorizationFailure",
            ]),
            SaysOfData(NO_SUCH_NAME),
            SaysOfData(NO_CONNECTION),
            SaysOfData(translated::NO_SUCH_NAME),
            SaysOfData(translated::NO_CONNECTION),
            SaysOfData(&[
                "403 Forbidden",
                "is not authorized to perform this operation",
                "AuthorizationFailure",
                "server misbehaving",
            ]),
        ],
        title: "the registry answers, but the host that holds the layers does not",
        cause: "Manifests come from the login server, layers from a storage or data host to which it redirects, and a firewall or \
                DNS lets only the first through; a push works and a pull does not.",
        fix: &[
            "List the hosts: `az acr show-endpoints --name {registry}`",
            "Allow port 443 to *.blob.core.windows.net, or narrow it with dedicated data endpoints: `az acr update --name {registry} --data-endpoint-enabled true`",
            "With a private endpoint, the private zone needs records for the data hosts too",
        ],
        link: "https://learn.microsoft.com/azure/container-registry/container-registry-firewall-access-rules",
    }

    NOT_A_REGISTRY {
        id: "not-a-registry",
        severity: Severity::Error,
        verdict: Verdict::Breaks,
        symptoms: &[
            Code("CONNECTIVITY_CHALLENGE_ERROR"),
            Code("CONNECTIVITY_AAD_LOGIN_ERROR"),
            Code("CONNECTIVITY_WWW_AUTHENTICATE_ERROR"),
            Says(&[
                "did not issue a challenge",
            ]),
            SaysOfRegistry(&[
                "login attempt … failed with status: 404 Not Found",
                "server gave HTTP response to HTTPS client",
                "first record does not look like a TLS handshake",
                "unsupported auth scheme … authenticate",
                "failed to parse www-authenticate",
                "error parsing HTTP … invalid character '<' … unexpected status",
                "error parsing HTTP 404 response",
                "error parsing HTTP 405 response",
                "error parsing HTTP 200 response",
            ]),
        ],
        title: "what answers under this name does not speak like an Azure registry",
        cause: "A registry answers /v2/ with 401 and tells where tokens are had; something else came, such as a web page of a proxy \
                or portal, or the host is another server.",
        fix: &[
            "See what answers, where 401 with `WWW-Authenticate: Bearer realm=…` is right: `curl -sSI https://{login-server}/v2/`",
            "Check the name, and look for a proxy or sign-in page in between: `env | grep -i _proxy`",
        ],
        link: "https://learn.microsoft.com/azure/container-registry/container-registry-health-error-reference#connectivity_challenge_error",
    }

    THROTTLED {
        id: "throttled",
        severity: Severity::Error,
        verdict: Verdict::Undetermined,
        symptoms: &[
            Code("CONNECTIVITY_TOOMANYREQUESTS_ERROR"),
            CodeOfRegistry("TOOMANYREQUESTS"),
            Entra(90055),
            SaysOfRegistry(TOO_MANY),
            SaysOfEntra(&[
                "Too Many Requests",
                "AADSTS … throttled",
                "HTTP Error: 429",
                "status code 429",
            ]),
            SaysOfData(&[
                "Egress is over the account limit",
                "Ingress is over the account limit",
                "503 Server Busy",
                "The server is busy",
            ]),
        ],
        title: "too many requests in too short a time",
        cause: "The service counts requests by registry and by identity, and answers 429 above the limit of the tier; all anonymous \
                callers count as one.",
        fix: &[
            "Wait for the time that `Retry-After` names, and run again",
            "Spread jobs that pull at the same moment, and keep layers in a cache between them",
            "A higher tier has higher limits: `az acr update --name {registry} --sku Premium`",
        ],
        link: "https://learn.microsoft.com/azure/container-registry/container-registry-skus",
    }

    QUOTA_EXCEEDED {
        id: "quota-exceeded",
        severity: Severity::Error,
        verdict: Verdict::Breaks,
        symptoms: &[
            Says(&[
                "Quota exceeded for resource type … registry",
                "quota … for the registry SKU",
                "requested feature … quota … for the SKU",
            ]),
            SaysOfRegistry(&[
                "quota exceeded",
                "storage limit",
                "exceeded … quota",
                "exceeds … quota",
                "maximum storage quota",
                "storage quota",
                "registry … size quota",
            ]),
        ],
        title: "a limit of the registry's tier is reached",
        cause: "The tier bounds storage, webhooks, replications and other things, and the registry holds as many as it may.",
        fix: &[
            "See the use: `az acr show-usage --name {registry} --output table`",
            "See what would be deleted if it went by age, and choose the filter so that nothing in use goes; without `--dry-run` it is deleted: `az acr run --registry {registry} --cmd \"acr purge --filter '.*:.*' --ago 90d --untagged --dry-run\" /dev/null`",
            "Or move up, unless the tier is Premium already: `az acr update --name {registry} --sku Premium`",
        ],
        link: "https://learn.microsoft.com/azure/container-registry/container-registry-skus",
    }

    SERVICE_UNAVAILABLE {
        id: "service-unavailable",
        severity: Severity::Error,
        verdict: Verdict::Undetermined,
        symptoms: &[
            Entra(50000),
            Entra(50033),
            Entra(50087),
            Entra(90006),
            Entra(90012),
            Entra(90024),
            Entra(90033),
            Entra(90090),
            SaysOfRegistry(BROKEN),
            SaysOfData(&[
                "500 Internal Server Error",
                "503 Service Unavailable",
                "502 Bad Gateway",
                "504 Gateway",
                "500 Operation could not be completed",
            ]),
            SaysOfEntra(&[
                "503 Service Unavailable",
                "502 Bad Gateway",
                "504 Gateway",
                "Service Unavailable",
            ]),
        ],
        title: "the service answers with an error of its own",
        cause: "It said 5xx, or something that cannot be used, on every attempt: nothing is known about the credential or the rights.",
        fix: &[
            "Run the job again in a few minutes",
            "Look for an incident: https://azure.status.microsoft/status",
        ],
        link: "https://learn.microsoft.com/azure/service-health/overview",
    }

    CLOCK_SKEWED {
        id: "clock-skewed",
        severity: Severity::Warning,
        verdict: Verdict::Breaks,
        symptoms: &[],
        title: "the runner's clock differs from the service's",
        cause: "Tokens carry the time from which and until which they hold; a clock that is minutes off makes good ones look expired \
                or not yet valid.",
        fix: &[
            "See both: `date -u; curl -sSI https://login.microsoftonline.com | grep -i '^date'`",
            "Set the clock (on Windows by `w32tm`): `sudo timedatectl set-ntp true`",
        ],
        link: "https://learn.microsoft.com/entra/identity-platform/reference-error-codes",
    }
}
