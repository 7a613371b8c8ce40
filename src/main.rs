//! The program: wires the rooms, writes the text, sets the exit code.

fn main() {}
