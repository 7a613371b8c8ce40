//! The tests from the outside, as one binary.

mod certificates;
mod walls;
