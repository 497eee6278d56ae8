//! Patches of objects: strategic merges grown along the object and its schema, and JSON patches along its paths.

use plimsoll::schema::{Shape, Type};

use super::objects::{Grower, Object};
use super::pool::{KEYS, NAMES};
use super::tree::{Node, map, raw};

impl Grower<'_> {
    /// A strategic merge patch that names the object.
    pub fn strategic(&mut self, object: &Object) -> Node {
        let (name, namespace) = object.identity(self.random);
        let mut metadata = map([("name", raw(name))]);
        if let Some(namespace) = namespace {
            metadata.set("namespace", raw(namespace));
        }
        if self.random.percent(1) {
            metadata.set("name", raw(self.random.word(NAMES)));
        }
        let mut patch = map([
            ("apiVersion", raw(&object.api_version)),
            ("kind", raw(&object.kind)),
            ("metadata", metadata),
        ]);
        if self.random.percent(3) {
            let directive = self.random.word(&["delete", "replace", "merge"]);
            patch.set("$patch", raw(directive));
            return patch;
        }
        if let Some(old) = object.tree.get("metadata")
            && self.random.percent(25)
            && let Node::Map(changes) = self.change_metadata(old)
        {
            for (key, value) in changes {
                if let Some(Node::Map(metadata)) = patch_metadata(&mut patch) {
                    metadata.push((key, value));
                }
            }
        }
        if let Node::Map(changes) = self.change(&object.tree, object.ty(), 0) {
            for (key, value) in changes {
                if !matches!(key.as_str(), "apiVersion" | "kind" | "metadata" | "$patch") {
                    patch.set(&key, value);
                }
            }
        }
        patch
    }

    fn change_metadata(&mut self, old: &Node) -> Node {
        let mut changes = Node::Map(Vec::new());
        let which = self.random.word(&["labels", "annotations", "labels", "annotations", "finalizers"]);
        if which == "finalizers" {
            let list = match self.random.below(3) {
                0 => vec![raw("example.com/h")],
                1 => vec![raw("$patch"), raw("example.com/g")],
                _ => vec![raw("example.com/f"), raw("example.com/new")],
            };
            changes.set("finalizers", Node::List(list));
            return changes;
        }
        let mut pairs = self.pairs();
        if let Some(Node::Map(entries)) = old.get(which)
            && !entries.is_empty()
            && self.random.percent(60)
        {
            let (key, _) = self.random.pick(entries).clone();
            let value = self.random.word(&["null", "changed", "\"1\"", "1"]);
            pairs.set(&key, raw(value));
        }
        changes.set(which, if self.random.percent(5) { raw("null") } else { pairs });
        changes
    }

    /// A patch of a node: some of what is there changed, some added, some taken away.
    fn change(&mut self, old: &Node, ty: Option<Type<'static>>, depth: usize) -> Node {
        match old.bare() {
            Node::Map(entries) => self.change_map(entries, ty, depth),
            Node::List(items) => self.change_list(items, ty, depth),
            _ => match ty {
                Some(ty) if self.random.percent(80) => self.value(ty, "x", 8),
                _ => raw(self.random.scalar()),
            },
        }
    }

    fn change_map(&mut self, entries: &[(String, Node)], ty: Option<Type<'static>>, depth: usize) -> Node {
        let mut patch = Node::Map(Vec::new());
        if depth > 0 {
            match self.random.below(100) {
                0..2 => patch.set("$patch", raw(self.random.word(&["delete", "replace", "merge"]))),
                2..4 => return patch,
                4 => patch.set("$retainKeys", Node::List(vec![raw("name"), raw("type")])),
                5 => return raw("null"),
                _ => {}
            }
        }
        let wanted = 1 + self.random.below(2);
        for _ in 0..wanted {
            if entries.is_empty() {
                break;
            }
            let (key, old) = self.random.pick(entries);
            let inner = field_type(ty, key);
            if depth > 0 && self.random.percent(5) {
                patch.set(key, raw("null"));
                continue;
            }
            let value = self.change(old, inner, depth + 1);
            if matches!(old.bare(), Node::List(_)) && self.random.percent(3) {
                let key = format!("$setElementOrder/{key}");
                patch.set(&key, Node::List(vec![map([("name", raw("a"))]), map([("name", raw("b"))])]));
            }
            if matches!(old.bare(), Node::List(_)) && self.random.percent(2) {
                let key = format!("$deleteFromPrimitiveList/{key}");
                patch.set(&key, Node::List(vec![raw("x")]));
            }
            // Where no schema says how a list is merged, a comment may.
            let value = if matches!(value.bare(), Node::List(_)) && self.random.percent(4) {
                let schema = r#"{"type":"array","items":{"type":"object"},"x-kubernetes-patch-strategy":"merge","x-kubernetes-patch-merge-key":"name"}"#;
                Node::Noted(schema.to_owned(), Box::new(value))
            } else {
                value
            };
            patch.set(key, value);
        }
        if let Some(ty) = ty
            && ty.shape() == Shape::Object
            && self.random.percent(25)
            && ty.fields().len() > 0
        {
            let fields: Vec<_> =
                ty.fields().filter(|field| depth > 0 || field.name() != "metadata").collect();
            if !fields.is_empty() {
                let merged: Vec<_> = fields
                    .iter()
                    .copied()
                    .filter(|f| f.patch().merge && f.ty().shape() == Shape::List)
                    .collect();
                let field =
                    *if merged.is_empty() { self.random.pick(&fields) } else { self.random.pick(&merged) };
                let value = self.value(field.ty(), field.name(), depth + 3);
                patch.set(field.name(), value);
            }
        } else if self.random.percent(15) {
            let key = self.random.word(KEYS);
            let value = self.random.scalar();
            patch.set(key, raw(value));
        }
        patch
    }

    fn change_list(&mut self, items: &[Node], ty: Option<Type<'static>>, depth: usize) -> Node {
        let element = ty.and_then(Type::element);
        let mut patch = Vec::new();
        match self.random.below(100) {
            0..3 => return Node::List(Vec::new()),
            3..5 => return raw("null"),
            _ => {}
        }
        for item in items.iter().rev().take(2) {
            if !self.random.percent(65) {
                continue;
            }
            let Node::Map(old) = item.bare() else {
                patch.push(item.clone());
                continue;
            };
            let keys = merge_keys(ty, item);
            let mut change = self.change(item, element, depth + 1);
            if matches!(change, Node::Raw(_)) {
                change = Node::Map(Vec::new());
            }
            if self.random.percent(6) {
                change = map([("$patch", raw(self.random.word(&["delete", "replace", "merge"])))]);
            }
            for key in keys.iter().rev() {
                // A key that is left out is a trap of its own.
                if self.random.percent(3) {
                    continue;
                }
                if let Some((_, value)) = old.iter().find(|(k, _)| k == key)
                    && let Node::Map(entries) = &mut change
                {
                    entries.retain(|(k, _)| k != key);
                    entries.insert(0, (key.clone(), value.clone()));
                }
            }
            patch.push(change);
        }
        if self.random.percent(40) {
            match (element, ty) {
                (Some(element), Some(list)) => patch.push(self.item(element, list, "x", depth + 3)),
                _ => patch.push(self.free(4)),
            }
        }
        if self.random.percent(4) {
            patch.push(map([("$patch", raw(self.random.word(&["replace", "delete", "merge"])))]));
        }
        if self.random.percent(30) {
            patch.reverse();
        }
        Node::List(patch)
    }

    /// Operations of a JSON patch.
    pub fn json_patch(&mut self, tree: &Node) -> Vec<Node> {
        let mut operations: Vec<Node> = Vec::new();
        for _ in 0..1 + self.random.below(3) {
            let operation = self.operation(tree);
            let path = |operation: &Node| {
                let field = operation.get("from").or(operation.get("path"));
                field.and_then(Node::text).unwrap_or_default().trim_matches('"').to_owned()
            };
            // What one operation changed the next seldom finds.
            let own = path(&operation);
            let is_near = |other: &Node| {
                let other = path(other);
                own.starts_with(&other) || other.starts_with(&own)
            };
            if !operations.iter().any(is_near) || self.random.percent(4) {
                operations.push(operation);
            }
        }
        operations
    }

    fn operation(&mut self, tree: &Node) -> Node {
        let (path, node) = self.pointer(tree);
        let path = Node::Raw(if self.random.percent(20) { format!("\"{path}\"") } else { path });
        let value = match self.random.below(10) {
            0 => map([(self.random.word(KEYS), raw(self.random.scalar()))]),
            1 => Node::List(vec![raw("x"), raw("1")]),
            2 => raw("null"),
            3 => self.free(4),
            _ => raw(self.random.scalar()),
        };
        match self.random.below(400) / 4 {
            _ if path.text() == Some("/metadata/labels") => {
                map([("op", raw("add")), ("path", path), ("value", self.pairs())])
            }
            0..40 => map([("op", raw("replace")), ("path", path), ("value", value)]),
            40..70 => {
                let mut text = path.text().unwrap_or_default().trim_matches('"').to_owned();
                match node.bare() {
                    Node::List(items) => {
                        text += match self.random.below(10) {
                            0 => "/0",
                            1 if !items.is_empty() => "/1",
                            2 if !items.is_empty() => "/-1",
                            _ => "/-",
                        };
                    }
                    Node::Map(_) => text += self.random.word(&["/new", "/a~1b", "/x"]),
                    _ => {}
                }
                map([("op", raw("add")), ("path", raw(text)), ("value", value)])
            }
            70..85 => map([("op", raw("remove")), ("path", path)]),
            85..90 => {
                let is_word = |text: &str| text.starts_with(|c: char| c.is_ascii_lowercase());
                let is_scalar = node.text().is_some_and(is_word) || self.random.percent(5);
                let value = if is_scalar { node.clone() } else { value };
                map([
                    ("op", raw(if is_scalar { "test" } else { "replace" })),
                    ("path", path),
                    ("value", value),
                ])
            }
            90..95 => map([("op", raw("copy")), ("from", path), ("path", raw("/metadata/annotations"))]),
            95..98 => map([("op", raw("move")), ("from", path), ("path", raw("/moved"))]),
            98 => map([("path", path), ("op", raw("replace"))]),
            _ if self.random.percent(15) => map([("op", raw("frob")), ("path", path)]),
            _ => map([("op", raw("replace")), ("path", path), ("value", value)]),
        }
    }

    /// A pointer into the tree, and what it points at.
    fn pointer<'n>(&mut self, tree: &'n Node) -> (String, &'n Node) {
        let (mut text, mut node) = (String::new(), tree);
        for _ in 0..14 {
            let children = node.children();
            let depth = text.matches('/').count();
            if children.is_empty() || depth > 1 && self.random.percent(25) {
                break;
            }
            let at = self.random.below(children.len());
            let (key, child) = children[at];
            // What identifies an object is seldom touched: little is left to be seen of it then.
            let identifies = match depth {
                0 => matches!(key, "apiVersion" | "kind") || key == "metadata" && child.children().len() < 2,
                1 => text == "/metadata" && matches!(key, "name" | "namespace"),
                _ => false,
            };
            if identifies && !self.random.percent(2) || matches!(node.bare(), Node::Docs(_)) {
                continue;
            }
            match node.bare() {
                Node::List(_) => text += &format!("/{at}"),
                _ => text += &format!("/{}", key.replace('~', "~0").replace('/', "~1")),
            }
            node = child;
        }
        if text.is_empty() || text == "/metadata" {
            text = "/metadata/labels".to_owned();
        }
        (text, node)
    }
}

fn patch_metadata(patch: &mut Node) -> Option<&mut Node> {
    match patch {
        Node::Map(entries) => entries.iter_mut().find(|(k, _)| k == "metadata").map(|(_, v)| v),
        _ => None,
    }
}

/// The type of a field of a map.
pub fn field_type(ty: Option<Type<'static>>, key: &str) -> Option<Type<'static>> {
    let ty = ty?;
    match ty.shape() {
        Shape::Map => ty.element(),
        _ => ty.field(key).map(|field| field.ty()),
    }
}

/// The keys by which an item of a list is told from others: those of the schema, or what looks like one.
fn merge_keys(ty: Option<Type<'static>>, item: &Node) -> Vec<String> {
    let mut keys: Vec<String> = ty.into_iter().flat_map(Type::list_keys).map(str::to_owned).collect();
    if keys.is_empty() {
        let likely = ["name", "mountPath", "devicePath", "ip", "uid", "type", "topologyKey", "key"];
        keys.extend(likely.iter().find(|key| item.get(key).is_some()).map(|key| (*key).to_owned()));
    }
    keys
}
