//! Azure as far as a container registry needs it, in one process: Entra ID, Graph, ARM, a registry, the token services
//! of CI systems, and a name server.
//!
//! It holds state, not scripts: a [`World`] is healthy by default, a scenario states one difference, and the services
//! answer by what the world holds. Faults lie on top. Real host names are served over TLS on one loopback port, so that
//! an unmodified client sees what it would see outside. Whatever a well-behaved client would not send is written down
//! as a violation in the [`Journal`].

mod arm;
mod black_hole;
mod credentials;
mod data;
mod dns;
mod engine;
mod entra;
mod exchange;
mod fault;
mod github;
mod graph;
mod job;
mod journal;
pub mod jwt;
mod metadata;
mod pipelines;
mod plain;
mod proxy;
mod registry;
mod scenario;
mod scenarios;
mod server;
mod service;
mod simulator;
mod tls;
mod wire;
pub mod world;

pub use credentials::{Kind, Sighting};
pub use fault::{Effect, Fault, Handshake};
pub use job::job;
pub use journal::{Entry, Journal};
pub use scenario::{Needs, Scenario};
pub use scenarios::{scenario, scenarios};
pub use simulator::{Listen, Simulator};
pub use world::World;
