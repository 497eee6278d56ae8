//! `plimsoll build`: `kustomize build`, flag by flag and byte by byte, without any check of our own.

use std::io::BufWriter;
use std::path::{Path, PathBuf};

use clap::Args;
use source::{Diagnostic, Diagnostics, Origins, Severity, Sources};

use super::drop_in::{self, refuse};
use super::pflag::{self, Flag, Parsed, Takes};
use super::{Exit, Failure, output, threads};
use crate::render::chart::Profile;
use crate::render::kustomize::{self, BuildOptions, Cx, Printed, Reorder};
use crate::world::{Disk, World};

/// Build a kustomization as `kustomize build` does: same flags, same bytes, no checks
#[derive(Args, Debug)]
#[command(disable_help_flag = true)]
pub(super) struct Arguments {
    /// `kustomize build`'s arguments, and --profile helm3|helm4, --error-style plimsoll|upstream
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "[DIR] [FLAGS]")]
    arguments: Vec<String>,
}

use Takes::{Array, Bool, Text};

/// All flags of `kustomize build` and `kubectl kustomize`.
const FLAGS: &[Flag] = &[
    ("as-current-user", None, Bool),
    ("enable-alpha-plugins", None, Bool),
    ("enable-exec", None, Bool),
    ("enable-helm", None, Bool),
    ("enable-managedby-label", None, Bool),
    ("env", Some('e'), Array),
    ("error-style", None, Text),
    ("helm-api-versions", None, Array),
    ("helm-command", None, Text),
    ("helm-debug", None, Bool),
    ("helm-kube-version", None, Text),
    ("help", Some('h'), Bool),
    ("load-restrictor", None, Text),
    ("mount", None, Array),
    ("network", None, Bool),
    ("network-name", None, Text),
    ("output", Some('o'), Text),
    ("profile", None, Text),
    ("reorder", None, Text),
    ("stack-trace", None, Bool),
];

const HELP: &str = "Build a kustomization as `kustomize build` does: same flags, same bytes, no checks.

Usage: plimsoll build [DIR] [FLAGS]

  -o, --output PATH              a file, or an existing directory that gets a file an object
      --load-restrictor VALUE    LoadRestrictionsRootOnly or LoadRestrictionsNone: whether files may be outside of DIR
      --enable-helm              render charts of `helmCharts`, by this program's own renderer
      --helm-api-versions, --helm-kube-version, --helm-debug
      --profile helm3|helm4      whose behaviour charts are rendered with [default: helm3]
      --enable-alpha-plugins     run functions
      --enable-exec              run functions that are programs
  -e, --env NAME=VALUE           for functions; may be repeated
      --reorder legacy|none      the order of the output; `sortOptions` of a kustomization says the same
      --enable-managedby-label   the label app.kubernetes.io/managed-by on every object
      --error-style STYLE        plimsoll or upstream: whose words an error has [default: plimsoll]

The other flags of `kustomize build` are taken; no program and no container is run but as said above, and nothing is
fetched.
";

/// Runs the subcommand.
pub(super) fn run(arguments: Arguments) -> Result<Exit, Failure> {
    run_with(arguments.arguments, "plimsoll")
}

/// Runs with arguments as they stood on the command line.
pub(super) fn run_with(arguments: Vec<String>, style: &str) -> Result<Exit, Failure> {
    let parsed = match pflag::parse(FLAGS, arguments) {
        Ok(parsed) => parsed,
        Err(text) => return Ok(refuse(&text)),
    };
    if parsed.is_on("help") {
        output::result(HELP)?;
        return Ok(Exit::Clean);
    }
    let style = parsed.text("error-style").unwrap_or(style).to_owned();
    let options = match options(&parsed, &Disk) {
        Ok(options) => options,
        Err(text) => return Ok(refuse(&text)),
    };
    let path = match &parsed.arguments[..] {
        [] => ".",
        [one] => one,
        _ => return Ok(refuse("specify one path to kustomization.yaml")),
    };
    let (mut sources, mut origins, mut out) = (Sources::new(), Origins::new(), Diagnostics::new());
    let mut cx = Cx::new(&Disk, &options, &mut sources, &mut origins, &mut out);
    let printed = kustomize::build(path, &mut cx).and_then(|objects| {
        if objects.len() >= kustomize::MANY {
            threads::start_all();
        }
        kustomize::print(objects)
    });
    let mut diagnostics = out.into_vec();
    let printed = printed.map_err(|error| diagnostics.push(*error.diagnostic)).ok();
    show(&sources, diagnostics, &origins, &style);
    match printed {
        Some(printed) => write(&printed, parsed.text("output").filter(|path| !path.is_empty())),
        None => Ok(Exit::Findings),
    }
}

fn show(sources: &Sources, diagnostics: Vec<Diagnostic>, origins: &Origins, style: &str) {
    if style == "upstream" {
        // Upstream tells its warnings as it goes, and of the errors the one that stopped it.
        let (errors, notes): (Vec<_>, Vec<_>) =
            diagnostics.into_iter().partition(|d| d.severity == Severity::Error);
        for text in notes.into_iter().filter_map(|d| d.upstream) {
            output::talk(&format!("{text}\n"));
        }
        if let Some(text) = errors.into_iter().next_back().and_then(|d| d.upstream) {
            output::talk(&format!("Error: {text}\n"));
        }
        return;
    }
    drop_in::tell("kustomize", diagnostics, sources, origins, Vec::new());
}

fn options(parsed: &Parsed, world: &dyn World) -> Result<BuildOptions, String> {
    let load_anywhere = match parsed.text("load-restrictor") {
        None | Some("" | "LoadRestrictionsRootOnly") => false,
        Some("LoadRestrictionsNone") => true,
        Some(other) => {
            return Err(format!(
                "illegal flag value --load-restrictor {other}; legal values: [LoadRestrictionsRootOnly LoadRestrictionsNone]"
            ));
        }
    };
    let profile = match parsed.text("profile") {
        None => None,
        Some(name) => {
            let found = Profile::of_name(name);
            let known = || format!("unknown profile {name:?}: helm4 and helm3 are known");
            Some(found.ok_or_else(known)?)
        }
    };
    let reorder = match parsed.text("reorder") {
        None | Some("" | "unspecified") => None,
        Some("legacy") => Some(Reorder::Legacy),
        Some("none") => Some(Reorder::None),
        Some(other) => {
            return Err(format!("illegal flag value --reorder {other}; legal values: [legacy none]"));
        }
    };
    Ok(BuildOptions {
        load_anywhere,
        reorder,
        managed_by_label: parsed.is_on("enable-managedby-label")
            || world.env("KUSTOMIZE_ENABLE_MANAGEDBY_LABEL").is_some_and(|value| value == "on"),
        helm_profile: profile,
        alpha_plugins: parsed.is_on("enable-alpha-plugins"),
        exec: parsed.is_on("enable-exec"),
        helm: parsed.is_on("enable-helm"),
        helm_api_versions: parsed.all("helm-api-versions"),
        helm_kube_version: parsed.text("helm-kube-version").unwrap_or_default().to_owned(),
        helm_debug: parsed.is_on("helm-debug"),
        environment: parsed.all("env"),
        trace: false,
        findings: false,
    })
}

fn write(printed: &Printed, path: Option<&str>) -> Result<Exit, Failure> {
    let Some(path) = path else {
        output::result_by(|out| printed.write_to(out))?;
        return Ok(Exit::Clean);
    };
    let put = |path: PathBuf, bytes: &[u8]| {
        std::fs::write(&path, bytes)
            .map_err(|error| Failure::unjudged(format!("{} cannot be written: {error}", path.display())))
    };
    if Path::new(path).is_dir() {
        for (name, bytes) in printed.files() {
            put(Path::new(path).join(name), bytes)?;
        }
    } else {
        let written =
            std::fs::File::create(path).and_then(|file| printed.write_to(&mut BufWriter::new(file)));
        written.map_err(|error| Failure::unjudged(format!("{path} cannot be written: {error}")))?;
    }
    Ok(Exit::Clean)
}
