//! From the text of a failed log to findings.
