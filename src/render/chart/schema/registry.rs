//! Where a reference of a schema leads: documents by address, and the names inside of them.

use std::collections::HashMap;
use std::rc::Rc;

use gotmpl::{Data, Value, json};
use source::OriginId;

/// The rules that a schema follows, by the year or number of the draft.
pub(super) type Draft = u16;

/// What a schema without `$schema` follows.
const LATEST: Draft = 2020;

const METASCHEMAS: &str = include_str!("../../../../schemas/json-schema/metaschemas.json");

/// A place in one of the documents: the schema that stands there, and how it is to be read.
#[derive(Clone)]
pub(super) struct Place {
    /// The schema: an object or a boolean.
    pub schema: Value,
    /// The document's index.
    pub document: usize,
    /// The way from the document's root, as a JSON pointer.
    pub pointer: Rc<str>,
    /// What references are relative to.
    pub base: Rc<str>,
    /// The draft.
    pub draft: Draft,
}

impl Place {
    /// What stands under a key.
    pub fn get(&self, key: &str) -> Option<Value> {
        self.schema.as_map()?.get(key.as_bytes())
    }

    /// A schema below this one.
    pub fn below(&self, tokens: &[&str], schema: Value) -> Place {
        let mut pointer = self.pointer.to_string();
        for token in tokens {
            pointer.push('/');
            pointer.push_str(&escape(token));
        }
        let base = rebased(&schema, &self.base, self.draft);
        Place { schema, document: self.document, pointer: pointer.into(), base, draft: self.draft }
    }

    /// Whether it is the same place.
    pub fn is(&self, other: &Place) -> bool {
        self.document == other.document && self.pointer == other.pointer
    }
}

/// All documents of one check.
pub(super) struct Registry {
    documents: Vec<Place>,
    /// Places by address, and by address with an anchor behind `#`.
    named: HashMap<String, Place>,
    /// Anchors that the outermost schema of a run may replace.
    dynamic: HashMap<String, Place>,
    has_metaschemas: bool,
}

impl Registry {
    /// Only that schema; its address is the one that Helm gives it.
    pub fn new(schema: Value) -> Result<Registry, String> {
        let draft = match schema.as_map().and_then(|map| map.get(b"$schema")).and_then(|v| v.text()) {
            None => LATEST,
            Some(address) => {
                let address = address.lossy().into_owned();
                draft_of(&address).ok_or_else(|| {
                    let quoted = gotmpl::strconv::quote(address.as_bytes());
                    format!("failing loading {quoted}: schemas are not fetched: rendering uses no network")
                })?
            }
        };
        let mut registry = Registry {
            documents: Vec::new(),
            named: HashMap::new(),
            dynamic: HashMap::new(),
            has_metaschemas: false,
        };
        registry.add("file:///values.schema.json", schema, draft);
        Ok(registry)
    }

    /// The schema that was given.
    pub fn root(&self) -> Place {
        self.documents[0].clone()
    }

    /// The schema of the schemas of a draft, and its address.
    pub fn metaschema(&mut self, draft: Draft) -> Option<(Place, String)> {
        self.add_metaschemas();
        let address = match draft {
            4 => "http://json-schema.org/draft-04/schema",
            6 => "http://json-schema.org/draft-06/schema",
            7 => "http://json-schema.org/draft-07/schema",
            2019 => "https://json-schema.org/draft/2019-09/schema",
            _ => "https://json-schema.org/draft/2020-12/schema",
        };
        Some((self.named.get(address)?.clone(), format!("{address}#")))
    }

    fn add_metaschemas(&mut self) {
        if std::mem::replace(&mut self.has_metaschemas, true) {
            return;
        }
        let Ok(all) = json::decode(METASCHEMAS.as_bytes(), &mut |_| OriginId::UNKNOWN) else { return };
        let Some(all) = all.as_list() else { return };
        for schema in all.iter() {
            let id = |key: &[u8]| schema.as_map()?.get(key)?.text().map(|t| t.lossy().into_owned());
            let Some(address) = id(b"$id").or_else(|| id(b"id")) else { continue };
            // The parts of a metaschema lie beside it.
            let whole = match address.split_once("/meta/") {
                Some((folder, _)) => format!("{folder}/schema"),
                None => address.clone(),
            };
            let draft = draft_of(&whole).unwrap_or(LATEST);
            self.add(address.trim_end_matches('#'), schema.clone(), draft);
        }
    }

    fn add(&mut self, address: &str, schema: Value, draft: Draft) {
        let base: Rc<str> = address.into();
        let document = self.documents.len();
        let base = rebased(&schema, &base, draft);
        let root = Place { schema, document, pointer: "".into(), base, draft };
        self.documents.push(root.clone());
        self.named.insert(address.to_owned(), root.clone());
        // Every object may name itself, wherever it stands.
        let mut pending = vec![root];
        while let Some(place) = pending.pop() {
            match &place.schema.data {
                Data::Map(map) => {
                    self.name(&place);
                    for (key, value) in map.entries() {
                        if matches!(&*key, b"enum" | b"const") {
                            continue;
                        }
                        if matches!(value.data, Data::Map(_) | Data::List(_)) {
                            pending.push(place.below(&[&key.lossy()], value));
                        }
                    }
                }
                Data::List(list) => {
                    for (i, value) in list.iter().enumerate() {
                        if matches!(value.data, Data::Map(_) | Data::List(_)) {
                            pending.push(place.below(&[&i.to_string()], value.clone()));
                        }
                    }
                }
                _ => {}
            }
        }
    }

    fn name(&mut self, place: &Place) {
        let text = |key: &str| place.get(key).and_then(|v| v.text()).map(|t| t.lossy().into_owned());
        let id = if place.draft == 4 { text("id") } else { text("$id") };
        if let Some(id) = id {
            match id.strip_prefix('#') {
                // Before 2019 an anchor was an id of this form.
                Some(anchor) if place.draft < 2019 && !anchor.is_empty() => {
                    self.named.entry(format!("{}#{anchor}", place.base)).or_insert_with(|| place.clone());
                }
                _ => {
                    self.named.entry(place.base.to_string()).or_insert_with(|| place.clone());
                }
            }
        }
        for key in ["$anchor", "$dynamicAnchor"] {
            if let Some(anchor) = text(key).filter(|_| place.draft >= 2019) {
                let name = format!("{}#{anchor}", place.base);
                if key == "$dynamicAnchor" {
                    self.dynamic.entry(name.clone()).or_insert_with(|| place.clone());
                }
                self.named.entry(name).or_insert_with(|| place.clone());
            }
        }
        if place.draft == 2019
            && matches!(place.get("$recursiveAnchor"), Some(Value { data: Data::Bool(true), .. }))
        {
            self.dynamic.entry(format!("{}#", place.base)).or_insert_with(|| place.clone());
        }
    }

    /// What a reference leads to, seen from that place.
    ///
    /// # Errors
    /// There is nothing: in the words of Helm's library.
    pub fn resolve(&mut self, reference: &str, from: &Place) -> Result<Place, String> {
        let address = join(&from.base, reference);
        let (document, fragment) = address.split_once('#').unwrap_or((&address, ""));
        if document.contains("json-schema.org/") {
            self.add_metaschemas();
        }
        let quoted = |text: &str| gotmpl::strconv::quote(text.as_bytes());
        let Some(root) = self.named.get(document).cloned() else {
            return Err(format!(
                "failing loading {}: schemas are not fetched: rendering uses no network",
                quoted(document)
            ));
        };
        let fragment = percent_decoded(fragment);
        if fragment.is_empty() {
            return Ok(root);
        }
        if !fragment.starts_with('/') {
            return self.named.get(&format!("{document}#{fragment}")).cloned().ok_or_else(|| {
                format!(
                    "anchor in {} not found in schema {}",
                    quoted(&address),
                    quoted(&format!("{document}#"))
                )
            });
        }
        let mut place = root;
        for token in fragment[1..].split('/') {
            let token = token.replace("~1", "/").replace("~0", "~");
            let next = match &place.schema.data {
                Data::Map(map) => map.get(token.as_bytes()),
                Data::List(list) => token.parse::<usize>().ok().and_then(|at| list.get(at).cloned()),
                _ => None,
            };
            let Some(next) = next else {
                return Err(format!("json-pointer in {} not found", quoted(&address)));
            };
            place = place.below(&[&token], next);
        }
        Ok(place)
    }

    /// The place of a dynamic anchor in the document of that address.
    pub fn dynamic(&self, base: &str, anchor: &str) -> Option<Place> {
        self.dynamic.get(&format!("{base}#{anchor}")).cloned()
    }
}

/// The draft that an address of a metaschema names.
fn draft_of(address: &str) -> Option<Draft> {
    let address = address.strip_suffix('#').unwrap_or(address);
    let path =
        address.strip_prefix("http://").or_else(|| address.strip_prefix("https://")).unwrap_or(address);
    Some(match path {
        "json-schema.org/schema" => LATEST,
        "json-schema.org/draft/2020-12/schema" => 2020,
        "json-schema.org/draft/2019-09/schema" => 2019,
        "json-schema.org/draft-07/schema" => 7,
        "json-schema.org/draft-06/schema" => 6,
        "json-schema.org/draft-04/schema" => 4,
        _ => return None,
    })
}

/// What references below a schema are relative to: its own name, if it has one.
fn rebased(schema: &Value, base: &Rc<str>, draft: Draft) -> Rc<str> {
    let Some(map) = schema.as_map() else { return base.clone() };
    let key: &[u8] = if draft == 4 { b"id" } else { b"$id" };
    // Beside a reference all else is ignored before 2019.
    if draft < 2019 && map.contains(b"$ref") {
        return base.clone();
    }
    match map.get(key).and_then(|id| id.text()) {
        Some(id) => {
            let joined = join(base, &id.lossy());
            joined.split('#').next().unwrap_or(&joined).into()
        }
        None => base.clone(),
    }
}

/// A reference made absolute: what of RFC 3986 schemas use.
fn join(base: &str, reference: &str) -> String {
    let base = base.split('#').next().unwrap_or(base);
    if reference.is_empty() || reference.starts_with('#') {
        return format!("{base}{reference}");
    }
    let scheme = reference.split_once(':').map(|(scheme, _)| scheme);
    let is_scheme = |s: &str| {
        s.starts_with(|c: char| c.is_ascii_alphabetic())
            && s.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
    };
    if scheme.is_some_and(is_scheme) {
        return reference.to_owned();
    }
    let Some((scheme, rest)) = base.split_once("://") else { return reference.to_owned() };
    let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    if reference.starts_with('/') {
        return format!("{scheme}://{host}{reference}");
    }
    let folder = &path[..path.rfind('/').map_or(0, |at| at + 1)];
    let mut parts: Vec<&str> = Vec::new();
    let whole = format!("{folder}{reference}");
    for part in whole.trim_start_matches('/').split('/') {
        match part {
            "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    format!("{scheme}://{host}/{}", parts.join("/"))
}

fn percent_decoded(text: &str) -> String {
    let mut out = Vec::new();
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        let digits = || {
            let mut ahead = bytes.clone();
            let hex = |b: u8| (b as char).to_digit(16);
            Some((hex(ahead.next()?)? * 16 + hex(ahead.next()?)?) as u8)
        };
        match digits().filter(|_| byte == b'%') {
            Some(decoded) => {
                out.push(decoded);
                bytes.next();
                bytes.next();
            }
            None => out.push(byte),
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// A key as a step of a JSON pointer.
pub(super) fn escape(token: &str) -> String {
    token.replace('~', "~0").replace('/', "~1")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_made_absolute() {
        for (base, reference, joined) in [
            ("file:///values.schema.json", "#/definitions/a", "file:///values.schema.json#/definitions/a"),
            ("file:///values.schema.json", "other.json#x", "file:///other.json#x"),
            ("https://example.com/a/b.json", "c.json", "https://example.com/a/c.json"),
            ("https://example.com/a/b.json", "../c.json", "https://example.com/c.json"),
            ("https://example.com/a/b.json", "/c.json", "https://example.com/c.json"),
            ("https://example.com/a", "urn:x:y", "urn:x:y"),
        ] {
            assert_eq!(join(base, reference), joined);
        }
    }

    #[test]
    fn every_draft_has_its_metaschema() {
        let schema = Value::map([]);
        let mut registry = Registry::new(schema).expect("registry");
        for draft in [4, 6, 7, 2019, 2020] {
            let (place, _) = registry.metaschema(draft).expect("metaschema");
            assert_eq!(place.draft, draft);
        }
    }
}
