//! Days of which a test can work out the month by hand, whenever it runs.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// The clock.
#[expect(clippy::disallowed_methods, reason = "a black-box test lives in real time, as the programs do")]
pub fn now() -> Timestamp {
    Timestamp::now()
}

/// The clock, in milliseconds since 1970.
pub fn now_millis() -> i64 {
    now().as_millisecond()
}

/// Four days in a row in one month of Viet Nam, all past, none older than ten days: so that the server counts what
/// happened on them under its own date (the lease is 14 days).
#[derive(Debug, Clone, Copy)]
pub struct Days {
    last: Date,
}

impl Days {
    /// The four days before today; where these would lie in two months, the last four of the month before.
    pub fn before_today() -> Self {
        let zone = TimeZone::get("Asia/Ho_Chi_Minh").expect("a zone of the table");
        let today = now().to_zoned(zone).date();
        let last = if today.day() >= 5 { today.yesterday() } else { today.first_of_month().yesterday() };
        Self { last: last.expect("a day in the calendar") }
    }

    /// Day 0 to 3.
    pub fn date(self, n: i8) -> Date {
        let back = jiff::Span::new().days(i64::from(3 - n));
        self.last.checked_sub(back).expect("a day in the calendar")
    }

    /// A time on day 0 to 3, as the command line takes it.
    pub fn at(self, n: i8, clock: &str) -> String {
        format!("{}T{clock}:00+07:00", self.date(n))
    }

    /// `YYYY-MM`.
    pub fn month(self) -> String {
        self.last.strftime("%Y-%m").to_string()
    }
}
