//! Reading any text in any profile: no panic, every span inside the text, children inside their parents and in order.
#![no_main]

use std::sync::Arc;

use libfuzzer_sys::fuzz_target;
use source::{Diagnostics, Place, SourceId};
use yaml::{NodeId, Options, Profile};

const PROFILES: [Profile; 5] =
    [Profile::Kubernetes, Profile::HelmValues, Profile::Kustomize, Profile::GoYamlV2, Profile::GoYamlV3];

fuzz_target!(|data: &[u8]| {
    let Some((first, rest)) = data.split_first() else { return };
    let Ok(text) = std::str::from_utf8(rest) else { return };
    let text: Arc<str> = text.into();
    let mut out = Diagnostics::new();
    let options = Options::new(PROFILES[usize::from(*first) % PROFILES.len()]);
    for doc in yaml::read(SourceId(0), &text, &options, &mut out) {
        let (from, to) = doc.span();
        assert!(from <= to && to as usize <= text.len());
        for index in 0..doc.len() {
            let node = doc.node(NodeId(index as u32)).expect("an index below the length");
            let (start, end) = node.span().expect("a node that was read has a span");
            assert!(start <= end && end as usize <= text.len(), "{start}..{end} of {}", text.len());
            assert!(text.is_char_boundary(start as usize) && text.is_char_boundary(end as usize));
            let _ = (node.value(), node.text(), node.tag(), node.anchor());
            if node.is_alias() {
                continue;
            }
            let entries = node.written_entries().flat_map(|(key, value)| [key, value]);
            let mut before = start;
            for child in node.items().chain(entries) {
                let (from, to) = child.span().expect("a node that was read has a span");
                assert!(child.id() > node.id());
                assert!(before <= from && to <= end, "{from}..{to} in {before}..{end} of {text:?}");
                before = to;
            }
        }
    }
    for diagnostic in out.iter() {
        if let Place::Span(span) = diagnostic.primary.at {
            assert!(span.start <= span.end && span.end as usize <= text.len(), "{}", diagnostic.message);
        }
    }
});
