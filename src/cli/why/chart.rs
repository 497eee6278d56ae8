//! The chart that a question is about, rendered with the flags of `template`.

use std::path::{Path, PathBuf};

use crate::cli::Failure;
use crate::cli::common::Run;
use crate::pipeline::{self, Outcome};
use crate::render::chart::{KubeVersion, Profile, RenderOptions, ValueFlags};
use crate::report;
use crate::world::{Disk, FileKind, World};

/// How the chart is rendered; the flags are those of `template`.
#[derive(clap::Args, Debug, Default, Clone)]
pub(super) struct Flags {
    /// Values from a file; may be repeated
    #[arg(short = 'f', long, value_name = "FILE", value_delimiter = ',', help_heading = "Chart")]
    values: Vec<String>,

    /// Values as KEY=VALUE
    #[arg(long, value_name = "KEY=VALUE", help_heading = "Chart")]
    set: Vec<String>,

    /// The same, always as strings
    #[arg(long, value_name = "KEY=VALUE", help_heading = "Chart")]
    set_string: Vec<String>,

    /// The same, in JSON
    #[arg(long, value_name = "KEY=JSON", help_heading = "Chart")]
    set_json: Vec<String>,

    /// The same, from files
    #[arg(long, value_name = "KEY=FILE", help_heading = "Chart")]
    set_file: Vec<String>,

    /// The same, without any syntax in the value
    #[arg(long, value_name = "KEY=VALUE", help_heading = "Chart")]
    set_literal: Vec<String>,

    /// The release's name
    #[arg(long, value_name = "NAME", default_value = "release-name", help_heading = "Chart")]
    release: String,

    /// The release's namespace
    #[arg(short = 'n', long, value_name = "NAME", default_value = "default", help_heading = "Chart")]
    namespace: String,

    /// What .Capabilities.KubeVersion says
    #[arg(long, value_name = "VERSION", help_heading = "Chart")]
    kube_version: Option<String>,

    /// More of .Capabilities.APIVersions
    #[arg(short = 'a', long, value_name = "VERSION", value_delimiter = ',', help_heading = "Chart")]
    api_versions: Vec<String>,

    /// Render as for an upgrade
    #[arg(long, help_heading = "Chart")]
    is_upgrade: bool,

    /// Whose behaviour: helm4 or helm3
    #[arg(long, value_name = "PROFILE", help_heading = "Chart")]
    profile: Option<String>,
}

impl Flags {
    /// Whether values are given, which only charts have.
    pub(super) fn are_given(&self) -> bool {
        [&self.values, &self.set, &self.set_string, &self.set_json, &self.set_file, &self.set_literal]
            .iter()
            .any(|list| !list.is_empty())
    }

    /// Renders the chart with origins, all hooks and tests among its objects.
    pub(super) fn run(&self, chart: &Path) -> Result<Run, Failure> {
        let profile = match &self.profile {
            None => Profile::default(),
            Some(name) => Profile::of_name(name).ok_or_else(|| {
                Failure::usage(format!("unknown profile `{name}`")).help("helm4 and helm3 are known")
            })?,
        };
        let kube_version = match &self.kube_version {
            None => None,
            Some(text) => Some(
                KubeVersion::parse(text, profile == Profile::Helm3)
                    .map_err(|error| Failure::usage(format!("`{text}` is no version: {error}")))?,
            ),
        };
        let options = RenderOptions {
            release: self.release.clone(),
            namespace: self.namespace.clone(),
            is_upgrade: self.is_upgrade,
            kube_version,
            api_versions: self.api_versions.clone(),
            values: ValueFlags {
                files: self.values.clone(),
                json: self.set_json.clone(),
                set: self.set.clone(),
                string: self.set_string.clone(),
                file: self.set_file.clone(),
                literal: self.set_literal.clone(),
            },
            skip_schema_validation: true,
            include_crds: true,
            trace: true,
            ..RenderOptions::default()
        };
        let mut outcome = pipeline::chart(chart, &options, profile, &Disk);
        let secrets = std::mem::take(&mut outcome.secrets);
        let Outcome { diagnostics, bundle, sources, .. } = &mut outcome;
        let masks = report::settle(diagnostics, &bundle.origins, sources, secrets);
        let run = Run { outcome, masks, prints: Vec::new(), known: 0 };
        match run.outcome.diagnostics.iter().find(|d| d.severity == source::Severity::Error) {
            Some(error) if run.outcome.bundle.resources.is_empty() => {
                let text = format!("{} does not render: {}", chart.display(), error.message);
                Err(Failure::unjudged(text))
            }
            _ => Ok(run),
        }
    }
}

/// Whether a path is a chart: a folder with a Chart.yaml, or an archive.
pub(super) fn is_chart(path: &Path) -> bool {
    let is_file = |path: &Path| matches!(Disk.stat(path), Ok(FileKind::File));
    is_file(&path.join("Chart.yaml")) || path.extension().is_some_and(|e| e == "tgz") && is_file(path)
}

/// The outermost chart that a file is part of.
pub(super) fn chart_of(file: &Path) -> Option<PathBuf> {
    let folder = |path: &Path| match path.as_os_str().is_empty() {
        true => PathBuf::from("."),
        false => path.to_owned(),
    };
    let mut found = None;
    for (depth, above) in file.ancestors().skip(1).map(folder).enumerate() {
        if is_chart(&above) {
            found = Some(above);
        } else if found.is_some() && depth > 0 && !above.ends_with("charts") {
            break;
        }
    }
    found
}
