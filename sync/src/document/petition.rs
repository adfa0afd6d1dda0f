//! A petition in Automerge: facts as scalars at the root, events as one CBOR value each under `events`.

use automerge::transaction::{Transactable, Transaction};
use automerge::{ObjId, ROOT, ReadDoc, ScalarValue, ValueRef};

use super::change::{Document, DocumentError};
use super::keys::{event_key, read_event_key};
use super::record::{Fields, optional};
use crate::id::EventId;
use crate::model::petition::{Channel, Event, EventBody, Facts, Kind, Source};

/// A petition as its document says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PetitionRecord {
    /// Written once.
    pub facts: Facts,
    /// Everything that happened since, in no order.
    pub events: Vec<Event>,
    /// Events of a newer program: kept, shown as not understood.
    pub unread: Vec<EventId>,
}

/// The root keys, each with what may be written there.
pub const FACT_KEYS: &[&str] = &[
    "at",
    "by",
    "category",
    "channel",
    "collective",
    "erased",
    "hamlet",
    "key",
    "kind",
    "petitioner",
    "place",
    "sealed",
    "session",
    "source",
    "split_from",
    "stamped",
    "text",
    "unit",
    "urgent",
];

/// Writes the facts of a new petition.
pub fn put_facts(tx: &mut Transaction<'_>, facts: &Facts) -> Result<(), DocumentError> {
    tx.put(ROOT, "kind", facts.kind.as_str())?;
    optional(tx, "category", facts.category.as_ref().map(|c| c.as_str().into()))?;
    tx.put(ROOT, "unit", facts.unit.as_str())?;
    optional(tx, "hamlet", facts.hamlet.as_ref().map(|h| h.as_str().into()))?;
    tx.put(ROOT, "channel", facts.channel.as_str())?;
    tx.put(ROOT, "text", facts.text.as_str())?;
    optional(tx, "place", facts.place.as_deref().map(ScalarValue::from))?;
    optional(tx, "urgent", facts.urgent.then_some(ScalarValue::Boolean(true)))?;
    optional(tx, "collective", facts.collective.map(|n| ScalarValue::Uint(n.into())))?;
    optional(tx, "session", facts.session.map(|s| ScalarValue::Bytes(s.as_bytes().to_vec())))?;
    optional(tx, "petitioner", facts.petitioner.map(|p| ScalarValue::Bytes(p.as_bytes().to_vec())))?;
    optional(tx, "split_from", facts.split_from.map(|s| ScalarValue::Bytes(s.as_bytes().to_vec())))?;
    tx.put(ROOT, "at", ScalarValue::Timestamp(facts.at.as_millisecond()))?;
    optional(tx, "stamped", facts.stamped.map(|t| ScalarValue::Timestamp(t.as_millisecond())))?;
    tx.put(ROOT, "by", facts.by.as_str())?;
    optional(tx, "source", facts.source.as_ref().map(|s| s.name.as_str().into()))?;
    optional(tx, "key", facts.source.as_ref().map(|s| s.key.as_str().into()))?;
    optional(tx, "sealed", facts.sealed.as_ref().map(|o| o.as_str().into()))?;
    optional(tx, "erased", facts.erased.map(|t| ScalarValue::Timestamp(t.as_millisecond())))
}

/// Writes one event: one put under a new key.
pub fn put_event(tx: &mut Transaction<'_>, event: &Event) -> Result<(), DocumentError> {
    let events = events_of(tx)?;
    put_event_in(tx, &events, event)
}

/// Writes several events in one change.
pub fn put_events(tx: &mut Transaction<'_>, events: &[Event]) -> Result<(), DocumentError> {
    if events.is_empty() {
        return Ok(());
    }
    let map = events_of(tx)?;
    events.iter().try_for_each(|e| put_event_in(tx, &map, e))
}

fn put_event_in(tx: &mut Transaction<'_>, map: &ObjId, event: &Event) -> Result<(), DocumentError> {
    let value = minicbor::to_vec(&event.body).map_err(|_| DocumentError::Write("the event cannot be encoded"))?;
    Ok(tx.put(map, event_key(event.id), ScalarValue::Bytes(value))?)
}

fn events_of(tx: &Transaction<'_>) -> Result<ObjId, DocumentError> {
    match tx.get(ROOT, "events")? {
        Some((value, id)) if value.is_object() => Ok(id),
        _ => Err(DocumentError::Field("events")),
    }
}

/// Reads a petition.
pub fn read(document: &Document) -> Result<PetitionRecord, DocumentError> {
    let fields = Fields::of(&document.doc);
    let facts = Facts {
        kind: fields.word("kind", Kind::parse)?,
        category: fields.text("category").map(Into::into),
        unit: fields.text("unit").ok_or(DocumentError::Field("unit"))?.into(),
        hamlet: fields.text("hamlet").map(Into::into),
        channel: fields.word("channel", Channel::parse)?,
        text: fields.text("text").ok_or(DocumentError::Field("text"))?.to_owned(),
        place: fields.text("place").map(str::to_owned),
        urgent: fields.flag("urgent"),
        collective: fields.number("collective"),
        session: fields.uuid("session").map(|b| crate::id::RecordId::from_bytes(*b)),
        petitioner: fields.uuid("petitioner").map(|b| EventId::from_bytes(*b)),
        at: fields.time("at").ok_or(DocumentError::Field("at"))?,
        stamped: fields.time("stamped"),
        by: fields.text("by").ok_or(DocumentError::Field("by"))?.into(),
        split_from: fields.uuid("split_from").map(|b| crate::id::RecordId::from_bytes(*b)),
        source: match (fields.text("source"), fields.text("key")) {
            (Some(name), Some(key)) => Some(Source { name: name.to_owned(), key: key.to_owned() }),
            _ => None,
        },
        sealed: fields.text("sealed").map(Into::into),
        erased: fields.time("erased"),
    };
    let map = fields.object("events").ok_or(DocumentError::Field("events"))?;
    let mut events = Vec::new();
    let mut unread = Vec::new();
    for item in document.doc.map_range(map, ..) {
        let Some(id) = read_event_key(&item.key) else { continue };
        match item.value {
            ValueRef::Scalar(automerge::ScalarValueRef::Bytes(bytes)) => match minicbor::decode::<EventBody>(&bytes) {
                Ok(body) => events.push(Event { id, body }),
                Err(_) => unread.push(id),
            },
            _ => unread.push(id),
        }
    }
    Ok(PetitionRecord { facts, events, unread })
}
