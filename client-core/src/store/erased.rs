//! Persons that were forgotten, and petitions whose words were taken out.

use std::collections::BTreeSet;

use minicbor::bytes::ByteArray;
use rusqlite::{Connection, OptionalExtension, Transaction, params};
use sync::digest::{DigestBytes, digest_of_erased, toggle};
use sync::id::{EventId, RecordId};
use sync::wire::Erased;

use super::record;
use crate::replica::ReplicaError;

/// Forgets a person: what lies here of it goes, sent or not, and comes back no more. Or lets go of a petition's document, to have
/// the next generation of it.
pub(crate) fn put(tx: &Transaction<'_>, erased: &Erased) -> Result<(), ReplicaError> {
    tx.prepare_cached(
        "INSERT INTO erasure (person, generation, at, signature) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (person, generation) DO NOTHING",
    )?
    .execute(params![erased.person.as_bytes(), erased.generation.unwrap_or(0), erased.at, *erased.signature])?;
    if erased.generation.is_some() {
        return record::begin_anew(tx, RecordId(erased.person.0));
    }
    tx.prepare_cached("DELETE FROM identity WHERE identity = ?1")?.execute([erased.person.as_bytes()])?;
    Ok(())
}

/// How many the server has told of, and the sum of their digests.
pub(crate) fn sum(connection: &Connection) -> Result<(u64, DigestBytes), ReplicaError> {
    let mut select = connection.prepare_cached("SELECT person, generation FROM erasure")?;
    let mut rows = select.query([])?;
    let (mut count, mut sum) = (0, DigestBytes::default());
    while let Some(row) = rows.next()? {
        count += 1;
        toggle(&mut sum, digest_of_erased(EventId::from_bytes(row.get(0)?), generation(row.get(1)?)));
    }
    Ok((count, sum))
}

/// All of them under the server's signature, the latest first.
pub(crate) fn all(connection: &Connection, most: usize) -> Result<Vec<Erased>, ReplicaError> {
    let sql = "SELECT person, at, signature, generation FROM erasure ORDER BY at DESC LIMIT ?1";
    let mut select = connection.prepare_cached(sql)?;
    let rows = select.query_map([i64::try_from(most).unwrap_or(i64::MAX)], |row| {
        Ok(Erased {
            person: EventId::from_bytes(row.get(0)?),
            at: row.get(1)?,
            signature: ByteArray::from(row.get::<_, [u8; 64]>(2)?),
            generation: generation(row.get(3)?),
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The petitions that are held in a generation without their words.
pub(crate) fn rewritten(connection: &Connection) -> Result<BTreeSet<RecordId>, ReplicaError> {
    let sql = "SELECT DISTINCT e.person FROM erasure e JOIN record r ON r.id = e.person
               WHERE e.generation > 0 AND r.acked IS NOT NULL";
    let mut select = connection.prepare_cached(sql)?;
    let rows = select.query_map([], |row| Ok(RecordId::from_bytes(row.get(0)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// 0 stands for a person.
fn generation(kept: u32) -> Option<u32> {
    Some(kept).filter(|generation| *generation > 0)
}

/// When a person was forgotten; none for one who was not.
pub(crate) fn at(connection: &Connection, person: EventId) -> Result<Option<i64>, ReplicaError> {
    let mut select = connection.prepare_cached("SELECT at FROM erasure WHERE person = ?1 AND generation = 0")?;
    Ok(select.query_row([person.as_bytes()], |row| row.get(0)).optional()?)
}
