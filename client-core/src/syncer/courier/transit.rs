//! Carrying for others: their sealed files wait here until the server has answered, and are never merged.

use jiff::Timestamp;
use serde::Serialize;
use sync::id::DeviceId;
use sync::signed::ReplyClaim;
use sync::wire::{Bundle, Direction, MAX_BUNDLE_BYTES};

use super::error::CourierError;
use super::kept::{drop_transit, put_reply, take_in, unanswered};
use crate::replica::Replica;
use crate::syncer::SyncError;
use crate::syncer::driver::drive;
use crate::syncer::outgoing::Outgoing;
use crate::syncer::plain_request::PlainRequest;
use crate::transport::Transport;

const PATH: &str = "/v1/bundle";
const MEDIA_TYPE: &str = "application/vnd.langnghe.bundle";

/// A bundle on its way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Carried {
    /// Its name, in hex.
    pub id: String,
    /// Whose it is.
    pub device: DeviceId,
    /// The server's answer, if it has come: the file to be brought back.
    #[serde(skip)]
    pub reply: Option<Vec<u8>>,
}

/// Takes another device's request along. Given once more, it hands out the reply that has come meanwhile.
pub fn carry(replica: &mut Replica, file: &[u8], now: Timestamp) -> Result<Carried, CourierError> {
    let bundle = match Bundle::from_file(file) {
        Some((Direction::Request, bundle)) => bundle,
        Some((Direction::Reply, _)) => return Err(CourierError::NotARequest),
        None => return Err(CourierError::Unreadable),
    };
    if bundle.envelope.tenant != replica.identity().tenant {
        return Err(CourierError::OtherTenant);
    }
    let reply = take_in(&replica.connection, &bundle.envelope.id, file, now)?;
    let id = data_encoding::HEXLOWER.encode(bundle.envelope.id.as_slice());
    Ok(Carried { id, device: bundle.envelope.device, reply })
}

/// Brings what is carried to the server, over the network; how many were answered. What the server will not serve is let
/// go of, and said; what could not be brought waits.
pub fn forward(replica: &mut Replica, transport: &mut dyn Transport) -> Result<u64, CourierError> {
    let mut answered = 0;
    let mut refused = None;
    for (id, request) in unanswered(&replica.connection)? {
        let headers = [("content-type", MEDIA_TYPE), ("accept", MEDIA_TYPE)];
        let mut request = PlainRequest::of(Outgoing::plain(PATH, &headers, request), MAX_BUNDLE_BYTES);
        // It is not signed here: neither a clock nor chance is asked for.
        match drive(&mut request, &mut (), transport, &|| Timestamp::UNIX_EPOCH, &mut |_| {}) {
            Ok(reply) => {
                check(replica, &id, &reply)?;
                put_reply(&replica.connection, &id, &reply)?;
                answered += 1;
            }
            Err(SyncError::Server { status: 400..=499, kind, detail }) => {
                drop_transit(&replica.connection, &id)?;
                refused = Some(CourierError::Refused { kind, detail });
            }
            Err(error) => return Err(error.into()),
        }
    }
    refused.map_or(Ok(answered), Err)
}

/// It answers what was carried, and the server signed it: more a carrier cannot see.
fn check(replica: &Replica, id: &[u8; 16], reply: &[u8]) -> Result<(), CourierError> {
    let Some((Direction::Reply, bundle)) = Bundle::from_file(reply) else { return Err(CourierError::Unreadable) };
    let claim = ReplyClaim { envelope: &bundle.envelope.encoded(), sealed: &bundle.sealed };
    let genuine = *bundle.envelope.id == *id && claim.verify(&replica.identity().receipt_key, &bundle.signature);
    if genuine { Ok(()) } else { Err(CourierError::Forged) }
}
