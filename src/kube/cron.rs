//! Schedules of CronJobs, as the server reads them.

use std::fmt;

/// A schedule of five fields, or one of the words that begin with `@`.
///
/// The grammar is that of `github.com/robfig/cron/v3`'s standard parser, which the server uses.
pub struct Schedule {
    kind: Kind,
}

enum Kind {
    /// `@every 90s`, in seconds.
    Every(i64),
    /// Minutes, hours, days of the month, months, days of the week: a bit each.
    Fields([u64; 5]),
}

/// What is wrong with a schedule.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ScheduleError(String);

impl fmt::Display for ScheduleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

struct Field {
    name: &'static str,
    least: u32,
    most: u32,
    words: &'static [&'static str],
}

const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const DAYS: [&str; 7] = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

const FIELDS: [Field; 5] = [
    Field { name: "minutes", least: 0, most: 59, words: &[] },
    Field { name: "hours", least: 0, most: 23, words: &[] },
    Field { name: "days", least: 1, most: 31, words: &[] },
    Field { name: "months", least: 1, most: 12, words: &MONTHS },
    Field { name: "days of the week", least: 0, most: 6, words: &DAYS },
];

impl Schedule {
    /// Reads a schedule.
    ///
    /// ```
    /// use plimsoll::kube::cron::Schedule;
    /// assert_eq!(Schedule::parse("*/15 * * * *").unwrap().shortest_gap(), 900);
    /// assert_eq!(Schedule::parse("@daily").unwrap().shortest_gap(), 86_400);
    /// assert!(Schedule::parse("* * * *").is_err());
    /// ```
    pub fn parse(text: &str) -> Result<Schedule, ScheduleError> {
        if let Some(word) = text.strip_prefix('@') {
            let fields = match word {
                "yearly" | "annually" => "0 0 1 1 *",
                "monthly" => "0 0 1 * *",
                "weekly" => "0 0 * * 0",
                "daily" | "midnight" => "0 0 * * *",
                "hourly" => "0 * * * *",
                _ => {
                    let seconds = word.strip_prefix("every ").and_then(duration);
                    let seconds =
                        seconds.ok_or_else(|| ScheduleError(format!("`@{word}` is no schedule")))?;
                    return Ok(Schedule { kind: Kind::Every(seconds) });
                }
            };
            return Schedule::parse(fields);
        }
        let parts: Vec<&str> = text.split_ascii_whitespace().collect();
        if parts.len() != 5 {
            return Err(ScheduleError(format!("it has {} fields and not five", parts.len())));
        }
        let mut bits = [0; 5];
        for ((slot, field), part) in bits.iter_mut().zip(&FIELDS).zip(parts) {
            for item in part.split(',') {
                *slot |= field.bits(item)?;
            }
        }
        Ok(Schedule { kind: Kind::Fields(bits) })
    }

    /// The shortest time between two runs, in seconds. Where days are left out, those that stay count as if they
    /// followed each other.
    pub fn shortest_gap(&self) -> i64 {
        let bits = match &self.kind {
            Kind::Every(seconds) => return *seconds,
            Kind::Fields(bits) => bits,
        };
        let at = |bits: u64| (0..64).filter(move |i| bits & (1 << i) != 0);
        let minutes: Vec<i64> = at(bits[1]).flat_map(|h| at(bits[0]).map(move |m| h * 60 + m)).collect();
        let (Some(first), Some(last)) = (minutes.first(), minutes.last()) else { return 86_400 };
        let over_night = first + 24 * 60 - last;
        minutes.windows(2).map(|pair| pair[1] - pair[0]).min().unwrap_or(over_night).min(over_night) * 60
    }
}

impl Field {
    /// `*`, `?`, a number, a word, a range, each perhaps with a step.
    fn bits(&self, item: &str) -> Result<u64, ScheduleError> {
        let (range, step) = match item.split_once('/') {
            Some((range, step)) => (range, Some(self.number(step, false)?)),
            None => (item, None),
        };
        let (first, last) = match range.split_once('-') {
            _ if matches!(range, "*" | "?") => (self.least, self.most),
            Some((first, last)) => (self.number(first, true)?, self.number(last, true)?),
            None => {
                let first = self.number(range, true)?;
                // A number with a step goes on to the end.
                (first, if step.is_some() { self.most } else { first })
            }
        };
        let step = step.unwrap_or(1);
        if first < self.least || last > self.most {
            return Err(ScheduleError(format!("{} go from {} to {}", self.name, self.least, self.most)));
        }
        if first > last || step == 0 {
            return Err(ScheduleError(format!("`{item}` names no {}", self.name)));
        }
        Ok((first..=last).step_by(step as usize).fold(0, |bits, at| bits | 1 << at))
    }

    fn number(&self, text: &str, words: bool) -> Result<u32, ScheduleError> {
        let word = self.words.iter().position(|w| words && w.eq_ignore_ascii_case(text));
        let number = match word {
            Some(at) => Some(at as u32 + self.least),
            None => text.parse().ok().filter(|_| !text.starts_with('+')),
        };
        number.ok_or_else(|| ScheduleError(format!("`{text}` names no {}", self.name)))
    }
}

/// Go's durations, as far as whole seconds: `1h30m`, `90s`.
fn duration(text: &str) -> Option<i64> {
    let mut total = 0i64;
    let mut rest = text;
    while !rest.is_empty() {
        let end = rest.find(|c: char| !c.is_ascii_digit())?;
        let count: i64 = rest[..end].parse().ok()?;
        let unit_end = rest[end..].find(|c: char| c.is_ascii_digit()).map_or(rest.len(), |i| i + end);
        let unit = match &rest[end..unit_end] {
            "h" => 3600,
            "m" => 60,
            "s" => 1,
            "ms" | "us" | "ns" => 0,
            _ => return None,
        };
        total = total.checked_add(count.checked_mul(unit)?)?;
        rest = &rest[unit_end..];
    }
    // The server runs it once a second at most.
    (!text.is_empty()).then_some(total.max(1))
}
