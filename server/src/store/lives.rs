//! Lives of the database: whenever it has been put back from a copy, another one begins.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Transaction, params};
use sync::id::ServerEpoch;

use super::meta::{get_text, put_text};
use crate::error::ServerError;

/// How far apart the positions of two lives begin, so that what one gives is never mistaken for what another gave, and a
/// later life's lie behind an earlier one's.
const STRIDE: u64 = 1 << 26;
/// Lives that nothing counts are numbered by the minutes since this moment, 2020-01-01: they stay below 2^53 for 250 years.
const COUNTED_FROM_MILLIS: i64 = 1_577_836_800_000;

/// The first position of the life that follows one that has given positions up to `given`.
pub fn next_beginning(given: u64) -> u64 {
    (given / STRIDE + 1).saturating_mul(STRIDE)
}

/// The same where nothing tells how far the database had come since it was copied: by the clock, for no life before can
/// have begun later.
pub fn next_beginning_by_clock(given: u64, now: Timestamp) -> u64 {
    let minutes = (now.as_millisecond() - COUNTED_FROM_MILLIS).max(0).unsigned_abs() / 60_000;
    next_beginning(given).max(minutes * STRIDE)
}

/// What a database shares with one of its former lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shared {
    /// Everything up to this position.
    pub base: u64,
    /// The grants of devices below this: their numbers tell the same feeds in both lives.
    pub grants: u32,
}

/// Begins another life, of which the first position is the next after `position`. `former`: those known to have ended with
/// it, the database's own and the one that was served last, each with the last position that it shares.
pub fn begin_life(
    tx: &Transaction<'_>,
    former: &[(ServerEpoch, u64)],
    epoch: ServerEpoch,
    position: u64,
) -> Result<Shared, ServerError> {
    let base = super::position(tx)?;
    let highest: u32 = tx.query_row("SELECT coalesce(max(grant_generation), 0) FROM device", [], |r| r.get(0))?;
    let grants = least_grant(tx)?.max(highest + 1);
    for (former, shared) in former {
        let sql = "INSERT OR IGNORE INTO life (epoch, base, grants) VALUES (?1, ?2, ?3)";
        tx.execute(sql, params![former.to_string(), shared, grants])?;
    }
    tx.execute("UPDATE counter SET position = ?1", [position])?;
    put_text(tx, "server_epoch", &epoch.to_string())?;
    put_text(tx, "least_grant", &grants.to_string())?;
    put_text(tx, "life_base", &base.to_string())?;
    Ok(Shared { base, grants })
}

/// What this life shares with the one before it.
pub fn life_base(conn: &Connection) -> Result<u64, ServerError> {
    Ok(get_text(conn, "life_base")?.and_then(|n| n.parse().ok()).unwrap_or(0))
}

/// Where the grants of this life begin.
pub fn least_grant(conn: &Connection) -> Result<u32, ServerError> {
    Ok(get_text(conn, "least_grant")?.and_then(|n| n.parse().ok()).unwrap_or(0))
}

/// What this database shares with a former life. A life it has never heard of came after one of the copies it was put back
/// from: it certainly shares what the earliest of them held.
pub fn shared_with(conn: &Connection, former: ServerEpoch) -> Result<Shared, ServerError> {
    let shared = |row: &rusqlite::Row<'_>| Ok(Shared { base: row.get(0)?, grants: row.get(1)? });
    let mut select = conn.prepare_cached("SELECT base, grants FROM life WHERE epoch = ?1")?;
    match select.query_row([former.to_string()], shared).optional()? {
        Some(found) => Ok(found),
        None => Ok(conn.query_row("SELECT coalesce(min(base), 0), coalesce(min(grants), 0) FROM life", [], shared)?),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_life_begins_beyond_everything_that_was_ever_given() {
        assert_eq!(next_beginning(100), 1 << 26);
        assert_eq!(next_beginning((1 << 26) + 50), 2 << 26);
        let day: Timestamp = "2026-11-23T00:00:00Z".parse().expect("a time");
        let minutes = 3_625_920;
        assert_eq!(next_beginning_by_clock(80, day), minutes << 26, "2,518 days");
        assert!(next_beginning_by_clock(80, day) < 1 << 53);
        // A clock that has gone back to the beginning of time.
        assert_eq!(next_beginning_by_clock((1 << 26) + 50, Timestamp::UNIX_EPOCH), 2 << 26);
    }
}
