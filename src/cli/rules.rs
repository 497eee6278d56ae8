//! `plimsoll rules`: the catalogue of everything that can be found.

use std::fmt::Write;

use clap::ValueEnum;
use serde_json::json;
use source::Code;

use super::{Exit, Failure, catalogue, output};
use crate::lint::rules;

/// List all rules and codes
#[derive(clap::Args, Debug)]
pub(super) struct Arguments {
    /// The form: a table for people, json, or markdown, which is docs/rules.md
    #[arg(long, short = 'o', value_name = "FORMAT", default_value = "human")]
    output: Form,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Form {
    Human,
    Json,
    Markdown,
}

pub(super) fn run(arguments: Arguments) -> Result<Exit, Failure> {
    let text = match arguments.output {
        Form::Human => table(),
        Form::Json => json(),
        Form::Markdown => markdown(),
    };
    output::result(&text)?;
    Ok(Exit::Clean)
}

fn table() -> String {
    let mut text = String::new();
    let width = catalogue::all().map(|code| code.id.len()).max().unwrap_or(0);
    let mut group = None;
    for code in catalogue::all() {
        let rule = rules::find(code.id);
        let title = rule.map_or("Reading and validation", |r| r.group.title());
        if group != Some(title) {
            let _ = writeln!(text, "{}{title}", if group.is_some() { "\n" } else { "" });
            group = Some(title);
        }
        let _ = writeln!(text, "  {:width$}  {:8} {}", code.id, code.severity.word(), code.summary());
    }
    text
}

fn json() -> String {
    let all: Vec<_> = catalogue::all()
        .map(|code| {
            let rule = rules::find(code.id);
            json!({
                "code": code.id,
                "severity": code.severity.word(),
                "summary": code.summary(),
                "docs": code.docs.trim(),
                "group": rule.map(|r| r.group.word()),
                "level": rule.map(|r| r.level.word()),
                "since": rule.map(|r| r.since),
                "references": rule.map(|r| r.refs),
            })
        })
        .collect();
    format!("{}\n", json!({"version": 1, "rules": all}))
}

/// The whole manual as one page: an index by theme, then every code.
fn markdown() -> String {
    let mut text = String::from(
        "# Rules\n\nAll that plimsoll can say. `plimsoll explain CODE` prints the same. Severities: critical rules are errors, high and medium \
         ones warnings, low and informational ones notes. A rule runs by default where its preset is `minimal` or `recommended`.\n\nThis \
         page is written by `cargo xtask docs`.\n",
    );
    let title =
        |code: &Code| rules::find(code.id).map_or("Reading and validation", |rule| rule.group.title());
    let mut open = "";
    for code in catalogue::all() {
        if title(code) != open {
            open = title(code);
            let _ = write!(text, "\n## {open}\n\n| code | severity | preset | |\n|---|---|---|---|\n");
        }
        let preset = rules::find(code.id).map_or("", |rule| rule.preset_word());
        let summary = code.summary().replace('|', "\\|");
        let _ = writeln!(text, "| [{0}](#{0}) | {1} | {preset} | {summary} |", code.id, code.severity.word());
    }
    text.push_str("\n# Manual\n");
    for code in catalogue::all() {
        let _ = write!(text, "\n## {}\n\n", code.id);
        match rules::find(code.id) {
            Some(rule) => {
                let _ = write!(
                    text,
                    "{} · {} · {} · preset {} · since {}",
                    code.severity.word(),
                    rule.level.word(),
                    rule.group.word(),
                    rule.preset_word(),
                    rule.since
                );
                if !rule.refs.is_empty() {
                    let _ = write!(text, "\\\n{}", rule.refs.join(", "));
                }
            }
            None => text.push_str(code.severity.word()),
        }
        let manual = code
            .manual()
            .replace("```yaml bad", "```yaml")
            .replace("```yaml good", "```yaml")
            .replace(" #! ", " # <- ");
        let _ = write!(text, "\n\n{}\n", manual.trim());
        if let Some(rule) = rules::find(code.id).filter(|rule| !rule.code.help.is_empty()) {
            let _ = writeln!(text, "\nHelp: {}.", rule.code.help);
        }
    }
    text
}
