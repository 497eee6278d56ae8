//! `plimsoll template`: `helm template`, flag by flag and byte by byte, without any check of our own.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args;
use source::{Diagnostic, Diagnostics, Origins, Sources, Span};

use super::drop_in::{self, refuse};
use super::pflag::{self, Flag, Parsed, Takes};
use super::{Exit, Failure, output};
use crate::render::chart::{
    KubeVersion, LoadCx, Output, OutputOptions, PostRenderer, Profile, RenderOptions, ValueFlags,
    name_of_template, output as print, template,
};
use crate::world::{Disk, World};

/// Render a chart as `helm template` does: same flags, same bytes, no checks
#[derive(Args, Debug)]
#[command(disable_help_flag = true)]
pub(super) struct Arguments {
    /// `helm template`'s arguments, and --profile helm3|helm4, --error-style plimsoll|upstream
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "[NAME] CHART [FLAGS]")]
    arguments: Vec<String>,
}

use Takes::{Array, Bool, Optional, Slice, Text};

/// All flags of `helm template`, of both majors; those that say how charts are fetched or installed have no effect.
const FLAGS: &[Flag] = &[
    ("api-versions", Some('a'), Slice),
    ("atomic", None, Bool),
    ("burst-limit", None, Text),
    ("ca-file", None, Text),
    ("cert-file", None, Text),
    ("color", None, Text),
    ("colour", None, Text),
    ("content-cache", None, Text),
    ("create-namespace", None, Bool),
    ("debug", None, Bool),
    ("dependency-update", None, Bool),
    ("description", None, Text),
    ("devel", None, Bool),
    ("disable-openapi-validation", None, Bool),
    ("dry-run", None, Optional("unset")),
    ("enable-dns", None, Bool),
    ("enable-exec", None, Bool),
    ("error-style", None, Text),
    ("force", None, Bool),
    ("force-conflicts", None, Bool),
    ("force-replace", None, Bool),
    ("generate-name", Some('g'), Bool),
    ("help", Some('h'), Bool),
    ("hide-notes", None, Bool),
    ("include-crds", None, Bool),
    ("insecure-skip-tls-verify", None, Bool),
    ("is-upgrade", None, Bool),
    ("key-file", None, Text),
    ("keyring", None, Text),
    ("kube-apiserver", None, Text),
    ("kube-as-group", None, Array),
    ("kube-as-user", None, Text),
    ("kube-ca-file", None, Text),
    ("kube-context", None, Text),
    ("kube-insecure-skip-tls-verify", None, Bool),
    ("kube-tls-server-name", None, Text),
    ("kube-token", None, Text),
    ("kube-version", None, Text),
    ("kubeconfig", None, Text),
    ("labels", Some('l'), Array),
    ("lookup", None, Slice),
    ("name-template", None, Text),
    ("namespace", Some('n'), Text),
    ("no-hooks", None, Bool),
    ("output-dir", None, Text),
    ("pass-credentials", None, Bool),
    ("password", None, Text),
    ("plain-http", None, Bool),
    ("post-renderer", None, Text),
    ("post-renderer-args", None, Array),
    ("profile", None, Text),
    ("qps", None, Text),
    ("registry-config", None, Text),
    ("release-name", None, Bool),
    ("render-subchart-notes", None, Bool),
    ("replace", None, Bool),
    ("repo", None, Text),
    ("repository-cache", None, Text),
    ("repository-config", None, Text),
    ("rollback-on-failure", None, Bool),
    ("server-side", None, Bool),
    ("set", None, Array),
    ("set-file", None, Array),
    ("set-json", None, Array),
    ("set-literal", None, Array),
    ("set-string", None, Array),
    ("show-only", Some('s'), Array),
    ("skip-crds", None, Bool),
    ("skip-schema-validation", None, Bool),
    ("skip-tests", None, Bool),
    ("take-ownership", None, Bool),
    ("timeout", None, Text),
    ("username", None, Text),
    ("validate", None, Bool),
    ("values", Some('f'), Slice),
    ("verify", None, Bool),
    ("version", None, Text),
    ("wait", None, Optional("watcher")),
    ("wait-for-jobs", None, Bool),
];

const HELP: &str = "Render a chart as `helm template` does: same flags, same bytes, no checks.

Usage: plimsoll template [NAME] CHART [FLAGS]

  -f, --values FILE              values from a file; may be repeated, `-` is standard input
      --set, --set-string, --set-json, --set-file, --set-literal KEY=VALUE
  -n, --namespace NAME           the release's namespace
      --kube-version VERSION     what .Capabilities.KubeVersion says
  -a, --api-versions VERSION     more of .Capabilities.APIVersions
      --include-crds, --no-hooks, --skip-tests, --is-upgrade, --skip-schema-validation
  -s, --show-only TEMPLATE       only what comes from these templates
      --output-dir DIR           files instead of one stream; --release-name puts the name in between
      --name-template TEMPLATE   the release's name as a template
      --post-renderer CMD        a program that all but hooks goes through, as in Helm 3; only with --enable-exec
      --lookup FILE              manifests that `lookup` answers from, as if they were in the cluster; may be repeated
      --profile helm4|helm3      whose behaviour [default: helm4]
      --error-style STYLE        plimsoll or upstream: whose words an error has [default: plimsoll]

The other flags of `helm template` are taken; nothing is fetched, and no cluster is asked.
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
    let profile = match parsed.text("profile") {
        None => Profile::default(),
        Some(name) => match Profile::of_name(name) {
            Some(profile) => profile,
            None => return Ok(refuse(&format!("unknown profile {name:?}: helm4 and helm3 are known"))),
        },
    };
    let style = parsed.text("error-style").unwrap_or(style).to_owned();
    let (path, options, printing) = match settings(&parsed, profile, &Disk) {
        Ok(settings) => settings,
        Err(text) => return Ok(refuse(&text)),
    };
    let mut run = Run::new(&path, &options, &printing, profile);
    // Places cost time, so they are looked for only where there is something to point at.
    // A program runs once.
    if style != "upstream" && !run.diagnostics.is_empty() && printing.post_renderer.is_none() {
        let printed = run.printed.take();
        run = Run::new(&path, &RenderOptions { trace: true, ..options }, &printing, profile);
        run.printed = run.printed.and(printed);
    }
    run.show(&style);
    let printed = run.printed.take();
    // The process ends here, and the system is faster at taking its memory back.
    std::mem::forget(run);
    match printed {
        Some(printed) => write(printed),
        None => Ok(Exit::Findings),
    }
}

/// One rendering with all that was said about it.
struct Run {
    sources: Sources,
    diagnostics: Vec<Diagnostic>,
    origins: Origins,
    printed: Option<Output>,
    /// Values of Secrets, which are not shown.
    secrets: Vec<Span>,
}

impl Run {
    fn new(path: &Path, options: &RenderOptions, printing: &OutputOptions, profile: Profile) -> Run {
        let mut sources = Sources::new();
        let mut out = Diagnostics::new();
        let mut origins = Origins::new();
        let mut cx = LoadCx { world: &Disk, sources: &mut sources, profile, out: &mut out };
        let rendered = template(path, options, &mut origins, &mut cx).and_then(|rendering| {
            let at = cx.place(path);
            print(&rendering, printing, profile, at, &Disk)
        });
        let mut diagnostics = out.into_vec();
        let mut secrets = Vec::new();
        let printed = match rendered {
            Ok(printed) => Some(printed),
            Err(failure) => {
                diagnostics.push(*failure.0);
                secrets = failure.1;
                None
            }
        };
        Run { sources, diagnostics, origins, printed, secrets }
    }

    /// Tells what was found, in Helm's words alone or in ours with Helm's below.
    fn show(&mut self, style: &str) {
        let mut diagnostics = std::mem::take(&mut self.diagnostics);
        if style == "upstream" {
            for text in diagnostics.into_iter().filter_map(|d| d.upstream) {
                output::talk(&format!("{text}\n"));
            }
            return;
        }
        for text in diagnostics.iter_mut().filter_map(|d| d.upstream.as_mut()) {
            // What it advises us to do is what our report does.
            text.truncate(
                text.trim_end_matches("Use --debug flag to render out invalid YAML").trim_end().len(),
            );
        }
        let secrets = std::mem::take(&mut self.secrets);
        drop_in::tell("helm", diagnostics, &self.sources, &self.origins, secrets);
    }
}

type Settings = (PathBuf, RenderOptions, OutputOptions);

fn settings(parsed: &Parsed, profile: Profile, world: &dyn World) -> Result<Settings, String> {
    for (flag, other) in
        [("force-replace", "force-conflicts"), ("force", "force-conflicts"), ("validate", "dry-run")]
    {
        if parsed.has(flag) && parsed.has(other) && !profile.is_helm3() {
            let mut both = [flag, other];
            both.sort_unstable();
            return Err(format!(
                "if any flags in the group [{flag} {other}] are set none of the others can be; [{} {}] were all set",
                both[0], both[1]
            ));
        }
    }
    if parsed.arguments.is_empty() {
        return Err(
            "\"helm template\" requires at least 1 argument\n\nUsage:  helm template [NAME] [CHART] [flags]"
                .to_owned(),
        );
    }
    let kube_version = match parsed.text("kube-version").filter(|text| !text.is_empty()) {
        None => None,
        Some(text) => Some(
            KubeVersion::parse(text, profile.is_helm3())
                .map_err(|error| format!("invalid kube version '{text}': {error}"))?,
        ),
    };
    check_dry_run(parsed, profile)?;
    let (release, chart) = name_and_chart(parsed, profile, world)?;
    let debug =
        parsed.is_on("debug") || world.env("HELM_DEBUG").is_some_and(|text| text == "true" || text == "1");
    let post_renderer = post_renderer(parsed, profile, debug, world)?;
    let options = RenderOptions {
        release: release.clone(),
        namespace: namespace(parsed, world),
        is_upgrade: parsed.is_on("is-upgrade"),
        kube_version,
        api_versions: parsed.all("api-versions"),
        values: ValueFlags {
            files: parsed.all("values"),
            json: parsed.all("set-json"),
            set: parsed.all("set"),
            string: parsed.all("set-string"),
            file: parsed.all("set-file"),
            literal: parsed.all("set-literal"),
        },
        lookup: parsed.all("lookup").into_iter().map(PathBuf::from).collect(),
        skip_schema_validation: parsed.is_on("skip-schema-validation"),
        include_crds: parsed.is_on("include-crds"),
        trace: false,
        audit: false,
        debug,
        text_only: true,
    };
    let printing = OutputOptions {
        no_hooks: parsed.is_on("no-hooks"),
        skip_tests: parsed.is_on("skip-tests"),
        show_only: parsed.all("show-only"),
        directory: parsed.text("output-dir").filter(|dir| !dir.is_empty()).map(PathBuf::from),
        release_folder: parsed.is_on("release-name").then_some(release),
        post_renderer,
    };
    Ok((PathBuf::from(chart.trim()), options, printing))
}

/// The program of `--post-renderer`, where it is allowed. Helm 4 knows no such programs, only plugins of its own.
fn post_renderer(
    parsed: &Parsed,
    profile: Profile,
    debug: bool,
    world: &dyn World,
) -> Result<Option<PostRenderer>, String> {
    let Some(path) = parsed.text("post-renderer").filter(|path| !path.is_empty()) else { return Ok(None) };
    if !profile.is_helm3() {
        return Err(
            "post-renderers of Helm 4 are plugins, which are not run: use --profile helm3, or pipe the output through the program"
                .to_owned(),
        );
    }
    if !parsed.is_on("enable-exec") {
        return Err(
            "a post-renderer is a program: allow it with --enable-exec, or pipe the output through it instead".to_owned()
        );
    }
    PostRenderer::new(path, parsed.all("post-renderer-args"), debug, world).map(Some)
}

fn check_dry_run(parsed: &Parsed, profile: Profile) -> Result<(), String> {
    let is_server = parsed.is_on("validate") || parsed.text("dry-run") == Some("server");
    if is_server {
        return Err("rendering asks no cluster: --dry-run=server and --validate cannot be had".to_owned());
    }
    let Some(value) = parsed.text("dry-run") else { return Ok(()) };
    if profile.is_helm3() {
        return match value {
            "unset" | "" | "false" | "true" | "none" | "client" => Ok(()),
            _ => {
                Err("Invalid dry-run flag. Flag must one of the following: false, true, none, client, server"
                    .to_owned())
            }
        };
    }
    let quoted = gotmpl::strconv::quote(value.as_bytes());
    match value {
        "unset" | "client" | "1" | "t" | "T" | "TRUE" | "true" | "True" => Ok(()),
        "none" | "0" | "f" | "F" | "FALSE" | "false" | "False" => {
            Err(format!("invalid dry-run value ({quoted}). Must be \"server\" or \"client\""))
        }
        _ => Err(format!("invalid dry-run value ({quoted}). Must be \"none\", \"server\", or \"client\"")),
    }
}

fn name_and_chart(parsed: &Parsed, profile: Profile, world: &dyn World) -> Result<(String, String), String> {
    match parsed.arguments.as_slice() {
        [chart] => {
            let name = match parsed.text("name-template").filter(|text| !text.is_empty()) {
                Some(text) => name_of_template(text, profile, world)?,
                None => "release-name".to_owned(),
            };
            Ok((name, chart.clone()))
        }
        [name, chart] => {
            for flag in ["generate-name", "name-template"] {
                if parsed.is_on(flag)
                    || flag == "name-template" && parsed.text(flag).is_some_and(|t| !t.is_empty())
                {
                    return Err(format!("cannot set --{flag} and also specify a name"));
                }
            }
            Ok((name.clone(), chart.clone()))
        }
        arguments => {
            let more = arguments.get(2..).unwrap_or_default().join(", ");
            Err(format!("expected at most two arguments, unexpected arguments: {more}"))
        }
    }
}

/// The flag, else the environment, else the current context of the kubeconfig, as Helm looks for it.
fn namespace(parsed: &Parsed, world: &dyn World) -> String {
    let given = parsed.text("namespace").map(str::to_owned).or_else(|| world.env("HELM_NAMESPACE"));
    given
        .filter(|name| !name.is_empty())
        .or_else(|| context_namespace(parsed, world))
        .unwrap_or_else(|| "default".to_owned())
}

fn context_namespace(parsed: &Parsed, world: &dyn World) -> Option<String> {
    let path = match parsed.text("kubeconfig").filter(|path| !path.is_empty()) {
        Some(path) => PathBuf::from(path),
        None => match world.env("KUBECONFIG").filter(|list| !list.is_empty()) {
            Some(list) => PathBuf::from(list.split(':').next()?),
            None => Path::new(&world.env("HOME")?).join(".kube/config"),
        },
    };
    let bytes = world.read(&path, 16 << 20).ok()?;
    let text = std::sync::Arc::from(std::str::from_utf8(&bytes).ok()?);
    let options = yaml::Options::new(yaml::Profile::Kubernetes);
    let doc = yaml::read_first(source::SourceId(0), &text, &options, &mut Diagnostics::new())?;
    let root = doc.root()?;
    let current = parsed.text("kube-context").or_else(|| root.get("current-context")?.as_str())?;
    let context =
        root.get("contexts")?.items().find(|c| c.get("name").and_then(|n| n.as_str()) == Some(current))?;
    let name = context.at("context.namespace")?.as_str()?;
    (!name.is_empty()).then(|| name.to_owned())
}

fn write(printed: Output) -> Result<Exit, Failure> {
    for file in printed.files {
        let failed = |error: std::io::Error| {
            Failure::unjudged(format!("{} cannot be written: {error}", file.path.display()))
        };
        if let Some(parent) = file.path.parent() {
            std::fs::create_dir_all(parent).map_err(failed)?;
        }
        let append = file.append || file.append_if_there && file.path.exists();
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create(true).append(append).truncate(!append);
        let mut opened = options.open(&file.path).map_err(failed)?;
        opened.write_all(file.text.as_bytes()).map_err(failed)?;
    }
    output::result_by(|out| printed.stdout.write_to(out))?;
    Ok(Exit::Clean)
}
