//! Tells before a build whether its job can sign in to its Azure Container Registry, pull and push, and for how long.
//!
//! The rooms, left to right: [`inputs`] reads what the CI gave, [`plan`] parses it, [`checks`] asks [`azure`] and
//! [`docker`] and concludes, [`report`] says it; [`diagnose`] reads the log of a build that already failed. Every
//! failure is declared once, in [`catalogue`].

pub mod azure;
pub mod catalogue;
pub mod checks;
pub mod diagnose;
pub mod docker;
pub mod explain;
pub mod finding;
pub mod inputs;
pub mod plan;
pub mod report;
pub mod secret;
