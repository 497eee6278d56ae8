//! What a value is: `kindOf`, `typeOf` and their kind; `deepEqual`.

use super::equal::equal;
use crate::{Func, Text, Value, func};

/// The functions of this family.
pub static ALL: &[&Func] = &[&KIND_OF, &KIND_IS, &TYPE_OF, &TYPE_IS, &TYPE_IS_LIKE, &DEEP_EQUAL];

func! {
    /// The kind of a value: `string`, `int`, `float64`, `map`, `slice` ...; `invalid` for nothing.
    ///
    /// ```text
    /// {{ kindOf (list) }}  =>  slice
    /// {{ kindOf nil }}     =>  invalid
    /// ```
    pub static KIND_OF = "kindOf"(_cx, value: Value) -> &'static str {
        value.kind().word()
    }

    /// Whether a value is of that kind.
    ///
    /// ```text
    /// {{ kindIs "map" (dict) }}  =>  true
    /// ```
    pub static KIND_IS = "kindIs"(_cx, kind: Text, value: Value) -> bool {
        kind.bytes() == value.kind().word().as_bytes()
    }

    /// The Go type of a value.
    ///
    /// ```text
    /// {{ typeOf (dict) }}  =>  map[string]interface {}
    /// {{ typeOf nil }}     =>  <nil>
    /// ```
    pub static TYPE_OF = "typeOf"(_cx, value: Value) -> String {
        value.type_name()
    }

    /// Whether a value is of that Go type.
    ///
    /// ```text
    /// {{ typeIs "string" "a" }}  =>  true
    /// ```
    pub static TYPE_IS = "typeIs"(_cx, name: Text, value: Value) -> bool {
        name.bytes() == value.type_name().as_bytes()
    }

    /// Whether a value is of that Go type, or a pointer to it.
    ///
    /// ```text
    /// {{ typeIsLike "semver.Version" (semver "1.2.3") }}  =>  true
    /// ```
    pub static TYPE_IS_LIKE = "typeIsLike"(_cx, name: Text, value: Value) -> bool {
        let is = value.type_name();
        name.bytes() == is.as_bytes() || is.strip_prefix('*').is_some_and(|is| name.bytes() == is.as_bytes())
    }

    /// Whether two values are equal in type and content.
    ///
    /// ```text
    /// {{ deepEqual (list 1 2) (list 1 2) }}  =>  true
    /// {{ deepEqual 1 1.0 }}                  =>  false
    /// ```
    pub static DEEP_EQUAL = "deepEqual"(_cx, a: Value, b: Value) -> bool {
        equal(&a, &b)
    }
}
