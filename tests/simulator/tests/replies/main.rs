//! The replies of the simulated services are those that Azure documents, asked for by a client that nobody here wrote.

mod arm;
mod client;
mod entra;
mod graph;
mod images;
mod machine;
mod names;
mod registry;
mod strictness;
