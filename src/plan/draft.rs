//! Drafts the plan from the inputs, one field after the other; a bad one is named and the rest goes on.

use super::choice::{Chosen, choose};
use super::cloud::{Cloud, PUBLIC};
use super::endpoints::{Plain, loopback_socket, origin};
use super::is_guid;
use super::names::LoginServer;
use super::pieces::Pieces;
use super::services::unusable;
use super::settings::{self, Expected};
use super::value::{self, malformed, missing};
use super::wanted::Wanted;
use super::{CiContext, CiSystem, Credential, Detail, DockerWish, Network, Output, OutputFormat, Plan};
use crate::catalogue::Severity;
use crate::catalogue::inputs::INPUT_MALFORMED;
use crate::finding::Finding;
use crate::inputs::Inputs;
use crate::inputs::command_line::{Log, Task};
use crate::inputs::given::{Given, UnreadableFile};
use crate::inputs::table::{self, Input};

impl Plan {
    /// Parses what was handed over. It never fails: what cannot be used is named in `findings` and absent elsewhere.
    pub fn from_inputs(inputs: &Inputs) -> Self {
        let mut draft = Draft { inputs, findings: Vec::new() };
        if let Some(message) = &inputs.misuse {
            draft.findings.push(Finding::new(&INPUT_MALFORMED).fact("input", "command line").fact("reason", message));
        }
        let output = draft.output();
        if inputs.task == Task::Diagnose(Log::NotGiven) {
            draft.findings.push(missing(
                &table::LOG,
                None,
                "mode is diagnose, and log names no file",
                &CiContext::default(),
            ));
        }
        let about_the_log = draft.findings.len();
        // After a command line that was not understood nobody knows what was meant: nothing is asked of anybody.
        let heard = inputs.misuse.is_none() && inputs.task == Task::Check;
        let Wanted { registry, cloud, images, images_elsewhere } =
            if heard { draft.wanted() } else { Wanted { cloud: Some(&PUBLIC), ..Wanted::default() } };
        let authority = draft.authority(cloud);
        let pieces = Pieces::read(inputs);
        let mut chosen = if heard { draft.credential(&pieces, registry.as_ref()) } else { Chosen::default() };
        draft.findings.append(&mut chosen.findings);
        if authority.is_none() {
            chosen.credential = chosen.credential.and_then(without_entra);
            chosen.reader = None;
        }
        let cloud = cloud.unwrap_or(&PUBLIC);
        Self {
            now: inputs.now,
            cloud,
            authority: authority.unwrap_or_else(|| cloud.authority.to_owned()),
            registry,
            images,
            images_elsewhere,
            role: draft.role(),
            platform: draft.platform(),
            credential: chosen.credential,
            chosen_because: chosen.because,
            reader: chosen.reader,
            subscription_id: draft.subscription(&pieces),
            subscription_is_explicit: inputs
                .get(&table::SUBSCRIPTION_ID)
                .is_some_and(|given| given.source.is_explicit()),
            secret_expires_on: draft.parsed(&table::SECRET_EXPIRES_ON, settings::moment),
            expiry_warning_days: draft.number(&table::EXPIRY_WARNING_DAYS),
            expiry_error_days: draft.number(&table::EXPIRY_ERROR_DAYS),
            docker: match draft.parsed(&table::DOCKER, settings::docker) {
                _ if !heard => DockerWish::Skip,
                wish => wish.unwrap_or_default(),
            },
            docker_environment: inputs.docker.clone(),
            // Whatever does not fail a run: a command line that was not understood is none.
            fail_on: draft
                .parsed(&table::FAIL_ON, settings::fail_on)
                .filter(|_| inputs.misuse.is_none())
                .unwrap_or_default(),
            timeout: draft.timeout(),
            network: draft.network(),
            ci: inputs.ci.clone(),
            output,
            unmasked: pieces.taken_out_of_creds().cloned().into_iter().collect(),
            findings: {
                // A log is read whatever else the job's environment holds.
                if matches!(inputs.task, Task::Diagnose(_)) {
                    draft.findings.truncate(about_the_log);
                }
                draft.findings
            },
        }
    }
}

/// A plan under way.
pub(super) struct Draft<'a> {
    pub(super) inputs: &'a Inputs,
    pub(super) findings: Vec<Finding>,
}

impl Draft<'_> {
    /// A setting's text, where there is a usable one.
    pub(super) fn text(&mut self, input: &'static Input) -> Option<String> {
        let given = self.inputs.get(input)?;
        let value::Examined { text, finding } = value::setting(input, given, &self.inputs.ci);
        self.findings.extend(finding);
        text
    }

    /// A setting's value; what cannot be parsed is named, and the default holds.
    pub(super) fn parsed<Value>(
        &mut self,
        input: &'static Input,
        parse: impl Fn(&str) -> Result<Value, Expected>,
    ) -> Option<Value> {
        let text = self.text(input)?;
        match parse(&text) {
            Ok(value) => Some(value),
            Err(expected) => {
                let source = self.inputs.get(input).map(|given| &given.source);
                let reason = format!("it is not {expected}");
                self.findings.push(malformed(input, source, &reason).fact("given", shortened(&text)));
                None
            }
        }
    }

    fn number(&mut self, input: &'static Input) -> i64 {
        let default = input.default.parse().unwrap_or_default();
        self.parsed(input, settings::days).unwrap_or(default)
    }

    fn timeout(&mut self) -> std::time::Duration {
        let given = self.parsed(&table::TIMEOUT, settings::timeout);
        given.or_else(|| settings::timeout(table::TIMEOUT.default).ok()).unwrap_or_default()
    }

    fn output(&mut self) -> Output {
        self.parsed(&table::MODE, settings::mode);
        let by_ci = match self.inputs.ci.system {
            CiSystem::GitHub => OutputFormat::GitHub,
            CiSystem::AzurePipelines => OutputFormat::AzurePipelines,
            CiSystem::GitLab | CiSystem::Other => OutputFormat::Text,
        };
        let verbose = self.parsed(&table::VERBOSE, settings::yes_or_no).unwrap_or_default();
        let quiet = self.parsed(&table::QUIET, settings::yes_or_no).unwrap_or_default();
        Output {
            format: self.parsed(&table::FORMAT, settings::format).flatten().unwrap_or(by_ci),
            report: self.text(&table::REPORT).map(Into::into),
            detail: match (verbose || self.inputs.ci.debug, quiet) {
                (true, _) => Detail::Verbose,
                (false, true) => Detail::Quiet,
                (false, false) => Detail::Normal,
            },
        }
    }

    /// The Entra authority; none where nothing may be sent to it.
    fn authority(&mut self, cloud: Option<&'static Cloud>) -> Option<String> {
        let Some(text) = self.inputs.services.authority.as_deref() else {
            return cloud.map(|cloud| cloud.authority.to_owned());
        };
        let authority = origin(text, Plain::Loopback);
        authority.map_err(|reason| self.findings.push(*unusable("AZURE_AUTHORITY_HOST", reason))).ok()
    }

    fn credential(&mut self, pieces: &Pieces, registry: Option<&LoginServer>) -> Chosen {
        let expected =
            "auto, client-secret, certificate, oidc, managed-identity, password, token, docker-config or anonymous";
        let names = || super::choice::CHOICES.iter().map(|choice| choice.auth).chain(["auto"]);
        let named = |text: &str| names().find(|name| name.eq_ignore_ascii_case(text)).ok_or(expected);
        let wrong = self.findings.len();
        let auth = self.parsed(&table::AUTH, named).filter(|auth| *auth != "auto");
        if self.findings.len() > wrong {
            return Chosen::default();
        }
        let is_registry = |key: &String| {
            let host = key.split("://").last().unwrap_or_default().split('/').next().unwrap_or_default();
            registry.is_some_and(|registry| registry.host.eq_ignore_ascii_case(host))
        };
        choose(self.inputs, pieces, auth, self.inputs.docker_logins.iter().any(is_registry))
    }

    fn subscription(&mut self, pieces: &Pieces) -> Option<String> {
        let guid = |text: &str| if is_guid(text) { Ok(text.to_owned()) } else { Err("a GUID") };
        let explicit = |given: &&Given| given.source.is_explicit();
        if self.inputs.get(&table::SUBSCRIPTION_ID).filter(explicit).is_some() {
            return self.parsed(&table::SUBSCRIPTION_ID, guid);
        }
        let ambient = self.inputs.get(&table::SUBSCRIPTION_ID).map(|given| given.text().trim().to_owned());
        // Nothing rests on it but where ARM is asked, so what others wrote is used only when it is right.
        pieces.subscription.clone().or(ambient).filter(|text| is_guid(text))
    }

    fn network(&mut self) -> Network {
        let routes = &self.inputs.routes;
        let roots = &self.inputs.roots;
        let unreadable =
            roots.unreadable.iter().map(|UnreadableFile { source, path, why }| (source, path, why.as_str()));
        let empty =
            roots.without_certificate.iter().map(|(source, path)| (source, path, "it holds no PEM certificate"));
        for (source, path, reason) in unreadable.chain(empty) {
            let finding = malformed(&table::CA_CERTIFICATES, Some(source), reason).fact("file", shortened(path));
            // A path of the host that does not exist in a container is common, and the built-in roots may do.
            self.findings.push(if source.is_explicit() { finding } else { finding.severity(Severity::Notice) });
        }
        let hook = |text: &Option<String>| text.clone();
        let nameserver = hook(&routes.nameserver).map(|text| loopback_socket(&text));
        let nameserver = nameserver
            .transpose()
            .map_err(|reason| self.findings.push(*unusable("ACR_PREFLIGHT_NAMESERVER", reason)))
            .unwrap_or_default();
        let port = hook(&routes.loopback_port)
            .map(|text| text.parse().ok().filter(|port| *port != 0).ok_or("it is not a port"));
        let port = port
            .transpose()
            .map_err(|reason| self.findings.push(*unusable("ACR_PREFLIGHT_LOOPBACK_PORT", reason)))
            .unwrap_or_default();
        Network {
            https_proxy: routes.https_proxy.clone(),
            http_proxy: routes.http_proxy.clone(),
            no_proxy: routes.no_proxy.clone(),
            extra_roots: roots.bundles.clone(),
            nameserver,
            loopback_port: port,
        }
    }
}

/// What remains of a credential when nothing may be sent to Entra.
fn without_entra(credential: Credential) -> Option<Credential> {
    match credential {
        Credential::Password { username, password, .. } => {
            Some(Credential::Password { username, password, tenant: None })
        }
        Credential::Token { .. } | Credential::DockerConfig | Credential::Anonymous => Some(credential),
        Credential::ClientSecret { .. }
        | Credential::Certificate { .. }
        | Credential::Federated { .. }
        | Credential::ManagedIdentity { .. } => None,
    }
}

/// A text from outside, short enough for a fact.
pub(super) fn shortened(text: &str) -> String {
    match text.char_indices().nth(200) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
