//! `values.schema.json`: whether the values of each chart fit its schema, told in Helm's words.

mod value;

use gotmpl::{Data, MapRef, Value, json};
use source::{Chain, Diagnostic, Label, OriginId, Origins, Place, SourceId, Span};

use super::Fail;
use super::codes::{VALUES_SCHEMA_INVALID, VALUES_SCHEMA_VIOLATED};
use super::graph::{ChartId, Graph};
use super::load::{LoadCx, fail};
use super::log::{self, Level};
use super::profile::Profile;
use super::render::RenderOptions;
use crate::schema::json::{How, JsonSchema, Problem, Shape};

/// Checks the values of each chart against its schema, the root's first.
///
/// # Errors
/// All that does not fit, in one error whose text is Helm's; each violation is a place of its own.
pub(crate) fn validate(
    graph: &Graph<'_>,
    values: &MapRef,
    options: &RenderOptions,
    cx: &mut LoadCx<'_>,
) -> Result<(), Fail> {
    let mut found = Found::default();
    charts(graph, Graph::ROOT, values, options, cx, &mut found);
    if found.text.is_empty() {
        return Ok(());
    }
    let upstream = format!(
        "values don't meet the specifications of the schema(s) in the following chart(s):\n{}",
        found.text
    );
    let mut labels = found.labels.into_iter();
    let (first, message) = labels.next().unwrap_or_else(|| {
        let top = Span::top(graph[Graph::ROOT].chart.source);
        (vec![Label::new(top, "")], "the values do not fit".to_owned())
    });
    let code = if found.is_schema_broken { &VALUES_SCHEMA_INVALID } else { &VALUES_SCHEMA_VIOLATED };
    let mut places = first.into_iter();
    let at = places.next().map_or(Place::Span(Span::top(SourceId(0))), |label| label.at);
    let mut failure = fail(code, at, message, &upstream);
    failure.0.related.extend(places);
    for (places, message) in labels {
        failure
            .0
            .related
            .extend(places.into_iter().take(1).map(|label| Label::new(label.at, message.clone())));
    }
    Err(failure)
}

#[derive(Default)]
struct Found {
    text: String,
    /// The places of each violation (the value, the rule) and what is wrong.
    labels: Vec<(Vec<Label>, String)>,
    is_schema_broken: bool,
}

fn charts(
    graph: &Graph<'_>,
    chart: ChartId,
    values: &MapRef,
    options: &RenderOptions,
    cx: &mut LoadCx<'_>,
    found: &mut Found,
) {
    let node = &graph[chart];
    let name = graph.name(chart);
    if let Some(schema) = &node.chart.schema {
        let start = found.text.len();
        one(&schema.data, schema.source, values, found);
        if found.text.len() > start {
            found.text.insert_str(start, &format!("{name}:\n"));
        }
    }
    if options.debug && cx.profile == Profile::Helm4 {
        let count = node.subcharts.len().to_string();
        let message = "number of dependencies in the chart";
        let line = log::line(Level::Debug, message, &[("chart", name), ("dependencies", &count)]);
        let at = Span::top(node.chart.source);
        cx.out.push(Diagnostic::new(&super::codes::DEBUG, at, message).upstream(line));
    }
    for &subchart in &node.subcharts {
        let name = graph.name(subchart);
        let Some(value) = values.get(name.as_bytes()).filter(|value| !value.is_nil()) else { continue };
        match value.as_map() {
            Some(table) => charts(graph, subchart, &table, options, cx, found),
            None => {
                let message =
                    format!("invalid type for values: expected object (map), got {}", value.type_name());
                found.text += &format!("{name}:\n{message}\n");
                found.labels.push((vec![Label::new(value.origin, "")], message));
            }
        }
    }
}

/// One schema over the values of its chart.
fn one(text: &[u8], source: SourceId, values: &MapRef, found: &mut Found) {
    if let Err(broken) = check(text, source, values, found) {
        found.is_schema_broken = true;
        found.text += &broken;
        found.labels.push((vec![Label::new(Span::top(source), "")], broken));
    }
}

/// Room for values and schemas as deep as Go reads them: they are walked, and dropped, by recursion.
const STACK: usize = 64 << 20;

/// `Err` where the schema itself is broken; only what values violate ends with a line break in Helm's text.
fn check(text: &[u8], source: SourceId, values: &MapRef, found: &mut Found) -> Result<(), String> {
    let schema = json::decode(text, &mut |_| OriginId::UNKNOWN).map_err(|error| error.stream_text())?;
    let value = Value::from(values.clone());
    let judge = || -> Result<Option<Problem>, String> {
        let schema = JsonSchema::compile(&value::json(&schema), How::default())?;
        Ok(schema.check(&value::json(&value)))
    };
    if let Some(problem) = stacker::grow(STACK, judge)? {
        found.text += &problem.lines();
        found.text.push('\n');
        label(&problem, &value, text, source, found);
    }
    Ok(())
}

/// Violations that are told with a place; Helm's text has them all.
const MAX_LABELS: usize = 20;

/// The places of each violation: the value, then the rule.
fn label(problem: &Problem, values: &Value, schema: &[u8], source: SourceId, found: &mut Found) {
    // Positions in the schema are only wanted now, so it is read again with them.
    let mut places = Origins::new();
    let mut place = |range: std::ops::Range<usize>| {
        places.intern(Chain::Read(Span::new(source, range.start as u32, range.end as u32)))
    };
    let Ok(schema) = json::decode(schema, &mut place) else { return };
    let mut pending = vec![problem];
    while let Some(problem) = pending.pop() {
        if found.labels.len() >= MAX_LABELS {
            return;
        }
        // A choice of which none fits is one violation, whatever is wrong with each.
        if !problem.causes.is_empty() && problem.shape != Shape::Choice {
            pending.extend(problem.causes.iter().rev());
            continue;
        }
        let path: Vec<&str> = problem.path.iter().map(String::as_str).collect();
        let name = if path.is_empty() { "the values".to_owned() } else { format!("`{}`", path.join(".")) };
        let mut labels = Vec::new();
        let origin = origin_at(values, &path);
        if origin != OriginId::UNKNOWN {
            labels.push(Label::new(origin, ""));
        }
        if !problem.is_elsewhere {
            let tokens: Vec<String> = problem
                .rule
                .split('/')
                .skip(1)
                .map(|token| token.replace("~1", "/").replace("~0", "~"))
                .collect();
            let tokens: Vec<&str> = tokens.iter().map(String::as_str).collect();
            if let Some(span) = places.primary(origin_at(&schema, &tokens)) {
                labels.push(Label::new(span, "the schema says so here"));
            }
        }
        found.labels.push((labels, format!("{name}: {}", problem.message)));
    }
}

/// Where a value came from; of one that is not there, where the table came from that lacks it.
fn origin_at(value: &Value, path: &[&str]) -> OriginId {
    let mut at = value.clone();
    for token in path {
        let next = match &at.data {
            Data::Map(map) => map.get(token.as_bytes()),
            Data::List(list) => token.parse::<usize>().ok().and_then(|i| list.get(i).cloned()),
            _ => None,
        };
        match next {
            Some(next) => at = next,
            None => break,
        }
    }
    at.origin
}

#[cfg(test)]
mod tests {
    use super::*;

    fn says(schema: &str, values: &str) -> String {
        let values =
            json::decode(values.as_bytes(), &mut |_| OriginId::UNKNOWN).ok().and_then(|v| v.as_map());
        let mut found = Found::default();
        one(schema.as_bytes(), SourceId(0), &values.expect("values"), &mut found);
        found.text
    }

    #[test]
    fn violations_are_told_as_helm_tells_them() {
        let schema = r##"{
            "$schema": "http://json-schema.org/draft-07/schema#",
            "required": ["name"],
            "properties": {
                "port": {"type": "integer", "maximum": 65535},
                "mode": {"enum": ["fast", "slow"]},
                "tags": {"maxItems": 1, "uniqueItems": true, "items": {"type": "string"}},
                "either": {"oneOf": [{"type": "string"}, {"type": "object", "required": ["k"]}]},
                "part": {"$ref": "#/definitions/part"}
            },
            "definitions": {"part": {"properties": {"x": {"type": "string"}, "y": {"type": "string"}}}}
        }"##;
        for (values, expected) in [
            (r#"{"name": 1}"#, ""),
            (r#"{}"#, "- at '': missing property 'name'\n"),
            (r#"{"name": 1, "port": "80"}"#, "- at '/port': got string, want integer\n"),
            (r#"{"name": 1, "port": 70000}"#, "- at '/port': maximum: got 70,000, want 65,535\n"),
            (r#"{"name": 1, "mode": "x"}"#, "- at '/mode': value must be one of 'fast', 'slow'\n"),
            (
                r#"{"name": 1, "tags": ["a", "a"]}"#,
                "- at '/tags': maxItems: got 2, want 1\n- at '/tags': items at 0 and 1 are equal\n",
            ),
            (
                r#"{"name": 1, "either": {"j": 1}}"#,
                "- at '/either': 'oneOf' failed, none matched\n  - at '/either': got object, want string\n  - at '/either': missing property 'k'\n",
            ),
            (r#"{"name": 1, "part": {"x": 1}}"#, "- at '/part/x': got number, want string\n"),
            (
                r#"{"name": 1, "part": {"x": 1, "y": 1}}"#,
                "- at '/part': validation failed\n  - at '/part/x': got number, want string\n  - at '/part/y': got number, want string\n",
            ),
        ] {
            assert_eq!(says(schema, values), expected, "{values}");
        }
    }

    #[test]
    fn a_broken_schema_is_told_before_any_value() {
        assert_eq!(says("{", "{}"), "unexpected EOF");
        assert!(says(r#"{"type": "strnig"}"#, "{}").starts_with(
            "\"file:///values.schema.json#\" is not valid against metaschema: jsonschema validation failed with 'https://json-schema.org/draft/2020-12/schema#'\n- at '': 'allOf' failed\n  - at '/type': 'anyOf' failed\n"
        ));
        assert_eq!(
            says(r##"{"properties": {"a": {"$ref": "#/nowhere"}}}"##, "{}"),
            "json-pointer in \"file:///values.schema.json#/nowhere\" not found"
        );
    }

    #[test]
    fn what_nobody_spoke_about_is_refused() {
        let schema = r#"{"allOf": [{"properties": {"a": true}}], "properties": {"b": true}, "unevaluatedProperties": false}"#;
        assert_eq!(says(schema, r#"{"a": 1, "b": 2}"#), "");
        assert_eq!(says(schema, r#"{"a": 1, "c": 2}"#), "- at '/c': false schema\n");
    }
}
