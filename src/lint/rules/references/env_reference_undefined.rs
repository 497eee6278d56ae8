use super::super::prelude::*;

rule! {
    /// A variable refers to another that is not set before it.
    ///
    /// `$(NAME)` in a value is replaced only if `NAME` stands earlier in the same list, comes from `envFrom`, or is one of
    /// those that Kubernetes sets for a Service; otherwise it is left as it is written. `$$(NAME)` is meant so.
    ///
    /// ```yaml bad
    /// env:
    ///   - name: URL
    ///     value: http://$(HOST):80 #! `$(HOST)` is left as it is: container `app` sets `HOST` only later
    ///   - name: HOST
    ///     value: web
    /// ```
    /// ```yaml good
    /// env:
    ///   - name: HOST
    ///     value: web
    ///   - name: URL
    ///     value: http://$(HOST):80
    /// ```
    "env-reference-undefined": Medium, Recommended, since "0.1.0";
    refs: [];
    help: "set it earlier in the list, or write `$$(...)` if the text is meant";
    check: Container(check);
}

fn check(_: &PodView<'_>, container: &Container<'_>, report: &mut Report) {
    // What envFrom brings along is not known here, so that any name may come from it.
    if container.env_from.is_some_and(|e| e.items().next().is_some()) {
        return;
    }
    let names: Vec<&str> = container.env_list().map(|e| text(e.get("name"))).collect();
    for (at, variable) in container.env_list().enumerate() {
        let Some(value) = variable.get("value") else { continue };
        for name in references(value.text()) {
            let is_of_service =
                name.ends_with("_SERVICE_HOST") || name.contains("_SERVICE_PORT") || name.contains("_PORT_");
            if is_of_service || names[..at].contains(&name) {
                continue;
            }
            let how = if names.contains(&name) { "sets `{}` only later" } else { "does not set `{}`" };
            let how = how.replace("{}", name);
            report.at(container, value, format!("`$({name})` is left as it is: {container} {how}"));
        }
    }
}

/// The names in `$(NAME)`, without those in `$$(NAME)`.
pub(super) fn references(value: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = value;
    while let Some(at) = rest.find('$') {
        let after = &rest[at + 1..];
        rest = match after.chars().next() {
            Some('$') => &after[1..],
            Some('(') => match after.find(')') {
                Some(end) => {
                    let name = &after[1..end];
                    let is_name = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
                    if !name.is_empty() && name.chars().all(is_name) {
                        found.push(name);
                    }
                    &after[end + 1..]
                }
                None => break,
            },
            _ => after,
        };
    }
    found
}
