//! What a refusal can mean that proves a failure, but not its cause.

use super::Failure;
use super::access::{NO_PULL_PERMISSION, NO_PUSH_PERMISSION};
use super::network::PUBLIC_ACCESS_DISABLED;
use super::registry::REGISTRY_REJECTS_IDENTITY;

/// The words for a failure that is likely and not proven.
#[derive(Debug, PartialEq, Eq)]
pub struct Doubt {
    /// What is seen, in place of the failure's title.
    pub title: &'static str,
    /// What it can be, in place of the failure's cause.
    pub cause: &'static str,
}

/// How to find out, before the steps of the likely failure's cure.
pub const FIND_OUT: &str = "Let the check tell which it is, with the job's own credential: \
                            `acr-preflight check --registry {login-server} --images {repository}`";

const DENIED: Doubt = Doubt {
    title: "the registry denies access and does not say why",
    cause: "As a rule the identity signed in and lacks a role for the repository. A registry says the same where the repository's name is \
            misspelt, where another account's login is sent, and behind a firewall or proxy.",
};

/// The likely failures, each with the words for where it is not proven.
static DOUBTS: &[(&Failure, Doubt)] = &[
    (
        &PUBLIC_ACCESS_DISABLED,
        Doubt {
            title: "the registry answers 403 and does not say why",
            cause: "As a rule it refuses the network from which the request came: public access is switched off, or the firewall does not \
                    admit the address. A proxy on the way, a missing right and a policy of the tenant give the same answer.",
        },
    ),
    (
        &REGISTRY_REJECTS_IDENTITY,
        Doubt {
            title: "the registry gives no token for this identity and does not say why",
            cause: "As a rule Entra ID issued a token, and the identity has no role on the registry, belongs to another tenant, or its role is \
                    minutes old. A firewall, public access that is switched off, and a refused audience show in the same words.",
        },
    ),
    (&NO_PULL_PERMISSION, DENIED),
    (&NO_PUSH_PERMISSION, DENIED),
];

/// The words for a failure that is not proven, where there are any.
pub fn about(failure: &Failure) -> Option<&'static Doubt> {
    DOUBTS.iter().find(|(doubtful, _)| doubtful.id == failure.id).map(|(_, doubt)| doubt)
}
