//! The local docker as the preflight judges it: fake clients and helpers on a search path, engines on sockets.

mod client;
mod credential_helper;
mod engine;
mod fake_engine;
mod login;
mod machine;
mod pushing;
mod real_clients;
mod real_engine;
