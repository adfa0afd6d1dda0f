//! A session's row.

use rusqlite::{Transaction, params};
use sync::document::session::SessionRecord;
use sync::id::RecordId;
use sync::model::session::fold_session;

use crate::replica::ReplicaError;

/// Replaces it.
pub(super) fn put(
    tx: &Transaction<'_>,
    record: RecordId,
    session: &SessionRecord,
    pending: i64,
) -> Result<(), ReplicaError> {
    let facts = &session.facts;
    let state = fold_session(&session.events);
    let conclusions =
        serde_json::to_string(&state.conclusions).map_err(|_| ReplicaError::Damaged("session.conclusions"))?;
    let mut insert = tx.prepare_cached(
        "INSERT OR REPLACE INTO session (record, kind, unit, at, title, chair, present, conclusions, same_as, pending)
         VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10)",
    )?;
    insert.execute(params![
        record.as_bytes(),
        facts.kind.as_str(),
        facts.unit.as_str(),
        facts.at.as_millisecond(),
        facts.title,
        facts.chair.as_ref().map(|c| c.as_str()),
        facts.present,
        conclusions,
        state.same_as.map(|s| *s.as_bytes()),
        pending,
    ])?;
    Ok(())
}
