//! The one reader of environment, options and clock.
