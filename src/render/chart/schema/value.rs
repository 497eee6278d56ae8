//! Values of a chart as JSON, for the judge of schemas.

use gotmpl::{Data, Value};
use serde_json::Value as Json;

/// The JSON of a value. A number without a fraction is an integer in every draft, so that `1.0` becomes `1`.
pub(super) fn json(value: &Value) -> Json {
    stacker::maybe_grow(64 << 10, 1 << 20, || match &value.data {
        Data::Nil => Json::Null,
        Data::Bool(b) => (*b).into(),
        Data::Int(_, n) => (*n).into(),
        Data::Uint(_, n) => (*n).into(),
        // Beyond 2^53 not every integer is a float, so that nothing is gained there.
        Data::Float(f) if f.fract() == 0.0 && f.abs() <= 9_007_199_254_740_992.0 => (*f as i64).into(),
        Data::Float(f) => (*f).into(),
        Data::List(list) => list.iter().map(json).collect(),
        Data::Map(map) => {
            let entries = map.entries();
            entries.iter().map(|(key, value)| (key.lossy().into_owned(), json(value))).collect()
        }
        _ => value.text().map_or(Json::Null, |text| text.lossy().into_owned().into()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_without_a_fraction_are_integers() {
        assert_eq!(json(&Value::float(3.0)).to_string(), "3");
        assert_eq!(json(&Value::float(3.5)).to_string(), "3.5");
    }
}
