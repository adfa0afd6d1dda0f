//! Local dates of many instants.

use jiff::Timestamp;
use jiff::tz::TimeZone;

const DAY: i64 = 86_400_000;

/// `sync::model::time::local_date`, as days since 1970-01-01, remembering the offset: a report asks for tens of
/// thousands of dates, and a zone changes its offset twice a year at most.
#[derive(Debug)]
pub(super) struct LocalDays<'z> {
    zone: &'z TimeZone,
    /// The span in which `offset` holds, and the offset; all in milliseconds.
    from: i64,
    to: i64,
    offset: i64,
}

impl<'z> LocalDays<'z> {
    pub(super) fn new(zone: &'z TimeZone) -> Self {
        Self { zone, from: 0, to: 0, offset: 0 }
    }

    /// The local date of an instant.
    pub(super) fn day(&mut self, at: i64) -> i32 {
        if !(self.from..self.to).contains(&at) {
            self.look_up(at);
        }
        i32::try_from((at + self.offset).div_euclid(DAY)).unwrap_or(i32::MAX)
    }

    fn look_up(&mut self, at: i64) {
        let instant = |ms: i64| Timestamp::from_millisecond(ms).unwrap_or(Timestamp::MAX);
        let change = |found: Option<jiff::tz::TimeZoneTransition<'_>>| found.map(|t| t.timestamp().as_millisecond());
        self.offset = i64::from(self.zone.to_offset(instant(at)).seconds()) * 1000;
        self.from = change(self.zone.preceding(instant(at + 1)).next()).unwrap_or(i64::MIN);
        self.to = change(self.zone.following(instant(at)).next()).unwrap_or(i64::MAX);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sync::model::time::{days_of, local_date};

    #[test]
    fn days_are_the_zones_own_through_summer_time() {
        for name in ["America/New_York", "Asia/Ho_Chi_Minh", "UTC"] {
            let zone = TimeZone::get(name).expect("zone");
            let mut days = LocalDays::new(&zone);
            // Every 97 minutes over three years from 2022-01-01, forwards and back.
            let instants = (0..16_000i64).map(|i| 1_640_995_200_000 + i * 97 * 60_000);
            for at in instants.clone().chain(instants.rev()) {
                let expected = days_of(local_date(Timestamp::from_millisecond(at).expect("instant"), &zone));
                assert_eq!(days.day(at), expected, "{name} {at}");
            }
        }
    }
}
