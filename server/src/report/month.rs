//! A calendar month of the tenant.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Serialize, Serializer};
use sync::model::time::{days_of, local_date, midnight};

/// Why a text is not a month.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” không phải là một tháng; viết năm và tháng, chẳng hạn 2026-11")]
pub struct MonthError(pub String);

/// A month, written `YYYY-MM`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Month {
    first: Date,
}

impl Month {
    /// The month a day lies in.
    pub fn of(day: Date) -> Self {
        Self { first: day.first_of_month() }
    }

    /// Its first day.
    pub fn first_day(self) -> Date {
        self.first
    }

    /// Its last day.
    pub fn last_day(self) -> Date {
        self.first.last_of_month()
    }

    /// The month after it.
    pub fn next(self) -> Self {
        Self::of(self.last_day().tomorrow().unwrap_or(Date::MAX))
    }

    /// Its first instant, and the first instant after it, in milliseconds.
    pub fn bounds(self, zone: &TimeZone) -> (i64, i64) {
        (midnight(self.first, zone).as_millisecond(), midnight(self.next().first, zone).as_millisecond())
    }

    /// As people here write it: `11/2026`.
    pub fn spoken(self) -> String {
        format!("{:02}/{:04}", self.first.month(), self.first.year())
    }
}

/// A month as it is counted: its bounds, and the moment at which lateness is judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Period {
    /// First instant, in milliseconds.
    pub(super) start: i64,
    /// First instant after it.
    pub(super) end: i64,
    /// The earlier of `end` and the moment the report is cut at.
    pub(super) judged: i64,
    /// Its local date, as days since 1970-01-01. What was due the day before is overdue.
    pub(super) judged_day: i32,
    /// The last day before the month, and the last day in it that the report sees: when successions are followed.
    pub(super) last_days: (Date, Date),
    /// The moment the report is cut at.
    pub(super) as_of: i64,
}

impl Period {
    pub(super) fn new(month: Month, as_of: Timestamp, zone: &TimeZone) -> Self {
        let (start, end) = month.bounds(zone);
        let cut = as_of.as_millisecond();
        let today = local_date(as_of, zone);
        let judged_date = if cut < end { today } else { month.next().first };
        Self {
            start,
            end,
            judged: cut.min(end),
            judged_day: days_of(judged_date),
            last_days: (month.first.yesterday().unwrap_or(Date::MIN), today.min(month.last_day())),
            as_of: cut,
        }
    }
}

impl FromStr for Month {
    type Err = MonthError;

    fn from_str(text: &str) -> Result<Self, MonthError> {
        let wrong = || MonthError(text.chars().take(20).collect());
        let digits = |part: &str, n: usize| part.len() == n && part.bytes().all(|b| b.is_ascii_digit());
        let (year, month) = text.split_once('-').ok_or_else(wrong)?;
        if !digits(year, 4) || !digits(month, 2) {
            return Err(wrong());
        }
        let (year, month): (i16, i8) = (year.parse().map_err(|_| wrong())?, month.parse().map_err(|_| wrong())?);
        if !(1900..2200).contains(&year) {
            return Err(wrong());
        }
        Ok(Self { first: Date::new(year, month, 1).map_err(|_| wrong())? })
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.first.year(), self.first.month())
    }
}

impl Serialize for Month {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_reads_back_as_written_and_nothing_else_is_one() {
        assert_eq!("2026-11".parse::<Month>().map(|m| m.to_string()), Ok("2026-11".to_owned()));
        for wrong in ["2026-13", "2026-00", "2026-1", "11-2026", "2026", "2026-11-01", "+026-11", "", "9999-01"] {
            assert!(wrong.parse::<Month>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_month_begins_at_midnight_in_the_tenants_zone() {
        // 1 July 00:00 at +07:00 is 30 June 17:00 UTC.
        let zone = TimeZone::get("Asia/Ho_Chi_Minh").expect("zone");
        let (start, end) = "2026-07".parse::<Month>().expect("month").bounds(&zone);
        let at = |text: &str| text.parse::<jiff::Timestamp>().expect("instant").as_millisecond();
        assert_eq!((start, end), (at("2026-06-30T17:00:00Z"), at("2026-07-31T17:00:00Z")));
    }
}
