//! The JSON Schema of `plimsoll.yaml`, from the same declaration that reads it.

use serde_json::{Map, Value, json};

use super::{Key, ROOT, Shape};

/// The schema, as `schemas/plimsoll.schema.json` has it.
pub fn json_schema() -> String {
    let mut schema = of(&ROOT);
    if let Some(map) = schema.as_object_mut() {
        map.insert("$schema".to_owned(), json!("http://json-schema.org/draft-07/schema#"));
        map.insert("title".to_owned(), json!("plimsoll.yaml"));
        map.insert("description".to_owned(), json!("Settings of plimsoll: rules, parameters, exceptions."));
    }
    // Pretty, with keys in their order, so that a change reads as one.
    let mut text = serde_json::to_string_pretty(&schema).unwrap_or_default();
    text.push('\n');
    text
}

fn of(shape: &Shape) -> Value {
    match shape {
        // What YAML takes for a number or a switch is still the text that it stands for.
        Shape::Text => json!({"type": ["string", "number", "boolean"]}),
        Shape::Form(what, _) => json!({"type": ["string", "number"], "description": what}),
        Shape::Number => json!({"type": "integer"}),
        Shape::Switch => json!({"type": "boolean"}),
        Shape::Word(_, words) => {
            let mut words: Vec<Value> = words().into_iter().map(Value::from).collect();
            if words.iter().any(|word| word == "on") {
                words.extend([Value::Bool(true), Value::Bool(false)]);
            }
            json!({"enum": words})
        }
        Shape::List(item) => json!({"type": "array", "items": of(item)}),
        Shape::Some(one) => json!({"anyOf": [of(one), {"type": "array", "items": of(one)}]}),
        Shape::Demands => json!({"anyOf": [of(&super::shape::TEXTS), of(&super::shape::LISTS)]}),
        Shape::Map(keys) => {
            let properties: Map<String, Value> =
                keys.iter().map(|key| (key.name.to_owned(), of_key(key))).collect();
            let mut schema = json!({
                "type": "object",
                "additionalProperties": false,
                "properties": properties,
            });
            let required: Vec<&str> = keys.iter().filter(|key| key.required).map(|key| key.name).collect();
            if !required.is_empty() {
                schema["required"] = json!(required);
            }
            schema
        }
        Shape::Table(_, names, value) => {
            let value = of(value);
            let properties: Map<String, Value> =
                names().into_iter().map(|name| (name.to_owned(), value.clone())).collect();
            json!({"type": "object", "additionalProperties": false, "properties": properties})
        }
        Shape::Any(value) => json!({"type": "object", "additionalProperties": of(value)}),
    }
}

fn of_key(key: &Key) -> Value {
    let mut schema = of(&key.shape);
    schema["description"] = json!(key.docs);
    schema
}
