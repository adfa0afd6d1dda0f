//! One exchange with a device, whatever carries it: who asks, what it brings, what it is answered.

mod body;
mod problem;
mod signed;

use jiff::Timestamp;
use sync::wire::SyncRequest;

pub use body::read_body;
pub use problem::Problem;
pub use signed::Signed;

use crate::error::ServerError;
use crate::feed::{Pull, Sink, pull};
use crate::ingest::{Contact, Ledger};
use crate::keys::ServerKeys;
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

/// Serves one request alone, on the ledger's own connection; what a courier's file or a test brings.
pub fn exchange(
    ledger: &mut Ledger,
    keys: &ServerKeys,
    device: Device,
    coding: &str,
    body: &[u8],
    now: Timestamp,
) -> Result<Vec<u8>, Problem> {
    let (request, push) = read_body(ledger.tenant().id, &device, coding, body)?;
    let SyncRequest { cursor, only_push, .. } = request;
    let contact = Contact { device, cursor, push, only_push: only_push == Some(true) };
    let reply = ledger.serve(vec![contact], now)?.pop().ok_or(ServerError::Closed)??;
    let mut frames = Gathered::default();
    let answer = Pull {
        tenant: ledger.tenant(),
        key: &keys.receipt,
        device: &reply.device,
        request: &request,
        acks: reply.outcomes.into_iter().map(|o| o.ack).collect(),
        now,
    };
    pull(ledger.connection(), answer, &mut frames)?;
    Ok(frames.0)
}
