//! A session's row.

use rusqlite::{Connection, Transaction, params};
use sync::document::session::SessionRecord;
use sync::id::RecordId;
use sync::model::petition::{Channel, Receipts};
use sync::model::session::fold_session;

use super::column::Columns;
use super::error::ProjectionError;
use super::petition::newest;

/// A session as the table holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionRow {
    /// Which.
    pub record: RecordId,
    /// Dialogue, reception day …
    pub kind: Channel,
    /// Where, by id.
    pub unit: String,
    /// When, by the device that opened it.
    pub at: i64,
    /// When the server took it.
    pub received_at: Option<i64>,
    /// The newest receipt of anything in it.
    pub newest_at: Option<i64>,
    /// How many people were there.
    pub present: Option<u32>,
    /// The record this is the same occasion as.
    pub same_as: Option<RecordId>,
}

/// Replaces the row of one session. Receipts of its events tell when `same-as` was said.
pub fn put_session(
    tx: &Transaction<'_>,
    record: RecordId,
    session: &SessionRecord,
    receipts: &Receipts,
) -> Result<(), ProjectionError> {
    let facts = &session.facts;
    let same_as = fold_session(&session.events).same_as;
    let mut insert = tx.prepare_cached("INSERT OR REPLACE INTO p_session VALUES (?1,?2,?3,?4,?5,?6,?7,?8)")?;
    insert.execute(params![
        record.as_bytes(),
        facts.kind.as_str(),
        facts.unit.as_str(),
        facts.at.as_millisecond(),
        receipts.created.map(|r| r.at.as_millisecond()),
        newest(receipts),
        facts.present,
        same_as.as_ref().map(|s| s.as_bytes().as_slice()),
    ])?;
    Ok(())
}

const COLUMNS: &str = "record, kind, unit, at, received_at, newest_at, present, same_as";

/// The row of one session.
pub fn session_row(conn: &Connection, record: RecordId) -> Result<Option<SessionRow>, ProjectionError> {
    let sql = format!("SELECT {COLUMNS} FROM p_session WHERE record = +?1");
    Ok(list(conn, &sql, params![record.as_bytes()])?.pop())
}

/// Whether there is such a session, admitted by a moment.
pub fn session_exists(conn: &Connection, record: RecordId, as_of: i64) -> Result<bool, ProjectionError> {
    let mut select =
        conn.prepare_cached("SELECT 1 FROM p_session WHERE record = +?1 AND COALESCE(received_at, +?2) <= +?2")?;
    Ok(select.exists(params![record.as_bytes(), as_of])?)
}

/// Sessions held, or taken by the server, from `start` to before `end`, in order of id: their counted date is one of
/// the two.
pub fn sessions_around(conn: &Connection, start: i64, end: i64) -> Result<Vec<SessionRow>, ProjectionError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM p_session
         WHERE (at >= +?1 AND at < +?2) OR (received_at >= +?1 AND received_at < +?2)"
    );
    list(conn, &sql, params![start, end])
}

/// Sessions that are the same occasion as another, in order of id.
pub fn sessions_same_as(conn: &Connection) -> Result<Vec<SessionRow>, ProjectionError> {
    list(conn, &format!("SELECT {COLUMNS} FROM p_session WHERE same_as IS NOT NULL"), [])
}

fn list(conn: &Connection, sql: &str, params: impl rusqlite::Params) -> Result<Vec<SessionRow>, ProjectionError> {
    let mut select = conn.prepare_cached(sql)?;
    let mut rows = select.query(params)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let c = Columns { table: "p_session", row };
        found.push(SessionRow {
            record: c.record(0)?,
            kind: c.word(1, Channel::parse)?,
            unit: c.text(2)?.to_owned(),
            at: c.int(3)?,
            received_at: c.int_opt(4)?,
            newest_at: c.int_opt(5)?,
            present: c.small_opt(6)?,
            same_as: c.record_opt(7)?,
        });
    }
    found.sort_unstable_by_key(|row| row.record);
    Ok(found)
}
