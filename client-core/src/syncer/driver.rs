//! Exchanges carried by a transport that waits: for programs that have nothing else to do meanwhile.

use std::io::{ErrorKind, Read as _};
use std::path::Path;

use jiff::Timestamp;
use sync::recovery::RecoveryKey;

use super::enrolment::Enrolment;
use super::error::SyncError;
use super::exchange::{Ended, Exchange, Read, Rng, Step};
use super::leave::Leaving;
use super::outgoing::{Method, Outgoing};
use super::report::SyncReport;
use super::run::SyncRun;
use super::signed_request::SignedRequest;
use crate::replica::{Replica, ReplicaError};
use crate::transport::{Response, Transport, TransportError};
use crate::vault::Pin;

/// So much of a body is handed over at once.
const CHUNK_BYTES: usize = 64 * 1024;

/// Pushes what waits and pulls what is new. `clock`: the device's own; `rng` fills a buffer from the system's secure
/// source. Refusals are no error: they are counted, and wait in the outbox with their reasons.
pub fn sync(
    replica: &mut Replica,
    transport: &mut dyn Transport,
    clock: &dyn Fn() -> Timestamp,
    rng: &mut dyn FnMut(&mut [u8]),
) -> Result<SyncReport, SyncError> {
    let mut run = SyncRun::begin(replica);
    drive(&mut run, replica, transport, clock, rng)
}

/// The same with the recovery key at hand: what nobody who is entrusted with it can open is opened for them.
pub fn recover(
    replica: &mut Replica,
    transport: &mut dyn Transport,
    clock: &dyn Fn() -> Timestamp,
    rng: &mut dyn FnMut(&mut [u8]),
    recovery: RecoveryKey,
) -> Result<SyncReport, SyncError> {
    let mut run = SyncRun::recover(replica, recovery);
    drive(&mut run, replica, transport, clock, rng)
}

/// A signed GET, such as a report's: the whole body. `path` with its query.
pub fn fetch(
    replica: &mut Replica,
    transport: &mut dyn Transport,
    path: &str,
    clock: &dyn Fn() -> Timestamp,
    rng: &mut dyn FnMut(&mut [u8]),
) -> Result<Vec<u8>, SyncError> {
    drive(&mut SignedRequest::get(path), replica, transport, clock, rng)
}

/// A signed POST that is not a sync, such as a device's approval: the whole answer.
pub fn submit(
    replica: &mut Replica,
    transport: &mut dyn Transport,
    path: &str,
    clock: &dyn Fn() -> Timestamp,
    rng: &mut dyn FnMut(&mut [u8]),
) -> Result<Vec<u8>, SyncError> {
    drive(&mut SignedRequest::submit(path), replica, transport, clock, rng)
}

/// Enrols this device with a code and makes its replica in `home`. The folder is made and locked first: a code is good
/// for once, and must not be spent on a folder that cannot be written. `pin` is the one that will open the replica, if any;
/// `now` is for the waits after wrong PINs, where an enrolment was begun with one. `rng` fills a buffer from the system's
/// secure source.
pub fn enroll(
    home: &Path,
    url: &str,
    code: &str,
    pin: Option<&Pin>,
    now: Timestamp,
    transport: &mut dyn Transport,
    rng: &mut dyn FnMut(&mut [u8]),
) -> Result<Replica, SyncError> {
    let mut enrolment = Enrolment::begin(home, url, code, pin, now, rng)?;
    drive(&mut enrolment, &mut (), transport, &|| now, rng)
}

/// Hands everything unsent and refused over to the server, sealed for the tenant's recovery key, and wipes the replica once
/// the server has signed that it keeps it. Gives what every command says from then on. On an error nothing was wiped.
///
/// Whoever answers in the server's place gains nothing: without its signature nothing is wiped, and what was sent can be
/// read by the holder of the recovery key alone.
pub fn leave(
    mut replica: Replica,
    transport: &mut dyn Transport,
    clock: &dyn Fn() -> Timestamp,
) -> Result<ReplicaError, SyncError> {
    let mut leaving = Leaving::default();
    drive(&mut leaving, &mut replica, transport, clock, &mut |_| {})?;
    leaving.forget(replica)
}

/// Carries an exchange to its end.
pub(super) fn drive<E: Exchange>(
    exchange: &mut E,
    on: &mut E::On,
    transport: &mut dyn Transport,
    clock: &dyn Fn() -> Timestamp,
    rng: Rng<'_>,
) -> Result<E::Outcome, SyncError> {
    let mut buffer = vec![0; CHUNK_BYTES];
    loop {
        let outgoing = match exchange.next(on, clock(), rng)? {
            Step::Send(outgoing) => outgoing,
            Step::Done(outcome) => return Ok(outcome),
        };
        let ended = match send(transport, &outgoing) {
            Ok(response) => {
                exchange.head(on, response.status, &response.headers)?;
                let mut body = response.body;
                loop {
                    match body.read(&mut buffer) {
                        Ok(0) => break Ended::Whole,
                        Ok(n) => {
                            let read = exchange.body(on, buffer.get(..n).unwrap_or_default(), clock(), rng)?;
                            if read == Read::Enough {
                                break Ended::Whole;
                            }
                        }
                        Err(error) if error.kind() == ErrorKind::Interrupted => {}
                        Err(_) => break Ended::Cut,
                    }
                }
            }
            Err(error) => Ended::Unreachable(error),
        };
        exchange.end(on, ended, clock(), rng)?;
    }
}

fn send(transport: &mut dyn Transport, outgoing: &Outgoing) -> Result<Response, TransportError> {
    let Outgoing { method, path, headers, body } = outgoing;
    let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
    match method {
        Method::Get => transport.get(path, &headers),
        Method::Post => transport.post(path, &headers, body),
    }
}
