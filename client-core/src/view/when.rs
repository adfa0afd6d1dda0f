//! Days and moments as people write them.

use jiff::civil::{Date, DateTime};

/// A day: `23/11/2026`.
pub fn day(date: Date) -> String {
    date.strftime("%d/%m/%Y").to_string()
}

/// `2026-11-23T08:30:00+07:00` as `23/11/2026 08:30`. What is not of that form is shown as it is.
pub fn moment(rfc3339: &str) -> String {
    match rfc3339.get(..16).and_then(|local| local.parse::<DateTime>().ok()) {
        Some(local) => local.strftime("%d/%m/%Y %H:%M").to_string(),
        None => rfc3339.to_owned(),
    }
}

/// The same without the hour.
pub fn day_of(rfc3339: &str) -> String {
    moment(rfc3339).chars().take(10).collect()
}
