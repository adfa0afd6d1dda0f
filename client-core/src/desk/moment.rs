//! Instants as people type them.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use sync::model::time::truncate;

use super::error::DeskError;

/// RFC 3339, or local `YYYY-MM-DDTHH:MM`, or a day.
pub fn read_time(text: &str, zone: &TimeZone) -> Result<Timestamp, DeskError> {
    let wrong = || DeskError::NotATime(text.to_owned());
    let trimmed = text.trim();
    if let Ok(at) = trimmed.parse::<Timestamp>() {
        return Ok(truncate(at));
    }
    // An offset that is not understood must not be passed over.
    if trimmed.contains(['Z', 'z', '+', '[']) {
        return Err(wrong());
    }
    let local: DateTime = trimmed.parse().map_err(|_| wrong())?;
    Ok(truncate(local.to_zoned(zone.clone()).map_err(|_| wrong())?.timestamp()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_local_unless_they_say_otherwise() {
        let zone = TimeZone::get("Asia/Ho_Chi_Minh").expect("a zone");
        let read = |text: &str| read_time(text, &zone).ok().map(|t| t.to_string());
        assert_eq!(read("2026-11-23").as_deref(), Some("2026-11-22T17:00:00Z"));
        assert_eq!(read("2026-11-23T08:30").as_deref(), Some("2026-11-23T01:30:00Z"));
        assert_eq!(read("2026-11-23 08:30:15").as_deref(), Some("2026-11-23T01:30:15Z"));
        assert_eq!(read("2026-11-23T08:30:00+07:00").as_deref(), Some("2026-11-23T01:30:00Z"));
        assert_eq!(read("2026-11-23T08:30:00Z").as_deref(), Some("2026-11-23T08:30:00Z"));
        for wrong in ["", "hôm qua", "23/11/2026", "2026-13-01", "2026-11-23T08:30+99"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
