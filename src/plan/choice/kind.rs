//! The kinds of credential that can be complete in what is handed over.

use super::super::pieces::{Piece, Pieces};
use super::super::value::missing;
use crate::finding::Finding;
use crate::inputs::Inputs;
use crate::inputs::given::Source;
use crate::plan::{AssertionSource, Credential, ServicePrincipal, TOKEN_USER};
use crate::secret::Secret;

/// A kind of credential that is complete in what is handed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    ClientSecret,
    Certificate,
    Federated,
    Password,
    Token,
}

pub(super) const KINDS: [Kind; 5] =
    [Kind::ClientSecret, Kind::Certificate, Kind::Federated, Kind::Password, Kind::Token];

impl Kind {
    /// Something of it was given that nothing else needs.
    pub(super) fn is_given(self, pieces: &Pieces) -> bool {
        match self {
            Self::ClientSecret => pieces.secret.is_given(),
            Self::Certificate => pieces.certificate.is_given(),
            Self::Federated => pieces.federated.is_given(),
            Self::Password => pieces.username.is_given() || pieces.password.is_given(),
            Self::Token => pieces.token.is_given(),
        }
    }

    /// Nothing of it is absent, though something may be of no use: nobody meant another credential then.
    pub(super) fn is_decided(self, pieces: &Pieces) -> bool {
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
    pub(super) fn step(self, pieces: &Pieces) -> u8 {
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
    pub(super) fn proof(self, pieces: &Pieces) -> String {
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

    pub(super) fn build(self, inputs: &Inputs, pieces: &Pieces, findings: &mut Vec<Finding>) -> Option<Credential> {
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

fn signed_in_by_password(username: String, password: Secret, pieces: &Pieces) -> Credential {
    if username == TOKEN_USER && password.expose().split('.').count() == 3 {
        return Credential::Token { token: password };
    }
    Credential::Password { username, password, tenant: pieces.tenant.value.clone() }
}

/// Application and tenant; what is missing or wrong is noted.
pub(super) fn principal(inputs: &Inputs, pieces: &Pieces, findings: &mut Vec<Finding>) -> Option<ServicePrincipal> {
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
