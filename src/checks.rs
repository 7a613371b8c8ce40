//! Asks, and concludes.

pub mod docker;
