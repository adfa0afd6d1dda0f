//! The file that asks.

use std::collections::HashSet;

use jiff::Timestamp;
use minicbor::bytes::{ByteArray, ByteVec};
use sync::id::Hash;
use sync::signed::RequestClaim;
use sync::wire::{Bundle, BundleRequests, Direction, Envelope, MAX_BUNDLE_REQUESTS, SyncRequest};

use super::error::CourierError;
use super::kept::{Asked, Pushes, put_asked};
use crate::replica::{Replica, ReplicaError};
use crate::store::meta;
use crate::syncer::offer;
use crate::syncer::persons::{self, SoFar};
use crate::syncer::push::{Budget, Push, encode};
use crate::syncer::request::request_of;

/// A bundle that has been made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// Its name, in hex.
    pub id: String,
    /// How many changes it brings to the server.
    pub changes: u64,
    /// The file.
    pub file: Vec<u8>,
}

/// Makes a bundle of everything that waits, and of the question what is new. The device goes on working meanwhile; what
/// it does later goes into the next bundle, or over the network.
pub fn request(
    replica: &mut Replica,
    device_time: Timestamp,
    rng: &mut dyn FnMut(&mut [u8]),
) -> Result<Made, CourierError> {
    let to = meta::bundle_key(&replica.connection)?.ok_or(CourierError::NoKey)?;
    let now = replica.clock(device_time)?;
    let mut sent: HashSet<Hash> = HashSet::new();
    let base = request_of(replica, &HashSet::new())?;
    let (mut bodies, mut pushes, mut provable, mut persons) = (Vec::new(), Vec::new(), None, None);
    loop {
        let mut push = Push::next(&replica.connection, &sent, &Budget::whole())?;
        push.more &= bodies.len() + 1 < MAX_BUNDLE_REQUESTS;
        let mut request = SyncRequest { wants: base.wants.clone().filter(|_| !push.more), ..base.clone() };
        push.fill_in(&mut request);
        if !push.more {
            offer::fill_in(replica, &mut request, now.as_millisecond())?;
            provable = request.provable.clone();
            persons = Some(persons::fill_in(replica, &mut request, &SoFar::default(), rng)?);
        }
        // A file cannot be asked back.
        request.shown = meta::cursor_receipt(&replica.connection)?;
        sent.extend(push.changes.iter().map(|c| c.hash));
        pushes.push(Pushes::new(push.more, &push.changes));
        bodies.push(ByteVec::from(encode(&request)?));
        if !push.more {
            break;
        }
    }
    let (mut id, mut seed) = ([0; 16], [0; 32]);
    rng(&mut id);
    rng(&mut seed);
    let identity = replica.identity();
    let (tenant, device) = (identity.tenant, identity.device);
    let envelope = Envelope { tenant, device, id: ByteArray::from(id), time: now.as_millisecond() };
    let plain = minicbor::to_vec(BundleRequests { bodies }).map_err(|_| ReplicaError::Damaged("bundle"))?;
    let sealed = envelope.seal(Direction::Request, &to, &plain, seed).ok_or(CourierError::NoKey)?;
    let path = envelope.path();
    let claim = RequestClaim { device, method: "BUNDLE", path: &path, time: envelope.time, body: &sealed };
    let signature = ByteArray::from(claim.sign(&replica.keys().signing));
    let bundle = Bundle { envelope, sealed: ByteVec::from(sealed), signature };
    let wants = base.wants.unwrap_or_default();
    let seen = meta::seen(&replica.connection)?.unwrap_or(i64::MIN).max(now.as_millisecond());
    let asked = Asked { cursor: base.cursor, fill: base.fill, wants, pushes, provable, persons, seen: Some(seen) };
    let tx = replica.connection.transaction()?;
    meta::put_seen(&tx, seen)?;
    put_asked(&tx, &id, &asked, now)?;
    tx.commit()?;
    let name = data_encoding::HEXLOWER.encode(&id);
    Ok(Made { id: name, changes: sent.len() as u64, file: bundle.to_file(Direction::Request) })
}
