//! `cargo xtask schemas`: writes `schemas/` from the Go modules that Kubernetes and Kustomize publish.
//!
//! Everything comes from the public Go module proxy, by name and version, through the `go` command. What is kept is facts:
//! names, types, lists and their keys, defaults, enums, lifecycles. No sentence of upstream's documentation is.

mod definitions;
mod go_source;
mod kustomize;
mod lifecycle;
mod text;

use std::path::{Path, PathBuf};
use std::process::Command;

use definitions::Tables;

/// The pinned patch release of each version that is known. A new one is a line here and in `build.rs`.
const KUBERNETES: [&str; 3] = ["1.35.4", "1.36.4", "1.37.1"];
/// The module whose embedded document the pinned Kustomize merges by, and that document's version.
const KYAML: (&str, &str) = ("v0.21.1", "1.21.2");

/// Writes every file of `schemas/`.
pub fn run() -> Result<(), String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../schemas");
    for version in KUBERNETES {
        let module = module("k8s.io/kubernetes", &format!("v{version}"))?;
        let tables = Tables::of_kubernetes(&module)?;
        let minor = version.rsplit_once('.').map_or(version, |(minor, _)| minor);
        let from = format!("k8s.io/kubernetes v{version} (Apache-2.0)");
        write(&folder.join(format!("{minor}.txt")), &text::tables(&tables, minor, &from))?;
    }
    let module = module("sigs.k8s.io/kustomize/kyaml", KYAML.0)?;
    let tables = kustomize::tables(&module, KYAML.1)?;
    let from = format!("sigs.k8s.io/kustomize/kyaml {} (Apache-2.0)", KYAML.0);
    write(&folder.join("kustomize.txt"), &text::tables(&tables, KYAML.1, &from))?;
    write(&folder.join("lifecycle.txt"), &lifecycle::text()?)
}

/// The folder that holds the sources of a Go module, downloaded unless it is there.
fn module(path: &str, version: &str) -> Result<PathBuf, String> {
    let answer = Command::new("go")
        .args(["mod", "download", "-json", &format!("{path}@{version}")])
        .current_dir(std::env::temp_dir())
        .output()
        .map_err(|e| format!("go mod download: {e}"))?;
    let json: serde_json::Value = serde_json::from_slice(&answer.stdout).map_err(|e| e.to_string())?;
    match json["Dir"].as_str() {
        Some(dir) => Ok(dir.into()),
        None => Err(format!("{path}@{version}: {}", json["Error"].as_str().unwrap_or("no folder"))),
    }
}

fn read(path: &Path) -> Result<String, String> {
    std::fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()))
}

fn read_json(path: &Path) -> Result<serde_json::Value, String> {
    serde_json::from_str(&read(path)?).map_err(|e| format!("{}: {e}", path.display()))
}

fn write(path: &Path, text: &str) -> Result<(), String> {
    std::fs::write(path, text).map_err(|e| format!("{}: {e}", path.display()))
}
