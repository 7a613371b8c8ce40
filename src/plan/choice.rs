//! Which credential is used: one table, followed step by step.

mod auto;
mod kind;

use super::pieces::Pieces;
use super::services::{github, managed_identity, pipelines, unavailable};
use super::{AssertionSource, Credential};
use crate::finding::Finding;
use crate::inputs::Inputs;
use auto::by_table;
use kind::{Kind, principal};

/// One row of the table by which `auth: auto` chooses.
#[derive(Debug, PartialEq, Eq)]
pub struct Choice {
    /// The value of `auth` that asks for it by name.
    pub auth: &'static str,
    /// What it needs.
    pub needs: &'static str,
    /// When `auto` takes it.
    pub auto: &'static str,
}

/// The table, the first row that fits is taken. What is given to this program (option, `INPUT_…`, `ACR_PREFLIGHT_…`)
/// counts before what the platform's variables hold; two complete credentials of the first five rows at the same step
/// are refused, because a guess could verify the wrong one.
pub static CHOICES: &[Choice] = &[
    Choice { auth: "client-secret", needs: "client-id, tenant-id and client-secret; or creds", auto: "they are given" },
    Choice { auth: "certificate", needs: "client-id, tenant-id and client-certificate", auto: "they are given" },
    Choice {
        auth: "oidc",
        needs: "client-id, tenant-id and federated-token",
        auto: "when they are given; a token that only the platform provides stands behind secret and certificate",
    },
    Choice { auth: "password", needs: "username and password", auto: "when they are given" },
    Choice { auth: "token", needs: "token", auto: "when it is given" },
    Choice {
        auth: "oidc",
        needs: "client-id, tenant-id and the token service of GitHub or Azure Pipelines",
        auto: "when client-id and tenant-id are given without a secret, certificate or token",
    },
    Choice {
        auth: "managed-identity",
        needs: "a machine of Azure that has an identity; client-id for a user-assigned one",
        auto: "when IDENTITY_ENDPOINT and IDENTITY_HEADER are set; elsewhere only by name",
    },
    Choice {
        auth: "docker-config",
        needs: "an entry for the registry in Docker's configuration",
        auto: "when there is one, and nothing above is given",
    },
    Choice { auth: "anonymous", needs: "nothing", auto: "never, only by name" },
];

/// The table in words, for `explain auth`.
pub fn explained() -> String {
    let mut text = "How auth: auto chooses the credential. The first row that fits is taken.\n\n".to_owned();
    for (index, Choice { auth, needs, auto }) in CHOICES.iter().enumerate() {
        text.push_str(&format!("{}. {auth}\n     needs  {needs}\n     taken  {auto}\n", index + 1));
    }
    text.push_str(
        "\nWhat is given to this program (options, inputs, ACR_PREFLIGHT_ variables) counts before the variables of the\n\
         platform. Two complete credentials of rows 1 to 5 at the same step are refused: name one by auth. The report\n\
         says which one was taken and why.\n",
    );
    text
}

/// The credential chosen, and what was wrong on the way.
#[derive(Debug, Default)]
pub(super) struct Chosen {
    pub(super) credential: Option<Credential>,
    pub(super) because: String,
    pub(super) reader: Option<Credential>,
    pub(super) findings: Vec<Finding>,
}

/// Follows the table; `has_docker_entry` says whether Docker's configuration names the registry.
pub(super) fn choose(inputs: &Inputs, pieces: &Pieces, auth: Option<&str>, has_docker_entry: bool) -> Chosen {
    let mut chosen = match auth {
        None => by_table(inputs, pieces, has_docker_entry),
        Some(auth) => by_name(inputs, pieces, auth),
    };
    let needs_reader = matches!(
        chosen.credential,
        Some(Credential::Password { .. } | Credential::Token { .. } | Credential::DockerConfig)
    );
    if needs_reader {
        chosen.reader = reader(inputs, pieces);
    }
    chosen
}

fn by_name(inputs: &Inputs, pieces: &Pieces, auth: &str) -> Chosen {
    let kind = match auth {
        "client-secret" => Kind::ClientSecret,
        "certificate" => Kind::Certificate,
        "oidc" if pieces.federated.is_given() => Kind::Federated,
        "oidc" => return asked_service(inputs, pieces),
        "password" => Kind::Password,
        "token" => Kind::Token,
        "managed-identity" => return machine(inputs, pieces, "auth: managed-identity"),
        "docker-config" => return simple(Credential::DockerConfig, "auth: docker-config"),
        _ => return simple(Credential::Anonymous, "auth: anonymous"),
    };
    take(inputs, pieces, kind, &format!("auth: {auth}"))
}

/// A federated credential whose token the CI's own service gives.
fn asked_service(inputs: &Inputs, pieces: &Pieces) -> Chosen {
    let service = github(&inputs.services).or_else(|| pipelines(&inputs.services));
    let because = match &service {
        Some(AssertionSource::GitHub { .. }) => "client-id with GitHub's token service",
        Some(_) => "client-id with Azure Pipelines' token service",
        None => "client-id without a secret, certificate or token",
    };
    let mut chosen = Chosen { because: because.to_owned(), ..Chosen::default() };
    let principal = principal(inputs, pieces, &mut chosen.findings);
    let assertion = service.unwrap_or_else(|| unavailable(inputs));
    chosen.credential = principal.map(|principal| Credential::Federated { principal, assertion });
    chosen
}

fn machine(inputs: &Inputs, pieces: &Pieces, because: &str) -> Chosen {
    let mut chosen = Chosen { because: because.to_owned(), ..Chosen::default() };
    chosen.findings.extend(pieces.client.findings.iter().cloned());
    if pieces.client.is_broken() {
        return chosen;
    }
    match managed_identity(&inputs.services) {
        Ok(endpoint) => {
            chosen.credential = Some(Credential::ManagedIdentity { client: pieces.client.value.clone(), endpoint });
        }
        Err(finding) => chosen.findings.push(*finding),
    }
    chosen
}

fn simple(credential: Credential, because: &str) -> Chosen {
    Chosen { credential: Some(credential), because: because.to_owned(), ..Chosen::default() }
}

fn take(inputs: &Inputs, pieces: &Pieces, kind: Kind, asked: &str) -> Chosen {
    let mut chosen = Chosen { because: format!("{asked}, {}", kind.proof(pieces)), ..Chosen::default() };
    chosen.credential = kind.build(inputs, pieces, &mut chosen.findings);
    chosen
}

/// A second identity that may read ARM and Graph: a service principal that is complete besides.
fn reader(inputs: &Inputs, pieces: &Pieces) -> Option<Credential> {
    let complete = [Kind::ClientSecret, Kind::Certificate, Kind::Federated]
        .into_iter()
        .find_map(|kind| (kind.is_given(pieces)).then(|| kind.build(inputs, pieces, &mut Vec::new())).flatten());
    complete.or_else(|| {
        let principal = principal(inputs, pieces, &mut Vec::new())?;
        let assertion = github(&inputs.services).or_else(|| pipelines(&inputs.services))?;
        Some(Credential::Federated { principal, assertion })
    })
}
