//! Labels, and the selectors that choose objects by them.

use yaml::{Kind, Node};

/// An object's labels: a map of strings, or nothing.
#[derive(Clone, Copy)]
pub struct Labels<'a>(pub Option<Node<'a>>);

impl<'a> Labels<'a> {
    /// The value of a label. Numbers and booleans count by their text: what they are instead of strings is for
    /// validation to say.
    pub fn get(self, key: &str) -> Option<&'a str> {
        self.0?.get(key).filter(|v| v.kind() == Kind::Scalar).map(Node::text)
    }

    /// All labels in order.
    pub fn iter(self) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.0.into_iter().flat_map(Node::entries).map(|(k, v)| (k.text(), v.text()))
    }

    /// Whether there is none.
    pub fn is_empty(self) -> bool {
        self.iter().next().is_none()
    }
}

/// Whether every label of a plain map (a Service's `selector`) stands among the labels. The empty map selects
/// everything here; a Service without a selector selects nothing, which is for the caller to know.
pub fn map_matches(selector: Node<'_>, labels: Labels<'_>) -> bool {
    selector.entries().all(|(key, value)| labels.get(key.text()) == Some(value.text()))
}

/// Whether a `LabelSelector` (`matchLabels` and `matchExpressions`) chooses the labels. The empty selector chooses
/// everything; an expression that no server would take chooses nothing.
pub fn label_selector_matches(selector: Node<'_>, labels: Labels<'_>) -> bool {
    selector.get("matchLabels").is_none_or(|map| map_matches(map, labels))
        && selector.get("matchExpressions").is_none_or(|all| all.items().all(|e| expression_holds(e, labels)))
}

/// Whether a `LabelSelector` says nothing, which means everything.
pub fn selects_all(selector: Node<'_>) -> bool {
    ["matchLabels", "matchExpressions"].iter().all(|part| {
        selector.get(part).is_none_or(|p| p.entries().next().is_none() && p.items().next().is_none())
    })
}

/// Whether one entry of `matchExpressions` holds.
pub fn expression_holds(expression: Node<'_>, labels: Labels<'_>) -> bool {
    let key = expression.get("key").map_or("", Node::text);
    let value = labels.get(key);
    let listed = || {
        let values = expression.get("values");
        value.is_some_and(|v| values.into_iter().flat_map(Node::items).any(|item| item.text() == v))
    };
    match expression.get("operator").map_or("", Node::text) {
        "In" => listed(),
        "NotIn" => !listed(),
        "Exists" => value.is_some(),
        "DoesNotExist" => value.is_none(),
        _ => false,
    }
}
