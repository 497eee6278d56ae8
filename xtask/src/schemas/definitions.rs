//! The facts of one version: its kinds, and the fields of their types.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::{Map, Value};

/// Everything that one file of `schemas/` holds.
#[derive(Default)]
pub struct Tables {
    pub kinds: Vec<Kind>,
    /// Name without the leading `io.k8s.` -> type.
    pub types: BTreeMap<String, Type>,
}

/// A kind that can be created, as discovery lists it.
pub struct Kind {
    pub group: String,
    pub version: String,
    pub kind: String,
    pub plural: String,
    pub singular: String,
    pub namespaced: bool,
    pub short_names: Vec<String>,
    pub categories: Vec<String>,
    pub type_name: String,
}

/// An object type, or a scalar with a name such as `Quantity`.
#[derive(Default)]
pub struct Type {
    /// Merged as one value.
    pub atomic: bool,
    /// What it is where it has no fields of its own, such as `quantity`.
    pub scalar: Option<&'static str>,
    pub fields: BTreeMap<String, Field>,
}

#[derive(Default)]
pub struct Field {
    /// `string`, `[core.v1.Container]`, `{string}`, ...
    pub ty: String,
    pub required: bool,
    pub deprecated: bool,
    pub atomic: bool,
    pub list: Option<String>,
    pub keys: Vec<String>,
    pub patch: Option<String>,
    pub merge_key: Option<String>,
    pub enums: Option<Vec<String>>,
    pub default: Option<Value>,
}

impl Tables {
    /// From the documents that a release of Kubernetes commits.
    pub fn of_kubernetes(module: &Path) -> Result<Tables, String> {
        let mut definitions = Map::new();
        let v3 = module.join("api/openapi-spec/v3");
        for entry in std::fs::read_dir(&v3).map_err(|e| e.to_string())?.flatten() {
            let mut document = super::read_json(&entry.path())?;
            if let Some(Value::Object(all)) = document.pointer_mut("/components/schemas").map(Value::take) {
                definitions.extend(all);
            }
        }
        let generated = super::read(&module.join("pkg/generated/openapi/zz_generated.openapi.go"))?;
        let mut enums = super::go_source::enums(&generated);
        let mut tables = Tables::of_definitions(&definitions, |ty, field| {
            let short: Vec<&str> = ty.rsplitn(4, '.').take(3).collect();
            enums.remove(&(short.into_iter().rev().collect::<Vec<_>>().join("."), field.to_owned()))
        })?;
        let gvks = kinds_of(&definitions);
        let discovery = module.join("api/discovery");
        let core = super::read_json(&discovery.join("api__v1.json"))?;
        tables.add_resources("", "v1", &core["resources"], &gvks);
        let groups = super::read_json(&discovery.join("aggregated_v2.json"))?;
        for group in array(&groups["items"]) {
            let name = text(&group["metadata"]["name"]);
            for version in array(&group["versions"]) {
                tables.add_resources(name, text(&version["version"]), &version["resources"], &gvks);
            }
        }
        Ok(tables)
    }

    /// From OpenAPI definitions, `enums` giving what they lack.
    pub fn of_definitions(
        definitions: &Map<String, Value>,
        mut enums: impl FnMut(&str, &str) -> Option<Vec<String>>,
    ) -> Result<Tables, String> {
        let mut tables = Tables::default();
        for (name, definition) in definitions {
            let short = short(name);
            let required: BTreeSet<&str> = array(&definition["required"]).iter().map(text).collect();
            let mut ty = Type {
                atomic: definition["x-kubernetes-map-type"] == "atomic",
                scalar: scalar(name, definition),
                ..Type::default()
            };
            for (field, property) in definition["properties"].as_object().into_iter().flatten() {
                let mut field_facts = facts(property)?;
                field_facts.required = required.contains(field.as_str());
                field_facts.enums = field_facts.enums.or_else(|| enums(short, field));
                ty.fields.insert(field.clone(), field_facts);
            }
            tables.types.insert(short.to_owned(), ty);
        }
        Ok(tables)
    }

    fn add_resources(
        &mut self,
        group: &str,
        version: &str,
        resources: &Value,
        gvks: &BTreeMap<(String, String, String), String>,
    ) {
        for resource in array(resources) {
            // The older form of discovery names things differently, and lists subresources beside the rest.
            let plural =
                [&resource["resource"], &resource["name"]].into_iter().map(text).find(|t| !t.is_empty());
            let kind = [&resource["responseKind"]["kind"], &resource["kind"]]
                .into_iter()
                .map(text)
                .find(|t| !t.is_empty());
            let (Some(plural), Some(kind)) = (plural, kind) else { continue };
            let creatable = array(&resource["verbs"]).iter().any(|v| v == "create");
            let Some(type_name) = gvks.get(&(group.into(), version.into(), kind.into())) else { continue };
            if plural.contains('/') || !creatable {
                continue;
            }
            let singular = [&resource["singularResource"], &resource["singularName"]].into_iter().map(text);
            self.kinds.push(Kind {
                group: group.into(),
                version: version.into(),
                kind: kind.into(),
                plural: plural.into(),
                singular: singular.max().unwrap_or("").into(),
                namespaced: resource["scope"] == "Namespaced" || resource["namespaced"] == true,
                short_names: array(&resource["shortNames"]).iter().map(|s| text(s).into()).collect(),
                categories: array(&resource["categories"]).iter().map(|s| text(s).into()).collect(),
                type_name: type_name.clone(),
            });
        }
        self.kinds.sort_by(|a, b| (&a.group, &a.version, &a.kind).cmp(&(&b.group, &b.version, &b.kind)));
    }
}

/// Group, version and kind -> the name of the type.
pub fn kinds_of(definitions: &Map<String, Value>) -> BTreeMap<(String, String, String), String> {
    let mut found = BTreeMap::new();
    for (name, definition) in definitions {
        for gvk in array(&definition["x-kubernetes-group-version-kind"]) {
            let key = (text(&gvk["group"]).into(), text(&gvk["version"]).into(), text(&gvk["kind"]).into());
            found.insert(key, short(name).to_owned());
        }
    }
    found
}

/// The name without what all names share.
pub fn short(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or(name).trim_start_matches("io.k8s.")
}

/// Types whose Go side reads itself; their documents say little or nothing of what they take.
fn scalar(name: &str, definition: &Value) -> Option<&'static str> {
    if definition["properties"].is_object() && !name.ends_with("JSONSchemaProps") {
        return None;
    }
    Some(match name.rsplit('.').next().unwrap_or(name) {
        "Quantity" => "quantity",
        "IntOrString" => "int-or-string",
        "Time" => "time",
        "MicroTime" => "microtime",
        "Duration" => "duration",
        "JSONSchemaPropsOrBool" => "schema-or-bool",
        "JSONSchemaPropsOrArray" => "schema-or-list",
        "JSONSchemaPropsOrStringArray" => "schema-or-strings",
        "RawExtension" | "JSON" | "FieldsV1" => "any",
        _ => return None,
    })
}

fn facts(property: &Value) -> Result<Field, String> {
    let words = |value: &Value| -> Option<String> { value.as_str().map(Into::into) };
    Ok(Field {
        ty: type_text(property)?,
        required: false,
        deprecated: is_deprecated(text(&property["description"])),
        atomic: property["x-kubernetes-map-type"] == "atomic",
        list: words(&property["x-kubernetes-list-type"]),
        keys: array(&property["x-kubernetes-list-map-keys"]).iter().map(|k| text(k).into()).collect(),
        patch: words(&property["x-kubernetes-patch-strategy"]),
        merge_key: words(&property["x-kubernetes-patch-merge-key"]),
        enums: None,
        // `{}`, `""` and `0` tell only how Go prints an empty field.
        default: property
            .get("default")
            .filter(|d| !matches!(d.to_string().as_str(), "{}" | "\"\"" | "0" | "false"))
            .cloned(),
    })
}

/// Whether a description declares its field deprecated, in one of the forms that upstream uses.
fn is_deprecated(description: &str) -> bool {
    let lower = description.to_ascii_lowercase();
    lower.starts_with("deprecated") || lower.contains("deprecated:") || description.contains("DEPRECATED")
}

fn type_text(property: &Value) -> Result<String, String> {
    let reference = property.get("$ref").or_else(|| property.pointer("/allOf/0/$ref"));
    if let Some(name) = reference.and_then(Value::as_str) {
        return Ok(short(name).to_owned());
    }
    let format = text(&property["format"]);
    Ok(match text(&property["type"]) {
        "array" => format!("[{}]", type_text(&property["items"])?),
        "object" if property["additionalProperties"].is_object() => {
            format!("{{{}}}", type_text(&property["additionalProperties"])?)
        }
        "object" => "any".into(),
        "integer" if format == "int32" => "int32".into(),
        "integer" => "int64".into(),
        "number" => "number".into(),
        "boolean" => "bool".into(),
        "string" if format == "byte" => "bytes".into(),
        "string" if format == "int-or-string" => "int-or-string".into(),
        "string" => "string".into(),
        "" => "any".into(),
        other => return Err(format!("a type `{other}` that the tables do not know")),
    })
}

pub fn array(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

pub fn text(value: &Value) -> &str {
    value.as_str().unwrap_or("")
}
