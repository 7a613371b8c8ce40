//! The local Docker: client, engine socket, configuration and credential helpers.
//!
//! It finds out what `docker push` would do in the next step: which engine it would ask, and which login it would
//! send. Where docker's own source decides, the function that follows it says so.

pub mod address;
pub mod client;
pub mod config;
pub mod context;
pub mod credential_helper;
pub mod engine;
mod exchange;

pub mod program;
pub mod stored;
pub mod version;
