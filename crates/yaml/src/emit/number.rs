//! Numbers as Go prints them.

use std::fmt::Write;

/// As go-yaml writes a float: Go's verb `g` with the shortest digits that read back, which turns to an exponent
/// below 1e-4 and from 1e6 on.
pub(crate) fn go_float(out: &mut String, f: f64) {
    if f.is_nan() {
        out.push_str(".nan");
        return;
    }
    if f.is_infinite() {
        out.push_str(if f > 0.0 { ".inf" } else { "-.inf" });
        return;
    }
    let digits = format!("{f:e}");
    let (mantissa, exponent) = digits.split_once('e').unwrap_or((&digits, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    // Writing into a string cannot fail.
    let _ = if (-4..6).contains(&exponent) {
        write!(out, "{f}")
    } else {
        let sign = if exponent < 0 { '-' } else { '+' };
        write!(out, "{mantissa}e{sign}{:02}", exponent.unsigned_abs())
    };
}

/// As Go's `encoding/json` writes a finite float: plain digits from 1e-6 up to 1e21.
pub(crate) fn json_float(out: &mut String, f: f64) {
    let size = f.abs();
    if size == 0.0 || (1e-6..1e21).contains(&size) {
        let _ = write!(out, "{f}");
        return;
    }
    let mut digits = format!("{f:e}");
    if let Some(at) = digits.find('e')
        && !digits[at + 1..].starts_with('-')
    {
        digits.insert(at + 1, '+');
    }
    out.push_str(&digits);
}

/// A float that goes through JSON before go-yaml v2 writes it: an integral one that 64 bits hold has become an
/// integer on the way, and minus zero is zero.
pub(crate) fn float_through_json(out: &mut String, f: f64) {
    if f == 0.0 {
        out.push('0');
        return;
    }
    if f.fract() == 0.0 && f.abs() < 1e21 {
        // Shortest digits filled up with zeros, so that 2^64 - 1 becomes 18446744073709552000, which is too large.
        let digits = f.to_string();
        if digits.parse::<i64>().is_ok() || digits.parse::<u64>().is_ok() {
            out.push_str(&digits);
            return;
        }
    }
    go_float(out, f);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(write: fn(&mut String, f64), f: f64) -> String {
        let mut out = String::new();
        write(&mut out, f);
        out
    }

    #[test]
    fn as_go() {
        for (f, text) in [
            (1.0, "1"),
            (-0.0, "-0"),
            (0.1, "0.1"),
            (123456.0, "123456"),
            (1234567.0, "1.234567e+06"),
            (1e20, "1e+20"),
            (0.0001, "0.0001"),
            (0.00001, "1e-05"),
            (1.5e300, "1.5e+300"),
            (f64::INFINITY, ".inf"),
            (f64::NEG_INFINITY, "-.inf"),
            (f64::NAN, ".nan"),
        ] {
            assert_eq!(shown(go_float, f), text);
        }
    }

    #[test]
    fn through_json() {
        for (f, text) in [
            (1.0, "1"),
            (-0.0, "0"),
            (1234567.0, "1234567"),
            (1e19, "10000000000000000000"),
            (1e20, "1e+20"),
            (18446744073709551615.0, "1.8446744073709552e+19"),
            (-9223372036854775808.0, "-9.223372036854776e+18"),
            (1234567.5, "1.2345675e+06"),
            (1e-7, "1e-07"),
        ] {
            assert_eq!(shown(float_through_json, f), text);
        }
    }

    #[test]
    fn as_json() {
        for (f, text) in
            [(1.0, "1"), (1e20, "100000000000000000000"), (1e21, "1e+21"), (1e-6, "0.000001"), (1e-7, "1e-7")]
        {
            assert_eq!(shown(json_float, f), text);
        }
    }
}
