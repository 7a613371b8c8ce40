//! The pieces that credentials are made of, each with its source and what is wrong with it.

use super::creds::{self, Creds};
use super::is_guid;
use super::value::{self, Examined, malformed, missing};
use super::{CertificateBytes, CiContext};
use crate::catalogue::entra::CERTIFICATE_INVALID;
use crate::finding::Finding;
use crate::inputs::Inputs;
use crate::inputs::given::{Given, Source};
use crate::inputs::table::{self, Input};
use crate::secret::Secret;

/// A value that a credential may need.
#[derive(Debug)]
pub(super) struct Piece<Value> {
    /// The input that gives it.
    pub(super) input: &'static Input,
    /// The value, where there is a usable one.
    pub(super) value: Option<Value>,
    /// Where it was given, usable or not.
    pub(super) source: Option<Source>,
    /// What is wrong with it.
    pub(super) findings: Vec<Finding>,
}

impl<Value> Piece<Value> {
    fn absent(input: &'static Input) -> Self {
        Self { input, value: None, source: None, findings: Vec::new() }
    }

    /// It was given, usable or not.
    pub(super) fn is_given(&self) -> bool {
        self.source.is_some()
    }

    /// It was given and is of no use.
    pub(super) fn is_broken(&self) -> bool {
        self.is_given() && self.value.is_none()
    }

    fn is_explicit(&self) -> bool {
        self.source.as_ref().is_some_and(Source::is_explicit)
    }
}

/// Everything that can be part of a credential.
#[derive(Debug)]
pub(super) struct Pieces {
    pub(super) client: Piece<String>,
    pub(super) tenant: Piece<String>,
    pub(super) secret: Piece<Secret>,
    pub(super) certificate: Piece<CertificateBytes>,
    pub(super) federated: Piece<Secret>,
    pub(super) username: Piece<String>,
    pub(super) password: Piece<Secret>,
    pub(super) token: Piece<Secret>,
    pub(super) subscription: Option<String>,
}

impl Pieces {
    /// Reads and examines each; what `creds` holds fills the gaps.
    pub(super) fn read(inputs: &Inputs) -> Self {
        let mut pieces = Self {
            client: read(inputs, &table::CLIENT_ID, client_id),
            tenant: read(inputs, &table::TENANT_ID, tenant_id),
            secret: read(inputs, &table::CLIENT_SECRET, plain_secret),
            certificate: certificate(inputs),
            federated: federated(inputs),
            username: read(inputs, &table::USERNAME, |input, given, ci| held(value::identifier(input, given, ci))),
            password: read(inputs, &table::PASSWORD, plain_secret),
            token: read(inputs, &table::TOKEN, jwt),
            subscription: None,
        };
        pieces.fill_from_creds(inputs);
        pieces
    }

    /// The client secret, where it stood in the JSON of `creds`.
    pub(super) fn taken_out_of_creds(&self) -> Option<&Secret> {
        self.secret.value.as_ref().filter(|_| *self.secret.input == table::CREDS)
    }

    fn fill_from_creds(&mut self, inputs: &Inputs) {
        let Some(given) = inputs.get(&table::CREDS) else { return };
        let ci = &inputs.ci;
        let Creds { client, secret, tenant, subscription } = match creds_of(given, ci) {
            Ok(creds) => creds,
            Err(finding) => {
                // What it would have filled is not missing, so nothing is said of it but this.
                let source = || Some(given.source.clone());
                self.client.source = self.client.source.take().or_else(source);
                self.tenant.source = self.tenant.source.take().or_else(source);
                if !self.secret.is_given() {
                    self.secret.source = source();
                    self.secret.findings.push(finding);
                }
                return;
            }
        };
        let part = |text: String| Given { value: Secret::new(text), source: given.source.clone() };
        let inside = |text: Option<String>| text.map(part);
        let client = piece(&table::CREDS, inside(client).as_ref(), ci, client_id);
        let secret = piece(&table::CREDS, inside(secret).as_ref(), ci, plain_secret);
        let tenant = piece(&table::CREDS, inside(tenant).as_ref(), ci, tenant_id);
        if self.is_of_another(&client) {
            return;
        }
        self.subscription = subscription;
        fill(&mut self.client, client);
        fill(&mut self.tenant, tenant);
        if let (Some(own), Some(other)) = (&self.secret.value, &secret.value)
            && own.expose() != other.expose()
            && self.secret.is_explicit() == secret.is_explicit()
        {
            let reason = "client-secret and creds hold two different secrets";
            self.secret.findings.push(malformed(&table::CREDS, Some(&given.source), reason));
            self.secret.value = None;
        }
        fill(&mut self.secret, secret);
    }

    /// The separate inputs name another application than `creds`: then they count, or both are refused.
    fn is_of_another(&mut self, other: &Piece<String>) -> bool {
        let (Some(own), Some(theirs)) = (&self.client.value, &other.value) else { return false };
        if own.eq_ignore_ascii_case(theirs) || (other.is_explicit() && !self.client.is_explicit()) {
            return false;
        }
        let has_proof = self.secret.is_given() || self.certificate.is_given() || self.federated.is_given();
        if other.is_explicit() == self.client.is_explicit() && (has_proof || other.is_explicit()) {
            let reason = format!("client-id is {own}, and creds names {theirs}");
            self.client.findings.push(malformed(&table::CREDS, other.source.as_ref(), &reason));
            self.client.value = None;
        }
        true
    }
}

/// Takes the other value where there is none, or where the other alone was given to this program.
fn fill<Value>(piece: &mut Piece<Value>, other: Piece<Value>) {
    if other.is_given() && (!piece.is_given() || (other.is_explicit() && !piece.is_explicit())) {
        *piece = other;
    }
}

type Read<Value> = (Option<Value>, Option<Finding>);

fn read<Value>(
    inputs: &Inputs,
    input: &'static Input,
    parse: impl Fn(&'static Input, &Given, &CiContext) -> Read<Value>,
) -> Piece<Value> {
    piece(input, inputs.get(input), &inputs.ci, parse)
}

fn piece<Value>(
    input: &'static Input,
    given: Option<&Given>,
    ci: &CiContext,
    parse: impl Fn(&'static Input, &Given, &CiContext) -> Read<Value>,
) -> Piece<Value> {
    let Some(given) = given else { return Piece::absent(input) };
    let (value, finding) = parse(input, given, ci);
    Piece { input, value, source: Some(given.source.clone()), findings: finding.into_iter().collect() }
}

fn held(examined: Examined) -> Read<String> {
    (examined.text, examined.finding)
}

fn plain_secret(input: &'static Input, given: &Given, ci: &CiContext) -> Read<Secret> {
    let Examined { text, finding } = value::secret(input, given, ci);
    (text.map(Secret::new), finding)
}

fn client_id(input: &'static Input, given: &Given, ci: &CiContext) -> Read<String> {
    let Examined { text, finding } = value::identifier(input, given, ci);
    match text {
        Some(text) if !is_guid(&text) => {
            (None, Some(malformed(input, Some(&given.source), "the application (client) id is not a GUID")))
        }
        text => (text, finding),
    }
}

fn tenant_id(input: &'static Input, given: &Given, ci: &CiContext) -> Read<String> {
    let Examined { text, finding } = value::identifier(input, given, ci);
    let Some(text) = text else { return (None, finding) };
    let reason = match text.to_ascii_lowercase().as_str() {
        "common" | "organizations" | "consumers" => "a service principal signs in to one tenant, not to this alias",
        lower if is_guid(lower) || is_domain(lower) => return (Some(text), finding),
        _ => "the directory (tenant) id is neither a GUID nor a domain",
    };
    (None, Some(malformed(input, Some(&given.source), reason)))
}

fn is_domain(text: &str) -> bool {
    let fits = |part: &str| {
        (1..=63).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    text.contains('.') && text.len() <= 253 && text.split('.').all(fits)
}

fn jwt(input: &'static Input, given: &Given, ci: &CiContext) -> Read<Secret> {
    let (value, finding) = plain_secret(input, given, ci);
    let Some(token) = value else { return (None, finding) };
    let parts: Vec<&str> = token.expose().split('.').collect();
    let is_segment = |part: &&str| part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_=".contains(&byte));
    let reason = match token.expose().trim_start() {
        text if text.starts_with('{') => {
            "it is the whole JSON of a command; the token alone is wanted (--query accessToken --output tsv)"
        }
        text if text.to_ascii_lowercase().starts_with("bearer ") => "it begins with the word Bearer",
        _ if parts.len() != 3 || !parts.iter().all(is_segment) || parts[0].is_empty() || parts[1].is_empty() => {
            "it is not a token: three parts of letters and digits with dots between them"
        }
        _ => return (Some(token), finding),
    };
    (None, Some(malformed(input, Some(&given.source), reason)))
}

fn creds_of(given: &Given, ci: &CiContext) -> Result<Creds, Finding> {
    if let Some(reason) = value::placeholder(given.text().trim()) {
        return Err(missing(&table::CREDS, Some(&given.source), &reason, ci));
    }
    creds::parse(given.text()).map_err(|reason| malformed(&table::CREDS, Some(&given.source), &reason))
}

fn federated(inputs: &Inputs) -> Piece<Secret> {
    let input = &table::FEDERATED_TOKEN;
    match inputs.values.unreadable(input) {
        Some(file) => {
            let finding = Finding::new(&crate::catalogue::entra::FEDERATED_TOKEN_UNAVAILABLE)
                .fact("source", file.source.to_string())
                .fact("reason", format!("the file with the token cannot be read: {}", file.why));
            Piece { input, value: None, source: Some(file.source.clone()), findings: vec![finding] }
        }
        None => read(inputs, input, jwt),
    }
}

fn certificate(inputs: &Inputs) -> Piece<CertificateBytes> {
    let input = &table::CLIENT_CERTIFICATE;
    let (Some(given), Some(read)) = (inputs.get(input), &inputs.certificate) else { return Piece::absent(input) };
    let mut piece = Piece { input, value: None, source: Some(given.source.clone()), findings: Vec::new() };
    if let Some(reason) = value::placeholder(given.text().trim()) {
        piece.findings.push(missing(input, Some(&given.source), &reason, &inputs.ci));
        return piece;
    }
    if given.text().contains("-----BEGIN") && given.text().contains("\\n") && !given.text().contains('\n') {
        let reason = "its line breaks are written as \\n";
        piece.findings.push(malformed(input, Some(&given.source), reason));
        return piece;
    }
    match read {
        Ok(file) => {
            let password = inputs.get(&table::CLIENT_CERTIFICATE_PASSWORD);
            let password = password.map(|given| plain_secret(&table::CLIENT_CERTIFICATE_PASSWORD, given, &inputs.ci));
            let (password, finding) = password.unwrap_or_default();
            piece.findings.extend(finding);
            piece.value = Some(CertificateBytes { base64: file.base64.clone(), password, origin: file.origin.clone() });
        }
        Err(file) => piece.findings.push(
            Finding::new(&CERTIFICATE_INVALID)
                .fact("source", file.source.to_string())
                .fact("file", file.path.clone())
                .fact("reason", format!("the file cannot be read: {}", file.why)),
        ),
    }
    piece
}
