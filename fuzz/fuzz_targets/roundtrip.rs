//! What is read, written and read again is the same.

#![no_main]

use std::sync::Arc;

use libfuzzer_sys::fuzz_target;
use source::{Diagnostics, SourceId};
use yaml::{Options, Profile, Tree, read, to_json};

fuzz_target!(|data: &str| {
    // go-yaml's emitter writes these raw and its reader takes them for line breaks; that is kept.
    // And it writes `<<` plain where it is a string, which is a merge when it is read.
    if data.contains(['\u{85}', '\u{2028}', '\u{2029}', '\u{FEFF}']) || data.contains("<<") {
        return;
    }
    let text: Arc<str> = data.into();
    let mut found = Diagnostics::new();
    let options = Options::new(Profile::Kubernetes);
    let docs = read(SourceId(0), &text, &options, &mut found);
    if let Some(tree) = docs.first().and_then(|doc| Tree::of_doc(doc, source::OriginId::UNKNOWN)) {
        // Whatever it holds, it is written without a panic or refused.
        let _ = yaml::emit::tree(&tree);
    }
    if !found.is_empty() || docs.len() != 1 {
        return;
    }
    let Some(root) = docs[0].root() else { return };
    // Of keys that become equal as texts, `1` and `1.0`, a random one wins upstream; and it writes -0.0 as `-0`,
    // which is an integer's zero when it is read.
    let mut todo = vec![root];
    while let Some(node) = todo.pop() {
        if matches!(node.value(), yaml::Value::Float(f) if f == 0.0 && f.is_sign_negative()) {
            return;
        }
        if node.entries().any(|(key, _)| key.as_str().is_none()) {
            return;
        }
        todo.extend(node.items().chain(node.entries().map(|(_, value)| value)));
    }
    let mut written = Vec::new();
    if yaml::emit::sigs(&root, &mut written).is_err() {
        return;
    }
    let written: Arc<str> = String::from_utf8(written).expect("it writes UTF-8").into();
    let again = read(SourceId(0), &written, &options, &mut found);
    assert!(found.is_empty() && again.len() == 1, "{data:?} became {written:?}");
    let (mut before, mut after) = (Vec::new(), Vec::new());
    to_json(root, &mut before);
    to_json(again[0].root().expect("something was written"), &mut after);
    assert_eq!(String::from_utf8_lossy(&before), String::from_utf8_lossy(&after), "{data:?} became {written:?}");
});
