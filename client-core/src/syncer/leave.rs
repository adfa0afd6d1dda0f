//! A device that was shut out hands over what it has not sent, and forgets everything.

use std::collections::HashSet;

use data_encoding::HEXLOWER_PERMISSIVE;
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use sync::signed::LeftClaim;
use sync::wire::{Leavings, Left, LeftKept, MAX_LEFT_BYTES, SealedFor};

use super::clock::still_stale;
use super::error::SyncError;
use super::exchange::{Ended, Exchange, Read, Rng, Step};
use super::incoming::WholeAnswer;
use super::outgoing::Outgoing;
use crate::outbox;
use crate::replica::{Replica, ReplicaError};
use crate::store::meta;

const PATH: &str = "/v1/quarantine";
/// An answer larger than this is none.
const MAX_ANSWER_BYTES: usize = 64 * 1024;
/// So much goes into one upload: what seals it and the last piece fit beside it.
const PART_BYTES: usize = MAX_LEFT_BYTES / 2;

/// What one piece of work is known by: SHA-256 over all that is said of it.
type Mark = [u8; 32];

/// A device's leaving, in steps: it comes to an end when the server has signed for everything, also for what was done
/// meanwhile. Then the replica is to be [forgotten](Leaving::forget).
#[derive(Default)]
pub struct Leaving {
    /// What the server has signed for.
    handed: HashSet<Mark>,
    /// One upload at least has been signed for: it is that signature that says that the device was shut out.
    signed: bool,
    sent: Option<Part>,
}

/// One upload.
struct Part {
    body: Vec<u8>,
    marks: Vec<Mark>,
    answer: WholeAnswer,
}

impl Leaving {
    /// Wipes the replica: nothing of it may be lost by that. Gives what every command says from then on. On an error nothing
    /// was wiped.
    pub fn forget(self, replica: Replica) -> Result<ReplicaError, SyncError> {
        if !self.signed || !self.next_part(&replica)?.0.is_empty() {
            return Err(SyncError::Overtaken);
        }
        Ok(replica.wipe()?)
    }

    /// What waits and has not been handed over, as much as can be sent at once.
    fn next_part(&self, replica: &Replica) -> Result<(Vec<Left>, Vec<Mark>), ReplicaError> {
        let mut entries = outbox::everything(&replica.connection)?;
        entries.extend(replica.persons_left()?);
        let (mut part, mut marks, mut bytes) = (Vec::new(), Vec::new(), 0);
        for entry in entries {
            let encoded = minicbor::to_vec(&entry).map_err(|_| ReplicaError::Damaged("outbox"))?;
            let mark = Sha256::digest(&encoded).into();
            if self.handed.contains(&mark) {
                continue;
            }
            bytes += entry.bytes.len() + entry.command.as_ref().map_or(0, String::len) + 256;
            if bytes > PART_BYTES && !part.is_empty() {
                break;
            }
            part.push(entry);
            marks.push(mark);
        }
        Ok((part, marks))
    }
}

impl Exchange for Leaving {
    type On = Replica;
    type Outcome = ();

    fn next(&mut self, replica: &mut Replica, now: Timestamp, _: Rng<'_>) -> Result<Step<()>, SyncError> {
        let to = keeper(replica)?;
        if to.0 == SealedFor::Server && replica.has_unsent_sealed()? {
            return Err(SyncError::NoRecoveryKey);
        }
        let (entries, marks) = self.next_part(replica)?;
        if self.signed && entries.is_empty() {
            return Ok(Step::Done(()));
        }
        let identity = replica.identity();
        let leavings = Leavings { entries, unread: None };
        let secret = replica.keys().signing.to_bytes();
        let sealed = leavings.seal(identity.tenant, identity.device, (to.0, &to.1), &secret);
        let sealed = sealed.ok_or(ReplicaError::Damaged("tenant_keys"))?;
        let body = minicbor::to_vec(&sealed).map_err(|_| ReplicaError::Damaged("outbox"))?;
        let outgoing = Outgoing::post(replica, PATH, body.clone(), now)?;
        self.sent = Some(Part { body, marks, answer: WholeAnswer::of(MAX_ANSWER_BYTES) });
        Ok(Step::Send(outgoing))
    }

    fn head(&mut self, _: &mut Replica, status: u16, headers: &[(String, String)]) -> Result<(), SyncError> {
        self.sent.as_mut().map_or(Ok(()), |part| part.answer.head(status, headers))
    }

    fn body(&mut self, _: &mut Replica, bytes: &[u8], _: Timestamp, _: Rng<'_>) -> Result<Read, SyncError> {
        self.sent.as_mut().map_or(Ok(Read::Enough), |part| part.answer.body(bytes))
    }

    fn end(&mut self, replica: &mut Replica, ended: Ended, _: Timestamp, _: Rng<'_>) -> Result<(), SyncError> {
        let Some(Part { body, marks, answer }) = self.sent.take() else { return Ok(()) };
        // Of who is not let in any more the server does not ask whether the clock is right.
        let answer = answer.end(ended)?.map_err(|_| still_stale())?;
        let kept: LeftKept =
            serde_json::from_slice(&answer).map_err(|_| SyncError::Protocol(format!("JSON {PATH}")))?;
        let receipt = HEXLOWER_PERMISSIVE.decode(kept.receipt.as_bytes()).ok().and_then(|r| r.try_into().ok());
        let identity = replica.identity();
        let claim = LeftClaim { tenant: identity.tenant, device: identity.device, body: &body };
        if !receipt.is_some_and(|receipt| claim.verify(&identity.receipt_key, &receipt)) {
            return Err(SyncError::Receipt);
        }
        self.handed.extend(marks);
        self.signed = true;
        Ok(())
    }
}

/// For whom it is sealed: for the recovery key where one is known, else for the server, which seals it again.
fn keeper(replica: &Replica) -> Result<(SealedFor, [u8; 32]), SyncError> {
    let recovery = meta::tenant_keys(&replica.connection)?.and_then(|keys| keys.recovery);
    match (recovery, meta::bundle_key(&replica.connection)?) {
        (Some(recovery), _) => Ok((SealedFor::Recovery, *recovery)),
        (None, Some(server)) => Ok((SealedFor::Server, server)),
        (None, None) => Err(ReplicaError::Damaged("tenant_keys").into()),
    }
}
