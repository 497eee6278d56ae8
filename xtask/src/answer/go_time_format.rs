//! The suite `go-time-format`: layouts, zones, durations.

use gotmpl::time::{Location, RFC3339_NANO, Time, duration_string, parse, parse_duration};
use serde_json::{Map, Value, json};

use super::{Answer, Question};

pub fn answer(question: &Question) -> Answer {
    let text = |key: &str| question.get(key).and_then(Value::as_str).unwrap_or_default();
    let bytes = |key: &str| text(key).as_bytes();
    let number = |key: &str| question.get(key).and_then(Value::as_i64).unwrap_or_default();
    let (field, value) = match text("mode") {
        "format" => {
            let time = Time { location: Location::Utc, ..parse_long(text("time"))? };
            let location = match (text("zone"), number("offset")) {
                ("UTC", 0) => Location::Utc,
                (name, offset) => Location::Fixed(name.into(), offset as i32),
            };
            ("output", json!(lossy(&time.within(location).format(bytes("layout")))))
        }
        "zone" => {
            let location = Location::load(bytes("zone")).ok_or("unknown time zone")?;
            let time = Time::unix(number("unix"), 0).within(location);
            ("output", json!(lossy(&time.format(bytes("layout")))))
        }
        "parse" => {
            let time = parse(bytes("layout"), bytes("text"))?;
            let zone = time.location.lookup(time.seconds);
            let shown = lossy(&time.format(RFC3339_NANO.as_bytes()));
            ("json", json!({"offset": zone.offset, "time": shown, "zone": zone.name}))
        }
        "duration" => {
            let nanos = parse_duration(bytes("text"))?;
            ("json", json!({"ns": nanos, "string": duration_string(nanos)}))
        }
        other => return Err(format!("unknown mode {other}")),
    };
    Ok(Map::from_iter([(field.to_owned(), value)]))
}

/// A recorded time, whose year may have five digits.
fn parse_long(text: &str) -> Result<Time, String> {
    let Some((year, rest)) = text.split_once('-').filter(|(year, _)| year.len() > 4) else {
        return parse(RFC3339_NANO.as_bytes(), text.as_bytes());
    };
    let year: i64 = year.parse().map_err(|_| "bad year")?;
    let base = year % 400 + 400;
    let time = parse(RFC3339_NANO.as_bytes(), format!("{base:04}-{rest}").as_bytes())?;
    Ok(time.add_date(year - base, 0, 0))
}

fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
