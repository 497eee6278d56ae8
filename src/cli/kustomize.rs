//! The program under the name `kustomize`: what scripts, Argo CD and Flux ask of it, and nothing else.

use std::process::ExitCode;

use super::drop_in::refuse;
use super::pflag::{self, Flag, Takes};
use super::{Exit, Failure, build, output};
use crate::render::kustomize::VERSION;

const VERSION_FLAGS: &[Flag] = &[
    ("help", Some('h'), Takes::Bool),
    ("output", Some('o'), Takes::Text),
    ("short", None, Takes::Bool),
    ("stack-trace", None, Takes::Bool),
];

/// Whether the program is called by that name.
pub(super) fn is_name(program: &str) -> bool {
    let name = program.rsplit(['/', '\\']).next().unwrap_or(program);
    name.strip_suffix(".exe").unwrap_or(name) == "kustomize"
}

/// Runs with the arguments behind the program's name. Success is 0, anything else 1, as with kustomize.
pub(super) fn main(arguments: Vec<String>) -> ExitCode {
    let exit = match run(arguments) {
        Ok(exit) => exit,
        Err(failure) => {
            output::talk(&failure.to_text());
            Exit::Findings
        }
    };
    if exit == Exit::Clean { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn run(mut arguments: Vec<String>) -> Result<Exit, Failure> {
    let Some(at) = arguments.iter().position(|argument| !argument.starts_with('-')) else {
        return Ok(refuse(
            "this is plimsoll under the name kustomize: it knows `kustomize build` and `kustomize version`",
        ));
    };
    let command = arguments.remove(at);
    match &*command {
        "build" => build::run_with(arguments, "upstream"),
        "version" => version(arguments),
        other => Ok(refuse(&format!(
            "plimsoll stands in for `kustomize build` and `kustomize version` only; `kustomize {other}` needs Kustomize itself"
        ))),
    }
}

/// The version that is imitated, in kustomize's forms. Commit and date are told as a build without them tells them.
fn version(arguments: Vec<String>) -> Result<Exit, Failure> {
    let parsed = match pflag::parse(VERSION_FLAGS, arguments) {
        Ok(parsed) => parsed,
        Err(text) => return Ok(refuse(&text)),
    };
    let (os, arch) = (go_os(), go_arch());
    let go = "go1.26";
    let text = match parsed.text("output") {
        Some("yaml") => format!(
            "version: {VERSION}\ngitCommit: unknown\nbuildDate: unknown\ngoOs: {os}\ngoArch: {arch}\ngoVersion: {go}\n\n"
        ),
        Some("json") => format!(
            "{{\n  \"version\": \"{VERSION}\",\n  \"gitCommit\": \"unknown\",\n  \"buildDate\": \"unknown\",\n  \"goOs\": \"{os}\",\n  \"goArch\": \"{arch}\",\n  \"goVersion\": \"{go}\"\n}}\n"
        ),
        // Of an unknown form the real one prints nothing, and succeeds.
        Some(other) if !other.is_empty() => String::new(),
        _ if parsed.is_on("short") => {
            output::talk("Flag --short has been deprecated, and will be removed in the future.\n");
            format!("{{{VERSION}  unknown   }}\n")
        }
        _ => format!("{VERSION}\n"),
    };
    output::result(&text)?;
    Ok(Exit::Clean)
}

fn go_os() -> &'static str {
    match std::env::consts::OS {
        "macos" => "darwin",
        other => other,
    }
}

fn go_arch() -> &'static str {
    match std::env::consts::ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        "x86" => "386",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_decides() {
        assert!(is_name("/usr/bin/kustomize") && is_name("kustomize.exe"));
        assert!(!is_name("plimsoll") && !is_name("kustomize/plimsoll"));
    }
}
