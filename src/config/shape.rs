//! What may stand where in a configuration, declared once: the check, the JSON Schema and the manual follow from it.

use source::closest;
use yaml::{Kind, Node};

/// What a value may be.
pub enum Shape {
    /// Any text.
    Text,
    /// A text that a function accepts; the words say what it is, for messages and the schema.
    Form(&'static str, fn(&str) -> bool),
    /// A whole number.
    Number,
    /// `true` or `false`.
    Switch,
    /// One of these words; `on` and `off` may also be the booleans that YAML 1.1 makes of them.
    Word(&'static str, fn() -> Vec<&'static str>),
    /// A list.
    List(&'static Shape),
    /// One value, or a list of such.
    Some(&'static Shape),
    /// A list of texts, or a map from such a text to a list of texts.
    Demands,
    /// A map with these keys.
    Map(&'static [Key]),
    /// A map with keys out of a known set.
    Table(&'static str, fn() -> Vec<&'static str>, &'static Shape),
    /// A map with any keys.
    Any(&'static Shape),
}

/// One key of a map.
pub struct Key {
    /// Its name.
    pub name: &'static str,
    /// What it says, in one or two sentences.
    pub docs: &'static str,
    /// Whether the map is wrong without it.
    pub required: bool,
    /// What its value may be.
    pub shape: Shape,
}

/// Something in a configuration that is not understood.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fault {
    /// Where it stands, in bytes of the file.
    pub span: (u32, u32),
    /// What is wrong, and what may have been meant.
    pub message: String,
}

/// Levels of a configuration; the deepest shape needs fewer.
const DEPTH: usize = 32;

/// Everything in a value that is not of its shape.
pub fn check(node: Node<'_>, shape: &Shape, faults: &mut Vec<Fault>) {
    at_depth(node, shape, faults, 0);
}

fn at_depth(node: Node<'_>, shape: &Shape, faults: &mut Vec<Fault>, depth: usize) {
    let fault = |faults: &mut Vec<Fault>, message: String| {
        faults.push(Fault { span: node.span().unwrap_or((0, 0)), message });
    };
    if depth > DEPTH {
        return fault(faults, "this is nested too deep".to_owned());
    }
    let is_text = node.kind() == Kind::Scalar && !node.is_null();
    match shape {
        Shape::Text if is_text => {}
        Shape::Text => fault(faults, "this is a text".to_owned()),
        Shape::Form(_, accepts) if is_text && accepts(node.text()) => {}
        Shape::Form(what, _) => fault(faults, format!("this is {what}")),
        Shape::Number if node.as_i64().is_some() => {}
        Shape::Number => fault(faults, "this is a whole number".to_owned()),
        Shape::Switch if node.as_bool().is_some() => {}
        Shape::Switch => fault(faults, "this is true or false".to_owned()),
        Shape::Word(what, words) => {
            let words = words();
            let is_switch = node.as_bool().is_some() && words.contains(&"on");
            if !(is_switch || is_text && words.contains(&node.text())) {
                fault(faults, unknown(what, node.text(), &words));
            }
        }
        Shape::List(item) | Shape::Some(item) if node.kind() == Kind::Seq => {
            node.items().for_each(|node| at_depth(node, item, faults, depth + 1));
        }
        Shape::List(_) => fault(faults, "this is a list".to_owned()),
        Shape::Some(one) => at_depth(node, one, faults, depth + 1),
        Shape::Demands if node.kind() == Kind::Map => at_depth(node, &LISTS, faults, depth + 1),
        Shape::Demands => at_depth(node, &TEXTS, faults, depth + 1),
        Shape::Map(_) | Shape::Table(..) | Shape::Any(_) if node.kind() != Kind::Map => {
            fault(faults, "this is a map".to_owned());
        }
        Shape::Map(keys) => {
            for (name, value) in node.entries() {
                match keys.iter().find(|key| key.name == name.text()) {
                    Some(key) => at_depth(value, &key.shape, faults, depth + 1),
                    None => {
                        let known: Vec<&str> = keys.iter().map(|key| key.name).collect();
                        let span = name.span().unwrap_or((0, 0));
                        faults.push(Fault { span, message: unknown("key", name.text(), &known) });
                    }
                }
            }
            for key in keys.iter().filter(|key| key.required && node.get(key.name).is_none()) {
                fault(faults, format!("`{}` is missing here", key.name));
            }
        }
        Shape::Table(what, names, shape) => {
            let names = names();
            for (name, value) in node.entries() {
                if !names.contains(&name.text()) {
                    let span = name.span().unwrap_or((0, 0));
                    faults.push(Fault { span, message: unknown(what, name.text(), &names) });
                }
                at_depth(value, shape, faults, depth + 1);
            }
        }
        Shape::Any(shape) => node.entries().for_each(|(_, value)| at_depth(value, shape, faults, depth + 1)),
    }
}

pub(super) static TEXTS: Shape = Shape::List(&Shape::Text);
pub(super) static LISTS: Shape = Shape::Any(&Shape::List(&Shape::Text));

/// Beyond so many words a list of all helps nobody.
const LISTED: usize = 24;

fn unknown(what: &str, text: &str, known: &[&'static str]) -> String {
    match closest(text, known.iter().copied()) {
        Some(near) => format!("unknown {what} `{text}`; did you mean `{near}`?"),
        None if known.len() > LISTED => format!("unknown {what} `{text}`"),
        None => format!("unknown {what} `{text}`; known are {}", known.join(", ")),
    }
}
