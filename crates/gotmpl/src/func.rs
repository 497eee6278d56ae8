//! How a function is declared, called, and reaches the engine.
//!
//! A function is one [`func!`](crate::func!) declaration. Its documentation comment is what `plimsoll explain` prints, and
//! its examples run as tests; its Rust parameter types are its Go signature, by which the executor checks arguments and
//! from which it makes Go's error texts. One line in the list of its family (`ALL` in `funcs/FAMILY.rs`) registers it.
//!
//! ```
//! use gotmpl::{Text, func};
//!
//! func! {
//!     /// Cuts the suffix off, once.
//!     ///
//!     /// ```text
//!     /// {{ trimSuffix "-" "a--" }}  =>  a-
//!     /// {{ trimSuffix "-" 5 }}      =>  error: expected string; found 5
//!     /// ```
//!     pub static TRIM_SUFFIX = "trimSuffix"(_cx, suffix: Text, text: Text) -> Text {
//!         match text.strip_suffix(suffix.bytes()) {
//!             Some(rest) => text.slice(0..rest.len()),
//!             None => text,
//!         }
//!     }
//! }
//! assert_eq!(TRIM_SUFFIX.signature(), "trimSuffix(string, string) string");
//! ```
//!
//! **Parameters.** `Text` is `string`, `isize` is `int`, `i64` is `int64`, `u32` is `uint32`, `f64`, `bool`, [`Value`] is
//! `interface {}`, [`MapRef`] is `map[string]interface {}`, [`ListRef`] is `[]interface {}`, [`Rest`]`<T>` as the last one
//! is `...T`, [`Any`] takes also Go's `reflect.Value`. Other types implement [`Arg`]. The executor has checked count and
//! types, converted constants and made nil maps of what is missing; a function sees only what Go's would.
//!
//! **Results** are any of those types, or `Result<T, Error>`; [`Error::new`] holds the text that stands after
//! `error calling NAME: `. What would be a panic of Go is an error with Go's words ([`Error::nil_pointer`],
//! [`Error::interface_conversion`] ...). The result's Go type is that of the Rust type; [`Value`] carries its own.
//!
//! **Examples**: lines `TEMPLATE  =>  OUTPUT` in a `text` block, with two spaces before and after the arrow. An output that
//! begins with `"` is a quoted string with `\n`, `\t`, `\"`, `\\` escapes; one that begins with `error: ` is the end of the
//! error's text. `.Values` is empty.
//!
//! **Origins.** A text made of pieces of the arguments keeps their origins by [`Text::slice`](crate::Text::slice) and
//! [`TextBuilder`](crate::TextBuilder). A result that has no origin of its own gets the union of the arguments' origins from the executor, so
//! `sha256sum` and `add` need nothing. What reads deeper than its arguments (into a map) says so by [`Cx::union_deep`].
//!
//! **Limits.** What can make much out of little (`until`, `repeat`, `indent`) asks [`Cx::reserve`] first. A loop over what
//! the template gives stays linear in it.

use source::OriginId;

use crate::Profile;
use crate::error::Error;
use crate::value::{Capacity, Data, IntKind, List, ListRef, MapRef, Text, Type, UintKind, Value};

/// One function of a template, or one method of an object.
pub struct Func {
    /// The name in templates.
    pub name: &'static str,
    /// The user's documentation, in Markdown, with examples that run.
    pub docs: &'static str,
    /// The parameters' types; of a variadic one the last is that of each further argument.
    pub params: &'static [Type],
    /// Whether the last parameter takes any number of arguments.
    pub variadic: bool,
    /// The result's static type: `interface {}` where it is a [`Value`].
    pub result: Type,
    /// The function itself; the executor has checked the arguments. A method finds its receiver first.
    pub call: fn(&mut Cx<'_>, Args<'_>) -> Result<Value, Error>,
}

impl Func {
    /// `trimSuffix(string, string) string`
    pub fn signature(&self) -> String {
        let mut text = format!("{}(", self.name);
        for (i, param) in self.params.iter().enumerate() {
            let dots = if self.variadic && i + 1 == self.params.len() { "..." } else { "" };
            let comma = if i > 0 { ", " } else { "" };
            text += &format!("{comma}{dots}{param}");
        }
        text + &format!(") {}", self.result)
    }
}

/// What a function can reach beyond its arguments.
pub struct Cx<'a> {
    /// The engine.
    pub host: &'a mut dyn Host,
    /// Whose behaviour is followed where versions differ.
    pub profile: Profile,
    /// Whether origins are followed; what is only for them can be left out otherwise.
    pub traced: bool,
}

impl Cx<'_> {
    /// One origin for several; [`OriginId::UNKNOWN`] with tracing off.
    pub fn union(&mut self, origins: impl IntoIterator<Item = OriginId>) -> OriginId {
        let mut all = OriginId::UNKNOWN;
        if self.traced {
            for origin in origins {
                all = self.host.union(all, origin);
            }
        }
        all
    }

    /// The value, on which that decided.
    pub fn also(&mut self, value: Value, origin: OriginId) -> Value {
        match self.traced && origin != OriginId::UNKNOWN {
            true => value.also(origin, &mut |data, cond| self.host.given(data, cond)),
            false => value,
        }
    }

    /// What a value's truth depends on, and what kind of thing it is: its origin, a text's segments, the presence of a
    /// dict's keys.
    pub fn surface(&mut self, value: &Value) -> OriginId {
        match self.traced {
            true => value.surface(&mut |a, b| self.host.union(a, b)),
            false => OriginId::UNKNOWN,
        }
    }

    /// The value of a dict's key, which depends on which dict and which key was asked for; `Err` has what the key's
    /// being missing depends on.
    pub fn entry(&mut self, map: &MapRef, key: &Text) -> Result<Value, OriginId> {
        match map.get(key) {
            Some(value) if self.traced => {
                let value = self.host.reached(value, map.origin);
                let key = self.surface(&Value::str(key.clone()));
                Ok(self.also(value, key))
            }
            Some(value) => Ok(value),
            None if self.traced => {
                let why = map.removed_by(key).unwrap_or(map.shape());
                let key = self.surface(&Value::str(key.clone()));
                Err(self.union([map.origin, why, key]))
            }
            None => Err(OriginId::UNKNOWN),
        }
    }

    /// A value that is put into a dict: where that happens, and under which conditions, becomes part of its origin.
    pub fn placed(&mut self, value: Value) -> Value {
        if !self.traced {
            return value;
        }
        if value.raw().is_some_and(|text| text.is_segmented()) {
            let here = self.host.here(OriginId::UNKNOWN);
            return self.also(value, here);
        }
        let origin = self.host.here(value.origin);
        value.with_origin(origin)
    }

    /// One origin for all that a value is made of: a text's segments, a list's items, a map's keys and values.
    pub fn union_deep(&mut self, value: &Value) -> OriginId {
        let mut all = OriginId::UNKNOWN;
        if !self.traced {
            return all;
        }
        let mut pending = vec![value.clone()];
        // A map may hold itself.
        let mut seen = std::collections::HashSet::new();
        while let Some(value) = pending.pop() {
            all = self.host.union(all, value.origin);
            let container = match &value.data {
                Data::List(list) => std::rc::Rc::as_ptr(list).cast::<()>(),
                Data::Map(map) => std::rc::Rc::as_ptr(map).cast(),
                _ => std::ptr::null(),
            };
            if !container.is_null() && !seen.insert(container) {
                continue;
            }
            match &value.data {
                Data::Map(map) => all = self.host.union(all, map.shape()),
                Data::List(list) => all = self.host.union(all, list.shape()),
                _ => {}
            }
            match &value.data {
                Data::Str(_) | Data::Bytes(_) => {
                    if let Some(text) = value.raw().filter(Text::is_segmented) {
                        for (_, origin) in text.segments() {
                            all = self.host.union(all, origin);
                        }
                    }
                }
                Data::List(list) => pending.extend(list.iter().cloned()),
                Data::Map(map) => {
                    for (key, value) in map.entries() {
                        all = self.host.union(all, key.origin());
                        pending.push(value);
                    }
                }
                _ => {}
            }
        }
        all
    }

    /// Says that the function is about to make that many bytes (items count by their size).
    ///
    /// # Errors
    /// The engine's limit is reached; the function hands the error on.
    pub fn reserve(&mut self, bytes: usize) -> Result<(), Error> {
        self.host.reserve(bytes)
    }
}

/// The engine as functions see it.
pub trait Host {
    /// `include NAME DATA`.
    ///
    /// # Errors
    /// What went wrong inside, ready to stand after `error calling include: `.
    fn include(&mut self, name: &Text, data: Value) -> Result<Text, Error>;

    /// `tpl TEXT DATA`.
    ///
    /// # Errors
    /// As above; the text may not parse either.
    fn tpl(&mut self, text: &Text, data: Value) -> Result<Text, Error>;

    /// `lookup`: an object of the cluster, an empty map where there is none, or no cluster.
    ///
    /// # Errors
    /// The cluster gave one.
    fn lookup(&mut self, version: &str, kind: &str, namespace: &str, name: &str) -> Result<Value, Error>;

    /// Whether `required` and `fail` let everything pass, as under `helm lint`.
    fn is_lint(&self) -> bool;

    /// The time: seconds since 1970 and nanoseconds.
    fn now(&mut self) -> (i64, u32);

    /// Fills the buffer with random bytes.
    fn random(&mut self, buffer: &mut [u8]);

    /// An address of a host name; empty where looking up is not allowed or finds nothing.
    fn resolve(&mut self, name: &str) -> String;

    /// Both of two origins.
    fn union(&mut self, a: OriginId, b: OriginId) -> OriginId;

    /// A part of something, which depends on how it was decided which thing that is.
    fn reached(&mut self, part: Value, whole: OriginId) -> Value {
        let _ = whole;
        part
    }

    /// The origin of a list or a dict, if it tells how it was decided which one that is; not if it was only read.
    fn decision(&mut self, whole: OriginId) -> OriginId {
        let _ = whole;
        OriginId::UNKNOWN
    }

    /// The origin of what is made here of that: the action that runs, with the calls and conditions around it.
    fn here(&mut self, data: OriginId) -> OriginId {
        data
    }

    /// The first, on which the second decided.
    fn given(&mut self, data: OriginId, cond: OriginId) -> OriginId {
        self.union(data, cond)
    }

    /// Counts bytes that a function is about to make against the limit.
    ///
    /// # Errors
    /// They are too many.
    fn reserve(&mut self, bytes: usize) -> Result<(), Error>;
}

/// The arguments of a call, to be taken one by one from the executor's stack.
pub struct Args<'a>(std::slice::IterMut<'a, Value>);

impl<'a> Args<'a> {
    /// The arguments; those that are taken leave nil behind.
    pub fn new(values: &'a mut [Value]) -> Self {
        Args(values.iter_mut())
    }

    /// Whether all were taken.
    pub fn is_empty(&self) -> bool {
        self.0.len() == 0
    }
}

impl Iterator for Args<'_> {
    type Item = Value;
    fn next(&mut self) -> Option<Value> {
        self.0.next().map(std::mem::take)
    }
}

/// A Rust type that stands for a Go type in a function's signature.
pub trait Arg: Sized {
    /// The Go type.
    const TYPE: Type;
    /// Whether it takes all further arguments.
    const VARIADIC: bool = false;
    /// Takes its argument. The executor has checked the type, so that `None` is a defect of the engine; it becomes an
    /// error and no panic.
    fn take(args: &mut Args<'_>) -> Option<Self>;
}

/// All further arguments: `...T`.
pub struct Rest<T>(pub Vec<T>);

impl<T: Arg> Arg for Rest<T> {
    const TYPE: Type = T::TYPE;
    const VARIADIC: bool = true;
    fn take(args: &mut Args<'_>) -> Option<Self> {
        let mut all = Vec::new();
        while !args.is_empty() {
            all.push(T::take(args)?);
        }
        Some(Rest(all))
    }
}

/// A parameter of Go's type `reflect.Value`: it takes what `interface {}` takes, and the executor unwraps nothing.
pub struct Any(pub Value);

/// A `bool` with where it came from.
pub struct Flag {
    /// The value.
    pub is_true: bool,
    /// Its origin.
    pub origin: OriginId,
}

impl From<bool> for Flag {
    fn from(is_true: bool) -> Flag {
        Flag { is_true, origin: OriginId::UNKNOWN }
    }
}

impl Arg for Flag {
    const TYPE: Type = Type::Bool;
    fn take(args: &mut Args<'_>) -> Option<Self> {
        let value = args.next()?;
        match value.data {
            Data::Bool(is_true) => Some(Flag { is_true, origin: value.origin }),
            _ => None,
        }
    }
}

macro_rules! arg {
    ($($rust:ty = $go:expr, $value:pat => $take:expr;)+) => {$(
        impl Arg for $rust {
            const TYPE: Type = $go;
            fn take(args: &mut Args<'_>) -> Option<Self> {
                #[allow(unused_variables)]
                let value = args.next()?;
                match value.data {
                    $value => Some($take),
                    _ => None,
                }
            }
        }
    )+};
}

arg! {
    bool = Type::Bool, Data::Bool(b) => b;
    isize = Type::INT, Data::Int(IntKind::Int, n) => n as isize;
    i64 = Type::INT64, Data::Int(IntKind::Int64, n) => n;
    u32 = Type::Uint(UintKind::Uint32), Data::Uint(UintKind::Uint32, n) => n as u32;
    f64 = Type::Float64, Data::Float(n) => n;
}

impl Arg for Value {
    const TYPE: Type = Type::Any;
    fn take(args: &mut Args<'_>) -> Option<Self> {
        args.next()
    }
}

impl Arg for Any {
    const TYPE: Type = Type::Reflect;
    fn take(args: &mut Args<'_>) -> Option<Self> {
        args.next().map(Any)
    }
}

impl Arg for Text {
    const TYPE: Type = Type::String;
    fn take(args: &mut Args<'_>) -> Option<Self> {
        args.next()?.text()
    }
}

impl Arg for MapRef {
    const TYPE: Type = Type::MAP;
    fn take(args: &mut Args<'_>) -> Option<Self> {
        let map = args.next()?.as_map()?;
        // Go converts a named map to the parameter's type: the same entries under another name.
        Some(match map.ty() {
            Type::Named(_) => MapRef { map: map.map.with_type(Type::MAP).into(), origin: map.origin },
            _ => map,
        })
    }
}

impl Arg for ListRef {
    const TYPE: Type = Type::LIST;
    fn take(args: &mut Args<'_>) -> Option<Self> {
        args.next()?.as_list()
    }
}

/// What a function may give.
pub trait Ret {
    /// The static Go type.
    const TYPE: Type;
    /// The value or the error.
    fn ret(self) -> Result<Value, Error>;
}

impl<T: Ret> Ret for Result<T, Error> {
    const TYPE: Type = T::TYPE;
    fn ret(self) -> Result<Value, Error> {
        self.and_then(Ret::ret)
    }
}

macro_rules! ret {
    ($($rust:ty = $go:expr;)+) => {$(
        impl Ret for $rust {
            const TYPE: Type = $go;
            fn ret(self) -> Result<Value, Error> {
                Ok(self.into())
            }
        }
    )+};
}

ret! {
    Value = Type::Any;
    bool = Type::Bool;
    i64 = Type::INT64;
    f64 = Type::Float64;
    Text = Type::String;
    &str = Type::String;
    String = Type::String;
    MapRef = Type::MAP;
    ListRef = Type::LIST;
}

/// What the executor takes as it is: no value stays no value.
impl Ret for Any {
    const TYPE: Type = Type::Reflect;
    fn ret(self) -> Result<Value, Error> {
        Ok(self.0)
    }
}

impl Ret for Flag {
    const TYPE: Type = Type::Bool;
    fn ret(self) -> Result<Value, Error> {
        Ok(Value::bool(self.is_true).with_origin(self.origin))
    }
}

impl Ret for isize {
    const TYPE: Type = Type::INT;
    fn ret(self) -> Result<Value, Error> {
        Ok(Value::int(self as i64))
    }
}

/// A `[]string` of its own.
impl Ret for Vec<Text> {
    const TYPE: Type = Strings::TYPE;
    fn ret(self) -> Result<Value, Error> {
        Ok(Value::strings(self))
    }
}

/// A `[]string` that may have room for more, may be nil, or may be one that somebody else has too.
pub struct Strings(pub ListRef);

impl Strings {
    /// The texts in an array that was made like that.
    pub fn from_texts(texts: impl IntoIterator<Item = Text>, capacity: Capacity) -> Self {
        Strings(List::texts(texts).with_capacity(capacity).into())
    }

    /// A nil `[]string`.
    pub fn nil() -> Self {
        Strings(List::nil(Self::TYPE).into())
    }
}

impl Ret for Strings {
    const TYPE: Type = Type::List(&Type::String);
    fn ret(self) -> Result<Value, Error> {
        Ok(self.0.into())
    }
}

/// The error of arguments that passed the check and are of another type all the same.
#[doc(hidden)]
pub fn mismatch(name: &str) -> Error {
    Error::new(format!("{name}: an argument of an unexpected type"))
}

/// Declares a [`Func`]; see the [module](self).
#[macro_export]
macro_rules! func {
    ($($(#[doc = $docs:literal])+ $vis:vis static $id:ident = $name:literal
        ($cx:pat $(, $arg:ident : $ty:ty)* $(,)?) -> $ret:ty $body:block)+) => {$(
        $(#[doc = $docs])+
        $vis static $id: $crate::Func = $crate::Func {
            name: $name,
            docs: concat!($($docs, "\n"),+),
            params: &[$(<$ty as $crate::Arg>::TYPE),*],
            variadic: false $(|| <$ty as $crate::Arg>::VARIADIC)*,
            result: <$ret as $crate::Ret>::TYPE,
            call: {
                #[allow(unused_mut, unused_variables)]
                fn call(cx: &mut $crate::Cx<'_>, mut args: $crate::Args<'_>) -> Result<$crate::Value, $crate::Error> {
                    fn body($cx: &mut $crate::Cx<'_> $(, $arg: $ty)*) -> $ret $body
                    $(let Some($arg) = <$ty as $crate::Arg>::take(&mut args) else {
                        return Err($crate::mismatch($name));
                    };)*
                    $crate::Ret::ret(body(cx $(, $arg)*))
                }
                call
            },
        };
    )+};
}

/// Declares a method of an object: as [`func!`](crate::func!), with the receiver as the first parameter.
#[macro_export]
macro_rules! method {
    ($($(#[doc = $docs:literal])+ $vis:vis static $id:ident = $name:literal
        ($cx:pat, $this:ident $(, $arg:ident : $ty:ty)* $(,)?) -> $ret:ty $body:block)+) => {$(
        $(#[doc = $docs])+
        $vis static $id: $crate::Func = $crate::Func {
            name: $name,
            docs: concat!($($docs, "\n"),+),
            params: &[$(<$ty as $crate::Arg>::TYPE),*],
            variadic: false $(|| <$ty as $crate::Arg>::VARIADIC)*,
            result: <$ret as $crate::Ret>::TYPE,
            call: {
                #[allow(unused_mut, unused_variables)]
                fn call(cx: &mut $crate::Cx<'_>, mut args: $crate::Args<'_>) -> Result<$crate::Value, $crate::Error> {
                    fn body($cx: &mut $crate::Cx<'_>, $this: $crate::Value $(, $arg: $ty)*) -> $ret $body
                    let Some(this) = args.next() else { return Err($crate::mismatch($name)) };
                    $(let Some($arg) = <$ty as $crate::Arg>::take(&mut args) else {
                        return Err($crate::mismatch($name));
                    };)*
                    $crate::Ret::ret(body(cx, this $(, $arg)*))
                }
                call
            },
        };
    )+};
}
