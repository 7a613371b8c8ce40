//! Pure rendering: one file per format.
