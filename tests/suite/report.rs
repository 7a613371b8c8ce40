//! What the program says, in every format, read back by other readers than its own.

pub(crate) mod arbitrary;
mod every_scenario;
mod golden;
mod hostile;
mod limits;
mod markdown;
pub(crate) mod sample;
pub(crate) mod schemas;
mod text;
pub(crate) mod vendors;
