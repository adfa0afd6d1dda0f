//! What is kept of bundles: of one's own until the reply comes, of others' until they are handed back.

use jiff::Timestamp;
use minicbor::bytes::ByteArray;
use minicbor::{Decode, Encode};
use rusqlite::{Connection, OptionalExtension, Transaction, params};
use sync::id::{Epoch, RecordId};
use sync::wire::{Cursor, FillCursor, Provable};

use crate::outbox::Unsent;
use crate::replica::ReplicaError;
use crate::syncer::persons::Said;

/// Where the device stood when it asked, and what it asked.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub(super) struct Asked {
    #[n(0)]
    pub cursor: Option<Cursor>,
    #[n(1)]
    pub fill: Option<FillCursor>,
    #[n(2)]
    pub wants: Vec<RecordId>,
    /// For each request of the bundle.
    #[n(3)]
    pub pushes: Vec<Pushes>,
    /// Positions asked about with the last.
    #[n(4)]
    pub provable: Option<Vec<Provable>>,
    /// Said of persons with the last.
    #[n(5)]
    pub persons: Option<Said>,
    /// The latest time that this replica had seen then, milliseconds.
    #[n(6)]
    pub seen: Option<i64>,
}

/// What one request pushed.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub(super) struct Pushes {
    #[n(0)]
    pub only_push: bool,
    #[n(1)]
    pub changes: Vec<Pushed>,
}

/// One change that was pushed: by the time the reply comes it may have been answered otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub(super) struct Pushed {
    #[n(0)]
    pub record: RecordId,
    #[n(1)]
    pub hash: ByteArray<32>,
    #[n(2)]
    pub epoch: Epoch,
    #[n(3)]
    pub pseudonym: Option<ByteArray<32>>,
}

impl Pushes {
    pub(super) fn new(only_push: bool, changes: &[Unsent]) -> Self {
        let pushed = |c: &Unsent| Pushed {
            record: c.record,
            hash: ByteArray::from(c.hash.0),
            epoch: c.epoch,
            pseudonym: c.pseudonym.map(ByteArray::from),
        };
        Self { only_push, changes: changes.iter().map(pushed).collect() }
    }
}

/// How many of one's own bundles are remembered: an answer to an older one is not awaited any more.
const OWN_KEPT: i64 = 20;

pub(super) fn put_asked(tx: &Transaction<'_>, id: &[u8; 16], asked: &Asked, at: Timestamp) -> Result<(), ReplicaError> {
    let bytes = minicbor::to_vec(asked).map_err(|_| ReplicaError::Damaged("bundle.asked"))?;
    tx.execute("INSERT INTO bundle (id, made_at, asked) VALUES (?1, ?2, ?3)", params![id, at.as_millisecond(), bytes])?;
    tx.execute(
        "DELETE FROM bundle WHERE id NOT IN (SELECT id FROM bundle ORDER BY made_at DESC, id LIMIT ?1)",
        [OWN_KEPT],
    )?;
    Ok(())
}

pub(super) fn asked(connection: &Connection, id: &[u8; 16]) -> Result<Option<Asked>, ReplicaError> {
    let bytes: Option<Vec<u8>> =
        connection.query_row("SELECT asked FROM bundle WHERE id = ?1", [id], |row| row.get(0)).optional()?;
    bytes.map(|b| minicbor::decode(&b).map_err(|_| ReplicaError::Damaged("bundle.asked"))).transpose()
}

pub(super) fn forget_asked(connection: &Connection, id: &[u8; 16]) -> Result<(), ReplicaError> {
    connection.execute("DELETE FROM bundle WHERE id = ?1", [id])?;
    Ok(())
}

/// What nobody has asked for again in 60 days is not carried any longer; the device that made it has it still.
const CARRIED_MILLIS: i64 = 60 * 86_400_000;

/// Takes another device's request; one that is here already stays as it is. Its reply, if there is one.
pub(super) fn take_in(
    connection: &Connection,
    id: &[u8; 16],
    request: &[u8],
    at: Timestamp,
) -> Result<Option<Vec<u8>>, ReplicaError> {
    connection.execute("DELETE FROM transit WHERE taken_at < ?1", [at.as_millisecond() - CARRIED_MILLIS])?;
    connection.execute(
        "INSERT INTO transit (id, taken_at, request) VALUES (?1, ?2, ?3) ON CONFLICT (id) DO NOTHING",
        params![id, at.as_millisecond(), request],
    )?;
    Ok(connection.query_row("SELECT reply FROM transit WHERE id = ?1", [id], |row| row.get(0))?)
}

/// A request that has no reply yet: its id and its file.
pub(super) type Waiting = ([u8; 16], Vec<u8>);

/// Requests that have no reply yet, oldest first.
pub(super) fn unanswered(connection: &Connection) -> Result<Vec<Waiting>, ReplicaError> {
    let mut select = connection.prepare("SELECT id, request FROM transit WHERE reply IS NULL ORDER BY taken_at, id")?;
    let rows = select.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

pub(super) fn put_reply(connection: &Connection, id: &[u8; 16], reply: &[u8]) -> Result<(), ReplicaError> {
    connection.execute("UPDATE transit SET reply = ?2 WHERE id = ?1", params![id, reply])?;
    Ok(())
}

pub(super) fn drop_transit(connection: &Connection, id: &[u8; 16]) -> Result<(), ReplicaError> {
    connection.execute("DELETE FROM transit WHERE id = ?1", [id])?;
    Ok(())
}
