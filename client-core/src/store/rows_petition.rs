//! A petition's row.

use rusqlite::{Transaction, params};
use sync::document::petition::PetitionRecord;
use sync::id::{BodyId, OfficeId, RecordId};
use sync::model::directory::Directory;
use sync::model::petition::{deadlines, fold};

use super::receipts::KeptReceipts;
use super::words;
use crate::replica::ReplicaError;
use crate::search;

/// Replaces it.
pub(super) fn put(
    tx: &Transaction<'_>,
    record: RecordId,
    petition: &PetitionRecord,
    receipts: &KeptReceipts,
    pending: i64,
    directory: &Directory,
) -> Result<(), ReplicaError> {
    let facts = &petition.facts;
    let receipts = receipts.times();
    let lease = directory.lease();
    let (logged, late) = receipts.counted_logging(facts, lease);
    let folded = fold(facts, logged, &petition.events, |event| receipts.counted(event, lease).0);
    let last = folded.last();
    let now = &last.now;
    let due = deadlines(last, directory);
    // Of a sealed one: what was said, where it lies here, else the summary.
    let words = if facts.sealed.is_some() { words::of(tx, record)? } else { None };
    let said = words.as_ref().map(|words| words.text.as_str());
    let text = said.or(now.text.as_deref()).unwrap_or(&facts.text);
    let place = words.as_ref().and_then(|words| words.place.as_deref());
    let place = place.or(now.place.as_deref()).or(facts.place.as_deref());
    let code = sync::code::of(record);
    let searched = format!(" {}", search::fold(&format!("{code} {text} {}", place.unwrap_or_default())));
    let mut held: Vec<&BodyId> = Vec::new();
    for wanted in [true, false] {
        for h in last.held.iter().filter(|h| h.lead == wanted) {
            if !held.contains(&&h.body) {
                held.push(&h.body);
            }
        }
    }
    let bodies = serde_json::to_string(&held).map_err(|_| ReplicaError::Damaged("petition.bodies"))?;
    let mut insert = tx.prepare_cached(
        "INSERT OR REPLACE INTO petition (record, code, text, folded, status, open, kind, category, unit, hamlet,
           channel, place, urgent, collective, body, bodies, due, first_answer_due, contested, late, reopened, session,
           logged_at, pending, sealed, erased)
         VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16,?17,?18,?19,?20,?21,?22,?23,?24,?25,?26)",
    )?;
    insert.execute(params![
        record.as_bytes(),
        code,
        text,
        searched,
        last.status.as_str(),
        last.status.is_open(),
        now.kind.as_str(),
        now.category.as_ref().map(|c| c.as_str()),
        now.unit.as_str(),
        now.hamlet.as_ref().map(|h| h.as_str()),
        now.channel.as_str(),
        place,
        now.urgent,
        now.collective,
        last.lead().map(BodyId::as_str),
        bodies,
        due.resolve.map(|d| d.to_string()),
        due.first_answer.map(|d| d.to_string()),
        last.contested,
        late,
        folded.reopened,
        facts.session.map(|s| *s.as_bytes()),
        facts.at.as_millisecond(),
        pending,
        facts.sealed.as_ref().map(OfficeId::as_str),
        facts.erased.map(|at| at.as_millisecond()),
    ])?;
    Ok(())
}
