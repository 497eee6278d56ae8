//! What a strategic merge asks of a schema: which lists are merged, and by which keys.

use std::collections::HashMap;
use std::sync::Arc;

use source::{Diagnostics, SourceId};
use yaml::{Kind, Node, NodeComments, Options, Profile, read_first};

use crate::schema::{Field, Schema, Shape, Type};

/// The schemas of a build: those that Kustomize carries, or those of the file that the field `openapi` names.
#[derive(Clone)]
pub struct Schemas {
    builtin: Schema,
    custom: Option<Arc<Custom>>,
    /// Whether what is built in counts, where the custom ones say nothing.
    has_builtin: bool,
}

#[derive(Default)]
struct Custom {
    definitions: HashMap<String, Arc<Written>>,
    /// (apiVersion, kind) to the definition's name.
    kinds: HashMap<(String, String), String>,
}

/// A JSON schema, as far as merges read one.
#[derive(Default)]
pub(super) struct Written {
    strategy: Option<String>,
    map_keys: Option<Vec<String>>,
    merge_key: Option<String>,
    is_list: bool,
    properties: HashMap<String, Arc<Written>>,
    rest: Option<Arc<Written>>,
    items: Option<Arc<Written>>,
    reference: Option<String>,
}

/// The schema of one node.
#[derive(Clone)]
pub(super) enum Rules<'s> {
    /// Of the tables; the field that it was reached by tells how it is merged.
    Table(Type<'s>, Option<Field<'s>>),
    /// Of a comment or a file.
    Written(Arc<Written>),
}

impl Schemas {
    /// What Kustomize carries: Kubernetes 1.21.2.
    pub fn builtin() -> Schemas {
        Schemas { builtin: Schema::kustomize(), custom: None, has_builtin: true }
    }

    /// Those of an OpenAPI document, in place of what is built in or over it.
    pub fn custom(document: Node<'_>, has_builtin: bool) -> Schemas {
        let mut custom = Custom::default();
        let definitions = document.get("definitions");
        for (name, definition) in definitions.into_iter().flat_map(Node::entries) {
            let kinds = definition.get("x-kubernetes-group-version-kind");
            for of in kinds.into_iter().flat_map(Node::items) {
                let text = |key: &str| of.get(key).map_or("", Node::text);
                let api_version = match text("group") {
                    "" => text("version").to_owned(),
                    group => format!("{group}/{}", text("version")),
                };
                custom.kinds.insert((api_version, text("kind").to_owned()), name.text().to_owned());
            }
            if let Some(written) = Written::of(definition, 0) {
                custom.definitions.insert(name.text().to_owned(), Arc::new(written));
            }
        }
        Schemas { builtin: Schema::kustomize(), custom: Some(Arc::new(custom)), has_builtin }
    }

    /// The rules for objects of a kind.
    pub(super) fn kind(&self, api_version: &str, kind: &str) -> Option<Rules<'_>> {
        if let Some(custom) = &self.custom {
            let name = custom.kinds.get(&(api_version.to_owned(), kind.to_owned()));
            if name.is_some() || !self.has_builtin {
                return custom.definitions.get(name?).cloned().map(Rules::Written);
            }
        }
        let (group, version) = api_version.split_once('/').unwrap_or(("", api_version));
        self.builtin.kind(group, version, kind).map(|kind| Rules::Table(kind.ty(), None))
    }

    /// What a comment says of the node beside it, where the comment is a JSON schema.
    pub(super) fn of_comments(&self, comments: Option<&NodeComments>) -> Option<Rules<'_>> {
        let comments = comments?;
        // The first comment that there is decides, schema or not.
        let text = [&comments.line, &comments.head].into_iter().find(|text| !text.is_empty())?;
        let text = text.trim_start_matches('#').trim();
        if !text.starts_with('{') || serde_json::from_str::<serde::de::IgnoredAny>(text).is_err() {
            return None;
        }
        let text: Arc<str> = text.into();
        let options = Options::new(Profile::Kubernetes);
        let doc = read_first(SourceId(u32::MAX), &text, &options, &mut Diagnostics::new())?;
        let root = doc.root()?;
        // A schema that says nothing is as good as none; one that says something else hides what is built in.
        root.entries().next()?;
        let written = Arc::new(Written::of(root, 0)?);
        Some(self.resolved(written.clone()).unwrap_or(Rules::Written(written)))
    }

    /// What a schema's reference leads to, through any number of references; `None` where one leads nowhere.
    fn resolved(&self, mut written: Arc<Written>) -> Option<Rules<'_>> {
        for _ in 0..REFERENCES {
            let Some(reference) = &written.reference else { return Some(Rules::Written(written)) };
            let name = reference.strip_prefix("#/definitions/")?.replace("~1", "/").replace("~0", "~");
            match self.custom.as_ref().and_then(|custom| custom.definitions.get(&name)) {
                Some(definition) => written = definition.clone(),
                None if !self.has_builtin => return None,
                None => {
                    let ty = self.builtin.named(name.strip_prefix("io.k8s.")?)?;
                    return Some(Rules::Table(ty, None));
                }
            }
        }
        None
    }

    /// The rules of a field of a map.
    pub(super) fn field<'s>(&'s self, of: &Rules<'s>, name: &str) -> Option<Rules<'s>> {
        match of {
            Rules::Table(ty, _) => match ty.shape() {
                Shape::Map => ty.element().map(|ty| Rules::Table(ty, None)),
                _ => ty.field(name).map(|field| Rules::Table(field.ty(), Some(field))),
            },
            Rules::Written(written) => {
                let field = written.properties.get(name).or(written.rest.as_ref())?;
                self.resolved(field.clone())
            }
        }
    }

    /// The rules of a list's items.
    pub(super) fn items<'s>(&'s self, of: &Rules<'s>) -> Option<Rules<'s>> {
        match of {
            Rules::Table(ty, _) if ty.shape() == Shape::List => ty.element().map(|ty| Rules::Table(ty, None)),
            Rules::Table(..) => None,
            Rules::Written(written) if written.is_list => self.resolved(written.items.clone()?),
            Rules::Written(_) => None,
        }
    }
}

/// References that lead to references end here; upstream never ends where they lead in a circle.
const REFERENCES: usize = 100;
/// Levels of a written schema; deeper ones say nothing.
const DEPTH: usize = 500;

impl Rules<'_> {
    /// By which keys a list is merged; none are named for lists of scalars. `None` where it is replaced.
    pub(super) fn merge_keys(&self) -> Option<Vec<Box<str>>> {
        match self {
            Rules::Table(ty, field) => {
                let field = field.filter(|field| field.patch().merge)?;
                let keys: Vec<Box<str>> = ty.list_keys().map(Into::into).collect();
                if !keys.is_empty() {
                    return Some(keys);
                }
                Some(field.merge_key().map(Into::into).into_iter().collect())
            }
            Rules::Written(written) => {
                written.strategy.as_ref()?.split(',').find(|word| *word == "merge")?;
                Some(match (&written.map_keys, &written.merge_key) {
                    (Some(keys), _) => keys.iter().map(|key| key.as_str().into()).collect(),
                    (None, Some(key)) => vec![key.as_str().into()],
                    (None, None) => Vec::new(),
                })
            }
        }
    }
}

impl Written {
    fn of(node: Node<'_>, depth: usize) -> Option<Written> {
        if node.kind() != Kind::Map || depth > DEPTH {
            return None;
        }
        let text = |key: &str| node.get(key).and_then(Node::as_str).map(str::to_owned);
        let inner = |key: &str| {
            let found = node.get(key).and_then(|node| Written::of(node, depth + 1));
            found.map(Arc::new)
        };
        let mut properties = HashMap::new();
        for (name, property) in node.get("properties").into_iter().flat_map(Node::entries) {
            if let Some(written) = Written::of(property, depth + 1) {
                properties.insert(name.text().to_owned(), Arc::new(written));
            }
        }
        let types = node.get("type");
        let mut types =
            types.into_iter().flat_map(|t| t.items().chain((t.kind() == Kind::Scalar).then_some(t)));
        let keys = node.get("x-kubernetes-list-map-keys");
        Some(Written {
            strategy: text("x-kubernetes-patch-strategy"),
            map_keys: keys.map(|keys| keys.items().map(|key| key.text().to_owned()).collect()),
            merge_key: text("x-kubernetes-patch-merge-key"),
            is_list: types.next().is_some_and(|t| t.text() == "array") && types.next().is_none(),
            properties,
            rest: inner("additionalProperties"),
            items: inner("items"),
            reference: text("$ref"),
        })
    }
}
