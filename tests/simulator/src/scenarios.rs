//! Every scenario: for each failure that a check can conclude, at least one world that has it.

mod access;
mod certificate;
mod docker;
mod entra;
mod expiry;
mod federation;
mod healthy;
mod identities;
mod inputs;
mod network;
mod proxy;
mod registry;

use crate::Scenario;

/// Every scenario, the healthy ones first.
pub fn scenarios() -> Vec<Scenario> {
    [
        healthy::scenarios(),
        inputs::scenarios(),
        docker::scenarios(),
        network::scenarios(),
        proxy::scenarios(),
        entra::scenarios(),
        certificate::scenarios(),
        federation::scenarios(),
        identities::scenarios(),
        registry::scenarios(),
        access::scenarios(),
        expiry::scenarios(),
    ]
    .concat()
}

/// The scenario of this name.
pub fn scenario(name: &str) -> Option<Scenario> {
    scenarios().into_iter().find(|scenario| scenario.name == name)
}
