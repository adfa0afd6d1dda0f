//! Carries changes to the server and back, over any [`Transport`].
//!
//! No transaction is open while the network is waited for: what waits is read and sent; each frame that comes is
//! committed by itself, with the cursor it ends in. A link that is cut costs at most one frame.

mod arrival;
mod clock;
mod compare;
pub mod courier;
mod enrolment;
mod error;
mod frame_stream;
mod leave;
mod offer;
mod persons;
mod proof;
mod push;
mod report;
mod response;
mod sealed;
mod signed_request;
#[cfg(test)]
mod tests;

use std::collections::{HashSet, VecDeque};
use std::rc::Rc;

use jiff::Timestamp;
use minicbor::bytes::ByteArray;
use rusqlite::Transaction;
use sync::id::{Epoch, Hash, RecordId, ServerEpoch};
use sync::recovery::RecoveryKey;
use sync::wire::{Frame, MAX_TOMBSTONES, PROTOCOL_VERSION, SyncRequest};

use self::compare::Comparison;
use self::persons::{Said, SoFar};
use self::push::{Budget, Push};
use self::response::InResponse;
use self::signed_request::{Answer, Body};
use crate::command::Ground;
use crate::outbox;
use crate::replica::{Replica, ReplicaError};
use crate::store::departed::{self, Standing};
use crate::store::{erased, meta, proofs, record};
use crate::transport::Transport;
pub use enrolment::enroll;
pub use error::SyncError;
pub use leave::leave;
pub use report::SyncReport;

const PATH: &str = "/v1/sync";
/// So many requests one after another that brought nothing end a sync: what is left waits for the next.
const MAX_IDLE: u32 = 4;
/// A report larger than this is not read.
const MAX_FETCHED_BYTES: u64 = 64 * 1024 * 1024;

/// Pushes what waits and pulls what is new. `clock`: the device's own; `rng` fills a buffer from the system's secure
/// source. Refusals are no error: they are counted, and wait in the outbox with their reasons.
pub fn sync(
    replica: &mut Replica,
    transport: &mut dyn Transport,
    clock: &dyn Fn() -> Timestamp,
    rng: &mut dyn FnMut(&mut [u8]),
) -> Result<SyncReport, SyncError> {
    run(replica, transport, clock, rng, None)
}

/// The same with the recovery key at hand: what nobody who is entrusted with it can open is opened for them.
pub fn recover(
    replica: &mut Replica,
    transport: &mut dyn Transport,
    clock: &dyn Fn() -> Timestamp,
    rng: &mut dyn FnMut(&mut [u8]),
    recovery: RecoveryKey,
) -> Result<SyncReport, SyncError> {
    run(replica, transport, clock, rng, Some(Rc::new(recovery)))
}

fn run(
    replica: &mut Replica,
    transport: &mut dyn Transport,
    clock: &dyn Fn() -> Timestamp,
    rng: &mut dyn FnMut(&mut [u8]),
    recovery: Option<Rc<RecoveryKey>>,
) -> Result<SyncReport, SyncError> {
    let report = SyncReport::default();
    let comparison = Comparison::default();
    let mut run = Run { replica, transport, clock, rng, report, learnt: false, comparison, show: false, recovery };
    run.through()?;
    let mut report = run.report;
    report.pending = outbox::totals(&replica.connection)?.pending;
    Ok(report)
}

/// A signed GET, such as a report's: the whole body. `path` with its query.
pub fn fetch(
    replica: &mut Replica,
    transport: &mut dyn Transport,
    path: &str,
    clock: &dyn Fn() -> Timestamp,
    rng: &mut dyn FnMut(&mut [u8]),
) -> Result<Vec<u8>, SyncError> {
    let mut ask = |replica: &Replica| signed_request::get(replica, transport, path, clock());
    whole(replica, &mut ask, clock, rng)
}

/// A signed POST that is not a sync, such as a device's approval: the whole answer.
pub fn submit(
    replica: &mut Replica,
    transport: &mut dyn Transport,
    path: &str,
    clock: &dyn Fn() -> Timestamp,
    rng: &mut dyn FnMut(&mut [u8]),
) -> Result<Vec<u8>, SyncError> {
    let mut ask = |replica: &Replica| signed_request::submit(replica, transport, path, clock());
    whole(replica, &mut ask, clock, rng)
}

/// The whole answer to one request; it is asked once more when the clock's offset was to be learnt first.
fn whole(
    replica: &mut Replica,
    ask: &mut dyn FnMut(&Replica) -> Result<Answer, SyncError>,
    clock: &dyn Fn() -> Timestamp,
    rng: &mut dyn FnMut(&mut [u8]),
) -> Result<Vec<u8>, SyncError> {
    let mut answer = ask(replica)?;
    if let Answer::Stale(time) = answer {
        clock::learn(replica, time, clock(), fresh_epoch(rng))?;
        answer = ask(replica)?;
    }
    match answer {
        Answer::Body(body) => signed_request::all_of(body, MAX_FETCHED_BYTES),
        Answer::Stale(_) => Err(still_stale()),
    }
}

fn fresh_epoch(rng: &mut dyn FnMut(&mut [u8])) -> Epoch {
    let mut epoch = [0; 16];
    rng(&mut epoch);
    Epoch::from_bytes(epoch)
}

fn still_stale() -> SyncError {
    SyncError::Protocol("401 stale".to_owned())
}

/// What the replica has and asks for, without what it brings. `asked`: records it has asked for in vain.
fn request_of(replica: &Replica, asked: &HashSet<RecordId>) -> Result<SyncRequest, ReplicaError> {
    let connection = &replica.connection;
    let wants: Vec<RecordId> =
        record::wants(connection)?.into_iter().filter(|w| !asked.contains(w)).take(1000).collect();
    let (cursor, fill) = (meta::cursor(connection)?, meta::fill(connection)?);
    let said = cursor.is_some() || fill.is_some();
    let (erased, sum) = erased::sum(connection)?;
    let bring = meta::bring_tombstones(connection)?;
    Ok(SyncRequest {
        version: PROTOCOL_VERSION,
        tenant: Some(replica.identity.tenant),
        cursor,
        fill,
        life: if said { None } else { meta::life(connection)? },
        wants: (!wants.is_empty()).then_some(wants),
        own: meta::own(connection)?,
        keys: meta::tenant_keys(connection)?.map(|keys| keys.mark()),
        erased: Some(erased).filter(|n| *n > 0),
        erased_sum: (erased > 0).then_some(ByteArray::from(sum)),
        tombstones: bring.then(|| erased::all(connection, MAX_TOMBSTONES)).transpose()?,
        ..SyncRequest::default()
    })
}

/// Records that have left as far as this device knows, and of which the server says nothing when it is asked: it has lost
/// them. What can be proved is brought back; of what cannot, this is the only copy, and it stays.
fn ask_before_they_go(tx: &Transaction<'_>, unsaid: Vec<RecordId>, now: i64) -> Result<(), ReplicaError> {
    let leaving = record::leaving(tx, unsaid)?;
    let provable = proofs::offer_records(tx, &leaving, i64::MIN, now)?;
    leaving.difference(&provable).try_for_each(|id| record::set_leaving(tx, *id, false))
}

/// One sync: requests until nothing is left to send or to ask for.
struct Run<'a> {
    replica: &'a mut Replica,
    transport: &'a mut dyn Transport,
    clock: &'a dyn Fn() -> Timestamp,
    rng: &'a mut dyn FnMut(&mut [u8]),
    report: SyncReport,
    /// The clock's offset has been learnt in this sync: a second time would never end.
    learnt: bool,
    /// Whether this device and the server hold the same.
    comparison: Comparison,
    /// The server has asked for what proves the cursor.
    show: bool,
    /// The recovery key, where it is at hand.
    recovery: Option<Rc<RecoveryKey>>,
}

impl Run<'_> {
    fn through(&mut self) -> Result<(), SyncError> {
        let mut sent: HashSet<Hash> = HashSet::new();
        let mut asked: HashSet<RecordId> = HashSet::new();
        let mut so_far = SoFar::default();
        let mut budget = Budget::first();
        let (mut idle, mut lives) = (0, 0);
        let mut fewest: Option<(u64, u64)> = None;
        loop {
            let before = self.report;
            let mut push = Push::next(&self.replica.connection, &sent, &budget)?;
            let mut request = request_of(self.replica, &asked)?;
            let wants = request.wants.clone().unwrap_or_default();
            push.fill_in(&mut request);
            let now = self.replica.clock((self.clock)())?.as_millisecond();
            let mut persons = Said::default();
            if !push.more {
                offer::fill_in(self.replica, &mut request, now)?;
                persons = persons::fill_in(self.replica, &mut request, &so_far, self.rng)?;
                request.check = self.comparison.ask();
                request.recover = self.recovery.as_ref().map(|_| self.report.passed_over);
            }
            if self.show {
                self.show_cursor(&mut request)?;
            }
            let check = request.check.is_some();
            let checked = request.check.clone().map(Vec::from).unwrap_or_default();
            let body = match self.ask(&request) {
                Ok(Some(body)) => body,
                Ok(None) => {
                    self.comparison.unheard(checked, check);
                    continue;
                }
                // It has been put back from a copy, and does not know.
                Err(error) if error.is_behind() && !self.show => {
                    self.show = true;
                    self.comparison.unheard(checked, check);
                    continue;
                }
                Err(error) if error.is_full() && !push.changes.is_empty() => {
                    self.only_ask(&asked)?;
                    return Err(error);
                }
                Err(error) => return Err(error),
            };
            let hashes: Vec<Hash> = push.changes.iter().map(|c| c.hash).collect();
            let mut response = InResponse::new(push.changes, push.more, request.provable.clone());
            response.checked = checked;
            response.persons = persons;
            response.recovery = self.recovery.clone();
            match self.receive(body, &mut response) {
                Ok(()) => {}
                // What has come is committed: go on from there, sending again what was not answered.
                Err(SyncError::Cut) if response.frames > 0 => {
                    sent.clear();
                    self.comparison.unheard(std::mem::take(&mut response.checked), check);
                    continue;
                }
                Err(error) => return Err(error),
            }
            sent.extend(hashes);
            budget.arrived();
            if push.more {
                continue;
            }
            so_far.answered(&response.persons, &response.given, response.other_keys);
            asked.extend(&wants);
            self.give_up(&wants, &response)?;
            if self.comparison.heard(self.replica, &mut response, now)? {
                fewest = None;
            }
            let moved = |r: &SyncReport| (r.pushed, r.pulled, r.refused, r.opened, r.reopened, r.passed_over);
            idle = if moved(&before) == moved(&self.report) { idle + 1 } else { 0 };
            // Of what is brought back there must be less each time: else others have to bring what it stands on.
            let offers = proofs::waiting(&self.replica.connection, now)?;
            let fewer = offers.0 > 0 && fewest.is_none() || fewest.is_some_and(|fewest| offers < fewest);
            if fewer {
                fewest = Some(offers);
            }
            if response.reborn || fewer {
                // What was not judged yet, or waited for work that the server had lost, may be taken now.
                sent.clear();
                so_far.say_again();
            }
            lives += u32::from(response.reborn);
            if (response.reborn && lives < MAX_IDLE) || fewer || self.comparison.asks() {
                continue;
            }
            let unsaid = persons::has_more(self.replica, &so_far)?;
            if idle == MAX_IDLE || !(unsaid || self.has_more(&sent, &asked, &request)?) {
                return Ok(());
            }
        }
    }

    /// What proves the cursor. Where it was written before receipts were kept, everything is asked for anew.
    fn show_cursor(&self, request: &mut SyncRequest) -> Result<(), ReplicaError> {
        request.shown = meta::cursor_receipt(&self.replica.connection)?;
        if request.shown.is_none() {
            request.life = request.follows();
            request.cursor = None;
        }
        Ok(())
    }

    /// Asks what is new and brings nothing.
    fn only_ask(&mut self, asked: &HashSet<RecordId>) -> Result<(), SyncError> {
        let request = request_of(self.replica, asked)?;
        match self.ask(&request)? {
            Some(body) => self.receive(body, &mut InResponse::new(Vec::new(), false, None)),
            None => Ok(()),
        }
    }

    /// Sends a request. None when the clock's offset was learnt instead: then unsent work may read otherwise, and the
    /// request must be made anew.
    fn ask(&mut self, request: &SyncRequest) -> Result<Option<Body>, SyncError> {
        let body = push::encode(request)?;
        self.report.requests += 1;
        self.report.bytes_up += body.len() as u64;
        match signed_request::post(self.replica, self.transport, PATH, &body, (self.clock)())? {
            Answer::Body(body) => Ok(Some(body)),
            Answer::Stale(_) if self.learnt => Err(still_stale()),
            Answer::Stale(time) => {
                self.learnt = true;
                let epoch = fresh_epoch(self.rng);
                self.report.refused += clock::learn(self.replica, time, (self.clock)(), epoch)?;
                Ok(None)
            }
        }
    }

    fn receive(&mut self, mut body: Body, response: &mut InResponse) -> Result<(), SyncError> {
        let done = loop {
            let (mut frames, stream) = frame_stream::next_frames(&mut body, self.clock);
            let last = frames.back().is_some_and(|frame| frame.last);
            if let Err(error) = self.take(&mut frames, response) {
                break Err(error);
            }
            if last || stream.is_err() {
                break stream.map_err(SyncError::from);
            }
        };
        self.report.bytes_down += body.travelled();
        done?;
        if response.answered() { Ok(()) } else { Err(SyncError::Protocol("acks".to_owned())) }
    }

    fn take(&mut self, frames: &mut VecDeque<Frame>, response: &mut InResponse) -> Result<(), SyncError> {
        while !frames.is_empty() {
            let now = self.replica.clock((self.clock)())?;
            let epoch = fresh_epoch(self.rng);
            response.commit(self.replica, frames, now, epoch, &mut self.report)?;
        }
        Ok(())
    }

    /// Records that were asked for: those that came whole are wanted no more, and those that are not for this device, or
    /// not there, would not come the next time either. Unsent work on them is run again on what is here.
    fn give_up(&mut self, wants: &[RecordId], response: &InResponse) -> Result<(), SyncError> {
        if wants.is_empty() {
            return Ok(());
        }
        let epoch = fresh_epoch(self.rng);
        let now = self.replica.clock((self.clock)())?;
        let Replica { connection, identity, keys, directory, .. } = &mut *self.replica;
        let tx = connection.transaction()?;
        let ground = Ground {
            tenant: identity.tenant,
            device: identity.device,
            user: &identity.user,
            key: &keys.signing,
            epoch,
            directory: &directory.directory,
            now,
            again: true,
        };
        let mut again = false;
        // The server has said of none of these that they have left.
        let unsaid = record::wanted(&tx, wants)?;
        ask_before_they_go(&tx, unsaid, now.as_millisecond())?;
        for want in wants.iter().filter(|w| !response.lacking.contains(w)) {
            record::unwant(&tx, *want)?;
            if !outbox::stands(&tx, *want)? {
                self.report.refused += outbox::rebase(&tx, &ground, *want, |command| command)?.refused;
                again = true;
            }
        }
        if again {
            meta::put_epoch(&tx, epoch)?;
        }
        let position = meta::cursor(&tx)?.map_or(u64::MAX, |c| c.position);
        let server_epoch = meta::life(&tx)?.unwrap_or(ServerEpoch::from_bytes([0; 16]));
        let standing = Standing { server_epoch, position, now: now.as_millisecond() };
        departed::remove_left(&tx, identity.device, standing)?;
        tx.commit()?;
        if again {
            self.replica.adopt_epoch(epoch);
        }
        Ok(())
    }

    /// Whether another request has something to do: work run again, records to be had whole, a fill that goes on.
    fn has_more(
        &self,
        sent: &HashSet<Hash>,
        asked: &HashSet<RecordId>,
        request: &SyncRequest,
    ) -> Result<bool, ReplicaError> {
        let connection = &self.replica.connection;
        let unsent = outbox::hashes(connection)?.iter().any(|(_, hash, _)| !sent.contains(hash));
        let wants = record::wants(connection)?.iter().any(|w| !asked.contains(w));
        let fill = meta::fill(connection)?;
        let bring = meta::bring_tombstones(connection)?;
        Ok(unsent || wants || bring || (fill.is_some() && fill != request.fill))
    }
}
