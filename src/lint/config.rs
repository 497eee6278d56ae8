//! `plimsoll.yaml`: which rules run, with which severity, and what they are told.
//!
//! ```yaml
//! preset: strict
//! rules:
//!   rbac: off                     # a rule, a group or a preset: on, off, error, warning or note
//!   replicas-too-low: warning
//! parameters:
//!   min-replicas: 3
//!   allowed-registries: [registry.example.com]
//!   required-labels:
//!     owner: [web, data]
//! pod-security: baseline:v1.36
//! ```

use source::{Severity, closest};
use yaml::{Kind, Node};

use super::{Demand, Preset, ResourceRange, Settings};

/// Something in the file that is not understood.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ConfigFault {
    /// Where it stands, in bytes of the file.
    pub span: (u32, u32),
    /// What is wrong, and what may have been meant.
    pub message: String,
}

const KEYS: [&str; 5] = ["preset", "rules", "parameters", "pod-security", "namespace"];
const PARAMETERS: [&str; 8] = [
    "min-replicas",
    "allowed-registries",
    "denied-registries",
    "recommended-labels",
    "required-labels",
    "required-annotations",
    "forbidden-annotations",
    "resource-ranges",
];

/// The settings that a configuration asks for, and everything in it that is not understood.
pub fn configured(root: Node<'_>) -> (Settings, Vec<ConfigFault>) {
    let mut reader = Reader { faults: Vec::new() };
    let mut settings = Settings::default();
    if let Some(name) = root.get("preset") {
        match Preset::ALL.iter().find(|(word, _)| *word == name.text()) {
            Some((_, preset)) => settings = Settings::preset(*preset),
            None => reader.unknown(name, "preset", Preset::ALL.iter().map(|(word, _)| *word)),
        }
    }
    for (key, value) in root.entries() {
        match key.text() {
            "preset" => {}
            "rules" => reader.rules(value, &mut settings),
            "parameters" => reader.parameters(value, &mut settings),
            "pod-security" => match value.text().parse() {
                Ok(standard) => {
                    settings.pod_security = Some(standard);
                    let _ = settings.set("pod-security-violation", true);
                }
                Err(fault) => reader.fault(value, fault),
            },
            "namespace" => settings.namespace = Some(value.text().to_owned()),
            _ => reader.unknown(key, "key", KEYS),
        }
    }
    if root.kind() != Kind::Map && !root.is_null() {
        reader.fault(root, "a configuration is a map".to_owned());
    }
    (settings, reader.faults)
}

struct Reader {
    faults: Vec<ConfigFault>,
}

impl Reader {
    fn fault(&mut self, node: Node<'_>, message: String) {
        self.faults.push(ConfigFault { span: node.span().unwrap_or((0, 0)), message });
    }

    fn unknown<'k>(&mut self, node: Node<'_>, what: &str, known: impl IntoIterator<Item = &'k str> + Clone) {
        let message = match closest(node.text(), known.clone()) {
            Some(near) => format!("unknown {what} `{}`; did you mean `{near}`?", node.text()),
            None => {
                let known: Vec<&str> = known.into_iter().collect();
                format!("unknown {what} `{}`; known are {}", node.text(), known.join(", "))
            }
        };
        self.fault(node, message);
    }

    fn rules(&mut self, rules: Node<'_>, settings: &mut Settings) {
        // Narrower names win over wider ones, whatever the order: presets, groups, then single rules.
        let width = |name: &str| match super::rules::find(name) {
            Some(_) => 2,
            None if Preset::ALL.iter().any(|(word, _)| *word == name) => 0,
            None => 1,
        };
        let mut entries: Vec<(Node<'_>, Node<'_>)> = rules.entries().collect();
        entries.sort_by_key(|(key, _)| width(key.text()));
        for (key, value) in entries {
            // YAML 1.1 reads `on` and `off` as switches.
            let is_on = value.as_bool().unwrap_or(value.text() != "off");
            if let Err(unknown) = settings.set(key.text(), is_on) {
                self.fault(key, unknown.to_string());
                continue;
            }
            let severity = match value.text() {
                "error" => Severity::Error,
                "warning" => Severity::Warning,
                "note" => Severity::Note,
                _ if value.as_bool().is_some() || matches!(value.text(), "on" | "off") => continue,
                _ => {
                    self.unknown(value, "setting", ["on", "off", "error", "warning", "note"]);
                    continue;
                }
            };
            settings.set_severity_of(key.text(), severity);
        }
    }

    fn parameters(&mut self, parameters: Node<'_>, settings: &mut Settings) {
        let told = &mut settings.parameters;
        for (key, value) in parameters.entries() {
            match key.text() {
                "min-replicas" => match value.as_i64() {
                    Some(count) => told.min_replicas = count,
                    None => self.fault(value, "this is a number".to_owned()),
                },
                "allowed-registries" => told.allowed_registries = self.words(value),
                "denied-registries" => told.denied_registries = self.words(value),
                "recommended-labels" => told.recommended_labels = self.words(value),
                "required-labels" => told.required_labels = self.demands(value),
                "required-annotations" => told.required_annotations = self.demands(value),
                "forbidden-annotations" => told.forbidden_annotations = self.words(value),
                "resource-ranges" => {
                    let bound = |range: Node<'_>, side| range.get(side).map(|b| b.text().to_owned());
                    told.resource_ranges = value
                        .entries()
                        .map(|(field, range)| ResourceRange {
                            field: field.text().to_owned(),
                            min: bound(range, "min"),
                            max: bound(range, "max"),
                        })
                        .collect();
                }
                _ => self.unknown(key, "parameter", PARAMETERS),
            }
        }
    }

    fn words(&mut self, list: Node<'_>) -> Vec<String> {
        if list.kind() != Kind::Seq {
            self.fault(list, "this is a list".to_owned());
        }
        list.items().map(|item| item.text().to_owned()).collect()
    }

    /// A list of keys, or a map of keys with the values that are allowed.
    fn demands(&mut self, node: Node<'_>) -> Vec<Demand> {
        let any = node.items().map(|key| Demand { key: key.text().to_owned(), values: Vec::new() });
        let some = node.entries().map(|(key, values)| Demand {
            key: key.text().to_owned(),
            values: values.items().map(|v| v.text().to_owned()).collect(),
        });
        any.chain(some).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::lint::testing::bundle_of;

    fn read(text: &str) -> (Settings, Vec<String>) {
        let (_, bundle) = bundle_of(text);
        let doc = Arc::clone(bundle.resources[0].doc());
        let (settings, faults) = configured(doc.root().expect("a configuration"));
        (settings, faults.into_iter().map(|f| f.message).collect())
    }

    fn runs(settings: &Settings, id: &str) -> bool {
        settings.selected().any(|rule| rule.id() == id)
    }

    #[test]
    fn narrow_names_win_over_wide_ones() {
        let (settings, faults) = read("rules:\n  rbac-wildcard: error\n  rbac: off\npreset: strict\n");
        assert_eq!(faults, [""; 0]);
        assert!(
            runs(&settings, "rbac-wildcard")
                && !runs(&settings, "rbac-bind")
                && runs(&settings, "sorted-keys")
        );
    }

    #[test]
    fn parameters_arrive() {
        let (settings, faults) = read(
            "parameters:\n  min-replicas: 3\n  required-labels: {owner: [web]}\npod-security: restricted:v1.30\n",
        );
        assert_eq!(faults, [""; 0]);
        assert_eq!(settings.parameters.min_replicas, 3);
        assert_eq!(settings.parameters.required_labels[0].values, ["web"]);
        assert_eq!(settings.pod_security.map(|s| s.to_string()).as_deref(), Some("restricted:v1.30"));
    }

    #[test]
    fn what_is_not_understood_is_told_with_what_may_be_meant() {
        let (_, faults) =
            read("rulse: {}\npreset: strickt\nrules: {privileged-contaner: off, host-pid: loud}\n");
        assert_eq!(faults.len(), 4);
        assert!(faults.iter().any(|f| f.contains("did you mean `rules`?")), "{faults:?}");
        assert!(faults.iter().any(|f| f.contains("did you mean `privileged-container`?")), "{faults:?}");
    }
}
