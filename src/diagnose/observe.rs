//! What a few lines of a log say: the symptoms in them that speak of Azure.

use super::facts;
use super::redact::excerpt;
use super::region::Region;
use super::speaks::{Owner, marks};
use super::wordings::{Found, WORDINGS};
use crate::catalogue::{self, Failure, Family, Symptom};
use crate::finding::Fact;

/// A symptom that counts.
#[derive(Debug, Clone)]
pub(super) struct Observation {
    pub(super) failure: &'static Failure,
    pub(super) line: usize,
    pub(super) code: Option<String>,
    pub(super) excerpt: String,
    pub(super) facts: Vec<Fact>,
    /// Counts only in a log that speaks of an Azure registry somewhere.
    pub(super) needs_registry: bool,
    /// Says no more than that something else went wrong.
    pub(super) is_echo: bool,
}

/// What was learnt of the log before the lines at hand.
#[derive(Debug, Default)]
pub(super) struct Context {
    /// An Azure registry was spoken of.
    pub(super) registry: bool,
    /// The registry spoken of last.
    pub(super) last: Option<Owner>,
    /// How often the lines above were searched for a host.
    looks_back: usize,
}

/// Looking back costs time; a log that wants it more often gets the registry spoken of last.
const LOOKS_BACK: usize = 500;

/// How far above a message the name of its registry may stand.
const LINES_ABOVE: usize = 200;

/// The symptoms of a region that count, given what stands above it.
pub(super) fn observe(region: &Region, above: &[u8], context: &mut Context) -> Vec<Observation> {
    let mut scene = Scene { region, above, context, looked_back: None };
    let found = WORDINGS.find(&region.text);
    let counting: Vec<Found> = found.iter().filter(|found| scene.counts(found)).cloned().collect();
    let numbered = counting.iter().any(names_a_number);
    let mut observations: Vec<Observation> = Vec::new();
    for found in &counting {
        let failure = refined(found, region);
        let line = region.number(found.start);
        let is_echo = is_echo(found, region)
            || numbered && is_about_sign_in(found)
            || is_bare_code(found) && counting.iter().any(|other| says_more(other, found, region));
        let known = observations.iter_mut().find(|known| known.failure.id == failure.id);
        if let Some(known) = known {
            known.is_echo &= is_echo;
            if known.code.is_none() {
                known.code.clone_from(&found.code);
            }
            continue;
        }
        let (text, at) = region.line(found.start);
        observations.push(Observation {
            failure,
            line,
            code: found.code.clone(),
            excerpt: excerpt(text, at),
            facts: facts::facts(region, found.start, failure),
            needs_registry: matches!(found.symptom, Symptom::SaysOfDockerHub(_))
                && !pushes_to_library(region, found.start),
            is_echo,
        });
    }
    context.registry |= region.speaks_of(Owner::Registry, 0, usize::MAX);
    if let Some((owner, _)) = region.nearest(region.text.len(), is_registry) {
        context.last = Some(owner);
    }
    observations
}

fn is_registry(owner: Owner) -> bool {
    matches!(owner, Owner::Registry | Owner::DockerHub | Owner::OtherRegistry)
}

struct Scene<'a> {
    region: &'a Region,
    above: &'a [u8],
    context: &'a mut Context,
    looked_back: Option<Option<Owner>>,
}

impl Scene<'_> {
    fn counts(&mut self, found: &Found) -> bool {
        let place = found.start;
        if is_about_cache(self.region, place) {
            return false;
        }
        match found.symptom {
            Symptom::Entra(_) => true,
            Symptom::Code(_) => !self.of_others(place),
            Symptom::Says(_) => match found.failure.family {
                _ if found.failure.id == "docker-credential-helper" => !is_foreign_helper(self.region, place),
                Family::RegistrySignIn | Family::Access => !self.of_others(place) && !self.of_other_registry(place),
                _ => !self.of_others(place),
            },
            Symptom::CodeOfRegistry(_) | Symptom::SaysOfRegistry(_) => self.whose(place) == Some(Owner::Registry),
            Symptom::SaysOfEntra(_) => {
                let near = self.region.nearest(place, |_| true).filter(|(_, lines)| *lines <= 6);
                matches!(near, Some((Owner::Entra | Owner::Arm, _)))
            }
            Symptom::SaysOfArm(_) => is_about_registries(self.region.around(place, 1)),
            Symptom::SaysOfData(_) => {
                let near = self.region.nearest(place, |_| true);
                matches!(near, Some((Owner::Data, 0)))
                    && (self.region.speaks_of(Owner::Registry, place, 2)
                        || self.whose_registry(place) == Some(Owner::Registry))
            }
            Symptom::SaysOfDockerHub(_) => self.is_docker_hub(place),
        }
    }

    /// Whether the lines at hand or those above speak of a registry that is not Azure's.
    fn of_other_registry(&mut self, place: usize) -> bool {
        matches!(self.whose_registry(place), Some(Owner::DockerHub | Owner::OtherRegistry))
    }

    /// Whether the lines at hand speak of somebody else, and of nothing in Azure.
    fn of_others(&self, place: usize) -> bool {
        let ours = |owner| self.region.speaks_of(owner, place, 2);
        let near = self.region.nearest(place, |_| true);
        matches!(near, Some((Owner::DockerHub | Owner::OtherRegistry | Owner::Other, 0..=2)))
            && !ours(Owner::Registry)
            && !ours(Owner::Entra)
    }

    /// Of whom the text speaks at a place, as far as its own lines say.
    fn whose(&mut self, place: usize) -> Option<Owner> {
        match self.region.nearest(place, |_| true) {
            // Microsoft's public registry speaks as an Azure registry does.
            Some((Owner::Registry, 0)) if self.is_public_registry(place) || self.is_import(place) => {
                Some(Owner::OtherRegistry)
            }
            Some((Owner::Masked, 0)) => self.whose_registry(place),
            Some((owner, 0)) if owner != Owner::Entra => Some(owner),
            _ => self.whose_registry(place),
        }
    }

    fn is_public_registry(&self, place: usize) -> bool {
        let near = self.region.around(place, 6);
        near.contains("mcr.microsoft.com") && !near.contains("azurecr.")
    }

    /// An import asks another registry for the image, and tells what that one answered.
    fn is_import(&self, place: usize) -> bool {
        let near = self.region.around(place, 6);
        near.contains("acr import")
            && ["docker.io", "ghcr.io", "quay.io", "gcr.io"].iter().any(|host| near.contains(host))
    }

    /// The registry that a place speaks of: in its lines, above them, or the last one anywhere.
    fn whose_registry(&mut self, place: usize) -> Option<Owner> {
        if let Some((owner, _)) = self.region.nearest(place, is_registry) {
            return Some(owner);
        }
        if self.region.speaks_of(Owner::Masked, place, 6) {
            return Some(Owner::Registry);
        }
        if self.looked_back.is_none() && self.context.looks_back < LOOKS_BACK {
            self.context.looks_back += 1;
            self.looked_back = Some(look_back(self.above));
        }
        self.looked_back.flatten().or(self.context.last)
    }

    /// Docker Hub was asked for an image that has no host in its name.
    fn is_docker_hub(&mut self, place: usize) -> bool {
        match self.region.nearest(place, |_| true) {
            Some((Owner::DockerHub, 0)) => true,
            Some((owner, 0)) if owner != Owner::Entra => pushes_to_library(self.region, place),
            _ if facts::bare_image(self.region.line(place).0).is_some() => true,
            _ => self.whose_registry(place) == Some(Owner::DockerHub) || pushes_to_library(self.region, place),
        }
    }
}

/// The last registry that is named in the lines above.
fn look_back(above: &[u8]) -> Option<Owner> {
    let lines = above.rsplit(|byte| *byte == b'\n').take(LINES_ABOVE);
    lines.into_iter().find_map(|line| {
        let text = String::from_utf8_lossy(&line[..line.len().min(1000)]).to_ascii_lowercase();
        marks(&text).iter().rev().find(|mark| is_registry(mark.owner)).map(|mark| mark.owner)
    })
}

/// Actions on resources of other kinds are none of a registry's business; those on the subscription come before it.
fn is_about_registries(text: &str) -> bool {
    const BEFORE_IT: &[&str] = &["microsoft.containerregistry", "microsoft.resources/", "microsoft.authorization/"];
    BEFORE_IT.iter().any(|namespace| text.contains(namespace)) || text.contains("acr") && !text.contains("microsoft.")
}

/// Helpers of other clouds keep the logins of other registries.
fn is_foreign_helper(region: &Region, place: usize) -> bool {
    let near = region.around(place, 0);
    ["ecr-login", "docker-credential-gcloud", "docker-credential-gcr", "amazonaws"]
        .iter()
        .any(|name| near.contains(name))
}

/// A build that finds no layer cache says so and goes on.
fn is_about_cache(region: &Region, place: usize) -> bool {
    let near = region.around(place, 0);
    near.contains("importing cache") || near.contains("cache importer") || near.contains("cache manifest")
}

/// Nobody can push to `docker.io/library`: such a name has lost its registry.
fn pushes_to_library(region: &Region, place: usize) -> bool {
    region.around(place, 40).contains("push refers to repository [docker.io/library/")
}

/// What tools say after whatever went wrong: it counts where nothing else does.
fn is_echo(found: &Found, region: &Region) -> bool {
    const SAID_AFTERWARDS: &[&str] = &[
        "Please specify both username and password in non-interactive mode",
        "Interactive authentication is needed",
        "Please run 'az login' to setup account",
        "Unable to get AAD authorization tokens",
        "Login failed. Please check the credentials",
        "error with the service principal used for the deployment",
    ];
    SAID_AFTERWARDS.contains(&found.wording)
        || found.failure.id == "admin-disabled"
            && region.around(found.start, 0).contains("unable to get admin user credentials")
}

/// Whether this is a number of Entra's that says what is wrong; an older one says less than whatever comes with it.
fn names_a_number(found: &Found) -> bool {
    matches!(found.symptom, Symptom::Entra(number) if number != 70002 && found.failure.id != "entra-rejected")
}

/// Words of OAuth that come with a number, and say less than it does.
fn is_about_sign_in(found: &Found) -> bool {
    matches!(found.symptom, Symptom::SaysOfEntra(_) | Symptom::Entra(70002))
}

/// `DENIED` and `UNAUTHORIZED` come with most refusals.
fn is_bare_code(found: &Found) -> bool {
    matches!(found.wording, "code:DENIED" | "UNAUTHORIZED")
}

/// Whether the words beside a code say why it came.
fn says_more(other: &Found, code: &Found, region: &Region) -> bool {
    !is_bare_code(other)
        && other.failure.id != code.failure.id
        && other.failure.id != "unauthorized"
        && region.number(other.start) == region.number(code.start)
}

/// The failure that a symptom means in its surroundings.
fn refined(found: &Found, region: &Region) -> &'static Failure {
    let id = match found.failure.id {
        "no-pull-permission" if facts::pushes(region, found.start) => "no-push-permission",
        "registry-name-invalid" if facts::has_upper_case_repository(region.line(found.start).0) => "image-name-invalid",
        // An older wording of the same number.
        "certificate-invalid" if region.around(found.start, 0).contains("invalid client secret") => "secret-invalid",
        id => id,
    };
    catalogue::by_id(id).unwrap_or(found.failure)
}
