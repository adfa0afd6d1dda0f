//! The petitions that have waited longest.

use jiff::civil::Date;
use serde::Serialize;
use sync::code;
use sync::id::RecordId;
use sync::model::time::date_from_days;

use super::case::Case;
use super::days::LocalDays;
use super::figure::Figure;
use super::gather::Cases;
use super::query::By;

const SHOWN: usize = 10;

/// One of the oldest open petitions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OldestOpen {
    /// Which.
    pub id: RecordId,
    /// Its short code.
    pub code: String,
    /// The code of its unit, at the month's end.
    pub unit: Option<String>,
    /// The unit's name.
    pub unit_name: String,
    /// The code of its lead body, `contested`, or none.
    pub body: Option<String>,
    /// The body's name.
    pub body_name: String,
    /// Days from its logging to the month's end, or to the moment the report is cut at.
    pub days: i32,
    /// The last day for its resolution.
    pub due: Option<Date>,
}

/// The ten oldest by the counted date of logging, oldest first.
pub(super) fn oldest(cases: &Cases<'_>, days: &mut LocalDays<'_>) -> Vec<OldestOpen> {
    let open = cases.list.iter().filter(|c| c.end.is_some() && c.flags.has(Figure::CarriedOut));
    let mut open: Vec<&Case> = open.collect();
    let order = |case: &&Case| (case.logged_at, case.record);
    if open.len() > SHOWN {
        open.select_nth_unstable_by_key(SHOWN, order);
        open.truncate(SHOWN);
    }
    open.sort_unstable_by_key(order);
    let key = |case: &Case, by: By| {
        let key = case.end.and_then(|spot| cases.keys.at(&spot, by));
        key.map_or((None, String::new()), |key| (key.key.clone(), key.name.clone()))
    };
    let row = |case: &Case| {
        let (unit, unit_name) = key(case, By::Unit);
        let (body, body_name) = key(case, By::Body);
        OldestOpen {
            id: case.record,
            code: code::of(case.record),
            unit,
            unit_name,
            body,
            body_name,
            days: cases.period.judged_day - days.day(case.logged_at),
            due: case.due.and_then(date_from_days),
        }
    };
    open.into_iter().map(row).collect()
}
