//! Go's `fmt`: how values print, by `{{ }}`, `print`, `printf` and wherever a function takes "the string form".

mod float;
mod printer;
mod verbs;

use crate::value::{Data, Kind, Text, Type, Value};

pub use float::format_float;
pub use verbs::sprintf;

use printer::Printer;

/// What `%v` and `fmt.Sprint` make of one value; nothing is `<nil>`.
///
/// ```
/// use gotmpl::{Value, fmt};
/// let list = Value::list(vec![Value::float(1e6), Value::NIL, Value::str("a")]);
/// assert_eq!(&*fmt::sprint(&list), b"[1e+06 <nil> a]");
/// ```
pub fn sprint(value: &Value) -> Text {
    if let Some(text) = value.text() {
        return text;
    }
    let mut printer = Printer::default();
    printer.arg(value, 'v');
    printer.out.finish()
}

/// `fmt.Sprint`: a blank between two operands of which neither is a string.
pub fn sprint_all(values: &[Value]) -> Text {
    let mut printer = Printer::default();
    let mut was_string = false;
    for (i, value) in values.iter().enumerate() {
        let is_string = value.kind() == Kind::String;
        if i > 0 && !is_string && !was_string {
            printer.out.push_str(" ");
        }
        printer.arg(value, 'v');
        was_string = is_string;
    }
    printer.out.finish()
}

/// `fmt.Sprintln`: blanks between all operands and a line break at the end.
pub fn sprintln(values: &[Value]) -> Text {
    let mut printer = Printer::default();
    for (i, value) in values.iter().enumerate() {
        if i > 0 {
            printer.out.push_str(" ");
        }
        printer.arg(value, 'v');
    }
    printer.out.push_str("\n");
    printer.out.finish()
}

/// What `{{ value }}` prints: no value is `<no value>`, a pointer to a struct prints as the struct.
pub fn print_action(value: &Value) -> Text {
    match &value.data {
        Data::Nil => Text::with_origin(&b"<no value>"[..], value.origin),
        Data::NilPtr(ty) if **ty == Type::Any => Text::with_origin(&b"<nil>"[..], value.origin),
        Data::Object(object) if object.address_string().is_some() => {
            let text = object.address_string().unwrap_or_default();
            Text::with_origin(text.into_bytes(), value.origin)
        }
        Data::Object(object) if object.kind() == Kind::Ptr && object.string().is_none() => {
            let mut printer = Printer::default();
            printer.fields(&**object.as_ref(), 'v');
            printer.out.finish()
        }
        _ => sprint(value),
    }
}
