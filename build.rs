//! Links the released program without unwind tables, an eighth of its size: it aborts on a panic, so nothing reads them;
//! and with its relocations packed.
//!
//! `-C force-unwind-tables=no` does not do it: the standard library's tables come back when the program is optimised as a
//! whole.

use std::env;
use std::fs;
use std::path::PathBuf;

/// The files that musl's programs begin and end with speak of their own tables, which may stay.
const DISCARD: &str = "\
SECTIONS {
  /DISCARD/ : { *(EXCLUDE_FILE(*crtbegin*.o *crtend*.o) .eh_frame) *(.eh_frame_hdr) *(.gcc_except_table .gcc_except_table.*) }
} INSERT AFTER .text;
";

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    let given = |name: &str| env::var(name).unwrap_or_default();
    // Where the linker is known to take the script: the toolchain's own, and GNU's, which musl is linked with.
    let takes_script = given("TARGET") == "x86_64-unknown-linux-gnu" || given("TARGET").ends_with("-linux-musl");
    if given("PROFILE") == "release" && takes_script {
        let script = PathBuf::from(env::var_os("OUT_DIR").expect("Cargo names it")).join("no-unwind-tables.ld");
        fs::write(&script, DISCARD).expect("Cargo made the folder");
        println!("cargo:rustc-link-arg-bins=-Wl,--script={}", script.display());
    }
    // Where the program is linked with a library that reads them, whatever machine it runs on: the addresses to correct at
    // the start take a seventieth of the room.
    if given("PROFILE") == "release" && given("TARGET").ends_with("-linux-musl") {
        println!("cargo:rustc-link-arg-bins=-Wl,-z,pack-relative-relocs");
    }
}
