//! Holds the tree to what ARCHITECTURE.md says of it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::root;

/// What each module of `src/` may import with `crate::`. Earlier rows never import later ones, and a stage never
/// its neighbour.
const MAY_IMPORT: &[(&str, &[&str])] = &[
    ("world", &[]),
    ("kube", &["world"]),
    ("schema", &["world", "kube"]),
    ("load", &["world", "kube", "schema"]),
    // What `load` found is what `render` takes.
    ("render", &["world", "kube", "schema", "load"]),
    ("validate", &["world", "kube", "schema"]),
    ("lint", &["world", "kube", "schema"]),
    ("emit", &["world", "kube", "schema"]),
    ("config", &["world", "kube", "lint"]),
    ("report", &[]),
    ("pipeline", &["world", "kube", "schema", "load", "render", "validate", "lint", "emit", "report"]),
    (
        "cli",
        &[
            "world", "kube", "schema", "load", "render", "validate", "lint", "emit", "config", "report",
            "pipeline",
        ],
    ),
];

/// The same for the crates below.
const CRATES: &[(&str, &[&str])] =
    &[("heap", &[]), ("source", &[]), ("yaml", &["source"]), ("gotmpl", &["source", "yaml"])];

#[test]
fn modules_import_in_one_direction() {
    let mut wrong = Vec::new();
    for file in rust_files(&root().join("src")) {
        let inner = file.strip_prefix(root().join("src")).unwrap().to_owned();
        let module = inner.components().next().unwrap().as_os_str().to_str().unwrap().trim_end_matches(".rs");
        if matches!(module, "lib" | "main") {
            continue;
        }
        let Some((_, allowed)) = MAY_IMPORT.iter().find(|(m, _)| *m == module) else {
            wrong.push(format!("{}: `{module}` has no row in MAY_IMPORT", inner.display()));
            continue;
        };
        let text = std::fs::read_to_string(&file).unwrap();
        for used in names_after(without_tests(&text), "crate::") {
            if used != module && !allowed.contains(&used.as_str()) && !used.starts_with('$') {
                wrong.push(format!("{} imports crate::{used}", inner.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn crates_import_in_one_direction() {
    let mut wrong = Vec::new();
    for entry in std::fs::read_dir(root().join("crates")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let Some((_, allowed)) = CRATES.iter().find(|(c, _)| *c == name) else {
            wrong.push(format!("crates/{name} has no row in CRATES"));
            continue;
        };
        let manifest = std::fs::read_to_string(root().join("crates").join(&name).join("Cargo.toml")).unwrap();
        let dependencies =
            manifest.split("[dependencies]").nth(1).unwrap_or("").split("\n[").next().unwrap_or("");
        for (other, _) in CRATES.iter().filter(|(c, _)| *c != name && !allowed.contains(c)) {
            if dependencies
                .lines()
                .any(|l| l.starts_with(&format!("{other}.")) || l.starts_with(&format!("{other} ")))
            {
                wrong.push(format!("crates/{name} depends on crates/{other}"));
            }
        }
        for file in rust_files(&root().join("crates").join(&name).join("src")) {
            let text = std::fs::read_to_string(&file).unwrap();
            for taboo in [
                "std::fs",
                "std::net::Tcp",
                "std::net::Udp",
                "ToSocketAddrs",
                "std::process",
                "std::thread",
                "std::env",
                "SystemTime",
            ] {
                if without_tests(&text).contains(taboo) {
                    wrong.push(format!("{} uses {taboo}", file.display()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Every module and crate has a line in ARCHITECTURE.md, and every path that the page names exists.
#[test]
fn the_page_and_the_tree_agree() {
    let page = std::fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    let named: BTreeSet<&str> =
        page.split('`').skip(1).step_by(2).filter(|n| n.contains('/') && !n.contains(' ')).collect();
    let mut wrong = Vec::new();
    for path in &named {
        if path.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '.') && !root().join(path).exists() {
            wrong.push(format!("ARCHITECTURE.md names `{path}`, which is not there"));
        }
    }
    for (folder, prefix) in [("crates", "crates/"), ("src", "src/")] {
        for entry in std::fs::read_dir(root().join(folder)).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            let stem = format!("{prefix}{}", name.trim_end_matches(".rs"));
            if !named.contains(format!("{stem}.rs").as_str()) && !named.contains(format!("{stem}/").as_str())
            {
                wrong.push(format!("{stem} has no line in ARCHITECTURE.md"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_file_says_its_purpose_first() {
    let roots = ["src", "crates", "xtask/src", "tests"].map(|d| root().join(d));
    let silent: Vec<_> = roots
        .iter()
        .flat_map(|dir| rust_files(dir))
        .filter(|file| !file.ends_with("tests.rs"))
        .filter(|file| {
            // A rule's or a function's file is its manual: the declaration carries what a `//!` would repeat.
            let text = std::fs::read_to_string(file).unwrap();
            !text.starts_with("//!") && !text.contains("rule! {") && !text.contains("func! {")
        })
        .map(|file| file.display().to_string())
        .collect();
    assert!(silent.is_empty(), "no `//!` on the first line of:\n{}", silent.join("\n"));
}

/// The test modules at the end of files may look anywhere.
fn without_tests(text: &str) -> &str {
    text.split("#[cfg(test)]").next().unwrap_or(text)
}

/// The path segments that follow a prefix such as `crate::`, those of `use crate::{a, b::c}` included.
fn names_after(text: &str, prefix: &str) -> BTreeSet<String> {
    let code: String =
        text.lines().filter(|l| !l.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
    let mut names = BTreeSet::new();
    for (at, _) in code.match_indices(prefix) {
        let before = code[..at].chars().next_back();
        if before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '$') {
            continue;
        }
        let rest = &code[at + prefix.len()..];
        let ident = |s: &str| s.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
        match rest.strip_prefix('{') {
            None => _ = names.insert(ident(rest)),
            Some(list) => {
                let mut depth = 0;
                for part in list.split_inclusive([',', '{', '}']) {
                    if depth == 0 {
                        names.insert(ident(part.trim()));
                    }
                    match part.chars().next_back() {
                        Some('{') => depth += 1,
                        Some('}') if depth == 0 => break,
                        Some('}') => depth -= 1,
                        _ => {}
                    }
                }
            }
        }
    }
    names.retain(|n| !n.is_empty());
    names
}

#[test]
fn imports_are_read_in_all_their_forms() {
    let text =
        "use crate::a::b;\nuse crate::{c, d::{e, f}, g};\nlet x = crate::h::i(); // crate::j\n// crate::k\n";
    let names: Vec<_> = names_after(text, "crate::").into_iter().collect();
    assert_eq!(names, ["a", "c", "d", "g", "h", "j"]);
}

fn rust_files(dir: &Path) -> Vec<PathBuf> {
    let all = walkdir::WalkDir::new(dir)
        .sort_by_file_name()
        .into_iter()
        .filter_entry(|e| e.file_name() != "target");
    all.map(|entry| entry.unwrap().into_path())
        .filter(|path| path.extension().is_some_and(|e| e == "rs"))
        .collect()
}
