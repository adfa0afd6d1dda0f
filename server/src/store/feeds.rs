//! Feeds: which part of the log each audience may hold.

use rusqlite::{Connection, OptionalExtension, Transaction, params};
use sync::digest::toggle;

use crate::error::ServerError;

/// One line of a feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FeedEntry {
    /// Its place in the log.
    pub position: u64,
    /// The record's number.
    pub record: i64,
    /// What happened.
    pub kind: FeedEntryKind,
    /// A change's own position: another than the line's when it was taken in again after a restore.
    pub change: u64,
}

impl FeedEntry {
    /// What happens at a position of the log, and has no other.
    pub fn at(position: u64, record: i64, kind: FeedEntryKind) -> Self {
        Self { position, record, kind, change: position }
    }
}

/// What a line of a feed says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FeedEntryKind {
    /// A change.
    Change,
    /// The record entered.
    Enter,
    /// It left.
    Leave,
}

/// (feed's number, position since which it holds the record).
pub type Members = Vec<(i64, u64)>;

/// A feed's number, made when it is new.
pub fn feed_index(tx: &Transaction<'_>, name: &str) -> Result<i64, ServerError> {
    let mut find = tx.prepare_cached("SELECT idx FROM feed WHERE name = ?1")?;
    if let Some(index) = find.query_row([name], |r| r.get(0)).optional()? {
        return Ok(index);
    }
    tx.execute("INSERT INTO feed (name, digest) VALUES (?1, ?2)", params![name, [0u8; 8]])?;
    Ok(tx.last_insert_rowid())
}

/// Writes a line.
pub fn add_entry(tx: &Transaction<'_>, feed: i64, entry: FeedEntry) -> Result<(), ServerError> {
    let sql = "INSERT INTO feed_entry (feed, position, record, kind, change) VALUES (?1, ?2, ?3, ?4, ?5)";
    let change = (entry.change != entry.position).then_some(entry.change);
    tx.prepare_cached(sql)?.execute(params![feed, entry.position, entry.record, entry.kind as u8, change])?;
    Ok(())
}

/// A change has another position now: the lines that show it follow.
pub fn move_change(tx: &Transaction<'_>, from: u64, to: u64) -> Result<(), ServerError> {
    // kind 0: a change.
    let by_line = "UPDATE feed_entry SET change = ?2 WHERE position = ?1 AND kind = 0 AND change IS NULL";
    tx.prepare_cached(by_line)?.execute(params![from, to])?;
    tx.prepare_cached("UPDATE feed_entry SET change = ?2 WHERE change = ?1")?.execute(params![from, to])?;
    Ok(())
}

/// A feed holds a record from a position on.
pub fn enter(tx: &Transaction<'_>, record: i64, feed: i64, since: u64) -> Result<(), ServerError> {
    tx.prepare_cached("INSERT INTO member VALUES (?1, ?2, ?3)")?.execute(params![record, feed, since])?;
    Ok(())
}

/// A feed lets go of a record.
pub fn leave(tx: &Transaction<'_>, record: i64, feed: i64) -> Result<(), ServerError> {
    tx.prepare_cached("DELETE FROM member WHERE record = ?1 AND feed = ?2")?.execute(params![record, feed])?;
    Ok(())
}

/// The feeds that hold a record now.
pub fn members_of(conn: &Connection, record: i64) -> Result<Members, ServerError> {
    let mut statement = conn.prepare_cached("SELECT feed, since FROM member WHERE record = ?1")?;
    let rows = statement.query_map([record], |r| Ok((r.get(0)?, r.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Whether one of these feeds holds a record.
pub fn is_member_of_any(conn: &Connection, record: i64, feeds: &[i64]) -> Result<bool, ServerError> {
    Ok(members_of(conn, record)?.iter().any(|(f, _)| feeds.contains(f)))
}

/// Lines of some feeds after a position, in order, each position once.
pub fn entries_after(conn: &Connection, feeds: &[i64], after: u64, most: usize) -> Result<Vec<FeedEntry>, ServerError> {
    let mut found = Vec::new();
    let sql = "SELECT position, record, kind, change FROM feed_entry WHERE feed = ?1 AND position > ?2 ORDER BY position LIMIT ?3";
    let mut statement = conn.prepare_cached(sql)?;
    for feed in feeds {
        let rows = statement.query_map(params![feed, after, most], |r| {
            let kind: u8 = r.get(2)?;
            let kind = match kind {
                0 => FeedEntryKind::Change,
                1 => FeedEntryKind::Enter,
                _ => FeedEntryKind::Leave,
            };
            let position = r.get(0)?;
            let change = r.get::<_, Option<u64>>(3)?.unwrap_or(position);
            Ok(FeedEntry { position, record: r.get(1)?, kind, change })
        })?;
        for row in rows {
            found.push(row?);
        }
    }
    // Each feed gave its first lines: of all of them, the first are the first of the log.
    found.sort_by_key(|e| e.position);
    found.dedup_by_key(|e| e.position);
    found.truncate(most);
    Ok(found)
}

/// Adds a record's digest to a feed's, or takes it away: the same operation.
pub fn toggle_digest(tx: &Transaction<'_>, feed: i64, digest: [u8; 8]) -> Result<(), ServerError> {
    let mut read = tx.prepare_cached("SELECT digest FROM feed WHERE idx = ?1")?;
    let mut sum: [u8; 8] = read.query_row([feed], |r| r.get(0))?;
    toggle(&mut sum, digest);
    tx.prepare_cached("UPDATE feed SET digest = ?2 WHERE idx = ?1")?.execute(params![feed, sum])?;
    Ok(())
}

/// Numbers and digests of feeds by name; feeds that hold nothing yet are left out.
pub fn digests(conn: &Connection, names: &[String]) -> Result<Vec<(i64, String, [u8; 8])>, ServerError> {
    let mut statement = conn.prepare_cached("SELECT idx, digest FROM feed WHERE name = ?1")?;
    let mut found = Vec::new();
    for name in names {
        let row = statement.query_row([name], |r| Ok((r.get(0)?, r.get(1)?))).optional()?;
        if let Some((index, digest)) = row {
            found.push((index, name.clone(), digest));
        }
    }
    Ok(found)
}
