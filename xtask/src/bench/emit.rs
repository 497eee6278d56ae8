//! Writing YAML and JSON: MB/s of each emitter over documents that were read, and over trees.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use source::{Diagnostics, OriginId, SourceId};
use yaml::{Doc, Options, Profile, Tree};

use super::yaml::on_cpu;
use super::{Report, manifests};

const BYTES: usize = 20_000_000;
const RUNS: usize = 7;

pub fn run(_: &Path) -> Result<Report, String> {
    let text: Arc<str> = manifests::mixed(BYTES).into();
    let options = Options::new(Profile::Kubernetes);
    let docs = yaml::read(SourceId(0), &text, &options, &mut Diagnostics::new());
    let trees: Vec<Tree> = docs.iter().filter_map(|doc| Tree::of_doc(doc, OriginId::UNKNOWN)).collect();
    let mut body = String::from("| emitter | MB/s |\n|---|---|\n");
    let mut row = |name: &str, write: &dyn Fn(&mut Vec<u8>) -> Result<(), String>| -> Result<(), String> {
        let mut rates = Vec::new();
        let mut out = Vec::new();
        for _ in 0..RUNS {
            out.clear();
            let start = on_cpu();
            write(&mut out)?;
            rates.push(out.len() as f64 / 1e6 / (on_cpu() - start));
        }
        rates.sort_by(f64::total_cmp);
        let _ = writeln!(body, "| {name} | {:.0} |", rates[RUNS / 2]);
        Ok(())
    };
    row("sigs.k8s.io/yaml's form, from documents", &|out| {
        each(&docs, |doc| {
            doc.root().map_or(Ok(()), |root| yaml::emit::sigs(&root, out)).map_err(|e| e.to_string())
        })
    })?;
    row("go-yaml v3's form, from documents", &|out| {
        each(&docs, |doc| {
            doc.root().map_or(Ok(()), |root| yaml::emit::pretty(&root, out)).map_err(|e| e.to_string())
        })
    })?;
    row("JSON, from documents", &|out| {
        each(&docs, |doc| {
            let style = yaml::emit::JsonStyle::default();
            doc.root().map_or(Ok(()), |root| yaml::emit::json(&root, style, out)).map_err(|e| e.to_string())
        })
    })?;
    row("kyaml's form with styles and comments, from trees", &|out| {
        for tree in &trees {
            out.extend_from_slice(yaml::emit::tree(tree).map_err(|e| e.to_string())?.as_bytes());
        }
        Ok(())
    })?;
    Ok(Report {
        title: format!("Writing {} MB of mixed Kubernetes documents, one core", BYTES / 1_000_000),
        body,
    })
}

fn each(docs: &[Arc<Doc>], mut write: impl FnMut(&Doc) -> Result<(), String>) -> Result<(), String> {
    docs.iter().try_for_each(|doc| write(doc))
}
