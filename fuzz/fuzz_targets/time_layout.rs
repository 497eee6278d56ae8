//! Any layout and text: a time that was read can be shown by the same layout, and durations survive their text.

#![no_main]

use gotmpl::time::{Time, duration_string, parse, parse_duration};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (i64, u32, Vec<u8>, Vec<u8>)| {
    let (seconds, nanos, layout, text) = input;
    Time::unix(seconds, nanos.into()).format(&layout);
    if let Ok(time) = parse(&layout, &text) {
        time.format(&layout);
        let _ = time.add_date(seconds, nanos.into(), -1).to_string();
    }
    if let Ok(nanos) = parse_duration(&text) {
        assert_eq!(parse_duration(duration_string(nanos).as_bytes()), Ok(nanos));
    }
});
