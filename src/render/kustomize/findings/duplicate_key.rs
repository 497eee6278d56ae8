//! A key that stands twice in a kustomization.

use source::{Diagnostic, SourceId, Span};
use yaml::Node;

use crate::render::kustomize::context::Cx;

source::code! {
    /// A key stands twice in a map of a kustomization; the last one wins, and the others are lost without a word.
    ///
    /// Keys of fields count in any case: `Resources` and `resources` are the same.
    pub static KEY_DUPLICATE = "kustomize-key-duplicate", Warning;
}

/// Looks at all maps of a kustomization.
pub fn check(source: SourceId, root: Node<'_>, cx: &mut Cx<'_>) {
    if !cx.options.findings {
        return;
    }
    let place = |node: Node<'_>| {
        let (start, end) = node.span().unwrap_or((0, 0));
        Span::new(source, start, end)
    };
    let mut open = vec![(root, true)];
    while let Some((node, is_record)) = open.pop() {
        open.extend(node.items().map(|item| (item, false)));
        let mut known: std::collections::HashMap<String, Span> = std::collections::HashMap::new();
        for (key, value) in node.written_entries() {
            open.push((value, false));
            let text = key.text();
            let name = if is_record { text.to_ascii_lowercase() } else { text.to_owned() };
            let Some(first) = known.insert(name, place(key)) else { continue };
            let message = format!("`{text}` stands here twice, and the last one wins");
            let told = Diagnostic::new(&KEY_DUPLICATE, place(key), message)
                .related(first, "this one is lost")
                .help("put both into one");
            cx.out.push(told);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::codes;

    #[test]
    fn the_last_wins() {
        let twice = codes("namePrefix: a-\nnamePREFIX: b-\n");
        assert_eq!(twice, [("kustomize-key-duplicate", "namePREFIX".to_owned())]);
        let inner = codes("commonAnnotations: {a: \"1\", b: \"2\", a: \"3\"}\n");
        assert_eq!(inner, [("kustomize-key-duplicate", "a".to_owned())]);
        assert_eq!(codes("commonAnnotations: {a: \"1\", A: \"2\"}\n"), []);
    }
}
