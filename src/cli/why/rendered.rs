//! A line of what was rendered before: which field of which object stands there.

use std::path::Path;
use std::sync::Arc;

use source::{Diagnostics, SourceId};
use yaml::{Kind, Node, Options, Profile};

use super::{Failure, Question, value_of_key};
use crate::kube::Resource;
use crate::kube::path::path_of;
use crate::world::{Disk, World};

/// The largest file that is looked at.
const MOST: u64 = 256 << 20;

/// The field at a line of a file of manifests.
///
/// The object is found by its name and the field by its path, so that neither order nor blank lines matter.
pub(super) fn field_at(file: &str, line: u32, column: Option<u32>) -> Result<Question, Failure> {
    let bytes = Disk.read(Path::new(file), MOST).map_err(|e| Failure::unjudged(format!("{file}: {e}")))?;
    let text: Arc<str> = String::from_utf8_lossy(&bytes).into();
    let lines = source::LineIndex::new(&text);
    let missing = || Failure::usage(format!("`{file}` has no line {line}"));
    let start = lines.line_start(&text, line).ok_or_else(missing)?;
    let shown = lines.line_text(&text, line);
    let inner = match column {
        Some(column) => shown.char_indices().nth(column as usize - 1).map_or(shown.len(), |(at, _)| at),
        None => shown.len() - shown.trim_start_matches([' ', '-']).len(),
    };
    let offset = start + inner as u32;
    let mut found = Diagnostics::new();
    for doc in yaml::read(SourceId(0), &text, &Options::new(Profile::Kubernetes), &mut found) {
        let (first, last) = doc.span();
        if offset < first || offset >= last {
            continue;
        }
        let Some(root) = doc.root() else { continue };
        let Some(node) = doc.node_at(offset).and_then(|id| doc.node(id)) else { continue };
        let value: Node<'_> = value_of_key(root, node);
        // Which part of the value is meant only a column tells that is on it.
        let is_within = column.is_some() && value.id() == node.id() && value.kind() == Kind::Scalar;
        let at = value.span().filter(|_| is_within).and_then(|(start, _)| offset.checked_sub(start));
        let id = Resource::identify(root);
        let (path, name) = (path_of(root, value), &id.name);
        let rest = if path.is_empty() { name.to_string() } else { format!("{name}.{path}") };
        return Ok(Question::Field { kind: id.gvk.kind.to_string(), rest: rest.replace(".[", "["), at });
    }
    Err(Failure::usage(format!("no field of an object stands at {file}:{line}")))
}
