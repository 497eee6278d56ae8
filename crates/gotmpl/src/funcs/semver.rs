//! Semantic versions: `semver`, `semverCompare`.

use std::any::Any;

use crate::semver::{Constraints, Version};
use crate::{Error, Func, Object, Ret, Text, Type, UintKind, Value, func, method};

/// The functions of this family.
pub static ALL: &[&Func] = &[&SEMVER, &SEMVER_COMPARE];

func! {
    /// The version in a text, with the fields and methods `Major`, `Minor`, `Patch`, `Prerelease`, `Compare` ...
    ///
    /// ```text
    /// {{ (semver "v1.2").Minor }}                        =>  2
    /// {{ semver "1.2.3" | (semver "1.2.4").Compare }}    =>  1
    /// {{ semver "latest" }}                              =>  error: invalid semantic version
    /// ```
    pub static SEMVER = "semver"(_cx, version: Text) -> Result<Parsed, Error> {
        Version::parse(&version).map(Parsed).map_err(Error::new)
    }

    /// Whether a version satisfies a constraint.
    ///
    /// ```text
    /// {{ semverCompare ">=1.19-0" "v1.33.1-gke.5" }}  =>  true
    /// {{ semverCompare "^1.2" "2.0.0" }}              =>  false
    /// ```
    pub static SEMVER_COMPARE = "semverCompare"(_cx, constraint: Text, version: Text) -> Result<bool, Error> {
        let constraints = Constraints::parse(&constraint).map_err(Error::new)?;
        Ok(constraints.check(&Version::parse(&version).map_err(Error::new)?))
    }
}

/// A `*semver.Version`.
#[derive(Clone)]
pub struct Parsed(pub Version);

impl Ret for Parsed {
    const TYPE: Type = Type::Object("*semver.Version");
    fn ret(self) -> Result<Value, Error> {
        Ok(Value::object(self))
    }
}

impl crate::Arg for Parsed {
    const TYPE: Type = Type::Object("*semver.Version");
    fn take(args: &mut crate::Args<'_>) -> Option<Self> {
        args.next()?.as_object::<Parsed>().cloned()
    }
}

impl Object for Parsed {
    fn type_name(&self) -> &'static str {
        "*semver.Version"
    }

    fn string(&self) -> Option<String> {
        Some(self.0.to_string())
    }

    /// None of them is exported; `%#v` and `%d` show them all the same.
    fn fields(&self) -> Vec<(&'static str, Value)> {
        fields(&self.0)
    }

    fn field(&self, _name: &str) -> Option<Value> {
        None
    }

    fn methods(&self) -> &'static [&'static Func] {
        METHODS
    }

    fn to_json(&self) -> Value {
        Value::str(self.0.to_string())
    }

    fn equal(&self, other: &dyn Object) -> bool {
        other.as_any().downcast_ref::<Parsed>().is_some_and(|other| self.0 == other.0)
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

fn fields(version: &Version) -> Vec<(&'static str, Value)> {
    let number = |n| Value::new(crate::Data::Uint(UintKind::Uint64, n));
    vec![
        ("major", number(version.major)),
        ("minor", number(version.minor)),
        ("patch", number(version.patch)),
        ("pre", Value::str(version.prerelease.as_str())),
        ("metadata", Value::str(version.metadata.as_str())),
        ("original", Value::str(version.original.as_str())),
    ]
}

/// A `uint64`.
pub struct Number(u64);

impl Ret for Number {
    const TYPE: Type = Type::Uint(UintKind::Uint64);
    fn ret(self) -> Result<Value, Error> {
        Ok(Value::new(crate::Data::Uint(UintKind::Uint64, self.0)))
    }
}

static METHODS: &[&Func] = &[
    &MAJOR,
    &MINOR,
    &PATCH,
    &PRERELEASE,
    &METADATA,
    &ORIGINAL,
    &STRING,
    &COMPARE,
    &EQUAL,
    &LESS,
    &LESS_EQUAL,
    &GREATER,
    &GREATER_EQUAL,
    &INC_MAJOR,
    &INC_MINOR,
    &INC_PATCH,
    &SET_PRERELEASE,
    &SET_METADATA,
];

fn of(value: &Value) -> Version {
    value.as_object::<Parsed>().map_or_else(zero, |parsed| parsed.0.clone())
}

/// The version without anything in it.
fn zero() -> Version {
    let empty = String::new;
    Version { major: 0, minor: 0, patch: 0, prerelease: empty(), metadata: empty(), original: empty() }
}

/// What a deep copy is of: the library that Sprig copies with leaves out what is not exported.
pub fn copied(value: Value) -> Value {
    match value.as_object::<Parsed>() {
        Some(_) => Value::object(Parsed(zero())).with_origin(value.origin),
        None => value,
    }
}

method! {
    /// The first number.
    static MAJOR = "Major"(_cx, this) -> Number { Number(of(&this).major) }
    /// The second number.
    static MINOR = "Minor"(_cx, this) -> Number { Number(of(&this).minor) }
    /// The third number.
    static PATCH = "Patch"(_cx, this) -> Number { Number(of(&this).patch) }
    /// What stands after `-`.
    static PRERELEASE = "Prerelease"(_cx, this) -> String { of(&this).prerelease }
    /// What stands after `+`.
    static METADATA = "Metadata"(_cx, this) -> String { of(&this).metadata }
    /// The text as it was given.
    static ORIGINAL = "Original"(_cx, this) -> String { of(&this).original }
    /// The canonical form.
    static STRING = "String"(_cx, this) -> String { of(&this).to_string() }
    /// -1, 0 or 1.
    static COMPARE = "Compare"(_cx, this, other: Parsed) -> isize { of(&this).compare(&other.0) as isize }
    /// Whether both are equal but for metadata.
    static EQUAL = "Equal"(_cx, this, other: Parsed) -> bool { of(&this).compare(&other.0).is_eq() }
    /// Whether this one is the older.
    static LESS = "LessThan"(_cx, this, other: Parsed) -> bool { of(&this).compare(&other.0).is_lt() }
    /// Whether this one is not the newer.
    static LESS_EQUAL = "LessThanEqual"(_cx, this, other: Parsed) -> bool { of(&this).compare(&other.0).is_le() }
    /// Whether this one is the newer.
    static GREATER = "GreaterThan"(_cx, this, other: Parsed) -> bool { of(&this).compare(&other.0).is_gt() }
    /// Whether this one is not the older.
    static GREATER_EQUAL = "GreaterThanEqual"(_cx, this, other: Parsed) -> bool { of(&this).compare(&other.0).is_ge() }
    /// The next major version.
    static INC_MAJOR = "IncMajor"(_cx, this) -> Result<Next, Error> { next(of(&this).inc_major()) }
    /// The next minor version.
    static INC_MINOR = "IncMinor"(_cx, this) -> Result<Next, Error> { next(of(&this).inc_minor()) }
    /// The next patch version.
    static INC_PATCH = "IncPatch"(_cx, this) -> Result<Next, Error> { next(of(&this).inc_patch()) }
    /// The same with another pre-release.
    static SET_PRERELEASE = "SetPrerelease"(_cx, this, text: Text) -> Result<Next, Error> {
        next(of(&this).set_prerelease(&text))
    }
    /// The same with other metadata.
    static SET_METADATA = "SetMetadata"(_cx, this, text: Text) -> Result<Next, Error> {
        next(of(&this).set_metadata(&text))
    }
}

fn next(version: Result<Version, String>) -> Result<Next, Error> {
    version.map(Next).map_err(Error::new)
}

/// A `semver.Version`, no pointer to one: it cannot be compared with `Compare`, and only the methods that need no
/// pointer are found.
#[derive(Clone)]
pub struct Next(Version);

impl Ret for Next {
    const TYPE: Type = Type::Object("semver.Version");
    fn ret(self) -> Result<Value, Error> {
        Ok(Value::object(self))
    }
}

impl Object for Next {
    fn type_name(&self) -> &'static str {
        "semver.Version"
    }

    fn string(&self) -> Option<String> {
        Some(self.0.to_string())
    }

    fn to_json(&self) -> Value {
        Value::str(self.0.to_string())
    }

    fn equal(&self, other: &dyn Object) -> bool {
        other.as_any().downcast_ref::<Next>().is_some_and(|other| self.0 == other.0)
    }

    fn fields(&self) -> Vec<(&'static str, Value)> {
        fields(&self.0)
    }

    fn field(&self, _name: &str) -> Option<Value> {
        None
    }

    fn methods(&self) -> &'static [&'static Func] {
        VALUE_METHODS
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

static VALUE_METHODS: &[&Func] = &[&V_MAJOR, &V_MINOR, &V_PATCH, &V_PRERELEASE, &V_METADATA, &V_STRING];

fn value_of(value: &Value) -> Version {
    value.as_object::<Next>().map_or_else(|| of(value), |next| next.0.clone())
}

method! {
    /// The first number.
    static V_MAJOR = "Major"(_cx, this) -> Number { Number(value_of(&this).major) }
    /// The second number.
    static V_MINOR = "Minor"(_cx, this) -> Number { Number(value_of(&this).minor) }
    /// The third number.
    static V_PATCH = "Patch"(_cx, this) -> Number { Number(value_of(&this).patch) }
    /// What stands after `-`.
    static V_PRERELEASE = "Prerelease"(_cx, this) -> String { value_of(&this).prerelease }
    /// What stands after `+`.
    static V_METADATA = "Metadata"(_cx, this) -> String { value_of(&this).metadata }
    /// The canonical form.
    static V_STRING = "String"(_cx, this) -> String { value_of(&this).to_string() }
}
