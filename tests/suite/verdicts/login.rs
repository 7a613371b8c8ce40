//! How skopeo signs in with the identity of a job.

use crate::real_clients::Clients;
use serde_json::Value;
use simulated_azure::Simulator;
use simulated_azure::world::{CLIENT, LOGIN_SERVER, REGISTRY_AUDIENCE, SECRET, TENANT, ZERO_GUID};

/// A way to sign in.
#[derive(Clone, Copy)]
pub(super) enum Login {
    /// The service principal's own id and secret.
    ServicePrincipal,
    /// What `az acr login` does: an Entra token is exchanged for a refresh token of the registry.
    TokenOfSecret,
    /// The same with a token of the machine's identity.
    TokenOfMachine,
    /// A refresh token that the job has.
    GivenToken,
    /// The file that docker keeps.
    DockerConfig,
    /// A user of the registry's own.
    User(&'static str, &'static str),
    /// Nobody.
    Nobody,
}

impl Login {
    /// Skopeo's options, without the prefix of a side; or why there are none.
    pub(super) fn credentials(
        self,
        clients: &Clients,
        simulator: &Simulator,
        environment: &[(String, String)],
    ) -> Result<Vec<String>, String> {
        let value = |name: &str| environment.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
        let pair = |user: &str, password: &str| Ok(vec!["--creds".to_owned(), format!("{user}:{password}")]);
        match self {
            Self::ServicePrincipal => pair(CLIENT, SECRET),
            Self::User(user, password) => pair(user, password),
            Self::GivenToken => pair(ZERO_GUID, value("ACR_PREFLIGHT_TOKEN").unwrap()),
            Self::Nobody => Ok(vec!["--no-creds".to_owned()]),
            Self::DockerConfig => {
                let file = simulator.folder().join("docker/config.json");
                Ok(vec!["--authfile".to_owned(), file.display().to_string()])
            }
            Self::TokenOfSecret => {
                let token = curl(
                    clients,
                    &[
                        &format!("https://login.microsoftonline.com/{TENANT}/oauth2/v2.0/token"),
                        "--data-urlencode",
                        &format!("client_id={CLIENT}"),
                        "--data-urlencode",
                        &format!("client_secret={SECRET}"),
                        "--data-urlencode",
                        &format!("scope={REGISTRY_AUDIENCE}/.default"),
                        "--data-urlencode",
                        "grant_type=client_credentials",
                    ],
                    "access_token",
                )?;
                pair(ZERO_GUID, &exchange(clients, &token)?)
            }
            Self::TokenOfMachine => {
                let service = value("AZURE_POD_IDENTITY_AUTHORITY_HOST").unwrap().trim_end_matches('/').to_owned();
                let client = value("ACR_PREFLIGHT_CLIENT_ID").map(|client| format!("&client_id={client}"));
                let query =
                    format!("api-version=2018-02-01&resource={REGISTRY_AUDIENCE}{}", client.unwrap_or_default());
                let url = format!("{service}/metadata/identity/oauth2/token?{query}");
                let token = curl(clients, &[&url, "--noproxy", "*", "-H", "Metadata: true"], "access_token")?;
                pair(ZERO_GUID, &exchange(clients, &token)?)
            }
        }
    }
}

fn exchange(clients: &Clients, token: &str) -> Result<String, String> {
    curl(
        clients,
        &[
            &format!("https://{LOGIN_SERVER}/oauth2/exchange"),
            "--data-urlencode",
            "grant_type=access_token",
            "--data-urlencode",
            &format!("service={LOGIN_SERVER}"),
            "--data-urlencode",
            &format!("access_token={token}"),
        ],
        "refresh_token",
    )
}

/// Asks with curl for a text of a JSON reply.
fn curl(clients: &Clients, arguments: &[&str], wanted: &str) -> Result<String, String> {
    let root = clients.root_certificate();
    let output = clients.run("curl", &[&["--silent", "--cacert", &root], arguments].concat(), "");
    let reply: Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
    let text = reply[wanted].as_str().map(str::to_owned);
    text.ok_or_else(|| String::from_utf8_lossy(&output.stdout).into_owned())
}
