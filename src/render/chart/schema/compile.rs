//! What is wrong with a schema itself, before any value is checked.

use gotmpl::regexp::Regexp;
use gotmpl::{Data, Value};

use super::registry::{Place, Registry};

/// Keywords that hold one schema.
const SINGLE: &[&str] = &[
    "additionalItems",
    "additionalProperties",
    "contains",
    "else",
    "if",
    "items",
    "not",
    "propertyNames",
    "then",
    "unevaluatedItems",
    "unevaluatedProperties",
];
/// Keywords that hold a list of schemas; `items` may too.
const LISTS: &[&str] = &["allOf", "anyOf", "items", "oneOf", "prefixItems"];
/// Keywords that hold schemas by name. What only lies in `definitions` is looked at when it is referred to.
const MAPS: &[&str] = &["dependencies", "dependentSchemas", "patternProperties", "properties"];

/// Follows everything that a check could reach: references must lead somewhere, patterns must be patterns.
///
/// # Errors
/// The first that is not so, in the words of Helm's library.
pub(super) fn compile(registry: &mut Registry) -> Result<(), String> {
    let mut seen = std::collections::HashSet::new();
    let mut pending = std::collections::VecDeque::from([registry.root()]);
    while let Some(place) = pending.pop_front() {
        if !seen.insert((place.document, place.pointer.clone())) {
            continue;
        }
        let Some(map) = place.schema.as_map() else { continue };
        for keyword in ["$ref", "$recursiveRef", "$dynamicRef"] {
            let applies = match keyword {
                "$ref" => true,
                "$recursiveRef" => place.draft == 2019,
                _ => place.draft == 2020,
            };
            if let Some(reference) = map.get(keyword.as_bytes()).and_then(|v| v.text()).filter(|_| applies) {
                pending.push_back(registry.resolve(&reference.lossy(), &place)?);
            }
        }
        if place.draft < 2019 && map.contains(b"$ref") {
            continue;
        }
        let patterns =
            map.get(b"patternProperties").and_then(|v| v.as_map()).map(|m| m.keys()).unwrap_or_default();
        let pattern = map.get(b"pattern").and_then(|v| v.text());
        for (keyword, pattern) in
            patterns.iter().map(|p| ("patternProperties", p)).chain(pattern.iter().map(|p| ("pattern", p)))
        {
            if let Err(error) = Regexp::compile(pattern) {
                let at = format!("file:///values.schema.json#{}/{keyword}", place.pointer);
                let quoted = |bytes: &[u8]| gotmpl::strconv::quote(bytes);
                return Err(format!(
                    "invalid regex {} at {}: {error}",
                    quoted(pattern),
                    quoted(at.as_bytes())
                ));
            }
        }
        pending.extend(below(&place));
    }
    Ok(())
}

fn below(place: &Place) -> Vec<Place> {
    let is_schema = |value: &Value| matches!(value.data, Data::Map(_) | Data::Bool(_));
    let mut all = Vec::new();
    for &keyword in SINGLE {
        if let Some(schema) = place.get(keyword).filter(is_schema) {
            all.push(place.below(&[keyword], schema));
        }
    }
    for &keyword in LISTS {
        let Some(list) = place.get(keyword).and_then(|v| v.as_list()) else { continue };
        for (i, schema) in list.iter().enumerate().filter(|(_, v)| is_schema(v)) {
            all.push(place.below(&[keyword, &i.to_string()], schema.clone()));
        }
    }
    for &keyword in MAPS {
        let Some(map) = place.get(keyword).and_then(|v| v.as_map()) else { continue };
        for (name, schema) in map.entries().into_iter().filter(|(_, v)| is_schema(v)) {
            all.push(place.below(&[keyword, &name.lossy()], schema));
        }
    }
    all
}
