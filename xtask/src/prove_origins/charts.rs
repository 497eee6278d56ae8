//! The charts of the suite with the first arguments that make each of them render.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use plimsoll::render::chart::{
    KubeVersion, LoadCx, Profile, RenderOptions, Rendering, Seeded, ValueFlags, node_origins, template,
};
use serde_json::Value as Json;
use source::{Diagnostics, OriginId, Origins, Sources};

use super::leaves::{self, Leaf, Words};
use super::tree::Tree;
use super::world::Changed;
use super::{Run, Subject};

/// One chart with arguments.
struct Case {
    id: String,
    chart: String,
    folder: PathBuf,
    options: RenderOptions,
}

impl Subject for Case {
    fn id(&self) -> &str {
        &self.id
    }

    fn render(&self, world: &Changed, traced: bool) -> Option<Run> {
        self.seeded(world, traced, "")
    }

    fn redrawn(&self, world: &Changed) -> Option<Run> {
        self.seeded(world, false, "other")
    }

    fn leaves(&self, base: &Run, count: usize) -> Vec<Leaf> {
        leaves::of_chart(&base.sources, &self.folder, &self.options.values.files, count)
    }

    fn words(&self, base: &Run) -> Words {
        Words::of_templates(&base.sources)
    }
}

impl Case {
    fn seeded(&self, world: &Changed, trace: bool, salt: &str) -> Option<Run> {
        let (mut sources, mut origins, mut out) = (Sources::new(), Origins::new(), Diagnostics::new());
        let options = RenderOptions { trace, ..self.options.clone() };
        let seeded = Seeded::new(world, &[&self.chart, &options.release, salt]);
        let mut cx =
            LoadCx { world: &seeded, sources: &mut sources, profile: Profile::default(), out: &mut out };
        let rendering = template(&self.folder, &options, &mut origins, &mut cx).ok()?;
        let tree = tree(&rendering, &sources, &mut origins, trace);
        let gaps = rendering.files.iter().map(|file| (file.path.to_string(), file.gaps.clone())).collect();
        Some(Run { tree, origins, sources, gaps, absent: rendering.absent.clone() })
    }
}

fn tree(rendering: &Rendering, sources: &Sources, origins: &mut Origins, traced: bool) -> Tree {
    let mut tree = Tree::default();
    for manifest in rendering.manifests.iter().chain(&rendering.hooks) {
        let Some(root) = manifest.doc.as_ref().and_then(|doc| doc.root()) else { continue };
        let of_nodes = if traced { node_origins(manifest, sources, origins).nodes } else { Vec::new() };
        let origin = |id: yaml::NodeId| of_nodes.get(id.0 as usize).copied().unwrap_or(OriginId::UNKNOWN);
        tree.add_document(&manifest.path, root, &|node| origin(node.id()));
    }
    tree
}

/// One case for each chart that is a folder.
pub fn cases(dir: &Path) -> Result<Vec<Box<dyn Subject>>, String> {
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
            let folder = dir.join(&chart);
            found.insert(chart.clone(), Case { id: text("id"), chart, folder, options });
        }
    }
    Ok(found.into_values().map(|case| Box::new(case) as Box<dyn Subject>).collect())
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
