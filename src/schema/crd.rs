//! CustomResourceDefinitions, compiled into the tables that native kinds have.

use rustc_hash::{FxHashMap, FxHashSet};
use yaml::{Kind as NodeKind, Node, Value};

use super::Schema;
use super::constraint::{Constraints, Pattern};
use super::table::{
    CUSTOM, DROPPED, EMBEDDED, FieldRow, KindRow, List, NULLABLE, Name, PRESERVE, REQUIRED, Range, Shape,
    Table, TypeRow,
};
use super::view::Type;

/// Levels of nesting of a schema; etcd would refuse an object with many more.
const DEPTH: usize = 100;
/// Types of one definition, aliases expanded: a hundred times what the largest has.
const TYPES: usize = 500_000;

/// What keeps a definition, or a part of it, from being compiled.
pub struct Fault<'a> {
    /// Where.
    pub node: Node<'a>,
    /// What is wrong.
    pub message: String,
    /// Whether a pattern is what is wrong, which a server says of the pattern's own place.
    pub is_pattern: bool,
}

/// The kinds that a definition defines, one a served version; `None` for what is no definition.
pub(crate) fn compile<'a>(crd: Node<'a>, native: &Schema, faults: &mut Vec<Fault<'a>>) -> Option<Table> {
    let spec = crd.get("spec")?;
    let text = |path: &str| spec.at(path).and_then(Node::as_str).unwrap_or("");
    let (group, kind, plural) = (text("group"), text("names.kind"), text("names.plural"));
    if group.is_empty() || kind.is_empty() {
        return None;
    }
    let mut builder = Builder::new(native, faults);
    let names = [text("names.singular"), plural, group, kind].map(|name| builder.name(name));
    let [singular, plural, group, kind] = names;
    let short = builder.words(spec.at("names.shortNames").into_iter().flat_map(Node::items));
    let categories = builder.words(spec.at("names.categories").into_iter().flat_map(Node::items));
    let namespaced = text("scope") != "Cluster";
    let mut kinds = Vec::new();
    for version in spec.get("versions").into_iter().flat_map(Node::items) {
        let served = version.get("served").is_none_or(|s| s.as_bool() != Some(false));
        let Some(name) = version.get("name").and_then(Node::as_str).filter(|_| served) else { continue };
        let ty = match version.at("schema.openAPIV3Schema") {
            Some(schema) => builder.root(schema),
            None => builder.push(TypeRow { flags: CUSTOM | PRESERVE, ..row(Shape::Object) }),
        };
        if version.at("subresources.status").is_some_and(|s| !s.is_null()) {
            builder.drop_status(ty);
        }
        let version = builder.name(name);
        kinds.push(KindRow { group, version, kind, plural, singular, short, categories, ty, namespaced });
    }
    let Builder { text, types, fields, words, constraints, .. } = builder;
    kinds.sort_by(|a, b| name_in(&text, a.version).cmp(name_in(&text, b.version)));
    Some(Table {
        text: text.into(),
        types: types.into(),
        fields: fields.into(),
        words: words.into(),
        kinds: kinds.into(),
        constraints,
    })
}

fn name_in(text: &str, name: Name) -> &str {
    text.get(name.at as usize..name.at as usize + name.len as usize).unwrap_or("")
}

fn row(shape: Shape) -> TypeRow {
    TypeRow {
        name: Name { at: 0, len: 0 },
        shape,
        list: List::Atomic,
        flags: CUSTOM,
        element: 0,
        range: Range { start: 0, len: 0 },
        rules: 0,
    }
}

struct Builder<'a, 'f> {
    native: &'f Schema,
    text: String,
    known: FxHashMap<String, Name>,
    types: Vec<TypeRow>,
    fields: Vec<FieldRow>,
    words: Vec<Name>,
    constraints: Vec<Constraints>,
    metadata: Option<u32>,
    /// Those that were looked at.
    patterns: FxHashSet<&'a str>,
    faults: &'f mut Vec<Fault<'a>>,
}

impl<'a, 'f> Builder<'a, 'f> {
    fn new(native: &'f Schema, faults: &'f mut Vec<Fault<'a>>) -> Self {
        Builder {
            native,
            text: String::new(),
            known: FxHashMap::default(),
            types: Vec::new(),
            fields: Vec::new(),
            words: Vec::new(),
            constraints: Vec::new(),
            metadata: None,
            patterns: FxHashSet::default(),
            faults,
        }
    }

    fn name(&mut self, name: &str) -> Name {
        if let Some(&known) = self.known.get(name) {
            return known;
        }
        // A name past 64 KiB is cut; no real field comes near.
        let len = u16::try_from(name.len()).unwrap_or(u16::MAX);
        let made = Name { at: self.text.len() as u32, len };
        self.text.push_str(name);
        self.known.insert(name.to_owned(), made);
        made
    }

    fn words(&mut self, nodes: impl Iterator<Item = Node<'a>>) -> Range {
        let names: Vec<Name> = nodes.map(|node| self.name(node.text())).collect();
        let start = self.words.len() as u32;
        self.words.extend_from_slice(&names);
        Range { start, len: names.len() as u32 }
    }

    fn push(&mut self, row: TypeRow) -> u32 {
        self.types.push(row);
        self.types.len() as u32 - 1
    }

    fn fault(&mut self, node: Node<'a>, message: impl Into<String>) {
        let message = message.into();
        let is_pattern = message.starts_with("the pattern");
        self.faults.push(Fault { node, message, is_pattern });
    }

    /// The type of a whole object: what every object has is there without being said.
    fn root(&mut self, schema: Node<'a>) -> u32 {
        let id = self.schema(schema, 0, true);
        self.complete(id);
        id
    }

    /// Adds `apiVersion`, `kind` and `metadata` to an object.
    fn complete(&mut self, id: u32) {
        let Some(&object) = self.types.get(id as usize) else { return };
        if !matches!(object.shape, Shape::Object | Shape::Any) {
            return;
        }
        let string = self.push(row(Shape::String));
        let metadata = self.metadata();
        let start = object.range.start as usize;
        let mut fields = self.fields[start..start + object.range.len as usize].to_vec();
        for (name, ty) in [("apiVersion", string), ("kind", string), ("metadata", metadata)] {
            let name = self.name(name);
            match fields.iter_mut().find(|f| f.name == name) {
                // A schema may restrict the name; the rest of the metadata is as ever.
                Some(field) if ty == metadata => {
                    let ours = self.types.get(field.ty as usize).copied();
                    field.ty = self.restricted(metadata, ours);
                }
                Some(_) => {}
                None => fields.push(FieldRow {
                    name,
                    ty,
                    default: row(Shape::Any).name,
                    merge_key: row(Shape::Any).name,
                    flags: 0,
                }),
            }
        }
        let range = self.sorted(fields);
        if let Some(object) = self.types.get_mut(id as usize) {
            object.range = range;
            object.shape = Shape::Object;
        }
    }

    /// Marks an object's status as what a create throws away.
    fn drop_status(&mut self, id: u32) {
        let Some(range) = self.types.get(id as usize).map(|ty| ty.range) else { return };
        let (start, end) = (range.start as usize, (range.start + range.len) as usize);
        let text = &self.text;
        let mut fields = self.fields[start..end].iter_mut();
        if let Some(status) = fields.find(|f| name_in(text, f.name) == "status") {
            status.flags |= DROPPED;
        }
    }

    /// Metadata whose `name` and `generateName` are those of a schema.
    fn restricted(&mut self, metadata: u32, by: Option<TypeRow>) -> u32 {
        let (Some(by), Some(&whole)) = (by, self.types.get(metadata as usize)) else { return metadata };
        let slice = |range: Range| range.start as usize..(range.start + range.len) as usize;
        if by.shape != Shape::Object {
            return metadata;
        }
        let ours = self.fields[slice(by.range)].to_vec();
        let mut fields = self.fields[slice(whole.range)].to_vec();
        for field in &mut fields {
            let is_name = matches!(name_in(&self.text, field.name), "name" | "generateName");
            if let Some(own) = ours.iter().find(|o| o.name == field.name).filter(|_| is_name) {
                field.ty = own.ty;
            }
        }
        let range = self.sorted(fields);
        self.push(TypeRow { range, ..whole })
    }

    fn sorted(&mut self, mut fields: Vec<FieldRow>) -> Range {
        let text = &self.text;
        fields.sort_by(|a, b| name_in(text, a.name).cmp(name_in(text, b.name)));
        fields.dedup_by(|a, b| a.name == b.name);
        let range = Range { start: self.fields.len() as u32, len: fields.len() as u32 };
        self.fields.extend(fields);
        range
    }

    fn metadata(&mut self) -> u32 {
        if let Some(id) = self.metadata {
            return id;
        }
        let native = self.native;
        let mut copied = FxHashMap::default();
        let id = match native.named("apimachinery.pkg.apis.meta.v1.ObjectMeta") {
            Some(ty) => self.copy(ty, &mut copied),
            None => self.push(row(Shape::Any)),
        };
        self.metadata = Some(id);
        id
    }

    /// A native type with all that it refers to; that of metadata refers to a handful, and to none in a circle.
    fn copy(&mut self, ty: Type<'_>, copied: &mut FxHashMap<String, u32>) -> u32 {
        if let Some(&id) = copied.get(ty.name()).filter(|_| !ty.name().is_empty()) {
            return id;
        }
        let name = self.name(ty.name());
        let element = ty.element().map_or(0, |element| self.copy(element, copied));
        let fields: Vec<FieldRow> = ty
            .fields()
            .map(|field| {
                let ty = self.copy(field.ty(), copied);
                let default = self.name(field.default_json().unwrap_or(""));
                let flags = if field.is_required() { REQUIRED } else { 0 };
                FieldRow {
                    name: self.name(field.name()),
                    ty,
                    default,
                    merge_key: row(Shape::Any).name,
                    flags,
                }
            })
            .collect();
        let range = self.sorted(fields);
        let id = self.push(TypeRow { name, element, range, flags: 0, ..row(ty.shape()) });
        copied.insert(ty.name().to_owned(), id);
        id
    }

    /// The type that a schema describes. `strict` where it says which fields there are, and not only which values.
    fn schema(&mut self, schema: Node<'a>, depth: usize, strict: bool) -> u32 {
        if depth > DEPTH || self.types.len() > TYPES {
            // Once is enough: what a bomb expands to would be told a thousand times.
            if self.faults.iter().all(|f| !f.message.starts_with("the schema is")) {
                let what = if depth > DEPTH { "nested too deeply" } else { "too large" };
                self.fault(schema, format!("the schema is {what}"));
            }
            return self.push(TypeRow { flags: CUSTOM | PRESERVE, ..row(Shape::Any) });
        }
        if schema.kind() != NodeKind::Map {
            return self.push(TypeRow { flags: CUSTOM | PRESERVE, ..row(Shape::Any) });
        }
        let words = Words::of(schema);
        let mut made = row(words.shape());
        let set = |flag: u8, on: bool| if on { flag } else { 0 };
        made.flags |= set(NULLABLE, words.nullable) | set(EMBEDDED, words.embedded);
        made.flags |=
            set(PRESERVE, words.preserve || !strict || (words.ty.is_empty() && words.properties.is_none()));
        match made.shape {
            Shape::Object => made.range = self.properties(&words, depth, strict),
            Shape::Map => {
                made.element = match words.additional {
                    Some(schema) => self.schema(schema, depth + 1, strict),
                    None => self.push(TypeRow { flags: CUSTOM | PRESERVE, ..row(Shape::Any) }),
                }
            }
            Shape::List => {
                made.element = match words.items {
                    Some(schema) => self.schema(schema, depth + 1, strict),
                    None => self.push(TypeRow { flags: CUSTOM | PRESERVE, ..row(Shape::Any) }),
                };
                made.list = match words.list {
                    "set" => List::Set,
                    "map" => List::Map,
                    _ => List::Atomic,
                };
                made.range = self.words(words.keys.into_iter().flat_map(Node::items));
            }
            _ => {}
        }
        made.rules = self.rules(&words, depth);
        let id = self.push(made);
        if words.embedded {
            self.complete(id);
        }
        id
    }

    fn properties(&mut self, words: &Words<'a>, depth: usize, strict: bool) -> Range {
        let required: Vec<&str> = words.required.into_iter().flat_map(Node::items).map(Node::text).collect();
        let mut fields = Vec::new();
        for (key, schema) in words.properties.into_iter().flat_map(Node::entries) {
            let ty = self.schema(schema, depth + 1, strict);
            let default = match schema.get("default") {
                Some(default) => self.name(&json_text(default)),
                None => row(Shape::Any).name,
            };
            let flags = if required.contains(&key.text()) { REQUIRED } else { 0 };
            fields.push(FieldRow {
                name: self.name(key.text()),
                ty,
                default,
                merge_key: row(Shape::Any).name,
                flags,
            });
        }
        // A value rule may require what it does not describe.
        let described: Vec<Name> = fields.iter().map(|f| f.name).collect();
        for name in required {
            let name = self.name(name);
            if !described.contains(&name) {
                let ty = self.push(TypeRow { flags: CUSTOM | PRESERVE | NULLABLE, ..row(Shape::Any) });
                fields.push(FieldRow {
                    name,
                    ty,
                    default: row(Shape::Any).name,
                    merge_key: row(Shape::Any).name,
                    flags: REQUIRED,
                });
            }
        }
        self.sorted(fields)
    }

    /// One more than the index of the constraints; 0 where there are none.
    fn rules(&mut self, words: &Words<'a>, depth: usize) -> u32 {
        if !words.constrained {
            return 0;
        }
        let mut rules = Constraints::default();
        let number = |node: Option<Node<'_>>| node.and_then(as_number);
        let count = |node: Option<Node<'_>>| node.and_then(Node::as_i64).and_then(|n| u64::try_from(n).ok());
        let get = |key: &str| words.schema.get(key);
        let excludes = |key: &str| get(key).is_some_and(Node::is_true);
        rules.minimum = number(get("minimum")).map(|n| (n, excludes("exclusiveMinimum")));
        rules.maximum = number(get("maximum")).map(|n| (n, excludes("exclusiveMaximum")));
        rules.multiple_of = number(get("multipleOf")).filter(|n| *n > 0.0);
        rules.length = (count(get("minLength")), count(get("maxLength")));
        rules.items = (count(get("minItems")), count(get("maxItems")));
        rules.properties = (count(get("minProperties")), count(get("maxProperties")));
        rules.format = get("format").and_then(Node::as_str).map(Into::into);
        rules.values = get("enum").into_iter().flat_map(Node::items).filter_map(json_value).collect();
        if let Some(node) = get("pattern")
            && let Some(text) = node.as_str()
        {
            let pattern = Pattern::new(text);
            // Schemas are written by generators, which repeat themselves.
            if self.patterns.insert(text)
                && let Some(why) = pattern.fault()
            {
                let shown: String = text.chars().take(40).collect();
                self.fault(node, format!("the pattern `{shown}` cannot be compiled: {why}"));
            }
            rules.pattern = Some(pattern);
        }
        let mut several = |key: &str| -> Vec<u32> {
            let schemas: Vec<Node<'a>> = get(key).into_iter().flat_map(Node::items).collect();
            schemas.into_iter().map(|schema| self.schema(schema, depth + 1, false)).collect()
        };
        // What an int-or-string is allowed to say beside its mark says nothing new.
        if !words.int_or_string {
            rules.any_of = several("anyOf");
        }
        rules.all_of = if words.int_or_string { Vec::new() } else { several("allOf") };
        rules.one_of = several("oneOf");
        rules.not = get("not").map(|schema| self.schema(schema, depth + 1, false));
        if rules.is_empty() {
            return 0;
        }
        self.constraints.push(rules);
        self.constraints.len() as u32
    }
}

fn as_number(node: Node<'_>) -> Option<f64> {
    match node.value() {
        Value::Int(i) => Some(i as f64),
        Value::UInt(u) => Some(u as f64),
        Value::Float(f) => Some(f),
        _ => None,
    }
}

fn json_text(node: Node<'_>) -> String {
    let mut bytes = Vec::new();
    yaml::to_json(node, &mut bytes);
    String::from_utf8(bytes).unwrap_or_default()
}

fn json_value(node: Node<'_>) -> Option<serde_json::Value> {
    serde_json::from_str(&json_text(node)).ok()
}

/// The keywords of one schema, read in one pass.
struct Words<'a> {
    schema: Node<'a>,
    ty: &'a str,
    properties: Option<Node<'a>>,
    required: Option<Node<'a>>,
    items: Option<Node<'a>>,
    additional: Option<Node<'a>>,
    keys: Option<Node<'a>>,
    list: &'a str,
    nullable: bool,
    preserve: bool,
    embedded: bool,
    int_or_string: bool,
    has_additional: bool,
    constrained: bool,
}

impl<'a> Words<'a> {
    fn of(schema: Node<'a>) -> Self {
        let mut words = Words {
            schema,
            ty: "",
            properties: None,
            required: None,
            items: None,
            additional: None,
            keys: None,
            list: "",
            nullable: false,
            preserve: false,
            embedded: false,
            int_or_string: false,
            has_additional: false,
            constrained: false,
        };
        for (key, value) in schema.entries() {
            match key.text() {
                "type" => words.ty = value.as_str().unwrap_or(""),
                "properties" => words.properties = Some(value),
                "required" => words.required = Some(value),
                "items" => words.items = Some(value),
                "additionalProperties" => {
                    words.has_additional = value.as_bool() != Some(false);
                    words.additional = Some(value).filter(|v| v.kind() == NodeKind::Map);
                }
                "nullable" => words.nullable = value.is_true(),
                "x-kubernetes-preserve-unknown-fields" => words.preserve = value.is_true(),
                "x-kubernetes-embedded-resource" => words.embedded = value.is_true(),
                "x-kubernetes-int-or-string" => words.int_or_string = value.is_true(),
                "x-kubernetes-list-type" => words.list = value.as_str().unwrap_or(""),
                "x-kubernetes-list-map-keys" => words.keys = Some(value),
                "enum" | "format" | "pattern" | "minimum" | "maximum" | "multipleOf" | "minLength"
                | "maxLength" | "minItems" | "maxItems" | "minProperties" | "maxProperties" | "allOf"
                | "anyOf" | "oneOf" | "not" => {
                    words.constrained = true;
                }
                _ => {}
            }
        }
        words
    }

    fn shape(&self) -> Shape {
        match self.ty {
            _ if self.int_or_string => Shape::IntOrString,
            "object" if self.properties.is_none() && self.has_additional => Shape::Map,
            "object" => Shape::Object,
            "array" => Shape::List,
            "string" => Shape::String,
            "integer" => Shape::Int64,
            "number" => Shape::Number,
            "boolean" => Shape::Bool,
            // A value rule need not repeat the type.
            _ if self.properties.is_some() || self.required.is_some() => Shape::Object,
            _ => Shape::Any,
        }
    }
}
