//! The program under the name `helm`: what scripts, kustomize and Argo CD ask of it, and nothing else.

use std::process::ExitCode;

use super::drop_in::refuse;
use super::pflag::{self, Flag, Takes};
use super::{Exit, Failure, output, template};
use crate::render::chart::Profile;

const VERSION_FLAGS: &[Flag] = &[
    ("client", Some('c'), Takes::Bool),
    ("short", None, Takes::Bool),
    ("template", None, Takes::Text),
    ("debug", None, Takes::Bool),
    ("help", Some('h'), Takes::Bool),
];

/// Whose part the program plays under that name, if any: `helm`, `helm3`, `helm4`.
pub(super) fn profile_of_name(program: &str) -> Option<Profile> {
    let name = program.rsplit(['/', '\\']).next().unwrap_or(program);
    match name.strip_suffix(".exe").unwrap_or(name) {
        "helm" => Some(Profile::default()),
        name => Profile::of_name(name),
    }
}

/// Runs with the arguments behind the program's name. Success is 0, anything else 1, as with Helm.
pub(super) fn main(profile: Profile, arguments: Vec<String>) -> ExitCode {
    let exit = match run(profile, arguments) {
        Ok(exit) => exit,
        Err(failure) => {
            output::talk(&failure.to_text());
            Exit::Findings
        }
    };
    if exit == Exit::Clean { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn run(profile: Profile, mut arguments: Vec<String>) -> Result<Exit, Failure> {
    let Some(at) = arguments.iter().position(|argument| !argument.starts_with('-')) else {
        return Ok(refuse(
            "this is plimsoll under the name helm: it knows `helm template` and `helm version`",
        ));
    };
    let command = arguments.remove(at);
    match &*command {
        "template" => {
            arguments.insert(0, format!("--profile={profile}"));
            template::run_with(arguments, "upstream")
        }
        "version" => version(profile, arguments),
        other => Ok(refuse(&format!(
            "plimsoll stands in for `helm template` and `helm version` only; `helm {other}` needs Helm itself"
        ))),
    }
}

fn version(profile: Profile, arguments: Vec<String>) -> Result<Exit, Failure> {
    let parsed = match pflag::parse(VERSION_FLAGS, arguments) {
        Ok(parsed) => parsed,
        Err(text) => return Ok(refuse(&text)),
    };
    if !parsed.arguments.is_empty() {
        return Ok(refuse("\"helm version\" accepts no arguments\n\nUsage:  helm version [flags]"));
    }
    let (version, go) = (profile.version(), profile.go_version());
    let text = match parsed.text("template") {
        Some("{{.Version}}" | "{{ .Version }}") => version.to_owned(),
        Some(_) => return Ok(refuse("of --template only {{.Version}} is known")),
        None if parsed.is_on("short") => format!("{version}\n"),
        None => {
            let client = if profile.is_helm3() { "" } else { ", KubeClientVersion:\"v1.36\"" };
            format!(
                "version.BuildInfo{{Version:\"{version}\", GitCommit:\"\", GitTreeState:\"\", GoVersion:\"{go}\"{client}}}\n"
            )
        }
    };
    output::result(&text)?;
    Ok(Exit::Clean)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_decides() {
        assert_eq!(profile_of_name("/usr/bin/helm"), Some(Profile::Helm4));
        assert_eq!(profile_of_name("helm3"), Some(Profile::Helm3));
        assert_eq!(profile_of_name("helm.exe"), Some(Profile::Helm4));
        assert_eq!(profile_of_name("plimsoll"), None);
    }
}
