//! What is wrong with a rendering that Helm says nothing of.

use gotmpl::{Nothing, State};
use source::{Diagnostic, Diagnostics, Place, Severity, Span};
use yaml::Node;

use super::codes::{MANIFEST_INDENTED, RESOURCE_POLICY_IGNORED, VALUE_MISSING};
use super::manifests::{Manifest, Rendered, origin_at};

/// Actions that printed nothing.
pub(crate) fn nothings(found: Vec<Nothing>, out: &mut Diagnostics) {
    for Nothing { at, facts } in found {
        let culprit = facts.first().filter(|fact| !matches!(fact.state, State::Is(_)));
        let Some(fact) = culprit else {
            out.push(Diagnostic::new(&VALUE_MISSING, at, "this prints nothing: its value is null"));
            continue;
        };
        let said = if fact.state == State::Missing { "is not set" } else { "is null" };
        let message = format!("this prints nothing: `{}` {said}", fact.path);
        let mut diagnostic = Diagnostic::new(&VALUE_MISSING, at, message);
        // Who writes null has thought of it.
        if fact.state == State::Null {
            diagnostic.severity = Severity::Note;
        }
        diagnostic.help = Some(match &fact.near {
            Some(near) => format!("did you mean `{near}`?"),
            None => "set it, or say what stands there otherwise: `default`, `with`, `required`".to_owned(),
        });
        out.push(diagnostic);
    }
}

/// Files that begin with an indented line.
pub(crate) fn indents(files: &[Rendered], out: &mut Diagnostics) {
    for file in files {
        let is_yaml = file.path.ends_with(".yaml") || file.path.ends_with(".yml");
        let mut start = 0;
        let first = file.text.split_inclusive('\n').find_map(|line| {
            let at = start;
            start += line.len();
            (!line.trim().is_empty()).then_some((at, line))
        });
        let Some((at, line)) = first.filter(|(_, line)| is_yaml && line.starts_with([' ', '\t'])) else {
            continue;
        };
        let blanks = line.len() - line.trim_start().len();
        if let Some(origin) = origin_at(&file.segments, (at + blanks) as u32) {
            let message = format!("what {} renders begins with an indented line", file.path);
            let help = "begin the document at the first column";
            out.push(Diagnostic::new(&MANIFEST_INDENTED, Place::Origin(origin), message).help(help));
        }
    }
}

/// Annotations in a list that Helm does not look for.
pub(crate) fn list(manifest: &Manifest, out: &mut Diagnostics) {
    let Some(doc) = manifest.doc.as_ref().filter(|_| manifest.kind == "List") else { return };
    let Some(root) = doc.root() else { return };
    for item in root.get("items").into_iter().flat_map(Node::items) {
        let annotations = item.at("metadata.annotations");
        let Some((key, _)) = annotations.and_then(|all| all.entry("helm.sh/resource-policy")) else {
            continue;
        };
        let (start, end) = key.span().unwrap_or((0, 0));
        let at = match origin_at(&manifest.segments, start) {
            Some(origin) => Place::Origin(origin),
            None => Place::Span(Span::new(doc.source(), start, end)),
        };
        let message = "Helm reads `helm.sh/resource-policy` of whole manifests, not of what is in a List";
        let help = "make each object a document of its own";
        out.push(Diagnostic::new(&RESOURCE_POLICY_IGNORED, at, message).help(help));
    }
}
