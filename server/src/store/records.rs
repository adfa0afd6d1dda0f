//! Records: a cache of their changes, written whenever one is accepted.

use minicbor::bytes::ByteArray;
use minicbor::{Decode, Encode};
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};
use sync::document::RecordKind;
use sync::id::{EventId, RecordId};

use crate::error::ServerError;

/// What the server noted when each event came: (event, device's number, milliseconds, position). The first entry, under
/// the nil id, is the creating change.
#[derive(Debug, Clone, Default, PartialEq, Eq, Encode, Decode)]
pub struct EventReceipts(
    #[n(0)] pub Vec<(ByteArray<16>, i64, i64, u64)>,
    /// Names of changes, with the device that wrote them; apart, so that no event can take the date of a name.
    #[n(1)]
    Option<Vec<(ByteArray<16>, i64)>>,
);

impl EventReceipts {
    /// From its column; also as it was before changes had names.
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        minicbor::decode(bytes).ok().or_else(|| Some(Self(minicbor::decode(bytes).ok()?, None)))
    }

    /// Whether an event is noted.
    pub fn has(&self, id: EventId) -> bool {
        self.0.iter().any(|(e, ..)| **e == *id.as_bytes())
    }

    /// Where an event stands in the log.
    pub fn position_of(&self, id: EventId) -> Option<u64> {
        self.0.iter().find(|(e, ..)| **e == *id.as_bytes()).map(|(.., position)| *position)
    }

    /// Whether a device has written an event.
    pub fn by(&self, id: EventId, device: i64) -> bool {
        self.0.iter().any(|(e, by, ..)| **e == *id.as_bytes() && *by == device)
    }

    /// Whether a device has written a change of that name.
    pub fn named_by(&self, name: EventId, device: i64) -> bool {
        self.1.iter().flatten().any(|(n, by)| **n == *name.as_bytes() && *by == device)
    }

    /// Notes a change's name.
    pub fn add_name(&mut self, name: EventId, device: i64) {
        if !self.named_by(name, device) {
            self.1.get_or_insert_default().push((ByteArray::from(*name.as_bytes()), device));
        }
    }

    /// Notes an event.
    pub fn add(&mut self, id: EventId, device: i64, received_at: i64, position: u64) {
        self.0.push((ByteArray::from(*id.as_bytes()), device, received_at, position));
    }
}

/// A record's row without its snapshot.
#[derive(Debug, Clone)]
pub struct RecordRow {
    /// Its number; rises with creation.
    pub index: i64,
    /// Its id.
    pub id: RecordId,
    /// What it is.
    pub kind: RecordKind,
    /// Position of its first change.
    pub created_position: u64,
    /// Feeds that hold it, joined by line feeds.
    pub feeds: String,
    /// The first 8 bytes of SHA-256(record ‖ heads).
    pub digest: [u8; 8],
    /// What was noted of its events.
    pub receipts: EventReceipts,
    /// Its document.
    pub snapshot: Vec<u8>,
}

/// What is written back after a change.
#[derive(Debug, Clone)]
pub struct RecordState<'a> {
    /// Its id.
    pub id: RecordId,
    /// What it is.
    pub kind: RecordKind,
    /// Position of its first change.
    pub created_position: u64,
    /// Position of its last change.
    pub last_position: u64,
    /// Not a finished petition.
    pub open: bool,
    /// What its feeds are computed from.
    pub scope: &'a str,
    /// The first 8 bytes of SHA-256(record ‖ heads).
    pub digest: [u8; 8],
    /// What was noted of its events.
    pub receipts: &'a EventReceipts,
    /// Its document, saved.
    pub snapshot: &'a [u8],
}

const COLUMNS: &str = "idx, id, kind, created_position, feeds, digest, receipts, snapshot";

fn read(row: &Row<'_>) -> rusqlite::Result<RecordRow> {
    let id: [u8; 16] = row.get(1)?;
    let kind: u8 = row.get(2)?;
    let receipts: Vec<u8> = row.get(6)?;
    let bad = |column| rusqlite::Error::InvalidColumnType(column, "record".to_owned(), rusqlite::types::Type::Blob);
    Ok(RecordRow {
        index: row.get(0)?,
        id: RecordId::from_bytes(id),
        kind: RecordKind::from_number(kind).ok_or_else(|| bad(2))?,
        created_position: row.get(3)?,
        feeds: row.get(4)?,
        digest: row.get(5)?,
        receipts: EventReceipts::read(&receipts).ok_or_else(|| bad(6))?,
        snapshot: row.get(7)?,
    })
}

/// A record by id.
pub fn record(conn: &Connection, id: RecordId) -> Result<Option<RecordRow>, ServerError> {
    let mut statement = conn.prepare_cached(&format!("SELECT {COLUMNS} FROM record WHERE id = ?1"))?;
    Ok(statement.query_row([id.as_bytes()], read).optional()?)
}

/// A record by number.
pub fn record_by_index(conn: &Connection, index: i64) -> Result<RecordRow, ServerError> {
    let mut statement = conn.prepare_cached(&format!("SELECT {COLUMNS} FROM record WHERE idx = ?1"))?;
    Ok(statement.query_row([index], read)?)
}

/// A record's id.
pub fn record_id(conn: &Connection, index: i64) -> Result<RecordId, ServerError> {
    let mut statement = conn.prepare_cached("SELECT id FROM record WHERE idx = ?1")?;
    let id: [u8; 16] = statement.query_row([index], |r| r.get(0))?;
    Ok(RecordId::from_bytes(id))
}

/// Writes a record back; gives its number.
pub fn save_record(tx: &Transaction<'_>, state: &RecordState<'_>) -> Result<i64, ServerError> {
    let receipts = minicbor::to_vec(state.receipts).map_err(|_| ServerError::Stored("receipt"))?;
    let sql = "INSERT INTO record (id, kind, created_position, last_position, open, scope, feeds, digest, receipts, snapshot)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, '', ?7, ?8, ?9)
        ON CONFLICT (id) DO UPDATE SET created_position = ?3, last_position = ?4, open = ?5, scope = ?6, digest = ?7, receipts = ?8, snapshot = ?9
        RETURNING idx";
    Ok(tx.prepare_cached(sql)?.query_row(
        params![
            state.id.as_bytes(),
            state.kind as u8,
            state.created_position,
            state.last_position,
            state.open,
            state.scope,
            state.digest,
            receipts,
            state.snapshot
        ],
        |r| r.get(0),
    )?)
}

/// Notes which feeds hold a record.
pub fn set_feeds(tx: &Transaction<'_>, index: i64, feeds: &str) -> Result<(), ServerError> {
    tx.prepare_cached("UPDATE record SET feeds = ?2 WHERE idx = ?1")?.execute(params![index, feeds])?;
    Ok(())
}

/// Every scope there is, with its kind: few, however many records.
pub fn distinct_scopes(conn: &Connection) -> Result<Vec<String>, ServerError> {
    let mut statement = conn.prepare("SELECT DISTINCT scope FROM record ORDER BY scope")?;
    let rows = statement.query_map([], |r| r.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Records of a scope that are held by other feeds than these.
pub fn records_of_scope(conn: &Connection, scope: &str, feeds: &str) -> Result<Vec<i64>, ServerError> {
    let mut statement = conn.prepare_cached("SELECT idx FROM record WHERE scope = ?1 AND feeds <> ?2 ORDER BY idx")?;
    let rows = statement.query_map(params![scope, feeds], |r| r.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Every record of some feeds, once, with its digest.
pub fn digests_of_records(conn: &Connection, feeds: &[i64]) -> Result<Vec<(RecordId, [u8; 8])>, ServerError> {
    let list = feeds.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
    let sql = format!(
        "SELECT r.id, r.digest FROM record r WHERE EXISTS
         (SELECT 1 FROM member m WHERE m.record = r.idx AND m.feed IN ({list}))"
    );
    let mut statement = conn.prepare(&sql)?;
    let rows = statement.query_map([], |r| Ok((RecordId::from_bytes(r.get(0)?), r.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Records of some feeds for a first fill: created up to `as_of` and before `before` (numbers), newest first.
/// Pass 0 takes open ones; pass 1 all others, and those that changed since, whatever they are now.
pub fn records_in_feeds(
    conn: &Connection,
    feeds: &[i64],
    pass: u8,
    before: i64,
    as_of: u64,
) -> Result<Vec<i64>, ServerError> {
    let list = feeds.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
    let wanted = if pass == 0 { "r.open = 1" } else { "(r.open = 0 OR r.last_position > ?2)" };
    let sql = format!(
        "SELECT r.idx FROM record r WHERE r.idx < ?1 AND r.created_position <= ?2 AND {wanted}
         AND EXISTS (SELECT 1 FROM member m WHERE m.record = r.idx AND m.feed IN ({list})) ORDER BY r.idx DESC"
    );
    let mut statement = conn.prepare(&sql)?;
    let rows = statement.query_map(params![before, as_of], |r| r.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}
