//! A date as registers write it, read as an instant.

use jiff::civil::{Date, DateTime, Time};
use jiff::fmt::strtime::{self, BrokenDownTime};
use jiff::tz::TimeZone;
use jiff::{Timestamp, Unit};

/// Years a register may speak of. Outside lie slips of the finger and marks such as 9999-12-31.
const YEARS: std::ops::RangeInclusive<i16> = 1900..=2199;

/// When something happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Moment {
    pub at: Timestamp,
    /// The local day.
    pub day: Date,
    /// The source names a day and no hour; `at` is then 00:00 in the tenant's zone.
    pub day_only: bool,
}

impl Moment {
    /// A local date and time. Midnight is taken as a day without an hour: spreadsheets and databases print
    /// plain days that way.
    pub fn local(civil: DateTime, zone: &TimeZone) -> Option<Moment> {
        let civil = civil.round(Unit::Second).ok()?;
        if !YEARS.contains(&civil.year()) {
            return None;
        }
        let at = civil.to_zoned(zone.clone()).ok()?.timestamp();
        Some(Moment { at, day: civil.date(), day_only: civil.time() == Time::midnight() })
    }

    fn instant(at: Timestamp, zone: &TimeZone) -> Option<Moment> {
        let day = at.to_zoned(zone.clone()).date();
        YEARS.contains(&day.year()).then_some(Moment { at, day, day_only: false })
    }

    /// Reads a text.
    ///
    /// With a format, by the format, else as an ISO date. Without: RFC 3339, ISO dates with or without a
    /// time, and the Vietnamese custom of day, month, year (`5/1/2023`, `05-01-2023 14:30`, `14:30 05/01/2023`).
    pub fn read(text: &str, format: Option<&DateFormat>, zone: &TimeZone) -> Option<Moment> {
        let text = text.trim();
        match format {
            Some(format) => format.read(text, zone).or_else(|| {
                // Spreadsheet dates are written out as ISO when refused rows are set aside, and must be
                // readable again. Formats that begin with the year could mistake them; others cannot.
                (!format.0.starts_with("%Y")).then(|| read_iso(text, zone)).flatten()
            }),
            None => read_iso(text, zone).or_else(|| Moment::local(read_custom(text)?, zone)),
        }
    }
}

/// A strptime pattern, such as `%d/%m/%Y`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct DateFormat(String);

impl DateFormat {
    /// Checks that the pattern is understood and names a whole day.
    pub fn parse(pattern: &str) -> Option<DateFormat> {
        let sample = jiff::civil::date(2023, 12, 26).at(14, 30, 45, 0).to_zoned(TimeZone::UTC).ok()?;
        let written = strtime::format(pattern, &sample).ok()?;
        let format = DateFormat(pattern.to_owned());
        let read = format.read(&written, &TimeZone::UTC)?;
        (read.day == sample.date()).then_some(format)
    }

    fn read(&self, text: &str, zone: &TimeZone) -> Option<Moment> {
        let broken = BrokenDownTime::parse(&self.0, text).ok()?;
        if broken.timestamp().is_some() || broken.offset().is_some() {
            return Moment::instant(broken.to_timestamp().ok()?, zone);
        }
        Moment::local(broken.to_datetime().ok()?, zone)
    }
}

fn read_iso(text: &str, zone: &TimeZone) -> Option<Moment> {
    if let Ok(at) = text.parse::<Timestamp>() {
        return Moment::instant(at, zone);
    }
    Moment::local(text.parse::<DateTime>().ok()?, zone)
}

/// Day, month, year, by `/`, `-` or `.`, with an hour after or before it.
fn read_custom(text: &str) -> Option<DateTime> {
    let mut words = text.split_whitespace();
    let (first, second) = (words.next()?, words.next());
    if words.next().is_some() {
        return None;
    }
    let (day, hour) = match second {
        Some(second) if first.contains(':') => (second, Some(first)),
        second => (first, second),
    };
    let time = match hour {
        Some(hour) => read_hour(hour)?,
        None => Time::midnight(),
    };
    Some(DateTime::from_parts(read_day(day)?, time))
}

fn read_day(text: &str) -> Option<Date> {
    let separator = text.chars().find(|c| matches!(c, '/' | '-' | '.'))?;
    let numbers: Vec<&str> = text.split(separator).collect();
    let [first, month, last] = numbers[..] else {
        return None;
    };
    let (year, day) = if first.len() == 4 { (first, last) } else { (last, first) };
    if year.len() != 4 {
        return None;
    }
    Date::new(digits(year)?, digits(month)?, digits(day)?).ok()
}

fn read_hour(text: &str) -> Option<Time> {
    let numbers: Vec<&str> = text.split(':').collect();
    let (hour, minute, second) = match numbers[..] {
        [hour, minute] => (hour, minute, "0"),
        [hour, minute, second] => (hour, minute, second),
        _ => return None,
    };
    Time::new(digits(hour)?, digits(minute)?, digits(second)?, 0).ok()
}

fn digits<N: std::str::FromStr>(text: &str) -> Option<N> {
    (!text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zone() -> TimeZone {
        TimeZone::get("Asia/Ho_Chi_Minh").expect("zone")
    }

    fn read(text: &str, format: Option<&str>) -> Option<String> {
        let format = format.map(|pattern| DateFormat::parse(pattern).expect("format"));
        Moment::read(text, format.as_ref(), &zone()).map(|moment| moment.at.to_string())
    }

    #[test]
    fn a_day_alone_is_midnight_in_the_zone() {
        // Hà Nội is seven hours ahead: its midnight is 17:00 of the day before in UTC.
        for text in ["2023-01-05", "5/1/2023", "05/01/2023", "05-01-2023", "5.1.2023", "2023/01/05", "20230105"] {
            assert_eq!(read(text, None).as_deref(), Some("2023-01-04T17:00:00Z"), "{text}");
        }
        assert_eq!(read("2023-02-01", Some("%Y-%m-%d")).as_deref(), Some("2023-01-31T17:00:00Z"));
    }

    #[test]
    fn hours_and_offsets_are_kept() {
        for text in
            ["2023-01-05T14:30", "2023-01-05 14:30:00", "05/01/2023 14:30", "14:30 5/1/2023", "2023-01-05T07:30:00Z"]
        {
            assert_eq!(read(text, None).as_deref(), Some("2023-01-05T07:30:00Z"), "{text}");
        }
        assert_eq!(read("2023-01-05T14:30:00+09:00", None).as_deref(), Some("2023-01-05T05:30:00Z"));
    }

    #[test]
    fn formats_decide_what_comes_first() {
        assert_eq!(read("01/05/2023", Some("%m/%d/%Y")).as_deref(), Some("2023-01-04T17:00:00Z"));
        assert_eq!(read("1/5/2023", Some("%m/%d/%Y")).as_deref(), Some("2023-01-04T17:00:00Z"));
        assert_eq!(read("5/1/23", Some("%d/%m/%y")).as_deref(), Some("2023-01-04T17:00:00Z"));
        assert_eq!(read("05/01/2023 14:30", Some("%d/%m/%Y %H:%M")).as_deref(), Some("2023-01-05T07:30:00Z"));
        assert_eq!(
            read("2023-01-05T14:30:00+0900", Some("%Y-%m-%dT%H:%M:%S%z")).as_deref(),
            Some("2023-01-05T05:30:00Z")
        );
        assert_eq!(read("1672904400", Some("%s")).as_deref(), Some("2023-01-05T07:40:00Z"));
        // What was set aside in ISO is read again, but never against a format that could mistake it.
        assert_eq!(read("2023-01-05", Some("%d/%m/%Y")).as_deref(), Some("2023-01-04T17:00:00Z"));
        assert_eq!(read("2023-01-13", Some("%Y-%d-%m")), None);
        assert_eq!(read("05/01/2023", Some("%Y-%m-%d")), None);
    }

    #[test]
    fn what_is_no_date_is_not_read() {
        for text in [
            "",
            "31/02/2023",
            "hôm qua",
            "2023",
            "5/1/23",
            "45290",
            "9999-12-31",
            "0023-01-05",
            "05/01/2023 25:00",
            "a/b/2023",
        ] {
            assert_eq!(read(text, None), None, "{text}");
        }
    }

    #[test]
    fn only_a_time_at_midnight_counts_as_a_day_alone() {
        let day_only = |text: &str| Moment::read(text, None, &zone()).expect("date").day_only;
        assert!(day_only("2023-01-05"));
        assert!(day_only("2023-01-05 00:00:00"));
        assert!(!day_only("2023-01-05 08:00"));
        assert!(!day_only("2023-01-04T17:00:00Z"));
    }

    #[test]
    fn formats_that_name_no_whole_day_are_refused() {
        for pattern in ["%m/%Y", "%H:%M", "%Y-%m-%é", "ngày", ""] {
            assert_eq!(DateFormat::parse(pattern), None, "{pattern}");
        }
    }
}
