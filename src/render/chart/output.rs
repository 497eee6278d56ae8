//! What `helm template` prints: one stream, chosen templates of it, or files.

use std::path::{Path, PathBuf};

use super::Fail;
use super::codes::TEMPLATE_NOT_SHOWN;
use super::load::fail;
use super::manifests::{HookEvent, Manifest};
use super::pattern;
use super::pieces::{Piece, Stream};
use super::post_render::PostRenderer;
use super::profile::Profile;
use super::render::{Crd, Rendering};
use super::split::documents;
use crate::world::World;
use source::Span;

/// What is printed of a rendering.
#[derive(Clone, Debug, Default)]
pub struct OutputOptions {
    /// `--no-hooks`
    pub no_hooks: bool,
    /// `--skip-tests`
    pub skip_tests: bool,
    /// `--show-only`, in order.
    pub show_only: Vec<String>,
    /// `--output-dir`
    pub directory: Option<PathBuf>,
    /// The release's name, where `--release-name` puts it between the directory and the chart.
    pub release_folder: Option<String>,
    /// `--post-renderer`
    pub post_renderer: Option<PostRenderer>,
}

/// What goes to stdout and what to files.
#[derive(Debug, Default)]
pub struct Output {
    /// The stream.
    pub stdout: Stream,
    /// Files in the order of writing; the text is added to the file where `append` says so.
    pub files: Vec<OutputFile>,
}

/// One write to a file.
#[derive(Debug, PartialEq, Eq)]
pub struct OutputFile {
    /// Where.
    pub path: PathBuf,
    /// What.
    pub text: String,
    /// Whether it goes behind what an earlier write of this run put there.
    pub append: bool,
    /// Whether it goes behind whatever is there already: so it is with hooks.
    pub append_if_there: bool,
}

/// Puts the output together.
///
/// # Errors
/// A template that is to be shown rendered nothing, or the post-renderer failed; `at` is where that is said.
pub fn output(
    rendering: &Rendering,
    options: &OutputOptions,
    profile: Profile,
    at: Span,
    world: &dyn World,
) -> Result<Output, Fail> {
    let hooks = rendering.hooks.iter().filter(|hook| !options.no_hooks && !is_skipped(hook, options));
    let mut out = Output::default();
    let mut stream = Stream::default();
    let mut chosen = None;
    match &options.directory {
        None => {
            for Crd { path, text, .. } in &rendering.crds {
                push(&mut stream, path, text.clone());
            }
            for manifest in &rendering.manifests {
                push(&mut stream, &manifest.path, manifest.text.clone());
            }
            if let Some(program) = &options.post_renderer {
                stream = program.run(&stream, at, world)?;
                stream.trim_start();
            }
            // Of our own there is nothing to trim at the start: it begins with dashes.
            stream.trim_end();
            stream.push_str("\n");
            for hook in hooks {
                push(&mut stream, &hook.path, hook.text.clone());
            }
        }
        Some(directory) => {
            let folder =
                options.release_folder.as_ref().map_or(directory.clone(), |name| directory.join(name));
            // Helm leaves the release's name out for CRDs.
            for Crd { path, text, .. } in &rendering.crds {
                out.write(&mut stream, directory, path, text, false);
            }
            for manifest in &rendering.manifests {
                out.write(&mut stream, &folder, &manifest.path, &manifest.text, false);
            }
            for hook in hooks {
                out.write(&mut stream, &folder, &hook.path, &hook.text, true);
            }
            // What is installed is in files by now, and yet the program is run.
            let mut shown = Stream::default();
            if let Some(program) = &options.post_renderer {
                shown = program.run(&shown, at, world)?;
                shown.trim_start();
                shown.trim_end();
            }
            let shown = format!("{shown}\n");
            stream.push_str(&shown);
            chosen = Some(shown);
        }
    }
    if options.show_only.is_empty() {
        out.stdout = stream;
    } else {
        // With a directory there is next to nothing to choose from.
        let chosen = chosen.unwrap_or_else(|| stream.to_string());
        out.stdout = shown(&chosen, &options.show_only, profile, at)?.into();
    }
    Ok(out)
}

fn is_skipped(hook: &Manifest, options: &OutputOptions) -> bool {
    options.skip_tests && hook.hook.as_ref().is_some_and(|events| events.contains(&HookEvent::Test))
}

/// What stands before the path of a document's template.
const HEADER: &str = "---\n# Source: ";

fn push(stream: &mut Stream, path: &str, text: Piece) {
    for part in [HEADER, path, "\n"] {
        stream.push_str(part);
    }
    stream.push(text);
    stream.push_str("\n");
}

impl Output {
    fn write(&mut self, stream: &mut Stream, directory: &Path, path: &str, text: &str, is_hook: bool) {
        let name = format!("{}/{path}", directory.display());
        let file = PathBuf::from(&name);
        let append = self.files.iter().any(|f| f.path == file);
        let content = format!("{HEADER}{path}\n{text}\n");
        self.files.push(OutputFile { path: file, text: content, append, append_if_there: is_hook });
        stream.push_str(&format!("wrote {name}\n"));
    }
}

/// The documents of the whole stream whose `# Source:` line fits a pattern, in the order of the patterns.
fn shown(stream: &str, patterns: &[String], profile: Profile, at: Span) -> Result<String, Fail> {
    let documents: Vec<(&str, &str)> = documents(stream, profile)
        .into_iter()
        .filter_map(|range| {
            let text = &stream[range];
            Some((source_path(text)?, text))
        })
        .collect();
    let mut out = String::new();
    for wanted in patterns {
        let before = out.len();
        for (path, text) in &documents {
            if pattern::matches(wanted, path) == Ok(true) {
                out.push_str("---\n");
                out.push_str(text);
                out.push('\n');
            }
        }
        if out.len() == before {
            let upstream = format!("could not find template {wanted} in chart");
            let message = format!("no manifest comes from {wanted}");
            let paths = documents.iter().map(|(path, _)| *path);
            let mut error = fail(&TEMPLATE_NOT_SHOWN, at, message, &upstream);
            if let Some(near) = source::closest(wanted, paths) {
                error.0.help = Some(format!("did you mean `{near}`?"));
            }
            return Err(error);
        }
    }
    Ok(out)
}

/// What stands behind `# Source: CHART/` on the first line that has it.
fn source_path(text: &str) -> Option<&str> {
    let mut rest = text;
    while let Some(at) = rest.find("# Source: ") {
        rest = &rest[at + "# Source: ".len()..];
        let line = rest.lines().next().unwrap_or("");
        // The chart's name may hold anything but a slash, even a line break.
        if let Some((chart, path)) = line.split_once('/')
            && !chart.is_empty()
            && !path.is_empty()
        {
            return Some(path);
        }
    }
    None
}
