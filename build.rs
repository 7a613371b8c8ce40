//! Links the released program without unwind tables, an eighth of its size: it aborts on a panic, so nothing reads them.
//!
//! `-C force-unwind-tables=no` would say the same, but neither a profile nor this script can give that flag; it stands in
//! `.ci/build-static`, for every target. Here only the target is served whose linker is known, the toolchain's own.

use std::env;
use std::fs;
use std::path::PathBuf;

const DISCARD: &str = "\
SECTIONS {
  /DISCARD/ : { *(.eh_frame) *(.eh_frame_hdr) *(.gcc_except_table .gcc_except_table.*) }
} INSERT AFTER .text;
";

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    let is = |name: &str, value: &str| env::var(name).is_ok_and(|found| found == value);
    if is("PROFILE", "release") && is("TARGET", "x86_64-unknown-linux-gnu") {
        let script = PathBuf::from(env::var_os("OUT_DIR").expect("Cargo names it")).join("no-unwind-tables.ld");
        fs::write(&script, DISCARD).expect("Cargo made the folder");
        println!("cargo:rustc-link-arg-bins=-Wl,--script={}", script.display());
    }
}
