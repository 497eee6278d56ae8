//! `quantity`: parse a text, or compare, add and subtract a pair.

use plimsoll::kube::Quantity;
use serde_json::{Map, Value, json};

use super::{Answer, Question};

/// Answers one question.
pub fn answer(question: &Question) -> Answer {
    let text = |key: &str| question.get(key).and_then(Value::as_str).unwrap_or("");
    let parse = |key: &str| Quantity::parse(text(key)).map_err(|e| e.to_string());
    let json = if text("mode") == "pair" {
        let (a, b) = (parse("a")?, parse("b")?);
        let show = |q: Option<Quantity>| q.map(|q| q.to_string()).ok_or("too far apart");
        let (sum, diff) = (show(a.checked_add(&b))?, show(a.checked_sub(&b))?);
        json!({"cmp": a.cmp(&b) as i8, "equal": a == b, "sum": sum, "diff": diff})
    } else {
        let q = parse("text")?;
        let float = match q.to_f64() {
            f if f.is_finite() => json!(f),
            f if f > 0.0 => json!({"!float": ".inf"}),
            _ => json!({"!float": "-.inf"}),
        };
        let mut json = json!({
            "canonical": q.to_string(), "format": q.format().name(), "value": q.value(), "milli": q.milli_value(),
            "sign": q.sign(), "float": float,
        });
        if let Some(int) = q.as_i64() {
            json["int64"] = int.into();
        }
        json
    };
    Ok(Map::from_iter([("json".to_owned(), json)]))
}
