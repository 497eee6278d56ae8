use super::super::prelude::*;

rule! {
    /// A capability's name is not written as the server compares it.
    ///
    /// Names stand in upper case and without the kernel's `CAP_`. Runtimes may understand other forms, but Pod Security
    /// compares the text: `drop: [all]` drops nothing in its eyes, and `add: [CAP_CHOWN]` is refused.
    ///
    /// ```yaml bad
    /// securityContext:
    ///   capabilities:
    ///     drop:
    ///       - all #! `all` is not the name of a capability: it is written `ALL`
    /// ```
    /// ```yaml good
    /// securityContext:
    ///   capabilities:
    ///     drop: [ALL]
    /// ```
    "capability-name-form": Low, Recommended, since "0.1.0";
    refs: [];
    help: "write it in upper case and without `CAP_`";
    check: Container(check);
}

fn check(_: &PodView<'_>, container: &Container<'_>, report: &mut Report) {
    for named in container.added_capabilities().chain(container.dropped_capabilities()) {
        let upper = named.text().to_ascii_uppercase();
        let right = upper.strip_prefix("CAP_").unwrap_or(&upper);
        if right != named.text() {
            let message =
                format!("`{}` is not the name of a capability: it is written `{right}`", named.text());
            report.at(container, named, message);
        }
    }
}
