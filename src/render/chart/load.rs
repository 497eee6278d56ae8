//! A chart in memory: what Helm makes of the files of a directory or an archive.

use std::path::Path;
use std::sync::Arc;

use source::{Class, Code, Diagnostic, Diagnostics, Place, Source, SourceId, SourceKind, Sources, Span};
use yaml::{Doc, Node};

use crate::world::{FileKind, World, WorldError};

use super::Fail;
use super::archive::{self, ArchiveError};
use super::codes::{
    CHART_FILE_OUTDATED, CHART_LINK_FOLLOWED, CHART_METADATA_INVALID, CHART_NOT_FOUND, CHART_UNREADABLE,
    VALUES_UNREADABLE,
};
use super::decode::{Decoder, Mismatch};
use super::files::{self, BufferedFile, Content, MAX_FILE, WalkError};
use super::log;
use super::metadata::{Metadata, dependencies, package};
use super::profile::Profile;
use super::read::{read_document, read_values};

/// What loading needs and what it fills.
pub struct LoadCx<'a> {
    /// Where the files are.
    pub world: &'a dyn World,
    /// Takes every file that was read.
    pub sources: &'a mut Sources,
    /// Whose behaviour is followed.
    pub profile: Profile,
    /// What there is to say.
    pub out: &'a mut Diagnostics,
}

/// A chart as it was read; nothing in it depends on values.
pub struct Chart {
    /// What it says of itself.
    pub metadata: Metadata,
    /// Its `Chart.yaml`.
    pub source: SourceId,
    /// The files below `templates/`.
    pub templates: Vec<ChartFile>,
    /// All other files that templates may read, `crds/` included.
    pub files: Vec<ChartFile>,
    /// The documents of its `values.yaml`; several only in Helm 4.
    pub values: Vec<Arc<Doc>>,
    /// Its `values.yaml`, which may hold no document.
    pub values_file: Option<SourceId>,
    /// Its `values.schema.json`.
    pub schema: Option<ChartFile>,
    /// The charts below `charts/`, in the order of their names there. Helm takes a random order.
    pub dependencies: Vec<Chart>,
}

/// One file of a chart.
#[derive(Clone, Debug)]
pub struct ChartFile {
    /// The path below the chart's root, such as `templates/a.yaml`.
    pub name: Box<str>,
    /// The bytes, without a byte order mark.
    pub data: Arc<[u8]>,
    /// The same as a text.
    pub source: SourceId,
}

impl Chart {
    /// Whether it only lends its definitions.
    pub fn is_library(&self) -> bool {
        self.metadata.kind.eq_ignore_ascii_case("library")
    }
}

/// Reads a chart with its subcharts.
///
/// # Errors
/// What Helm would say, with the place: there is no chart, a file cannot be read or parsed, the metadata is not
/// valid.
pub fn load(path: &Path, cx: &mut LoadCx<'_>) -> Result<Chart, Fail> {
    locate(path, cx)?;
    let gathered = gather(path, cx, &mut |_| {})?;
    make(gathered, cx)
}

/// The files of a chart, before anything is made of them.
pub(crate) struct Gathered {
    /// All files, those of subcharts below `charts/` included.
    pub files: Vec<BufferedFile>,
    root: String,
}

/// The first half of [`load`]; `see` gets each file as soon as it is there.
pub(crate) fn gather(
    path: &Path,
    cx: &mut LoadCx<'_>,
    see: &mut dyn FnMut(&BufferedFile),
) -> Result<Gathered, Fail> {
    match cx.world.stat(path) {
        Ok(FileKind::Directory) => gather_directory(path, cx, see),
        _ => {
            let gathered = gather_archive(path, cx)?;
            gathered.files.iter().for_each(see);
            Ok(gathered)
        }
    }
}

/// The other half.
pub(crate) fn make(gathered: Gathered, cx: &mut LoadCx<'_>) -> Result<Chart, Fail> {
    load_files(gathered.files, &gathered.root, 0, cx)
}

/// Whether there is anything at that path.
pub(crate) fn locate(path: &Path, cx: &mut LoadCx<'_>) -> Result<(), Fail> {
    if cx.world.stat(path).is_ok() {
        return Ok(());
    }
    let shown = path.display().to_string();
    let upstream = if path.is_absolute() || shown.starts_with('.') {
        format!("path {} not found", gotmpl::strconv::quote(shown.as_bytes()))
    } else {
        match shown.split_once('/') {
            Some((repository, _)) => format!("repo {repository} not found"),
            None => format!("non-absolute URLs should be in form of repo_name/path_to_chart, got: {shown}"),
        }
    };
    let at = cx.place(path);
    Err(fail(&CHART_NOT_FOUND, at, format!("there is no chart at {shown}"), &upstream)
        .map_help("name a chart's directory or a .tgz file; charts of repositories are not fetched"))
}

/// An error with the text that Helm prints for it.
pub(crate) fn fail(
    code: &'static Code,
    at: impl Into<Place>,
    message: impl Into<String>,
    upstream: &str,
) -> Fail {
    let diagnostic = Diagnostic::new(code, at, message).class(Class::Input);
    Fail(Box::new(diagnostic.upstream(format!("Error: {upstream}"))), Vec::new())
}

impl LoadCx<'_> {
    /// A place for what is said of a path whose text nobody reads.
    pub(crate) fn place(&mut self, path: &Path) -> Span {
        let name = path.display().to_string();
        Span::top(self.sources.add(Source::new(name, SourceKind::File, "")))
    }

    /// Takes a file in. The text and the bytes are one allocation: charts of some megabytes are read for every
    /// keystroke.
    fn file(&mut self, root: &str, file: BufferedFile) -> ChartFile {
        let data = file.data.shared();
        let text = match file.data {
            Content::Text(text) => text,
            Content::Bytes(bytes) => String::from_utf8_lossy(&bytes).into(),
        };
        self.add(root, file.name, text, data)
    }

    /// The same for a file that only templates read: nothing is ever shown of one that is no text.
    fn other_file(&mut self, root: &str, file: BufferedFile) -> ChartFile {
        match file.data {
            Content::Bytes(bytes) => self.add(root, file.name, "".into(), bytes),
            Content::Text(_) => self.file(root, file),
        }
    }

    fn add(&mut self, root: &str, name: Box<str>, text: Arc<str>, data: Arc<[u8]>) -> ChartFile {
        let source = self.sources.add(Source::new(format!("{root}/{name}"), SourceKind::File, text));
        ChartFile { name, data, source }
    }
}

fn gather_directory(
    path: &Path,
    cx: &mut LoadCx<'_>,
    see: &mut dyn FnMut(&BufferedFile),
) -> Result<Gathered, Fail> {
    let absolute = cx.world.canonical(path).unwrap_or_else(|_| path.to_owned());
    if cx.profile == Profile::Helm4 {
        let chart_yaml = path.join("Chart.yaml");
        match cx.world.read(&chart_yaml, MAX_FILE) {
            Ok(bytes) => detect_version(&bytes, &path.display().to_string(), cx)?,
            Err(error) => {
                let name = absolute.join("Chart.yaml").display().to_string();
                let at = cx.place(&chart_yaml);
                let upstream =
                    format!("unable to detect chart at {name}: open {name}: {}", system_text(&error));
                return Err(fail(
                    &CHART_UNREADABLE,
                    at,
                    format!("{} is no chart: its Chart.yaml cannot be read", path.display()),
                    &upstream,
                ));
            }
        }
    }
    let walked = match files::walk(cx.world, path, see) {
        Ok(walked) => walked,
        Err(error) => return Err(walk_failed(path, &absolute, error, cx)),
    };
    for (link, target) in &walked.links {
        let at = cx.place(link);
        let inside = link.strip_prefix(path).map_or(link.clone(), |rest| absolute.join(rest));
        let (link, target) = (inside.display().to_string(), target.display().to_string());
        let upstream = match cx.profile {
            Profile::Helm3 => format!(
                "walk.go:75: found symbolic link in path: {link} resolves to {target}. Contents of linked file included and used"
            ),
            Profile::Helm4 => log::line(
                log::Level::Info,
                "found symbolic link in path. Contents of linked file included and used",
                &[("path", &link), ("resolved", &target)],
            ),
        };
        let message = format!("this link is followed to {target}");
        cx.out.push(Diagnostic::new(&CHART_LINK_FOLLOWED, at, message).upstream(upstream));
    }
    Ok(Gathered { files: walked.files, root: path.display().to_string() })
}

fn walk_failed(path: &Path, absolute: &Path, error: WalkError, cx: &mut LoadCx<'_>) -> Fail {
    match error {
        WalkError::Ignore(file, text, error) => {
            let source = cx.sources.add(Source::new(file.display().to_string(), SourceKind::File, text));
            let start =
                cx.sources.get(source).and_then(|s| s.lines().line_start(s.text(), error.line)).unwrap_or(0);
            let at = Span::new(source, start, start);
            fail(&CHART_UNREADABLE, at, format!("Helm cannot read this pattern: {}", error.text), error.text)
        }
        WalkError::World(file, error) => {
            let inner = file.strip_prefix(path).unwrap_or(&file).to_owned();
            let full = absolute.join(&inner);
            let at = cx.place(&file);
            let (inner, full, system) = (inner.display(), full.display(), system_text(&error));
            let upstream = format!("error reading {inner}: open {full}: {system}");
            fail(&CHART_UNREADABLE, at, format!("{} cannot be read: {system}", file.display()), &upstream)
        }
        WalkError::TooLarge(file) => {
            let name = file.file_name().unwrap_or_default().to_string_lossy();
            let name = gotmpl::strconv::quote(name.as_bytes());
            let upstream = format!("chart file {name} is larger than the maximum file size {MAX_FILE}");
            let at = cx.place(&file);
            fail(&CHART_UNREADABLE, at, upstream.clone(), &upstream)
                .map_help("leave it out by a line in the chart's .helmignore")
        }
        WalkError::Irregular(file) => {
            let full = file.strip_prefix(path).map_or(file.clone(), |rest| absolute.join(rest));
            let upstream =
                format!("cannot load irregular file {} as it has file mode type bits set", full.display());
            let at = cx.place(&file);
            fail(&CHART_UNREADABLE, at, format!("{} is no regular file", file.display()), &upstream)
        }
        WalkError::TooMany(directory) => {
            let text = format!(
                "more files, larger ones or deeper folders than a chart may have: {}",
                directory.display()
            );
            let at = cx.place(&directory);
            fail(&CHART_UNREADABLE, at, text.clone(), &text)
        }
    }
}

fn gather_archive(path: &Path, cx: &mut LoadCx<'_>) -> Result<Gathered, Fail> {
    let shown = path.display().to_string();
    let absolute = cx.world.canonical(path).unwrap_or_else(|_| path.to_owned()).display().to_string();
    // A packed chart is smaller than what it unpacks to.
    let bytes = match cx.world.read(path, archive::MAX_ARCHIVE) {
        Ok(bytes) => bytes,
        Err(error) => {
            let at = cx.place(path);
            let system = system_text(&error);
            let upstream = format!("open {absolute}: {system}");
            return Err(fail(&CHART_UNREADABLE, at, format!("{shown} cannot be read: {system}"), &upstream));
        }
    };
    if !bytes.starts_with(&[0x1f, 0x8b, 8]) {
        let at = cx.place(path);
        let (message, upstream) = if shown.ends_with(".yml") || shown.ends_with(".yaml") {
            let upstream =
                format!("file '{absolute}' seems to be a YAML file, but expected a gzipped archive");
            (format!("{shown} is a YAML file and no chart"), upstream)
        } else {
            let kind = archive::content_type(&bytes);
            let upstream = format!("file '{absolute}' does not appear to be a gzipped archive; got '{kind}'");
            (format!("{shown} is no packed chart"), upstream)
        };
        return Err(fail(&CHART_UNREADABLE, at, message, &upstream));
    }
    let files = match archive::unpack(&bytes) {
        Ok(files) => files,
        Err(ArchiveError { text, is_header }) => {
            let at = cx.place(path);
            let upstream = if is_header {
                format!("file '{absolute}' does not appear to be a valid chart file (details: {text})")
            } else if cx.profile.is_helm3() {
                text.clone()
            } else {
                "unable to load chart archive".to_owned()
            };
            return Err(fail(
                &CHART_UNREADABLE,
                at,
                format!("{shown} is no packed chart: {text}"),
                &upstream,
            ));
        }
    };
    if cx.profile == Profile::Helm4 {
        match files.iter().find(|f| &*f.name == "Chart.yaml") {
            Some(file) => detect_version(file.data.bytes(), &shown, cx)?,
            None => {
                let at = cx.place(path);
                return Err(fail(
                    &CHART_UNREADABLE,
                    at,
                    format!("{shown} holds no Chart.yaml"),
                    "unable to detect chart version, no Chart.yaml found",
                ));
            }
        }
    }
    Ok(Gathered { files, root: format!("{shown}!") })
}

/// Helm 4 looks at the version of `Chart.yaml` before it reads the rest.
fn detect_version(bytes: &[u8], root: &str, cx: &mut LoadCx<'_>) -> Result<(), Fail> {
    let file = BufferedFile { name: "Chart.yaml".into(), data: Content::of(files::without_bom(bytes)) };
    let file = cx.file(root, file);
    let doc = read_yaml(&file, "cannot load Chart.yaml: ", cx)?;
    let root = doc.as_ref().and_then(|d| d.root());
    let mut version = String::new();
    let mut decoder = Decoder::default();
    if let Some(entries) = root.and_then(|root| decoder.object(root, "loader.chartBase")) {
        decoder.fields(entries, "chartBase", &["apiVersion"], |d, _, node| d.string(node, &mut version));
    }
    decoder.finish().map_err(|m| mismatch(&file, "cannot load Chart.yaml: ", &m))?;
    let (message, upstream) = match &*version {
        "" | "v1" | "v2" => return Ok(()),
        // Charts of that version are an experiment: Helm loads them and then cannot render them.
        "v3" => ("charts of apiVersion v3 cannot be rendered", "invalid chart apiVersion"),
        _ => ("the apiVersion must be v1 or v2", "unsupported chart version"),
    };
    let at = root.and_then(|r| r.get("apiVersion")).and_then(Node::span).unwrap_or((0, 0));
    Err(fail(&CHART_METADATA_INVALID, Span::new(file.source, at.0, at.1), message, upstream))
}

/// Charts within charts; Helm has no limit, a stack does.
const MAX_NESTING: usize = 100;

fn load_files(
    files: Vec<BufferedFile>,
    root: &str,
    depth: usize,
    cx: &mut LoadCx<'_>,
) -> Result<Chart, Fail> {
    let mut metadata = None;
    for file in files.iter().filter(|f| &*f.name == "Chart.yaml") {
        let file = cx.file(root, file.clone());
        let (read, at) = metadata.get_or_insert_with(|| (Metadata::default(), file.source));
        read_metadata(&file, "Chart.yaml", read, cx)?;
        *at = file.source;
        if read.api_version.is_empty() {
            read.api_version = "v1".to_owned();
        }
    }
    let mut chart = Chart {
        metadata: Metadata::default(),
        source: SourceId(0),
        templates: Vec::new(),
        files: Vec::new(),
        values: Vec::new(),
        values_file: None,
        schema: None,
        dependencies: Vec::new(),
    };
    // Sorted by the name of the folder or the archive below charts/.
    let mut subcharts: std::collections::BTreeMap<Box<str>, Vec<BufferedFile>> = Default::default();
    for file in files {
        match &*file.name {
            "Chart.yaml" => {}
            "Chart.lock" => read_lock(&cx.file(root, file), "Chart.lock", cx)?,
            "values.yaml" => {
                let file = cx.file(root, file);
                chart.values_file = Some(file.source);
                chart.values = read_values(file.source, cx)
                    .map_err(|error| error.into_fail(&VALUES_UNREADABLE, "cannot load values.yaml: "))?;
            }
            "values.schema.json" => chart.schema = Some(cx.file(root, file)),
            "requirements.yaml" | "requirements.lock" => {
                let read = cx.file(root, file);
                let name = &*read.name;
                let (metadata, _) = metadata.get_or_insert_with(|| (Metadata::default(), read.source));
                let is_lock = name.ends_with(".lock");
                if is_lock {
                    read_lock(&read, name, cx)?;
                }
                if metadata.api_version != "v1" {
                    warn_old_file(&read, is_lock, cx);
                }
                if !is_lock {
                    read_metadata(&read, name, metadata, cx)?;
                }
                if metadata.api_version == "v1" {
                    chart.files.push(read);
                }
            }
            name if name.starts_with("templates/") => chart.templates.push(cx.file(root, file)),
            name => match name.strip_prefix("charts/") {
                Some(inner) if !name.ends_with(".prov") => {
                    let folder = inner.split('/').next().unwrap_or(inner).into();
                    let file = BufferedFile { name: inner.into(), data: file.data };
                    subcharts.entry(folder).or_default().push(file);
                }
                _ => chart.files.push(cx.other_file(root, file)),
            },
        }
    }
    let Some((mut metadata, source)) = metadata else {
        let at = cx.place(Path::new(root));
        let message = format!("{root} holds no Chart.yaml");
        return Err(fail(&CHART_UNREADABLE, at, message, "Chart.yaml file is missing"));
    };
    if let Err(text) = metadata.validate() {
        let upstream = format!("validation: {text}");
        return Err(fail(&CHART_METADATA_INVALID, Span::top(source), text, &upstream));
    }
    chart.metadata = metadata;
    chart.source = source;
    for (name, files) in subcharts {
        if name.starts_with(['_', '.']) {
            continue;
        }
        let sub = load_subchart(&name, files, root, &chart.metadata.name, depth, cx).map_err(|error| {
            error.map_upstream(|text| {
                let text = text.strip_prefix("Error: ").unwrap_or(&text);
                if text.starts_with("error unpacking subchart tar in ") {
                    return format!("Error: {text}");
                }
                format!("Error: error unpacking subchart {name} in {}: {text}", chart.metadata.name)
            })
        })?;
        chart.dependencies.push(sub);
    }
    Ok(chart)
}

fn load_subchart(
    name: &str,
    files: Vec<BufferedFile>,
    root: &str,
    parent: &str,
    depth: usize,
    cx: &mut LoadCx<'_>,
) -> Result<Chart, Fail> {
    let root = format!("{root}/charts/{name}");
    if depth >= MAX_NESTING {
        let at = cx.place(Path::new(&root));
        let text = format!("more than {MAX_NESTING} charts within each other");
        return Err(fail(&CHART_UNREADABLE, at, text.clone(), &text));
    }
    if !name.ends_with(".tgz") {
        let inside = files.into_iter().filter_map(|file| {
            let inner = file.name.split_once('/')?.1;
            Some(BufferedFile { name: inner.into(), data: file.data.clone() })
        });
        return load_files(inside.collect(), &root, depth + 1, cx);
    }
    let Some(file) = files.into_iter().next() else {
        return load_files(Vec::new(), &root, depth + 1, cx);
    };
    if &*file.name != name {
        let at = cx.place(Path::new(&root));
        let text = format!("error unpacking subchart tar in {parent}: expected {name}, got {}", file.name);
        return Err(fail(&CHART_UNREADABLE, at, "a folder cannot be called .tgz below charts/", &text));
    }
    match archive::unpack(file.data.bytes()) {
        Ok(files) => load_files(files, &format!("{root}!"), depth + 1, cx),
        Err(error) => {
            let at = cx.place(Path::new(&root));
            let message = format!("{root} is no packed chart: {}", error.text);
            Err(fail(&CHART_UNREADABLE, at, message, &error.text))
        }
    }
}

fn read_metadata(
    file: &ChartFile,
    name: &str,
    metadata: &mut Metadata,
    cx: &mut LoadCx<'_>,
) -> Result<(), Fail> {
    let prefix = format!("cannot load {name}: ");
    let doc = read_yaml(file, &prefix, cx)?;
    let Some(root) = doc.as_ref().and_then(|d| d.root()) else { return Ok(()) };
    let go = format!("{}.Metadata", package(cx.profile));
    metadata.read(root, cx.profile, &go).map_err(|m| mismatch(file, &prefix, &m))
}

/// Lock files are only checked: nothing is rendered from them.
fn read_lock(file: &ChartFile, name: &str, cx: &mut LoadCx<'_>) -> Result<(), Fail> {
    let prefix = format!("cannot load {name}: ");
    let doc = read_yaml(file, &prefix, cx)?;
    let Some(root) = doc.as_ref().and_then(|d| d.root()) else { return Ok(()) };
    let profile = cx.profile;
    let mut decoder = Decoder::default();
    if let Some(entries) = decoder.object(root, &format!("{}.Lock", package(profile))) {
        decoder.fields(
            entries,
            "Lock",
            &["generated", "digest", "dependencies"],
            |d, field, node| match field {
                "dependencies" => {
                    dependencies(d, node, profile);
                }
                "digest" => d.string(node, &mut String::new()),
                // A time; Go's reader takes nothing but a string for it.
                _ => {
                    if !matches!(node.value(), yaml::Value::Str(_) | yaml::Value::Null) {
                        d.note(node, "Time.UnmarshalJSON: input is not a JSON string".to_owned());
                    }
                }
            },
        );
    }
    decoder.finish().map_err(|m| mismatch(file, &prefix, &m))
}

fn mismatch(file: &ChartFile, prefix: &str, mismatch: &Mismatch) -> Fail {
    let at = Span::new(file.source, mismatch.span.0, mismatch.span.1);
    let upstream = format!("{prefix}error unmarshaling JSON: while decoding JSON: {}", mismatch.text);
    fail(&CHART_METADATA_INVALID, at, mismatch.text.clone(), &upstream)
}

/// The first document of a file of the chart's own.
fn read_yaml(file: &ChartFile, prefix: &str, cx: &LoadCx<'_>) -> Result<Option<Arc<Doc>>, Fail> {
    read_document(file.source, cx).map_err(|error| error.into_fail(&CHART_METADATA_INVALID, prefix))
}

fn warn_old_file(file: &ChartFile, is_lock: bool, cx: &mut LoadCx<'_>) {
    let (what, advice) = if is_lock {
        ("Dependency locking is handled in Chart.lock", "We recommend migrating to Chart.lock.")
    } else {
        ("Dependencies are handled in Chart.yaml", "We recommend migrating dependencies to Chart.yaml.")
    };
    let text = format!("Warning: {what} since apiVersion \"v2\". {advice}");
    let line = if is_lock { "load.go:126" } else { "load.go:104" };
    log::remark(cx.out, cx.profile, &CHART_FILE_OUTDATED, Span::top(file.source), line, text);
}

/// What the operating system says, in Go's words.
pub(crate) fn system_text(error: &WorldError) -> String {
    match error {
        WorldError::NotFound => "no such file or directory".to_owned(),
        WorldError::Denied => "permission denied".to_owned(),
        WorldError::WrongKind => "is a directory".to_owned(),
        WorldError::TooLarge(limit) => format!("larger than {limit} bytes"),
        WorldError::Other(text) => text.clone(),
    }
}
