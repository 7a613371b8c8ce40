//! Who answers for a host, and the way from a request to its answer.

use crate::exchange::{Answer, Asked};
use crate::plain::{ENGINE, METADATA_HOST};
use crate::world::{BLOB_HOST, GITHUB_HOST, PIPELINES_HOST, World};
use crate::{arm, data, entra, github, graph, metadata, pipelines, registry};

/// A service of the simulated world.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Service {
    /// Entra ID.
    Entra,
    /// Microsoft Graph.
    Graph,
    /// Azure Resource Manager.
    Arm,
    /// The registry of this index.
    Registry(usize),
    /// A host that blobs are downloaded from.
    Data,
    /// GitHub's token service.
    GitHub,
    /// Azure Pipelines' token service.
    Pipelines,
    /// The metadata services of the job's machine.
    Metadata,
    /// The docker engine of the job's machine.
    Engine,
}

impl Service {
    /// The service that answers for a host; none where the world has no such host.
    pub(crate) fn of(world: &World, host: &str) -> Option<Self> {
        let cloud = world.cloud;
        if let Some(index) = world.registries.iter().position(|registry| registry.answers_for(host)) {
            return Some(Self::Registry(index));
        }
        match host {
            GITHUB_HOST => Some(Self::GitHub),
            PIPELINES_HOST => Some(Self::Pipelines),
            BLOB_HOST => Some(Self::Data),
            METADATA_HOST => Some(Self::Metadata),
            ENGINE => Some(Self::Engine),
            host if cloud.entra.contains(&host) => Some(Self::Entra),
            host if host == cloud.arm => Some(Self::Arm),
            host if host == cloud.graph => Some(Self::Graph),
            host if world.registries.iter().any(|registry| registry.data_hosts().any(|of_it| of_it == host)) => {
                Some(Self::Data)
            }
            _ => None,
        }
    }

    /// Answers a request.
    pub(crate) fn answer(self, world: &mut World, asked: &Asked) -> Answer {
        match self {
            Self::Entra => entra::answer(world, asked),
            Self::Graph => graph::answer(world, asked),
            Self::Arm => arm::answer(world, asked),
            Self::Registry(index) => registry::answer(world, index, asked),
            Self::Data => data::answer(world, asked),
            Self::GitHub => github::answer(world, asked),
            Self::Pipelines => pipelines::answer(world, asked),
            Self::Metadata => metadata::answer(world, asked),
            Self::Engine => world.engine.answer(asked),
        }
    }
}
