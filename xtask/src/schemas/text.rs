//! The text form of a table: one line a kind, one block a type, one line a field, so that a person can review a diff.

use std::fmt::Write;

use super::definitions::{Field, Tables};

/// The whole file.
pub fn tables(tables: &Tables, version: &str, from: &str) -> String {
    let mut out = format!(
        "# What Kubernetes {version} knows: kinds that can be created, and the fields of all types.\n# Written by `cargo xtask schemas` from {from}; `build.rs` compiles it. The form is told in src/schema/README.md.\n"
    );
    for k in &tables.kinds {
        let group = if k.group.is_empty() { "-" } else { &k.group };
        let scope = if k.namespaced { "namespaced" } else { "cluster" };
        let _ =
            write!(out, "kind {group} {} {} {} {scope} plural={}", k.version, k.kind, k.type_name, k.plural);
        for (word, list) in [
            ("singular", vec![k.singular.clone()]),
            ("short", k.short_names.clone()),
            ("categories", k.categories.clone()),
        ] {
            let list = list.join(",");
            if !list.is_empty() {
                let _ = write!(out, " {word}={list}");
            }
        }
        out.push('\n');
    }
    for (name, ty) in &tables.types {
        let atomic = if ty.atomic { " atomic" } else { "" };
        let scalar = ty.scalar.map_or_else(String::new, |s| format!(" = {s}"));
        let _ = writeln!(out, "type {name}{scalar}{atomic}");
        for (name, field) in &ty.fields {
            line(&mut out, name, field);
        }
    }
    out
}

fn line(out: &mut String, name: &str, field: &Field) {
    let required = if field.required { "!" } else { "" };
    let _ = write!(out, "  {name}{required} {}", field.ty);
    for (word, set) in [("atomic", field.atomic), ("deprecated", field.deprecated)] {
        if set {
            let _ = write!(out, " {word}");
        }
    }
    for (word, value) in [("list", &field.list), ("patch", &field.patch), ("key", &field.merge_key)] {
        if let Some(value) = value {
            let _ = write!(out, " {word}={value}");
        }
    }
    if !field.keys.is_empty() {
        let _ = write!(out, " keys={}", field.keys.join(","));
    }
    if let Some(values) = &field.enums {
        let _ = write!(out, " enum={}", values.join("|").replace(' ', "\\s"));
    }
    if let Some(default) = &field.default {
        let _ = write!(out, " default={default}");
    }
    out.push('\n');
}
