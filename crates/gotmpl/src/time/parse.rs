//! `time.Parse`: a text read by a layout.

use super::civil::{days_before, is_leap};
use super::layout::{Element, OffsetForm, next_chunk};
use super::{Location, MONTHS, Time, WEEKDAYS, days_in, quote};

/// What an element makes of its part of the text.
enum Bad {
    /// It is not of that form.
    Form,
    /// That number is out of range.
    Range(&'static str),
}

type Read<T> = Result<T, Bad>;

#[derive(Default)]
struct Fields {
    year: i64,
    month: Option<u8>,
    day: Option<u8>,
    year_day: Option<u16>,
    hour: u8,
    minute: u8,
    second: u8,
    nanos: i64,
    /// Noon's half: whether `PM` (or `AM`) was read.
    pm: Option<bool>,
    utc: bool,
    offset: Option<i32>,
    zone: String,
}

/// Reads a text by a layout.
///
/// ```
/// let time = gotmpl::time::parse(b"2006-01-02", b"2020-02-29").unwrap();
/// assert_eq!(time.seconds, 1_582_934_400);
/// let error = gotmpl::time::parse(b"2006-01-02", b"2020-13-01").unwrap_err();
/// assert_eq!(error, "parsing time \"2020-13-01\": month out of range");
/// ```
///
/// # Errors
/// Go's text.
pub fn parse(layout: &[u8], text: &[u8]) -> Result<Time, String> {
    let cannot = |rest: &[u8], element: &[u8]| {
        let [text, layout, rest, element] = [text, layout, rest, element].map(quote);
        format!("parsing time {text} as {layout}: cannot parse {rest} as {element}")
    };
    let failed = |why: &str| format!("parsing time {}: {why}", quote(text));
    let mut fields = Fields::default();
    let (mut at, mut rest) = (0, text);
    loop {
        let chunk = next_chunk(layout, at);
        let prefix = &layout[chunk.start..chunk.element_start];
        rest = skip(rest, prefix).map_err(|(rest, prefix)| cannot(rest, prefix))?;
        let Some(element) = chunk.element else { break };
        at = chunk.end;
        let hold = rest;
        let next = || next_chunk(layout, chunk.end);
        let next_is_fraction = || matches!(next().element, Some(Element::Fraction { .. }));
        match fields.read(element, &mut rest, next_is_fraction) {
            Ok(()) => {}
            Err(Bad::Form) => return Err(cannot(hold, &layout[chunk.element_start..chunk.end])),
            Err(Bad::Range(what)) => return Err(failed(&format!("{what} out of range"))),
        }
    }
    if !rest.is_empty() {
        return Err(failed(&format!("extra text: {}", quote(rest))));
    }
    fields.time().map_err(failed)
}

/// Skips literal text; runs of blanks are equal to one another. The error is what was left of both.
fn skip<'a, 'b>(mut text: &'a [u8], prefix: &'b [u8]) -> Result<&'a [u8], (&'a [u8], &'b [u8])> {
    let blanks = |t: &[u8]| t.iter().take_while(|b| **b == b' ').count();
    let mut left = prefix;
    while let Some(&first) = left.first() {
        if first == b' ' {
            if text.first().is_some_and(|b| *b != b' ') {
                return Err((text, prefix));
            }
            left = &left[blanks(left)..];
            text = &text[blanks(text)..];
        } else if text.first() == Some(&first) {
            left = &left[1..];
            text = &text[1..];
        } else {
            return Err((text, prefix));
        }
    }
    Ok(text)
}

impl Fields {
    fn read(&mut self, element: Element, rest: &mut &[u8], next_is_fraction: impl Fn() -> bool) -> Read<()> {
        match element {
            Element::Year => {
                let year = fixed(rest, 2)?;
                self.year = if year >= 69 { year + 1900 } else { year + 2000 };
            }
            Element::LongYear => {
                if !rest.first().is_some_and(u8::is_ascii_digit) {
                    return Err(Bad::Form);
                }
                self.year = fixed(rest, 4)?;
            }
            Element::Month => self.month = Some(name(rest, &MONTHS, 3)? + 1),
            Element::LongMonth => self.month = Some(name(rest, &MONTHS, usize::MAX)? + 1),
            Element::NumMonth | Element::ZeroMonth => {
                let month = number(rest, element == Element::ZeroMonth)?;
                if !(1..=12).contains(&month) {
                    return Err(Bad::Range("month"));
                }
                self.month = Some(month);
            }
            Element::Weekday => drop(name(rest, &WEEKDAYS, 3)?),
            Element::LongWeekday => drop(name(rest, &WEEKDAYS, usize::MAX)?),
            Element::Day | Element::UnderDay | Element::ZeroDay => {
                if element == Element::UnderDay {
                    *rest = rest.strip_prefix(b" ").unwrap_or(rest);
                }
                self.day = Some(number(rest, element == Element::ZeroDay)?);
            }
            Element::UnderYearDay | Element::ZeroYearDay => {
                if element == Element::UnderYearDay {
                    *rest = rest.strip_prefix(b" ").unwrap_or(rest);
                    *rest = rest.strip_prefix(b" ").unwrap_or(rest);
                }
                let digits = rest.iter().take(3).take_while(|b| b.is_ascii_digit()).count();
                if digits == 0 || (element == Element::ZeroYearDay && digits != 3) {
                    return Err(Bad::Form);
                }
                self.year_day = Some(value(&rest[..digits]) as u16);
                *rest = &rest[digits..];
            }
            Element::Hour => self.hour = in_range(number(rest, false)?, 24, "hour")?,
            Element::Hour12 | Element::ZeroHour12 => {
                self.hour = in_range(number(rest, element == Element::ZeroHour12)?, 13, "hour")?;
            }
            Element::Minute | Element::ZeroMinute => {
                self.minute = in_range(number(rest, element == Element::ZeroMinute)?, 60, "minute")?;
            }
            Element::Second | Element::ZeroSecond => {
                self.second = in_range(number(rest, element == Element::ZeroSecond)?, 60, "second")?;
                // A fraction is read even where the layout has none.
                if let [b'.' | b',', digit, ..] = rest
                    && digit.is_ascii_digit()
                    && !next_is_fraction()
                {
                    let digits = rest[1..].iter().take_while(|b| b.is_ascii_digit()).count();
                    self.nanos = nanoseconds(&rest[..=digits])?;
                    *rest = &rest[1 + digits..];
                }
            }
            Element::UpperPm | Element::LowerPm => {
                let (pm, am): (&[u8], &[u8]) =
                    if element == Element::UpperPm { (b"PM", b"AM") } else { (b"pm", b"am") };
                self.pm = Some(match rest.get(..2) {
                    Some(half) if half == pm => true,
                    Some(half) if half == am => false,
                    _ => return Err(Bad::Form),
                });
                *rest = &rest[2..];
            }
            Element::ZoneOffset(form) => {
                if form.iso && rest.first() == Some(&b'Z') {
                    *rest = &rest[1..];
                    self.utc = true;
                } else {
                    self.offset = Some(offset(rest, form)?);
                }
            }
            Element::ZoneName => {
                if rest.starts_with(b"UTC") {
                    *rest = &rest[3..];
                    self.utc = true;
                } else {
                    let len = zone_name(rest).ok_or(Bad::Form)?;
                    self.zone = String::from_utf8_lossy(&rest[..len]).into_owned();
                    *rest = &rest[len..];
                }
            }
            Element::Fraction { digits, trimmed: false, .. } => {
                let part = rest.get(..=digits).ok_or(Bad::Form)?;
                self.nanos = nanoseconds(part)?;
                *rest = &rest[1 + digits..];
            }
            Element::Fraction { .. } => {
                // Any number of digits, or none at all.
                if let [b'.' | b',', digit, ..] = rest
                    && digit.is_ascii_digit()
                {
                    let digits = rest[1..].iter().take_while(|b| b.is_ascii_digit()).count();
                    self.nanos = nanoseconds(&rest[..=digits])?;
                    *rest = &rest[1 + digits..];
                }
            }
        }
        Ok(())
    }

    fn time(mut self) -> Result<Time, &'static str> {
        match self.pm {
            Some(true) if self.hour < 12 => self.hour += 12,
            Some(false) if self.hour == 12 => self.hour = 0,
            _ => {}
        }
        if let Some(year_day) = self.year_day {
            let (month, day) = month_and_day(self.year, year_day).ok_or("day-of-year out of range")?;
            if self.month.is_some_and(|m| m != month) {
                return Err("day-of-year does not match month");
            }
            if self.day.is_some_and(|d| d != day) {
                return Err("day-of-year does not match day");
            }
            (self.month, self.day) = (Some(month), Some(day));
        }
        let (month, day) = (self.month.unwrap_or(1), self.day.unwrap_or(1));
        if day < 1 || day > days_in(month, self.year) {
            return Err("day out of range");
        }
        let clock = [self.hour, self.minute, self.second].map(i64::from);
        let mut time = Time::date(self.year, month.into(), day.into(), clock, self.nanos, Location::Utc);
        if self.utc {
            return Ok(time);
        }
        // One second west is Go's mark for no offset.
        if let Some(offset) = self.offset.filter(|o| *o != -1) {
            time.seconds -= i64::from(offset);
            let local = offset == 0 && matches!(self.zone.as_str(), "" | "UTC");
            time.location =
                if local { Location::Local } else { Location::Fixed(self.zone.as_str().into(), offset) };
        } else if !self.zone.is_empty() {
            let offset =
                self.zone.strip_prefix("GMT").and_then(|o| o.parse::<i32>().ok()).unwrap_or(0) * 3600;
            time.location = Location::Fixed(self.zone.as_str().into(), offset);
        }
        Ok(time)
    }
}

fn month_and_day(year: i64, mut year_day: u16) -> Option<(u8, u8)> {
    if is_leap(year) {
        if year_day == 31 + 29 {
            return Some((2, 29));
        }
        if year_day > 31 + 29 {
            year_day -= 1;
        }
    }
    if !(1..=365).contains(&year_day) {
        return None;
    }
    let month = (1..=12).rev().find(|m| days_before(*m) < year_day)?;
    Some((month, (year_day - days_before(month)) as u8))
}

fn value(digits: &[u8]) -> i64 {
    digits.iter().fold(0, |n, d| n * 10 + i64::from(d.wrapping_sub(b'0')))
}

fn in_range(value: u8, limit: u8, what: &'static str) -> Read<u8> {
    if value < limit { Ok(value) } else { Err(Bad::Range(what)) }
}

/// Exactly so many characters that are a number, which Go lets begin with a sign.
fn fixed(rest: &mut &[u8], len: usize) -> Read<i64> {
    let part = rest.get(..len).ok_or(Bad::Form)?;
    *rest = &rest[len..];
    let (negative, digits) = match part {
        [b'-', digits @ ..] => (true, digits),
        [b'+', digits @ ..] => (false, digits),
        digits => (false, digits),
    };
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return Err(Bad::Form);
    }
    Ok(if negative { -value(digits) } else { value(digits) })
}

/// One or two digits, two if they must be.
fn number(rest: &mut &[u8], two: bool) -> Read<u8> {
    let digits = rest.iter().take(2).take_while(|b| b.is_ascii_digit()).count();
    if digits == 0 || (two && digits == 1) {
        return Err(Bad::Form);
    }
    let number = value(&rest[..digits]) as u8;
    *rest = &rest[digits..];
    Ok(number)
}

/// The index of the name that the text begins with, case ignored; names are cut to `len` bytes.
fn name(rest: &mut &[u8], names: &[&str], len: usize) -> Read<u8> {
    for (i, name) in names.iter().enumerate() {
        let name = &name.as_bytes()[..name.len().min(len)];
        if rest.get(..name.len()).is_some_and(|part| part.eq_ignore_ascii_case(name)) {
            *rest = &rest[name.len()..];
            return Ok(i as u8);
        }
    }
    Err(Bad::Form)
}

/// A separator with digits; nine of them count.
fn nanoseconds(part: &[u8]) -> Read<i64> {
    let digits = part.get(1..part.len().min(10)).unwrap_or_default();
    if !matches!(part.first(), Some(b'.' | b',')) || digits.is_empty() {
        return Err(Bad::Form);
    }
    let mut text = digits;
    let nanos = fixed(&mut text, digits.len())?;
    if nanos < 0 {
        return Err(Bad::Range("fractional second"));
    }
    Ok(nanos * 10i64.pow(9 - digits.len() as u32))
}

fn offset(rest: &mut &[u8], form: OffsetForm) -> Read<i32> {
    let step = if form.colon { 3 } else { 2 };
    let fields = 1 + usize::from(form.minutes) + usize::from(form.seconds);
    let len = 3 + (fields - 1) * step;
    let part = rest.get(..len).ok_or(Bad::Form)?;
    if form.colon && (part[3] != b':' || (form.seconds && part[6] != b':')) {
        return Err(Bad::Form);
    }
    *rest = &rest[len..];
    let mut numbers = [0u8; 3];
    let mut form_fits = matches!(part[0], b'+' | b'-');
    for (i, slot) in numbers.iter_mut().enumerate().take(fields) {
        let start = 1 + i * step;
        let mut digits = part.get(start..start + 2).ok_or(Bad::Form)?;
        match number(&mut digits, true) {
            Ok(n) => *slot = n,
            Err(_) => {
                form_fits = false;
                break;
            }
        }
    }
    let [hours, minutes, seconds] = numbers;
    // 24 hours and 60 minutes are taken: some people write them. A range error comes before one of form.
    if hours > 24 {
        return Err(Bad::Range("time zone offset hour"));
    }
    if minutes > 60 {
        return Err(Bad::Range("time zone offset minute"));
    }
    if seconds > 60 {
        return Err(Bad::Range("time zone offset second"));
    }
    if !form_fits {
        return Err(Bad::Form);
    }
    let total = (i32::from(hours) * 60 + i32::from(minutes)) * 60 + i32::from(seconds);
    Ok(if part[0] == b'-' { -total } else { total })
}

/// The length of what looks like a zone's abbreviation.
fn zone_name(text: &[u8]) -> Option<usize> {
    if text.len() < 3 {
        return None;
    }
    if text.starts_with(b"ChST") || text.starts_with(b"MeST") {
        return Some(4);
    }
    if let Some(after) = text.strip_prefix(b"GMT") {
        return Some(3 + signed_offset(after));
    }
    if matches!(text[0], b'+' | b'-') {
        return Some(signed_offset(text)).filter(|len| *len > 0);
    }
    match text.iter().take(6).take_while(|b| b.is_ascii_uppercase()).count() {
        3 => Some(3),
        4 if text[3] == b'T' || text.starts_with(b"WITA") => Some(4),
        5 if text[4] == b'T' => Some(5),
        _ => None,
    }
}

/// The length of `+3`, `-11` and their kind; 0 for anything else.
fn signed_offset(text: &[u8]) -> usize {
    let Some(b'+' | b'-') = text.first() else { return 0 };
    let digits = text[1..].iter().take_while(|b| b.is_ascii_digit()).count();
    let hours = text[1..=digits].iter().fold(0u32, |n, d| (n * 10 + u32::from(d - b'0')).min(1000));
    if digits == 0 || hours > 23 { 0 } else { 1 + digits }
}
