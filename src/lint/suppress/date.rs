//! Days as suppressions write them.

/// Whether a text is a day, such as `2027-01-31`.
pub(crate) fn is_date(text: &str) -> bool {
    let number = |range: std::ops::Range<usize>| {
        let digits = text.get(range).filter(|d| d.bytes().all(|b| b.is_ascii_digit()))?;
        digits.parse::<u32>().ok()
    };
    let (Some(year), Some(month), Some(day)) = (number(0..4), number(5..7), number(8..10)) else {
        return false;
    };
    let is_leap = year.is_multiple_of(4) && !year.is_multiple_of(100) || year.is_multiple_of(400);
    let days = match month {
        4 | 6 | 9 | 11 => 30,
        2 => 28 + u32::from(is_leap),
        1..=12 => 31,
        _ => return false,
    };
    text.len() == 10 && (1..=days).contains(&day) && &text[4..5] == "-" && &text[7..8] == "-"
}

/// The day of a moment, as suppressions write it: seconds since 1970-01-01 UTC to `2027-01-31`.
///
/// ```
/// assert_eq!(plimsoll::lint::date(1_769_817_600), "2026-01-31");
/// ```
pub fn date(seconds: i64) -> String {
    // Days to a date of the proleptic Gregorian calendar, by eras of 400 years that begin in March.
    let days = seconds.div_euclid(86_400) + 719_468;
    let (era, day_of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_one_of_the_calendar() {
        for good in ["2027-01-31", "2028-02-29"] {
            assert!(is_date(good), "{good}");
        }
        for bad in
            ["2027-02-29", "2027-13-01", "2027-1-31", "31.01.2027", "2027-04-31", "2027-00-10", "", "ä"]
        {
            assert!(!is_date(bad), "{bad}");
        }
    }
}
