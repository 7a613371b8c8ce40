//! The tests from the outside, as one binary.

mod catalogue;
mod certificates;
mod docker;
mod failures_page;
mod inputs;
mod transport;
mod walls;
