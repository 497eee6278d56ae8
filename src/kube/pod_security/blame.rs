//! Who broke a control, and the sentence that says so.

use std::collections::BTreeSet;

use yaml::Node;

use super::Violation;
use crate::kube::{Container, PodView};

/// Collects the Pod and the containers that break one control, with the values that they set.
#[derive(Default)]
pub(super) struct Blame<'a> {
    pod: bool,
    containers: Vec<&'a str>,
    /// The offending values, sorted and once each.
    pub values: BTreeSet<String>,
    at: Option<Node<'a>>,
    first: Option<usize>,
}

impl<'a> Blame<'a> {
    /// Judges the Pod's field and every container's: each node that is set and not allowed is blamed.
    pub fn setters(
        pod: &PodView<'a>,
        on_pod: Option<Node<'a>>,
        on_container: impl Fn(&Container<'a>) -> Option<Node<'a>>,
        is_allowed: impl Fn(Node<'a>) -> bool,
    ) -> Self {
        let mut blame = Blame::default();
        if let Some(node) = on_pod.filter(|n| !is_allowed(*n)) {
            blame.pod(node);
        }
        blame.each(pod, |c| on_container(c).filter(|n| !is_allowed(*n)).map(Some));
        blame
    }

    /// Judges every container: `Some` blames it, with the field if there is one.
    pub fn containers(
        pod: &PodView<'a>,
        judge: impl FnMut(&Container<'a>) -> Option<Option<Node<'a>>>,
    ) -> Self {
        let mut blame = Blame::default();
        blame.each(pod, judge);
        blame
    }

    fn each(&mut self, pod: &PodView<'a>, mut judge: impl FnMut(&Container<'a>) -> Option<Option<Node<'a>>>) {
        for (i, container) in pod.containers.iter().enumerate() {
            if let Some(node) = judge(container) {
                self.containers.push(container.name.map_or("", Node::text));
                self.first = self.first.or(Some(i));
                self.at = self.at.or(node);
            }
        }
    }

    fn pod(&mut self, node: Node<'a>) {
        self.pod = true;
        self.at = Some(node);
    }

    /// With the text of these values.
    pub fn with_values<'n>(mut self, values: impl IntoIterator<Item = &'n str>) -> Self {
        self.values.extend(values.into_iter().map(str::to_owned));
        self
    }

    /// Whether nobody is to blame.
    pub fn is_empty(&self) -> bool {
        !self.pod && self.containers.is_empty()
    }

    /// How many containers are.
    pub fn count(&self) -> usize {
        self.containers.len()
    }

    /// `pod and containers "a", "b"`
    pub fn who(&self) -> String {
        let mut who = Vec::new();
        if self.pod {
            who.push("pod".to_owned());
        }
        if !self.containers.is_empty() {
            who.push(format!("{} {}", plural("container", self.containers.len()), quoted(&self.containers)));
        }
        who.join(" and ")
    }

    /// The values, quoted.
    pub fn quoted_values(&self) -> String {
        quoted(&self.values)
    }

    /// The violation, if anybody is to blame.
    pub fn violation(
        self,
        control: &'static str,
        reason: &str,
        detail: impl FnOnce(&Self) -> String,
    ) -> Option<Violation<'a>> {
        if self.is_empty() {
            return None;
        }
        let detail = detail(&self);
        Some(Violation { control, reason: reason.to_owned(), detail, at: self.at, container: self.first })
    }
}

/// `"a", "b"`
pub(super) fn quoted<T: AsRef<str>>(items: impl IntoIterator<Item = T>) -> String {
    let items: Vec<String> = items.into_iter().map(|i| format!("\"{}\"", i.as_ref())).collect();
    items.join(", ")
}

/// The word, with an `s` for any number but one.
pub(super) fn plural(word: &str, count: usize) -> String {
    if count == 1 { word.to_owned() } else { format!("{word}s") }
}
