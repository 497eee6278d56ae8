//! Durations: nanoseconds in an int64.

use super::quote;

const SECOND: u64 = 1_000_000_000;

fn unit(name: &[u8]) -> Option<u64> {
    Some(match name {
        b"ns" => 1,
        // Both the micro sign and the Greek letter.
        b"us" | b"\xc2\xb5s" | b"\xce\xbcs" => 1_000,
        b"ms" => 1_000_000,
        b"s" => SECOND,
        b"m" => 60 * SECOND,
        b"h" => 3600 * SECOND,
        _ => return None,
    })
}

/// `time.ParseDuration`: `1h15m30.918s`.
///
/// ```
/// use gotmpl::time::parse_duration;
/// assert_eq!(parse_duration(b"-1.5h"), Ok(-5_400_000_000_000));
/// assert_eq!(parse_duration(b"1d").unwrap_err(), "time: unknown unit \"d\" in duration \"1d\"");
/// ```
///
/// # Errors
/// Go's text.
pub fn parse_duration(text: &[u8]) -> Result<i64, String> {
    let invalid = || format!("time: invalid duration {}", quote(text));
    let (negative, mut rest) = match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, text),
    };
    if rest == b"0" {
        return Ok(0);
    }
    if rest.is_empty() {
        return Err(invalid());
    }
    let limit = 1u64 << 63;
    let mut total = 0u64;
    while let Some(&first) = rest.first() {
        if first != b'.' && !first.is_ascii_digit() {
            return Err(invalid());
        }
        let whole_digits = rest.iter().take_while(|b| b.is_ascii_digit()).count();
        let mut whole = 0u64;
        for digit in &rest[..whole_digits] {
            if whole > limit / 10 {
                return Err(invalid());
            }
            whole = whole * 10 + u64::from(digit - b'0');
            if whole > limit {
                return Err(invalid());
            }
        }
        rest = &rest[whole_digits..];
        let (mut fraction, mut scale, mut fraction_digits) = (0u64, 1f64, 0);
        if let [b'.', after @ ..] = rest {
            fraction_digits = after.iter().take_while(|b| b.is_ascii_digit()).count();
            for digit in &after[..fraction_digits] {
                // Digits beyond what 64 bits hold are of no weight.
                if fraction > (limit - 1) / 10 {
                    break;
                }
                let next = fraction * 10 + u64::from(digit - b'0');
                if next > limit {
                    break;
                }
                fraction = next;
                scale *= 10.0;
            }
            rest = &after[fraction_digits..];
        }
        if whole_digits + fraction_digits == 0 {
            return Err(invalid());
        }
        let name_len = rest.iter().take_while(|b| **b != b'.' && !b.is_ascii_digit()).count();
        if name_len == 0 {
            return Err(format!("time: missing unit in duration {}", quote(text)));
        }
        let (name, after) = rest.split_at(name_len);
        rest = after;
        let unit = unit(name)
            .ok_or_else(|| format!("time: unknown unit {} in duration {}", quote(name), quote(text)))?;
        if whole > limit / unit {
            return Err(invalid());
        }
        let mut value = whole * unit;
        if fraction > 0 {
            value += (fraction as f64 * (unit as f64 / scale)) as u64;
        }
        total = total.checked_add(value).filter(|t| *t <= limit && value <= limit).ok_or_else(invalid)?;
    }
    match negative {
        true => Ok((total as i64).wrapping_neg()),
        false => i64::try_from(total).map_err(|_| invalid()),
    }
}

/// `Duration.String`: `1h15m30.918s`, `0s`, `1.5ms`.
///
/// ```
/// use gotmpl::time::duration_string;
/// assert_eq!(duration_string(3_661_000_000_000), "1h1m1s");
/// assert_eq!(duration_string(-1_500), "-1.5µs");
/// ```
pub fn duration_string(nanos: i64) -> String {
    let size = nanos.unsigned_abs();
    let sign = if nanos < 0 { "-" } else { "" };
    if size < SECOND {
        let (unit, name) = match size {
            0 => return "0s".to_owned(),
            1..1_000 => (1, "ns"),
            1_000..1_000_000 => (1_000, "µs"),
            _ => (1_000_000, "ms"),
        };
        return format!("{sign}{}{name}", decimal(size, unit));
    }
    let seconds = decimal(size % (60 * SECOND), SECOND);
    let minutes = size / (60 * SECOND);
    match (minutes / 60, minutes % 60) {
        (0, 0) => format!("{sign}{seconds}s"),
        (0, m) => format!("{sign}{m}m{seconds}s"),
        (h, m) => format!("{sign}{h}h{m}m{seconds}s"),
    }
}

/// `value / unit` without trailing zeros.
fn decimal(value: u64, unit: u64) -> String {
    let digits = unit.ilog10() as usize;
    let text = format!("{}.{:0digits$}", value / unit, value % unit);
    if digits == 0 {
        return (value / unit).to_string();
    }
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// `d.Truncate(unit)`
pub fn truncate_duration(nanos: i64, unit: i64) -> i64 {
    if unit <= 0 { nanos } else { nanos - nanos % unit }
}

/// `d.Round(unit)`: half away from zero, cut to what an int64 holds.
pub fn round_duration(nanos: i64, unit: i64) -> i64 {
    if unit <= 0 {
        return nanos;
    }
    let rest = i128::from(nanos % unit);
    let (nanos, unit) = (i128::from(nanos), i128::from(unit));
    let rounded = match rest.abs() * 2 < unit {
        true => nanos - rest,
        false => nanos - rest + unit * rest.signum(),
    };
    rounded.clamp(i128::from(i64::MIN), i128::from(i64::MAX)) as i64
}
