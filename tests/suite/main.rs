//! The tests from the outside, as one binary.

mod walls;
