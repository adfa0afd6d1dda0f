//! What a change's own operations write: nothing but new facts, new events, new revisions, and letters of minutes.

use std::collections::BTreeMap;

use automerge::ScalarValue;
use automerge::legacy::{ElementId, Key, ObjectId, Op, OpType};

use super::chunk::Parsed;
use super::refusal::Refusal;
use crate::document::{RecordKind, genesis_hash, petition, read_event_key, session};
use crate::id::EventId;
use crate::reason::Reason;

/// The writes of one change, sorted by where they go.
#[derive(Debug, Default)]
pub(super) struct Writes {
    /// Root facts.
    pub facts: BTreeMap<String, ScalarValue>,
    /// New keys of `events` or `revisions`, in the order written.
    pub entries: Vec<(EventId, Vec<u8>)>,
    /// Bytes of text put into the minutes.
    pub minutes_bytes: usize,
    /// Whether the minutes are touched at all.
    pub minutes: bool,
}

/// What a change claims to write, by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// It creates its record.
    pub creates: bool,
    /// Events or revisions, in the order written.
    pub entries: Vec<EventId>,
}

/// The names of what a change would write on a record of this kind; none when it is not one to be taken.
pub fn written(parsed: &Parsed, kind: RecordKind) -> Option<Written> {
    let creates = matches!(parsed.deps.as_slice(), [one] if genesis_hash(one) == Some(kind));
    let writes = sort(parsed, kind, creates).ok()?;
    let entries = writes.entries.iter().map(|(id, _)| *id).collect();
    Some(Written { creates: creates && !writes.facts.is_empty(), entries })
}

/// Where an operation goes, known by the genesis that made the containers.
enum Place {
    Root,
    Entries,
    Minutes,
}

fn place(kind: RecordKind, object: &ObjectId) -> Option<Place> {
    let ObjectId::Id(id) = object else { return Some(Place::Root) };
    if id.actor().to_bytes() != b"ln" {
        return None;
    }
    match (kind, id.counter()) {
        (_, 1) => Some(Place::Entries),
        (RecordKind::Session, 2) => Some(Place::Minutes),
        _ => None,
    }
}

/// Sorts a change's operations; anything else than what a record of this kind may hold is refused.
pub(super) fn sort(parsed: &Parsed, kind: RecordKind, creating: bool) -> Result<Writes, Refusal> {
    let mut writes = Writes::default();
    for op in &parsed.expanded.operations {
        match place(kind, &op.obj) {
            Some(Place::Root) => fact(&mut writes, op, kind, creating)?,
            Some(Place::Entries) => entry(&mut writes, op)?,
            Some(Place::Minutes) => letter(&mut writes, op)?,
            None => return Err(Refusal::bad_change(Reason::no_such_container())),
        }
    }
    Ok(writes)
}

fn fact(writes: &mut Writes, op: &Op, kind: RecordKind, creating: bool) -> Result<(), Refusal> {
    let allowed = match kind {
        RecordKind::Petition => petition::FACT_KEYS,
        RecordKind::Session => session::FACT_KEYS,
        RecordKind::Directory => &[],
    };
    let (Key::Map(key), OpType::Put(value)) = (&op.key, &op.action) else {
        return Err(Refusal::bad_change(Reason::not_a_fact()));
    };
    if !allowed.contains(&key.as_str()) {
        return Err(Refusal::bad_change(Reason::unknown_fact()));
    }
    if !creating || !op.pred.is_empty() || op.insert {
        return Err(Refusal::immutable(Reason::fact_once(key)));
    }
    if writes.facts.insert(key.to_string(), value.clone()).is_some() {
        return Err(Refusal::immutable(Reason::fact_once(key)));
    }
    Ok(())
}

fn entry(writes: &mut Writes, op: &Op) -> Result<(), Refusal> {
    let (Key::Map(key), OpType::Put(ScalarValue::Bytes(value))) = (&op.key, &op.action) else {
        return Err(Refusal::immutable(Reason::event_once()));
    };
    // The nil id stands for the creating change in receipts: an event under it would have no date of arrival.
    let id = read_event_key(key).filter(|id| !id.0.is_nil());
    let id = id.ok_or_else(|| Refusal::bad_change(Reason::not_an_event_id()))?;
    if !op.pred.is_empty() || op.insert || writes.entries.iter().any(|(e, _)| *e == id) {
        return Err(Refusal::immutable(Reason::event_once()));
    }
    writes.entries.push((id, value.clone()));
    Ok(())
}

/// One letter put in, or one taken out: the n-th letter of a change is its n-th code point, and what takes a letter out
/// names that letter and nothing else.
fn letter(writes: &mut Writes, op: &Op) -> Result<(), Refusal> {
    writes.minutes = true;
    match (&op.key, &op.action) {
        (Key::Seq(_), OpType::Put(ScalarValue::Str(text)))
            if op.insert && op.pred.is_empty() && text.chars().count() == 1 =>
        {
            writes.minutes_bytes += text.len();
            Ok(())
        }
        (Key::Seq(ElementId::Id(letter)), OpType::Delete)
            if !op.insert && op.pred.len() == 1 && op.pred.get(0) == Some(letter) =>
        {
            Ok(())
        }
        _ => Err(Refusal::bad_change(Reason::not_letters())),
    }
}
