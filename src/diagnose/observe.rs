//! What a few lines of a log say: the symptoms in them that speak of Azure.

use super::facts;
use super::prose::{explains_codes, is_of_other_action};
use super::redact::excerpt;
use super::region::Region;
use super::speaks::{Owner, marks};
use super::username;
use super::weight::{
    is_about_cache, is_about_registries, is_about_sign_in, is_anybodys, is_bare_status, is_doubtful, is_echo,
    is_foreign_helper, is_no_failure, is_told_in_words, is_vague, names_a_number, pushes_to_library, says_more,
    speaks_of_images, speaks_of_layers, succeeds_after_all,
};
use super::wordings::{Found, WORDINGS};
use crate::catalogue::{self, Failure, Family, Symptom};
use crate::finding::Fact;
use std::collections::HashMap;

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
    /// Makes the failure likely, and does not prove it.
    pub(super) is_doubtful: bool,
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

/// Over how many line breaks a wording may go.
const TORN: usize = 2;

/// How far above a message the name of its registry may stand.
const LINES_ABOVE: usize = 200;

/// The symptoms of a region that count, given what stands above it.
pub(super) fn observe(region: &Region, above: &[u8], context: &mut Context) -> Vec<Observation> {
    let mut scene = Scene { region, above, context, looked_back: None, silent: HashMap::new() };
    let found = WORDINGS.find(&region.text);
    let counting: Vec<Found> = found.iter().filter(|found| scene.counts(found)).cloned().collect();
    let numbered = counting.iter().any(names_a_number);
    let names_user = username::is_named_in(region);
    let mut observations: Vec<Observation> = Vec::new();
    for found in &counting {
        let failure = refined(found, region, names_user);
        let line = region.number(found.start);
        let is_echo = is_echo(found, region)
            || numbered && is_about_sign_in(found)
            || counting.iter().any(|other| is_told_in_words(found, other, region))
            || is_vague(found) && counting.iter().any(|other| says_more(other, found, region));
        let is_doubtful = is_doubtful(found);
        let known = observations.iter_mut().find(|known| known.failure.id == failure.id);
        if let Some(known) = known {
            known.is_echo &= is_echo;
            known.is_doubtful &= is_doubtful;
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
            is_doubtful,
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
    /// Whether a line, by its number, tells of no failure at all.
    silent: HashMap<usize, bool>,
}

impl Scene<'_> {
    fn counts(&mut self, found: &Found) -> bool {
        let place = found.start;
        let number = self.region.number(place);
        // Wraps tear a message; one that begins on a line far above is none.
        let torn = self.region.number(found.last) - number;
        let steps = self.region.step(place).zip(self.region.step(found.last));
        if torn > if is_vague(found) { 0 } else { TORN } || steps.is_some_and(|(first, last)| first != last) {
            return false;
        }
        let region = self.region;
        let is_silent = || {
            is_no_failure(region.line(place).0)
                || explains_codes(region.line(place).0)
                || is_about_cache(region, place)
                || succeeds_after_all(region, place)
        };
        if *self.silent.entry(number).or_insert_with(is_silent) {
            return false;
        }
        match found.symptom {
            Symptom::Entra(_) => true,
            Symptom::Code(_) => !self.of_others(place),
            Symptom::Says(_) => match found.failure.family {
                _ if found.failure.id == "docker-credential-helper" => !is_foreign_helper(self.region, place),
                _ if found.failure.id == "federated-token-unavailable" => {
                    !self.of_others(place) && !is_of_other_action(region.above(place))
                }
                Family::RegistrySignIn | Family::Access => !self.of_others(place) && !self.of_other_registry(place),
                _ => !self.of_others(place),
            },
            Symptom::CodeOfRegistry(_) | Symptom::SaysOfRegistry(_) | Symptom::HintsOfRegistry(_) => {
                let is_near = |lines| self.region.speaks_of(Owner::Registry, place, lines);
                let is_told = if is_bare_status(found) {
                    // Azure Resource Manager has its own reasons.
                    is_near(0) && !self.region.around(place, 0).contains("microsoft.containerregistry")
                } else if self.is_inside_of_build(place) {
                    is_near(0)
                } else if is_anybodys(found) {
                    is_near(1)
                        || self.region.speaks_of(Owner::Masked, place, 1)
                        || self.region.step_says(place, ".azurecr.")
                } else {
                    is_near(2) || speaks_of_images(self.region.around(place, 1))
                };
                is_told
                    && (self.whose(place) == Some(Owner::Registry)
                        // The host that is named beside the registry is the proxy.
                        || found.failure.id == "proxy-failed" && is_near(0))
            }
            Symptom::SaysOfEntra(_) => {
                let lines = if is_anybodys(found) { 1 } else { 6 };
                let near = self.region.nearest(place, |_| true).filter(|(_, away)| *away <= lines);
                matches!(near, Some((Owner::Entra | Owner::Arm, _)))
            }
            Symptom::SaysOfArm(_) => is_about_registries(self.region.around(place, 1)),
            Symptom::SaysOfData(_) => {
                let near = self.region.nearest(place, |_| true);
                matches!(near, Some((Owner::Data, 0)))
                    && (self.region.around(place, 0).contains(".data.azurecr.")
                        || self.region.speaks_of(Owner::Registry, place, 2)
                        || speaks_of_layers(self.region.around(place, 0))
                            && self.whose_registry(place) == Some(Owner::Registry))
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
            _ if facts::bare_image(self.region.line(place).0).is_some() => Some(Owner::DockerHub),
            _ if !self.region.speaks_of(Owner::Registry, place, 2)
                && facts::wants_bare_image(self.region.around(place, 2)) =>
            {
                Some(Owner::DockerHub)
            }
            _ => self.whose_registry(place),
        }
    }

    /// Whether a program says it that runs inside of a build, and not the builder as it pulls and pushes.
    fn is_inside_of_build(&self, place: usize) -> bool {
        const PUSHES: &[&str] = &["exporting to image", "pushing layers", "pushing manifest"];
        self.region.step(place).is_some_and(|step| step.is_inside)
            && !PUSHES.iter().any(|words| self.region.step_says(place, words))
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

/// The failure that a symptom means in its surroundings.
fn refined(found: &Found, region: &Region, names_user: bool) -> &'static Failure {
    let id = match found.failure.id {
        "no-pull-permission" if facts::pushes(region, found.start) => "no-push-permission",
        "registry-name-invalid" if facts::has_upper_case_repository(region.line(found.start).0) => "image-name-invalid",
        "unauthorized" if names_user => username::whose_password(region, found.start).unwrap_or("unauthorized"),
        // An older wording of the same number.
        "certificate-invalid" if region.around(found.start, 0).contains("invalid client secret") => "secret-invalid",
        id => id,
    };
    catalogue::by_id(id).unwrap_or(found.failure)
}
