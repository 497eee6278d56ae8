//! What is wrong with a schema itself, in the validator's words.

use gotmpl::regexp::Regexp;
use jsonschema::error::ValidationErrorKind as Kind;
use jsonschema::{Draft, ReferencingError, ValidationError};
use serde_json::{Value, json};

use super::words::go_quote;
use super::{Problem, options, tree};

/// The draft that a schema names, or the one of those that name none.
///
/// # Errors
/// It names one that nobody knows.
pub(super) fn draft(schema: &Value, default: Draft) -> Result<Draft, String> {
    let Some(address) = schema.get("$schema").and_then(Value::as_str) else { return Ok(default) };
    let bare = address.strip_suffix('#').unwrap_or(address);
    let path = bare.strip_prefix("http://").or_else(|| bare.strip_prefix("https://")).unwrap_or(bare);
    Ok(match path {
        "json-schema.org/schema" | "json-schema.org/draft/2020-12/schema" => Draft::Draft202012,
        "json-schema.org/draft/2019-09/schema" => Draft::Draft201909,
        "json-schema.org/draft-07/schema" => Draft::Draft7,
        "json-schema.org/draft-06/schema" => Draft::Draft6,
        "json-schema.org/draft-04/schema" => Draft::Draft4,
        _ => {
            let quoted = go_quote(address);
            return Err(format!(
                "failing loading {quoted}: schemas are not fetched: rendering uses no network"
            ));
        }
    })
}

/// Whether a pattern is what keeps a schema from being ready.
pub(super) fn is_about_a_pattern(error: &ValidationError<'_>) -> bool {
    match error.kind() {
        Kind::Format { format } => format == "regex",
        Kind::PropertyNames { error } => is_about_a_pattern(error),
        Kind::AnyOf { context } | Kind::OneOfNotValid { context } => {
            context.iter().flatten().any(is_about_a_pattern)
        }
        _ => false,
    }
}

/// Why a schema could not be made ready.
pub(super) fn text(error: &ValidationError<'_>, schema: &Value, draft: Draft, address: &str) -> String {
    match error.kind() {
        Kind::Referencing(error) => return reference(error, address),
        // The validator holds the whole schema against the schema of schemas first.
        _ => {
            if let Some(problem) = against_metaschema(schema, draft) {
                return format!(
                    "{} is not valid against metaschema: jsonschema validation failed with '{}#'\n{}",
                    go_quote(&format!("{address}#")),
                    metaschema(draft),
                    problem.lines(),
                );
            }
        }
    }
    match error.instance().as_str() {
        Some(pattern) if matches!(error.kind(), Kind::Format { .. }) => {
            let why = match Regexp::compile(pattern.as_bytes()) {
                Err(why) => why.to_string(),
                Ok(_) => "it cannot be compiled".to_owned(),
            };
            let at = go_quote(&format!("{address}#{}", error.instance_path()));
            format!("invalid regex {} at {at}: {why}", go_quote(pattern))
        }
        _ => format!("{}: {error}", go_quote(&format!("{address}#{}", error.instance_path()))),
    }
}

fn reference(error: &ReferencingError, address: &str) -> String {
    match error {
        ReferencingError::PointerToNowhere { pointer } => {
            format!("json-pointer in {} not found", go_quote(&format!("{address}#{pointer}")))
        }
        ReferencingError::NoSuchAnchor { anchor } => format!(
            "anchor in {} not found in schema {}",
            go_quote(&format!("{address}#{anchor}")),
            go_quote(&format!("{address}#"))
        ),
        other => other.to_string(),
    }
}

/// The address of a draft's schema of schemas.
pub(super) fn metaschema(draft: Draft) -> &'static str {
    match draft {
        Draft::Draft4 => "http://json-schema.org/draft-04/schema",
        Draft::Draft6 => "http://json-schema.org/draft-06/schema",
        Draft::Draft7 => "http://json-schema.org/draft-07/schema",
        Draft::Draft201909 => "https://json-schema.org/draft/2019-09/schema",
        _ => "https://json-schema.org/draft/2020-12/schema",
    }
}

fn against_metaschema(schema: &Value, draft: Draft) -> Option<Problem> {
    let reference = json!({"$ref": metaschema(draft)});
    let validator = options(draft, false).build(&reference).ok()?;
    let problems = tree::grow(&validator, schema, None);
    // What lies behind the reference is the schema itself.
    let problems: Vec<Problem> = problems.into_iter().flat_map(|problem| problem.causes).collect();
    (!problems.is_empty()).then(|| Problem::whole(problems))
}
