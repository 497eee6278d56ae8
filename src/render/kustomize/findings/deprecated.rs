//! Deprecated fields of a kustomization, with the edit that `kustomize edit fix` would make.

use source::{Diagnostic, Edit, Fix, SourceId, Span};
use yaml::{Kind, Node, Style};

use crate::render::kustomize::codes::FIELD_DEPRECATED;
use crate::render::kustomize::context::Cx;

const RUN_FIX: &str = "Run 'kustomize edit fix' to update your Kustomization automatically.";
const RUN_FIX_VARS: &str =
    "[EXPERIMENTAL] Run 'kustomize edit fix' to update your Kustomization automatically.";

/// The old name, the new one, and upstream's advice, in the order in which upstream tells them.
const FIELDS: [(&str, &str, &str); 6] = [
    ("bases", "resources", RUN_FIX),
    ("commonLabels", "labels", RUN_FIX),
    ("imageTags", "images", RUN_FIX),
    ("patchesJson6902", "patches", RUN_FIX),
    ("patchesStrategicMerge", "patches", RUN_FIX),
    ("vars", "replacements", RUN_FIX_VARS),
];

/// Tells the deprecated fields that a kustomization has.
pub fn check(source: SourceId, text: &str, root: Node<'_>, cx: &mut Cx<'_>) {
    for (old, new, advice) in FIELDS {
        let Some((key, value)) = entry(root, old) else { continue };
        let (start, end) = key.span().unwrap_or((0, 0));
        let at = Span::new(source, start, end);
        let mut told = Diagnostic::new(
            &FIELD_DEPRECATED,
            at,
            format!("`{old}` is deprecated in favour of `{new}`"),
        )
        .upstream(format!("# Warning: '{old}' is deprecated. Please use '{new}' instead. {advice}"))
        .help(match old {
            "vars" => "write a replacement for each variable: the source is what `objref` and `fieldref` say",
            _ => "`kustomize edit fix` rewrites it",
        });
        // What would have to be put into a list that is there already is left to a person: its order counts.
        let edits = if entry(root, new).is_some() { None } else { edits(old, new, at, value, text) };
        if let Some(edits) = edits {
            // Patches of the old fields run at other times than those of the new one.
            let is_unsafe = old.starts_with("patches");
            told = told.fix(Fix { title: format!("rewrite as `{new}`"), edits, is_unsafe });
        }
        cx.out.push(told);
    }
}

/// The entry of a key, in any case; the last of several.
fn entry<'d>(node: Node<'d>, key: &str) -> Option<(Node<'d>, Node<'d>)> {
    let entries =
        node.entries().filter(|(name, value)| name.text().eq_ignore_ascii_case(key) && !value.is_null());
    entries.last()
}

fn edits(old: &str, new: &str, key: Span, value: Node<'_>, text: &str) -> Option<Vec<Edit>> {
    let renamed = Edit { span: key, text: new.to_owned() };
    match old {
        "bases" | "imageTags" | "patchesJson6902" => Some(vec![renamed]),
        "patchesStrategicMerge" => {
            let mut edits = vec![renamed];
            if value.kind() != Kind::Seq || value.style() != Style::Block {
                return None;
            }
            for item in value.items() {
                let (start, end) = item.span()?;
                let written = text.get(start as usize..end as usize)?;
                let is_path = !written.contains('\n');
                let is_block = matches!(item.style(), Style::Literal) && written.starts_with('|');
                let at = Span::new(key.source, start, start);
                match (is_path, is_block) {
                    (true, _) => edits.push(Edit { span: at, text: "path: ".to_owned() }),
                    (_, true) => {
                        edits.push(Edit { span: at, text: "patch: ".to_owned() });
                        deeper(written, start, 2, key.source, &mut edits);
                    }
                    _ => return None,
                }
            }
            Some(edits)
        }
        "commonLabels" => {
            let (start, end) = value.span()?;
            let written = text.get(start as usize..end as usize)?;
            if value.style() == Style::Flow && !written.contains('\n') {
                let lead = "\n- includeSelectors: true\n  pairs: ";
                let span = Span::new(key.source, key.end, start);
                return Some(vec![renamed, Edit { span, text: format!(":{lead}") }]);
            }
            if value.style() != Style::Block {
                return None;
            }
            let column = start as usize - text[..start as usize].rfind('\n').map_or(0, |n| n + 1);
            let lead = "labels:\n- includeSelectors: true\n  pairs:";
            let colon = key.end as usize + text[key.end as usize..].find(':')? + 1;
            let mut edits =
                vec![Edit { span: Span::new(key.source, key.start, colon as u32), text: lead.to_owned() }];
            // The pairs have to stand deeper than `pairs`.
            let more = 4usize.saturating_sub(column);
            edits.push(Edit { span: Span::new(key.source, start, start), text: " ".repeat(more) });
            deeper(written, start, more, key.source, &mut edits);
            edits.retain(|edit| !(edit.span.start == edit.span.end && edit.text.is_empty()));
            Some(edits)
        }
        _ => None,
    }
}

/// Moves all lines of a text but the first to the right.
fn deeper(written: &str, start: u32, by: usize, source: SourceId, edits: &mut Vec<Edit>) {
    let mut at = 0;
    for line in written.split_inclusive('\n') {
        if at > 0 && !line.trim().is_empty() {
            let place = start + at as u32;
            edits.push(Edit { span: Span::new(source, place, place), text: " ".repeat(by) });
        }
        at += line.len();
    }
}

#[cfg(test)]
mod tests {
    use crate::render::kustomize::testing::with_cx;
    use crate::render::kustomize::{BuildOptions, Root, read};
    use crate::world::Memory;

    fn fixed(text: &str) -> String {
        let world = Memory::new().with("a/kustomization.yaml", text);
        with_cx(&world, &BuildOptions::default(), |cx| {
            let root = Root::top("a", cx).map_err(|e| e.upstream().to_owned()).unwrap();
            read(&root, cx).map_err(|e| e.upstream().to_owned()).unwrap();
            let mut edits: Vec<_> =
                cx.out.iter().filter_map(|d| d.fix.clone()).flat_map(|fix| fix.edits).collect();
            edits.sort_by_key(|edit| std::cmp::Reverse(edit.span.start));
            let mut text = text.to_owned();
            for edit in edits {
                text.replace_range(edit.span.start as usize..edit.span.end as usize, &edit.text);
            }
            text
        })
    }

    #[test]
    fn each_field_becomes_the_new_one() {
        for (old, new) in [
            ("bases:\n- ../b\n", "resources:\n- ../b\n"),
            (
                "commonLabels:\n  a: b\n  c: d\n",
                "labels:\n- includeSelectors: true\n  pairs:\n    a: b\n    c: d\n",
            ),
            ("commonLabels: {a: b}\n", "labels:\n- includeSelectors: true\n  pairs: {a: b}\n"),
            ("imageTags: [{name: a}]\n", "images: [{name: a}]\n"),
            ("patchesStrategicMerge:\n- p.yaml\n", "patches:\n- path: p.yaml\n"),
            (
                "patchesStrategicMerge:\n- |-\n  kind: A\n\n  b: c\n- p.yaml\n",
                "patches:\n- patch: |-\n    kind: A\n\n    b: c\n- path: p.yaml\n",
            ),
        ] {
            assert_eq!(fixed(old), new);
        }
        let both = "bases:\n- ../b\nresources:\n- ../c\n";
        assert_eq!(fixed(both), both);
    }
}
