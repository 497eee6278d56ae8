//! `plimsoll rules`: the catalogue of everything that can be found.

use std::fmt::Write;

use clap::ValueEnum;
use serde_json::json;

use super::{Exit, Failure, catalogue, output};
use crate::lint::rules;

/// List all rules and codes
#[derive(clap::Args, Debug)]
pub(super) struct Arguments {
    /// The form: a table for people, or json
    #[arg(long, short = 'o', value_name = "FORMAT", default_value = "human")]
    output: Form,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Form {
    Human,
    Json,
}

pub(super) fn run(arguments: Arguments) -> Result<Exit, Failure> {
    let text = match arguments.output {
        Form::Human => table(),
        Form::Json => json(),
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
