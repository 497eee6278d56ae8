//! Go's types as far as a chart can meet them: for argument checks, `%T` and error texts.

use std::fmt;

use crate::func::Func;

/// Go's integers with a sign, and the named types over them.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum IntKind {
    /// `int`, 64 bits wide.
    Int,
    /// `int8`
    Int8,
    /// `int16`
    Int16,
    /// `int32`
    Int32,
    /// `int64`
    Int64,
    /// `time.Duration`, an int64 of nanoseconds.
    Duration,
    /// `time.Month`, an int from 1.
    Month,
    /// `time.Weekday`, an int from 0 (Sunday).
    Weekday,
}

/// Go's integers without a sign.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum UintKind {
    /// `uint`, 64 bits wide.
    Uint,
    /// `uint8`
    Uint8,
    /// `uint16`
    Uint16,
    /// `uint32`
    Uint32,
    /// `uint64`
    Uint64,
}

/// What reflection calls the kind of a value, in the words of `kindOf`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Kind {
    /// No value, or nil of type `interface {}`.
    Invalid,
    /// `bool`
    Bool,
    /// `int` ... `int64`, and what is named over them.
    Int(IntKind),
    /// `uint` ... `uint64`
    Uint(UintKind),
    /// `float64`
    Float64,
    /// `complex128`
    Complex128,
    /// `string`
    String,
    /// `slice`
    Slice,
    /// `map`
    Map,
    /// `struct`
    Struct,
    /// `ptr`
    Ptr,
}

impl Kind {
    /// The word that `kindOf` gives.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Invalid => "invalid",
            Kind::Bool => "bool",
            Kind::Int(IntKind::Int | IntKind::Month | IntKind::Weekday) => "int",
            Kind::Int(IntKind::Int8) => "int8",
            Kind::Int(IntKind::Int16) => "int16",
            Kind::Int(IntKind::Int32) => "int32",
            Kind::Int(IntKind::Int64 | IntKind::Duration) => "int64",
            Kind::Uint(UintKind::Uint) => "uint",
            Kind::Uint(UintKind::Uint8) => "uint8",
            Kind::Uint(UintKind::Uint16) => "uint16",
            Kind::Uint(UintKind::Uint32) => "uint32",
            Kind::Uint(UintKind::Uint64) => "uint64",
            Kind::Float64 => "float64",
            Kind::Complex128 => "complex128",
            Kind::String => "string",
            Kind::Slice => "slice",
            Kind::Map => "map",
            Kind::Struct => "struct",
            Kind::Ptr => "ptr",
        }
    }
}

/// A named type over a list or a map, such as `common.Values`: its name, what lies under it, its methods.
pub struct Named {
    /// Such as `common.Values`.
    pub name: &'static str,
    /// Such as `map[string]interface {}`.
    pub under: Type,
    /// What `.Values.AsMap` finds before it looks for a key; the receiver is the first argument of the call.
    pub methods: &'static [&'static Func],
}

/// A type of Go; printed, it is the name that `%T` and error texts give.
///
/// ```
/// use gotmpl::Type;
/// assert_eq!(Type::Map(&Type::Any).to_string(), "map[string]interface {}");
/// ```
#[derive(Clone, Copy)]
pub enum Type {
    /// `interface {}`
    Any,
    /// `bool`
    Bool,
    /// `int` ... `int64`, `time.Duration` ...
    Int(IntKind),
    /// `uint` ... `uint64`
    Uint(UintKind),
    /// `float64`
    Float64,
    /// `complex128`
    Complex128,
    /// `string`
    String,
    /// `[]T`
    List(&'static Type),
    /// `map[string]T`
    Map(&'static Type),
    /// A named list or map.
    Named(&'static Named),
    /// A struct or a pointer to one, by its name: `time.Time`, `*semver.Version`.
    Object(&'static str),
    /// `reflect.Value`: a parameter of Go's own functions that takes anything, also no value.
    Reflect,
}

impl Type {
    /// `[]interface {}`
    pub const LIST: Type = Type::List(&Type::Any);
    /// `map[string]interface {}`
    pub const MAP: Type = Type::Map(&Type::Any);
    /// `int`
    pub const INT: Type = Type::Int(IntKind::Int);
    /// `int64`
    pub const INT64: Type = Type::Int(IntKind::Int64);

    /// The type without its name.
    pub fn under(self) -> Type {
        match self {
            Type::Named(named) => named.under,
            other => other,
        }
    }

    /// The type of a list's items or a map's values.
    pub fn elem(self) -> Type {
        match self.under() {
            Type::List(elem) | Type::Map(elem) => *elem,
            _ => Type::Any,
        }
    }

    /// The methods of a named type, `time.Duration` and its kind included.
    pub fn methods(self) -> &'static [&'static Func] {
        match self {
            Type::Named(named) => named.methods,
            Type::Int(kind) => crate::funcs::methods_of_integers(kind),
            _ => &[],
        }
    }

    /// Whether Go would assign a value of this type to a variable of that type: the same type, an interface, or
    /// the same type under the names if one of the two has no name.
    pub fn assignable_to(self, to: Type) -> bool {
        match to {
            Type::Any | Type::Reflect => true,
            _ if self == to => true,
            Type::Named(_) => !matches!(self, Type::Named(_)) && self == to.under(),
            _ => self.under() == to,
        }
    }

    /// Whether `nil` is a value of the type.
    pub fn can_be_nil(self) -> bool {
        match self.under() {
            Type::Any | Type::Reflect | Type::List(_) | Type::Map(_) => true,
            Type::Object(name) => name.starts_with('*'),
            _ => false,
        }
    }
}

impl PartialEq for Type {
    fn eq(&self, other: &Type) -> bool {
        match (self, other) {
            (Type::Any, Type::Any)
            | (Type::Bool, Type::Bool)
            | (Type::Float64, Type::Float64)
            | (Type::Complex128, Type::Complex128)
            | (Type::String, Type::String)
            | (Type::Reflect, Type::Reflect) => true,
            (Type::Int(a), Type::Int(b)) => a == b,
            (Type::Uint(a), Type::Uint(b)) => a == b,
            (Type::List(a), Type::List(b)) | (Type::Map(a), Type::Map(b)) => a == b,
            (Type::Named(a), Type::Named(b)) => a.name == b.name,
            (Type::Object(a), Type::Object(b)) => a == b,
            _ => false,
        }
    }
}

impl Eq for Type {}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Type::Any => "interface {}",
            Type::Bool => "bool",
            Type::Int(IntKind::Duration) => "time.Duration",
            Type::Int(IntKind::Month) => "time.Month",
            Type::Int(IntKind::Weekday) => "time.Weekday",
            Type::Int(kind) => Kind::Int(*kind).word(),
            Type::Uint(kind) => Kind::Uint(*kind).word(),
            Type::Float64 => "float64",
            Type::Complex128 => "complex128",
            Type::String => "string",
            Type::List(elem) => return write!(f, "[]{elem}"),
            Type::Map(elem) => return write!(f, "map[string]{elem}"),
            Type::Named(named) => named.name,
            Type::Object(name) => name,
            Type::Reflect => "reflect.Value",
        })
    }
}

impl fmt::Debug for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}
