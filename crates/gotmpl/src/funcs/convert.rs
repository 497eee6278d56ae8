//! What several families do to their arguments: the string form, the number in it, the items of a list.

use crate::strconv::{parse_float, parse_int};
use crate::{Capacity, Cx, Data, Error, List, Ret, Strings, Text, Value, fmt};

/// Sprig's string form: a string and bytes as they are, all else as `%v` prints it.
pub fn text_of(value: &Value) -> Text {
    value.raw().unwrap_or_else(|| fmt::sprint(value))
}

/// A list's items in their string form, nils left out; anything else is one item, nil is none.
///
/// # Errors
/// There is no room for the texts.
pub fn texts_of(cx: &mut Cx<'_>, value: &Value) -> Result<Vec<Text>, Error> {
    let items = match (&value.data, items(value)) {
        (Data::Nil, _) => return Ok(Vec::new()),
        (_, Some(items)) => items,
        (_, None) => return Ok(vec![text_of(value)]),
    };
    let mut texts = Vec::with_capacity(items.len());
    for item in items.iter().filter(|v| !v.is_nil()) {
        let text = text_of(item);
        if item.as_bytes().is_none() {
            cx.reserve(text.len())?;
        }
        texts.push(text);
    }
    Ok(texts)
}

/// Asks for room for so many texts that are made of one.
///
/// # Errors
/// There is none.
pub fn room_for_pieces(cx: &mut Cx<'_>, count: usize) -> Result<(), Error> {
    // A value, and the heap's part of it.
    const PIECE: usize = 80;
    cx.reserve(count.saturating_mul(PIECE))
}

/// What Sprig's `strslice` makes of a value: a `[]string` is given as it is, not as a copy.
///
/// # Errors
/// There is no room for the texts.
pub fn strings_of(cx: &mut Cx<'_>, value: &Value) -> Result<Strings, Error> {
    Ok(match value.as_list() {
        Some(list) if list.ty() == Strings::TYPE => Strings(list),
        Some(list) => Strings::from_texts(texts_of(cx, value)?, Capacity::Fixed(list.len())),
        None => Strings(List::texts(texts_of(cx, value)?).into()),
    })
}

/// The items of a slice of any type.
pub fn items(value: &Value) -> Option<Vec<Value>> {
    match &value.data {
        Data::List(list) => Some(list.to_vec()),
        Data::Bytes(_) => {
            let bytes = value.raw()?;
            let byte = |b: &u8| Value::new(Data::Uint(crate::UintKind::Uint8, u64::from(*b)));
            Some(bytes.iter().map(byte).collect())
        }
        _ => None,
    }
}

/// The items of a slice, or Sprig's error: `Cannot find first on type string`.
///
/// # Errors
/// It is no slice; nil is followed like a pointer.
pub fn items_or(value: &Value, what: &str) -> Result<Vec<Value>, Error> {
    match items(value) {
        Some(items) => Ok(items),
        None if value.is_nil() => Err(Error::nil_pointer()),
        None => Err(Error::new(format!("{what} {}", value.kind().word()))),
    }
}

/// `cast.ToInt64`: 0 for what is no number. Texts may have a base prefix and `.000` at the end; floats are cut, and
/// those that fit no int64 become the smallest one, as the processors do that Helm runs on.
pub fn int64_of(value: &Value) -> i64 {
    match &value.data {
        Data::Bool(b) => i64::from(*b),
        // A duration is none of the types that the library knows.
        Data::Int(crate::IntKind::Duration, _) => 0,
        Data::Int(_, n) => *n,
        Data::Uint(_, n) => *n as i64,
        Data::Float(f) => float_to_int(*f),
        Data::Str(_) => value.text().and_then(|t| parse_int(without_zeros(&t), 0).ok()).unwrap_or(0),
        _ => 0,
    }
}

/// Go's conversion on the common processors: what does not fit is `math.MinInt64`.
pub fn float_to_int(f: f64) -> i64 {
    const LIMIT: f64 = 9_223_372_036_854_775_808.0;
    if (-LIMIT..LIMIT).contains(&f) { f as i64 } else { i64::MIN }
}

/// `cast.ToFloat64`: 0 for what is no number.
pub fn float_of(value: &Value) -> f64 {
    match &value.data {
        Data::Bool(b) => f64::from(u8::from(*b)),
        Data::Int(crate::IntKind::Duration, _) => 0.0,
        Data::Int(_, n) => *n as f64,
        Data::Uint(_, n) => *n as f64,
        Data::Float(f) => *f,
        Data::Str(_) => value.text().and_then(|t| parse_float(&t).ok()).unwrap_or(0.0),
        _ => 0.0,
    }
}

/// Cuts `.000` off the end.
fn without_zeros(text: &[u8]) -> &[u8] {
    let zeros = text.iter().rev().take_while(|b| **b == b'0').count();
    match text[..text.len() - zeros].strip_suffix(b".") {
        Some(rest) if zeros > 0 => rest,
        _ => text,
    }
}
