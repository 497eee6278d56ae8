use super::super::prelude::*;

rule! {
    /// A container's command uses `sudo`.
    ///
    /// The program needs root for something, and the image carries a way to get it.
    ///
    /// ```yaml bad
    /// command: [sudo, /app] #! container `app` uses `sudo`
    /// ```
    /// ```yaml good
    /// command: [/app]
    /// ```
    "sudo-entrypoint": Info, Strict, since "0.1.0";
    refs: ["kubescape: C-0062"];
    help: "prepare in the image what needs root, and run as an ordinary user";
    check: Container(check);
}

fn check(_: &PodView<'_>, container: &Container<'_>, report: &mut Report) {
    for word in container.command.into_iter().chain(container.args).flat_map(Node::items) {
        if word.text().split_ascii_whitespace().any(|w| w == "sudo" || w.ends_with("/sudo")) {
            report.at(container, word, format!("{container} uses `sudo`"));
        }
    }
}
