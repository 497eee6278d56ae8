//! The charts of the suite with the first arguments that make each of them render, and a world in which one file can
//! be changed.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use plimsoll::render::chart::{KubeVersion, RenderOptions, ValueFlags};
use plimsoll::world::{Disk, Entry, FileKind, World, WorldError};
use serde_json::Value as Json;

/// One chart with arguments.
pub struct Case {
    /// As the suite calls it.
    pub id: String,
    /// The chart's folder below the suite's.
    pub chart: String,
    /// The arguments.
    pub options: RenderOptions,
}

/// One case for each chart that is a folder.
pub fn cases(dir: &Path) -> Result<Vec<Case>, String> {
    let file = dir.join("cases.jsonl");
    let text = std::fs::read_to_string(&file).map_err(|e| format!("{}: {e}", file.display()))?;
    let mut found: BTreeMap<String, Case> = BTreeMap::new();
    for line in text.lines() {
        let case: Json = serde_json::from_str(line).map_err(|e| e.to_string())?;
        let text = |key: &str| case[key].as_str().unwrap_or_default().to_owned();
        let chart = text("chart");
        if case["exit"] != 0 || case["profile"] != "helm4" || found.contains_key(&chart) {
            continue;
        }
        let args: Vec<&str> =
            case["args"].as_array().into_iter().flatten().filter_map(Json::as_str).collect();
        if let Some(options) = options(dir, &args).filter(|_| dir.join(&chart).is_dir()) {
            found.insert(chart.clone(), Case { id: text("id"), chart, options });
        }
    }
    Ok(found.into_values().collect())
}

/// The flags that say what a rendering is of; `None` where there are others.
fn options(dir: &Path, args: &[&str]) -> Option<RenderOptions> {
    let mut options = RenderOptions { values: ValueFlags::default(), ..RenderOptions::default() };
    let values = &mut options.values;
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        let (flag, inline) = arg.split_once('=').map_or((*arg, None), |(flag, value)| (flag, Some(value)));
        let mut value = || inline.or_else(|| args.next().copied()).map(str::to_owned);
        match flag {
            "-f" | "--values" => values.files.push(dir.join(value()?).display().to_string()),
            "--set" => values.set.push(value()?),
            "--set-string" => values.string.push(value()?),
            "--set-json" => values.json.push(value()?),
            "--api-versions" | "-a" => options.api_versions.push(value()?),
            "--kube-version" => options.kube_version = Some(KubeVersion::parse(&value()?, true).ok()?),
            "--skip-schema-validation" => options.skip_schema_validation = true,
            "--is-upgrade" => options.is_upgrade = true,
            "--include-crds" => {}
            _ => return None,
        }
    }
    Some(options)
}

/// The disk, read once, with one file changed.
#[derive(Default)]
pub struct Changed {
    files: Mutex<HashMap<PathBuf, Result<Arc<[u8]>, WorldError>>>,
    lists: Mutex<HashMap<PathBuf, Result<Vec<Entry>, WorldError>>>,
    changed: Mutex<Option<(PathBuf, Arc<[u8]>)>>,
}

impl Changed {
    /// From here on that file holds this.
    pub fn set(&self, file: &Path, text: String) {
        *self.changed.lock().unwrap_or_else(PoisonError::into_inner) =
            Some((file.to_owned(), text.into_bytes().into()));
    }

    /// From here on everything is as on the disk.
    pub fn clear(&self) {
        *self.changed.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

impl World for Changed {
    fn read(&self, path: &Path, limit: u64) -> Result<Arc<[u8]>, WorldError> {
        if let Some((file, bytes)) = &*self.changed.lock().unwrap_or_else(PoisonError::into_inner)
            && file == path
        {
            return Ok(bytes.clone());
        }
        let mut files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        files.entry(path.to_owned()).or_insert_with(|| Disk.read(path, limit)).clone()
    }

    fn stdin(&self, limit: u64) -> Result<Arc<[u8]>, WorldError> {
        Disk.stdin(limit)
    }

    fn list(&self, dir: &Path) -> Result<Vec<Entry>, WorldError> {
        let mut lists = self.lists.lock().unwrap_or_else(PoisonError::into_inner);
        lists.entry(dir.to_owned()).or_insert_with(|| Disk.list(dir)).clone()
    }

    fn stat(&self, path: &Path) -> Result<FileKind, WorldError> {
        Disk.stat(path)
    }

    fn canonical(&self, path: &Path) -> Result<PathBuf, WorldError> {
        Disk.canonical(path)
    }

    fn env(&self, _: &str) -> Option<String> {
        None
    }

    fn now(&self) -> (i64, u32) {
        (0, 0)
    }

    fn random(&self, buffer: &mut [u8]) {
        buffer.fill(0);
    }
}
