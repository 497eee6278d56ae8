//! `.Chart`: the metadata of Chart.yaml, a struct in Helm 3 and a map in Helm 4.

use std::rc::Rc;

use super::record::{Field, Record};
use crate::value::{Data, List, Map, Text, Type, Value};
use crate::{Func, Profile};

/// What Chart.yaml says; texts carry the origins of its nodes.
#[derive(Clone, Debug, Default)]
#[expect(missing_docs, reason = "the fields of Chart.yaml, by their names")]
pub struct Metadata {
    pub name: Text,
    pub home: Text,
    pub sources: Vec<Text>,
    pub version: Text,
    pub description: Text,
    pub keywords: Vec<Text>,
    pub maintainers: Vec<Maintainer>,
    pub icon: Text,
    pub api_version: Text,
    pub condition: Text,
    pub tags: Text,
    pub app_version: Text,
    pub deprecated: bool,
    /// `None` where Chart.yaml has none.
    pub annotations: Option<Vec<(Text, Text)>>,
    pub kube_version: Text,
    pub dependencies: Vec<Dependency>,
    /// `type`
    pub kind: Text,
}

/// One of the chart's maintainers.
#[derive(Clone, Debug, Default)]
#[expect(missing_docs, reason = "the fields of Chart.yaml, by their names")]
pub struct Maintainer {
    pub name: Text,
    pub email: Text,
    pub url: Text,
}

/// One of the chart's dependencies.
#[derive(Clone, Default)]
#[expect(missing_docs, reason = "the fields of Chart.yaml, by their names")]
pub struct Dependency {
    pub name: Text,
    pub version: Text,
    pub repository: Text,
    pub condition: Text,
    pub tags: Vec<Text>,
    pub enabled: bool,
    pub import_values: Vec<Value>,
    pub alias: Text,
}

impl std::fmt::Debug for Dependency {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?} {:?}", self.name, self.version)
    }
}

const NO_METHODS: &[&Func] = &[];

/// The object; `is_root` is false in a subchart.
pub fn chart(profile: Profile, from: &Metadata, is_root: bool) -> Value {
    let fields = metadata(profile, from);
    if profile == Profile::Helm4 {
        let mut entries = entries(fields);
        entries.push(("IsRoot".into(), Value::bool(is_root)));
        return Value::map(entries);
    }
    let metadata = record("chart.Metadata", fields);
    let embedded = Field { embedded: true, ..Field::new("Metadata", metadata) };
    record(
        "struct { chart.Metadata; IsRoot bool }",
        vec![embedded, Field::new("IsRoot", Value::bool(is_root))],
    )
}

fn record(ty: &'static str, fields: Vec<Field>) -> Value {
    Value::object(Record { ty, fields, methods: NO_METHODS, address_string: None })
}

fn entries(fields: Vec<Field>) -> Vec<(Text, Value)> {
    fields.into_iter().map(|f| (f.name.into(), f.value)).collect()
}

fn metadata(profile: Profile, from: &Metadata) -> Vec<Field> {
    let str = |name, json, text: &Text| Field::new(name, Value::str(text.clone())).json(json);
    let maintainers = from.maintainers.iter().map(|m| {
        vec![str("Name", "name", &m.name), str("Email", "email", &m.email), str("URL", "url", &m.url)]
    });
    let dependencies = from.dependencies.iter().map(|d| {
        vec![
            Field { omit_empty: false, ..str("Name", "name", &d.name) },
            str("Version", "version", &d.version),
            Field { omit_empty: false, ..str("Repository", "repository", &d.repository) },
            str("Condition", "condition", &d.condition),
            Field::new("Tags", texts(profile, &d.tags)).json("tags"),
            Field::new("Enabled", Value::bool(d.enabled)).json("enabled"),
            Field::new("ImportValues", list(profile, Type::LIST, d.import_values.clone()))
                .json("import-values"),
            str("Alias", "alias", &d.alias),
        ]
    });
    let structs = |ty: &'static str, of: Type, all: Vec<Vec<Field>>| {
        let items = all.into_iter().map(|fields| match profile {
            Profile::Helm4 => Value::map(entries(fields)),
            Profile::Helm3 => record(ty, fields),
        });
        list(profile, of, items.collect())
    };
    let annotations = match &from.annotations {
        Some(all) => Map::of(
            Type::Map(&Type::String),
            all.iter().map(|(k, v)| (k.clone(), Value::str(v.clone()))).collect(),
        ),
        None => Map::nil(Type::Map(&Type::String)),
    };
    vec![
        str("Name", "name", &from.name),
        str("Home", "home", &from.home),
        Field::new("Sources", texts(profile, &from.sources)).json("sources"),
        str("Version", "version", &from.version),
        str("Description", "description", &from.description),
        Field::new("Keywords", texts(profile, &from.keywords)).json("keywords"),
        Field::new(
            "Maintainers",
            structs(
                "*chart.Maintainer",
                Type::List(&Type::Object("*chart.Maintainer")),
                maintainers.collect(),
            ),
        )
        .json("maintainers"),
        str("Icon", "icon", &from.icon),
        str("APIVersion", "apiVersion", &from.api_version),
        str("Condition", "condition", &from.condition),
        str("Tags", "tags", &from.tags),
        str("AppVersion", "appVersion", &from.app_version),
        Field::new("Deprecated", Value::bool(from.deprecated)).json("deprecated"),
        Field::new("Annotations", Value::new(Data::Map(Rc::new(annotations)))).json("annotations"),
        str("KubeVersion", "kubeVersion", &from.kube_version),
        Field::new(
            "Dependencies",
            structs(
                "*chart.Dependency",
                Type::List(&Type::Object("*chart.Dependency")),
                dependencies.collect(),
            ),
        )
        .json("dependencies"),
        str("Type", "type", &from.kind),
    ]
}

/// Helm 4 has made a plain list of every slice; in Helm 3 one that is not there is nil.
fn list(profile: Profile, ty: Type, items: Vec<Value>) -> Value {
    let list = match profile {
        Profile::Helm4 => List::of(Type::LIST, items),
        Profile::Helm3 if items.is_empty() => List::nil(ty),
        Profile::Helm3 => List::of(ty, items),
    };
    Value::new(Data::List(Rc::new(list)))
}

fn texts(profile: Profile, all: &[Text]) -> Value {
    list(profile, Type::List(&Type::String), all.iter().cloned().map(Value::str).collect())
}
