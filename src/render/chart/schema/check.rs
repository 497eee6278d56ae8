//! Checks a value against a schema and says what Helm's library says, nested as it nests.
//!
//! A validator of another make gives the same verdict and other words: which rules are still looked at after one
//! has failed, and what is told inside of what, is this library's own. So the rules are gone through here in its
//! order. Where it walks a map in random order, this is in the order of the names.

use std::collections::BTreeSet;
use std::rc::Rc;

use gotmpl::regexp::Regexp;
use gotmpl::{Data, ListRef, MapRef, Value};

use super::format;
use super::registry::{Place, Registry};
use super::words::{count, display, number, number_of, quote, quote_all, type_of};

/// What is wrong with a value, or with something inside of it.
#[derive(Clone, Debug)]
pub(super) struct Problem {
    /// The way to the value: keys and indices.
    pub path: Vec<Rc<str>>,
    /// The rule: the document of the schema and the pointer to the keyword.
    pub rule: (usize, String),
    /// What is wrong.
    pub message: String,
    /// Whether it only holds others together.
    pub shape: Shape,
    /// What it consists of.
    pub causes: Vec<Problem>,
}

/// How a problem is shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Shape {
    /// By its message.
    Plain,
    /// Several rules of one schema.
    Group,
    /// What lies behind a reference; alone it is not shown.
    Reference,
}

/// Levels of schemas within each other: a schema that refers to itself is caught before that, a value of that depth
/// is no chart's.
const MAX_DEPTH: u32 = 2_000;

/// A run over a value.
pub(super) struct Checker<'r> {
    /// The documents.
    pub registry: &'r mut Registry,
    /// What could not be resolved on the way; the schema was compiled, so that nothing should be here.
    pub broken: Option<String>,
}

/// The schemas that led here, for references that depend on them and to notice circles.
struct Scope<'s> {
    place: &'s Place,
    /// Which value is being checked: the same number for schemas that apply to the same value.
    value: usize,
    parent: Option<&'s Scope<'s>>,
    depth: u32,
}

/// What no rule has spoken about yet.
#[derive(Clone, Default)]
struct Open {
    names: BTreeSet<Vec<u8>>,
    items: BTreeSet<usize>,
}

impl Open {
    fn is_empty(&self) -> bool {
        self.names.is_empty() && self.items.is_empty()
    }

    fn keep_only(&mut self, other: &Open) {
        self.names.retain(|name| other.names.contains(name));
        self.items.retain(|item| other.items.contains(item));
    }
}

/// One schema over one value.
struct Run<'a> {
    place: &'a Place,
    value: &'a Value,
    path: &'a [Rc<str>],
    scope: &'a Scope<'a>,
    open: Open,
    problems: Vec<Problem>,
    /// Whether only the verdict matters.
    verdict_only: bool,
}

type Verdict = Result<Open, Problem>;

impl Checker<'_> {
    /// All that is wrong with a value; one problem that holds the others if there are several.
    pub fn check(&mut self, place: &Place, value: &Value) -> Result<(), Problem> {
        let scope = Scope { place, value: 0, parent: None, depth: 0 };
        self.run(place, value, &[], &scope, false, false).map(|_| ())
    }

    fn run(
        &mut self,
        place: &Place,
        value: &Value,
        path: &[Rc<str>],
        scope: &Scope<'_>,
        caller_needs_open: bool,
        verdict_only: bool,
    ) -> Verdict {
        let open = opened(value, place, caller_needs_open);
        let run = Run { place, value, path, scope, open, problems: Vec::new(), verdict_only };
        stacker::maybe_grow(64 << 10, 1 << 20, || run.all(self))
    }
}

fn opened(value: &Value, place: &Place, caller_needs: bool) -> Open {
    let wants = |key: &str| place.draft >= 2019 && place.get(key).is_some();
    let mut open = Open::default();
    match &value.data {
        Data::Map(map) if caller_needs || wants("unevaluatedProperties") => {
            open.names = map.keys().iter().map(|key| key.to_vec()).collect();
        }
        Data::List(list) if caller_needs || wants("unevaluatedItems") => {
            open.items = (0..list.len()).collect();
        }
        _ => {}
    }
    open
}

impl Run<'_> {
    fn problem(&self, keyword: &str, message: impl Into<String>) -> Problem {
        let rule = if keyword.is_empty() {
            self.place.pointer.to_string()
        } else {
            format!("{}/{keyword}", self.place.pointer)
        };
        Problem {
            path: self.path.to_vec(),
            rule: (self.place.document, rule),
            message: message.into(),
            shape: Shape::Plain,
            causes: Vec::new(),
        }
    }

    fn add(&mut self, keyword: &str, message: impl Into<String>) {
        let problem = self.problem(keyword, message);
        self.problems.push(problem);
    }

    fn add_with(&mut self, keyword: &str, message: &str, causes: Vec<Problem>) {
        let problem = Problem { causes, ..self.problem(keyword, message) };
        self.problems.push(problem);
    }

    fn all(mut self, checker: &mut Checker<'_>) -> Verdict {
        match &self.place.schema.data {
            Data::Bool(true) => return Ok(self.open),
            Data::Bool(false) => return Err(self.problem("", "false schema")),
            _ => {}
        }
        if self.scope.depth > MAX_DEPTH {
            return Err(self.problem("", "schemas are nested too deeply"));
        }
        let mut above = self.scope.parent;
        while let Some(scope) = above.filter(|scope| scope.value == self.scope.value) {
            if scope.place.is(self.place) {
                return Err(self.problem("", "a circle of references"));
            }
            above = scope.parent;
        }
        self.simple()?;
        let draft = self.place.draft;
        if let Some(reference) = self.place.get("$ref").and_then(|v| v.text()) {
            let found = self.follow(checker, "$ref", &reference.lossy());
            if draft < 2019 {
                return match found {
                    Some(problem) => Err(problem),
                    None => Ok(self.open),
                };
            }
            self.problems.extend(found);
        }
        match &self.value.data {
            Data::Map(map) => self.object(checker, &MapRef { map: map.clone(), origin: self.value.origin }),
            Data::List(list) => {
                self.array(checker, &ListRef { list: list.clone(), origin: self.value.origin })
            }
            _ => match (number_of(self.value), self.value.text()) {
                (Some(n), _) => self.number(n),
                (None, Some(text)) => self.string(&text.lossy()),
                (None, None) => {}
            },
        }
        if self.problems.is_empty() || !self.verdict_only {
            if draft >= 2019 {
                self.dynamic_references(checker);
            }
            self.conditions(checker);
            if draft >= 2019 {
                self.unevaluated(checker);
            }
        }
        match self.problems.len() {
            0 => Ok(self.open),
            1 => Err(self.problems.swap_remove(0)),
            _ => {
                let causes = std::mem::take(&mut self.problems);
                Err(Problem { shape: Shape::Group, causes, ..self.problem("", "validation failed") })
            }
        }
    }

    /// The rules after which nothing else is looked at.
    fn simple(&self) -> Result<(), Problem> {
        if let Some(wanted) = self.place.get("type") {
            let wanted: Vec<String> = match wanted.as_list() {
                Some(list) => list.iter().filter_map(|v| Some(v.text()?.lossy().into_owned())).collect(),
                None => wanted.text().map(|t| t.lossy().into_owned()).into_iter().collect(),
            };
            let found = type_of(self.value);
            let fits = |wanted: &String| {
                wanted == found
                    || wanted == "integer" && number_of(self.value).is_some_and(|n| n.fract() == 0.0)
            };
            if !wanted.is_empty() && !wanted.iter().any(fits) {
                // Named in one order, whatever the schema has.
                const ORDER: [&str; 7] =
                    ["null", "boolean", "number", "integer", "string", "array", "object"];
                let named: Vec<_> =
                    ORDER.into_iter().filter(|name| wanted.iter().any(|w| w == name)).collect();
                return Err(self.problem("type", format!("got {found}, want {}", named.join(" or "))));
            }
        }
        if let Some(wanted) = self.place.get("const").filter(|_| self.place.draft >= 6)
            && !equal(self.value, &wanted)
        {
            let message = match wanted.data {
                Data::List(_) | Data::Map(_) => "'const' failed".to_owned(),
                _ => format!("value must be {}", display(&wanted)),
            };
            return Err(self.problem("const", message));
        }
        if let Some(wanted) = self.place.get("enum").and_then(|v| v.as_list())
            && !wanted.iter().any(|item| equal(self.value, item))
        {
            let compound = wanted.iter().any(|v| matches!(v.data, Data::List(_) | Data::Map(_)));
            let message = match &wanted[..] {
                _ if compound => "'enum' failed".to_owned(),
                [one] => format!("value must be {}", display(one)),
                all => {
                    let all: Vec<_> = all.iter().map(display).collect();
                    format!("value must be one of {}", all.join(", "))
                }
            };
            return Err(self.problem("enum", message));
        }
        // From 2019 on a format is a remark.
        if self.place.draft < 2019
            && let Some(format) = self.place.get("format").and_then(|v| v.text())
            && let Some(text) = self.value.text()
            && let Err(why) = format::check(&format.lossy(), &text.lossy())
        {
            let message = format!("{} is not valid {}: {why}", display(self.value), format.lossy());
            return Err(self.problem("format", message));
        }
        Ok(())
    }

    /// The schema behind a reference, over the same value.
    fn follow(&mut self, checker: &mut Checker<'_>, keyword: &str, reference: &str) -> Option<Problem> {
        match checker.registry.resolve(reference, self.place) {
            Ok(target) => self.follow_to(checker, keyword, &target),
            Err(text) => {
                checker.broken.get_or_insert(text);
                None
            }
        }
    }

    fn follow_to(&mut self, checker: &mut Checker<'_>, keyword: &str, target: &Place) -> Option<Problem> {
        let problem = self.same_value(checker, target, false).err()?;
        let causes = if problem.shape == Shape::Group { problem.causes } else { vec![problem] };
        Some(Problem { shape: Shape::Reference, causes, ..self.problem(keyword, "validation failed") })
    }

    /// Another schema over the same value.
    fn same_value(
        &mut self,
        checker: &mut Checker<'_>,
        place: &Place,
        verdict_only: bool,
    ) -> Result<(), Problem> {
        let scope =
            Scope { place, value: self.scope.value, parent: Some(self.scope), depth: self.scope.depth + 1 };
        let needs_open = !self.open.is_empty();
        let verdict_only = self.verdict_only || verdict_only;
        let open = checker.run(place, self.value, self.path, &scope, needs_open, verdict_only)?;
        self.open.keep_only(&open);
        Ok(())
    }

    /// A schema over a part of the value.
    fn part(
        &mut self,
        checker: &mut Checker<'_>,
        place: &Place,
        value: &Value,
        token: &str,
    ) -> Result<(), Problem> {
        let scope = Scope {
            place,
            value: self.scope.value + 1,
            parent: Some(self.scope),
            depth: self.scope.depth + 1,
        };
        let path: Vec<Rc<str>> = self.path.iter().cloned().chain([Rc::from(token)]).collect();
        checker.run(place, value, &path, &scope, false, self.verdict_only).map(|_| ())
    }

    fn limit(&self, keyword: &str) -> Option<usize> {
        number_of(&self.place.get(keyword)?).filter(|n| *n >= 0.0).map(|n| n as usize)
    }

    fn at_least(&mut self, keyword: &str, found: usize) {
        if let Some(wanted) = self.limit(keyword).filter(|wanted| found < *wanted) {
            self.add(keyword, format!("{keyword}: got {}, want {}", count(found), count(wanted)));
        }
    }

    fn at_most(&mut self, keyword: &str, found: usize) {
        if let Some(wanted) = self.limit(keyword).filter(|wanted| found > *wanted) {
            self.add(keyword, format!("{keyword}: got {}, want {}", count(found), count(wanted)));
        }
    }

    fn object(&mut self, checker: &mut Checker<'_>, map: &MapRef) {
        self.at_least("minProperties", map.len());
        self.at_most("maxProperties", map.len());
        let missing = missing(map, self.place.get("required").as_ref());
        if !missing.is_empty() {
            let word = if missing.len() == 1 { "property" } else { "properties" };
            self.add("required", format!("missing {word} {}", quote_all(&missing)));
        }
        if self.verdict_only && !self.problems.is_empty() {
            return;
        }
        self.dependent(checker, map, "dependencies");
        self.properties(checker, map);
        let draft = self.place.draft;
        if draft == 4 {
            return;
        }
        if let Some(schema) = self.place.get("propertyNames") {
            let place = self.place.below(&["propertyNames"], schema);
            for name in map.keys() {
                // A name is a value of its own, so that the way to it begins anew.
                let scope = Scope { place: &place, value: 0, parent: None, depth: self.scope.depth + 1 };
                let value = Value::str(name.clone());
                if let Err(problem) = checker.run(&place, &value, &[], &scope, false, self.verdict_only) {
                    let causes = if problem.shape == Shape::Group { problem.causes } else { vec![problem] };
                    let message = format!("invalid propertyName {}", quote(&name.lossy()));
                    let mut named = self.problem("propertyNames", message);
                    named.path = Vec::new();
                    named.causes = causes;
                    self.problems.push(named);
                }
            }
        }
        if draft == 6 {
            return;
        }
        if draft >= 2019 {
            self.dependent(checker, map, "dependentSchemas");
            self.dependent(checker, map, "dependentRequired");
        }
    }

    fn properties(&mut self, checker: &mut Checker<'_>, map: &MapRef) {
        let properties = self.place.get("properties").and_then(|v| v.as_map());
        let patterns: Vec<_> = self
            .place
            .get("patternProperties")
            .and_then(|v| v.as_map())
            .map(|patterns| patterns.entries())
            .unwrap_or_default()
            .into_iter()
            .filter_map(|(pattern, schema)| {
                let place = self.place.below(&["patternProperties", &pattern.lossy()], schema);
                Some((Regexp::compile(&pattern).ok()?, place))
            })
            .collect();
        let additional = self.place.get("additionalProperties");
        let mut unwanted = Vec::new();
        for (name, value) in map.entries() {
            if self.verdict_only && !self.problems.is_empty() {
                return;
            }
            let text = name.lossy();
            let mut evaluated = false;
            if let Some(schema) = properties.as_ref().and_then(|p| p.get(&name)) {
                evaluated = true;
                let place = self.place.below(&["properties", &text], schema);
                let found = self.part(checker, &place, &value, &text);
                self.problems.extend(found.err());
            }
            for (pattern, place) in &patterns {
                if pattern.is_match(&name) {
                    evaluated = true;
                    let found = self.part(checker, place, &value, &text);
                    self.problems.extend(found.err());
                }
            }
            if let Some(additional) = additional.as_ref().filter(|_| !evaluated) {
                evaluated = true;
                match additional.data {
                    Data::Bool(true) => {}
                    Data::Bool(false) => unwanted.push(text.to_string()),
                    _ => {
                        let place = self.place.below(&["additionalProperties"], additional.clone());
                        let found = self.part(checker, &place, &value, &text);
                        self.problems.extend(found.err());
                    }
                }
            }
            if evaluated {
                self.open.names.remove(&*name);
            }
        }
        if !unwanted.is_empty() {
            let message = format!("additional properties {} not allowed", quote_all(&unwanted));
            self.add("additionalProperties", message);
        }
    }

    /// Rules that hold if a name is there: other names must be there too, or another schema must fit.
    fn dependent(&mut self, checker: &mut Checker<'_>, map: &MapRef, keyword: &str) {
        let Some(rules) = self.place.get(keyword).and_then(|v| v.as_map()) else { return };
        for (name, rule) in rules.entries() {
            if !map.contains(&name) {
                continue;
            }
            if rule.as_list().is_some() {
                let missing = missing(map, Some(&rule));
                if !missing.is_empty() && keyword != "dependentSchemas" {
                    let message = format!(
                        "properties {} required, if {} exists",
                        quote_all(&missing),
                        quote(&name.lossy())
                    );
                    self.add(keyword, message);
                }
            } else if keyword != "dependentRequired" {
                let place = self.place.below(&[keyword, &name.lossy()], rule);
                let found = self.same_value(checker, &place, false);
                self.problems.extend(found.err());
            }
        }
    }

    fn array(&mut self, checker: &mut Checker<'_>, list: &ListRef) {
        self.at_least("minItems", list.len());
        self.at_most("maxItems", list.len());
        if matches!(self.place.get("uniqueItems"), Some(Value { data: Data::Bool(true), .. }))
            && let Some((i, j)) = duplicates(list)
        {
            self.add("uniqueItems", format!("items at {} and {} are equal", count(i), count(j)));
        }
        let (tuple, rest) =
            if self.place.draft < 2020 { ("items", "additionalItems") } else { ("prefixItems", "items") };
        let mut evaluated = 0;
        let first = self.place.get(tuple);
        if let Some(schemas) = first.as_ref().and_then(|v| v.as_list()) {
            for (i, (item, schema)) in list.iter().zip(schemas.iter()).enumerate() {
                let place = self.place.below(&[tuple, &i.to_string()], schema.clone());
                let found = self.part(checker, &place, item, &i.to_string());
                self.problems.extend(found.err());
                evaluated = i + 1;
            }
        }
        // Before 2020 `items` is either a list of schemas or the schema of all items.
        let all = if self.place.draft < 2020 {
            match first {
                Some(schema) if schema.as_list().is_none() => Some(("items", schema)),
                Some(_) => self.place.get(rest).map(|schema| (rest, schema)),
                None => None,
            }
        } else {
            self.place.get(rest).map(|schema| (rest, schema))
        };
        if let Some((keyword, schema)) = all {
            if keyword == "additionalItems" && matches!(schema.data, Data::Bool(false)) {
                if evaluated != list.len() {
                    let message =
                        format!("last {} additionalItem(s) not allowed", count(list.len() - evaluated));
                    self.add(keyword, message);
                }
            } else {
                let place = self.place.below(&[keyword], schema);
                for (i, item) in list.iter().enumerate().skip(evaluated) {
                    let found = self.part(checker, &place, item, &i.to_string());
                    self.problems.extend(found.err());
                }
            }
            evaluated = list.len();
        }
        self.open.items.retain(|item| *item >= evaluated);
        if self.place.draft >= 6 {
            self.contains(checker, list);
        }
    }

    fn contains(&mut self, checker: &mut Checker<'_>, list: &ListRef) {
        let Some(schema) = self.place.get("contains") else { return };
        let place = self.place.below(&["contains"], schema);
        let (mut problems, mut matched) = (Vec::new(), Vec::new());
        for (i, item) in list.iter().enumerate() {
            match self.part(checker, &place, item, &i.to_string()) {
                Ok(()) => {
                    matched.push(i.to_string());
                    if self.place.draft >= 2020 {
                        self.open.items.remove(&i);
                    }
                }
                Err(problem) => problems.push(problem),
            }
        }
        let (least, most) = if self.place.draft >= 2019 {
            (self.limit("minContains"), self.limit("maxContains"))
        } else {
            (None, None)
        };
        let found = || format!("{} items at {}", count(matched.len()), matched.join(" "));
        match least {
            Some(least) if matched.len() < least => {
                let message = if matched.is_empty() {
                    format!("min {} items required to match contains schema, but none matched", count(least))
                } else {
                    format!(
                        "min {} items required to match contains schema, but matched {}",
                        count(least),
                        found()
                    )
                };
                self.add_with("minContains", &message, problems);
            }
            None if matched.is_empty() => {
                self.add_with("contains", "no items match contains schema", problems)
            }
            _ => {}
        }
        if let Some(most) = most.filter(|most| matched.len() > *most) {
            let message = format!(
                "max {} items required to match contains schema, but matched {}",
                count(most),
                found()
            );
            self.add("maxContains", message);
        }
    }

    fn string(&mut self, text: &str) {
        let length = text.chars().count();
        self.at_least("minLength", length);
        self.at_most("maxLength", length);
        if let Some(pattern) = self.place.get("pattern").and_then(|v| v.text())
            && let Ok(compiled) = Regexp::compile(&pattern)
            && !compiled.is_match(text.as_bytes())
        {
            let message = format!("{} does not match pattern {}", quote(text), quote(&pattern.lossy()));
            self.add("pattern", message);
        }
    }

    fn number(&mut self, found: f64) {
        let bound = |key: &str| self.place.get(key).as_ref().and_then(number_of);
        // In draft 4 these are switches beside the bounds.
        let exclusive = |key: &str| matches!(self.place.get(key), Some(Value { data: Data::Bool(true), .. }));
        let mut rules = Vec::new();
        for (keyword, strict, is_lower) in
            [("minimum", "exclusiveMinimum", true), ("maximum", "exclusiveMaximum", false)]
        {
            if let Some(wanted) = bound(keyword) {
                let name = if exclusive(strict) { strict } else { keyword };
                rules.push((name, wanted, is_lower, exclusive(strict)));
            }
        }
        for (keyword, is_lower) in [("exclusiveMinimum", true), ("exclusiveMaximum", false)] {
            if let Some(wanted) = bound(keyword) {
                rules.push((keyword, wanted, is_lower, true));
            }
        }
        for (keyword, wanted, is_lower, strict) in rules {
            let outside = if is_lower { found < wanted } else { found > wanted };
            if outside || strict && found == wanted {
                self.add(keyword, format!("{keyword}: got {}, want {}", number(found), number(wanted)));
            }
        }
        if let Some(wanted) = bound("multipleOf")
            && !is_multiple(found, wanted)
        {
            self.add("multipleOf", format!("multipleOf: got {}, want {}", number(found), number(wanted)));
        }
    }

    fn schemas(&self, keyword: &str) -> Vec<Place> {
        let Some(list) = self.place.get(keyword).and_then(|v| v.as_list()) else { return Vec::new() };
        let places = list.iter().enumerate();
        places.map(|(i, schema)| self.place.below(&[keyword, &i.to_string()], schema.clone())).collect()
    }

    fn conditions(&mut self, checker: &mut Checker<'_>) {
        if let Some(schema) = self.place.get("not") {
            let place = self.place.below(&["not"], schema);
            if self.same_value(checker, &place, true).is_ok() {
                self.add("not", "'not' failed");
            }
        }
        let mut problems = Vec::new();
        for place in self.schemas("allOf") {
            if let Err(problem) = self.same_value(checker, &place, false) {
                problems.push(problem);
                if self.verdict_only {
                    break;
                }
            }
        }
        if !problems.is_empty() {
            self.add_with("allOf", "'allOf' failed", problems);
        }
        let choices = self.schemas("anyOf");
        if !choices.is_empty() {
            let (mut problems, mut matched) = (Vec::new(), false);
            for place in choices {
                match self.same_value(checker, &place, false) {
                    Ok(()) => {
                        matched = true;
                        // What is not spoken about yet may be in another of them.
                        if self.open.is_empty() {
                            break;
                        }
                    }
                    Err(problem) => problems.push(problem),
                }
            }
            if !matched {
                self.add_with("anyOf", "'anyOf' failed", problems);
            }
        }
        self.one_of(checker);
        if self.place.draft >= 7
            && let Some(schema) = self.place.get("if")
        {
            let condition = self.place.below(&["if"], schema);
            let branch = if self.same_value(checker, &condition, true).is_ok() { "then" } else { "else" };
            if let Some(schema) = self.place.get(branch) {
                let place = self.place.below(&[branch], schema);
                let found = self.same_value(checker, &place, false);
                self.problems.extend(found.err());
            }
        }
    }

    fn one_of(&mut self, checker: &mut Checker<'_>) {
        let choices = self.schemas("oneOf");
        if choices.is_empty() {
            return;
        }
        let (mut problems, mut matched) = (Vec::new(), None);
        for (i, place) in choices.iter().enumerate() {
            match (self.same_value(checker, place, matched.is_some()), matched) {
                (Ok(()), None) => matched = Some(i),
                (Ok(()), Some(first)) => {
                    let message =
                        format!("'oneOf' failed, subschemas {}, {} matched", count(first), count(i));
                    self.add("oneOf", message);
                    break;
                }
                (Err(problem), None) => problems.push(problem),
                (Err(_), Some(_)) => {}
            }
        }
        if matched.is_none() {
            self.add_with("oneOf", "'oneOf' failed, none matched", problems);
        }
    }

    fn dynamic_references(&mut self, checker: &mut Checker<'_>) {
        let keyword = if self.place.draft == 2019 { "$recursiveRef" } else { "$dynamicRef" };
        let Some(reference) = self.place.get(keyword).and_then(|v| v.text()) else { return };
        let reference = reference.lossy().into_owned();
        let Ok(mut target) = checker.registry.resolve(&reference, self.place) else { return };
        let anchor = reference.split_once('#').map_or("", |(_, anchor)| anchor);
        let is_dynamic = if keyword == "$recursiveRef" {
            matches!(target.get("$recursiveAnchor"), Some(Value { data: Data::Bool(true), .. }))
        } else {
            let own = target.get("$dynamicAnchor").and_then(|v| v.text());
            !anchor.is_empty() && own.is_some_and(|own| own.lossy() == anchor)
        };
        if is_dynamic {
            // The outermost schema on the way here that has the anchor takes the reference over.
            let mut scope = Some(self.scope);
            while let Some(at) = scope {
                if let Some(place) = checker.registry.dynamic(&at.place.base, anchor) {
                    target = place;
                }
                scope = at.parent;
            }
        }
        let found = self.follow_to(checker, keyword, &target);
        self.problems.extend(found);
    }

    fn unevaluated(&mut self, checker: &mut Checker<'_>) {
        if let (Some(schema), Some(map)) = (self.place.get("unevaluatedProperties"), self.value.as_map()) {
            let place = self.place.below(&["unevaluatedProperties"], schema);
            for name in std::mem::take(&mut self.open.names) {
                let Some(value) = map.get(&name) else { continue };
                let found = self.part(checker, &place, &value, &String::from_utf8_lossy(&name));
                self.problems.extend(found.err());
            }
        }
        if let (Some(schema), Some(list)) = (self.place.get("unevaluatedItems"), self.value.as_list()) {
            let place = self.place.below(&["unevaluatedItems"], schema);
            for i in std::mem::take(&mut self.open.items) {
                let Some(value) = list.get(i) else { continue };
                let found = self.part(checker, &place, value, &i.to_string());
                self.problems.extend(found.err());
            }
        }
    }
}

fn missing(map: &MapRef, names: Option<&Value>) -> Vec<String> {
    let Some(names) = names.and_then(Value::as_list) else { return Vec::new() };
    let names = names.iter().filter_map(Value::text);
    names.filter(|name| !map.contains(name)).map(|name| name.lossy().into_owned()).collect()
}

/// The first two equal items, as the library looks for them: each with all before it.
fn duplicates(list: &ListRef) -> Option<(usize, usize)> {
    // Printed forms make it linear; equal values print alike and only they do.
    let mut seen = std::collections::HashMap::new();
    let mut found: Option<(usize, usize)> = None;
    for (j, item) in list.iter().enumerate() {
        let form = canonical(item);
        match seen.get(&form) {
            Some(&i) if found.is_none_or(|best| (i, j) < best) => found = Some((i, j)),
            Some(_) => {}
            None => {
                seen.insert(form, j);
            }
        }
    }
    found
}

fn canonical(value: &Value) -> String {
    match &value.data {
        Data::List(list) => {
            let items: Vec<_> = list.iter().map(canonical).collect();
            format!("[{}]", items.join(","))
        }
        Data::Map(map) => {
            let entries: Vec<_> = map
                .entries()
                .iter()
                .map(|(k, v)| format!("{}:{}", quote(&k.lossy()), canonical(v)))
                .collect();
            format!("{{{}}}", entries.join(","))
        }
        _ => display(value),
    }
}

fn equal(a: &Value, b: &Value) -> bool {
    match (&a.data, &b.data) {
        (Data::List(a), Data::List(b)) => {
            a.len() == b.len() && a.iter().zip(b.iter()).all(|(a, b)| equal(a, b))
        }
        (Data::Map(a), Data::Map(b)) => {
            a.len() == b.len()
                && a.entries().iter().all(|(key, value)| b.get(key).is_some_and(|other| equal(value, &other)))
        }
        _ => match (number_of(a), number_of(b)) {
            (Some(a), Some(b)) => a == b,
            (None, None) => type_of(a) == type_of(b) && display(a) == display(b),
            _ => false,
        },
    }
}

/// Whether one number is a multiple of another, as exact decimal fractions: 0.3 is no multiple of 0.2 but of 0.1.
fn is_multiple(value: f64, of: f64) -> bool {
    let (Some((a, a_scale)), Some((b, b_scale))) = (decimal(value), decimal(of)) else {
        return (value / of).fract() == 0.0;
    };
    if b == 0 {
        return false;
    }
    let scale = a_scale.max(b_scale);
    let raised = |n: i128, from: u32| 10i128.checked_pow(scale - from).and_then(|by| n.checked_mul(by));
    match (raised(a, a_scale), raised(b, b_scale)) {
        (Some(a), Some(b)) => a % b == 0,
        _ => (value / of).fract() == 0.0,
    }
}

/// A float's shortest decimal form as an integer and the number of its decimals.
fn decimal(number: f64) -> Option<(i128, u32)> {
    let text = format!("{number}");
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    Some((format!("{whole}{fraction}").parse().ok()?, fraction.len() as u32))
}
