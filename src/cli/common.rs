//! Flags that several subcommands share, and what becomes of a run's findings.

use std::mem::ManuallyDrop;
use std::path::PathBuf;
use std::str::FromStr;

use clap::{Args, ValueEnum};
use source::{Class, Diagnostic, Severity};

use super::debt::Debt;
use super::output::{self, Color, Form, Output, Stream};
use super::progress::Progress;
use super::summary::{self, Stopwatch};
use super::{Exit, Failure, catalogue, configuration, threads};
use crate::config::Configuration;
use crate::kube::pod_security::Standard;
use crate::lint::{self, Settings};
use crate::load::Request;
use crate::pipeline::{self, Fingerprint, Outcome, Rules, Server, fingerprints};
use crate::report::{self, Format, Masks, Report};
use crate::schema;
use crate::world::{Disk, World};

/// What all commands that judge take.
#[derive(Args, Debug)]
pub(super) struct Common {
    #[command(flatten)]
    pub inputs: Inputs,
    #[command(flatten)]
    pub selection: Selection,
    #[command(flatten)]
    pub target: Target,
    #[command(flatten)]
    pub reporting: Reporting,
    /// The baseline that the configuration names.
    #[arg(skip)]
    pub baseline: Option<PathBuf>,
}

impl Common {
    /// What the stages are told: both of them that judge. The configuration's words count where the command line has none.
    pub fn settings(&mut self) -> Result<pipeline::Settings, Failure> {
        let configuration = configuration::read(self.selection.config.as_deref(), &Disk)?;
        let reporting = &mut self.reporting;
        let of_file = configuration.fail_on.as_deref().and_then(|word| FailOn::from_str(word, false).ok());
        reporting.fail_on = reporting.fail_on.or(of_file);
        self.baseline.clone_from(&configuration.baseline);
        Ok(pipeline::Settings {
            request: self.inputs.request(&configuration),
            validate: Some(self.target.server(&configuration)?),
            lint: Some(self.selection.rules(&configuration, &self.target)?),
            lookup: self.target.lookup.clone(),
            measures_rules: self.reporting.timings,
            drops_objects: false,
        })
    }

    /// Runs the stages, takes out what is known, shows what was found, and tells how it ended.
    pub fn judge(
        &self,
        settings: &pipeline::Settings,
        debt: &Debt,
        watch: &Stopwatch,
    ) -> Result<Exit, Failure> {
        let debt = debt.or(self.baseline.as_ref());
        let progress = Progress::start(!self.reporting.quiet);
        let mut run = run(settings, &self.selection)?;
        if debt.is_asked() {
            let outcome = &run.outcome;
            run.prints = fingerprints(&outcome.diagnostics, &outcome.bundle, &outcome.sources);
        }
        debt.settle(&mut run, settings, &self.selection)?;
        drop(progress);
        self.reporting.show(&run, Stream::Out)?;
        self.reporting.sum_up(&run, watch.took());
        Ok(self.reporting.exit(&run.outcome))
    }
}

/// What is read.
#[derive(Args, Debug, Default)]
pub(super) struct Inputs {
    /// Files and directories; `-` is standard input [default: the working directory]
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,

    /// Leave out what matches, in the manner of .gitignore
    #[arg(long, value_name = "GLOB", help_heading = "Input")]
    pub exclude: Vec<String>,

    /// The paths are files that changed: check the charts and overlays below the working directory that use them
    #[arg(long, help_heading = "Input", requires = "paths")]
    pub changed: bool,

    /// The name that findings on standard input get
    #[arg(long, value_name = "NAME", help_heading = "Input")]
    pub stdin_filename: Option<String>,
}

/// What is said, and how.
#[derive(Args, Debug)]
pub(super) struct Reporting {
    /// How findings are shown: human, concise, grouped, json, json-lines, github, gitlab, sarif, junit, markdown, or
    /// template:FILE with a Jinja template of your own; with =FILE into a file. May be repeated
    #[arg(long, short = 'o', value_name = "FORMAT[=FILE]", help_heading = "Output")]
    pub output: Vec<Output>,

    /// From which severity on the exit code is 1 [default: error]
    #[arg(long, value_name = "SEVERITY", help_heading = "Output")]
    pub fail_on: Option<FailOn>,

    /// Whose words come first in a finding
    #[arg(long, value_name = "STYLE", default_value = "plimsoll", help_heading = "Output")]
    pub error_style: ErrorStyle,

    /// Say nothing beside the findings
    #[arg(long, short, help_heading = "Output")]
    pub quiet: bool,

    /// Say more: what was passed over
    #[arg(long, short, help_heading = "Output")]
    pub verbose: bool,

    /// When to use colours
    #[arg(long, value_name = "WHEN", default_value = "auto", help_heading = "Output")]
    pub color: Color,

    /// Say how long each stage took, and the rules that took longest
    #[arg(long, help_heading = "Output")]
    pub timings: bool,
}

/// Which findings are wanted.
#[derive(Args, Debug, Default)]
pub(super) struct Selection {
    /// Only these rules, groups (security, references ...) or presets (minimal, recommended, strict ...). What a server
    /// would refuse is no rule, and is left out only where single codes are named
    #[arg(long, value_name = "CODE", value_delimiter = ',', help_heading = "Findings")]
    pub select: Vec<String>,

    /// All but these
    #[arg(long, value_name = "CODE", value_delimiter = ',', help_heading = "Findings")]
    pub ignore: Vec<String>,

    /// The configuration [default: the nearest plimsoll.yaml, here or above]
    #[arg(long, value_name = "FILE", help_heading = "Findings")]
    pub config: Option<PathBuf>,

    /// The day on which suppressions with a date are judged, such as 2027-01-31 [default: the clock's]
    #[arg(long, value_name = "DATE", help_heading = "Findings")]
    pub today: Option<Day>,
}

/// A day, such as 2027-01-31.
#[derive(Clone, Debug)]
pub(super) struct Day(String);

impl FromStr for Day {
    type Err = String;
    fn from_str(text: &str) -> Result<Day, String> {
        if lint::is_date(text) { Ok(Day(text.to_owned())) } else { Err("give it like 2027-01-31".to_owned()) }
    }
}

/// The cluster that the objects are meant for.
#[derive(Args, Debug, Default)]
pub(super) struct Target {
    /// The version of Kubernetes, such as 1.37 [default: the newest known]
    #[arg(long, value_name = "VERSION", help_heading = "Cluster")]
    pub kubernetes_version: Option<String>,

    /// What the cluster has: files and directories of its objects. What they do not have is then not there
    #[arg(long, value_name = "PATH", help_heading = "Cluster")]
    pub cluster_state: Vec<PathBuf>,

    /// Files and directories with CustomResourceDefinitions, beside those of the input
    #[arg(long, value_name = "PATH", help_heading = "Cluster")]
    pub crds: Vec<PathBuf>,

    /// Manifests that the function `lookup` of charts answers from, as if they were in the cluster
    #[arg(long, value_name = "FILE", help_heading = "Cluster")]
    pub lookup: Vec<PathBuf>,

    /// Hold every Pod to a Pod Security Standard: baseline or restricted, such as restricted:v1.36
    #[arg(long, value_name = "LEVEL[:VERSION]", help_heading = "Cluster")]
    pub pod_security: Option<Standard>,
}

/// From which severity on the exit code is 1.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(super) enum FailOn {
    /// Errors.
    Error,
    /// Errors and warnings.
    Warning,
    /// Any finding.
    Note,
    /// None.
    Never,
}

impl FailOn {
    /// Whether a finding of that severity counts.
    pub fn counts(self, severity: Severity) -> bool {
        match self {
            FailOn::Error => severity >= Severity::Error,
            FailOn::Warning => severity >= Severity::Warning,
            FailOn::Note => true,
            FailOn::Never => false,
        }
    }
}

/// Whose words come first.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(super) enum ErrorStyle {
    /// This program's.
    Plimsoll,
    /// Those of the program that it stands for: kubectl, helm, kustomize.
    Upstream,
}

impl Inputs {
    /// What they ask for.
    pub fn request(&self, configuration: &Configuration) -> Request {
        let paths = if self.paths.is_empty() { vec![PathBuf::from(".")] } else { self.paths.clone() };
        Request {
            paths,
            stdin_name: self.stdin_filename.clone(),
            changed: self.changed,
            exclude: self.exclude.clone(),
            excluded: configuration.excluded.clone(),
            objects_only: false,
        }
    }
}

impl Selection {
    /// The rules that are to run.
    pub fn rules(&self, configuration: &Configuration, target: &Target) -> Result<Rules, Failure> {
        for name in self.select.iter().chain(&self.ignore) {
            if Settings::default().set(name, true).is_err() && catalogue::find(name).is_none() {
                return Err(unknown_code(name));
            }
        }
        let minor = target.minor()?;
        let (select, ignore) = (self.select.clone(), self.ignore.clone());
        let (state, standard) = (target.cluster_state.clone(), target.pod_security);
        let told = move |settings: &mut Settings| {
            if !select.is_empty() {
                *settings = std::mem::take(settings).without_rules();
            }
            // Names of codes that are no rules choose among findings, see `apply`.
            select.iter().for_each(|name| drop(settings.set(name, true)));
            ignore.iter().for_each(|name| drop(settings.set(name, false)));
            if !state.is_empty() {
                settings.cluster_state.clone_from(&state);
            }
            if let Some(standard) = standard {
                settings.pod_security = Some(standard);
                let _ = settings.set("pod-security-violation", true);
            }
            settings.kubernetes_minor = minor.unwrap_or(settings.kubernetes_minor);
        };
        let mut settings = configuration.settings.clone();
        told(&mut settings);
        let nested = self.config.is_none().then(|| configuration::nested(&Disk, told));
        Ok(Rules { settings, nested, today: self.today.clone().map(|day| day.0) })
    }

    /// Whether nothing is left out.
    pub fn is_all(&self) -> bool {
        self.select.is_empty() && self.ignore.is_empty()
    }

    /// Drops what is not wanted. What cannot be read is always told; what a server refuses is no rule that a group or a
    /// preset could have left out, so that it stays unless every name that was selected is that of a code.
    pub fn apply(&self, diagnostics: &mut Vec<Diagnostic>) {
        let names =
            |list: &[String], d: &Diagnostic| list.iter().any(|name| catalogue::covers(name, d.code.id));
        let is_exact = self.select.iter().all(|name| catalogue::find(name).is_some());
        let is_selected = |d: &Diagnostic| {
            let is_verdict = matches!(d.class, Class::Server { .. });
            self.select.is_empty() || is_verdict && !is_exact || names(&self.select, d)
        };
        diagnostics.retain(|d| {
            let is_broken = matches!(d.class, Class::Input | Class::Render) && d.severity == Severity::Error;
            is_broken || is_selected(d) && !names(&self.ignore, d)
        });
    }
}

fn unknown_code(name: &str) -> Failure {
    let failure = match catalogue::closest(name) {
        Some(near) => Failure::usage(format!("unknown rule `{name}`; did you mean `{near}`?")),
        None => Failure::usage(format!("unknown rule `{name}`")),
    };
    failure.help("`plimsoll rules` lists them all")
}

impl Target {
    /// The server that validation answers for.
    pub fn server(&self, configuration: &Configuration) -> Result<Server, Failure> {
        let version = self.kubernetes_version.as_ref().or(configuration.kubernetes_version.as_ref());
        let version = match version {
            None => schema::NEWEST,
            Some(text) => schema::Version::parse(text).ok_or_else(|| {
                let known: Vec<String> = schema::VERSIONS.iter().map(ToString::to_string).collect();
                Failure::usage(format!("there are no tables for Kubernetes `{text}`"))
                    .help(format!("known are {}", known.join(", ")))
            })?,
        };
        let state = match self.cluster_state.as_slice() {
            [] => &configuration.settings.cluster_state,
            given => given,
        };
        let crds = self.crds.iter().chain(&configuration.crds).cloned().collect();
        Ok(Server { version, state: state.to_owned(), crds, locations: None })
    }

    /// The minor version, if one is given: 37 for 1.37, v1.37 and 1.37.2.
    pub fn minor(&self) -> Result<Option<u32>, Failure> {
        let Some(text) = &self.kubernetes_version else { return Ok(None) };
        let mut parts = text.strip_prefix('v').unwrap_or(text).split('.');
        let minor = match (parts.next(), parts.next().map(str::parse)) {
            (Some("1"), Some(Ok(minor))) => minor,
            _ => {
                return Err(Failure::usage(format!("`{text}` is no version of Kubernetes"))
                    .help("give it like `1.37`"));
            }
        };
        Ok(Some(minor))
    }
}

/// A run with its findings ready to be shown.
pub(super) struct Run {
    /// What the stages came to.
    pub outcome: Outcome,
    /// What must not be shown.
    pub masks: Masks,
    /// What names the findings from run to run, in their order, where something asked for it.
    pub prints: Vec<Fingerprint>,
    /// How many findings were left out because they are known.
    pub known: usize,
}

/// Runs the stages, and drops what was not asked for.
///
/// The process ends once a run is reported, so nothing takes it apart: to free some hundred thousand pieces of memory
/// one by one takes a twentieth of a whole run.
pub(super) fn run(
    settings: &pipeline::Settings,
    selection: &Selection,
) -> Result<ManuallyDrop<Run>, Failure> {
    threads::start(&settings.request);
    run_in(&Disk, settings, selection)
}

/// The same in another world.
pub(super) fn run_in(
    world: &dyn World,
    settings: &pipeline::Settings,
    selection: &Selection,
) -> Result<ManuallyDrop<Run>, Failure> {
    let mut outcome = pipeline::run(settings, world).map_err(Failure::usage)?;
    selection.apply(&mut outcome.diagnostics);
    let secrets = std::mem::take(&mut outcome.secrets);
    let masks = report::settle(&mut outcome.diagnostics, &outcome.bundle.origins, &outcome.sources, secrets);
    Ok(ManuallyDrop::new(Run { outcome, masks, prints: Vec::new(), known: 0 }))
}

impl Reporting {
    fn counts(&self, outcome: &Outcome, from: FailOn) -> bool {
        outcome.diagnostics.iter().any(|d| from.counts(d.severity))
    }

    /// How the run ends.
    pub fn exit(&self, outcome: &Outcome) -> Exit {
        if outcome.is_unjudged() {
            Exit::Unjudged
        } else if self.counts(outcome, self.fail_on.unwrap_or(FailOn::Error)) {
            Exit::Findings
        } else {
            Exit::Clean
        }
    }

    /// Writes all reports; those without a file go to that stream.
    pub fn show(&self, run: &Run, stream: Stream) -> Result<(), Failure> {
        let human = [Output { form: Form::Known(Format::Human), file: None }];
        let outputs = if self.output.is_empty() { &human[..] } else { &self.output };
        // All are made before the first is written: a template of the user's own may fail.
        let reports = outputs.iter().map(|output| Ok((output, self.report(run, output, stream)?)));
        for (output, parts) in reports.collect::<Result<Vec<_>, Failure>>()? {
            match (&output.file, stream) {
                (Some(path), _) => output::file(path, &parts.concat())?,
                (None, Stream::Out) => parts.iter().try_for_each(|text| output::result(text))?,
                (None, Stream::Err) => parts.iter().for_each(|text| output::talk(text)),
            }
        }
        Ok(())
    }

    /// The text of one report, in pieces.
    fn report(&self, run: &Run, output: &Output, stream: Stream) -> Result<Vec<String>, Failure> {
        let outcome = &run.outcome;
        let made = match run.prints.is_empty() && output.form.needs_fingerprints() {
            true => fingerprints(&outcome.diagnostics, &outcome.bundle, &outcome.sources),
            false => Vec::new(),
        };
        let prints: Vec<&str> = run.prints.iter().chain(&made).map(|print| print.digits.as_str()).collect();
        let report = Report {
            sources: &run.outcome.sources,
            diagnostics: &run.outcome.diagnostics,
            masks: &run.masks,
            fingerprints: &prints,
            facts: catalogue::facts,
        };
        let mut look = match output.file {
            Some(_) => report::Look::default(),
            None => output::look(stream, self.color),
        };
        look.upstream = self.error_style == ErrorStyle::Upstream;
        let format = match &output.form {
            Form::Known(format) => *format,
            Form::Template(path) => return output::through(&report, path).map(|text| vec![text]),
        };
        Ok(report::render(&report, format, &look))
    }

    /// Says what was done, unless that is not wanted.
    pub fn sum_up(&self, run: &Run, took: std::time::Duration) {
        let outcome = &run.outcome;
        if !self.quiet {
            output::talk(&summary::of(outcome, took, self.verbose));
            if run.known > 0 {
                output::talk(&summary::known(run.known));
            }
        }
        if self.timings {
            output::talk(&summary::timings(&outcome.timings));
            output::talk(&summary::rules(&outcome.rules));
        }
    }
}
