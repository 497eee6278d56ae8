//! Any Go pattern on any text: no panic, bounded, matches in order and inside the text.
#![no_main]

use gotmpl::regexp::Regexp;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: (&[u8], &[u8], &[u8])| {
    let (pattern, text, template) = data;
    if pattern.len() > 200 || text.len() > 2_000 || template.len() > 50 {
        return;
    }
    let Ok(regexp) = Regexp::compile(pattern) else { return };
    let mut last = 0;
    for pos in regexp.split(text, -1).into_iter().flat_map(|pieces| pieces.ranges) {
        assert!(pos.start <= pos.end && pos.end <= text.len() && pos.start >= last);
        last = pos.end;
    }
    let _ = regexp.replace_all(text, template);
});
