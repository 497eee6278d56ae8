//! Go's `time`: instants, layouts, zones, durations.
//!
//! The clock is the host's; nothing here asks for the time. The local zone is UTC, so that a chart renders alike on
//! every machine.

mod civil;
mod duration;
mod layout;
mod parse;
mod zone;

use std::cmp::Ordering;

pub use civil::{Civil, days_in};
pub use duration::{duration_string, parse_duration, round_duration, truncate_duration};
pub use parse::parse;
pub use zone::Location;

/// `time.RFC3339Nano`
pub const RFC3339_NANO: &str = "2006-01-02T15:04:05.999999999Z07:00";

/// The months' names, January first.
pub const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// The weekdays' names, Sunday first.
pub const WEEKDAYS: [&str; 7] =
    ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

/// `time.Month.String`, also of what is no month: `%!Month(13)`.
pub fn month_name(month: i64) -> String {
    let found = usize::try_from(month).ok().and_then(|at| MONTHS.get(at.checked_sub(1)?));
    found.map_or_else(|| format!("%!Month({month})"), |name| (*name).to_owned())
}

/// `time.Weekday.String`; 0 is Sunday.
pub fn weekday_name(day: i64) -> String {
    let found = usize::try_from(day).ok().and_then(|at| WEEKDAYS.get(at));
    found.map_or_else(|| format!("%!Weekday({day})"), |name| (*name).to_owned())
}

/// An instant with the zone in which it is shown.
///
/// ```
/// use gotmpl::time::{Location, Time};
/// let time = Time::unix(1_583_020_800, 0).within(Location::load(b"Europe/Berlin").unwrap());
/// assert_eq!(time.format(b"2006-01-02 15:04 MST"), b"2020-03-01 01:00 CET");
/// assert_eq!(time.to_string(), "2020-03-01 01:00:00 +0100 CET");
/// ```
#[derive(Clone, Debug)]
pub struct Time {
    /// Seconds since 1970-01-01 UTC.
    pub seconds: i64,
    /// Nanoseconds of the second.
    pub nanos: u32,
    /// Where the clock hangs.
    pub location: Location,
}

impl Time {
    /// Go's zero time: the first instant of the year 1, UTC.
    pub const ZERO: Time = Time { seconds: -62_135_596_800, nanos: 0, location: Location::Utc };

    /// An instant in the local zone; nanoseconds are carried.
    pub fn unix(seconds: i64, nanos: i64) -> Time {
        let seconds = seconds.wrapping_add(nanos.div_euclid(1_000_000_000));
        Time { seconds, nanos: nanos.rem_euclid(1_000_000_000) as u32, location: Location::Local }
    }

    /// `time.Date`: month, day and clock may be out of range and are carried.
    pub fn date(year: i64, month: i64, day: i64, clock: [i64; 3], nanos: i64, location: Location) -> Time {
        let days = civil::days_from(year, month, day);
        let [hour, minute, second] = clock.map(i128::from);
        let mut wall = days * 86_400 + hour * 3600 + minute * 60 + second;
        wall += i128::from(nanos.div_euclid(1_000_000_000));
        let wall = wall as i64;
        // The offset that holds at the wall clock's time, corrected if it does not hold at the instant.
        let seconds = match location.lookup(wall).offset {
            0 => wall,
            guess => {
                let offset = location.lookup(wall.wrapping_sub(i64::from(guess))).offset;
                wall.wrapping_sub(i64::from(offset))
            }
        };
        Time { seconds, nanos: nanos.rem_euclid(1_000_000_000) as u32, location }
    }

    /// The same instant elsewhere.
    pub fn within(&self, location: Location) -> Time {
        Time { location, ..self.clone() }
    }

    /// Date and clock as they are shown.
    pub fn civil(&self) -> Civil {
        let offset = self.location.lookup(self.seconds).offset;
        Civil::of(i128::from(self.seconds) + i128::from(offset))
    }

    /// `t.Format(layout)`
    pub fn format(&self, layout: &[u8]) -> Vec<u8> {
        layout::format(self, layout)
    }

    /// `t.Add`: so many nanoseconds later.
    pub fn add(&self, nanos: i64) -> Time {
        let total = i64::from(self.nanos) + nanos % 1_000_000_000;
        let seconds =
            self.seconds.wrapping_add(nanos / 1_000_000_000).wrapping_add(total.div_euclid(1_000_000_000));
        Time { seconds, nanos: total.rem_euclid(1_000_000_000) as u32, location: self.location.clone() }
    }

    /// `t.AddDate`: the date is changed and then made valid, the clock stays.
    pub fn add_date(&self, years: i64, months: i64, days: i64) -> Time {
        let c = self.civil();
        Time::date(
            c.year.wrapping_add(years),
            i64::from(c.month).wrapping_add(months),
            i64::from(c.day).wrapping_add(days),
            [c.hour, c.minute, c.second].map(i64::from),
            i64::from(self.nanos),
            self.location.clone(),
        )
    }

    /// `t.Sub`: nanoseconds between two instants, cut to what a duration can hold.
    pub fn sub(&self, other: &Time) -> i64 {
        let seconds = i128::from(self.seconds) - i128::from(other.seconds);
        let nanos = seconds * 1_000_000_000 + i128::from(self.nanos) - i128::from(other.nanos);
        nanos.clamp(i128::from(i64::MIN), i128::from(i64::MAX)) as i64
    }

    /// Which instant comes first; zones do not matter.
    pub fn compare(&self, other: &Time) -> Ordering {
        (self.seconds, self.nanos).cmp(&(other.seconds, other.nanos))
    }

    /// Whether it is Go's zero time.
    pub fn is_zero(&self) -> bool {
        self.compare(&Time::ZERO).is_eq()
    }

    /// `t.Truncate(d)` and `t.Round(d)`: down, or half up, to a multiple of nanoseconds since the zero time.
    pub fn to_multiple(&self, unit: i64, round: bool) -> Time {
        if unit <= 0 {
            return self.clone();
        }
        let since = (i128::from(self.seconds) - i128::from(Time::ZERO.seconds)) * 1_000_000_000
            + i128::from(self.nanos);
        let rest = since.rem_euclid(i128::from(unit)) as i64;
        match round && rest >= unit - rest {
            true => self.add(unit - rest),
            false => self.add(-rest),
        }
    }

    /// JSON's form; `None` where the year or the zone does not fit RFC 3339.
    pub fn json(&self) -> Option<String> {
        let fits = (0..=9999).contains(&self.civil().year)
            && self.location.lookup(self.seconds).offset.unsigned_abs() < 24 * 3600;
        fits.then(|| String::from_utf8_lossy(&self.format(RFC3339_NANO.as_bytes())).into_owned())
    }
}

impl std::fmt::Display for Time {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&String::from_utf8_lossy(&self.format(b"2006-01-02 15:04:05.999999999 -0700 MST")))
    }
}

/// How Go's `time` quotes what it could not read: not as `%q` does.
fn quote(bytes: &[u8]) -> String {
    let mut out = String::from("\"");
    for &byte in bytes {
        match byte {
            b'"' | b'\\' => {
                out.push('\\');
                out.push(byte.into());
            }
            0x20..=0x7f => out.push(byte.into()),
            _ => out.push_str(&format!("\\x{byte:02x}")),
        }
    }
    out.push('"');
    out
}
