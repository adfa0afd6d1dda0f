//! Work that the server did not take, with its author's own words: nothing that was written is lost from sight.

use serde::Serialize;
use serde_json::{Map, Value, json};
use sync::document::text::TextEdit;
use sync::id::RecordId;
use sync::model::session::SessionAction;
use sync::wire::RefusalCode;

use super::error::ViewError;
use super::petition_show::says;
use crate::command::Command;
use crate::replica::Replica;
use crate::store::words;

/// One piece of refused work.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[allow(missing_docs)]
pub struct RefusedView {
    /// Names it in `refused retry` and `refused discard`.
    pub id: String,
    #[cfg_attr(feature = "ts", ts(type = "string"))]
    pub record: RecordId,
    /// The short code of a petition's record.
    pub record_code: Option<String>,
    /// As the command line spells what was typed: `petition refer`.
    pub command: String,
    /// Why not, for people, in one line.
    pub reason: String,
    pub code: RefusalCode,
    /// The reason's key and what it was given, as a JSON array of texts.
    pub detail: String,
    /// What was typed: `text`, `reason`, `to` …
    #[cfg_attr(feature = "ts", ts(type = "Record<string, unknown>"))]
    pub says: Map<String, Value>,
}

/// What was refused, oldest first.
pub fn refused(replica: &Replica) -> Result<Vec<RefusedView>, ViewError> {
    let directory = replica.directory();
    let view = |work: crate::outbox::RefusedWork| -> Result<RefusedView, ViewError> {
        let petition = matches!(work.command, Command::LogPetition { .. } | Command::PetitionEvent { .. });
        Ok(RefusedView {
            id: work.id.to_string(),
            record: work.record,
            record_code: petition.then(|| sync::code::of(work.record)),
            command: work.command.name(),
            reason: work.reason(),
            code: work.code,
            says: match &work.command {
                Command::LogPetition { facts, .. } if facts.sealed.is_some() => sealed(replica, work.record)?,
                Command::LogPetition { facts, .. } => one("text", json!(facts.text)),
                Command::PetitionEvent { event, .. } => says(directory, &event.action),
                Command::OpenSession { facts, .. } => one("title", json!(facts.title)),
                Command::AppendMinutes { text, .. } => one("text", json!(text)),
                Command::EditMinutes { edits, .. } => edited(edits),
                Command::SessionEvent { action: SessionAction::Conclude { text }, .. } => one("text", json!(text)),
                Command::SessionEvent { action: SessionAction::SameAs { of }, .. } => one("of", json!(of)),
                Command::Directory { changes, .. } => {
                    one("entries", changes.iter().map(|c| format!("{} {}", c.kind, c.entity)).collect())
                }
            },
            detail: work.why.to_string(),
        })
    };
    let persons = replica.refused_persons()?.into_iter().map(|person| RefusedView {
        id: person.id(),
        record: person.record,
        record_code: Some(sync::code::of(person.record)),
        command: "petition identify".to_owned(),
        reason: person.why.line(RefusalCode::NotAllowed),
        code: RefusalCode::NotAllowed,
        detail: person.why.to_string(),
        // Who it was is looked up apart, for a purpose.
        says: Map::new(),
    });
    let persons: Vec<RefusedView> = persons.collect();
    replica.refused()?.into_iter().map(view).chain(persons.into_iter().map(Ok)).collect()
}

/// What its author has typed lies beside it.
fn sealed(replica: &Replica, record: RecordId) -> Result<Map<String, Value>, ViewError> {
    let words = words::of(replica.connection(), record)?;
    let mut says = one("text", json!(words.as_ref().map(|words| &words.text)));
    says.extend(one("place", json!(words.and_then(|words| words.place))));
    Ok(says)
}

/// What went and what came, passage by passage.
fn edited(edits: &[TextEdit]) -> Map<String, Value> {
    let passages = |of: fn(&TextEdit) -> &str| {
        let said = edits.iter().map(of).map(str::trim).filter(|said| !said.is_empty());
        json!(said.collect::<Vec<_>>().join(" … "))
    };
    let mut says = one("replaced", passages(|edit| &edit.old));
    says.extend(one("text", passages(|edit| &edit.text)));
    says
}

fn one(key: &str, value: Value) -> Map<String, Value> {
    Map::from_iter([(key.to_owned(), value)])
}
