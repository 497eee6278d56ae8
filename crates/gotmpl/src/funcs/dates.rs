//! Dates: `now`, `date`, `toDate`, `dateModify`, `duration`, `ago` and their kind, with Go's layouts.
//!
//! The reference time of a layout is `Mon Jan 2 15:04:05 MST 2006`. The local zone is UTC.

use super::moment::Moment;
use crate::strconv::{NumError, parse_int};
use crate::time::{Location, Time, duration_string, parse, parse_duration, round_duration};
use crate::{Cx, Data, Error, Func, IntKind, Text, Value, func};

/// The functions of this family.
pub static ALL: &[&Func] = &[
    &NOW,
    &DATE,
    &DATE_IN_ZONE,
    &DATE_IN_ZONE_OLD,
    &HTML_DATE,
    &HTML_DATE_IN_ZONE,
    &TO_DATE,
    &MUST_TO_DATE,
    &DATE_MODIFY,
    &DATE_MODIFY_OLD,
    &MUST_DATE_MODIFY,
    &MUST_DATE_MODIFY_OLD,
    &UNIX_EPOCH,
    &AGO,
    &DURATION,
    &DURATION_ROUND,
];

const HTML: &[u8] = b"2006-01-02";

func! {
    /// The time at which the chart is rendered.
    ///
    /// ```text
    /// {{ now | kindOf }}  =>  struct
    /// ```
    pub static NOW = "now"(cx) -> Moment {
        Moment(now(cx))
    }

    /// A time by a layout. The time may be the seconds since 1970 as an `int` or `int64`; anything else is now.
    ///
    /// ```text
    /// {{ date "2006-01-02 15:04" 1583020800 }}                      =>  2020-03-01 00:00
    /// {{ toDate "2006-01-02" "2020-02-29" | date "Jan 2, 2006" }}   =>  Feb 29, 2020
    /// ```
    pub static DATE = "date"(cx, layout: Text, time: Value) -> Vec8 {
        Vec8(time_of(cx, &time).within(Location::Local).format(&layout))
    }

    /// A time by a layout in a zone; UTC if the zone is unknown.
    ///
    /// ```text
    /// {{ dateInZone "15:04 MST" 1583020800 "Europe/Berlin" }}  =>  01:00 CET
    /// ```
    pub static DATE_IN_ZONE = "dateInZone"(cx, layout: Text, time: Value, zone: Text) -> Vec8 {
        in_zone(cx, &layout, &time, &zone)
    }

    /// The older name of `dateInZone`.
    ///
    /// ```text
    /// {{ date_in_zone "15:04 MST" 0 "nowhere" }}  =>  00:00 UTC
    /// ```
    pub static DATE_IN_ZONE_OLD = "date_in_zone"(cx, layout: Text, time: Value, zone: Text) -> Vec8 {
        in_zone(cx, &layout, &time, &zone)
    }

    /// A date as HTML's date fields take it.
    ///
    /// ```text
    /// {{ htmlDate 0 }}  =>  1970-01-01
    /// ```
    pub static HTML_DATE = "htmlDate"(cx, time: Value) -> Vec8 {
        in_zone(cx, HTML, &time, b"Local")
    }

    /// The same in a zone.
    ///
    /// ```text
    /// {{ htmlDateInZone 0 "America/New_York" }}  =>  1969-12-31
    /// ```
    pub static HTML_DATE_IN_ZONE = "htmlDateInZone"(cx, time: Value, zone: Text) -> Vec8 {
        in_zone(cx, HTML, &time, &zone)
    }

    /// The time that a text stands for by a layout; the first instant of the year 1 if it stands for none.
    ///
    /// ```text
    /// {{ toDate "2006-01-02" "2020-02-29" }}  =>  2020-02-29 00:00:00 +0000 UTC
    /// {{ (toDate "2006" "x").Year }}          =>  1
    /// ```
    pub static TO_DATE = "toDate"(_cx, layout: Text, text: Text) -> Moment {
        Moment(parse(&layout, &text).unwrap_or(Time::ZERO))
    }

    /// As `toDate`; an error if the text stands for no time.
    ///
    /// ```text
    /// {{ mustToDate "2006" "x" }}  =>  error: parsing time "x" as "2006": cannot parse "x" as "2006"
    /// ```
    pub static MUST_TO_DATE = "mustToDate"(_cx, layout: Text, text: Text) -> Result<Moment, Error> {
        parse(&layout, &text).map(Moment).map_err(Error::new)
    }

    /// A time so much later; the same time if the duration is none.
    ///
    /// ```text
    /// {{ toDate "2006-01-02" "2020-03-01" | dateModify "-1.5h" }}  =>  2020-02-29 22:30:00 +0000 UTC
    /// ```
    pub static DATE_MODIFY = "dateModify"(_cx, by: Text, time: Moment) -> Moment {
        modified(&by, &time).unwrap_or(time)
    }

    /// The older name of `dateModify`.
    ///
    /// ```text
    /// {{ toDate "2006" "2020" | date_modify "x" }}  =>  2020-01-01 00:00:00 +0000 UTC
    /// ```
    pub static DATE_MODIFY_OLD = "date_modify"(_cx, by: Text, time: Moment) -> Moment {
        modified(&by, &time).unwrap_or(time)
    }

    /// As `dateModify`; an error if the duration is none.
    ///
    /// ```text
    /// {{ toDate "2006" "2020" | mustDateModify "1d" }}  =>  error: time: unknown unit "d" in duration "1d"
    /// ```
    pub static MUST_DATE_MODIFY = "mustDateModify"(_cx, by: Text, time: Moment) -> Result<Moment, Error> {
        modified(&by, &time)
    }

    /// The older name of `mustDateModify`.
    ///
    /// ```text
    /// {{ (toDate "2006" "2020" | must_date_modify "24h").Day }}  =>  2
    /// ```
    pub static MUST_DATE_MODIFY_OLD = "must_date_modify"(_cx, by: Text, time: Moment) -> Result<Moment, Error> {
        modified(&by, &time)
    }

    /// The seconds since 1970, as a text.
    ///
    /// ```text
    /// {{ toDate "2006-01-02" "2020-02-29" | unixEpoch }}  =>  1582934400
    /// ```
    pub static UNIX_EPOCH = "unixEpoch"(_cx, time: Moment) -> String {
        time.0.seconds.to_string()
    }

    /// How long ago a time is, to the second.
    ///
    /// ```text
    /// {{ ago now }}  =>  0s
    /// ```
    pub static AGO = "ago"(cx, time: Value) -> String {
        let since = match &time.data {
            Data::Int(IntKind::Int32, _) => now(cx),
            _ => time_of(cx, &time),
        };
        duration_string(round_duration(now(cx).sub(&since), 1_000_000_000))
    }

    /// So many seconds as a duration. A text or an `int64` counts; anything else is no time at all.
    ///
    /// ```text
    /// {{ duration "95" }}          =>  1m35s
    /// {{ duration (int64 3661) }}  =>  1h1m1s
    /// {{ duration 95 }}            =>  0s
    /// ```
    pub static DURATION = "duration"(_cx, seconds: Value) -> String {
        let seconds = match &seconds.data {
            Data::Str(_) => match parse_int(seconds.as_bytes().unwrap_or_default(), 10) {
                Ok(number) => number,
                Err(NumError::Range) if seconds.as_bytes().is_some_and(|t| t.starts_with(b"-")) => i64::MIN,
                Err(NumError::Range) => i64::MAX,
                Err(NumError::Syntax) => 0,
            },
            Data::Int(IntKind::Int64, number) => *number,
            _ => 0,
        };
        duration_string(seconds.wrapping_mul(1_000_000_000))
    }

    /// A duration by its largest unit, cut. It may be a text, an `int64` of nanoseconds, or a time since when.
    ///
    /// ```text
    /// {{ durationRound "2h10m5s" }}  =>  2h
    /// {{ durationRound "2400h" }}    =>  3mo
    /// ```
    pub static DURATION_ROUND = "durationRound"(cx, duration: Value) -> String {
        let nanos = match &duration.data {
            Data::Str(_) => parse_duration(duration.as_bytes().unwrap_or_default()).unwrap_or(0),
            Data::Int(IntKind::Int64, nanos) => *nanos,
            _ => duration.as_object::<Moment>().map_or(0, |time| now(cx).sub(&time.0)),
        };
        const HOUR: u64 = 3_600_000_000_000;
        let units = [
            (HOUR * 24 * 365, "y"),
            (HOUR * 24 * 30, "mo"),
            (HOUR * 24, "d"),
            (HOUR, "h"),
            (HOUR / 60, "m"),
            (HOUR / 3600, "s"),
        ];
        let size = nanos.unsigned_abs();
        let unit = units.into_iter().find(|(unit, _)| size > *unit);
        unit.map_or_else(|| "0s".to_owned(), |(unit, name)| format!("{}{name}", size / unit))
    }
}

/// Bytes as a `string`.
pub struct Vec8(Vec<u8>);

impl crate::Ret for Vec8 {
    const TYPE: crate::Type = crate::Type::String;
    fn ret(self) -> Result<Value, Error> {
        Ok(Value::str(self.0))
    }
}

fn now(cx: &mut Cx<'_>) -> Time {
    let (seconds, nanos) = cx.host.now();
    Time::unix(seconds, i64::from(nanos))
}

fn time_of(cx: &mut Cx<'_>, value: &Value) -> Time {
    match &value.data {
        Data::Int(IntKind::Int | IntKind::Int32 | IntKind::Int64, seconds) => Time::unix(*seconds, 0),
        _ => value.as_object::<Moment>().map_or_else(|| now(cx), |time| time.0.clone()),
    }
}

fn in_zone(cx: &mut Cx<'_>, layout: &[u8], time: &Value, zone: &[u8]) -> Vec8 {
    let location = Location::load(zone).unwrap_or(Location::Utc);
    Vec8(time_of(cx, time).within(location).format(layout))
}

fn modified(by: &Text, time: &Moment) -> Result<Moment, Error> {
    parse_duration(by).map(|nanos| Moment(time.0.add(nanos))).map_err(Error::new)
}
