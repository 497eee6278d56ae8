//! What holds in the end, and where each setting was made: `plimsoll config`.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::{Configuration, Key, ROOT, Shape};

/// The settings that are not the defaults, as a configuration that says the same, each with its place.
pub fn effective(configuration: &Configuration) -> String {
    let mut text = String::new();
    match configuration.files.as_slice() {
        [] => text.push_str("# no plimsoll.yaml here or above: the defaults hold\n"),
        files => {
            for file in files {
                let _ = writeln!(text, "# from {}", file.display());
            }
        }
    }
    let Shape::Map(keys) = &ROOT else { return text };
    for key in *keys {
        section(&mut text, key, configuration);
    }
    text
}

fn section(text: &mut String, key: &Key, configuration: &Configuration) {
    // What is said last wins, but the lists that every file adds to.
    let adds = matches!(key.name, "overrides" | "allow" | "external");
    let mut last: BTreeMap<&[String], (&str, &str)> = BTreeMap::new();
    for entry in
        configuration.entries.iter().filter(|entry| entry.path.first().is_some_and(|p| p == key.name))
    {
        if adds {
            let _ = writeln!(text, "{}: {}    # {}", key.name, entry.value, entry.place);
            continue;
        }
        last.insert(&entry.path[1..], (&entry.value, &entry.place));
    }
    let mut open: Vec<&str> = Vec::new();
    for (path, (value, place)) in last {
        let Some((name, above)) = path.split_last() else {
            let _ = writeln!(text, "{}: {value}    # {place}", key.name);
            continue;
        };
        if open.is_empty() {
            let _ = writeln!(text, "{}:", key.name);
            open.push(key.name);
        }
        for (depth, part) in above.iter().enumerate() {
            if open.get(depth + 1) != Some(&part.as_str()) {
                open.truncate(depth + 1);
                let _ = writeln!(text, "{}{part}:", "  ".repeat(depth + 1));
                open.push(part);
            }
        }
        open.truncate(above.len() + 1);
        let _ = writeln!(text, "{}{name}: {value}    # {place}", "  ".repeat(above.len() + 1));
    }
    if !configuration.entries.iter().any(|entry| entry.path.first().is_some_and(|p| p == key.name))
        && let Some(default) = default(key.name)
    {
        let _ = writeln!(text, "{}: {default}    # default", key.name);
    }
}

fn default(key: &str) -> Option<&'static str> {
    Some(match key {
        "preset" => "recommended",
        "fail-on" => "error",
        "closed-world" => "false",
        _ => return None,
    })
}
