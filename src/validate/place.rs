//! Where an unknown field was meant to stand: by its name, and by the places around it that have a field of that name.

use yaml::Node;

use super::decode::{Step, Walk};
use crate::schema::{Shape, Type};

/// What to do about an unknown field.
#[derive(Default)]
pub(super) struct Advice<'a> {
    pub help: Option<String>,
    /// The right spelling, where that is all.
    pub rename: Option<&'a str>,
    /// A place that explains it.
    pub related: Option<(Node<'a>, String)>,
}

/// `a container`, `a rolling update deployment`: what the innermost map is.
pub(super) fn owner(walk: &Walk<'_, '_>) -> String {
    match walk.frames.as_slice() {
        [] | [_] => with_article(walk.kind.kind()),
        [.., frame] => match name_of(frame.ty, frame.step) {
            Some(name) => name,
            None => "this map".to_owned(),
        },
    }
}

/// A type in a person's words.
pub(super) fn name_of(ty: Type<'_>, step: Step<'_>) -> Option<String> {
    match (ty.short_name(), step) {
        ("", Step::Field(name) | Step::Key(name)) => Some(format!("`{name}`")),
        ("", _) => None,
        ("ObjectMeta", _) => Some("metadata".to_owned()),
        (name, _) => Some(with_article(&in_words(name))),
    }
}

/// `Deployment spec.strategy.rollingUpdate (apps/v1)`: the innermost map and its object.
pub(super) fn context(walk: &Walk<'_, '_>) -> String {
    let mut path = String::new();
    for frame in &walk.frames {
        super::decode::push(&mut path, frame.step, true);
    }
    let kind = walk.kind;
    let space = if path.is_empty() { "" } else { " " };
    format!("{}{space}{path} ({})", kind.kind(), kind.api_version())
}

/// What may have been meant, the likeliest first: another spelling, the empty field above it, a field of the same name
/// further out or further in.
pub(super) fn advise<'a>(walk: &Walk<'a, '_>, key: Node<'a>, value: Node<'a>) -> Advice<'a> {
    let Some(frame) = walk.frames.last() else { return Advice::default() };
    let (name, ty) = (key.text(), frame.ty);
    if let Some(advice) = above(frame.node, ty, key) {
        return advice;
    }
    // A name that is spelt right somewhere near is rather out of place than misspelt.
    let outer = further_out(walk, name);
    let free = ty.fields().map(|f| f.name()).filter(|n| frame.node.get(n).is_none());
    let near = source::closest(name, free);
    match (outer, near) {
        (_, Some(near)) if near.eq_ignore_ascii_case(name) => spelling(near),
        (Some(advice), _) => advice,
        (None, Some(near)) => spelling(near),
        (None, None) => further_in(ty, name, value).unwrap_or_default(),
    }
}

fn spelling(near: &str) -> Advice<'_> {
    Advice { help: Some(format!("did you mean `{near}`?")), rename: Some(near), related: None }
}

/// A field that stands right below an empty one which has it: it lost its indentation.
fn above<'a>(map: Node<'a>, ty: Type<'a>, key: Node<'a>) -> Option<Advice<'a>> {
    let before = map.written_entries().take_while(|(k, _)| k.id() != key.id());
    let (owner, empty) = before.filter(|(k, _)| ty.field(k.text()).is_some()).last()?;
    let field = ty.field(owner.text())?;
    if !empty.is_null() || field.ty().field(key.text()).is_none() {
        return None;
    }
    let help = format!("`{}` belongs under `{}`: indent it by two more blanks", key.text(), owner.text());
    Some(Advice { help: Some(help), rename: None, related: Some((owner, "this is empty".to_owned())) })
}

fn further_out<'a>(walk: &Walk<'a, '_>, name: &str) -> Option<Advice<'a>> {
    let outer = walk.frames.iter().rev().enumerate().skip(1);
    let (levels, frame) =
        outer.filter(|(_, f)| f.ty.shape() == Shape::Object).find(|(_, f)| f.ty.field(name).is_some())?;
    let owner = match (frame.step, name_of(frame.ty, frame.step)) {
        (Step::Root, _) => walk.kind.kind().to_owned(),
        (Step::Field(field), _) => format!("`{field}`"),
        (_, Some(words)) => words,
        _ => "the map around it".to_owned(),
    };
    let levels = match levels {
        1 => "one level up".to_owned(),
        2 => "two levels up".to_owned(),
        n => format!("{n} levels up"),
    };
    let help = format!("`{name}` is a field of {owner}, {levels}: indent it less");
    Some(Advice { help: Some(help), rename: None, related: None })
}

/// The nearest place below, at most three steps in.
fn further_in<'a>(ty: Type<'a>, name: &str, value: Node<'a>) -> Option<Advice<'a>> {
    let mut level: Vec<(String, Type<'a>)> = vec![(String::new(), ty)];
    for _ in 0..3 {
        let mut next = Vec::new();
        for (path, ty) in level {
            for field in ty.fields().filter(|f| f.ty().shape() == Shape::Object && f.name() != "status") {
                let path = if path.is_empty() {
                    field.name().to_owned()
                } else {
                    format!("{path}.{}", field.name())
                };
                if field.ty().field(name).is_some_and(|f| may_hold(f.ty(), value)) {
                    let help = format!("`{name}` belongs under `{path}`");
                    return Some(Advice { help: Some(help), rename: None, related: None });
                }
                next.push((path, field.ty()));
            }
        }
        // Types refer to each other in circles, and no one looks through hundreds of them.
        next.truncate(200);
        level = next;
    }
    None
}

fn may_hold(ty: Type<'_>, value: Node<'_>) -> bool {
    match value.kind() {
        yaml::Kind::Seq => ty.shape() == Shape::List,
        yaml::Kind::Map => matches!(ty.shape(), Shape::Object | Shape::Map),
        yaml::Kind::Scalar => {
            value.is_null() || !matches!(ty.shape(), Shape::Object | Shape::Map | Shape::List)
        }
    }
}

/// What to do where a collection was given for something else, or something else for a collection.
pub(super) fn help_for_type(node: Node<'_>, ty: Type<'_>) -> Option<String> {
    match (ty.shape(), node.kind()) {
        (Shape::List, yaml::Kind::Map) => Some("begin each item with `- `".to_owned()),
        (Shape::List, yaml::Kind::Scalar) if ty.element()?.shape() == Shape::String => {
            Some("write it as a list: `- value`".to_owned())
        }
        (Shape::Object | Shape::Map, yaml::Kind::Seq) => Some("remove the `- ` before its keys".to_owned()),
        _ => None,
    }
}

/// Names that are one word though their capitals say otherwise.
const NAMES: &[&str] = &[
    "AWS",
    "CephFS",
    "ClusterIP",
    "ClientIP",
    "FlexPersistent",
    "GlusterfsPersistent",
    "ISCSI",
    "OIDC",
    "PodIP",
    "RBD",
    "ScaleIO",
    "StorageOS",
    "APIService",
    "ConfigMap",
    "DownwardAPI",
    "EmptyDir",
    "GitRepo",
    "HostIP",
    "HostPath",
    "NFS",
    "PodCIDR",
    "ServiceCIDR",
    "vSphere",
    "VsphereVirtualDisk",
];
/// What upstream appends to types and a person does not say.
const ENDINGS: &[&str] = &["PersistentVolumeSource", "VolumeSource", "Source"];

/// `RollingUpdateDeployment` as `rolling update deployment`; acronyms and proper names stay.
fn in_words(name: &str) -> String {
    if let Some((proper, rest)) = NAMES
        .iter()
        .filter_map(|known| Some((*known, name.strip_prefix(known)?)))
        .filter(|(_, rest)| rest.is_empty() || rest.starts_with(char::is_uppercase))
        .max_by_key(|(known, _)| known.len())
    {
        return match rest {
            "" => proper.to_owned(),
            rest if ENDINGS.contains(&rest) => {
                format!("{proper} {}", in_words(rest.trim_end_matches("Source"))).trim_end().to_owned()
            }
            rest => format!("{proper} {}", in_words(rest)),
        };
    }
    let chars: Vec<char> = name.chars().collect();
    let mut words: Vec<String> = Vec::new();
    for (at, &c) in chars.iter().enumerate() {
        let before_is_upper = at > 0 && chars[at - 1].is_uppercase();
        let after_is_lower = chars.get(at + 1).is_some_and(|c| c.is_lowercase());
        if at == 0 || (c.is_uppercase() && (!before_is_upper || after_is_lower)) {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut() {
            word.push(c);
        }
    }
    let plain = |word: &String| match word.chars().filter(|c| c.is_uppercase()).count() {
        // One capital begins a word, several are an acronym.
        0 | 1 => word.to_lowercase(),
        _ => word.clone(),
    };
    words.iter().map(plain).collect::<Vec<_>>().join(" ")
}

fn with_article(words: &str) -> String {
    let first = words.split(' ').next().unwrap_or("");
    // An acronym is spelt out: an RBD, an NFS; but a CSI driver, a ClusterIP, a CephFS.
    let is_spelt = first.len() > 1 && first.chars().all(|c| c.is_ascii_uppercase());
    let vowels: &[char] = match is_spelt {
        true => &['A', 'E', 'F', 'H', 'I', 'L', 'M', 'N', 'O', 'R', 'S', 'X'],
        false => &['a', 'e', 'i', 'o', 'A', 'E', 'I', 'O'],
    };
    format!("{} {words}", if words.starts_with(vowels) { "an" } else { "a" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_types_become_words() {
        assert_eq!(in_words("RollingUpdateDeployment"), "rolling update deployment");
        assert_eq!(in_words("HTTPGetAction"), "HTTP get action");
        assert_eq!(in_words("Volume"), "volume");
        assert_eq!(in_words("ScaleIOVolumeSource"), "ScaleIO volume");
        assert_eq!(in_words("ConfigMapKeySelector"), "ConfigMap key selector");
        assert_eq!(with_article(&in_words("RBDPersistentVolumeSource")), "an RBD persistent volume");
        assert_eq!(with_article(&in_words("HTTPGetAction")), "an HTTP get action");
        assert_eq!(with_article(&in_words("GRPCAction")), "a GRPC action");
        assert_eq!(with_article("ingress rule"), "an ingress rule");
    }
}
