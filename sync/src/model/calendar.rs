//! Working days. Holidays and working Saturdays are data of the directory, because the government moves both each year.

use std::collections::BTreeSet;

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

/// Which days count.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Calendar {
    /// Days off beside weekends.
    pub holidays: BTreeSet<Date>,
    /// Saturdays (or Sundays) worked in exchange for a day off.
    pub working_saturdays: BTreeSet<Date>,
}

impl Calendar {
    /// Whether offices work on a day.
    pub fn is_working(&self, day: Date) -> bool {
        if self.working_saturdays.contains(&day) {
            return true;
        }
        !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday) && !self.holidays.contains(&day)
    }

    /// The `n`-th working day after a day. The day itself is never counted (Civil Code 2015, Article 147.1).
    pub fn add_working_days(&self, from: Date, n: u32) -> Date {
        let mut day = from;
        let mut left = n;
        while left > 0 {
            let Ok(next) = day.tomorrow() else { return day };
            day = next;
            if self.is_working(day) {
                left -= 1;
            }
        }
        day
    }

    /// How many working days lie after `from` up to and with `to`.
    pub fn working_days_between(&self, from: Date, to: Date) -> u32 {
        let mut day = from;
        let mut n = 0;
        while day < to {
            let Ok(next) = day.tomorrow() else { return n };
            day = next;
            n += u32::from(self.is_working(day));
        }
        n
    }
}

/// A span as policies write it: `10wd` is ten working days, `30d` thirty calendar days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Term {
    /// Calendar days.
    Days(u32),
    /// Working days.
    WorkingDays(u32),
}

impl Term {
    /// Reads `30d` or `10wd`; at most ten years.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let (number, of): (&str, fn(u32) -> Self) = match text.strip_suffix("wd") {
            Some(n) => (n, Self::WorkingDays),
            None => (text.strip_suffix('d')?, Self::Days),
        };
        let n: u32 = number.trim().parse().ok()?;
        (n <= 3660).then(|| of(n))
    }

    /// The last day of a term that starts on `from`, which does not count itself.
    pub fn end(self, from: Date, calendar: &Calendar) -> Date {
        match self {
            Term::Days(n) => from.checked_add(i64::from(n).days()).unwrap_or(Date::MAX),
            Term::WorkingDays(n) => calendar.add_working_days(from, n),
        }
    }

    /// The same term made longer by a pause, counted in its own kind of days.
    pub fn longer_by_pause(self, from: Date, to: Date, calendar: &Calendar) -> Self {
        match self {
            Term::Days(n) => Term::Days(n + u32::try_from((to - from).get_days()).unwrap_or(0)),
            Term::WorkingDays(n) => Term::WorkingDays(n + calendar.working_days_between(from, to)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn year_2026() -> Calendar {
        Calendar {
            holidays: [date(2026, 1, 2), date(2026, 8, 31), date(2026, 11, 24)].into(),
            working_saturdays: [date(2026, 1, 10), date(2026, 8, 22)].into(),
        }
    }

    #[test]
    fn ten_working_days_skip_the_culture_holiday() {
        // Counted on a paper calendar: 11, 12, 13, 16–20, 23 November are nine; the 24th is a holiday; the 25th is the tenth.
        assert_eq!(Term::WorkingDays(10).end(date(2026, 11, 10), &year_2026()), date(2026, 11, 25));
    }

    #[test]
    fn a_worked_saturday_counts() {
        // Friday 9 January + 1 = Saturday the 10th, worked for 2 January.
        assert_eq!(year_2026().add_working_days(date(2026, 1, 9), 1), date(2026, 1, 10));
    }

    #[test]
    fn terms_are_read_as_policies_write_them() {
        assert_eq!(Term::parse("10wd"), Some(Term::WorkingDays(10)));
        assert_eq!(Term::parse("30d"), Some(Term::Days(30)));
        assert_eq!(Term::parse("30"), None);
        assert_eq!(Term::parse("-1d"), None);
    }
}
