use super::super::prelude::*;
use crate::kube::credentials::{has_known_form, is_secret};

rule! {
    /// A secret stands in clear in a command or an annotation.
    ///
    /// Besides those who may read the workload, everybody on the node who lists processes sees it.
    ///
    /// ```yaml bad
    /// containers:
    ///   - name: app
    ///     args:
    ///       - --user=web
    ///       - --password=hunter2 #! `--password` of container `app` holds a secret in clear
    /// ```
    /// ```yaml good
    /// containers:
    ///   - name: app
    ///     args:
    ///       - --password-file=/run/secrets/password
    /// ```
    "plaintext-secret-args": High, Recommended, since "0.1.0";
    refs: [];
    help: "give it by file or by environment from a Secret, and change it if it was pushed";
    check: Bundle(check);
}

fn check(graph: &Graph<'_>, report: &mut Report) {
    for object in graph.judged() {
        for (key, value) in object.resource.annotations().into_iter().flat_map(Node::entries) {
            if has_known_form(value.text()) && !key.text().starts_with("kubectl.kubernetes.io/") {
                report.at(
                    &object.resource,
                    value,
                    format!("the annotation `{}` holds a secret in clear", key.text()),
                );
            }
        }
        for container in object.pods.iter().flat_map(|p| &p.containers) {
            let words = |list: Option<Node<'_>>| list.into_iter().flat_map(Node::items).count();
            if words(container.command) + words(container.args) > 0 {
                in_command(container, report);
            }
        }
    }
}

fn in_command(container: &Container<'_>, report: &mut Report) {
    let mut flag = "";
    for list in [container.command, container.args].into_iter().flatten() {
        for word in list.items() {
            let text = word.text();
            let name = match text.split_once('=') {
                Some((name, value))
                    if text.starts_with('-') && is_secret(name.trim_start_matches('-'), value) =>
                {
                    name
                }
                _ if !flag.is_empty()
                    && !text.starts_with('-')
                    && is_secret(flag.trim_start_matches('-'), text) =>
                {
                    flag
                }
                _ if has_known_form(text) => "a word of the command",
                _ => "",
            };
            if !name.is_empty() {
                let who = if name.starts_with('-') { format!("`{name}`") } else { name.to_owned() };
                report.at(container, word, format!("{who} of {container} holds a secret in clear"));
            }
            flag = if text.starts_with("--") && !text.contains('=') { text } else { "" };
        }
    }
}
