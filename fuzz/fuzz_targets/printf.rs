//! Formatting by any format: no panic, bounded output.
#![no_main]

use gotmpl::{Text, Value, fmt::sprintf};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let list = Value::list(vec![Value::str("a\"\n"), Value::NIL, Value::float(-0.0)]);
    let args = [
        Value::str(data),
        Value::int(-42),
        Value::float(1.5e300),
        Value::bool(true),
        Value::NIL,
        list,
        Value::map([("k".into(), Value::int64(i64::MIN))]),
    ];
    let _ = sprintf(&Text::from(data), &args);
});
