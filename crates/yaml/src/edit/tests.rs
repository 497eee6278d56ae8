//! Every edit on every kind of text, judged by reading the result.

use source::{Diagnostics, SourceId};

use super::*;
use crate::emit;
use crate::node::Value;
use crate::{Node, Options, Profile, read};

#[derive(Clone, PartialEq, Debug)]
enum Val {
    Plain(String),
    Seq(Vec<Val>),
    Map(Vec<(String, Val)>),
}

fn val(node: Node<'_>) -> Val {
    match node.value() {
        Value::Seq => Val::Seq(node.items().map(val).collect()),
        Value::Map => Val::Map(node.entries().map(|(k, v)| (k.text().to_owned(), val(v))).collect()),
        other => Val::Plain(format!("{other:?}")),
    }
}

fn parse(text: &str) -> (Arc<Doc>, bool) {
    let mut out = Diagnostics::new();
    let mut docs = read(SourceId(0), &text.into(), &Options::new(Profile::Kubernetes), &mut out);
    let fine = out.is_empty() && docs.len() == 1;
    (docs.remove(0), fine)
}

fn apply(text: &str, edit: &Edit) -> String {
    let (start, end) = (edit.span.start as usize, edit.span.end as usize);
    format!("{}{}{}", &text[..start], edit.text, &text[end..])
}

/// The value with a change made at the node of that id.
fn changed(node: Node<'_>, id: NodeId, change: &dyn Fn(&mut Val)) -> Val {
    let mut own = match node.value() {
        Value::Seq => Val::Seq(node.items().map(|item| changed(item, id, change)).collect()),
        Value::Map => {
            Val::Map(node.entries().map(|(k, v)| (k.text().to_owned(), changed(v, id, change))).collect())
        }
        _ => val(node),
    };
    if node.id() == id {
        change(&mut own);
    }
    own
}

const TEXTS: &[&str] = &[
    "a: 1\nb: x\nc:\n  d: true\n  e: [1, 'two', {f: g}]\n",
    "a: 1 # one\n# about b\nb: # on b\n  c: 2\n\n# about d\nd: 3\n# end\n",
    "spec:\n  containers:\n  - name: a\n    image: \"x\"\n    # note\n    ports:\n    - 80\n    - 81 # web\n  - name: b\n",
    "spec:\n    list:\n      - - 1\n        - 2\n      - k: v\n        l: {}\n      - []\n",
    "a: |\n  text\n  more\n\nb: >-\n  x\n  y\nc: |+\n  kept\n\n\nd: 'it''s'\n",
    "a:\nb:\n- \n- x\nc: ~\nd: {e: , f, \"g\": 1}\n",
    "a: 1\r\nb:\r\n  c: 2 # c\r\n  d:\r\n  - 3\r\n",
    "{\"a\": 1, \"b\": {\"c\": [true, null]}, \"d\": \"x\"}",
    "{\n  \"a\": 1,\n  \"b\": [\n    1,\n    2\n  ]\n}\n",
    "- a\n- b: 1\n  c: 2\n-\n  d: 3\n- 'q'\n",
    "a: 1\nb: 2",
    "# only\nx",
    "--- # first\na: {b: c}\n",
    "é: ü # ö\n\"k 1\": {ä: [ß]}\n",
    "a: !!str 1\nb: &n 2\nc: &m\n  d: 1\ne: !t {f: 1}\n",
    "? a\n: b\n? c\n: - d\n",
];

fn nodes(doc: &Doc) -> Vec<NodeId> {
    let mut all = Vec::new();
    let mut todo: Vec<Node<'_>> = doc.root().into_iter().collect();
    while let Some(node) = todo.pop() {
        all.push(node.id());
        todo.extend(node.items().chain(node.entries().map(|(_, v)| v)));
    }
    all
}

fn values() -> Vec<(emit::tests::Tree, Val)> {
    use emit::tests::Tree;
    let plain = |v: Value<'_>| Val::Plain(format!("{v:?}"));
    vec![
        (Tree::from("new"), plain(Value::Str("new"))),
        (Tree::from("yes, no: #"), plain(Value::Str("yes, no: #"))),
        (Tree::from("two\nlines\n"), plain(Value::Str("two\nlines\n"))),
        (Tree::from(""), plain(Value::Str(""))),
        (Tree::Int(7), plain(Value::Int(7))),
        (Tree::Null, plain(Value::Null)),
        (Tree::list([]), Val::Seq(vec![])),
        (Tree::map([]), Val::Map(vec![])),
        (
            Tree::list([Tree::Int(1), Tree::list([Tree::Int(2)])]),
            Val::Seq(vec![plain(Value::Int(1)), Val::Seq(vec![plain(Value::Int(2))])]),
        ),
        (
            Tree::map([("z", Tree::from("1")), ("y", Tree::list([Tree::map([("k", Tree::Int(1))])]))]),
            Val::Map(vec![
                ("z".to_owned(), plain(Value::Str("1"))),
                ("y".to_owned(), Val::Seq(vec![Val::Map(vec![("k".to_owned(), plain(Value::Int(1)))])])),
            ]),
        ),
    ]
}

/// Reads the edited text and compares it with what was to come out; counts into `tried`.
#[track_caller]
fn check(text: &str, made: Made, want: Val, tried: &mut usize) {
    let edit = made.unwrap_or_else(|e| panic!("{text:?}: {e}"));
    let after = apply(text, &edit);
    let (doc, fine) = parse(&after);
    assert!(fine, "{edit:?}\n{text}\n=>\n{after}");
    assert_eq!(val(doc.root().unwrap()), want, "{edit:?}\n{text}\n=>\n{after}");
    // What is outside of the edit stays, so do comments that do not stand on its lines.
    let outside = |c: &crate::Comment| c.end <= edit.span.start || edit.span.end <= c.start;
    let (before, _) = parse(text);
    let kept = before.comments().iter().filter(|c| outside(c)).count();
    assert!(doc.comments().len() >= kept, "{edit:?}\n{text}\n=>\n{after}");
    *tried += 1;
}

#[test]
fn every_value_can_be_replaced() {
    let mut tried = 0;
    for text in TEXTS {
        let (doc, _) = parse(text);
        let (root, edits) = (doc.root().unwrap(), Edits::of(&doc));
        for id in nodes(&doc) {
            for (value, want) in values() {
                let want = changed(root, id, &|v| *v = want.clone());
                check(text, edits.replace_value(id, &value), want, &mut tried);
            }
        }
    }
    assert!(tried > 500, "{tried}");
}

#[test]
fn entries_and_items_go_in_everywhere() {
    let mut tried = 0;
    for text in TEXTS {
        let (doc, _) = parse(text);
        let (root, edits) = (doc.root().unwrap(), Edits::of(&doc));
        for id in nodes(&doc) {
            let node = doc.node(id).unwrap();
            let count = node.items().count() + node.entries().count();
            for at in 0..=count {
                for (value, new) in values() {
                    let put = |v: &mut Val| match v {
                        Val::Seq(items) => items.insert(at, new.clone()),
                        Val::Map(entries) => entries.insert(at, ("new key".to_owned(), new.clone())),
                        Val::Plain(_) => {}
                    };
                    let want = changed(root, id, &put);
                    match node.kind() {
                        Kind::Scalar => {}
                        Kind::Seq => check(text, edits.insert_item(id, at, &value), want, &mut tried),
                        Kind::Map => {
                            check(text, edits.insert_entry(id, at, "new key", &value), want, &mut tried);
                        }
                    }
                }
            }
        }
    }
    assert!(tried > 500, "{tried}");
}

#[test]
fn entries_and_items_come_out_everywhere() {
    let mut tried = 0;
    for text in TEXTS {
        let (doc, _) = parse(text);
        let (root, edits) = (doc.root().unwrap(), Edits::of(&doc));
        for id in nodes(&doc) {
            let node = doc.node(id).unwrap();
            for (at, (key, _)) in node.entries().enumerate() {
                let take = |v: &mut Val| {
                    if let Val::Map(entries) = v {
                        entries.remove(at);
                    }
                };
                let want = changed(root, id, &take);
                check(text, edits.remove_entry(id, key.text()), want, &mut tried);
                let rename = |v: &mut Val| {
                    if let Val::Map(entries) = v {
                        entries[at].0 = "a, b".to_owned();
                    }
                };
                let want = changed(root, id, &rename);
                check(text, edits.replace_key(key.id(), "a, b"), want, &mut tried);
            }
            for at in 0..node.items().count() {
                let take = |v: &mut Val| {
                    if let Val::Seq(items) = v {
                        items.remove(at);
                    }
                };
                let want = changed(root, id, &take);
                check(text, edits.remove_item(id, at), want, &mut tried);
            }
        }
    }
    assert!(tried > 100, "{tried}");
}

fn edited(text: &str, make: impl Fn(&Edits<'_>, Node<'_>) -> Made) -> String {
    let (doc, _) = parse(text);
    let edit = make(&Edits::of(&doc), doc.root().unwrap()).unwrap();
    apply(text, &edit)
}

#[test]
fn it_looks_like_its_siblings() {
    let entry = |text: &str| {
        edited(text, |edits, root| {
            let at = root.get("a").unwrap().id();
            edits.insert_entry(at, usize::MAX, "new", &View::Text("x"))
        })
    };
    assert_eq!(entry("a:\n    b: 1 # c\n"), "a:\n    b: 1 # c\n    new: x\n");
    assert_eq!(entry("a: {b: 1}\n"), "a: {b: 1, new: x}\n");
    assert_eq!(entry("{\"a\": {\"b\": 1}}"), "{\"a\": {\"b\": 1, \"new\": \"x\"}}");
    assert_eq!(
        entry("{\n  \"a\": {\n    \"b\": 1\n  }\n}\n"),
        "{\n  \"a\": {\n    \"b\": 1,\n    \"new\": \"x\"\n  }\n}\n"
    );
    assert_eq!(entry("a:\r\n  b: 'y'\r\n"), "a:\r\n  b: 'y'\r\n  new: 'x'\r\n");
    assert_eq!(entry("a: {}\nc:\n   d: 1\n"), "a:\n   new: x\nc:\n   d: 1\n");
}

#[test]
fn what_goes_leaves_no_gap() {
    let removed = |text: &str, key: &str| edited(text, |edits, root| edits.remove_entry(root.id(), key));
    assert_eq!(removed("a: 1\nb:\n  c: 2 # c\nd: 3\n", "b"), "a: 1\nd: 3\n");
    assert_eq!(removed("{a: 1, b: 2}\n", "b"), "{a: 1}\n");
    assert_eq!(removed("{a: 1, b: 2}\n", "a"), "{b: 2}\n");
    assert_eq!(removed("a: 1\nb: 2", "b"), "a: 1");
}

#[test]
fn an_alias_is_left_alone() {
    let (doc, _) = parse("a: &x {b: 1}\nc: *x\n");
    let c = doc.root().unwrap().entry("c").unwrap().1.id();
    let edits = Edits::of(&doc);
    assert_eq!(edits.replace_value(c, &View::Null), Err(EditError::Alias));
    assert_eq!(edits.insert_entry(c, 0, "n", &View::Null), Err(EditError::Alias));
}

/// Found by fuzzing: a lone carriage return ends a line for go-yaml, and for no editor.
#[test]
fn other_line_breaks_are_left_alone() {
    for text in ["-\r>", "a: 1\rb: 2\n", "a: x\u{2028}b: y\n", "a: \"x\u{85}y\"\n"] {
        let (doc, _) = parse(text);
        let made = Edits::of(&doc).replace_value(NodeId(0), &View::Int(1));
        assert_eq!(made, Err(EditError::LineBreaks), "{text:?}");
    }
}
