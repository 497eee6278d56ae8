//! Times and durations as Go's `time` package reads them.

/// RFC 3339 as `time.Parse` takes it: an hour may have one digit, a fraction may follow the seconds.
pub(super) fn is_rfc3339(text: &str) -> bool {
    seconds(text).is_some_and(|rest| {
        let bytes = rest.as_bytes();
        let fraction = match bytes {
            [b'.' | b',', digit, ..] if digit.is_ascii_digit() => {
                1 + bytes[1..].iter().take_while(|b| b.is_ascii_digit()).count()
            }
            _ => 0,
        };
        zone(&bytes[fraction..])
    })
}

/// The same with exactly six digits of a fraction.
pub(super) fn is_rfc3339_micro(text: &str) -> bool {
    seconds(text).is_some_and(|rest| match rest.as_bytes() {
        [b'.' | b',', rest @ ..] if rest.len() > 6 => {
            rest[..6].iter().all(u8::is_ascii_digit) && zone(&rest[6..])
        }
        _ => false,
    })
}

/// Reads up to the seconds; gives what follows them.
fn seconds(text: &str) -> Option<&str> {
    let (year, text) = digits(text, 4, 4)?;
    let (month, text) = digits(text.strip_prefix('-')?, 2, 2)?;
    let (day, text) = digits(text.strip_prefix('-')?, 2, 2)?;
    let (hour, text) = digits(text.strip_prefix('T')?, 1, 2)?;
    let (minute, text) = digits(text.strip_prefix(':')?, 2, 2)?;
    let (second, text) = digits(text.strip_prefix(':')?, 2, 2)?;
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 => 28 + u32::from(leap),
        _ => return None,
    };
    ((1..=days).contains(&day) && hour < 24 && minute < 60 && second < 60).then_some(text)
}

fn digits(text: &str, least: usize, most: usize) -> Option<(u32, &str)> {
    let count = text.bytes().take(most).take_while(u8::is_ascii_digit).count();
    if count < least {
        return None;
    }
    let (number, rest) = text.split_at(count);
    Some((number.parse().ok()?, rest))
}

fn zone(rest: &[u8]) -> bool {
    match rest {
        b"Z" => true,
        [b'+' | b'-', a, b, b':', c, d] => {
            let number = |a: &u8, b: &u8| {
                (a.is_ascii_digit() && b.is_ascii_digit())
                    .then(|| u32::from(a - b'0') * 10 + u32::from(b - b'0'))
            };
            number(a, b).is_some_and(|h| h <= 24) && number(c, d).is_some_and(|m| m <= 60)
        }
        _ => false,
    }
}

/// A duration such as `1h30m`, `-1.5s` or `0`.
pub(super) fn is_go_duration(text: &str) -> bool {
    let mut rest = text.strip_prefix(['-', '+']).unwrap_or(text);
    if rest == "0" {
        return true;
    }
    if rest.is_empty() {
        return false;
    }
    while !rest.is_empty() {
        let whole = rest.bytes().take_while(u8::is_ascii_digit).count();
        rest = &rest[whole..];
        let mut fraction = 0;
        if let Some(after) = rest.strip_prefix('.') {
            fraction = after.bytes().take_while(u8::is_ascii_digit).count();
            rest = &after[fraction..];
        }
        if whole + fraction == 0 {
            return false;
        }
        let unit = rest.find(|c: char| c == '.' || c.is_ascii_digit()).unwrap_or(rest.len());
        if !matches!(&rest[..unit], "ns" | "us" | "µs" | "μs" | "ms" | "s" | "m" | "h") {
            return false;
        }
        rest = &rest[unit..];
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_those_that_go_reads() {
        for good in ["2026-01-31T12:00:00Z", "2024-02-29T5:00:00+02:00", "2026-01-01T00:00:00.5Z"] {
            assert!(is_rfc3339(good), "{good}");
        }
        for bad in [
            "",
            "2026-13-01T00:00:00Z",
            "2026-02-29T00:00:00Z",
            "2026-01-01",
            "2026-01-01 00:00:00Z",
            "2026-01-01T00:00:00",
        ] {
            assert!(!is_rfc3339(bad), "{bad}");
        }
        assert!(is_rfc3339_micro("2026-01-01T00:00:00.000001Z"));
        assert!(!is_rfc3339_micro("2026-01-01T00:00:00Z"));
        assert!(!is_rfc3339_micro("2026-01-01T00:00:00.1Z"));
    }

    #[test]
    fn durations_are_those_that_go_reads() {
        for good in ["0", "1h30m", "-1.5s", ".5m", "10µs"] {
            assert!(is_go_duration(good), "{good}");
        }
        for bad in ["", "1", "s", "1d", "1h 30m", "."] {
            assert!(!is_go_duration(bad), "{bad}");
        }
    }
}
