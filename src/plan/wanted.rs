//! What is to be verified: the registry, and the images that inputs and manifests name.

use super::cloud::{Cloud, PUBLIC};
use super::draft::{Draft, shortened};
use super::images::{BadImage, WrittenImage, parse};
use super::names::{ImageReference, LoginServer, Spelling, spell};
use super::settings;
use super::value::{malformed, missing};
use super::{Platform, Role, manifests};
use crate::catalogue::Severity;
use crate::catalogue::inputs::{IMAGE_NAME_INVALID, REGISTRY_NAME_INVALID};
use crate::finding::Finding;
use crate::inputs::table;

/// What is to be verified.
#[derive(Default)]
pub(super) struct Wanted {
    pub(super) registry: Option<LoginServer>,
    /// None where the endpoints of the registry's cloud are not known.
    pub(super) cloud: Option<&'static Cloud>,
    pub(super) images: Vec<ImageReference>,
    /// How many images of the manifests lie in other registries.
    pub(super) images_elsewhere: usize,
}

/// The images as they are written.
struct Listed {
    /// Of the input `images`.
    given: Vec<(String, Result<WrittenImage, BadImage>)>,
    /// Of manifests, where other registries are as good.
    deployed: Vec<(String, Result<WrittenImage, BadImage>)>,
}

impl Listed {
    /// The registry that the images name, where all that name one of Azure's name the same.
    fn registry(&self) -> Option<LoginServer> {
        let written = self.given.iter().chain(&self.deployed).filter_map(|(_, written)| written.as_ref().ok());
        let hosts = written.filter_map(|written| written.host.as_deref());
        let mut servers: Vec<LoginServer> = hosts.filter_map(azure_registry).collect();
        servers.dedup();
        if servers.len() == 1 { servers.pop() } else { None }
    }
}

fn azure_registry(host: &str) -> Option<LoginServer> {
    spell(host, "").server.filter(|server| Cloud::of_host(&server.host).is_some())
}

impl Draft<'_> {
    /// Drafts what is to be verified.
    pub(super) fn wanted(&mut self) -> Wanted {
        let listed = self.listed();
        let (registry, cloud) = self.registry(&listed);
        let mut images = Vec::new();
        for (entry, written) in listed.given {
            match written.and_then(|written| of_registry(&entry, written, registry.as_ref())) {
                Ok(image) if !images.contains(&image) => images.push(image),
                Ok(_) => {}
                Err(bad) => self.bad_image(&entry, bad, Severity::Error),
            }
        }
        let images_elsewhere = self.deployed(listed.deployed, registry.as_ref(), &mut images);
        Wanted { registry, cloud, images, images_elsewhere }
    }

    /// What a deploy needs is to pull; a build pushes unless it says otherwise.
    pub(super) fn role(&mut self) -> Role {
        let default = if self.inputs.get(&table::IMAGES_FROM).is_some() { Role::AcrPull } else { Role::AcrPush };
        self.parsed(&table::ROLE, settings::role).unwrap_or(default)
    }

    /// The platform wanted; a deploy that does not say runs on the commonest.
    pub(super) fn platform(&mut self) -> Option<Platform> {
        let is_deploy = self.inputs.get(&table::IMAGES_FROM).is_some();
        let default = || is_deploy.then(|| settings::platform("linux/amd64").ok()).flatten();
        self.parsed(&table::PLATFORM, settings::platform).or_else(default)
    }

    fn listed(&mut self) -> Listed {
        let text = self.text(&table::IMAGES).unwrap_or_default();
        let given = entries(&text).map(|entry| (entry.to_owned(), parse(entry))).collect();
        let inputs = self.inputs;
        let source = inputs.get(&table::IMAGES_FROM).map(|given| &given.source);
        for file in &inputs.manifests.unreadable {
            let finding = malformed(&table::IMAGES_FROM, source, &file.why).fact("file", shortened(&file.path));
            self.findings.push(finding);
        }
        let mut deployed = Vec::new();
        for manifest in &inputs.manifests.texts {
            match manifests::images(&manifest.text) {
                Ok(images) => {
                    deployed.extend(images.into_iter().map(|image| (image.trim().to_owned(), parse(image.trim()))))
                }
                Err(manifests::NotYaml { line }) => {
                    let hint = match manifest.text.contains("{{") {
                        true => "; a Helm template has to be rendered first (helm template)",
                        false => "",
                    };
                    let reason = format!("it is not YAML at line {line}{hint}");
                    let finding = malformed(&table::IMAGES_FROM, source, &reason);
                    self.findings.push(finding.fact("file", shortened(&manifest.origin)));
                }
            }
        }
        Listed { given, deployed }
    }

    /// Adds the images of manifests that lie in this registry; the number of those elsewhere.
    fn deployed(
        &mut self,
        listed: Vec<(String, Result<WrittenImage, BadImage>)>,
        registry: Option<&LoginServer>,
        images: &mut Vec<ImageReference>,
    ) -> usize {
        let (mut elsewhere, mut here) = (0, 0);
        for (entry, written) in listed {
            let is_here =
                |host: &str| registry.is_none_or(|registry| registry.is_same_registry(&host.to_ascii_lowercase()));
            match written {
                Ok(WrittenImage { host: Some(host), image }) if is_here(&host) => {
                    here += 1;
                    if !images.contains(&image) {
                        images.push(image);
                    }
                }
                // Compose and Helm fill a hole when they run, so what they will name is not known to be wrong.
                Err(bad) if entry.starts_with(['$', '{']) || (names_host(&entry, is_here) && entry.contains('$')) => {
                    here += 1;
                    self.bad_image(&entry, bad, Severity::Warning);
                }
                Err(bad) if names_host(&entry, is_here) => {
                    here += 1;
                    self.bad_image(&entry, bad, Severity::Error);
                }
                Ok(_) | Err(_) => elsewhere += 1,
            }
        }
        let manifests = &self.inputs.manifests;
        if here == 0 && registry.is_some() && !manifests.texts.is_empty() {
            let reason = "no image of this registry is named there";
            let source = self.inputs.get(&table::IMAGES_FROM).map(|given| &given.source);
            self.findings.push(malformed(&table::IMAGES_FROM, source, reason).severity(Severity::Warning));
        }
        elsewhere
    }

    fn bad_image(&mut self, entry: &str, bad: BadImage, severity: Severity) {
        let finding = Finding::new(&IMAGE_NAME_INVALID).severity(severity).fact("reason", bad.reason);
        // A URL may hold a password.
        let is_url = entry.contains("://") && entry.contains('@');
        self.findings.push(match is_url {
            true => finding,
            false => finding
                .fact("image", shortened(entry))
                .fact("did-you-mean", shortened(&bad.suggestion.unwrap_or_default())),
        });
    }

    /// The registry, and its cloud; no cloud where its endpoints are not known.
    fn registry(&mut self, listed: &Listed) -> (Option<LoginServer>, Option<&'static Cloud>) {
        let wanted = self.cloud();
        let suffix = wanted.unwrap_or(&PUBLIC).registry_suffix();
        let inputs = self.inputs;
        let Some(given) = inputs.get(&table::REGISTRY) else {
            let of_images = listed.registry();
            if of_images.is_none() {
                let source = inputs.values.emptied(&table::REGISTRY);
                self.findings.push(missing(&table::REGISTRY, source, "it is empty", &inputs.ci));
            }
            let cloud = of_images.as_ref().map_or(wanted, |server| Cloud::of_host(&server.host));
            return (of_images, cloud.or(Some(&PUBLIC)));
        };
        let Some(text) = self.text(&table::REGISTRY) else { return (None, wanted.or(Some(&PUBLIC))) };
        let Spelling { server, reasons, suggestion } = spell(&text, suffix);
        if !reasons.is_empty() {
            let name = server.as_ref().map(LoginServer::resource_name).unwrap_or_default();
            let finding = Finding::new(&REGISTRY_NAME_INVALID)
                .fact("given", if text.contains('@') { String::new() } else { shortened(&text) })
                .fact("source", given.source.to_string())
                .fact("reason", reasons.join("; "))
                .fact("did-you-mean", suggestion.unwrap_or_default())
                .fact("registry", name);
            self.findings.push(finding);
        }
        let Some(server) = server else { return (None, wanted.or(Some(&PUBLIC))) };
        let cloud = Cloud::of_host(&server.host);
        if cloud.is_none() && inputs.services.authority.is_none() {
            let reason = "the endpoints of this registry's cloud are not published; AZURE_AUTHORITY_HOST has to name its authority";
            self.findings.push(malformed(&table::CLOUD, None, reason).fact("login-server", server.host.clone()));
        }
        let is_other = wanted.is_some_and(|wanted| Some(wanted) != cloud);
        if let (true, Some(given)) = (is_other, inputs.get(&table::CLOUD))
            && given.source.is_explicit()
        {
            let reason = format!("the login server belongs to {}", cloud.map_or("another cloud", |cloud| cloud.name));
            self.findings
                .push(malformed(&table::CLOUD, Some(&given.source), &reason).fact("login-server", server.host.clone()));
        }
        (Some(server), cloud)
    }

    /// The cloud asked for. A word in a variable that other tools use too may mean something else altogether.
    fn cloud(&mut self) -> Option<&'static Cloud> {
        let given = self.inputs.get(&table::CLOUD)?;
        if !given.source.is_explicit() {
            return Cloud::named(given.text());
        }
        let expected = "AzureCloud, AzureUSGovernment, AzureChinaCloud or AzureBleuCloud";
        self.parsed(&table::CLOUD, |text| Cloud::named(text).ok_or(expected))
    }
}

/// A text that is no reference begins with a host all the same.
fn names_host(entry: &str, is_wanted: impl Fn(&str) -> bool) -> bool {
    entry.split_once('/').is_some_and(|(host, _)| is_wanted(host))
}

/// The image, when it lies in the registry that is verified.
fn of_registry(entry: &str, written: WrittenImage, registry: Option<&LoginServer>) -> Result<ImageReference, BadImage> {
    let Some(host) = written.host else { return Ok(written.image) };
    let lower = host.to_ascii_lowercase();
    if host != lower {
        let reason = "the login server has upper-case letters, which docker refuses".to_owned();
        return Err(BadImage { reason, suggestion: Some(entry.replacen(&host, &lower, 1)) });
    }
    match registry {
        Some(registry) if !registry.is_same_registry(&host) => {
            let reason = format!("it lies in {host}, and {} is to be verified", registry.host);
            Err(BadImage { reason, suggestion: None })
        }
        _ => Ok(written.image),
    }
}

/// The entries of a list: one a line, or between commas.
fn entries(text: &str) -> impl Iterator<Item = &str> {
    text.split(['\n', '\r', ',']).map(str::trim).filter(|entry| !entry.is_empty())
}
