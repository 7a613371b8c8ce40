//! The wire: typed calls to Entra, Graph, ARM, the registry and the token services around them.
//!
//! Nothing here knows findings, the catalogue or the CI, prints, or decides what an error means.

pub mod arm;
pub mod call;
pub mod certificate;
pub mod claims;
mod distinguished_name;
pub mod entra;
pub mod graph;
pub mod managed_identity;
pub mod oidc;
mod probe;
mod proxy;
pub mod registry;
pub mod reply;
pub mod request;
pub mod resolver;
pub mod retry;
pub mod tls;
pub mod trace;
pub mod transport;
mod unreachable;
