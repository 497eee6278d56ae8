use super::super::prelude::*;

rule! {
    /// A container's farewell takes longer than it is given.
    ///
    /// The hook `preStop` counts against `terminationGracePeriodSeconds` (30 unless written): what is left of it is all
    /// that the program has to end on its own. Here nothing is left, and it is killed.
    ///
    /// ```yaml bad
    /// terminationGracePeriodSeconds: 20
    /// containers:
    ///   - name: web
    ///     lifecycle:
    ///       preStop:
    ///         sleep:
    ///           seconds: 20 #! container `web` sleeps for 20 s of the 20 s that it has to end
    /// ```
    /// ```yaml good
    /// containers:
    ///   - name: web
    ///     lifecycle:
    ///       preStop:
    ///         sleep:
    ///           seconds: 5
    /// ```
    "termination-grace-too-short": Medium, Recommended, since "0.1.0";
    refs: [];
    help: "raise `terminationGracePeriodSeconds` above the sleep and the time that the program needs";
    check: Pod(check);
}

fn check(pod: &PodView<'_>, report: &mut Report) {
    let grace = pod.spec.termination_grace_period_seconds.and_then(Node::as_i64).unwrap_or(30);
    for container in &pod.containers {
        let Some(hook) = container.lifecycle.and_then(|l| l.get("preStop")) else { continue };
        let slept = match hook.at("sleep.seconds") {
            Some(node) => node.as_i64().map(|seconds| (node, seconds)),
            None => hook.at("exec.command").and_then(sleep_command),
        };
        if let Some((node, seconds)) = slept.filter(|(_, seconds)| *seconds >= grace) {
            let message = format!("{container} sleeps for {seconds} s of the {grace} s that it has to end");
            let finding = report.at(container, node, message);
            if let Some(grace) = pod.spec.termination_grace_period_seconds {
                finding.related(pod.resource, grace, "the time that it has");
            }
        }
    }
}

/// The seconds of `sleep N`, alone or at the start of a shell's command.
fn sleep_command(command: Node<'_>) -> Option<(Node<'_>, i64)> {
    let words: Vec<Node<'_>> = command.items().collect();
    let at = words.iter().position(|w| matches!(w.text(), "sleep" | "/bin/sleep" | "/usr/bin/sleep"));
    if let Some(node) = at.and_then(|at| words.get(at + 1)) {
        return Some((*node, node.text().parse().ok()?));
    }
    let script = words.iter().find(|w| w.text().trim_start().starts_with("sleep "))?;
    let seconds =
        script.text().trim_start().strip_prefix("sleep ")?.split(|c: char| !c.is_ascii_digit()).next()?;
    Some((*script, seconds.parse().ok()?))
}
