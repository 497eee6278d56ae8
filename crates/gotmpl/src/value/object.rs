//! Go's structs that a template can hold: times, versions, certificates, a chart's capabilities.

use std::any::Any;

use super::Value;
use super::types::{Kind, Type};
use crate::func::Func;

/// A struct of Go, or a pointer to one: opaque but for its fields, methods and printed forms.
pub trait Object: Any {
    /// The type's name: `time.Time`, `*semver.Version`.
    fn type_name(&self) -> &'static str;

    /// [`Kind::Struct`] or [`Kind::Ptr`].
    fn kind(&self) -> Kind {
        if self.type_name().starts_with('*') { Kind::Ptr } else { Kind::Struct }
    }

    /// What `String()` gives, if the type has that method: then `%v` and `%s` print it.
    fn string(&self) -> Option<String>;

    /// What `String()` of its address gives, where only the pointer has that method: `{{ }}` prints it, functions do not.
    fn address_string(&self) -> Option<String> {
        None
    }

    /// What `%#v` prints, if the type has `GoString()`.
    fn go_syntax(&self) -> Option<String> {
        None
    }

    /// The exported fields in order, for `.Name` and for `%v` of a type without `String()`.
    fn fields(&self) -> Vec<(&'static str, Value)> {
        Vec::new()
    }

    /// One exported field.
    fn field(&self, name: &str) -> Option<Value> {
        self.fields().into_iter().find(|(n, _)| *n == name).map(|(_, v)| v)
    }

    /// The type of a field, where it differs from that of its value (a field of type `interface {}`).
    fn field_type(&self, name: &str) -> Option<Type> {
        self.field(name).map(|v| v.ty())
    }

    /// The methods; a call's first argument is the receiver.
    fn methods(&self) -> &'static [&'static Func] {
        &[]
    }

    /// What JSON (and so YAML) sees: a text for a time, a map for a struct without rules of its own.
    fn to_json(&self) -> Value;

    /// The fields as JSON writes them, where it writes the struct field by field: in this order, by these names.
    fn json_fields(&self) -> Option<Vec<(&'static str, Value)>> {
        None
    }

    /// Whether `DeepEqual` calls it the same.
    fn equal(&self, other: &dyn Object) -> bool;

    /// For functions that know the type: `object.as_any().downcast_ref::<Time>()`.
    fn as_any(&self) -> &dyn Any;
}
