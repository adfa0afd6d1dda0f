//! A session in Automerge: facts at the root, minutes as text written together, events like a petition's.

use automerge::transaction::{Transactable, Transaction};
use automerge::{ROOT, ReadDoc, ScalarValue, ScalarValueRef, ValueRef};

use super::change::{Document, DocumentError};
use super::keys::{event_key, read_event_key};
use super::record::{Fields, optional};
use crate::model::petition::Channel;
use crate::model::session::{SessionEvent, SessionEventBody, SessionFacts};

/// A session as its document says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionRecord {
    /// Written once.
    pub facts: SessionFacts,
    /// The minutes.
    pub minutes: String,
    /// Everything that happened since, in no order.
    pub events: Vec<SessionEvent>,
}

/// The root keys, each with what may be written there.
pub const FACT_KEYS: &[&str] = &["at", "by", "chair", "kind", "present", "stamped", "title", "unit"];

/// Writes the facts of a new session.
pub fn put_facts(tx: &mut Transaction<'_>, facts: &SessionFacts) -> Result<(), DocumentError> {
    tx.put(ROOT, "kind", facts.kind.as_str())?;
    tx.put(ROOT, "unit", facts.unit.as_str())?;
    tx.put(ROOT, "at", ScalarValue::Timestamp(facts.at.as_millisecond()))?;
    optional(tx, "stamped", facts.stamped.map(|t| ScalarValue::Timestamp(t.as_millisecond())))?;
    optional(tx, "title", facts.title.as_deref().map(ScalarValue::from))?;
    optional(tx, "chair", facts.chair.as_ref().map(|c| c.as_str().into()))?;
    optional(tx, "present", facts.present.map(|n| ScalarValue::Uint(n.into())))?;
    Ok(tx.put(ROOT, "by", facts.by.as_str())?)
}

/// Writes one event.
pub fn put_event(tx: &mut Transaction<'_>, event: &SessionEvent) -> Result<(), DocumentError> {
    let Some((_, map)) = tx.get(ROOT, "events")? else { return Err(DocumentError::Field("events")) };
    let value = minicbor::to_vec(&event.body).map_err(|_| DocumentError::Write("the event cannot be encoded"))?;
    Ok(tx.put(map, event_key(event.id), ScalarValue::Bytes(value))?)
}

/// Adds a paragraph at the end of the minutes. Each ends its own line: paragraphs written apart do not run together.
pub fn append_minutes(tx: &mut Transaction<'_>, text: &str) -> Result<(), DocumentError> {
    let Some((_, minutes)) = tx.get(ROOT, "minutes")? else { return Err(DocumentError::Field("minutes")) };
    let end = tx.length(&minutes);
    Ok(tx.splice_text(&minutes, end, 0, &format!("{text}\n"))?)
}

/// Reads a session.
pub fn read(document: &Document) -> Result<SessionRecord, DocumentError> {
    let fields = Fields::of(&document.doc);
    let facts = SessionFacts {
        kind: fields.word("kind", Channel::parse)?,
        unit: fields.text("unit").ok_or(DocumentError::Field("unit"))?.into(),
        at: fields.time("at").ok_or(DocumentError::Field("at"))?,
        stamped: fields.time("stamped"),
        title: fields.text("title").map(str::to_owned),
        chair: fields.text("chair").map(Into::into),
        present: fields.number("present"),
        by: fields.text("by").ok_or(DocumentError::Field("by"))?.into(),
    };
    let minutes = fields.object("minutes").ok_or(DocumentError::Field("minutes"))?;
    let minutes = document.doc.text(minutes)?.trim_end().to_owned();
    let map = fields.object("events").ok_or(DocumentError::Field("events"))?;
    let mut events = Vec::new();
    for item in document.doc.map_range(map, ..) {
        let Some(id) = read_event_key(&item.key) else { continue };
        if let ValueRef::Scalar(ScalarValueRef::Bytes(bytes)) = item.value
            && let Ok(body) = minicbor::decode::<SessionEventBody>(&bytes)
        {
            events.push(SessionEvent { id, body });
        }
    }
    Ok(SessionRecord { facts, minutes, events })
}
