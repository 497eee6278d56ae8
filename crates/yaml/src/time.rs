//! Timestamps: which texts go-yaml takes for one, and what they are in RFC 3339.

/// Whether go-yaml reads the text as a time: `2001-1-2`, `2001-1-2 15:4:5.9`, `2001-1-2T15:4:5Z` or with an offset.
pub(crate) fn is_timestamp(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() >= 8
        && bytes[4] == b'-'
        && bytes[..4].iter().all(u8::is_ascii_digit)
        && parse(bytes).is_some()
}

/// Its parts, the time of day in nanoseconds apart.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Timestamp {
    pub year: u32,
    pub month: u32,
    pub day: u32,
    pub hour: u32,
    pub minute: u32,
    pub second: u32,
    pub nanos: u32,
    /// Offset from UTC in seconds.
    pub offset: i32,
}

/// Reads one; Go's layouts give the grammar (`2006-1-2T15:4:5.999999999Z07:00`, with `t`, with a blank and no
/// zone, and the date alone).
fn parse(bytes: &[u8]) -> Option<Timestamp> {
    let mut at = 4;
    let year = decimal(bytes.get(..4)?)?;
    let mut field = |separators: &[u8]| -> Option<(u32, u8)> {
        let separator = *bytes.get(at)?;
        if !separators.contains(&separator) {
            return None;
        }
        at += 1;
        let digits = bytes.get(at..)?.iter().take(2).take_while(|b| b.is_ascii_digit()).count();
        let value = decimal(bytes.get(at..at + digits)?)?;
        at += digits;
        (digits > 0).then_some((value, separator))
    };
    let (month, _) = field(b"-")?;
    let (day, _) = field(b"-")?;
    if !(1..=12).contains(&month) || day < 1 || day > days(year, month) {
        return None;
    }
    let mut time = Timestamp { year, month, day, hour: 0, minute: 0, second: 0, nanos: 0, offset: 0 };
    let Some((hour, separator)) = field(b"Tt ") else {
        return (at == bytes.len()).then_some(time);
    };
    let (minute, _) = field(b":")?;
    let (second, _) = field(b":")?;
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    (time.hour, time.minute, time.second) = (hour, minute, second);
    if matches!(bytes.get(at), Some(b'.' | b',')) && bytes.get(at + 1).is_some_and(u8::is_ascii_digit) {
        let digits = bytes[at + 1..].iter().take_while(|b| b.is_ascii_digit()).count();
        let mut nanos = 0;
        for n in 0..9 {
            nanos = nanos * 10 + if n < digits { u32::from(bytes[at + 1 + n] - b'0') } else { 0 };
        }
        time.nanos = nanos;
        at += 1 + digits;
    }
    if separator != b' ' {
        time.offset = zone(bytes.get(at..)?)?;
    } else if at != bytes.len() {
        return None;
    }
    Some(time)
}

fn zone(rest: &[u8]) -> Option<i32> {
    if rest == b"Z" {
        return Some(0);
    }
    let [sign @ (b'+' | b'-'), h1, h2, b':', m1, m2] = *rest else { return None };
    let (hours, minutes) = (decimal(&[h1, h2])?, decimal(&[m1, m2])?);
    if hours > 24 || minutes > 60 {
        return None;
    }
    let seconds = (hours * 3600 + minutes * 60) as i32;
    Some(if sign == b'-' { -seconds } else { seconds })
}

fn decimal(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0u32, |n, b| b.is_ascii_digit().then(|| n * 10 + u32::from(b - b'0')))
}

fn days(year: u32, month: u32) -> u32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        _ => 31,
    }
}
