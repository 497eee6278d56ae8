//! The command line of plimsoll.

use std::process::ExitCode;

#[global_allocator]
static HEAP: heap::Heap = heap::Heap;

fn main() -> ExitCode {
    plimsoll::cli::main()
}
