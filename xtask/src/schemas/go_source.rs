//! The few facts that are only in generated Go code: enums, and the lifecycles of kinds.

use std::collections::BTreeMap;

/// Enums of fields: (type as `core.v1.Container`, field) -> the values.
///
/// The committed OpenAPI documents are written without enums; the generated Go file beside them has them. It is formatted by
/// gofmt, so that a line's indentation tells what it belongs to.
pub fn enums(source: &str) -> BTreeMap<(String, String), Vec<String>> {
    let mut found = BTreeMap::new();
    let (mut owner, mut field) = (String::new(), String::new());
    for line in source.lines() {
        if let Some(rest) = line.strip_prefix("func schema_") {
            let name = rest.split('(').next().unwrap_or(rest);
            // Of `k8sio_api_core_v1_Container` the last three words name the type.
            let words: Vec<&str> = name.rsplitn(4, '_').take(3).collect();
            owner = words.into_iter().rev().collect::<Vec<_>>().join(".");
        } else if let Some(rest) = line.strip_prefix("\t\t\t\t\t\"")
            && let Some(name) = rest.strip_suffix("\": {")
        {
            field = name.to_owned();
        } else if let Some(rest) = line.trim_start().strip_prefix("Enum:") {
            let list = rest.trim().trim_start_matches("[]interface{}{").trim_end_matches("},");
            if let Ok(values) = serde_json::from_str::<Vec<String>>(&format!("[{list}]")) {
                found.insert((owner.clone(), field.clone()), values);
            }
        }
    }
    found
}

/// What the generated functions of one package say of its kinds: kind -> lifecycle.
#[derive(Default, Clone, PartialEq, Eq)]
pub struct Lifecycle {
    /// Minor versions of Kubernetes 1.
    pub introduced: Option<u32>,
    pub deprecated: Option<u32>,
    pub removed: Option<u32>,
    /// Group, version and kind.
    pub replacement: Option<(String, String, String)>,
}

/// Reads `zz_generated.prerelease-lifecycle.go`.
pub fn lifecycles(source: &str) -> BTreeMap<String, Lifecycle> {
    let mut found: BTreeMap<String, Lifecycle> = BTreeMap::new();
    let mut current: Option<(String, &str)> = None;
    for line in source.lines() {
        if let Some(rest) = line.strip_prefix("func (in *")
            && let Some((kind, rest)) = rest.split_once(") APILifecycle")
        {
            current = Some((kind.to_owned(), rest.split('(').next().unwrap_or(rest)));
        }
        let (Some((kind, what)), Some(value)) = (&current, line.trim().strip_prefix("return ")) else {
            continue;
        };
        let entry = found.entry(kind.clone()).or_default();
        let minor = value.split_once(", ").and_then(|(_, minor)| minor.parse().ok());
        match *what {
            "Introduced" => entry.introduced = minor,
            "Deprecated" => entry.deprecated = minor,
            "Removed" => entry.removed = minor,
            "Replacement" => {
                let quoted: Vec<&str> = value.split('"').skip(1).step_by(2).collect();
                if let [group, version, kind] = quoted[..] {
                    entry.replacement = Some((group.into(), version.into(), kind.into()));
                }
            }
            _ => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_enum_belongs_to_the_field_above_it() {
        let source = "func schema_k8sio_api_core_v1_Port(ref X) Y {\n\t\t\t\t\t\"protocol\": {\n\t\t\t\t\t\t\tEnum:        []interface{}{\"TCP\", \"UDP\"},\n";
        let key = ("core.v1.Port".to_owned(), "protocol".to_owned());
        assert_eq!(enums(source)[&key], ["TCP", "UDP"]);
    }

    #[test]
    fn a_lifecycle_is_gathered_from_its_functions() {
        let source = "func (in *Job) APILifecycleRemoved() (major, minor int) {\n\treturn 1, 16\n}\nfunc (in *Job) APILifecycleReplacement() schema.GroupVersionKind {\n\treturn schema.GroupVersionKind{Group: \"batch\", Version: \"v1\", Kind: \"Job\"}\n}\n";
        let job = &lifecycles(source)["Job"];
        assert_eq!(job.removed, Some(16));
        assert_eq!(job.replacement.as_ref().map(|r| r.0.as_str()), Some("batch"));
    }
}
