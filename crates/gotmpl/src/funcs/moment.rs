//! `time.Time` and `time.Duration` as templates hold them, with their methods.

use std::any::Any;

use crate::time::{
    Location, Time, duration_string, month_name, round_duration, truncate_duration, weekday_name,
};
use crate::{Arg, Args, Data, Error, Func, IntKind, Object, Ret, Text, Type, Value, method};

/// A `time.Time`.
#[derive(Clone)]
pub struct Moment(pub Time);

impl Ret for Moment {
    const TYPE: Type = Type::Object("time.Time");
    fn ret(self) -> Result<Value, Error> {
        Ok(Value::object(self))
    }
}

impl Arg for Moment {
    const TYPE: Type = Type::Object("time.Time");
    fn take(args: &mut Args<'_>) -> Option<Self> {
        args.next()?.as_object::<Moment>().cloned()
    }
}

impl Object for Moment {
    fn type_name(&self) -> &'static str {
        "time.Time"
    }

    fn string(&self) -> Option<String> {
        Some(self.0.to_string())
    }

    fn go_syntax(&self) -> Option<String> {
        let c = self.0.civil();
        let month = month_name(i64::from(c.month));
        let zone = match &self.0.location {
            Location::Utc | Location::Local => "time.UTC".to_owned(),
            zone => format!("time.Location({})", crate::strconv::quote(zone.name().as_bytes())),
        };
        Some(format!(
            "time.Date({}, time.{month}, {}, {}, {}, {}, {}, {zone})",
            c.year, c.day, c.hour, c.minute, c.second, self.0.nanos
        ))
    }

    fn methods(&self) -> &'static [&'static Func] {
        METHODS
    }

    fn to_json(&self) -> Value {
        self.0.json().map_or(Value::NIL, Value::str)
    }

    fn equal(&self, other: &dyn Object) -> bool {
        other.as_any().downcast_ref::<Moment>().is_some_and(|other| {
            self.0.compare(&other.0).is_eq() && self.0.location.name() == other.0.location.name()
        })
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// A `time.Duration`.
pub struct Duration(pub i64);

impl Ret for Duration {
    const TYPE: Type = Type::Int(IntKind::Duration);
    fn ret(self) -> Result<Value, Error> {
        Ok(Value::new(Data::Int(IntKind::Duration, self.0)))
    }
}

impl Arg for Duration {
    const TYPE: Type = Type::Int(IntKind::Duration);
    fn take(args: &mut Args<'_>) -> Option<Self> {
        match args.next()?.data {
            Data::Int(IntKind::Duration, nanos) => Some(Duration(nanos)),
            _ => None,
        }
    }
}

struct Month(u8);

impl Ret for Month {
    const TYPE: Type = Type::Int(IntKind::Month);
    fn ret(self) -> Result<Value, Error> {
        Ok(Value::new(Data::Int(IntKind::Month, i64::from(self.0))))
    }
}

struct Weekday(u8);

impl Ret for Weekday {
    const TYPE: Type = Type::Int(IntKind::Weekday);
    fn ret(self) -> Result<Value, Error> {
        Ok(Value::new(Data::Int(IntKind::Weekday, i64::from(self.0))))
    }
}

/// A `*time.Location`.
#[derive(Clone)]
struct Zone(Location);

impl Ret for Zone {
    const TYPE: Type = Type::Object("*time.Location");
    fn ret(self) -> Result<Value, Error> {
        Ok(Value::object(self))
    }
}

impl Arg for Zone {
    const TYPE: Type = Type::Object("*time.Location");
    fn take(args: &mut Args<'_>) -> Option<Self> {
        args.next()?.as_object::<Zone>().cloned()
    }
}

impl Object for Zone {
    fn type_name(&self) -> &'static str {
        "*time.Location"
    }

    fn string(&self) -> Option<String> {
        Some(zone_name(&self.0).to_owned())
    }

    fn methods(&self) -> &'static [&'static Func] {
        ZONE_METHODS
    }

    fn to_json(&self) -> Value {
        Value::map([])
    }

    fn equal(&self, other: &dyn Object) -> bool {
        other.as_any().downcast_ref::<Zone>().is_some_and(|other| self.0.name() == other.0.name())
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// The local zone is UTC by name too.
fn zone_name(location: &Location) -> &str {
    match location {
        Location::Local => "UTC",
        other => other.name(),
    }
}

static METHODS: &[&Func] = &[
    &FORMAT,
    &STRING,
    &UNIX,
    &UNIX_MILLI,
    &UNIX_MICRO,
    &UNIX_NANO,
    &YEAR,
    &MONTH,
    &DAY,
    &HOUR,
    &MINUTE,
    &SECOND,
    &NANOSECOND,
    &YEAR_DAY,
    &WEEKDAY,
    &IS_ZERO,
    &IS_DST,
    &ADD,
    &ADD_DATE,
    &SUB,
    &BEFORE,
    &AFTER,
    &EQUAL,
    &COMPARE,
    &ROUND,
    &TRUNCATE,
    &UTC,
    &LOCAL,
    &IN,
    &LOCATION,
    &GO_STRING,
];

fn time(this: &Value) -> Time {
    this.as_object::<Moment>().map_or(Time::ZERO, |moment| moment.0.clone())
}

method! {
    /// The time by a layout.
    static FORMAT = "Format"(_cx, this, layout: Text) -> Text { time(&this).format(&layout).into() }
    /// The time with its zone.
    static STRING = "String"(_cx, this) -> String { time(&this).to_string() }
    /// The time as Go source.
    static GO_STRING = "GoString"(_cx, this) -> String { Moment(time(&this)).go_syntax().unwrap_or_default() }
    /// Seconds since 1970.
    static UNIX = "Unix"(_cx, this) -> i64 { time(&this).seconds }
    /// Milliseconds since 1970.
    static UNIX_MILLI = "UnixMilli"(_cx, this) -> i64 { since_1970(&time(&this), 1_000) }
    /// Microseconds since 1970.
    static UNIX_MICRO = "UnixMicro"(_cx, this) -> i64 { since_1970(&time(&this), 1_000_000) }
    /// Nanoseconds since 1970.
    static UNIX_NANO = "UnixNano"(_cx, this) -> i64 { since_1970(&time(&this), 1_000_000_000) }
    /// The year.
    static YEAR = "Year"(_cx, this) -> isize { time(&this).civil().year as isize }
    /// The month, which prints as its name.
    static MONTH = "Month"(_cx, this) -> Month { Month(time(&this).civil().month) }
    /// The day of the month.
    static DAY = "Day"(_cx, this) -> isize { time(&this).civil().day.into() }
    /// The hour.
    static HOUR = "Hour"(_cx, this) -> isize { time(&this).civil().hour.into() }
    /// The minute.
    static MINUTE = "Minute"(_cx, this) -> isize { time(&this).civil().minute.into() }
    /// The second.
    static SECOND = "Second"(_cx, this) -> isize { time(&this).civil().second.into() }
    /// The nanoseconds of the second.
    static NANOSECOND = "Nanosecond"(_cx, this) -> isize { time(&this).nanos as isize }
    /// The day of the year.
    static YEAR_DAY = "YearDay"(_cx, this) -> isize { time(&this).civil().year_day as isize }
    /// The day of the week, which prints as its name.
    static WEEKDAY = "Weekday"(_cx, this) -> Weekday { Weekday(time(&this).civil().weekday) }
    /// Whether it is the first instant of the year 1.
    static IS_ZERO = "IsZero"(_cx, this) -> bool { time(&this).is_zero() }
    /// Whether it is summer time.
    static IS_DST = "IsDST"(_cx, this) -> bool {
        let time = time(&this);
        time.location.lookup(time.seconds).is_dst
    }
    /// So much later.
    static ADD = "Add"(_cx, this, by: Duration) -> Moment { Moment(time(&this).add(by.0)) }
    /// So many years, months and days later.
    static ADD_DATE = "AddDate"(_cx, this, years: isize, months: isize, days: isize) -> Moment {
        Moment(time(&this).add_date(years as i64, months as i64, days as i64))
    }
    /// The time between.
    static SUB = "Sub"(_cx, this, other: Moment) -> Duration { Duration(time(&this).sub(&other.0)) }
    /// Whether this one comes first.
    static BEFORE = "Before"(_cx, this, other: Moment) -> bool { time(&this).compare(&other.0).is_lt() }
    /// Whether the other one comes first.
    static AFTER = "After"(_cx, this, other: Moment) -> bool { time(&this).compare(&other.0).is_gt() }
    /// Whether both are the same instant.
    static EQUAL = "Equal"(_cx, this, other: Moment) -> bool { time(&this).compare(&other.0).is_eq() }
    /// -1, 0 or 1.
    static COMPARE = "Compare"(_cx, this, other: Moment) -> isize { time(&this).compare(&other.0) as isize }
    /// To the nearest multiple of a duration.
    static ROUND = "Round"(_cx, this, unit: Duration) -> Moment { Moment(time(&this).to_multiple(unit.0, true)) }
    /// Down to a multiple of a duration.
    static TRUNCATE = "Truncate"(_cx, this, unit: Duration) -> Moment { Moment(time(&this).to_multiple(unit.0, false)) }
    /// The same instant in UTC.
    static UTC = "UTC"(_cx, this) -> Moment { Moment(time(&this).within(Location::Utc)) }
    /// The same instant in the local zone.
    static LOCAL = "Local"(_cx, this) -> Moment { Moment(time(&this).within(Location::Local)) }
    /// The same instant in a zone.
    static IN = "In"(_cx, this, zone: Zone) -> Moment { Moment(time(&this).within(zone.0)) }
    /// The zone.
    static LOCATION = "Location"(_cx, this) -> Zone { Zone(time(&this).location) }
    /// The zone's name.
    static ZONE_STRING = "String"(_cx, this) -> String {
        this.as_object::<Zone>().map(|zone| zone_name(&zone.0).to_owned()).unwrap_or_default()
    }
}

fn since_1970(time: &Time, parts: i64) -> i64 {
    time.seconds.wrapping_mul(parts).wrapping_add(i64::from(time.nanos) / (1_000_000_000 / parts))
}

/// The methods of `time.Duration`, `time.Month` and `time.Weekday`.
pub fn methods(kind: IntKind) -> &'static [&'static Func] {
    match kind {
        IntKind::Duration => DURATION_METHODS,
        IntKind::Month => MONTH_METHODS,
        IntKind::Weekday => WEEKDAY_METHODS,
        _ => &[],
    }
}

static ZONE_METHODS: &[&Func] = &[&ZONE_STRING];
static MONTH_METHODS: &[&Func] = &[&MONTH_STRING];
static WEEKDAY_METHODS: &[&Func] = &[&WEEKDAY_STRING];
static DURATION_METHODS: &[&Func] = &[
    &HOURS,
    &MINUTES,
    &SECONDS,
    &MILLISECONDS,
    &MICROSECONDS,
    &NANOSECONDS,
    &DURATION_STRING,
    &DURATION_ABS,
    &DURATION_ROUND,
    &DURATION_TRUNCATE,
];

fn number(this: &Value) -> i64 {
    match this.data {
        Data::Int(_, number) => number,
        _ => 0,
    }
}

/// Whole units and the rest apart, as Go does, so that the sum is rounded once.
fn in_units(nanos: i64, unit: i64) -> f64 {
    (nanos / unit) as f64 + (nanos % unit) as f64 / unit as f64
}

method! {
    /// The duration in hours.
    static HOURS = "Hours"(_cx, this) -> f64 { in_units(number(&this), 3_600_000_000_000) }
    /// The duration in minutes.
    static MINUTES = "Minutes"(_cx, this) -> f64 { in_units(number(&this), 60_000_000_000) }
    /// The duration in seconds.
    static SECONDS = "Seconds"(_cx, this) -> f64 { in_units(number(&this), 1_000_000_000) }
    /// The duration in whole milliseconds.
    static MILLISECONDS = "Milliseconds"(_cx, this) -> i64 { number(&this) / 1_000_000 }
    /// The duration in whole microseconds.
    static MICROSECONDS = "Microseconds"(_cx, this) -> i64 { number(&this) / 1_000 }
    /// The duration in nanoseconds.
    static NANOSECONDS = "Nanoseconds"(_cx, this) -> i64 { number(&this) }
    /// The duration in words such as `1h15m30s`.
    static DURATION_STRING = "String"(_cx, this) -> String { duration_string(number(&this)) }
    /// The duration without its sign.
    static DURATION_ABS = "Abs"(_cx, this) -> Duration { Duration(number(&this).checked_abs().unwrap_or(i64::MAX)) }
    /// To the nearest multiple of another.
    static DURATION_ROUND = "Round"(_cx, this, unit: Duration) -> Duration {
        Duration(round_duration(number(&this), unit.0))
    }
    /// Towards zero to a multiple of another.
    static DURATION_TRUNCATE = "Truncate"(_cx, this, unit: Duration) -> Duration {
        Duration(truncate_duration(number(&this), unit.0))
    }
    /// The month's name.
    static MONTH_STRING = "String"(_cx, this) -> String {
        month_name(number(&this))
    }
    /// The weekday's name.
    static WEEKDAY_STRING = "String"(_cx, this) -> String {
        weekday_name(number(&this))
    }
}
