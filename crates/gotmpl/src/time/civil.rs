//! The Gregorian calendar, carried on without end to both sides.

/// A date with a clock.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Civil {
    /// Astronomical: 0 is 1 BC.
    pub year: i64,
    /// 1 is January.
    pub month: u8,
    /// From 1.
    pub day: u8,
    /// From 1 in each year.
    pub year_day: u16,
    /// 0 is Sunday.
    pub weekday: u8,
    /// 0 to 23
    pub hour: u8,
    /// 0 to 59
    pub minute: u8,
    /// 0 to 59
    pub second: u8,
}

const DAYS_BEFORE: [u16; 13] = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365];

pub(super) fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

/// How many days a month (from 1) has.
pub fn days_in(month: u8, year: i64) -> u8 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days before a month (from 1) in a year that is no leap year.
pub(super) fn days_before(month: u8) -> u16 {
    DAYS_BEFORE.get(usize::from(month).saturating_sub(1)).copied().unwrap_or(365)
}

/// Days since 1970-01-01 of a date whose month and day may be out of range.
pub(super) fn days_from(year: i64, month: i64, day: i64) -> i128 {
    let month = i128::from(month) - 1;
    let year = i128::from(year) + month.div_euclid(12);
    let month = month.rem_euclid(12);
    // Years that begin in March end with the leap day.
    let (shifted, month) = if month >= 2 { (year, month - 2) } else { (year - 1, month + 10) };
    let era = shifted.div_euclid(400);
    let of_era = shifted.rem_euclid(400);
    let of_year = (153 * month + 2) / 5;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468 + i128::from(day) - 1
}

impl Civil {
    /// What a clock shows so many seconds after 1970 began, by that clock.
    pub fn of(seconds: i128) -> Civil {
        let days = seconds.div_euclid(86_400);
        let clock = seconds.rem_euclid(86_400) as u32;
        let shifted = days + 719_468;
        let (era, of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
        let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
        let day_of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted_month = (5 * day_of_year + 2) / 153;
        let day = (day_of_year - (153 * shifted_month + 2) / 5 + 1) as u8;
        let month = (if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 }) as u8;
        let year = (era * 400 + year_of_era) as i64 + i64::from(month <= 2);
        let leap = u16::from(month > 2 && is_leap(year));
        Civil {
            year,
            month,
            day,
            year_day: days_before(month) + leap + u16::from(day),
            weekday: (days + 4).rem_euclid(7) as u8,
            hour: (clock / 3600) as u8,
            minute: (clock / 60 % 60) as u8,
            second: (clock % 60) as u8,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_dates_lead_to_each_other() {
        for days in (-1_000_000..1_000_000).step_by(97) {
            let c = Civil::of(days * 86_400);
            assert_eq!(days_from(c.year, c.month.into(), c.day.into()), days);
            assert_eq!(days_from(c.year, 1, c.year_day.into()), days);
        }
        let c = Civil::of(i128::from(i64::MIN));
        assert_eq!(c.year, -292_277_022_657);
    }
}
