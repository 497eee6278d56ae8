//! The suite `semver`: versions, their order, constraints.

use gotmpl::semver::{Constraints, Version};
use serde_json::{Map, Value, json};

use super::{Answer, Question};

pub fn answer(question: &Question) -> Answer {
    let text = |key: &str| question.get(key).and_then(Value::as_str).unwrap_or_default().as_bytes();
    let answer = match question.get("mode").and_then(Value::as_str).unwrap_or_default() {
        "parse" => parts(&Version::parse(text("version"))?),
        "parse-strict" => parts(&Version::parse_strict(text("version"))?),
        "compare" => {
            let order = Version::parse(text("version"))?.compare(&Version::parse(text("with"))?);
            json!({"json": order as i8})
        }
        "constraint-string" => json!({"json": Constraints::parse(text("constraint"))?.to_string()}),
        "check" => {
            let constraints = Constraints::parse(text("constraint"))?;
            let version = Version::parse(text("version"))?;
            match constraints.validate(&version) {
                Ok(()) => json!({"json": constraints.check(&version)}),
                Err(messages) => json!({"json": constraints.check(&version), "messages": messages}),
            }
        }
        other => return Err(format!("unknown mode {other}")),
    };
    match answer {
        Value::Object(fields) => Ok(fields),
        _ => Ok(Map::new()),
    }
}

fn parts(v: &Version) -> Value {
    json!({"json": {
        "major": v.major, "minor": v.minor, "patch": v.patch, "prerelease": v.prerelease,
        "metadata": v.metadata, "original": v.original, "string": v.to_string(),
    }})
}
