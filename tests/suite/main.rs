//! The tests from the outside, as one binary.

mod catalogue;
mod certificates;
mod ci;
mod command_line;
mod critical_path;
mod diagnose;
mod docker;
mod documents;
mod entra_codes;
mod facts;
mod failures_page;
mod grammars;
mod harness;
mod hostile;
mod inputs;
mod not_tried;
mod on_terminal;
mod out_of_time;
mod real_clients;
mod report;
mod scenarios;
mod transport;
mod verdicts;
mod walls;
