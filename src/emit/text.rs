//! The bytes.

use source::Sources;
use yaml::Style;
use yaml::emit::{JsonStyle, json as write_json, sigs};

use crate::kube::Resource;

/// Every object's own text, each document begun by `---`.
pub(super) fn kept(resources: &[&Resource], sources: &Sources) -> Result<String, String> {
    let mut out = String::new();
    let mut at = 0;
    while let Some(first) = resources.get(at) {
        let doc = first.doc();
        // A document of one object, or all objects of a list in their order, is the text that it was.
        let run = resources[at..].iter().take_while(|r| std::sync::Arc::ptr_eq(r.doc(), doc)).count();
        let (start, end) = doc.span();
        let text =
            sources.get(doc.source()).and_then(|s| s.text().get(start as usize..end as usize)).unwrap_or("");
        if first.node_id().0 == 0 {
            document(&mut out, text);
            at += 1;
            continue;
        }
        for item in &resources[at..at + run] {
            out.push_str("---\n");
            match item_text(item) {
                Some(text) => out.push_str(&text),
                None => out.push_str(&canonical_one(item)?),
            }
        }
        at += run;
    }
    Ok(out)
}

/// A document's text between its marks.
fn document(out: &mut String, text: &str) {
    let text = text.trim_start_matches('\u{FEFF}');
    let starts = text.starts_with("---") && text[3..].starts_with(['\n', '\r', ' ', '\t']);
    if !starts {
        out.push_str("---\n");
    }
    let text = text.trim_end_matches(['\n', '\r', ' ', '\t']);
    // The mark of an end is part of the stream that it came from.
    let text = text.strip_suffix("\n...").unwrap_or(text).trim_end_matches(['\n', '\r']);
    out.push_str(text);
    out.push('\n');
}

/// The text of a list's item, moved to the left margin; `None` where it is not written by itself (in a flow
/// collection, by an alias or with one that leads out of it), so that moving lines would change what they say.
fn item_text(resource: &Resource) -> Option<String> {
    let root = resource.root();
    let doc = resource.doc();
    let has_alias = || {
        let (first, next) = (resource.node_id().0, resource.end_id().0);
        (first..next)
            .filter_map(|id| doc.node(yaml::NodeId(id)))
            .any(|n| n.is_alias() || n.anchor().is_some())
    };
    if root.style() != Style::Block || root.is_alias() || has_alias() {
        return None;
    }
    let (start, end) = root.span()?;
    let text = doc.text();
    let line_start = text[..start as usize].rfind('\n').map_or(0, |n| n + 1);
    let column = start as usize - line_start;
    // The rest of the last line may be a comment.
    let end = text[end as usize..].find('\n').map_or(text.len(), |n| end as usize + n);
    let body = text.get(start as usize..end)?.trim_end();
    // A comment further to the left belongs to what follows.
    let is_next =
        |line: &str| line.trim_start().starts_with('#') && line.len() - line.trim_start().len() < column;
    let mut body = body;
    while let Some((before, _)) = body.rsplit_once('\n').filter(|(_, last)| is_next(last)) {
        body = before.trim_end();
    }
    let mut out = String::with_capacity(body.len());
    for (number, line) in body.lines().enumerate() {
        let blanks = line.len() - line.trim_start_matches(' ').len();
        match number {
            0 => out.push_str(line),
            _ if blanks >= column => out.push_str(&line[column..]),
            _ if line.trim().is_empty() => {}
            // A comment may stand anywhere.
            _ if line.trim_start().starts_with('#') => out.push_str(line.trim_start()),
            _ => return None,
        }
        out.push('\n');
    }
    Some(out)
}

/// Every object as kubectl would write it.
pub(super) fn canonical(resources: &[&Resource]) -> Result<String, String> {
    let mut out = String::new();
    for resource in resources {
        out.push_str("---\n");
        out.push_str(&canonical_one(resource)?);
    }
    Ok(out)
}

fn canonical_one(resource: &Resource) -> Result<String, String> {
    let mut bytes = Vec::new();
    sigs(&resource.root(), &mut bytes).map_err(|e| format!("{} cannot be written: {e}", resource.id))?;
    String::from_utf8(bytes).map_err(|e| format!("{} cannot be written: {e}", resource.id))
}

/// One object, or a `v1 List` of several.
pub(super) fn json(resources: &[&Resource]) -> Result<String, String> {
    let mut bytes = Vec::new();
    let write = |resource: &Resource, bytes: &mut Vec<u8>| {
        write_json(&resource.root(), JsonStyle::default(), bytes)
            .map_err(|e| format!("{} cannot be written: {e}", resource.id))
    };
    if let [only] = resources {
        write(only, &mut bytes)?;
    } else {
        bytes.extend_from_slice(br#"{"apiVersion":"v1","kind":"List","items":["#);
        for (at, resource) in resources.iter().enumerate() {
            if at > 0 {
                bytes.push(b',');
            }
            write(resource, &mut bytes)?;
        }
        bytes.extend_from_slice(b"]}");
    }
    bytes.push(b'\n');
    String::from_utf8(bytes).map_err(|e| e.to_string())
}
