//! The tests from the outside, as one binary.

mod catalogue;
mod certificates;
mod failures_page;
mod transport;
mod walls;
