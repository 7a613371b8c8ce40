//! The handbook: one failure, or the list of all.
