//! The tests from the outside, as one binary.

mod catalogue;
mod certificates;
mod docker;
mod failures_page;
mod harness;
mod inputs;
mod scenarios;
mod transport;
mod walls;
