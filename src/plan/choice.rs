//! Which credential is used: one table, followed step by step.

use super::pieces::{Piece, Pieces};
use super::services::{github, managed_identity, pipelines, unavailable};
use super::value::{malformed, missing};
use super::{AssertionSource, CiSystem, Credential, ServicePrincipal};
use crate::finding::Finding;
use crate::inputs::Inputs;
use crate::inputs::given::Source;
use crate::inputs::table::{self, Input};

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

/// A kind of credential that is complete in what is handed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    ClientSecret,
    Certificate,
    Federated,
    Password,
    Token,
}

const KINDS: [Kind; 5] = [Kind::ClientSecret, Kind::Certificate, Kind::Federated, Kind::Password, Kind::Token];

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

fn by_table(inputs: &Inputs, pieces: &Pieces, has_docker_entry: bool) -> Chosen {
    let foreign = is_of_the_machine(inputs, pieces).then_some(Kind::Federated);
    let given = KINDS.into_iter().filter(|kind| kind.is_given(pieces) && Some(*kind) != foreign);
    let given: Vec<Kind> = given.collect();
    let ready: Vec<Kind> = given.iter().copied().filter(|kind| kind.is_decided(pieces)).collect();
    if let Some(step) = ready.iter().map(|kind| kind.step(pieces)).min() {
        let mut first: Vec<Kind> = ready.into_iter().filter(|kind| kind.step(pieces) == step).collect();
        if first.contains(&Kind::ClientSecret) && is_one_identity(pieces) {
            first.retain(|kind| *kind != Kind::Password);
        }
        return match first[..] {
            [kind] => take(inputs, pieces, kind, "auth: auto"),
            _ => refuse(pieces, &first),
        };
    }
    if let Some(kind) = given.iter().copied().min_by_key(|kind| kind.step(pieces)) {
        return take(inputs, pieces, kind, "auth: auto");
    }
    without_proof(inputs, pieces, has_docker_entry)
}

/// Nothing proves an identity so far: the machine's own services may.
fn without_proof(inputs: &Inputs, pieces: &Pieces, has_docker_entry: bool) -> Chosen {
    let named = pieces.client.value.is_some() && pieces.tenant.value.is_some();
    let has_service = github(&inputs.services).is_some() || pipelines(&inputs.services).is_some();
    let has_machine = inputs.services.identity_endpoint.is_some() && inputs.services.identity_header.is_some();
    let emptied = emptied(inputs);
    if pieces.client.is_broken() || pieces.tenant.is_broken() || (named && has_service) {
        return asked_service(inputs, pieces);
    }
    if has_machine {
        return machine(inputs, pieces, "auth: auto, IDENTITY_ENDPOINT is set");
    }
    if !emptied.is_empty() {
        let missing = |(input, source): &(&Input, &Source)| missing(input, Some(source), "it is empty", &inputs.ci);
        return Chosen { findings: emptied.iter().map(missing).collect(), ..Chosen::default() };
    }
    let partly = |piece: &Piece<String>| piece.source.as_ref().is_some_and(Source::is_explicit);
    if named || partly(&pieces.client) || partly(&pieces.tenant) {
        return if expects_service(inputs) { asked_service(inputs, pieces) } else { unproved(inputs, pieces) };
    }
    if has_docker_entry {
        return simple(Credential::DockerConfig, "auth: auto, Docker's configuration names the registry");
    }
    let reason = "no credential was given: neither client-id with a secret, certificate or OIDC, nor username and password, \
                  nor token; auth says when none is wanted";
    let finding = missing(&table::CLIENT_ID, None, reason, &inputs.ci);
    Chosen { findings: vec![finding], ..Chosen::default() }
}

/// The token file belongs to the machine (a runner in Kubernetes), while the client id was given to this job, which has a
/// token service of its own.
fn is_of_the_machine(inputs: &Inputs, pieces: &Pieces) -> bool {
    matches!(pieces.federated.source, Some(Source::File { .. }))
        && pieces.client.source.as_ref().is_some_and(Source::is_explicit)
        && github(&inputs.services).is_some()
}

/// The CI has a token service, so a client id alone is how a job is written that means to ask it.
fn expects_service(inputs: &Inputs) -> bool {
    match inputs.ci.system {
        CiSystem::GitHub => true,
        CiSystem::AzurePipelines => {
            inputs.services.service_connection.is_some() || inputs.services.pipelines_token.is_some()
        }
        CiSystem::GitLab | CiSystem::Other => false,
    }
}

/// Names an identity that nothing proves.
fn unproved(inputs: &Inputs, pieces: &Pieces) -> Chosen {
    let mut chosen = Chosen::default();
    principal(inputs, pieces, &mut chosen.findings);
    let reason = "nothing proves the identity: no client secret, certificate or federated token was given";
    chosen.findings.push(missing(&table::CLIENT_SECRET, None, reason, &inputs.ci));
    chosen
}

/// The inputs of a credential that somebody named with an empty value.
fn emptied(inputs: &Inputs) -> Vec<(&'static Input, &Source)> {
    let parts: [&'static Input; 9] = [
        &table::CLIENT_ID,
        &table::TENANT_ID,
        &table::CLIENT_SECRET,
        &table::CREDS,
        &table::CLIENT_CERTIFICATE,
        &table::FEDERATED_TOKEN,
        &table::USERNAME,
        &table::PASSWORD,
        &table::TOKEN,
    ];
    parts.into_iter().filter_map(|input| Some((input, inputs.values.emptied(input)?))).collect()
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

/// Two complete credentials at the same step.
fn refuse(pieces: &Pieces, kinds: &[Kind]) -> Chosen {
    let names: Vec<String> = kinds.iter().map(|kind| kind.proof(pieces)).collect();
    let reason = format!("two credentials are given ({}); auth says which one to use", names.join(" and "));
    Chosen { findings: vec![malformed(&table::AUTH, None, &reason)], ..Chosen::default() }
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

/// `docker login` with the application's id for a user name, and the same pair as service principal.
fn is_one_identity(pieces: &Pieces) -> bool {
    let same = |left: &Option<String>, right: &Option<String>| {
        left.as_deref().zip(right.as_deref()).is_some_and(|(left, right)| left.eq_ignore_ascii_case(right))
    };
    let secrets = pieces.secret.value.as_ref().zip(pieces.password.value.as_ref());
    same(&pieces.client.value, &pieces.username.value)
        && secrets.is_some_and(|(left, right)| left.expose() == right.expose())
}

impl Kind {
    /// Something of it was given that nothing else needs.
    fn is_given(self, pieces: &Pieces) -> bool {
        match self {
            Self::ClientSecret => pieces.secret.is_given(),
            Self::Certificate => pieces.certificate.is_given(),
            Self::Federated => pieces.federated.is_given(),
            Self::Password => pieces.username.is_given() || pieces.password.is_given(),
            Self::Token => pieces.token.is_given(),
        }
    }

    /// Nothing of it is absent, though something may be of no use: nobody meant another credential then.
    fn is_decided(self, pieces: &Pieces) -> bool {
        let principal = pieces.client.is_given() && pieces.tenant.is_given();
        match self {
            Self::ClientSecret => pieces.secret.is_broken() || (principal && pieces.secret.is_given()),
            Self::Certificate => principal && pieces.certificate.is_given(),
            Self::Federated => principal && pieces.federated.is_given(),
            Self::Password => pieces.username.is_given() && pieces.password.is_given(),
            Self::Token => pieces.token.is_given(),
        }
    }

    /// What this program was given comes first, then the platform's variables, then a token that the platform provides.
    fn step(self, pieces: &Pieces) -> u8 {
        let source = match self {
            Self::ClientSecret => &pieces.secret.source,
            Self::Certificate => &pieces.certificate.source,
            Self::Federated => &pieces.federated.source,
            Self::Password => {
                pieces.password.source.as_ref().map_or(&pieces.username.source, |_| &pieces.password.source)
            }
            Self::Token => &pieces.token.source,
        };
        match source {
            Some(source) if source.is_explicit() => 0,
            _ if self == Self::Federated => 2,
            _ => 1,
        }
    }

    /// What proves it and where that was given, for the report.
    fn proof(self, pieces: &Pieces) -> String {
        let (input, source) = match self {
            Self::ClientSecret => (pieces.secret.input, &pieces.secret.source),
            Self::Certificate => (pieces.certificate.input, &pieces.certificate.source),
            Self::Federated => (pieces.federated.input, &pieces.federated.source),
            Self::Password => (pieces.password.input, &pieces.password.source),
            Self::Token => (pieces.token.input, &pieces.token.source),
        };
        match source {
            Some(source) => format!("{} from {source}", input.name),
            None => input.name.to_owned(),
        }
    }

    fn build(self, inputs: &Inputs, pieces: &Pieces, findings: &mut Vec<Finding>) -> Option<Credential> {
        match self {
            Self::ClientSecret => {
                let principal = principal(inputs, pieces, findings);
                let secret = need(inputs, &pieces.secret, findings)?;
                Some(Credential::ClientSecret { principal: principal?, secret })
            }
            Self::Certificate => {
                let principal = principal(inputs, pieces, findings);
                let certificate = need(inputs, &pieces.certificate, findings)?;
                Some(Credential::Certificate { principal: principal?, certificate })
            }
            Self::Federated => {
                let principal = principal(inputs, pieces, findings);
                let token = need(inputs, &pieces.federated, findings)?;
                let origin = pieces.federated.source.as_ref().map(Source::to_string).unwrap_or_default();
                let assertion = AssertionSource::InHand { token, origin };
                Some(Credential::Federated { principal: principal?, assertion })
            }
            Self::Password => {
                let username = need(inputs, &pieces.username, findings);
                let password = need(inputs, &pieces.password, findings)?;
                Some(signed_in_by_password(username?, password, pieces))
            }
            Self::Token => Some(Credential::Token { token: need(inputs, &pieces.token, findings)? }),
        }
    }
}

/// The user name that `az acr login --expose-token` is used with: the password is a token then.
const TOKEN_USERNAME: &str = "00000000-0000-0000-0000-000000000000";

fn signed_in_by_password(username: String, password: crate::secret::Secret, pieces: &Pieces) -> Credential {
    if username == TOKEN_USERNAME && password.expose().split('.').count() == 3 {
        return Credential::Token { token: password };
    }
    Credential::Password { username, password, tenant: pieces.tenant.value.clone() }
}

fn principal(inputs: &Inputs, pieces: &Pieces, findings: &mut Vec<Finding>) -> Option<ServicePrincipal> {
    let client = need(inputs, &pieces.client, findings);
    let tenant = need(inputs, &pieces.tenant, findings);
    Some(ServicePrincipal { client: client?, tenant: tenant? })
}

/// The value of a piece; what is wrong with it, or that it is missing, is noted.
fn need<Value: Clone>(inputs: &Inputs, piece: &Piece<Value>, findings: &mut Vec<Finding>) -> Option<Value> {
    findings.extend(piece.findings.iter().cloned());
    if !piece.is_given() {
        findings.push(missing(piece.input, inputs.values.emptied(piece.input), "it is empty", &inputs.ci));
    }
    piece.value.clone()
}
