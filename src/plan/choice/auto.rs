//! `auth: auto`: the table, row by row.

use super::super::pieces::{Piece, Pieces};
use super::super::services::{github, pipelines};
use super::super::value::{malformed, missing};
use super::kind::{KINDS, Kind, principal};
use super::{Chosen, asked_service, machine, simple, take};
use crate::inputs::Inputs;
use crate::inputs::given::Source;
use crate::inputs::table::{self, Input};
use crate::plan::{CiSystem, Credential};

/// Takes the first row that fits.
pub(super) fn by_table(inputs: &Inputs, pieces: &Pieces, has_docker_entry: bool) -> Chosen {
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

/// Two complete credentials at the same step.
fn refuse(pieces: &Pieces, kinds: &[Kind]) -> Chosen {
    let names: Vec<String> = kinds.iter().map(|kind| kind.proof(pieces)).collect();
    let reason = format!("two credentials are given ({}); auth says which one to use", names.join(" and "));
    Chosen { findings: vec![malformed(&table::AUTH, None, &reason)], ..Chosen::default() }
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
