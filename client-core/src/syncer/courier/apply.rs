//! The reply, taken in as if it had come over the network.

use jiff::Timestamp;
use sync::id::Hash;
use sync::signed::ReplyClaim;
use sync::wire::{Bundle, BundleAnswers, Direction};

use super::error::CourierError;
use super::kept::{Asked, asked, forget_asked};
use crate::outbox;
use crate::replica::{Replica, ReplicaError};
use crate::store::{meta, record};
use crate::syncer::frame_stream::FrameStream;
use crate::syncer::incoming::Decoder;
use crate::syncer::request::{ask_before_they_go, fresh_epoch};
use crate::syncer::response::{InResponse, PushedChange};
use crate::syncer::{SyncError, SyncReport};

/// Takes a reply in. The device that asked, and no other, can read it; taken in twice, or after the device has synced
/// otherwise, it changes nothing.
pub fn apply(
    replica: &mut Replica,
    file: &[u8],
    clock: &dyn Fn() -> Timestamp,
    rng: &mut dyn FnMut(&mut [u8]),
) -> Result<SyncReport, CourierError> {
    let bundle = match Bundle::from_file(file) {
        Some((Direction::Reply, bundle)) => bundle,
        Some((Direction::Request, _)) => return Err(CourierError::NotAReply),
        None => return Err(CourierError::Unreadable),
    };
    let answers = opened(replica, &bundle)?;
    let id: [u8; 16] = *bundle.envelope.id;
    let asked = asked(&replica.connection, &id)?.ok_or(CourierError::NotAwaited)?;
    let stands = (meta::cursor(&replica.connection)?, meta::fill(&replica.connection)?);
    if stands != (asked.cursor, asked.fill) {
        forget_asked(&replica.connection, &id)?;
        return Err(CourierError::Stale);
    }
    let mut report = SyncReport { bytes_down: file.len() as u64, ..SyncReport::default() };
    // What fails half way has moved the cursor or nothing: taken in again it goes on, or is found stale.
    take(replica, &asked, &answers, clock, rng, &mut report)?;
    forget_asked(&replica.connection, &id)?;
    if let Some((kind, detail)) = answers.problem {
        return Err(CourierError::Refused { kind, detail });
    }
    report.pending = outbox::totals(&replica.connection)?.pending;
    Ok(report)
}

/// What the reply says, if it is the server's and for this device.
fn opened(replica: &Replica, bundle: &Bundle) -> Result<BundleAnswers, CourierError> {
    let identity = replica.identity();
    if bundle.envelope.tenant != identity.tenant {
        return Err(CourierError::OtherTenant);
    }
    if bundle.envelope.device != identity.device {
        return Err(CourierError::OtherDevice);
    }
    let claim = ReplyClaim { envelope: &bundle.envelope.encoded(), sealed: &bundle.sealed };
    if !claim.verify(&identity.receipt_key, &bundle.signature) {
        return Err(CourierError::Forged);
    }
    let plain = bundle.open(Direction::Reply, &replica.keys().receiving.to_bytes()).ok_or(CourierError::Forged)?;
    minicbor::decode(&plain).map_err(|_| CourierError::Unreadable)
}

fn take(
    replica: &mut Replica,
    asked: &Asked,
    answers: &BundleAnswers,
    clock: &dyn Fn() -> Timestamp,
    rng: &mut dyn FnMut(&mut [u8]),
    report: &mut SyncReport,
) -> Result<(), CourierError> {
    for (pushed, answer) in asked.pushes.iter().zip(&answers.frames) {
        // What is not in the outbox any more was answered otherwise, or is written anew.
        let changes = pushed.changes.iter().map(|c| {
            let hash = Hash(*c.hash);
            let bytes = outbox::by_hash(&replica.connection, hash)?.map(|unsent| unsent.bytes);
            let pseudonym = c.pseudonym.map(|key| *key);
            Ok(PushedChange { record: c.record, hash, epoch: c.epoch, pseudonym, bytes })
        });
        let changes = changes.collect::<Result<Vec<_>, ReplicaError>>()?;
        let provable = asked.provable.clone().filter(|_| !pushed.only_push);
        let mut response = InResponse::of_bundle(changes, pushed.only_push, provable, asked.seen);
        if !pushed.only_push {
            response.persons = asked.persons.clone().unwrap_or_default();
        }
        let mut stream = FrameStream::of(Decoder::zstd()?);
        let mut bytes = answer.as_slice();
        report.requests += 1;
        loop {
            let (mut together, sound) = stream.next_frames(&mut bytes);
            let (last, used_up) = (together.back().is_some_and(|frame| frame.last), together.is_empty());
            while !together.is_empty() {
                let now = replica.clock(clock())?;
                response.commit(replica, &mut together, now, fresh_epoch(rng), report)?;
            }
            sound?;
            if last {
                break;
            }
            if used_up {
                return Err(SyncError::Cut.into());
            }
        }
        if !pushed.only_push {
            let tx = replica.connection.transaction()?;
            // What has left as far as this device knows, and the server has said nothing of.
            let unsaid = record::wanted(&tx, &asked.wants)?;
            ask_before_they_go(&tx, unsaid, clock().as_millisecond())?;
            for want in asked.wants.iter().filter(|w| !response.lacking.contains(w)) {
                record::unwant(&tx, *want)?;
            }
            tx.commit()?;
        }
    }
    Ok(())
}
