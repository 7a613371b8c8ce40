//! The tests from the outside, as one binary.

mod catalogue;
mod certificates;
mod transport;
mod walls;
