//! Finds the fields that a field spec means in an object, and makes them where they are missing.

use source::OriginId;
use yaml::{Kind, NodeId, Style, Tree};

use super::FieldSpec;
use crate::kube::Gvk;
use crate::render::kustomize::merge::is_other_than_string;
use crate::render::kustomize::res_id::{ResId, is_selected};

/// A field spec that is ready to be walked.
///
/// The rules are those of api 0.21.1, `filters/fieldspec`: lists on the way are walked without being named in the path,
/// null ends the walk silently, any other scalar on the way is an error.
#[derive(Clone, Debug)]
pub struct Walk {
    spec: FieldSpec,
    parts: Vec<Part>,
}

#[derive(Clone, Debug)]
struct Part {
    name: Box<str>,
    /// Written `name[]`: a list, which is never made.
    is_list: bool,
}

/// What the last part of a path becomes where it is missing and the spec says `create`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Make {
    /// Nothing is made, whatever the spec says.
    Nothing,
    /// A scalar without a text or type.
    Scalar,
    /// An empty map.
    Map,
}

/// What is done to a field that was found. The error is upstream's text.
pub type Set<'a> = &'a mut dyn FnMut(&mut Tree, NodeId) -> Result<(), String>;

impl Walk {
    /// Of a field spec.
    pub fn new(spec: FieldSpec) -> Walk {
        let part = |text: String| {
            let name = text.strip_suffix("[]");
            Part { name: name.unwrap_or(&text).into(), is_list: name.is_some() }
        };
        let parts = split_path(&spec.path, '/').into_iter().map(part).collect();
        Walk { spec, parts }
    }

    /// The field spec.
    pub fn spec(&self) -> &FieldSpec {
        &self.spec
    }

    /// Whether objects of that type have the field.
    pub fn selects(&self, gvk: &Gvk) -> bool {
        is_selected(gvk, &self.spec.group, &self.spec.version, &self.spec.kind)
    }

    /// Whether the field may be one of those that identify an object.
    pub fn identifies(&self) -> bool {
        match &self.parts[..] {
            [only] => matches!(&*only.name, "apiVersion" | "kind" | "metadata"),
            [first, second] => &*first.name == "metadata" && matches!(&*second.name, "name" | "namespace"),
            _ => false,
        }
    }

    /// Whether the field stands among the annotations.
    pub fn is_annotation(&self) -> bool {
        match &self.parts[..] {
            [only] => &*only.name == "metadata",
            [first, second, ..] => &*first.name == "metadata" && &*second.name == "annotations",
            [] => false,
        }
    }

    /// Calls `set` on every such field of the object; nodes that are made get the origin.
    ///
    /// # Errors
    /// In upstream's words: the path does not fit the object, or what `set` said.
    pub fn visit(
        &self,
        tree: &mut Tree,
        id: &ResId,
        make: Make,
        origin: OriginId,
        set: Set<'_>,
    ) -> Result<(), String> {
        if self.selects(&id.gvk) { self.visit_selected(tree, id, make, origin, set) } else { Ok(()) }
    }

    /// The same whatever the object's type is.
    ///
    /// # Errors
    /// As [`Walk::visit`].
    pub fn visit_selected(
        &self,
        tree: &mut Tree,
        id: &ResId,
        make: Make,
        origin: OriginId,
        set: Set<'_>,
    ) -> Result<(), String> {
        let make = if self.spec.create { make } else { Make::Nothing };
        let root = tree.root();
        self.step(tree, root, 0, make, origin, set)
            .map_err(|text| format!("considering field '{}' of object {id}: {text}", self.spec.path))
    }

    /// The nodes that would change if the field were set and made: the fields that are there, and of each that is not the
    /// last node on the way to it, if it would be made.
    pub fn nearest(&self, tree: &Tree) -> Vec<NodeId> {
        let mut found = Vec::new();
        let mut open = vec![(tree.root(), 0)];
        while let Some((node, at)) = open.pop() {
            match self.parts.get(at) {
                None => found.push(node),
                Some(_) if tree.tag(node) == "!!null" => {}
                Some(part) => match tree.kind(node) {
                    Kind::Scalar => {}
                    Kind::Seq => open.extend(tree.children(node).iter().map(|item| (*item, at))),
                    Kind::Map => match tree.get(node, &part.name) {
                        Some(field) => open.push((field, at + 1)),
                        None if self.spec.create => found.push(node),
                        None => {}
                    },
                },
            }
        }
        found
    }

    fn step(
        &self,
        tree: &mut Tree,
        node: NodeId,
        at: usize,
        make: Make,
        origin: OriginId,
        set: Set<'_>,
    ) -> Result<(), String> {
        let Some(part) = self.parts.get(at) else { return set(tree, node) };
        if tree.is_null(node) {
            return Ok(());
        }
        match tree.kind(node) {
            Kind::Scalar => Err("expected sequence or mapping node".to_owned()),
            Kind::Map => match self.field(tree, node, part, at, make, origin)? {
                Some(field) => self.step(tree, field, at + 1, make, origin, set),
                None => Ok(()),
            },
            Kind::Seq => {
                for item in tree.children(node).to_vec() {
                    let inner = stacker::maybe_grow(64 << 10, 1 << 20, || {
                        self.step(tree, item, at, make, origin, set)
                    });
                    inner.map_err(|text| {
                        let rest: Vec<String> = self.parts[at..].iter().map(Part::text).collect();
                        format!("visit traversal on path: [{}]: {text}", rest.join(" "))
                    })?;
                }
                Ok(())
            }
        }
    }

    /// The field of a map, made if that is wanted.
    fn field(
        &self,
        tree: &mut Tree,
        map: NodeId,
        part: &Part,
        at: usize,
        make: Make,
        origin: OriginId,
    ) -> Result<Option<NodeId>, String> {
        let name = &*part.name;
        if name.is_empty() {
            return Err("cannot set or create an empty field name".to_owned());
        }
        if is_no_field(name) {
            return Err(format!(
                "fieldName: {name}: wrong node kind: expected SequenceNode but got MappingNode"
            ));
        }
        let is_last = at + 1 == self.parts.len();
        let makes = make != Make::Nothing && !part.is_list;
        let wanted = match make {
            Make::Scalar if is_last => Kind::Scalar,
            _ => Kind::Map,
        };
        let Some((place, _, field)) = tree.entry(map, name) else {
            if !makes {
                return Ok(None);
            }
            let made = match wanted {
                Kind::Scalar => tree.plain("", origin),
                _ => tree.map(origin),
            };
            let key = tree.plain(name, origin);
            tree.insert_entry(map, usize::MAX, key, made);
            return Ok(Some(made));
        };
        if !tree.is_null(field) || !makes && !part.is_list {
            return Ok(Some(field));
        }
        // A null becomes what is wanted there; a list of nothing then has nothing to visit.
        let made = match wanted {
            _ if part.is_list => tree.seq(origin),
            Kind::Scalar => {
                let text = tree.text(field).to_owned();
                tree.string(text, origin)
            }
            _ => tree.map(origin),
        };
        tree.replace_child(map, 2 * place + 1, made);
        Ok(Some(made))
    }
}

impl Part {
    fn text(&self) -> String {
        if self.is_list { format!("{}[]", self.name) } else { self.name.to_string() }
    }
}

/// Whether kyaml takes a part of a path for the place or the value of a list's item.
fn is_no_field(name: &str) -> bool {
    name == "-" || name == "*" || name.parse::<i64>().is_ok() || name.starts_with('[') && name.ends_with(']')
}

/// Cuts a path at a delimiter; behind a backslash it stands for itself, and one in front is passed over
/// (kyaml 0.21.1, `utils.PathSplitter`).
///
/// ```
/// use plimsoll::render::kustomize::field_spec::split_path;
/// assert_eq!(split_path("/metadata/annotations/a.io\\/b", '/'), ["metadata", "annotations", "a.io/b"]);
/// ```
pub fn split_path(path: &str, delimiter: char) -> Vec<String> {
    let mut parts = path.split(delimiter);
    let mut first = parts.next().unwrap_or_default();
    let mut rest = parts.peekable();
    if first.is_empty() && rest.peek().is_some() {
        first = rest.next().unwrap_or_default();
    }
    let mut out = vec![first.to_owned()];
    for part in rest {
        match out.last_mut() {
            Some(last) if last.ends_with('\\') => {
                last.pop();
                last.push(delimiter);
                last.push_str(part);
            }
            _ => out.push(part.to_owned()),
        }
    }
    out
}

/// Puts an entry into a map: over the value that is there, whose style stays, or as the last one
/// (kyaml 0.21.1, `yaml.FieldSetter`). The value is a string whatever it looks like.
///
/// All entries that one transformer makes for a key of an object are *one node* in several places, as they are upstream: who
/// later writes over the label of the object writes over that of its template and its selector too. `made` holds that node
/// between the calls.
///
/// # Errors
/// The node is no map; in upstream's words.
pub fn set_string_entry(
    tree: &mut Tree,
    map: NodeId,
    key: &str,
    value: &str,
    made: &mut Option<NodeId>,
    origin: impl FnOnce(OriginId) -> OriginId,
) -> Result<(), String> {
    if tree.is_null(map) {
        return Ok(());
    }
    if tree.kind(map) != Kind::Map {
        return Err(wrong_kind(tree, map, "MappingNode"));
    }
    if let Some((_, _, old)) = tree.entry(map, key) {
        let was = tree.origin(old);
        let origin = origin(was);
        if tree.kind(old) == Kind::Scalar {
            tree.make_string(old);
            tree.set_text(old, value, origin);
        } else {
            let new = tree.string(value, origin);
            tree.become_node(old, new);
        }
        return Ok(());
    }
    let origin = origin(OriginId::UNKNOWN);
    let key = tree.plain(key, origin);
    let value = *made.get_or_insert_with(|| {
        let node = tree.string(value, origin);
        if is_other_than_string(value) {
            tree.set_style(node, Style::DoubleQuoted);
        }
        node
    });
    tree.insert_entry(map, usize::MAX, key, value);
    Ok(())
}

/// Upstream's complaint about the kind of a node.
pub fn wrong_kind(tree: &Tree, node: NodeId, wanted: &str) -> String {
    let is = match tree.kind(node) {
        Kind::Scalar => "ScalarNode",
        Kind::Map => "MappingNode",
        Kind::Seq => "SequenceNode",
    };
    let mut content = Tree::new(OriginId::UNKNOWN);
    let top = content.graft(tree, node);
    content.set_root(top);
    let text = yaml::emit::tree(&content).unwrap_or_default();
    format!("wrong node kind: expected {wanted} but got {is}: node contents:\n{text}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::kustomize::testing::resource;

    fn walked(spec: FieldSpec, make: Make, text: &str) -> Result<String, String> {
        let mut object = resource(&format!("kind: A\nmetadata: {{name: a}}\n{text}"));
        let id = object.id().clone();
        let walk = Walk::new(spec);
        walk.visit(object.tree_mut(), &id, make, OriginId::UNKNOWN, &mut |tree, node| {
            if make == Make::Map {
                return set_string_entry(tree, node, "k", "1", &mut None, |was| was);
            }
            tree.set_untyped(node, "x", OriginId::UNKNOWN);
            Ok(())
        })?;
        let all = yaml::emit::tree(object.tree()).unwrap();
        Ok(all.trim_start_matches("kind: A\nmetadata: {name: a}\n").to_owned())
    }

    fn spec(path: &'static str, create: bool) -> FieldSpec {
        FieldSpec::fixed("", "", "A", path, create)
    }

    #[test]
    fn fields_are_found_through_lists_and_made_if_wanted() {
        let all = [
            (
                spec("s/c/i", false),
                Make::Scalar,
                "s: {c: [{i: 1}, {j: 2}, null]}\n",
                "s: {c: [{i: x}, {j: 2}, null]}\n",
            ),
            (
                spec("s/c/i", true),
                Make::Scalar,
                "s: {c: [{i: 1}, {j: 2}]}\n",
                "s: {c: [{i: x}, {j: 2, i: x}]}\n",
            ),
            (spec("s/l", true), Make::Map, "", "s:\n  l:\n    k: \"1\"\n"),
            (spec("s/l", true), Make::Map, "s:\n  l:\n", "s:\n  l:\n    k: \"1\"\n"),
            (spec("s/l", false), Make::Map, "s:\n  l:\n", "s:\n  l:\n"),
            (spec("s[]/l", true), Make::Map, "", ""),
            (FieldSpec::fixed("", "", "B", "s", true), Make::Scalar, "", ""),
        ];
        for (spec, make, text, wanted) in all {
            assert_eq!(walked(spec, make, text).as_deref(), Ok(wanted), "{text}");
        }
    }

    #[test]
    fn what_is_in_the_way_is_told() {
        let told = walked(spec("s/c/i", false), Make::Scalar, "s: {c: [1]}\n").unwrap_err();
        let wanted = "considering field 's/c/i' of object A.[noVer].[noGrp]/a.[noNs]: visit traversal on path: [i]: expected sequence or mapping node";
        assert_eq!(told, wanted);
    }
}
