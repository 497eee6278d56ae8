//! JSON Schemas that people bring along: `values.schema.json` of a chart, schema folders in kubeconform's layout.
//!
//! The `jsonschema` crate judges, in all drafts. What is said of a violation is what the validator of Helm and kubeconform
//! (github.com/santhosh-tekuri/jsonschema v6) says, so that both can be stood in for: [`Problem`] nests as its errors nest.
//!
//! ```
//! use plimsoll::schema::json::{How, JsonSchema};
//! use serde_json::json;
//!
//! let schema = json!({"properties": {"port": {"maximum": 65535}}});
//! let schema = JsonSchema::compile(&schema, How::default()).unwrap();
//! let problem = schema.check(&json!({"port": 70000})).unwrap();
//! assert_eq!(problem.lines(), "- at '/port': maximum: got 70,000, want 65,535");
//! ```

mod broken;
mod format;
mod patterns;
mod tree;
mod words;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use jsonschema::{Draft, PatternOptions, Retrieve, Uri, ValidationOptions, Validator};
use serde_json::Value;

pub use tree::{Problem, Shape};

/// The draft of kubeconform's schemas that do not name one.
pub(crate) fn draft4() -> Draft {
    Draft::Draft4
}

/// What brings a document by its address, or says why it does not.
pub type Fetch = dyn Fn(&str) -> Result<Value, String> + Send + Sync;

/// How a schema is read.
pub struct How {
    /// Its address, which references are relative to.
    pub address: String,
    /// The draft of a schema that does not name one.
    pub draft: Draft,
    /// Whether the format `duration` takes Go's form (`1h30m`) too, as kubeconform does.
    pub go_durations: bool,
    /// Brings the documents that references lead to.
    pub fetch: Arc<Fetch>,
}

impl Default for How {
    /// As Helm reads `values.schema.json`, with no way to other documents.
    fn default() -> Self {
        How {
            address: "file:///values.schema.json".to_owned(),
            draft: Draft::Draft202012,
            go_durations: false,
            fetch: Arc::new(|_| Err("schemas are not fetched: rendering uses no network".to_owned())),
        }
    }
}

/// A schema that is ready to judge values.
pub struct JsonSchema {
    root: Value,
    validator: Validator,
    address: String,
    draft: Draft,
    go_durations: bool,
    /// Patterns that were written out, and what they were.
    patterns: HashMap<String, String>,
}

/// Nesting of a schema: what a person or a generator writes has some ten levels.
const SCHEMA_DEPTH: usize = 1_000;
/// Nesting of a value: the crate's time grows with its square where a schema follows it all the way.
const VALUE_DEPTH: usize = 2_000;
/// Nesting of a value that needs no more stack than any thread has.
const SHALLOW: usize = 100;
/// Stack for the others: the crate recurses, and Go reads 10,000 levels.
const STACK: usize = 512 << 20;

impl JsonSchema {
    /// Makes a schema ready.
    ///
    /// # Errors
    /// What is wrong with the schema itself, in the validator's words.
    pub fn compile(schema: &Value, how: How) -> Result<JsonSchema, String> {
        if depth(schema) > SCHEMA_DEPTH {
            return Err("the schema is nested too deeply".to_owned());
        }
        let How { address, draft, go_durations, fetch } = how;
        let draft = broken::draft(schema, draft)?;
        let failed = Arc::new(Mutex::new(None));
        let retriever = Fetcher { fetch, failed: failed.clone() };
        let options = options(draft, go_durations).with_base_uri(address.clone()).with_retriever(retriever);
        // A chain of references is as deep as it is long.
        let mut root = schema.clone();
        if let Some(named) = root.get_mut("$schema") {
            // By its one name: "the newest" has a short one that the crate does not know.
            *named = broken::metaschema(draft).into();
        }
        let mut patterns = HashMap::new();
        let mut built = stacker::grow(STACK, || options.build(&root));
        if built.as_ref().is_err_and(broken::is_about_a_pattern)
            && let Some((written, names)) = patterns::written_out(&root)
        {
            (root, patterns) = (written, names);
            built = stacker::grow(STACK, || options.build(&root));
        }
        if let Some(text) = failed.lock().unwrap_or_else(PoisonError::into_inner).take() {
            return Err(text);
        }
        match built {
            Ok(validator) => Ok(JsonSchema { root, validator, address, draft, go_durations, patterns }),
            Err(error) => Err(broken::text(&error, schema, draft, &address)),
        }
    }

    /// What is wrong with a value; `None` if nothing is.
    pub fn check(&self, value: &Value) -> Option<Problem> {
        let check = || {
            if self.validator.is_valid(value) {
                return None;
            }
            let problems = tree::grow(&self.validator, value, Some(self));
            (!problems.is_empty()).then(|| Problem::whole(problems))
        };
        let depth = depth(value);
        if depth > VALUE_DEPTH {
            return Some(Problem::deep());
        }
        if depth < SHALLOW { check() } else { stacker::grow(STACK, check) }
    }

    /// The address of the schema, with the `#` that the validator shows.
    pub fn location(&self) -> String {
        format!("{}#", self.address)
    }

    /// The part of the schema at a pointer, as a schema of its own; for what the crate gives no details of.
    fn below(&self, pointer: &str) -> Option<Validator> {
        let part = self.root.pointer(pointer)?;
        let mut whole = serde_json::Map::new();
        for key in ["$schema", "$defs", "definitions"] {
            if let Some(value) = self.root.get(key) {
                whole.insert(key.to_owned(), value.clone());
            }
        }
        whole.insert("allOf".to_owned(), Value::Array(vec![part.clone()]));
        options(self.draft, self.go_durations).build(&Value::Object(whole)).ok()
    }
}

/// The crate's options: Go's formats, and regular expressions that take linear time.
fn options(draft: Draft, go_durations: bool) -> ValidationOptions<'static> {
    let asserts = matches!(draft, Draft::Draft4 | Draft::Draft6 | Draft::Draft7);
    let mut options = jsonschema::options()
        .with_pattern_options(PatternOptions::regex())
        .with_draft(draft)
        .should_validate_formats(asserts);
    for name in format::NAMES {
        options = options.with_format(*name, move |text: &str| format::check(name, text).is_ok());
    }
    if go_durations {
        options = options.with_format("duration", |text: &str| {
            format::check("duration", text).is_ok() || format::is_go_duration(text)
        });
    }
    options
}

struct Fetcher {
    fetch: Arc<Fetch>,
    failed: Arc<Mutex<Option<String>>>,
}

impl Retrieve for Fetcher {
    fn retrieve(&self, uri: &Uri<String>) -> Result<Value, Box<dyn std::error::Error + Send + Sync>> {
        (self.fetch)(uri.as_str()).map_err(|why| {
            let text = format!("failing loading {}: {why}", words::go_quote(uri.as_str()));
            self.failed.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(text);
            why.into()
        })
    }
}

/// Levels of nesting, counted without recursion.
fn depth(value: &Value) -> usize {
    let mut deepest = 0;
    let mut open = vec![(value, 1)];
    while let Some((value, level)) = open.pop() {
        deepest = deepest.max(level);
        match value {
            Value::Array(items) => open.extend(items.iter().map(|item| (item, level + 1))),
            Value::Object(map) => open.extend(map.values().map(|item| (item, level + 1))),
            _ => {}
        }
    }
    deepest
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn says(schema: Value, value: Value) -> String {
        match JsonSchema::compile(&schema, How::default()) {
            Ok(schema) => schema.check(&value).map_or_else(String::new, |problem| problem.lines()),
            Err(why) => format!("broken: {why}"),
        }
    }

    #[test]
    fn patterns_are_those_of_go() {
        assert_eq!(says(json!({"pattern": "^(?i)yes$"}), json!("YES")), "");
        assert_eq!(
            says(json!({"pattern": "^(?i)yes]$"}), json!("no")),
            "- at '': 'no' does not match pattern '^(?i)yes]$'"
        );
        assert_eq!(
            says(json!({"patternProperties": {"^(?i)a": {"type": "string"}}}), json!({"A": 1})),
            "- at '/A': got number, want string"
        );
        assert!(says(json!({"pattern": "(?=a)"}), json!("a")).starts_with("broken: invalid regex \"(?=a)\""));
    }

    #[test]
    fn parts_that_the_crate_gives_no_details_of_are_asked_again() {
        assert_eq!(
            says(json!({"contains": {"type": "string"}, "minContains": 2}), json!([1, "a"])),
            "- at '': min 2 items required to match contains schema, but matched 1 items at 1\n  - at '/0': got number, want string"
        );
        assert_eq!(
            says(
                json!({"properties": {"a": true}, "unevaluatedProperties": {"type": "string"}}),
                json!({"a": 1, "b": 1})
            ),
            "- at '/b': got number, want string"
        );
        assert_eq!(
            says(json!({"dependentRequired": {"a": ["b", "c"]}}), json!({"a": 1})),
            "- at '': properties 'b', 'c' required, if 'a' exists"
        );
    }

    #[test]
    fn hostile_schemas_end() {
        // Building and dropping what is that deep takes room, too.
        stacker::grow(STACK, || {
            assert_eq!(says(json!({"$ref": "#"}), json!({})), "");
            let within =
                |key: &str, value: Value| Value::Object([(key.to_owned(), value)].into_iter().collect());
            let deep = (0..2_000).fold(json!({}), |deep, _| within("properties", within("a", deep)));
            assert_eq!(says(deep, json!({})), "broken: the schema is nested too deeply");
            let chain: serde_json::Map<String, Value> = (0..1_000)
                .map(|at| (format!("d{at}"), json!({"$ref": format!("#/definitions/d{}", at + 1)})))
                .chain([("d1000".to_owned(), json!({"type": "string"}))])
                .collect();
            let chain = json!({"$ref": "#/definitions/d0", "definitions": chain});
            assert_eq!(says(chain, json!(1)), "- at '': got number, want string");
            let value = (0..3_000).fold(json!(1), |value, _| Value::Array(vec![value]));
            let list = json!({"type": ["string", "array"], "items": {"$ref": "#"}});
            assert_eq!(says(list, value), "- at '': the value is nested too deeply");
        });
    }
}
