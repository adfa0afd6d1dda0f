//! Who spoke, as it lies on this device.

use rusqlite::{Connection, Row, Transaction, params};
use sync::id::{DeviceId, EventId, OfficeId, RecordId, UserId};
use sync::identity::{DataKey, Version};
use sync::reason::Reason;
use sync::signed::SignatureBytes;
use sync::wire::{IdentityAsk, Looked};

use super::erased;
use crate::outbox::WhyNot;
use crate::replica::ReplicaError;

/// How a version stands with the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    /// To be sent.
    Pending,
    /// The server has it.
    There,
    /// It was not taken.
    Refused,
}

impl State {
    fn as_str(self) -> &'static str {
        match self {
            State::Pending => "pending",
            State::There => "there",
            State::Refused => "refused",
        }
    }
}

/// One version.
#[derive(Debug, Clone)]
pub(crate) struct Held {
    pub version: Version,
    pub device: DeviceId,
    pub user: UserId,
    pub signature: SignatureBytes,
    pub key: DataKey,
    pub state: State,
    /// Of a sealed petition: the office whose entrusted devices its key is locked for.
    pub sealed: Option<OfficeId>,
}

impl Held {
    /// Whether it holds a sealed petition's words, and no person.
    pub fn is_words(&self) -> bool {
        self.sealed.is_some() && self.version.is_words()
    }
}

const COLUMNS: &str = "version, identity, record, device, user, after, at, body, signature, key, state, sealed";

fn read(row: &Row<'_>) -> rusqlite::Result<Held> {
    let after: Vec<u8> = row.get(5)?;
    let after = after.chunks_exact(16).filter_map(|c| c.try_into().ok()).map(EventId::from_bytes).collect();
    let state: String = row.get(10)?;
    Ok(Held {
        version: Version {
            version: EventId::from_bytes(row.get(0)?),
            identity: EventId::from_bytes(row.get(1)?),
            record: RecordId::from_bytes(row.get(2)?),
            after,
            at: row.get(6)?,
            body: row.get(7)?,
        },
        device: DeviceId::from_bytes(row.get(3)?),
        user: UserId(row.get(4)?),
        signature: row.get(8)?,
        key: DataKey(row.get(9)?),
        state: match state.as_str() {
            "pending" => State::Pending,
            "refused" => State::Refused,
            _ => State::There,
        },
        sealed: row.get::<_, Option<String>>(11)?.map(OfficeId),
    })
}

/// Keeps a version; one that is here already only learns that the server has it.
pub(crate) fn put(tx: &Transaction<'_>, held: &Held) -> Result<(), ReplicaError> {
    let Held { version, device, user, signature, key, state, sealed } = held;
    if erased::at(tx, version.identity)?.is_some() {
        return Ok(());
    }
    let after: Vec<u8> = version.after.iter().flat_map(|id| *id.as_bytes()).collect();
    tx.prepare_cached(
        "INSERT INTO identity (version, identity, record, device, user, after, at, body, signature, key, state, sealed)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
         ON CONFLICT (version) DO UPDATE SET state = 'there', reason = NULL WHERE ?11 = 'there'",
    )?
    .execute(params![
        version.version.as_bytes(),
        version.identity.as_bytes(),
        version.record.as_bytes(),
        device.as_bytes(),
        user.as_str(),
        after,
        version.at,
        version.body,
        signature,
        key.0,
        state.as_str(),
        sealed.as_ref().map(OfficeId::as_str)
    ])?;
    Ok(())
}

/// Every version of who raised a petition that is here, oldest first.
pub(crate) fn of(connection: &Connection, record: RecordId) -> Result<Vec<Held>, ReplicaError> {
    let sql = format!("SELECT {COLUMNS} FROM identity WHERE record = ?1 ORDER BY at, version");
    let mut select = connection.prepare_cached(&sql)?;
    let rows = select.query_map([record.as_bytes()], read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The words of a sealed petition.
pub(crate) fn words_of(connection: &Connection, record: RecordId) -> Result<Option<Held>, ReplicaError> {
    let sql = format!("SELECT {COLUMNS} FROM identity WHERE record = ?1 AND identity = ?1 AND sealed IS NOT NULL");
    let mut select = connection.prepare_cached(&sql)?;
    let mut rows = select.query([record.as_bytes()])?;
    Ok(rows.next()?.map(read).transpose()?)
}

const WITHOUT_WORDS: &str = "SELECT p.record, p.sealed FROM petition p WHERE p.sealed IS NOT NULL AND NOT EXISTS
       (SELECT 1 FROM identity i WHERE i.record = p.record AND i.identity = p.record AND i.sealed IS NOT NULL)
     ORDER BY p.record DESC";

/// Sealed petitions that are here without their words, newest first, and the office that is entrusted with each.
pub(crate) fn without_words(connection: &Connection) -> Result<Vec<(RecordId, OfficeId)>, ReplicaError> {
    let mut select = connection.prepare_cached(WITHOUT_WORDS)?;
    let rows = select.query_map([], |row| Ok((RecordId::from_bytes(row.get(0)?), OfficeId(row.get(1)?))))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// What the server does not have yet.
pub(crate) fn pending(connection: &Connection) -> Result<Vec<Held>, ReplicaError> {
    let sql = format!("SELECT {COLUMNS} FROM identity WHERE state = 'pending' ORDER BY at, version");
    let mut select = connection.prepare_cached(&sql)?;
    let rows = select.query_map([], read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// What the server does not have, be it to be sent or refused.
pub(crate) fn unsent(connection: &Connection) -> Result<Vec<Held>, ReplicaError> {
    let sql = format!("SELECT {COLUMNS} FROM identity WHERE state <> 'there' ORDER BY at, version");
    let mut select = connection.prepare_cached(&sql)?;
    let rows = select.query_map([], read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// How many wait to be sent, and how many were refused. With a petition that waits itself its person is not counted again.
pub(crate) fn waiting(connection: &Connection) -> Result<(u64, u64), ReplicaError> {
    let mut select = connection.prepare_cached(
        "SELECT count(*) FILTER (WHERE state = 'pending' AND NOT EXISTS
                  (SELECT 1 FROM outbox o WHERE o.record = identity.record AND o.state = 'pending')),
                count(*) FILTER (WHERE state = 'refused')
         FROM identity WHERE state <> 'there'",
    )?;
    let (pending, refused): (i64, i64) = select.query_row([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok((pending.unsigned_abs(), refused.unsigned_abs()))
}

/// The server has it; tells whether it was a person that still waited. Of a petition that is not here any more it goes at once.
pub(crate) fn arrived(tx: &Transaction<'_>, version: EventId) -> Result<bool, ReplicaError> {
    let mut update =
        tx.prepare_cached("UPDATE identity SET state = 'there' WHERE version = ?1 AND state = 'pending'")?;
    let waited = update.execute([version.as_bytes()])? > 0;
    let words = "SELECT 1 FROM identity WHERE version = ?1 AND sealed IS NOT NULL AND identity = record";
    let waited = waited && !tx.prepare_cached(words)?.exists([version.as_bytes()])?;
    tx.prepare_cached(
        "DELETE FROM identity WHERE version = ?1 AND state = 'there'
         AND NOT EXISTS (SELECT 1 FROM record WHERE id = identity.record)",
    )?
    .execute([version.as_bytes()])?;
    Ok(waited)
}

/// The server did not take it. What somebody else has written, and this device only brought, is not its to put right.
pub(crate) fn refuse(tx: &Transaction<'_>, me: DeviceId, version: EventId, why: &Reason) -> Result<bool, ReplicaError> {
    let own = "SELECT 1 FROM identity i WHERE version = ?1
               AND (device = ?2 OR EXISTS (SELECT 1 FROM pseudonym p WHERE p.record = i.record))";
    if !tx.prepare_cached(own)?.exists(params![version.as_bytes(), me.as_bytes()])? {
        arrived(tx, version)?;
        return Ok(false);
    }
    let sql = "UPDATE identity SET state = 'refused', reason = ?2 WHERE version = ?1 AND state = 'pending'";
    Ok(tx.prepare_cached(sql)?.execute(params![version.as_bytes(), WhyNot::kept(why)])? > 0)
}

/// A server that was put back from a copy may have lost any of them: all are brought again.
pub(crate) fn bring_again(tx: &Transaction<'_>) -> Result<(), ReplicaError> {
    tx.execute("UPDATE identity SET state = 'pending' WHERE state = 'there'", [])?;
    Ok(())
}

/// A version was refused: which petition's, and why.
#[derive(Debug, Clone)]
pub(crate) struct Refused {
    pub version: EventId,
    pub record: RecordId,
    pub why: WhyNot,
}

/// What was not taken.
pub(crate) fn refused(connection: &Connection) -> Result<Vec<Refused>, ReplicaError> {
    let mut select = connection
        .prepare_cached("SELECT version, record, reason FROM identity WHERE state = 'refused' ORDER BY at, version")?;
    let rows = select.query_map([], |row| {
        Ok(Refused {
            version: EventId::from_bytes(row.get(0)?),
            record: RecordId::from_bytes(row.get(1)?),
            why: WhyNot::read(&row.get::<_, Option<String>>(2)?.unwrap_or_default()),
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// To be sent again. Tells whether there was such a one.
pub(crate) fn retry(tx: &Transaction<'_>, version: EventId) -> Result<bool, ReplicaError> {
    let sql = "UPDATE identity SET state = 'pending', reason = NULL WHERE version = ?1 AND state = 'refused'";
    Ok(tx.prepare_cached(sql)?.execute([version.as_bytes()])? > 0)
}

/// Let go of for good. Tells whether there was such a one.
pub(crate) fn discard(tx: &Transaction<'_>, version: EventId) -> Result<bool, ReplicaError> {
    let sql = "DELETE FROM identity WHERE version = ?1 AND state = 'refused'";
    Ok(tx.prepare_cached(sql)?.execute([version.as_bytes()])? > 0)
}

/// Of a petition that was given up before it was ever sent, nobody remembers who raised it.
pub(crate) fn forget_given_up(tx: &Transaction<'_>, record: RecordId) -> Result<(), ReplicaError> {
    tx.execute(
        "DELETE FROM identity WHERE record = ?1 AND state <> 'there'
         AND NOT EXISTS (SELECT 1 FROM record WHERE id = ?1) AND NOT EXISTS (SELECT 1 FROM outbox WHERE record = ?1)",
        [record.as_bytes()],
    )?;
    Ok(())
}

/// The server is to be asked; an earlier answer does not count any more.
pub(crate) fn ask(tx: &Transaction<'_>, ask: &IdentityAsk) -> Result<(), ReplicaError> {
    tx.execute(
        "INSERT OR REPLACE INTO identity_ask (record, id, purpose, note, denied) VALUES (?1, ?2, ?3, ?4, NULL)",
        params![ask.record.as_bytes(), ask.id.as_ref().map(EventId::as_bytes), ask.purpose, ask.note],
    )?;
    Ok(())
}

/// What is to be asked.
pub(crate) fn asks(connection: &Connection) -> Result<Vec<IdentityAsk>, ReplicaError> {
    let mut select = connection
        .prepare_cached("SELECT record, purpose, note, id FROM identity_ask WHERE denied IS NULL ORDER BY record")?;
    let rows = select.query_map([], |row| {
        let id = row.get::<_, Option<[u8; 16]>>(3)?.map(EventId::from_bytes);
        Ok(IdentityAsk { record: RecordId::from_bytes(row.get(0)?), purpose: row.get(1)?, note: row.get(2)?, id })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The server has answered. `question`: which it was, where that is known; another that was asked since stays to be asked.
pub(crate) fn answered(
    tx: &Transaction<'_>,
    record: RecordId,
    question: Option<EventId>,
    denied: Option<&Reason>,
) -> Result<(), ReplicaError> {
    let (record, question) = (record.as_bytes(), question.as_ref().map(EventId::as_bytes));
    match denied {
        None => tx.execute(
            "DELETE FROM identity_ask WHERE record = ?1 AND (?2 IS NULL OR id IS ?2)",
            params![record, question],
        )?,
        Some(why) => tx.execute(
            "UPDATE identity_ask SET denied = ?3 WHERE record = ?1 AND (?2 IS NULL OR id IS ?2)",
            params![record, question, WhyNot::kept(why)],
        )?,
    };
    Ok(())
}

/// Why the server did not say who raised a petition; none when it was not asked, or has said.
pub(crate) fn denied(connection: &Connection, record: RecordId) -> Result<Option<WhyNot>, ReplicaError> {
    let mut select = connection.prepare_cached("SELECT denied FROM identity_ask WHERE record = ?1")?;
    let mut rows = select.query([record.as_bytes()])?;
    let line: Option<String> = rows.next()?.map(|row| row.get(0)).transpose()?.flatten();
    Ok(line.map(|line| WhyNot::read(&line)))
}

/// Somebody has looked.
pub(crate) fn put_look(tx: &Transaction<'_>, looked: &Looked) -> Result<(), ReplicaError> {
    let Looked { id, ask, at } = looked;
    tx.execute(
        "INSERT OR IGNORE INTO identity_look (id, record, purpose, note, at) VALUES (?1, ?2, ?3, ?4, ?5)",
        params![id.as_bytes(), ask.record.as_bytes(), ask.purpose, ask.note, at],
    )?;
    Ok(())
}

/// What the server is to be told of, oldest first.
pub(crate) fn looks(connection: &Connection, most: usize) -> Result<Vec<Looked>, ReplicaError> {
    let mut select = connection
        .prepare_cached("SELECT id, record, purpose, note, at FROM identity_look ORDER BY at, id LIMIT ?1")?;
    let rows = select.query_map([i64::try_from(most).unwrap_or(i64::MAX)], |row| {
        let record = RecordId::from_bytes(row.get(1)?);
        let ask = IdentityAsk { record, purpose: row.get(2)?, note: row.get(3)?, id: None };
        Ok(Looked { id: EventId::from_bytes(row.get(0)?), ask, at: row.get(4)? })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The server has been told.
pub(crate) fn forget_look(tx: &Transaction<'_>, id: EventId) -> Result<(), ReplicaError> {
    tx.prepare_cached("DELETE FROM identity_look WHERE id = ?1")?.execute([id.as_bytes()])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema;
    use crate::vault::DatabaseKey;

    /// It is asked in every sync of a replica that may hold ten thousand petitions, of which none is sealed.
    #[test]
    fn which_sealed_petitions_lack_their_words_is_found_without_going_through_all_petitions() {
        let folder = tempfile::tempdir().expect("a folder");
        let key = DatabaseKey::generate(&mut |bytes| bytes.fill(7));
        let connection = schema::open(&folder.path().join("replica.db"), &key, true).expect("a database");
        let mut plan = connection.prepare(&format!("EXPLAIN QUERY PLAN {WITHOUT_WORDS}")).expect("a plan");
        let steps = plan.query_map([], |row| row.get::<_, String>(3)).expect("steps");
        let steps: Vec<String> = steps.collect::<Result<_, _>>().expect("steps");
        let first = steps.first().expect("a step");
        assert!(first.contains("petition_sealed"), "{steps:?}");
        assert!(!steps.iter().any(|step| step.contains("TEMP B-TREE")), "{steps:?}");
    }
}
