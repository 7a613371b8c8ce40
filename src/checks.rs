//! Asks, and concludes.
