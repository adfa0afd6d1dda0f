//! A petition's rows: replaced as a whole after each accepted change.

use std::collections::HashSet;

use rusqlite::{Connection, Transaction, params};
use sync::document::petition::PetitionRecord;
use sync::id::{EventId, RecordId};
use sync::model::directory::Directory;
use sync::model::petition::{ActionKind, Effect, Folded, Receipts, fold};

use super::column::Columns;
use super::derive::derive;
use super::error::ProjectionError;
use super::place::Place;
use super::state::put_states;
use super::stretch::put_stretches;

/// Replaces the rows of one petition. `created_position` is the place of its creating change in the log.
pub fn put_petition(
    tx: &Transaction<'_>,
    record: RecordId,
    created_position: u64,
    petition: &PetitionRecord,
    receipts: &Receipts,
    directory: &Directory,
) -> Result<(), ProjectionError> {
    let folded = fold_received(petition, receipts, directory);
    let derived = derive(record, &folded);
    tx.prepare_cached("DELETE FROM p_stretch WHERE record = +?1")?.execute([record.as_bytes()])?;
    tx.prepare_cached("DELETE FROM p_state WHERE record = +?1")?.execute([record.as_bytes()])?;
    put_stretches(tx, &derived.stretches)?;
    put_states(tx, record, &derived.states)?;
    put_current(tx, record, created_position, petition, receipts, directory, &folded)
}

/// Folds a petition with its events' counted dates.
pub(crate) fn fold_received(petition: &PetitionRecord, receipts: &Receipts, directory: &Directory) -> Folded {
    let lease = directory.lease();
    let (logged, _) = receipts.counted_logging(&petition.facts, lease);
    fold(&petition.facts, logged, &petition.events, |event| receipts.counted(event, lease).0)
}

/// The newest receipt of anything in a record.
pub(super) fn newest(receipts: &Receipts) -> Option<i64> {
    let all = receipts.created.iter().chain(receipts.events.values());
    all.map(|r| r.at.as_millisecond()).max()
}

fn put_current(
    tx: &Transaction<'_>,
    record: RecordId,
    created_position: u64,
    petition: &PetitionRecord,
    receipts: &Receipts,
    directory: &Directory,
    folded: &Folded,
) -> Result<(), ProjectionError> {
    let last = folded.last();
    let place = Place::of(last);
    let (logged, late) = receipts.counted_logging(&petition.facts, directory.lease());
    let mut insert = tx.prepare_cached(
        "INSERT OR REPLACE INTO p_petition VALUES
         (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16,?17,?18,?19,?20,?21)",
    )?;
    insert.execute(params![
        record.as_bytes(),
        i64::try_from(created_position).unwrap_or(i64::MAX),
        logged.as_millisecond(),
        late,
        receipts.created.map(|r| r.at.as_millisecond()),
        newest(receipts),
        last.at.as_millisecond(),
        last.status.as_str(),
        last.finish.map(|f| f.as_str()),
        place.unit,
        last.now.hamlet.as_ref().map(|h| h.as_str()),
        place.body,
        place.contested,
        place.category,
        place.channel.as_str(),
        place.kind.as_str(),
        last.now.urgent,
        last.now.collective,
        petition.facts.session.as_ref().map(|s| s.as_bytes().as_slice()),
        answered_on_spot(petition, receipts, folded),
        last.satisfied,
    ])?;
    Ok(())
}

/// Answered on the spot: resolved and answered by the very change that logged it at a session.
fn answered_on_spot(petition: &PetitionRecord, receipts: &Receipts, folded: &Folded) -> bool {
    let Some(created) = receipts.created else { return false };
    if petition.facts.session.is_none() || petition.facts.source.is_some() {
        return false;
    }
    let applied: HashSet<EventId> =
        folded.effects.iter().filter(|(_, effect)| *effect == Effect::Applied).map(|(id, _)| *id).collect();
    let within = |kind: ActionKind| {
        petition.events.iter().any(|e| {
            let same_change = receipts.events.get(&e.id).is_some_and(|r| r.position == created.position);
            e.action().kind() == kind && same_change && applied.contains(&e.id)
        })
    };
    within(ActionKind::Resolve) && within(ActionKind::Answer)
}

/// Petitions that have admitted something after a moment, in order of id; and whether they had been created by then.
pub fn petitions_since(conn: &Connection, as_of: i64) -> Result<Vec<(RecordId, bool)>, ProjectionError> {
    let mut select =
        conn.prepare_cached("SELECT record, COALESCE(received_at, +?1) <= +?1 FROM p_petition WHERE newest_at > +?1")?;
    let mut rows = select.query([as_of])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let c = Columns { table: "p_petition", row };
        found.push((c.record(0)?, c.flag(1)?));
    }
    found.sort_unstable();
    Ok(found)
}

/// Petitions whose logging counts from `start` to before `end`, admitted by a moment, in no order.
pub fn petitions_logged(conn: &Connection, start: i64, end: i64, as_of: i64) -> Result<Vec<RecordId>, ProjectionError> {
    let mut select = conn.prepare_cached(&format!("SELECT record {LOGGED}"))?;
    let mut rows = select.query([start, end, as_of])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(Columns { table: "p_petition", row }.record(0)?);
    }
    Ok(found)
}

/// How many these are.
pub fn count_logged(conn: &Connection, start: i64, end: i64, as_of: i64) -> Result<u64, ProjectionError> {
    let mut select = conn.prepare_cached(&format!("SELECT COUNT(*) {LOGGED}"))?;
    let count: i64 = select.query_row([start, end, as_of], |row| row.get(0))?;
    Ok(count.unsigned_abs())
}

const LOGGED: &str = "FROM p_petition WHERE logged_at >= +?1 AND logged_at < +?2 AND COALESCE(received_at, +?3) <= +?3";

/// How many petitions were raised at a session, logged before `end` and admitted by a moment; and how many of them were
/// answered on the spot.
pub fn raised_at(conn: &Connection, session: RecordId, end: i64, as_of: i64) -> Result<(u64, u64), ProjectionError> {
    let mut select = conn.prepare_cached(
        "SELECT COUNT(*), COALESCE(SUM(on_spot), 0) FROM p_petition
         WHERE session = +?1 AND logged_at < +?2 AND COALESCE(received_at, +?3) <= +?3",
    )?;
    let (raised, on_spot): (i64, i64) =
        select.query_row(params![session.as_bytes(), end, as_of], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok((raised.unsigned_abs(), on_spot.unsigned_abs()))
}
