//! A device that has gone wild, or somebody who means harm with one, shall not fill the disk with lines: within an hour each
//! kind has a measure. That more was left out is a line itself, and how much it was another when the hour is over.

use rusqlite::{Connection, OptionalExtension, Transaction, params};
use sync::id::{DeviceId, RecordId, UserId};
use sync::model::time::from_millis;

use super::audit::{NO_RECORD, add};
use super::audit_what::{AuditWhat, MEASURE_MILLIS};
use crate::error::ServerError;

/// Whether another line is within the measure; else it is counted.
pub(super) fn fits(
    tx: &Transaction<'_>,
    at: i64,
    device: DeviceId,
    user: &UserId,
    what: AuditWhat,
    record: RecordId,
) -> Result<bool, ServerError> {
    let Some(measure) = what.measure() else { return Ok(true) };
    let subject = if measure.each_record { record } else { NO_RECORD };
    let key = params![device.as_bytes(), what.counted_as(), subject.as_bytes()];
    let sql = "SELECT since, lines, left_out FROM audit_measure WHERE device = ?1 AND what = ?2 AND subject = ?3";
    let found: Option<(i64, u32, i64)> =
        tx.prepare_cached(sql)?.query_row(key, |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?))).optional()?;
    let (since, lines) = match found {
        // A clock that was put back begins anew as well.
        Some((since, lines, _)) if (since..since + MEASURE_MILLIS).contains(&at) => (since, lines),
        found => {
            if let Some((since, _, left_out @ 1..)) = found {
                tell(tx, at, &Left { device, user: user.clone(), what: what.counted_as(), subject, since, left_out })?;
            }
            (at, 0)
        }
    };
    let within = lines < measure.lines;
    if lines == measure.lines {
        let detail = format!("{}: more are only counted for an hour", what.counted_as());
        add(tx, at, (device, user), AuditWhat::LeftOut, subject, &detail, None)?;
    }
    // One beyond the measure: that they are counted has been told.
    let lines = lines.saturating_add(1).min(measure.lines + 1);
    tx.prepare_cached(
        "INSERT INTO audit_measure (device, user, what, subject, since, lines, left_out)
         VALUES (?1, ?4, ?2, ?3, ?5, ?6, ?7)
         ON CONFLICT (device, what, subject) DO UPDATE SET since = ?5, lines = ?6,
         left_out = CASE since WHEN ?5 THEN left_out + ?7 ELSE ?7 END",
    )?
    .execute(params![
        device.as_bytes(),
        what.counted_as(),
        subject.as_bytes(),
        user.as_str(),
        since,
        lines,
        i64::from(!within)
    ])?;
    Ok(within)
}

/// What was left out of one measure.
struct Left<'a> {
    device: DeviceId,
    user: UserId,
    what: &'a str,
    subject: RecordId,
    since: i64,
    left_out: i64,
}

fn tell(tx: &Transaction<'_>, at: i64, left: &Left<'_>) -> Result<(), ServerError> {
    let Left { device, user, what, subject, since, left_out } = left;
    let since = from_millis(*since).ok_or(ServerError::Stored("audit measure"))?;
    let detail = format!("{what}: {left_out} more in the hour from {since:.0}");
    add(tx, at, (*device, user), AuditWhat::LeftOut, *subject, &detail, None)
}

/// Whether something was left out in an hour that is over.
pub fn counts_are_due(conn: &Connection, now: i64) -> Result<bool, ServerError> {
    let sql = "SELECT 1 FROM audit_measure WHERE since <= ?1 AND left_out > 0";
    Ok(conn.prepare_cached(sql)?.exists([now - MEASURE_MILLIS])?)
}

/// Tells how much was left out where the hour is over, and forgets what was counted.
pub fn tell_counts(tx: &Transaction<'_>, now: i64) -> Result<(), ServerError> {
    let sql = "SELECT device, user, what, subject, since, left_out FROM audit_measure
               WHERE since <= ?1 AND left_out > 0 ORDER BY since, device, what, subject";
    let due = now - MEASURE_MILLIS;
    let mut statement = tx.prepare_cached(sql)?;
    let mut rows = statement.query([due])?;
    while let Some(row) = rows.next()? {
        let what: String = row.get(2)?;
        let left = Left {
            device: DeviceId::from_bytes(row.get(0)?),
            user: UserId(row.get(1)?),
            what: &what,
            subject: RecordId::from_bytes(row.get(3)?),
            since: row.get(4)?,
            left_out: row.get(5)?,
        };
        tell(tx, now, &left)?;
    }
    tx.prepare_cached("DELETE FROM audit_measure WHERE since <= ?1")?.execute([due])?;
    Ok(())
}
