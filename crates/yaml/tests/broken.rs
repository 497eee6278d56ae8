//! Every file of `testdata/broken` holds one mistake and is named after it; beside it stands what is said.
//!
//! `UPDATE=1 cargo test -p yaml --test broken` writes what is said now.

use std::fmt::Write;
use std::path::Path;
use std::sync::Arc;

use source::{Diagnostics, Label, LineIndex, Place, SourceId};
use yaml::{Node, Options, Profile, Value};

#[test]
fn each_mistake_is_told_once_and_the_rest_is_read() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/broken");
    let mut files: Vec<_> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| e == "yaml"))
        .collect();
    files.sort();
    assert!(files.len() > 30);
    let mut wrong = Vec::new();
    for file in files {
        let said = render(&std::fs::read_to_string(&file).unwrap());
        let beside = file.with_extension("txt");
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(&beside, &said).unwrap();
        }
        if std::fs::read_to_string(&beside).unwrap_or_default() != said {
            wrong.push(format!("{}:\n{said}", file.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What is said of a text, and what was read of it.
fn render(text: &str) -> String {
    let text: Arc<str> = text.into();
    let mut out = Diagnostics::new();
    let docs = yaml::read(SourceId(0), &text, &Options::new(Profile::Kubernetes), &mut out);
    let lines = LineIndex::new(&text);
    let place = |label: &Label| {
        let Place::Span(span) = label.at else { return String::new() };
        let at = lines.line_column(&text, span.start);
        let shown = &text[span.start as usize..span.end as usize];
        let shown = if shown.is_empty() { String::new() } else { format!(" {shown:?}") };
        let remark = if label.text.is_empty() { String::new() } else { format!(" ({})", label.text) };
        format!("{}:{}{shown}{remark}", at.line, at.column)
    };
    let mut said = String::new();
    for d in out.iter() {
        let _ =
            writeln!(said, "{} {}: {}\n  at {}", d.severity.word(), d.code.id, d.message, place(&d.primary));
        for label in &d.related {
            let _ = writeln!(said, "  see {}", place(label));
        }
        if let Some(help) = &d.help {
            let _ = writeln!(said, "  help: {help}");
        }
        if let Some(upstream) = &d.upstream {
            let _ = writeln!(said, "  upstream: {upstream}");
        }
    }
    for doc in &docs {
        let _ = writeln!(said, "read: {}", doc.root().map_or("nothing".to_owned(), show));
    }
    said
}

fn show(node: Node<'_>) -> String {
    match node.value() {
        Value::Null => "null".to_owned(),
        Value::Seq => format!("[{}]", node.items().map(show).collect::<Vec<_>>().join(", ")),
        Value::Map => {
            let entries = node.entries().map(|(k, v)| format!("{}: {}", show(k), show(v)));
            format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
        }
        _ => node.text().to_owned(),
    }
}
