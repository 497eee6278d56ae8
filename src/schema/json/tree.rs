//! The crate's errors, which are a flat list, nested as the validator's own errors nest.
//!
//! Each error of the crate tells the way of keywords on which it was found, references included. Those ways are the tree:
//! errors are gathered by schema and value, sorted as the validator visits them, and held together by the keywords that hold
//! schemas together. Where the validator stops after a rule that failed, what the crate found beyond it is left out. Where it
//! walks a map in random order, this is in the order of the names.

use jsonschema::error::{TypeKind, ValidationErrorKind as Kind};
use jsonschema::paths::{Location, LocationSegment};
use jsonschema::{ValidationError, Validator};
use serde_json::Value;

use super::words::{count, display, number, quote, quote_all, type_of};
use super::{JsonSchema, format};

/// What is wrong with a value, or with something inside of it.
#[derive(Clone, PartialEq, Debug)]
pub struct Problem {
    /// The way to the value: keys and indices.
    pub path: Vec<String>,
    /// The rule, as a pointer into the document that holds it.
    pub rule: String,
    /// Whether that document is another than the schema itself.
    pub is_elsewhere: bool,
    /// What is wrong.
    pub message: String,
    /// Whether it only holds others together.
    pub shape: Shape,
    /// What it consists of.
    pub causes: Vec<Problem>,
}

/// How a problem is shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Shape {
    /// By its message.
    Plain,
    /// By its message; what it consists of are the ways in which none of several schemas fits.
    Choice,
    /// Several rules of one schema.
    Group,
    /// What lies behind a reference; alone it is not shown.
    Reference,
}

impl Problem {
    /// The problem that stands for several of one schema.
    pub(super) fn whole(mut problems: Vec<Problem>) -> Problem {
        if problems.len() == 1
            && let Some(problem) = problems.pop()
        {
            return problem;
        }
        let path = Vec::new();
        Problem { path, shape: Shape::Group, causes: problems, ..plain_problem("validation failed") }
    }

    /// A value that is not looked at.
    pub(super) fn deep() -> Problem {
        plain_problem("the value is nested too deeply")
    }

    /// What the validator's error consists of: the parts of an outermost group stand side by side.
    pub fn parts(&self) -> &[Problem] {
        if self.shape == Shape::Group { &self.causes } else { std::slice::from_ref(self) }
    }

    /// The lines that the validator prints, the first without a line break before it.
    pub fn lines(&self) -> String {
        let mut out = String::new();
        self.parts().iter().for_each(|part| part.show(0, &mut out));
        out.trim_start_matches('\n').to_owned()
    }

    /// The way to the value as a JSON pointer.
    pub fn pointer(&self) -> String {
        let escaped = self.path.iter().map(|t| format!("/{}", t.replace('~', "~0").replace('/', "~1")));
        escaped.collect()
    }

    fn show(&self, indent: usize, out: &mut String) {
        let is_shown = self.shape != Shape::Reference || self.causes.len() != 1;
        if is_shown {
            out.push('\n');
            out.push_str(&"  ".repeat(indent));
            out.push_str(&format!("- at {}: {}", quote(&self.pointer()), self.message));
        }
        for cause in &self.causes {
            cause.show(indent + usize::from(is_shown), out);
        }
    }
}

fn plain_problem(message: impl Into<String>) -> Problem {
    Problem {
        path: Vec::new(),
        rule: String::new(),
        is_elsewhere: false,
        message: message.into(),
        shape: Shape::Plain,
        causes: Vec::new(),
    }
}

/// All that is wrong with a value, as the schema's rules are gone through; without the schema's text some details are
/// missing.
pub(super) fn grow(validator: &Validator, value: &Value, schema: Option<&JsonSchema>) -> Vec<Problem> {
    let errors: Vec<ValidationError<'_>> = validator.iter_errors(value).collect();
    Tree { schema }.of_schema(errors.iter().map(Item::of).collect(), 0, 0)
}

/// One error of the crate.
#[derive(Clone)]
struct Item<'e> {
    error: &'e ValidationError<'e>,
    /// Keywords, names and indices on the way to the rule, references included.
    way: Vec<String>,
    /// Keys and indices on the way to the value.
    path: Vec<String>,
}

impl<'e> Item<'e> {
    fn of(error: &'e ValidationError<'e>) -> Self {
        Item { error, way: steps(error.evaluation_path()), path: steps(error.instance_path()) }
    }

    fn keyword(&self, at: usize) -> &str {
        self.way.get(at).map_or("", |step| step)
    }

    fn problem(&self, message: impl Into<String>) -> Problem {
        Problem {
            path: self.path.clone(),
            rule: self.error.schema_path().to_string(),
            is_elsewhere: false,
            message: message.into(),
            shape: Shape::Plain,
            causes: Vec::new(),
        }
    }
}

fn steps(location: &Location) -> Vec<String> {
    let text = |segment: LocationSegment<'_>| match segment {
        LocationSegment::Property(name) => name.into_owned(),
        LocationSegment::Index(index) => index.to_string(),
    };
    location.iter().map(text).collect()
}

/// The order in which the rules of a schema are looked at; those beside each other in one entry are looked at member by
/// member.
const ORDER: &[&[&str]] = &[
    &["$ref"],
    &["minProperties"],
    &["maxProperties"],
    &["required"],
    &["dependencies"],
    &["properties", "patternProperties", "additionalProperties"],
    &["propertyNames"],
    &["dependentSchemas"],
    &["dependentRequired"],
    &["minItems"],
    &["maxItems"],
    &["uniqueItems"],
    &["prefixItems", "items", "additionalItems"],
    &["contains", "minContains"],
    &["maxContains"],
    &["minLength"],
    &["maxLength"],
    &["pattern"],
    &["contentEncoding"],
    &["contentMediaType"],
    &["minimum"],
    &["maximum"],
    &["exclusiveMinimum"],
    &["exclusiveMaximum"],
    &["multipleOf"],
    &["$recursiveRef", "$dynamicRef"],
    &["not"],
    &["allOf"],
    &["anyOf"],
    &["oneOf"],
    &["then", "else"],
    &["unevaluatedProperties"],
    &["unevaluatedItems"],
];

/// Rules after which nothing else of a schema is looked at.
const FIRST: [&str; 4] = ["type", "const", "enum", "format"];

struct Tree<'s> {
    schema: Option<&'s JsonSchema>,
}

/// What tells the applications of schemas below one schema apart: the rule's rank, the part of the value, the rule, and
/// the name or index of the schema below it.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Branch {
    rank: usize,
    member: Member,
    keyword: usize,
    name: String,
}

/// A member of a map or an item of a list; items go by number.
#[derive(PartialEq, Eq, PartialOrd, Ord, Clone)]
struct Member(Option<usize>, String);

impl Tree<'_> {
    /// What one schema says of one value: `at` steps lead to the schema, `depth` steps to the value.
    fn of_schema(&self, items: Vec<Item<'_>>, at: usize, depth: usize) -> Vec<Problem> {
        if let Some(item) = items.iter().find(|i| i.way.len() == at) {
            return vec![item.problem("false schema")];
        }
        for keyword in FIRST {
            if let Some(item) = items.iter().find(|i| i.keyword(at) == keyword) {
                return vec![item.problem(first(item.error))];
            }
        }
        let mut branches: Vec<(Branch, Vec<Item<'_>>)> = Vec::new();
        for item in items {
            let branch = branch(&item, at, depth);
            match branches.iter_mut().find(|(known, _)| *known == branch) {
                Some((_, items)) => items.push(item),
                None => branches.push((branch, vec![item])),
            }
        }
        branches.sort_by(|(a, _), (b, _)| a.cmp(b));
        let mut problems: Vec<Problem> = Vec::new();
        for (_, items) in branches {
            self.of_branch(items, at, depth, &mut problems);
        }
        problems
    }

    /// What one rule says.
    fn of_branch(&self, items: Vec<Item<'_>>, at: usize, depth: usize, out: &mut Vec<Problem>) {
        let Some(first) = items.first().cloned() else { return };
        let keyword = first.keyword(at).to_owned();
        let ends_here = first.way.len() == at + 1;
        match keyword.as_str() {
            "$ref" | "$recursiveRef" | "$dynamicRef" => {
                let path = first.path.iter().take(depth).cloned().collect();
                let causes = self.of_schema(items, at + 1, depth);
                out.push(Problem {
                    path,
                    shape: Shape::Reference,
                    causes,
                    ..plain_problem("validation failed")
                });
            }
            "allOf" => {
                let path = first.path.iter().take(depth).cloned().collect();
                let causes =
                    each(items, at).into_iter().map(|items| self.one(items, at + 2, depth)).collect();
                out.push(Problem { path, causes, ..plain_problem("'allOf' failed") });
            }
            "anyOf" | "oneOf" if ends_here => out.push(self.choice(&first, at, depth)),
            "propertyNames" => self.names(&items, at, out),
            "required" => {
                let missing: Vec<&str> = items.iter().filter_map(|i| required(i.error)).collect();
                let word = if missing.len() == 1 { "property" } else { "properties" };
                out.push(first.problem(format!("missing {word} {}", quote_all(&missing))));
            }
            "dependencies" | "dependentRequired" if ends_here => self.dependent(&first, &items, out),
            "contains" | "minContains" | "maxContains" if ends_here => self.contains(&first, &keyword, out),
            "unevaluatedProperties" | "unevaluatedItems" if ends_here => self.unevaluated(&first, out),
            "additionalProperties" | "additionalItems" | "unevaluatedProperties" | "unevaluatedItems"
                if ends_here && first.path.len() == depth =>
            {
                out.extend(items.iter().map(|item| item.problem(plain(item.error))));
            }
            "additionalProperties"
            | "additionalItems"
            | "items"
            | "contains"
            | "unevaluatedProperties"
            | "unevaluatedItems" => {
                let numbered = first.keyword(at + 1).parse::<usize>().is_ok();
                out.push(self.one(items, at + 1 + usize::from(numbered), depth + 1));
            }
            "properties" | "patternProperties" | "prefixItems" => {
                out.push(self.one(items, at + 2, depth + 1))
            }
            "dependencies" | "dependentSchemas" => out.push(self.one(items, at + 2, depth)),
            "then" | "else" => out.push(self.one(items, at + 1, depth)),
            "pattern" => out.extend(items.iter().map(|item| item.problem(self.pattern(item.error)))),
            _ => out.extend(items.iter().map(|item| item.problem(plain(item.error)))),
        }
    }

    /// A pattern that does not fit, as it is written in the schema.
    fn pattern(&self, error: &ValidationError<'_>) -> String {
        let Kind::Pattern { pattern } = error.kind() else { return plain(error) };
        let written = self.schema.and_then(|schema| schema.patterns.get(pattern)).unwrap_or(pattern);
        let value = error.instance();
        format!("{} does not match pattern {}", quote(value.as_str().unwrap_or_default()), quote(written))
    }

    /// One schema over one value, as one problem.
    fn one(&self, items: Vec<Item<'_>>, at: usize, depth: usize) -> Problem {
        let path = items.first().map(|i| i.path.iter().take(depth).cloned().collect()).unwrap_or_default();
        let whole = Problem::whole(self.of_schema(items, at, depth));
        if whole.shape == Shape::Group { Problem { path, ..whole } } else { whole }
    }

    fn choice(&self, item: &Item<'_>, at: usize, depth: usize) -> Problem {
        let (context, message) = match item.error.kind() {
            Kind::AnyOf { context } => (context, "'anyOf' failed".to_owned()),
            Kind::OneOfNotValid { context } => (context, "'oneOf' failed, none matched".to_owned()),
            Kind::OneOfMultipleValid { context } => {
                let mut matched =
                    context.iter().enumerate().filter(|(_, e)| e.is_empty()).map(|(i, _)| count(i));
                let (a, b) = (matched.next().unwrap_or_default(), matched.next().unwrap_or_default());
                return item.problem(format!("'oneOf' failed, subschemas {a}, {b} matched"));
            }
            _ => return item.problem(item.error.to_string()),
        };
        let causes = context
            .iter()
            .map(|errors| self.one(errors.iter().map(Item::of).collect(), at + 2, depth))
            .collect();
        Problem { shape: Shape::Choice, causes, ..item.problem(message) }
    }

    /// A name is a value of its own, so that the way to it begins anew.
    fn names(&self, items: &[Item<'_>], at: usize, out: &mut Vec<Problem>) {
        let mut names: Vec<(String, Vec<Item<'_>>)> = Vec::new();
        for item in items {
            let Kind::PropertyNames { error } = item.error.kind() else { continue };
            let name = error.instance().as_str().unwrap_or_default();
            let inner = Item { path: Vec::new(), ..Item::of(error) };
            match names.iter_mut().find(|(known, _)| known == name) {
                Some((_, items)) => items.push(inner),
                None => names.push((name.to_owned(), vec![inner])),
            }
        }
        names.sort_by(|(a, _), (b, _)| a.cmp(b));
        for (name, inner) in names {
            let rule = inner.first().map(|i| i.error.schema_path().to_string()).unwrap_or_default();
            let causes = self.of_schema(inner, at + 1, 0);
            let message = format!("invalid propertyName {}", quote(&name));
            out.push(Problem { rule, causes, ..plain_problem(message) });
        }
    }

    /// Members that others ask for; the crate does not say which others, the schema does.
    fn dependent(&self, first: &Item<'_>, items: &[Item<'_>], out: &mut Vec<Problem>) {
        let rule = self.part(first);
        let value = first.error.instance();
        let asking = rule.and_then(Value::as_object).into_iter().flatten();
        let mut asking: Vec<(&String, Vec<&str>)> = asking
            .filter(|(name, _)| value.get(name.as_str()).is_some())
            .map(|(name, wanted)| {
                let wanted = wanted.as_array().into_iter().flatten().filter_map(Value::as_str);
                (name, wanted.filter(|wanted| value.get(*wanted).is_none()).collect())
            })
            .collect();
        asking.retain(|(_, missing)| !missing.is_empty());
        asking.sort();
        if asking.is_empty() {
            let missing: Vec<&str> = items.iter().filter_map(|i| required(i.error)).collect();
            out.push(first.problem(format!("properties {} required", quote_all(&missing))));
        }
        for (name, missing) in asking {
            let message = format!("properties {} required, if {} exists", quote_all(&missing), quote(name));
            out.push(first.problem(message));
        }
    }

    fn contains(&self, item: &Item<'_>, keyword: &str, out: &mut Vec<Problem>) {
        let own = item.error.schema_path().to_string();
        let base = own.rsplit_once('/').map_or("", |(base, _)| base);
        let wanted = self.part(item).and_then(Value::as_u64).unwrap_or(1) as usize;
        let items = item.error.instance().as_array().map_or(&[][..], Vec::as_slice);
        let below = self.schema.and_then(|schema| schema.below(&format!("{base}/contains")));
        let (mut matched, mut causes) = (Vec::new(), Vec::new());
        for (at, value) in items.iter().enumerate() {
            match below.as_ref().map(|validator| self.apart(validator, value, item, at.to_string())) {
                Some(Some(problem)) => causes.push(problem),
                Some(None) => matched.push(at.to_string()),
                None => {}
            }
        }
        let found = format!("{} items at {}", count(matched.len()), matched.join(" "));
        let required = "items required to match contains schema, but";
        let problem = match keyword {
            "contains" => Problem { causes, ..item.problem("no items match contains schema") },
            "maxContains" => item.problem(format!("max {} {required} matched {found}", count(wanted))),
            _ if matched.is_empty() => {
                Problem { causes, ..item.problem(format!("min {} {required} none matched", count(wanted))) }
            }
            _ => Problem {
                causes,
                ..item.problem(format!("min {} {required} matched {found}", count(wanted)))
            },
        };
        out.push(problem);
    }

    fn unevaluated(&self, item: &Item<'_>, out: &mut Vec<Problem>) {
        let (Kind::UnevaluatedProperties { unexpected } | Kind::UnevaluatedItems { unexpected }) =
            item.error.kind()
        else {
            return out.push(item.problem("false schema"));
        };
        let value = item.error.instance();
        let below = self.schema.and_then(|schema| schema.below(&item.error.schema_path().to_string()));
        let mut names = unexpected.clone();
        names.sort();
        // Items are named by their text, so that they have to be looked for.
        let items = value.as_array().into_iter().flatten().enumerate();
        let items = items.filter(|(_, v)| names.contains(&v.to_string())).map(|(at, v)| (at.to_string(), v));
        let members = names.iter().filter_map(|name| Some((name.clone(), value.get(name)?)));
        let parts: Vec<(String, &Value)> = if value.is_array() { items.collect() } else { members.collect() };
        for (step, part) in parts {
            let problem = below.as_ref().and_then(|v| self.apart(v, part, item, step.clone()));
            out.push(problem.unwrap_or_else(|| {
                let mut problem = item.problem("false schema");
                problem.path.push(step);
                problem
            }));
        }
    }

    /// What a part of the schema says of a part of the value.
    fn apart(&self, validator: &Validator, value: &Value, item: &Item<'_>, step: String) -> Option<Problem> {
        let errors: Vec<ValidationError<'_>> = validator.iter_errors(value).collect();
        if errors.is_empty() {
            return None;
        }
        let mut problem = Tree { schema: None }.one(errors.iter().map(Item::of).collect(), 2, 0);
        let mut open = vec![&mut problem];
        let base: Vec<String> = item.path.iter().cloned().chain([step]).collect();
        while let Some(problem) = open.pop() {
            problem.path.splice(0..0, base.iter().cloned());
            problem.rule = item.error.schema_path().to_string();
            open.extend(problem.causes.iter_mut());
        }
        Some(problem)
    }

    /// What the schema says under the rule that an error is about.
    fn part(&self, item: &Item<'_>) -> Option<&Value> {
        self.schema?.root.pointer(item.error.schema_path().as_str())
    }
}

fn branch(item: &Item<'_>, at: usize, depth: usize) -> Branch {
    let word = item.keyword(at);
    let place = |group: &&[&str]| group.iter().position(|known| *known == word);
    let found = ORDER.iter().enumerate().find_map(|(rank, group)| Some((rank, place(group)?)));
    let (rank, keyword) = found.unwrap_or((ORDER.len(), 0));
    let by_member = matches!(
        word,
        "properties"
            | "patternProperties"
            | "additionalProperties"
            | "prefixItems"
            | "items"
            | "additionalItems"
            | "unevaluatedProperties"
            | "unevaluatedItems"
    );
    let step = item.path.get(depth).filter(|_| by_member);
    // What is said of all members together follows what is said of each.
    let member = match step {
        Some(step) => Member(step.parse().ok(), step.clone()),
        None if by_member => Member(Some(usize::MAX), String::new()),
        None => Member(None, String::new()),
    };
    let is_named = matches!(word, "patternProperties" | "dependentSchemas")
        || (word == "dependencies" && item.way.len() > at + 1);
    let name = if is_named { item.keyword(at + 1).to_owned() } else { String::new() };
    // Without a rank of its own a rule is told apart by its name.
    let name = if rank == ORDER.len() { word.to_owned() } else { name };
    Branch { rank, member, keyword, name }
}

/// The errors of each schema of a list.
fn each<'e>(items: Vec<Item<'e>>, at: usize) -> Vec<Vec<Item<'e>>> {
    let mut schemas: Vec<(usize, Vec<Item<'e>>)> = Vec::new();
    for item in items {
        let index = item.keyword(at + 1).parse().unwrap_or(0);
        match schemas.iter_mut().find(|(known, _)| *known == index) {
            Some((_, items)) => items.push(item),
            None => schemas.push((index, vec![item])),
        }
    }
    schemas.sort_by_key(|(index, _)| *index);
    schemas.into_iter().map(|(_, items)| items).collect()
}

fn required<'e>(error: &'e ValidationError<'_>) -> Option<&'e str> {
    match error.kind() {
        Kind::Required { property } => property.as_str(),
        _ => None,
    }
}

/// The rules after which nothing else is looked at.
fn first(error: &ValidationError<'_>) -> String {
    let value = error.instance();
    match error.kind() {
        Kind::Type { kind } => {
            // Named in one order, whatever the schema has.
            const NAMES: [&str; 7] = ["null", "boolean", "number", "integer", "string", "array", "object"];
            let has = |name: &&str| match kind {
                TypeKind::Single(ty) => ty.as_str() == *name,
                TypeKind::Multiple(set) => set.iter().any(|ty| ty.as_str() == *name),
            };
            let wanted: Vec<&str> = NAMES.into_iter().filter(has).collect();
            format!("got {}, want {}", type_of(value), wanted.join(" or "))
        }
        Kind::Constant { expected_value } => match &**expected_value {
            Value::Array(_) | Value::Object(_) => "'const' failed".to_owned(),
            wanted => format!("value must be {}", display(wanted)),
        },
        Kind::Enum { options } => match options.as_array().map_or(&[][..], Vec::as_slice) {
            all if all.iter().any(|v| v.is_array() || v.is_object()) => "'enum' failed".to_owned(),
            [one] => format!("value must be {}", display(one)),
            all => format!("value must be one of {}", all.iter().map(display).collect::<Vec<_>>().join(", ")),
        },
        Kind::Format { format: name } => {
            let why = format::check(name, value.as_str().unwrap_or_default()).err().unwrap_or_default();
            format!("{} is not valid {name}: {why}", display(value))
        }
        _ => error.to_string(),
    }
}

/// A rule that holds no other.
fn plain(error: &ValidationError<'_>) -> String {
    let value = error.instance();
    let size = || match &**value {
        Value::Array(items) => items.len(),
        Value::Object(map) => map.len(),
        Value::String(text) => text.chars().count(),
        _ => 0,
    };
    let sized = |keyword: &str, limit: u64| {
        format!("{keyword}: got {}, want {}", count(size()), count(limit as usize))
    };
    let bound = |keyword: &str, limit: &Value| {
        let of = |value: &Value| number(value.as_f64().unwrap_or_default());
        format!("{keyword}: got {}, want {}", of(value), of(limit))
    };
    match error.kind() {
        Kind::FalseSchema => "false schema".to_owned(),
        Kind::MinProperties { limit } => sized("minProperties", *limit),
        Kind::MaxProperties { limit } => sized("maxProperties", *limit),
        Kind::MinItems { limit } => sized("minItems", *limit),
        Kind::MaxItems { limit } => sized("maxItems", *limit),
        Kind::MinLength { limit } => sized("minLength", *limit),
        Kind::MaxLength { limit } => sized("maxLength", *limit),
        Kind::Minimum { limit } => bound("minimum", limit),
        Kind::Maximum { limit } => bound("maximum", limit),
        Kind::ExclusiveMinimum { limit } => bound("exclusiveMinimum", limit),
        Kind::ExclusiveMaximum { limit } => bound("exclusiveMaximum", limit),
        Kind::MultipleOf { multiple_of } => {
            format!(
                "multipleOf: got {}, want {}",
                number(value.as_f64().unwrap_or_default()),
                number(*multiple_of)
            )
        }
        Kind::UniqueItems => {
            let (a, b) = value.as_array().and_then(|items| equal(items)).unwrap_or_default();
            format!("items at {} and {} are equal", count(a), count(b))
        }
        Kind::Not { .. } => "'not' failed".to_owned(),
        Kind::AdditionalProperties { unexpected } => {
            let mut names = unexpected.clone();
            names.sort();
            format!("additional properties {} not allowed", quote_all(&names))
        }
        Kind::AdditionalItems { limit } => {
            format!("last {} additionalItem(s) not allowed", count(size().saturating_sub(*limit)))
        }
        _ => error.to_string(),
    }
}

/// The first two equal items: of all pairs the one whose first comes first.
fn equal(items: &[Value]) -> Option<(usize, usize)> {
    let mut seen = std::collections::HashMap::new();
    let mut found: Option<(usize, usize)> = None;
    for (j, item) in items.iter().enumerate() {
        match seen.get(&item.to_string()) {
            Some(&i) if found.is_none_or(|best| (i, j) < best) => found = Some((i, j)),
            Some(_) => {}
            None => {
                seen.insert(item.to_string(), j);
            }
        }
    }
    found
}
