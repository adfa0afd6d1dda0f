//! One exchange with a device, whatever carries it: who asks, what it brings, what it is answered.

mod body;
mod bundle;
mod offers;
mod problem;
mod signed;
mod token;

use std::path::Path;

use jiff::Timestamp;
use rusqlite::Connection;
use sync::id::TenantId;
use sync::identity::IdentityClaim;
use sync::signed::SignedChange;
use sync::wire::{PushedIdentity, SyncRequest};

pub use body::read_body;
pub use bundle::{Opened, open_bundle, packed, read_bundle};
use offers::{cursor_proven, proven};
pub use problem::Problem;
pub use signed::{Signed, let_in};
pub use token::{TOKEN_LIFE, issue_token, read_token};

use crate::erase::erase_again;
use crate::error::ServerError;
use crate::feed::{Pull, Sink, pull};
use crate::ingest::{Contact, ContactReply, Ledger, Persons};
use crate::keys::{ServerKeys, system};
use crate::quarantine::set_aside;
use crate::store::{self, Device};

/// Frames one after the other, as they travel.
#[derive(Debug, Default)]
struct Gathered(Vec<u8>);

impl Sink for Gathered {
    fn send(&mut self, frame: Vec<u8>) -> Result<(), ServerError> {
        self.0.extend(frame);
        Ok(())
    }
}

/// Which device a request is from, by the ledger's own connection.
pub fn asked_by(ledger: &Ledger, signed: &Signed<'_>) -> Result<Device, Problem> {
    signed.by(store::device(ledger.connection(), signed.device)?)
}

/// Serves one request alone, on the ledger's own connection: its frames. What a courier's file or a test brings.
pub fn exchange(
    ledger: &mut Ledger,
    keys: &ServerKeys,
    device: Device,
    coding: &str,
    body: &[u8],
    now: Timestamp,
) -> Result<Vec<u8>, Problem> {
    let tenant = ledger.tenant().id;
    let (request, push) = read_body(tenant, &device, coding, body)?;
    let contact = contact(keys, tenant, device, &request, push);
    answer(ledger, keys, &request, contact, now)
}

fn answer(
    ledger: &mut Ledger,
    keys: &ServerKeys,
    request: &SyncRequest,
    contact: Contact,
    now: Timestamp,
) -> Result<Vec<u8>, Problem> {
    let reply = ledger.serve(vec![contact], now)?.pop().ok_or(ServerError::Closed)??;
    Ok(frames(ledger.connection(), keys, request, reply, now)?)
}

/// Serves a courier's file: the file that answers it.
pub fn exchange_bundle(
    data: &Path,
    ledger: &mut Ledger,
    keys: &ServerKeys,
    file: &[u8],
    now: Timestamp,
) -> Result<Vec<u8>, Problem> {
    let bundle = read_bundle(ledger.tenant().id, file)?;
    let found = store::device(ledger.connection(), bundle.envelope.device)?;
    let opened = open_bundle(keys, &bundle, found, now)?;
    let tenant = ledger.tenant().id;
    opened.let_in(|| Ok(set_aside(data, keys, tenant, &opened.device, &opened.bodies, now).map(drop)?))?;
    let (mut answers, mut problem) = (Vec::new(), None);
    for body in &opened.bodies {
        let device = store::device_by_index(ledger.connection(), opened.device.index)?;
        let answered = read_body(tenant, &device, "zstd", body).and_then(|(request, push)| {
            let contact = contact(keys, tenant, device, &request, push);
            let brought = request.tombstones.as_deref().unwrap_or_default();
            erase_again(data, ledger.connection(), &contact.device, brought, &contact.proven, now, &mut system)?;
            answer(ledger, keys, &request, contact, now)
        });
        match answered {
            Ok(frames) => answers.push(packed(&frames)?),
            Err(why) => {
                problem = Some(why);
                break;
            }
        }
    }
    let receiving = store::receiving_key(ledger.connection(), opened.device.index)?;
    Ok(opened.reply(keys, &receiving, answers, problem.as_ref(), now)?)
}

/// The part of a request that writes.
pub fn contact(
    keys: &ServerKeys,
    tenant: TenantId,
    device: Device,
    request: &SyncRequest,
    push: Vec<SignedChange>,
) -> Contact {
    let proven = proven(&keys.receipt.verifying_key(), tenant, device.id, request);
    let only_push = request.only_push == Some(true);
    let cursor_proven = cursor_proven(&keys.receipt.verifying_key(), tenant, device.id, request);
    let persons = Persons {
        pushed: request
            .identities
            .iter()
            .flatten()
            .map(|pushed| (pushed.clone(), opens(keys, tenant, pushed)))
            .collect(),
        asks: request.asks.clone().unwrap_or_default(),
        looked: request.looked.clone().unwrap_or_default(),
        words: request.words.clone().unwrap_or_default(),
        locks: request.locks.clone().unwrap_or_default(),
        unopenable: request.unopenable.clone().unwrap_or_default(),
        recover: request.recover,
        recovery: keys.recovery.is_some(),
    };
    Contact { device, cursor: request.cursor, cursor_proven, life: request.follows(), proven, push, only_push, persons }
}

/// Whether one of the tenant's keys unlocks it: what none does must not be taken for kept.
fn opens(keys: &ServerKeys, tenant: TenantId, pushed: &PushedIdentity) -> bool {
    let version = pushed.signed.version();
    let claim = IdentityClaim { tenant, device: pushed.signed.device, version: &version };
    claim.unlock(&pushed.locked, |purpose, beside, sealed| keys.tenant.open(purpose, beside, sealed)).is_some()
}

/// What answers a request that has been served: its frames, gathered.
pub fn frames(
    conn: &Connection,
    keys: &ServerKeys,
    request: &SyncRequest,
    reply: ContactReply,
    now: Timestamp,
) -> Result<Vec<u8>, ServerError> {
    let mut gathered = Gathered::default();
    let ContactReply { outcomes, device, tenant, persons, handlers } = reply;
    let answer = Pull { tenant: &tenant, keys, device: &device, request, outcomes, persons, handlers, now };
    pull(conn, answer, &mut gathered)?;
    Ok(gathered.0)
}
