//! What the CI handed over is missing or malformed.

use crate::Scenario;
use crate::world::*;

/// The event of a pull request from a fork, as GitHub hands it to a job.
pub(super) const FORK_EVENT: &str = r#"{"action": "opened", "number": 12, "pull_request": {"head": {"repo": {"fork": true, "full_name": "stranger/shop"}}, "base": {"repo": {"full_name": "contoso/shop"}}}, "repository": {"full_name": "contoso/shop", "fork": false}}"#;

pub(super) fn scenarios() -> Vec<Scenario> {
    let missing = |name, says| Scenario::invalid(name, says).without(&["client-secret"]);
    vec![
        missing("input-missing", "The client secret is empty.")
            .input("client-secret", "")
            .input("auth", "client-secret"),
        missing("input-missing@fork", "A pull request from a fork gets no secrets.")
            .input("client-secret", "")
            .input("auth", "client-secret")
            .input("GITHUB_ACTIONS", "true")
            .input("GITHUB_EVENT_NAME", "pull_request")
            .input("GITHUB_EVENT_PATH", "{folder}/event.json")
            .file("event.json", FORK_EVENT),
        missing("input-missing@dependabot", "Dependabot has secrets of its own.")
            .input("client-secret", "")
            .input("auth", "client-secret")
            .input("GITHUB_ACTIONS", "true")
            .input("GITHUB_ACTOR", "dependabot[bot]"),
        missing("input-missing@macro", "Azure Pipelines leaves the name of a variable that it does not know.")
            .input("TF_BUILD", "True")
            .input("client-secret", "$(acrClientSecret)"),
        missing("input-missing@null", "A service connection with a certificate hands over the word null as its key.")
            .without(&["client-id", "tenant-id"])
            .input("TF_BUILD", "True")
            .input("servicePrincipalId", CLIENT)
            .input("tenantId", TENANT)
            .input("servicePrincipalKey", "null"),
        missing("input-missing@undefined", "A workflow hands over the word undefined.")
            .input("client-secret", "undefined"),
        Scenario::invalid("input-missing@registry", "Nobody said which registry.").without(&["registry"]),
        Scenario::invalid("input-missing@password", "A user name without its password.")
            .without_credential()
            .input("username", TOKEN_NAME),
        Scenario::invalid("input-malformed", "The client id is no GUID.").input("client-id", "ci-pusher"),
        Scenario::invalid("input-malformed@quotes", "The secret was stored with quotation marks around it.")
            .input("client-secret", &format!("\"{SECRET}\"")),
        Scenario::invalid("input-malformed@line-break", "The secret was stored with a line break inside.")
            .input("client-secret", "Xq38Q~simulated\n.client-secret_value0123456"),
        Scenario::invalid("input-malformed@creds", "The JSON of azure/login lacks its closing brace.")
            .without_credential()
            .input("AZURE_CREDENTIALS", "{\"clientId\": \"8c1d2e3f-4a5b-4c6d-8e7f-9a0b1c2d3e4f\""),
        Scenario::invalid("input-malformed@days", "A number of days that is none.")
            .input("expiry-warning-days", "soon"),
        Scenario::invalid("registry-name-invalid", "The registry's name is too short.").input("registry", "acr"),
        Scenario::invalid("registry-name-invalid@scheme", "The registry is given as a URL.")
            .input("registry", "https://contosoacr.azurecr.io"),
        Scenario::invalid("registry-name-invalid@upper-case", "The registry is given in capitals.")
            .input("registry", "ContosoACR.azurecr.io"),
        Scenario::invalid("registry-name-invalid@port", "The registry is given with a port.")
            .input("registry", "contosoacr.azurecr.io:443"),
        Scenario::invalid("registry-name-invalid@suffix", "The login server is not one of Azure's.")
            .input("registry", "registry.contoso.example"),
        Scenario::invalid("image-name-invalid", "A repository's name in capitals.").input("images", "Team/App:1.0"),
        Scenario::invalid("image-name-invalid@tag", "A tag that begins with a dash.")
            .input("images", "team/app:-latest"),
        Scenario::invalid("input-malformed@two-credentials", "Two complete credentials, and no word which to use.")
            .input("token", "a-token-in-hand"),
    ]
}
