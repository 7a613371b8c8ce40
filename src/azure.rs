//! The wire: typed calls to Entra, Graph, ARM, the registry and the token services around them.
//!
//! Nothing here knows findings, the catalogue or the CI, prints, or decides what an error means.

pub mod call;
pub mod certificate;
mod probe;
mod proxy;
pub mod resolver;
pub mod retry;
pub mod tls;
pub mod trace;
pub mod transport;
mod unreachable;
