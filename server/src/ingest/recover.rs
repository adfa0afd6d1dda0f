//! What a database put back from a copy has lost, taken in again: on the server's own receipt, at its old position, without
//! judging it once more.

use jiff::Timestamp;
use rusqlite::Transaction;
use sync::document::{Document, Record, RecordKind, genesis_hash};
use sync::gate::{Parsed, parse};
use sync::id::{ActorId, DeviceId, Epoch, Hash, RecordId};
use sync::model::directory::Directory;
use sync::model::time::local_date;
use sync::signed::{ChangeClaim, SignatureBytes};

use super::accept::project;
use super::rebuild::Again;
use super::rescope::{Cause, Line, rescope};
use crate::error::ServerError;
use crate::store::{self, EventReceipts, Place, RecordRow, RecordState, Tenant};

/// A change with the receipt's word for where it stood.
#[derive(Debug, Clone)]
pub struct Proven {
    /// The record it belongs to.
    pub record: RecordId,
    /// Who wrote it.
    pub author: DeviceId,
    /// Its signing key.
    pub key: [u8; 32],
    /// Its user.
    pub user: String,
    /// The life of its database.
    pub epoch: Epoch,
    /// Where it stood, and when it came.
    pub place: Place,
    /// The whole chunk.
    pub bytes: Vec<u8>,
    /// Made again by the author's device, where it is the one that brings it.
    pub signature: Option<SignatureBytes>,
}

/// Takes one in, unless it is there. What stands on changes that are not there stays with the device, which brings it
/// again. Gives the directory when it has changed.
pub(super) fn recover(
    tx: &Transaction<'_>,
    tenant: &Tenant,
    directory: &Directory,
    proven: &Proven,
    now: Timestamp,
) -> Result<Option<Directory>, ServerError> {
    let Ok(parsed) = parse(&proven.bytes) else { return Ok(None) };
    let begins = parsed.deps.iter().any(|d| genesis_hash(d).is_some());
    if begins && store::rewritten(tx, proven.record)?.is_some_and(|now| now.creation != parsed.hash) {
        // Its words were taken out; without its beginning nothing of that generation stands.
        return Ok(None);
    }
    let actor = ActorId::derive(&proven.key, proven.record, proven.epoch);
    if parsed.expanded.actor_id != actor.to_automerge() {
        return Ok(None);
    }
    let Some(device) = author(tx, proven)? else { return Ok(None) };
    let signature = signature(tenant, proven, &parsed);
    let row = store::record(tx, proven.record)?;
    let there = row.as_ref().map(|row| store::change_place(tx, row.index, &parsed.hash)).transpose()?.flatten();
    if let (Some(row), Some(place)) = (&row, there) {
        if let Some(signature) = signature {
            store::sign_change(tx, place.position, &signature)?;
        }
        // It came once more since, and was given another place: the first is the true one.
        if place.position <= proven.place.position || !fits(tx, Some(row.index), &parsed, proven.place.position)? {
            return Ok(None);
        }
        store::move_to(tx, place.position, proven.place)?;
        store::move_change(tx, place.position, proven.place.position)?;
        return read_again(tx, proven.record, row, proven.place.position, false, directory, now);
    }
    let kind = row.as_ref().map(|row| row.kind).or_else(|| parsed.deps.iter().find_map(genesis_hash));
    let index = row.as_ref().map(|row| row.index);
    let (Some(kind), true) = (kind, stands(tx, index, &parsed)?) else { return Ok(None) };
    if let Some(index) = index
        && store::in_stream(tx, index, actor, parsed.expanded.seq)?.is_some()
    {
        tracing::error!(record = %proven.record, "a change brought back is another than the one its author wrote since");
        return Ok(None);
    }
    let place = if fits(tx, index, &parsed, proven.place.position)? {
        proven.place
    } else {
        Place { position: store::next_position(tx)?, ..proven.place }
    };
    let created = row.is_none();
    let row = match row {
        Some(row) => row,
        None => begun(tx, proven.record, kind, place.position)?,
    };
    let signature = signature.as_ref().map(|s| s.as_slice()).unwrap_or_default();
    let seq = parsed.expanded.seq;
    let hash = &parsed.hash;
    store::add_change(tx, place, row.index, hash, actor, seq, device, proven.epoch, &proven.bytes, signature)?;
    tracing::info!(position = place.position, record = %proven.record, "a change was brought back");
    read_again(tx, proven.record, &row, place.position, created, directory, now)
}

/// The author's number. None: another device is known by this id.
fn author(tx: &Transaction<'_>, proven: &Proven) -> Result<Option<i64>, ServerError> {
    match store::author(tx, proven.author)? {
        Some(known) if known.key == proven.key => Ok(Some(known.index)),
        Some(_) => Ok(None),
        None => Ok(Some(store::add_author(tx, proven.author, &proven.user, &proven.key)?)),
    }
}

/// The author's own signature, if it is one.
fn signature(tenant: &Tenant, proven: &Proven, parsed: &Parsed) -> Option<SignatureBytes> {
    let claim = ChangeClaim {
        tenant: tenant.id,
        device: proven.author,
        record: proven.record,
        epoch: proven.epoch,
        seq: parsed.expanded.seq,
        hash: parsed.hash,
    };
    proven.signature.filter(|signature| claim.verify(&proven.key, signature))
}

fn places_below(tx: &Transaction<'_>, index: Option<i64>, deps: &[Hash], below: u64) -> Result<bool, ServerError> {
    for dep in deps.iter().filter(|d| genesis_hash(d).is_none()) {
        let place = index.map(|index| store::change_place(tx, index, dep)).transpose()?.flatten();
        if place.is_none_or(|place| place.position >= below) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Whether all it stands on is there.
fn stands(tx: &Transaction<'_>, index: Option<i64>, parsed: &Parsed) -> Result<bool, ServerError> {
    places_below(tx, index, &parsed.deps, u64::MAX)
}

/// Whether a position can be given back to it: nobody has it, and what it stands on lies before.
fn fits(tx: &Transaction<'_>, index: Option<i64>, parsed: &Parsed, position: u64) -> Result<bool, ServerError> {
    Ok(position > 0
        && position <= store::position(tx)?
        && store::is_free(tx, position)?
        && places_below(tx, index, &parsed.deps, position)?)
}

/// A record of which nothing is there yet.
fn begun(tx: &Transaction<'_>, id: RecordId, kind: RecordKind, position: u64) -> Result<RecordRow, ServerError> {
    let state = RecordState {
        id,
        kind,
        created_position: position,
        last_position: position,
        open: true,
        scope: "",
        digest: [0; 8],
        receipts: &EventReceipts::default(),
        snapshot: &Document::genesis(kind).save(),
    };
    let index = store::save_record(tx, &state)?;
    store::record_by_index(tx, index)
}

/// The record's caches, feeds and rows from its changes as they now are. The log shows the change in a new line, for those
/// who have followed it further.
fn read_again(
    tx: &Transaction<'_>,
    id: RecordId,
    row: &RecordRow,
    change: u64,
    created: bool,
    directory: &Directory,
    now: Timestamp,
) -> Result<Option<Directory>, ServerError> {
    let again = Again::from_changes(tx, row.index, row.kind)?;
    let (index, scope, digest) = again.save(tx, id, row.kind)?;
    let line = Line { position: store::next_position(tx)?, change };
    let cause = if created { Cause::Created(line) } else { Cause::Changed(line) };
    rescope(tx, index, &scope, (row.digest, digest), &cause, directory, local_date(now, directory.zone()))?;
    if let Record::Directory(revisions) = &again.record {
        return Ok(Some(Directory::from_revisions(revisions)));
    }
    project(tx, id, again.created, &again.record, &again.receipts, directory)?;
    Ok(None)
}
