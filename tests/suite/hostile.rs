//! A hostile world: what must never leak, hang or lie, whatever the other side does.
#![expect(clippy::print_stdout, reason = "the figures of these tests are their result too")]

mod canaries;
mod destinations;
mod faults;
mod job;
mod leaks;
mod process;
mod storms;
mod worlds;
