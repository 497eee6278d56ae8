//! Go's layouts: the reference time `Mon Jan 2 15:04:05 MST 2006`, taken apart and filled in.

use super::{MONTHS, Time, WEEKDAYS};

/// One element of a layout.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Element {
    LongMonth,
    Month,
    NumMonth,
    ZeroMonth,
    LongWeekday,
    Weekday,
    Day,
    UnderDay,
    ZeroDay,
    UnderYearDay,
    ZeroYearDay,
    Hour,
    Hour12,
    ZeroHour12,
    Minute,
    ZeroMinute,
    Second,
    ZeroSecond,
    LongYear,
    Year,
    UpperPm,
    LowerPm,
    ZoneName,
    ZoneOffset(OffsetForm),
    /// The separator and how many digits.
    Fraction {
        separator: u8,
        digits: usize,
        trimmed: bool,
    },
}

/// How an offset is written: `Z07:00` and its kind.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct OffsetForm {
    /// Whether UTC is `Z`.
    pub iso: bool,
    pub colon: bool,
    pub minutes: bool,
    pub seconds: bool,
}

/// A piece of a layout: literal text up to `element_start`, the element up to `end`.
pub(super) struct Chunk {
    pub start: usize,
    pub element_start: usize,
    pub end: usize,
    pub element: Option<Element>,
}

/// The next element at or after `start`, with the text before it.
pub(super) fn next_chunk(layout: &[u8], start: usize) -> Chunk {
    for at in start..layout.len() {
        if let Some((skip, len, element)) = element_at(&layout[at..]) {
            let element_start = at + skip;
            return Chunk { start, element_start, end: element_start + len, element: Some(element) };
        }
    }
    Chunk { start, element_start: layout.len(), end: layout.len(), element: None }
}

/// The element that stands there: bytes of text before it, its length, what it is.
fn element_at(text: &[u8]) -> Option<(usize, usize, Element)> {
    use Element::*;
    let starts = |prefix: &str| text.starts_with(prefix.as_bytes());
    // A month or weekday is not abbreviated where a longer word goes on: `Mondays`, `Janet`.
    let word_ends = || !text.get(3).is_some_and(u8::is_ascii_lowercase);
    let found = |len, element| Some((0, len, element));
    match text.first()? {
        b'J' if starts("January") => found(7, LongMonth),
        b'J' if starts("Jan") && word_ends() => found(3, Month),
        b'M' if starts("Monday") => found(6, LongWeekday),
        b'M' if starts("Mon") && word_ends() => found(3, Weekday),
        b'M' if starts("MST") => found(3, ZoneName),
        b'0' => match text.get(1)? {
            b'1' => found(2, ZeroMonth),
            b'2' => found(2, ZeroDay),
            b'3' => found(2, ZeroHour12),
            b'4' => found(2, ZeroMinute),
            b'5' => found(2, ZeroSecond),
            b'6' => found(2, Year),
            b'0' if text.get(2) == Some(&b'2') => found(3, ZeroYearDay),
            _ => None,
        },
        b'1' if starts("15") => found(2, Hour),
        b'1' => found(1, NumMonth),
        b'2' if starts("2006") => found(4, LongYear),
        b'2' => found(1, Day),
        // The underscore before a year is a character.
        b'_' if starts("_2006") => Some((1, 4, LongYear)),
        b'_' if starts("_2") => found(2, UnderDay),
        b'_' if starts("__2") => found(3, UnderYearDay),
        b'3' => found(1, Hour12),
        b'4' => found(1, Minute),
        b'5' => found(1, Second),
        b'P' if starts("PM") => found(2, UpperPm),
        b'p' if starts("pm") => found(2, LowerPm),
        b'-' | b'Z' => {
            let rest = &text[1..];
            let (len, colon, minutes, seconds) = [
                ("070000", false, true, true),
                ("07:00:00", true, true, true),
                ("0700", false, true, false),
                ("07:00", true, true, false),
                ("07", false, false, false),
            ]
            .into_iter()
            .find(|(form, ..)| rest.starts_with(form.as_bytes()))
            .map(|(form, c, m, s)| (form.len() + 1, c, m, s))?;
            found(len, ZoneOffset(OffsetForm { iso: text[0] == b'Z', colon, minutes, seconds }))
        }
        &separator @ (b'.' | b',') => {
            let digit = *text.get(1).filter(|b| matches!(b, b'0' | b'9'))?;
            let digits = text[1..].iter().take_while(|b| **b == digit).count();
            if text.get(1 + digits).is_some_and(u8::is_ascii_digit) {
                return None;
            }
            found(1 + digits, Fraction { separator, digits, trimmed: digit == b'9' })
        }
        _ => None,
    }
}

pub(super) fn format(time: &Time, layout: &[u8]) -> Vec<u8> {
    let zone = time.location.lookup(time.seconds);
    let c = time.civil();
    let mut out = Vec::with_capacity(layout.len() + 10);
    let mut at = 0;
    while at < layout.len() {
        let chunk = next_chunk(layout, at);
        out.extend_from_slice(&layout[chunk.start..chunk.element_start]);
        at = chunk.end;
        let Some(element) = chunk.element else { break };
        let month = MONTHS[usize::from(c.month).clamp(1, 12) - 1];
        let weekday = WEEKDAYS[usize::from(c.weekday) % 7];
        let hour12 = match c.hour % 12 {
            0 => 12,
            hour => hour,
        };
        let text = match element {
            Element::LongMonth => month.to_owned(),
            Element::Month => month[..3].to_owned(),
            Element::NumMonth => c.month.to_string(),
            Element::ZeroMonth => format!("{:02}", c.month),
            Element::LongWeekday => weekday.to_owned(),
            Element::Weekday => weekday[..3].to_owned(),
            Element::Day => c.day.to_string(),
            Element::UnderDay => format!("{:2}", c.day),
            Element::ZeroDay => format!("{:02}", c.day),
            Element::UnderYearDay => format!("{:3}", c.year_day),
            Element::ZeroYearDay => format!("{:03}", c.year_day),
            Element::Hour => format!("{:02}", c.hour),
            Element::Hour12 => hour12.to_string(),
            Element::ZeroHour12 => format!("{hour12:02}"),
            Element::Minute => c.minute.to_string(),
            Element::ZeroMinute => format!("{:02}", c.minute),
            Element::Second => c.second.to_string(),
            Element::ZeroSecond => format!("{:02}", c.second),
            Element::LongYear if c.year < 0 => format!("-{:04}", c.year.unsigned_abs()),
            Element::LongYear => format!("{:04}", c.year),
            Element::Year => format!("{:02}", c.year.unsigned_abs() % 100),
            Element::UpperPm => if c.hour >= 12 { "PM" } else { "AM" }.to_owned(),
            Element::LowerPm => if c.hour >= 12 { "pm" } else { "am" }.to_owned(),
            Element::ZoneName if !zone.name.is_empty() => zone.name.clone(),
            Element::ZoneName => {
                offset(zone.offset, OffsetForm { iso: false, colon: false, minutes: true, seconds: false })
            }
            Element::ZoneOffset(form) => offset(zone.offset, form),
            Element::Fraction { separator, digits, trimmed } => {
                fraction(time.nanos, separator, digits, trimmed)
            }
        };
        out.extend_from_slice(text.as_bytes());
    }
    out
}

fn offset(seconds: i32, form: OffsetForm) -> String {
    if seconds == 0 && form.iso {
        return "Z".to_owned();
    }
    // Go decides the sign by whole minutes, so half a minute west is `+0000`, with its seconds negative.
    let minutes = seconds / 60;
    let sign = if minutes < 0 { '-' } else { '+' };
    let colon = if form.colon { ":" } else { "" };
    let mut text = format!("{sign}{:02}{colon}", minutes.abs() / 60);
    if form.minutes {
        text += &format!("{:02}", minutes.abs() % 60);
    }
    if form.seconds {
        let rest = if minutes < 0 { -seconds } else { seconds } % 60;
        let minus = if rest < 0 { "-" } else { "" };
        text += &format!("{colon}{minus}{:02}", rest.abs());
    }
    text
}

fn fraction(nanos: u32, separator: u8, digits: usize, trimmed: bool) -> String {
    if trimmed && nanos == 0 {
        return String::new();
    }
    let all = format!("{nanos:09}");
    let mut shown = &all[..digits.min(9)];
    if trimmed {
        shown = shown.trim_end_matches('0');
        if shown.is_empty() {
            return String::new();
        }
    }
    format!("{}{shown}", char::from(separator))
}
