//! A hostile world: what must never leak, hang or lie, whatever the other side does.

mod canaries;
mod leaks;
