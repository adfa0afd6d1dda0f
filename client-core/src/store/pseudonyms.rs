//! The keys that sealed petitions are logged under.

use ed25519_dalek::SigningKey;
use rusqlite::{Connection, OptionalExtension, Transaction, params};
use sync::id::RecordId;

use crate::replica::ReplicaError;

/// Keeps the key of a new sealed petition.
pub(crate) fn put(tx: &Transaction<'_>, record: RecordId, key: &SigningKey) -> Result<(), ReplicaError> {
    tx.prepare_cached("INSERT INTO pseudonym (record, secret) VALUES (?1, ?2)")?
        .execute(params![record.as_bytes(), key.to_bytes()])?;
    Ok(())
}

/// The key that a record was logged under here, while something of it is unsent.
pub(crate) fn of(connection: &Connection, record: RecordId) -> Result<Option<SigningKey>, ReplicaError> {
    let mut select = connection.prepare_cached("SELECT secret FROM pseudonym WHERE record = ?1")?;
    let secret: Option<[u8; 32]> = select.query_row([record.as_bytes()], |row| row.get(0)).optional()?;
    Ok(secret.map(|secret| SigningKey::from_bytes(&secret)))
}

/// Forgets the keys of which the server has everything: nobody can tell any more who wrote under them.
pub(crate) fn forget_done(tx: &Transaction<'_>) -> Result<(), ReplicaError> {
    tx.prepare_cached(
        "DELETE FROM pseudonym
         WHERE NOT EXISTS (SELECT 1 FROM outbox o WHERE o.record = pseudonym.record)
           AND NOT EXISTS (SELECT 1 FROM identity i WHERE i.record = pseudonym.record AND i.state <> 'there')",
    )?
    .execute([])?;
    Ok(())
}
