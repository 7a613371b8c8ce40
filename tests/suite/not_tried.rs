//! What a test says that cannot be tried on this machine.

use std::io::Write;

/// Says why a test tries nothing. In CI that is a failure.
#[track_caller]
pub(crate) fn not_tried(reason: &str) {
    assert_ne!(std::env::var("CI").as_deref(), Ok("true"), "CI must try this: {reason}");
    not_asked_for(reason);
}

/// Says why a test tries nothing that is not tried unless somebody asks for it. Says it past the test runner, which hides
/// what passing tests print.
pub(crate) fn not_asked_for(reason: &str) {
    let _ = writeln!(std::io::stderr(), "not tried: {reason}");
}
