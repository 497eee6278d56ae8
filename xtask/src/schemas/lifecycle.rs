//! When kinds came, were deprecated and went: gathered over releases, because a release forgets what it removed.

use std::collections::BTreeMap;
use std::path::Path;

use super::go_source::{Lifecycle, lifecycles};

/// Oldest first: what a later one says wins.
const MODULES: [(&str, &str); 7] = [
    ("k8s.io/api", "v0.21.14"),
    ("k8s.io/api", "v0.25.16"),
    ("k8s.io/api", "v0.29.15"),
    ("k8s.io/api", "v0.33.5"),
    ("k8s.io/api", "v0.37.1"),
    ("k8s.io/apiextensions-apiserver", "v0.37.1"),
    ("k8s.io/kube-aggregator", "v0.37.1"),
];

/// The text of `schemas/lifecycle.txt`: a line for every kind and version that has been deprecated.
pub fn text() -> Result<String, String> {
    let mut all: BTreeMap<(String, String, String), Lifecycle> = BTreeMap::new();
    let mut from = Vec::new();
    for (path, version) in MODULES {
        let folder = super::module(path, version)?;
        from.push(format!("{path} {version}"));
        for (group, version, source) in packages(&folder)? {
            for (kind, lifecycle) in lifecycles(&source) {
                if !kind.ends_with("List") {
                    all.insert((group.clone(), version.clone(), kind), lifecycle);
                }
            }
        }
    }
    let mut text = format!(
        "# Kinds that were deprecated: group, version, kind, and the minor versions of Kubernetes 1 in which that happened.\n# Written by `cargo xtask schemas` from {} (Apache-2.0).\n",
        from.join(", ")
    );
    for ((group, version, kind), l) in all {
        if l.deprecated.is_none() && l.removed.is_none() {
            continue;
        }
        let group = if group.is_empty() { "-" } else { &group };
        text.push_str(&format!("{group} {version} {kind}"));
        for (word, minor) in
            [("introduced", l.introduced), ("deprecated", l.deprecated), ("removed", l.removed)]
        {
            if let Some(minor) = minor {
                text.push_str(&format!(" {word}={minor}"));
            }
        }
        if let Some((group, version, kind)) = &l.replacement {
            let group = if group.is_empty() { "-" } else { group };
            text.push_str(&format!(" use={group}/{version}/{kind}"));
        }
        text.push('\n');
    }
    Ok(text)
}

/// Group, version and source of every package that has lifecycles; the group stands in its `register.go`.
fn packages(folder: &Path) -> Result<Vec<(String, String, String)>, String> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(dir) = folders.pop() {
        let entries = std::fs::read_dir(&dir).map_err(|e| format!("{}: {e}", dir.display()))?;
        folders.extend(entries.flatten().filter(|e| e.path().is_dir()).map(|e| e.path()));
        let (file, register) = (dir.join("zz_generated.prerelease-lifecycle.go"), dir.join("register.go"));
        let Some(version) = dir.file_name().and_then(|n| n.to_str()).filter(|_| file.exists()) else {
            continue;
        };
        let register = super::read(&register)?;
        let group = register
            .lines()
            .find_map(|l| l.trim().trim_start_matches("const ").strip_prefix("GroupName"))
            .and_then(|l| l.split('"').nth(1))
            .unwrap_or("");
        found.push((group.to_owned(), version.to_owned(), super::read(&file)?));
    }
    found.sort();
    Ok(found)
}
