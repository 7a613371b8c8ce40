//! The text of logs: searched, cleaned and made comparable, at the speed at which it is read.
//!
//! This is a crate of its own because the program is built small, and this built fast. It knows nothing of registries.
//! Nothing of it is inlined into the program: it would be built small there.

mod clean;
mod sieve;
mod squash;
mod words;

pub use clean::{Step, clean};
pub use sieve::Sieve;
pub use squash::{Squashed, squash};
pub use words::addresses;
