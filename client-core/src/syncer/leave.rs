//! A device that was shut out hands over what it has not sent, and forgets everything.

use data_encoding::HEXLOWER_PERMISSIVE;
use jiff::Timestamp;
use sync::signed::LeftClaim;
use sync::wire::{Leavings, Left, LeftKept, MAX_LEFT_BYTES, SealedFor};

use super::error::SyncError;
use super::signed_request::{self, Answer};
use crate::outbox;
use crate::replica::{Replica, ReplicaError};
use crate::store::meta;
use crate::transport::Transport;

const PATH: &str = "/v1/quarantine";
/// An answer larger than this is none.
const MAX_ANSWER_BYTES: u64 = 64 * 1024;
/// So much goes into one upload: what seals it and the last piece fit beside it.
const PART_BYTES: usize = MAX_LEFT_BYTES / 2;

/// Hands everything unsent and refused over to the server, sealed for the tenant's recovery key, and wipes the replica once
/// the server has signed that it keeps it. Gives what every command says from then on. On an error nothing was wiped.
///
/// Whoever answers in the server's place gains nothing: without its signature nothing is wiped, and what was sent can be
/// read by the holder of the recovery key alone.
pub fn leave(
    replica: Replica,
    transport: &mut dyn Transport,
    clock: &dyn Fn() -> Timestamp,
) -> Result<ReplicaError, SyncError> {
    let to = keeper(&replica)?;
    let secret = replica.keys().signing.to_bytes();
    let (tenant, device) = (replica.identity().tenant, replica.identity().device);
    if to.0 == SealedFor::Server && replica.has_unsent_sealed()? {
        return Err(SyncError::NoRecoveryKey);
    }
    let mut entries = outbox::everything(&replica.connection)?;
    entries.extend(replica.persons_left()?);
    for part in parts(entries) {
        let leavings = Leavings { entries: part, unread: None };
        let sealed =
            leavings.seal(tenant, device, (to.0, &to.1), &secret).ok_or(ReplicaError::Damaged("tenant_keys"))?;
        let body = minicbor::to_vec(&sealed).map_err(|_| ReplicaError::Damaged("outbox"))?;
        let Answer::Body(answer) = signed_request::post(&replica, transport, PATH, &body, clock())? else {
            return Err(super::still_stale());
        };
        let answer = signed_request::all_of(answer, MAX_ANSWER_BYTES)?;
        let kept: LeftKept =
            serde_json::from_slice(&answer).map_err(|_| SyncError::Protocol(format!("JSON {PATH}")))?;
        let receipt = HEXLOWER_PERMISSIVE.decode(kept.receipt.as_bytes()).ok().and_then(|r| r.try_into().ok());
        let claim = LeftClaim { tenant, device, body: &body };
        if !receipt.is_some_and(|receipt| claim.verify(&replica.identity().receipt_key, &receipt)) {
            return Err(SyncError::Receipt);
        }
    }
    Ok(replica.wipe()?)
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

/// In pieces that can be sent; one at least, for it is the server's signature that says that the device was shut out.
fn parts(entries: Vec<Left>) -> Vec<Vec<Left>> {
    let (mut parts, mut bytes) = (vec![Vec::new()], 0);
    for entry in entries {
        let more = entry.bytes.len() + entry.command.as_ref().map_or(0, String::len) + 256;
        if bytes + more > PART_BYTES && bytes > 0 {
            parts.push(Vec::new());
            bytes = 0;
        }
        bytes += more;
        if let Some(part) = parts.last_mut() {
            part.push(entry);
        }
    }
    parts
}
