//! Any `--set` arguments in any of the five languages: no panic, bounded.
#![no_main]

use gotmpl::strvals::{Mode, Surroundings, apply};
use gotmpl::{MapRef, Text};
use libfuzzer_sys::fuzz_target;

struct NoFiles;

impl Surroundings for NoFiles {
    fn read(&mut self, path: &str) -> Result<Text, String> {
        Err(format!("open {path}: no such file or directory"))
    }
}

fuzz_target!(|data: (u8, Vec<&str>)| {
    let (mode, arguments) = data;
    let mode = [Mode::Set, Mode::String, Mode::Json, Mode::Literal, Mode::File][usize::from(mode) % 5];
    let values = MapRef::new();
    for argument in arguments.into_iter().take(8) {
        let _ = apply(mode, argument, &values, &mut NoFiles);
    }
});
