//! What devices were told to forget, brought by one of them to a server that has lost it together with its journal, as when
//! the whole folder was put back from a copy. The server's own signature stands under it.

use std::collections::BTreeMap;
use std::path::Path;

use jiff::Timestamp;
use minicbor::bytes::{ByteArray, ByteVec};
use rusqlite::{Connection, Transaction};
use sync::document::genesis_hash;
use sync::gate::parse;
use sync::id::{Epoch, RecordId, TenantId};
use sync::model::petition::Words;
use sync::signed::ErasedClaim;
use sync::wire::{Erased, MAX_TOMBSTONES};

use super::person::scrub;
use super::words::{Beginning, begin, keep};
use crate::audit::confirm_or_warn;
use crate::error::ServerError;
use crate::ingest::{Author, Generation, GenerationChange, Ledger, Proven};
use crate::keys::{Chance, ServerKeys, draw};
use crate::life::Journal;
use crate::store::{self, AuditWhat, Device};

/// Forgets what is brought and not known here. A petition's words are gone with the generation that a device proves; where it
/// proves none they are taken out once more, behind the generation that was told, with all that was written since: how far it
/// went then is not told.
pub fn erase_again(
    data: &Path,
    conn: &Connection,
    device: &Device,
    brought: &[Erased],
    proven: &[Proven],
    now: Timestamp,
    chance: Chance<'_>,
) -> Result<(), ServerError> {
    if brought.is_empty() {
        return Ok(());
    }
    let keys = ServerKeys::read(data)?;
    let lost = lost(conn, &keys, store::read_tenant(conn)?.id, brought)?;
    if lost.is_empty() {
        return Ok(());
    }
    let mut ledger = Ledger::to_operate(data, now, chance)?;
    let tenant = ledger.tenant().clone();
    let mut journal = Journal::open(data)?;
    let mut latest: BTreeMap<RecordId, Erased> = BTreeMap::new();
    for erased in lost {
        tracing::warn!(person = %erased.person, device = %device.id, "to be forgotten again, as a device was told");
        if erased.generation.is_none() {
            ledger.write(|tx| person(tx, &mut journal, device, &erased, now))?;
            continue;
        }
        let known = latest.entry(RecordId(erased.person.0)).or_insert(erased);
        if known.generation < erased.generation {
            *known = erased;
        }
    }
    for (record, erased) in latest {
        let epoch = Epoch::from_bytes(draw(chance)?);
        ledger.rewrite(now, |tx| match adopted(tx, &erased, proven)? {
            Some(generation) => {
                keep(tx, data, &mut journal, &generation, device, now)?;
                Ok(generation)
            }
            None => {
                let above = erased.generation.unwrap_or(0);
                let beginning = Beginning { record, epoch, words: Words::OfEverybody, above, now };
                Ok(begin(tx, data, &tenant, &keys, &beginning, &mut journal, device)?.0)
            }
        })?;
    }
    confirm_or_warn(data, ledger.connection(), now);
    scrub(ledger.connection())?;
    Ok(())
}

fn person(
    tx: &Transaction<'_>,
    journal: &mut Journal,
    device: &Device,
    erased: &Erased,
    now: Timestamp,
) -> Result<(), ServerError> {
    let record = store::petitions_of(tx, erased.person)?.first().copied().unwrap_or(RecordId(erased.person.0));
    let versions = store::erase(tx, erased)?;
    let detail = format!("{versions} versions, brought back");
    store::audit(tx, now.as_millisecond(), device, AuditWhat::IdentityErased, record, &detail, None)?;
    journal.erased(erased)
}

/// The generation that devices have, as one of them proves it: what else it brings stands on it, and is taken in after it.
fn adopted(tx: &Transaction<'_>, erased: &Erased, proven: &[Proven]) -> Result<Option<Generation>, ServerError> {
    let record = RecordId(erased.person.0);
    let Some(row) = store::record(tx, record)? else { return Ok(None) };
    let mut creation = None;
    for change in proven.iter().filter(|change| change.record == record) {
        let Ok(parsed) = parse(&change.bytes) else { continue };
        let begins = parsed.deps.iter().any(|dep| genesis_hash(dep).is_some());
        if begins && store::change_place(tx, row.index, &parsed.hash)?.is_none() {
            creation = Some(change);
        }
    }
    let Some(creation) = creation else { return Ok(None) };
    let same = |change: &&Proven| {
        change.record == record && change.author == creation.author && change.epoch == creation.epoch
    };
    let changes = proven.iter().filter(same).map(|change| GenerationChange {
        bytes: ByteVec::from(change.bytes.clone()),
        signature: ByteArray::from(change.signature.unwrap_or([0; 64])),
        epoch: change.epoch,
        position: change.place.position,
    });
    let author = Author { device: creation.author, key: ByteArray::from(creation.key), user: creation.user.clone() };
    let arrivals = Generation::arrivals(tx, &row.receipts)?;
    Ok(Some(Generation { erased: *erased, author, changes: changes.collect(), arrivals }))
}

/// Of what is brought, what the server has signed and does not know. Words of a petition that is not here wait until it is.
fn lost(
    conn: &Connection,
    keys: &ServerKeys,
    tenant: TenantId,
    brought: &[Erased],
) -> Result<Vec<Erased>, ServerError> {
    let mut lost = Vec::new();
    for erased in brought.iter().take(MAX_TOMBSTONES) {
        let Erased { person, at, generation, .. } = *erased;
        let record = RecordId(person.0);
        let known = match generation {
            None => store::erased(conn, person)?.is_some(),
            Some(generation) => {
                store::record(conn, record)?.is_none()
                    || store::rewritten(conn, record)?.is_some_and(|there| there.generation >= generation)
            }
        };
        if known {
            continue;
        }
        let claim = ErasedClaim { tenant, person, generation, at };
        if !claim.verify(keys.receipt.verifying_key().as_bytes(), &erased.signature) {
            // No honest device keeps such a line; a dishonest one is not to cost a signature for each.
            break;
        }
        lost.push(*erased);
    }
    Ok(lost)
}
