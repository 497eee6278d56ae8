//! What there is to know of a kind or a field, as `plimsoll explain` prints it.

use std::fmt::Write;

use super::{Field, Kind, List, Schema, Shape, Type, VERSIONS, Version, lifecycle};

/// Why a kind or a field cannot be explained.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Unknown {
    /// Whether the kind was known and only the field was not.
    pub kind_is_known: bool,
    /// What is wrong.
    pub message: String,
    /// What may have been meant.
    pub help: Option<String>,
}

/// Explains `deploy.spec.strategy`: kinds go by kubectl's names, fields by their path; lists are stepped through.
///
/// ```
/// let text = plimsoll::schema::explain("deploy.spec.strategy.type").unwrap();
/// assert!(text.contains("Recreate, RollingUpdate"));
/// let wrong = plimsoll::schema::explain("deploy.spec.strategi").unwrap_err();
/// assert_eq!(wrong.help.as_deref(), Some("did you mean `strategy`?"));
/// ```
pub fn explain(what: &str) -> Result<String, Unknown> {
    let schema = Schema::newest();
    let mut steps = what.split('.').filter(|step| !step.is_empty());
    let word = steps.next().unwrap_or("");
    let kind = find(&schema, word).ok_or_else(|| unknown_kind(&schema, word))?;
    let mut field: Option<Field<'_>> = None;
    let mut owner = kind.ty();
    let mut path = String::new();
    for step in steps {
        // `containers[0]` and `containers[]` are as good as `containers`.
        let name = step.split('[').next().unwrap_or(step);
        owner = inner(field.map_or(kind.ty(), Field::ty));
        field = Some(owner.field(name).ok_or_else(|| unknown_field(kind, owner, &path, name))?);
        if !path.is_empty() {
            path.push('.');
        }
        path.push_str(name);
    }
    let mut text = String::new();
    head(&mut text, kind, &path);
    facts(&mut text, kind, field, owner, &path);
    fields(&mut text, inner(field.map_or(kind.ty(), Field::ty)));
    Ok(text)
}

/// The kind that kubectl would take: what a server has by default first, and of its versions the newest.
fn find<'a>(schema: &'a Schema, word: &str) -> Option<Kind<'a>> {
    let called = |kind: &Kind<'a>| kind.is_called(word);
    let served: Vec<Kind<'a>> = schema.kinds().filter(called).filter(|k| k.is_served_by_default()).collect();
    let group = served.first().map(|k| k.group());
    served.into_iter().rfind(|k| Some(k.group()) == group).or_else(|| schema.kinds().find(called))
}

fn unknown_kind(schema: &Schema, word: &str) -> Unknown {
    let names = schema.kinds().map(|k| k.kind());
    Unknown {
        kind_is_known: false,
        message: format!("there is no kind `{word}`"),
        help: source::closest(word, names).map(|near| format!("did you mean `{}`?", near.to_lowercase())),
    }
}

fn unknown_field(kind: Kind<'_>, owner: Type<'_>, path: &str, name: &str) -> Unknown {
    let place = if path.is_empty() { kind.kind().to_owned() } else { format!("{} {path}", kind.kind()) };
    let near = source::closest(name, owner.fields().map(|f| f.name()));
    Unknown {
        kind_is_known: true,
        message: format!("there is no field `{name}` in {place}"),
        help: near.map(|near| format!("did you mean `{near}`?")),
    }
}

/// What a list or a map holds in the end.
fn inner(mut ty: Type<'_>) -> Type<'_> {
    while let Some(element) = ty.element() {
        ty = element;
    }
    ty
}

fn head(text: &mut String, kind: Kind<'_>, path: &str) {
    let scope = if kind.is_namespaced() { "namespaced" } else { "cluster-wide" };
    let _ = match path {
        "" => writeln!(text, "{}   {}   {scope}", kind.kind(), kind.api_version()),
        path => writeln!(text, "{} {path}   {}", kind.kind(), kind.api_version()),
    };
    text.push('\n');
}

fn facts(text: &mut String, kind: Kind<'_>, field: Option<Field<'_>>, owner: Type<'_>, path: &str) {
    let mut line = |name: &str, value: String| {
        if !value.is_empty() {
            let _ = writeln!(text, "  {name:<12}{value}");
        }
    };
    let join = |words: Vec<&str>| words.join(", ");
    match field {
        None => {
            line(
                "called",
                join([kind.plural(), kind.singular()].into_iter().chain(kind.short_names()).collect()),
            );
            line(
                "versions",
                versions(|schema| schema.kind(kind.group(), kind.version(), kind.kind()).is_some()),
            );
            let mut others: Vec<String> = Vec::new();
            for version in VERSIONS {
                let schema = Schema::of(version);
                let same = schema
                    .kinds()
                    .filter(|k| k.kind() == kind.kind() && k.api_version() != kind.api_version());
                others.extend(same.map(|k| k.api_version()));
            }
            others.sort();
            others.dedup();
            line("also in", others.join(", "));
        }
        Some(field) => {
            let ty = field.ty();
            let name = if inner(ty).shape() == Shape::Object { inner(ty).short_name() } else { "" };
            let shape = match (ty.shape(), name) {
                (Shape::Object, name) if !name.is_empty() => name.to_owned(),
                _ => ty.describe(),
            };
            line("type", shape);
            line("required", if field.is_required() { "yes".to_owned() } else { "no".to_owned() });
            let published = field.default_json();
            let default = published.or_else(|| super::defaults::default(owner.name(), field.name()));
            line("default", default.unwrap_or("").to_owned());
            line("one of", join(inner(ty).values().collect()));
            if let Some(list) = ty.list() {
                let keys = join(ty.list_keys().collect());
                line(
                    "items",
                    match list {
                        List::Map => format!("told apart by {keys}"),
                        List::Set => "told apart by their value".to_owned(),
                        List::Atomic => "replaced as a whole".to_owned(),
                    },
                );
            }
            let patch = field.patch();
            let words =
                [("merge", patch.merge), ("retain keys", patch.retain_keys), ("replace", patch.replace)];
            let mut words = join(words.into_iter().filter_map(|(word, set)| set.then_some(word)).collect());
            if let Some(key) = field.merge_key() {
                let _ = write!(words, " by {key}");
            }
            line("patch", words);
            line("deprecated", if field.is_deprecated() { "yes".to_owned() } else { String::new() });
            line(
                "versions",
                versions(|schema| {
                    schema
                        .kind(kind.group(), kind.version(), kind.kind())
                        .is_some_and(|k| k.ty().at(path).is_some())
                }),
            );
        }
    }
    if let Some(life) = lifecycle(kind.group(), kind.version(), kind.kind()) {
        let minor = |minor: Option<u8>| minor.map_or(String::new(), |minor| format!("1.{minor}"));
        line("deprecated", minor(life.deprecated));
        line("removed", minor(life.removed));
    }
}

/// `1.35 to 1.37`, `since 1.36`, `until 1.35`: where it is, among the versions that are known.
fn versions(has: impl Fn(&Schema) -> bool) -> String {
    let all: Vec<Version> = VERSIONS.into_iter().filter(|v| has(&Schema::of(*v))).collect();
    match (all.first(), all.last()) {
        (Some(first), Some(last)) if all.len() == VERSIONS.len() => format!("{first} to {last}"),
        (Some(first), Some(last)) if *last == VERSIONS[VERSIONS.len() - 1] => format!("since {first}"),
        (Some(_), Some(last)) => format!("until {last}"),
        _ => String::new(),
    }
}

fn fields(text: &mut String, ty: Type<'_>) {
    let width = ty.fields().map(|f| f.name().len() + usize::from(f.is_required())).max().unwrap_or(0) + 2;
    if width == 2 {
        return;
    }
    text.push_str("\nfields (`!` marks required ones)\n");
    for field in ty.fields() {
        let name = format!("{}{}", field.name(), if field.is_required() { "!" } else { "" });
        let _ = writeln!(
            text,
            "  {name:<width$}{}{}",
            short(field.ty()),
            if field.is_deprecated() { ", deprecated" } else { "" }
        );
    }
}

/// A type in a word: `[Container]`, `{string}`, `integer`.
fn short(ty: Type<'_>) -> String {
    let element = || ty.element().map_or_else(String::new, short);
    match ty.shape() {
        Shape::List => format!("[{}]", element()),
        Shape::Map => format!("{{{}}}", element()),
        Shape::Object | Shape::SchemaOrBool | Shape::SchemaOrList | Shape::SchemaOrStrings => {
            ty.short_name().to_owned()
        }
        Shape::String => "string".to_owned(),
        Shape::Bool => "boolean".to_owned(),
        Shape::Int32 | Shape::Int64 => "integer".to_owned(),
        Shape::Number => "number".to_owned(),
        Shape::Bytes => "base64".to_owned(),
        Shape::Quantity => "quantity".to_owned(),
        Shape::IntOrString => "integer or string".to_owned(),
        Shape::Time | Shape::MicroTime => "time".to_owned(),
        Shape::Duration => "duration".to_owned(),
        Shape::Any | Shape::Alias => "anything".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_tells_its_keys_and_versions() {
        let text = explain("pod.spec.containers.ports").unwrap();
        assert!(text.contains("told apart by containerPort, protocol"), "{text}");
        assert!(text.contains("merge by containerPort"), "{text}");
        assert!(text.contains("1.35 to 1.37"), "{text}");
        assert!(text.contains("containerPort!"), "{text}");
    }

    #[test]
    fn defaults_that_code_sets_are_told() {
        for (path, default) in [
            ("deploy.spec.strategy.rollingUpdate.maxSurge", "25%"),
            ("deploy.spec.progressDeadlineSeconds", "600"),
            ("sts.spec.template.spec.terminationGracePeriodSeconds", "30"),
            ("po.spec.containers.livenessProbe.periodSeconds", "10"),
        ] {
            let text = explain(path).unwrap();
            assert!(
                text.lines().any(|l| l.trim_start().starts_with("default") && l.ends_with(default)),
                "{text}"
            );
        }
    }

    #[test]
    fn kinds_go_by_all_of_their_names() {
        for name in ["hpa", "HorizontalPodAutoscaler", "horizontalpodautoscalers"] {
            assert!(explain(name).unwrap().starts_with("HorizontalPodAutoscaler   autoscaling/v2"), "{name}");
        }
        assert!(!explain("deploymnt").unwrap_err().kind_is_known);
    }
}
