//! One pushed change, from its bytes to its rows.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

use jiff::Timestamp;
use rusqlite::{Connection, Transaction, params};
use sync::digest::digest_of;
use sync::document::{Document, Record, RecordKind, genesis_hash};
use sync::gate::{Admitted, Author, Context, Parsed, Refusal, Verdict, admit, parse, written};
use sync::id::{ActorId, DeviceId, EventId, Hash, RecordId};
use sync::model::directory::{Directory, EntityKind, Revision};
use sync::model::petition::{Folded, fold};
use sync::model::time::{begin_of_day, local_date};
use sync::pseudonym;
use sync::reason::Reason;
use sync::signed::{ChangeClaim, SignedChange};
use sync::wire::{Ack, RefusalCode};

use crate::error::ServerError;
use crate::projection;
use crate::store::{self, AuditWhat, Device, EventReceipts, Place, RecordState, Tenant};

use super::rebuild::load_receipts;
use super::rescope::{Cause, Line, rescope, scope_of};

/// A change with the device it came from.
#[derive(Debug, Clone)]
pub struct Incoming {
    /// Who pushed it, and so wrote it.
    pub device: Device,
    /// The change.
    pub signed: SignedChange,
}

impl Incoming {
    /// Under which key it is written: the device's, or a pseudonym.
    fn key(&self) -> &[u8; 32] {
        self.signed.pseudonym.as_ref().unwrap_or(&self.device.key)
    }

    /// What stands in the log for who wrote it.
    fn writer(&self) -> DeviceId {
        self.signed.pseudonym.as_ref().map_or(self.device.id, pseudonym::device_of)
    }

    /// Its number, where the writer is known here.
    fn writer_index(&self, conn: &Connection) -> Result<Option<i64>, ServerError> {
        match &self.signed.pseudonym {
            None => Ok(Some(self.device.index)),
            Some(key) => {
                Ok(store::author(conn, self.writer())?.filter(|known| known.key == *key).map(|known| known.index))
            }
        }
    }
}

/// What became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The record it belongs to.
    pub record: RecordId,
    /// The change; none for bytes that are none.
    pub hash: Option<Hash>,
    /// For the device.
    pub ack: Ack,
    /// The key it was written under in place of the device's.
    pub pseudonym: Option<[u8; 32]>,
}

/// The event of a petition or session under which the creating change is noted.
pub(super) const CREATION: EventId = EventId(uuid::Uuid::nil());

/// How many refused changes are kept for the administrator to see.
const REFUSED_KEPT: i64 = 10_000;

/// What one group remembers between its changes.
#[derive(Debug, Default)]
pub(super) struct Group {
    /// What was refused: whatever stands on it is refused as `ancestor`.
    refused: HashSet<(RecordId, Hash)>,
    /// Documents as the group has left them, so that a record's next change need not load its own.
    documents: HashMap<RecordId, Document>,
}

impl Group {
    /// A change of this record came to nothing half way: its document is read again.
    pub(super) fn forget(&mut self, record: RecordId) {
        self.documents.remove(&record);
    }
}

/// Takes one change in, or says why not. Gives the directory when it has changed.
pub(super) fn accept(
    tx: &Transaction<'_>,
    tenant: &Tenant,
    directory: &Directory,
    incoming: &Incoming,
    now: Timestamp,
    group: &mut Group,
) -> Result<(Outcome, Option<Directory>), ServerError> {
    let record = incoming.signed.record;
    let parsed = match parse(&incoming.signed.bytes) {
        Ok(parsed) => parsed,
        Err(refusal) => return Ok((refuse(tx, incoming, None, &refusal, now)?, None)),
    };
    let pseudonym = incoming.signed.pseudonym;
    let outcome = |ack| Outcome { record, hash: Some(parsed.hash), ack, pseudonym };
    let row = store::record(tx, record)?;
    if let Some(row) = &row
        && let Some(place) = store::change_place(tx, row.index, &parsed.hash)?
    {
        // Another device may have brought it back, without its author's signature.
        let signature = &incoming.signed.signature;
        if store::is_unsigned(tx, place.position)? && claim(tenant, incoming, &parsed).verify(incoming.key(), signature)
        {
            store::sign_change(tx, place.position, signature)?;
        }
        let ack = Ack::Duplicate { position: place.position, received: place.received_at };
        return Ok((outcome(ack), None));
    }
    let writer = incoming.writer_index(tx)?;
    if row.as_ref().is_some_and(|row| writer.is_some_and(|w| is_known(tenant, incoming, w, &parsed, row))) {
        // What stands on it stands on another change than the one that is there.
        group.refused.insert((record, parsed.hash));
        return Ok((outcome(Ack::Known), None));
    }
    if parsed.deps.iter().any(|d| genesis_hash(d).is_some()) && store::rewritten(tx, record)?.is_some() {
        group.refused.insert((record, parsed.hash));
        let refusal = Refusal::immutable(Reason::words_erased());
        return Ok((refuse(tx, incoming, Some(parsed.hash), &refusal, now)?, None));
    }
    if parsed.deps.iter().any(|d| group.refused.contains(&(record, *d))) {
        group.refused.insert((record, parsed.hash));
        let refusal = Refusal::new(RefusalCode::Ancestor, Reason::stands_on_refused());
        return Ok((refuse(tx, incoming, Some(parsed.hash), &refusal, now)?, None));
    }
    if let (Some(row), Entry::Vacant(place)) = (&row, group.documents.entry(record)) {
        place.insert(Document::load(&row.snapshot)?);
    }
    match judged(tenant, directory, incoming, &parsed, group.documents.get(&record), now) {
        Err(Verdict::Waiting(deps)) => Ok((outcome(Ack::Waiting { deps }), None)),
        Err(Verdict::Refused(refusal)) => {
            group.refused.insert((record, parsed.hash));
            Ok((refuse(tx, incoming, Some(parsed.hash), &refusal, now)?, None))
        }
        Ok(admitted) => {
            let (ack, changed) = keep(tx, tenant, directory, incoming, &parsed, row, &admitted, now)?;
            group.documents.insert(record, admitted.document);
            Ok((outcome(ack), changed))
        }
    }
}

/// Whether the same device, known here by its number, has written all of this before, under another change.
fn is_known(tenant: &Tenant, incoming: &Incoming, device: i64, parsed: &Parsed, row: &store::RecordRow) -> bool {
    let Some(written) = written(parsed, row.kind) else { return false };
    let creation = written.creates.then_some(CREATION);
    let mut ids = creation.into_iter().chain(written.entries).peekable();
    let names_something = ids.peek().is_some() || parsed.name.is_some();
    names_something
        && ids.all(|id| row.receipts.by(id, device))
        && parsed.name.is_none_or(|name| row.receipts.named_by(name, device))
        && claim(tenant, incoming, parsed).verify(incoming.key(), &incoming.signed.signature)
}

fn claim(tenant: &Tenant, incoming: &Incoming, parsed: &Parsed) -> ChangeClaim {
    let signed = &incoming.signed;
    ChangeClaim {
        tenant: tenant.id,
        device: incoming.writer(),
        record: signed.record,
        epoch: signed.epoch,
        seq: parsed.expanded.seq,
        hash: parsed.hash,
    }
}

fn judged(
    tenant: &Tenant,
    directory: &Directory,
    incoming: &Incoming,
    parsed: &Parsed,
    stored: Option<&Document>,
    now: Timestamp,
) -> Result<Admitted, Verdict> {
    let Incoming { device, signed } = incoming;
    if !claim(tenant, incoming, parsed).verify(incoming.key(), &signed.signature) {
        return Err(Refusal::new(RefusalCode::BadSignature, Reason::not_its_signature()).into());
    }
    let context = Context { tenant: tenant.id, directory, now };
    let author = Author {
        key: incoming.key(),
        user: &device.user,
        since: local_date(device.informed.time(), directory.zone()),
        root: device.root,
        pseudonymous: signed.pseudonym.is_some(),
    };
    admit(&context, &author, signed.record, signed.epoch, parsed, stored)
}

fn refuse(
    tx: &Transaction<'_>,
    incoming: &Incoming,
    hash: Option<Hash>,
    refusal: &Refusal,
    now: Timestamp,
) -> Result<Outcome, ServerError> {
    let pseudonym = incoming.signed.pseudonym;
    let record = incoming.signed.record;
    let ack = Ack::Refused { code: refusal.code, reason: refusal.reason.clone() };
    // Whose device brought a sealed petition is not kept, also not of one that was refused.
    if pseudonym.is_some() {
        return Ok(Outcome { record, hash, ack, pseudonym });
    }
    // Nor is what was refused because it must not be known any more.
    if refusal.reason == Reason::words_erased() {
        return Ok(Outcome { record, hash, ack, pseudonym });
    }
    tx.prepare_cached("INSERT INTO refused (at, device, record, code, detail, bytes) VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?
        .execute(params![
            now.as_millisecond(),
            incoming.device.index,
            record.as_bytes(),
            refusal.code.as_str(),
            refusal.reason.to_string(),
            incoming.signed.bytes
        ])?;
    tx.prepare_cached("DELETE FROM refused WHERE idx <= ?1")?.execute([tx.last_insert_rowid() - REFUSED_KEPT])?;
    let (at, code) = (now.as_millisecond(), refusal.code.as_str());
    store::audit(tx, at, &incoming.device, AuditWhat::ChangeRefused, record, code, None)?;
    tracing::info!(code = refusal.code.as_str(), %record, "change refused");
    Ok(Outcome { record, hash, ack, pseudonym })
}

#[expect(clippy::too_many_arguments, reason = "what a change is kept with")]
fn keep(
    tx: &Transaction<'_>,
    tenant: &Tenant,
    directory: &Directory,
    incoming: &Incoming,
    parsed: &Parsed,
    row: Option<store::RecordRow>,
    admitted: &Admitted,
    now: Timestamp,
) -> Result<(Ack, Option<Directory>), ServerError> {
    let signed = &incoming.signed;
    let writer = match incoming.writer_index(tx)? {
        Some(known) => known,
        None => store::add_author(tx, incoming.writer(), "", incoming.key())?,
    };
    // Of a sealed petition the hour would tell the session, and whose device was there.
    let received = if signed.pseudonym.is_some() { begin_of_day(now, directory.zone()) } else { now };
    let place = Place { position: store::next_position(tx)?, received_at: received.as_millisecond() };
    let (created_position, old_digest, mut receipts) = match &row {
        Some(row) => (row.created_position, row.digest, row.receipts.clone()),
        None => (place.position, [0; 8], EventReceipts::default()),
    };
    note(&mut receipts, &admitted.record, parsed.name, writer, place);
    let folded = folded(&admitted.record);
    let scope = scope_of(&admitted.record, folded.as_ref());
    let digest = digest_of(signed.record, &admitted.document.heads());
    let state = RecordState {
        id: signed.record,
        kind: admitted.kind,
        created_position,
        last_position: place.position,
        open: folded.as_ref().is_none_or(|f| f.last().status.is_open()),
        scope: &scope,
        digest,
        receipts: &receipts,
        snapshot: &admitted.snapshot,
    };
    let index = store::save_record(tx, &state)?;
    let actor = ActorId::derive(incoming.key(), signed.record, signed.epoch);
    store::add_change(
        tx,
        place,
        index,
        &parsed.hash,
        actor,
        parsed.expanded.seq,
        writer,
        signed.epoch,
        &signed.bytes,
        signed.signature.as_slice(),
    )?;
    let line = Line { position: place.position, change: place.position };
    let cause = if row.is_none() { Cause::Created(line) } else { Cause::Changed(line) };
    let today = local_date(now, directory.zone());
    rescope(tx, index, &scope, (old_digest, digest), &cause, directory, today)?;
    let changed = match &admitted.record {
        Record::Directory(revisions) => {
            note_rights(tx, incoming, parsed, revisions, now)?;
            Some(Directory::from_revisions(revisions))
        }
        record => {
            project(tx, signed.record, created_position, record, &receipts, directory)?;
            None
        }
    };
    tracing::debug!(position = place.position, tenant = %tenant.id, "change accepted");
    Ok((Ack::Accepted { position: place.position, received: place.received_at }, changed))
}

/// Tables of the directory that say who may do what, and where.
const OF_RIGHTS: [EntityKind; 7] = [
    EntityKind::Setting,
    EntityKind::Office,
    EntityKind::Unit,
    EntityKind::Body,
    EntityKind::Post,
    EntityKind::User,
    EntityKind::Holding,
];

/// Writes down who has changed rights, and how many entries of which tables; what stands in them is in the log.
fn note_rights(
    tx: &Transaction<'_>,
    incoming: &Incoming,
    parsed: &Parsed,
    revisions: &[Revision],
    now: Timestamp,
) -> Result<(), ServerError> {
    let entries = written(parsed, RecordKind::Directory).map(|written| written.entries).unwrap_or_default();
    let kinds: Vec<EntityKind> = revisions.iter().filter(|r| entries.contains(&r.id)).map(|r| r.body.kind).collect();
    let count = |kind: &EntityKind| (kinds.iter().filter(|k| *k == kind).count(), *kind);
    let counts = OF_RIGHTS.iter().map(count).filter(|(n, _)| *n > 0);
    let counts: Vec<String> = counts.map(|(n, kind)| format!("{n} {kind}")).collect();
    if counts.is_empty() {
        return Ok(());
    }
    let (at, record) = (now.as_millisecond(), incoming.signed.record);
    store::audit(tx, at, &incoming.device, AuditWhat::RightsChanged, record, &counts.join(", "), None)
}

/// The status, where only it is asked: counted dates play no part in it.
pub(super) fn folded(record: &Record) -> Option<Folded> {
    match record {
        Record::Petition(p) => Some(fold(&p.facts, p.facts.at, &p.events, |e| e.body.at)),
        _ => None,
    }
}

/// Notes the arrival of whatever in a record is not noted yet; `name`: what the change itself is called.
pub(super) fn note(receipts: &mut EventReceipts, record: &Record, name: Option<EventId>, device: i64, place: Place) {
    let ids: Vec<EventId> = match record {
        Record::Petition(p) => p.events.iter().map(|e| e.id).collect(),
        Record::Session(s) => s.events.iter().map(|e| e.id).collect(),
        Record::Directory(_) => return,
    };
    if let Some(name) = name {
        receipts.add_name(name, device);
    }
    for id in [CREATION].into_iter().chain(ids) {
        if !receipts.has(id) {
            receipts.add(id, device, place.received_at, place.position);
        }
    }
}

/// Writes a record's projection rows.
pub(super) fn project(
    tx: &Transaction<'_>,
    id: RecordId,
    created_position: u64,
    record: &Record,
    receipts: &EventReceipts,
    directory: &Directory,
) -> Result<(), ServerError> {
    let receipts = load_receipts(tx, receipts)?;
    match record {
        Record::Petition(petition) => {
            projection::put_petition(tx, id, created_position, petition, &receipts, directory)?
        }
        Record::Session(session) => projection::put_session(tx, id, session, &receipts)?,
        Record::Directory(_) => {}
    }
    Ok(())
}
