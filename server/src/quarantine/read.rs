//! What somebody who may judge is told.

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use data_encoding::{BASE64, BASE64URL_NOPAD};
use minicbor::Decoder;
use minicbor::data::Type;
use rusqlite::Connection;
use serde_json::{Value, json};
use sync::document::{Document, Record, genesis_hash};
use sync::gate::parse;
use sync::id::{EventId, RecordId, TenantId};
use sync::model::time::{from_millis, rfc3339};
use sync::recovery::RecoveryKey;
use sync::wire::{Leavings, Left, SealedFor};

use super::entry::{Entry, EntryId};
use crate::error::ServerError;
use crate::ingest::Ledger;
use crate::keys::ServerKeys;
use crate::store;

/// What opens an entry.
pub struct Opening<'a> {
    /// The tenant.
    pub tenant: TenantId,
    /// The server's keys: what was sealed for it, before there was a recovery key.
    pub keys: &'a ServerKeys,
    /// Given by the person who holds it; not asked for where the server's own will do.
    pub recovery: Option<RecoveryKey>,
}

impl Opening<'_> {
    fn open(&self, entry: &Entry) -> Option<Leavings> {
        let left = entry.left.as_ref()?;
        match left.key {
            SealedFor::Server => left.open(self.tenant, entry.device, &self.keys.bundle.to_bytes()),
            SealedFor::Recovery => {
                let key = self.recovery.as_ref()?;
                left.open_by(self.tenant, entry.device, |purpose, beside, sealed| key.open(purpose, beside, sealed))
            }
        }
    }
}

/// An entry opened: who, when, and all that was written, words included. Every change stands beside what it says.
pub fn told(ledger: &Ledger, opening: &Opening<'_>, id: EntryId, entry: &Entry) -> Result<Value, ServerError> {
    let opened = opening.open(entry).ok_or_else(|| {
        ServerError::Command("the entry cannot be opened with this recovery key: check it letter by letter".to_owned())
    })?;
    let (conn, directory) = (ledger.connection(), ledger.directory());
    let user = store::author(conn, entry.device)?.map(|d| d.user);
    let code = user.and_then(|u| directory.user(&u).map(|u| u.code.clone()).or(Some(u.0)));
    let mut reader = Reader { conn, documents: HashMap::new() };
    let mut entries = Vec::with_capacity(opened.entries.len());
    for left in &opened.entries {
        let said = match &left.command {
            Some(command) => legible(serde_json::from_str(command).unwrap_or(Value::Null)),
            None => reader.said(left)?.unwrap_or(Value::Null),
        };
        entries.push(json!({
            "record": left.record,
            "code": sync::code::of(left.record),
            "says": said,
            "refused": left.refused.as_ref().map(|(code, why)| json!({ "code": code, "reason": why })),
            "change": BASE64.encode(&left.bytes),
        }));
    }
    let unread = opened.unread.unwrap_or_default();
    Ok(json!({
        "id": id.to_string(),
        "device": entry.device,
        "user": code,
        "received_at": from_millis(entry.received_at).map(|t| rfc3339(t, directory.zone())),
        "carried": entry.carried,
        "entries": entries,
        "unread": unread.iter().map(|bytes| BASE64.encode(bytes)).collect::<Vec<_>>(),
    }))
}

/// Reads changes on scratch copies of what they stand on.
struct Reader<'a> {
    conn: &'a Connection,
    documents: HashMap<RecordId, Document>,
}

impl Reader<'_> {
    /// What a change says; none where it stands on what is not here, or cannot be read.
    fn said(&mut self, left: &Left) -> Result<Option<Value>, ServerError> {
        let Ok(parsed) = parse(&left.bytes) else { return Ok(None) };
        let before = match self.documents.remove(&left.record) {
            Some(document) => Some(document),
            None => store::record(self.conn, left.record)?.map(|row| Document::load(&row.snapshot)).transpose()?,
        };
        let kind = parsed.deps.iter().find_map(genesis_hash);
        let Some(mut document) = before.or_else(|| kind.map(Document::genesis)) else { return Ok(None) };
        let Ok(kind) = document.kind() else { return Ok(None) };
        let known = Record::read(&document, kind).ok();
        // From a device that nobody trusts any more: what would break the library says nothing.
        let applied = catch_unwind(AssertUnwindSafe(|| document.apply_bytes(&left.bytes).is_ok().then_some(document)));
        let Ok(Some(document)) = applied else { return Ok(None) };
        let said = Record::read(&document, kind).ok().map(|after| says(known.as_ref(), &after));
        self.documents.insert(left.record, document);
        Ok(said)
    }
}

fn says(before: Option<&Record>, after: &Record) -> Value {
    match (before, after) {
        (before, Record::Petition(petition)) => {
            let known: Vec<EventId> = match before {
                Some(Record::Petition(known)) => known.events.iter().map(|e| e.id).collect(),
                _ => Vec::new(),
            };
            let fresh = petition.events.iter().filter(|e| !known.contains(&e.id));
            let events: Vec<Value> = fresh
                .map(|e| json!({ "kind": e.action().kind(), "at": e.body.at, "by": e.body.by, "says": cbor(e.action()) }))
                .collect();
            let facts = &petition.facts;
            match before {
                Some(Record::Petition(_)) => json!({ "events": events }),
                _ => json!({
                    "kind": facts.kind, "unit": facts.unit, "text": facts.text, "at": facts.at, "by": facts.by, "events": events,
                }),
            }
        }
        (before, Record::Session(session)) => {
            let known: Vec<EventId> = match before {
                Some(Record::Session(known)) => known.events.iter().map(|e| e.id).collect(),
                _ => Vec::new(),
            };
            let fresh = session.events.iter().filter(|e| !known.contains(&e.id));
            let events: Vec<Value> =
                fresh.map(|e| json!({ "at": e.body.at, "by": e.body.by, "says": cbor(&e.body.action) })).collect();
            json!({ "title": session.facts.title, "minutes": session.minutes, "events": events })
        }
        (_, Record::Directory(_)) => json!({ "directory": true }),
    }
}

/// A command as a device keeps it, with what it keeps in the record's own form made legible.
fn legible(command: Value) -> Value {
    let kept = |key: &str, value: &Value| -> Option<Value> {
        let text = value.as_str().filter(|_| matches!(key, "action" | "fields"))?;
        let bytes = BASE64URL_NOPAD.decode(text.as_bytes()).ok()?;
        let mut decoder = Decoder::new(&bytes);
        let read = plain(&mut decoder, 0)?;
        (decoder.position() == bytes.len()).then_some(read)
    };
    match command {
        Value::Object(fields) => {
            let read = fields.into_iter().map(|(key, value)| {
                let read = kept(&key, &value).unwrap_or_else(|| legible(value));
                (key, read)
            });
            Value::Object(read.collect())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(legible).collect()),
        other => other,
    }
}

/// What an event says, with the numbers by which its parts go in the record, texts in full.
fn cbor(value: &impl minicbor::Encode<()>) -> Value {
    let bytes = minicbor::to_vec(value).unwrap_or_default();
    plain(&mut Decoder::new(&bytes), 0).unwrap_or(Value::Null)
}

/// No action is deeper.
const MAX_DEPTH: u32 = 16;

fn plain(decoder: &mut Decoder<'_>, depth: u32) -> Option<Value> {
    if depth > MAX_DEPTH {
        return None;
    }
    Some(match decoder.datatype().ok()? {
        Type::Bool => json!(decoder.bool().ok()?),
        Type::Null => {
            decoder.null().ok()?;
            Value::Null
        }
        Type::String => json!(decoder.str().ok()?),
        Type::Bytes => json!(BASE64.encode(decoder.bytes().ok()?)),
        Type::Array => {
            let items = decoder.array().ok()??;
            Value::Array((0..items).map(|_| plain(decoder, depth + 1)).collect::<Option<_>>()?)
        }
        Type::Map => {
            let pairs = decoder.map().ok()??;
            let pair = |d: &mut Decoder<'_>| Some((plain(d, depth + 1)?.to_string(), plain(d, depth + 1)?));
            Value::Object((0..pairs).map(|_| pair(decoder)).collect::<Option<_>>()?)
        }
        _ => json!(decoder.i64().ok()?),
    })
}
