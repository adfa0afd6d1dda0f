//! From a command to one signed change, judged by the gate before anything is kept.

use automerge::transaction::Transaction;
use ed25519_dalek::SigningKey;
use jiff::Timestamp;
use jiff::civil::Date;
use sync::document::{Document, DocumentError, Record, Written, directory, petition, session, text};
use sync::gate::{Author, Context, Refusal, admit, parse};
use sync::id::{ActorId, DeviceId, Epoch, EventId, PostId, TenantId, UserId};
use sync::model::directory::{Directory, Revision, RevisionBody};
use sync::model::petition::tips;
use sync::model::session::{SessionEvent, SessionEventBody};
use sync::model::time::{local_date, truncate};
use sync::pseudonym::{device_of_secret, epoch_of};
use sync::reason::Reason;
use sync::signed::{ChangeClaim, SignatureBytes};

use super::{Command, CommandError, DirectoryChange, NewEvent};

/// What a change is written with: who, when, in which life of the database, under which directory.
#[derive(Clone, Copy)]
pub(crate) struct Ground<'a> {
    pub tenant: TenantId,
    pub device: DeviceId,
    pub user: &'a UserId,
    pub key: &'a SigningKey,
    pub epoch: Epoch,
    pub directory: &'a Directory,
    pub now: Timestamp,
    /// Done before and only run again: whatever post its author ever held counts, for the server knows what he could
    /// know then, and judges.
    pub again: bool,
}

/// A command that may be kept.
#[derive(Debug)]
pub(crate) struct Judged {
    pub written: Written,
    pub signature: SignatureBytes,
    /// The public key it is written under in place of the device's.
    pub pseudonym: Option<[u8; 32]>,
    /// The life it is written in: the database's, or of a pseudonym one that is met nowhere else.
    pub epoch: Epoch,
    /// The record's document with the change.
    pub document: Document,
    /// As it now reads.
    pub read: Record,
}

/// Writes a command on a record's document; none for a record that is not there yet. `pseudonym`: the key that the record
/// is logged under, where it is sealed.
pub(crate) fn write(
    ground: &Ground<'_>,
    command: &Command,
    stored: Option<&Document>,
    pseudonym: Option<&SigningKey>,
) -> Result<Judged, CommandError> {
    let record = command.record(ground.tenant);
    let kind = command.kind();
    match stored {
        Some(_) if command.creates() => return Err(CommandError::AlreadyThere(record)),
        Some(document) => {
            let found = document.kind()?;
            if found != kind {
                return Err(CommandError::OtherKind { record, found: found.as_str(), wanted: kind.as_str() });
            }
        }
        None if command.creates() || matches!(command, Command::Directory { .. }) => {}
        None => return Err(CommandError::NoRecord(record)),
    }
    let pseudonym = pseudonym.filter(|_| command.seals());
    let signing = pseudonym.unwrap_or(ground.key);
    let key = signing.verifying_key().to_bytes();
    let device = pseudonym.map_or(ground.device, device_of_secret);
    let epoch = pseudonym.map_or(ground.epoch, |key| epoch_of(key, ground.epoch));
    let actor = ActorId::derive(&key, record, epoch);
    let mut document = stored.cloned().unwrap_or_else(|| Document::genesis(kind));
    let put = putting(command, &document)?;
    let written = document.write_named(actor, command.change_name(), put)?;
    let since = if ground.again { Date::MIN } else { local_date(ground.now, ground.directory.zone()) };
    let pseudonymous = pseudonym.is_some();
    let author = Author { key: &key, user: ground.user, since, pseudonymous, root: false };
    let context = Context { tenant: ground.tenant, directory: ground.directory, now: ground.now };
    let parsed = parse(&written.bytes)?;
    let admitted = admit(&context, &author, record, epoch, &parsed, stored)?;
    let claim = ChangeClaim { tenant: ground.tenant, device, record, epoch, seq: written.seq, hash: written.hash };
    let signature = claim.sign(signing);
    let pseudonym = pseudonymous.then_some(key);
    Ok(Judged { written, signature, pseudonym, epoch, document: admitted.document, read: admitted.record })
}

type Put<'a> = Box<dyn FnOnce(&mut Transaction<'_>) -> Result<(), DocumentError> + 'a>;

/// The one write of a command, as seen from the document it is written on.
fn putting<'a>(command: &'a Command, before: &Document) -> Result<Put<'a>, CommandError> {
    Ok(match command {
        Command::OpenSession { facts, .. } => Box::new(move |tx| session::put_facts(tx, facts)),
        Command::AppendMinutes { text, .. } => {
            if text.trim().is_empty() {
                return Err(Refusal::bad_value(Reason::field_empty("text")).into());
            }
            Box::new(move |tx| session::append_minutes(tx, text))
        }
        Command::EditMinutes { edits, .. } => {
            let placed = text::place(before, edits)?;
            if placed.is_nothing() {
                return Err(CommandError::AlreadySo);
            }
            Box::new(move |tx| text::put_edits(tx, &placed))
        }
        Command::SessionEvent { event, action, at, by, stamped, .. } => {
            let after = session_tips(&session::read(before)?.events);
            let body = SessionEventBody {
                action: action.clone(),
                at: *at,
                by: by.clone(),
                after: (!after.is_empty()).then_some(after),
                stamped: *stamped,
            };
            let event = SessionEvent { id: *event, body };
            Box::new(move |tx| session::put_event(tx, &event))
        }
        Command::LogPetition { facts, events, .. } => {
            let events = chain(events, Vec::new());
            Box::new(move |tx| {
                petition::put_facts(tx, facts)?;
                petition::put_events(tx, &events)
            })
        }
        Command::PetitionEvent { event, .. } => {
            let event = event.written(tips(&petition::read(before)?.events));
            Box::new(move |tx| petition::put_event(tx, &event))
        }
        Command::Directory { changes, at, by } => {
            let revisions = revisions(changes, *at, by, &directory::read(before)?);
            Box::new(move |tx| directory::put_revisions(tx, &revisions))
        }
    })
}

/// Each event has seen the one before it.
fn chain(events: &[NewEvent], mut after: Vec<EventId>) -> Vec<sync::model::petition::Event> {
    let written = events.iter().map(|event| {
        let next = vec![event.id];
        event.written(std::mem::replace(&mut after, next))
    });
    written.collect()
}

/// The tips of a session's events.
fn session_tips(events: &[SessionEvent]) -> Vec<EventId> {
    let seen = |id: &EventId| events.iter().any(|e| e.body.after.iter().flatten().any(|a| a == id));
    let mut tips: Vec<EventId> = events.iter().map(|e| e.id).filter(|id| !seen(id)).collect();
    tips.sort_unstable();
    tips
}

/// Revisions that follow everything their author has seen.
fn revisions(changes: &[DirectoryChange], at: Timestamp, by: &PostId, known: &[Revision]) -> Vec<Revision> {
    let depth = known.iter().map(|r| r.body.depth).max().unwrap_or(0) + 1;
    let revision = |change: &DirectoryChange| Revision {
        id: change.revision,
        body: RevisionBody {
            kind: change.kind,
            entity: change.entity.clone(),
            fields: change.fields.clone(),
            at: truncate(at),
            by: by.clone(),
            depth,
        },
    };
    changes.iter().map(revision).collect()
}
