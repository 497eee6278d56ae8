//! YAML 1.1 timestamps as Go's parsers recognise and print them.

/// A moment as it is written: the wall clock's fields and the offset from UTC.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Timestamp {
    /// Four digits.
    pub year: u16,
    /// 1 to 12.
    pub month: u8,
    /// 1 to the month's last day.
    pub day: u8,
    /// 0 to 23.
    pub hour: u8,
    /// 0 to 59.
    pub minute: u8,
    /// 0 to 59.
    pub second: u8,
    /// Below 1,000,000,000.
    pub nanosecond: u32,
    /// Minutes east of UTC.
    pub offset: i16,
}

impl Timestamp {
    /// Reads the four layouts that go-yaml tries: a date; a date and a time with a blank between; and RFC 3339
    /// with `T` or `t`, in which month, day, hour, minute and second may lack their leading zero.
    ///
    /// ```
    /// let date = yaml::Timestamp::parse("2001-12-14").unwrap();
    /// assert_eq!(date.to_string(), "2001-12-14T00:00:00Z");
    /// let time = yaml::Timestamp::parse("2001-12-14t21:59:43.10-05:00").unwrap();
    /// assert_eq!(time.to_string(), "2001-12-14T21:59:43.1-05:00");
    /// assert!(yaml::Timestamp::parse("2001-02-29").is_none());
    /// ```
    pub fn parse(text: &str) -> Option<Timestamp> {
        let text = text.as_bytes();
        let years = text.iter().take_while(|b| b.is_ascii_digit()).count();
        if years != 4 || text.get(4) != Some(&b'-') {
            return None;
        }
        let year = text[..4].iter().fold(0, |n, b| n * 10 + u16::from(b - b'0'));
        let (month, rest) = number(&text[5..])?;
        let (day, rest) = number(rest.strip_prefix(b"-")?)?;
        let (mut hour, mut minute, mut second, mut nanosecond, mut offset) = (0, 0, 0, 0, 0);
        if let Some((mark, rest)) = rest.split_first() {
            let rest = match mark {
                b'T' | b't' => rest,
                // Go's layouts take any number of blanks for one.
                b' ' => skip_blanks(rest),
                _ => return None,
            };
            let (h, rest) = number(rest)?;
            let (m, rest) = number(rest.strip_prefix(b":")?)?;
            let (s, rest) = number(rest.strip_prefix(b":")?)?;
            (hour, minute, second) = (h, m, s);
            let (nanos, rest) = fraction(rest);
            nanosecond = nanos;
            if *mark == b' ' {
                if !rest.is_empty() {
                    return None;
                }
            } else {
                offset = zone(rest)?;
            }
        }
        let valid = (1..=12).contains(&month)
            && (1..=days(year, month)).contains(&day)
            && hour < 24
            && minute < 60
            && second < 60;
        valid.then_some(Timestamp { year, month, day, hour, minute, second, nanosecond, offset })
    }
}

fn skip_blanks(text: &[u8]) -> &[u8] {
    let blanks = text.iter().take_while(|b| **b == b' ').count();
    &text[blanks..]
}

fn number(text: &[u8]) -> Option<(u8, &[u8])> {
    match text {
        [a @ b'0'..=b'9', b @ b'0'..=b'9', rest @ ..] => Some(((a - b'0') * 10 + (b - b'0'), rest)),
        [a @ b'0'..=b'9', rest @ ..] => Some((a - b'0', rest)),
        _ => None,
    }
}

fn fraction(text: &[u8]) -> (u32, &[u8]) {
    let [b'.' | b',', rest @ ..] = text else { return (0, text) };
    let digits = rest.iter().take_while(|b| b.is_ascii_digit()).count();
    if digits == 0 {
        return (0, text);
    }
    let value = (0..9).fold(0, |n, at| n * 10 + rest[..digits].get(at).map_or(0, |b| u32::from(b - b'0')));
    (value, &rest[digits..])
}

fn zone(text: &[u8]) -> Option<i16> {
    let [sign, h1, h2, b':', m1, m2] = text else { return (text == b"Z").then_some(0) };
    let two = |a: &u8, b: &u8| {
        (a.is_ascii_digit() && b.is_ascii_digit()).then(|| i16::from(a - b'0') * 10 + i16::from(b - b'0'))
    };
    let (hours, minutes) = (two(h1, h2)?, two(m1, m2)?);
    // Go's limits, which let 24 hours and 60 minutes pass.
    if hours > 24 || minutes > 60 {
        return None;
    }
    match sign {
        b'+' => Some(hours * 60 + minutes),
        b'-' => Some(-(hours * 60 + minutes)),
        _ => None,
    }
}

fn days(year: u16, month: u8) -> u8 {
    match month {
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// RFC 3339 with as many digits of the second's fraction as it has, as Go's `RFC3339Nano` prints it.
impl std::fmt::Display for Timestamp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Timestamp { year, month, day, hour, minute, second, .. } = self;
        write!(f, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}")?;
        if self.nanosecond != 0 {
            let digits = format!("{:09}", self.nanosecond);
            write!(f, ".{}", digits.trim_end_matches('0'))?;
        }
        if self.offset == 0 {
            return f.write_str("Z");
        }
        let sign = if self.offset < 0 { '-' } else { '+' };
        let minutes = self.offset.unsigned_abs();
        write!(f, "{sign}{:02}:{:02}", minutes / 60, minutes % 60)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_go_takes_for_a_timestamp() {
        for (text, shown) in [
            ("2001-1-2", "2001-01-02T00:00:00Z"),
            ("2001-01-02 3:4:5", "2001-01-02T03:04:05Z"),
            ("2001-01-02   03:04:05.5", "2001-01-02T03:04:05.5Z"),
            ("2001-01-02T03:04:05,25Z", "2001-01-02T03:04:05.25Z"),
            ("2001-01-02T03:04:05.1234567891Z", "2001-01-02T03:04:05.123456789Z"),
            ("2001-01-02T03:04:05+24:60", "2001-01-02T03:04:05+25:00"),
            ("2000-02-29", "2000-02-29T00:00:00Z"),
            ("2001-01-02T03:04:05-00:00", "2001-01-02T03:04:05Z"),
        ] {
            assert_eq!(Timestamp::parse(text).map(|t| t.to_string()).as_deref(), Some(shown), "{text}");
        }
    }

    #[test]
    fn what_go_takes_for_a_string() {
        for text in [
            "",
            "2001",
            "2001-",
            "2001-1",
            "201-1-1",
            "20011-1-1",
            "2001-13-1",
            "2001-0-1",
            "2001-1-32",
            "1900-02-29",
            "2001-01-02T03:04:05",
            "2001-01-02 03:04",
            "2001-01-02 24:00:00",
            "2001-01-02 03:60:00",
            "2001-01-02 03:04:05 Z",
            "2001-01-02T03:04:05+1:00",
            "2001-01-02T03:04:05+25:00",
            "2001-1-2 ",
            "2001-01-02x",
            "2001-01-02T03:04:05.Z",
        ] {
            assert_eq!(Timestamp::parse(text), None, "{text}");
        }
    }
}
