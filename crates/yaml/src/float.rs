//! Floats in Go's forms.

use std::fmt::Write;

/// As `encoding/json` writes a float64: plain digits between 1e-6 and 1e21, and an exponent without padding
/// beyond.
pub(crate) fn json(value: f64, out: &mut String) {
    let size = value.abs();
    if size != 0.0 && !(1e-6..1e21).contains(&size) {
        let text = format!("{value:e}");
        match text.split_once('e') {
            Some((digits, exponent)) if !exponent.starts_with('-') => {
                out.push_str(digits);
                out.push_str("e+");
                out.push_str(exponent);
            }
            _ => out.push_str(&text),
        }
    } else {
        // A String takes all that is written.
        let _ = write!(out, "{value}");
    }
}

/// `strconv.FormatFloat(value, 'g', -1, bits)`.
pub(crate) fn general(value: f64, single: bool) -> String {
    if value.is_nan() {
        return "NaN".to_owned();
    }
    let infinite = if single { (value as f32).is_infinite() } else { value.is_infinite() };
    if infinite {
        return if value > 0.0 { "+Inf" } else { "-Inf" }.to_owned();
    }
    let text = if single { format!("{:e}", value as f32) } else { format!("{value:e}") };
    let Some((digits, exponent)) = text.split_once('e') else { return text };
    let exponent: i32 = exponent.parse().unwrap_or(0);
    // Go counts six digits for its shortest forms, whatever their number.
    if !(-4..6).contains(&exponent) {
        let sign = if exponent < 0 { '-' } else { '+' };
        return format!("{digits}e{sign}{:02}", exponent.abs());
    }
    if single { format!("{}", value as f32) } else { format!("{value}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_forms() {
        let shown = |f| {
            let mut out = String::new();
            json(f, &mut out);
            out
        };
        for (f, want) in [(1.0, "1"), (1e20, "100000000000000000000"), (1e21, "1e+21"), (1e-6, "0.000001"), (1.5e-7, "1.5e-7"), (-0.0, "-0"), (0.1, "0.1")] {
            assert_eq!(shown(f), want);
        }
    }

    #[test]
    fn general_forms() {
        for (f, want) in [(1.0, "1"), (1e6, "1e+06"), (1e20, "1e+20"), (123456.0, "123456"), (1234567.0, "1.234567e+06"), (1e-5, "1e-05"), (0.0001, "0.0001"), (1.5, "1.5"), (1e21, "1e+21")] {
            assert_eq!(general(f, false), want);
        }
        assert_eq!(general(2.123456789, true), "2.1234567");
        assert_eq!(general(16777216.0, true), "1.6777216e+07");
    }
}
