//! What developers run: conformance, answers, benchmarks, generators.
//!
//! `cargo xtask` lists the tasks. Each is a file of this folder.

mod answer;

use std::process::ExitCode;

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let result = match args.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["answer", suite] => answer::run(suite),
        _ => Err("tasks: answer SUITE".to_owned()),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(text) => {
            #[expect(clippy::print_stderr, reason = "a developer's tool talks to its developer")]
            {
                eprintln!("xtask: {text}");
            }
            ExitCode::FAILURE
        }
    }
}
