//! One sync: requests until nothing is left to send or to ask for.
//!
//! Between any two calls the device may have done other work. So a run remembers of the replica only what it has *said* in a
//! request: changes by their hashes, persons and questions by their ids, records it asked for, and where it stood. What
//! became of them is read from the replica at the moment when an answer says something of them.

mod answer;
mod ask;
mod conclude;
mod progress;

use std::collections::HashSet;
use std::rc::Rc;

use jiff::Timestamp;
use sync::id::{Hash, RecordId};
use sync::recovery::RecoveryKey;
use sync::wire::{Cursor, FillCursor, SyncRequest};

use self::answer::Coming;
use self::ask::Asked;
use super::clock::Learning;
use super::compare::Comparison;
use super::error::SyncError;
use super::exchange::{Ended, Exchange, Read, Rng, Step};
use super::outgoing::Outgoing;
use super::persons::SoFar;
use super::push::{Budget, encode};
use super::report::SyncReport;
use crate::outbox;
use crate::replica::{Replica, ReplicaError};
use crate::store::meta;
pub use progress::{Filling, Progress};

const PATH: &str = "/v1/sync";
/// So many requests one after another that brought nothing end a sync: what is left waits for the next.
const MAX_IDLE: u32 = 4;

/// One sync, in steps: it pushes what waits and pulls what is new. Refusals are no error: they are counted, and wait in the
/// outbox with their reasons.
///
/// Between two calls anything may be done on the replica but another sync: the run that was begun last goes on, an earlier one
/// ends with [`SyncError::Overtaken`].
pub struct SyncRun {
    /// Which of the replica's runs this is.
    number: u64,
    report: SyncReport,
    learning: Learning,
    /// Whether this device and the server hold the same.
    comparison: Comparison,
    /// The server has asked for what proves the cursor.
    show: bool,
    /// The recovery key, where it is at hand.
    recovery: Option<Rc<RecoveryKey>>,
    /// Changes that were answered in this sync, in whatever way.
    sent: HashSet<Hash>,
    /// Records that were asked for in this sync.
    asked: HashSet<RecordId>,
    so_far: SoFar,
    budget: Budget,
    /// Requests one after another that brought nothing.
    idle: u32,
    /// What was pushed last, with more to follow, has moved nothing.
    stalled: bool,
    /// How often the server turned out to live another life.
    lives: u32,
    /// The least that was left to be brought back.
    fewest: Option<(u64, u64)>,
    /// The server can store nothing: what is new is asked for all the same, and then said.
    full: Option<SyncError>,
    state: State,
}

/// Where a run stands.
enum State {
    /// Another request is to be made, whatever there is.
    ToAsk,
    /// Everything was said that there was to say; the last request continued this fill.
    Said(Option<FillCursor>),
    /// A request is out.
    Asked(Box<Asked>),
    /// Its answer comes.
    Coming(Box<Coming>),
    /// It is over.
    Over,
}

impl SyncRun {
    /// Begins a sync.
    pub fn begin(replica: &mut Replica) -> Self {
        Self::with(replica, None)
    }

    /// The same with the recovery key at hand: what nobody who is entrusted with it can open is opened for them.
    pub fn recover(replica: &mut Replica, recovery: RecoveryKey) -> Self {
        Self::with(replica, Some(recovery))
    }

    fn with(replica: &mut Replica, recovery: Option<RecoveryKey>) -> Self {
        Self {
            number: replica.begin_run(),
            report: SyncReport::default(),
            learning: Learning::default(),
            comparison: Comparison::default(),
            show: false,
            recovery: recovery.map(Rc::new),
            sent: HashSet::new(),
            asked: HashSet::new(),
            so_far: SoFar::default(),
            budget: Budget::first(),
            idle: 0,
            stalled: false,
            lives: 0,
            fewest: None,
            full: None,
            state: State::ToAsk,
        }
    }

    /// What it has done so far, and what it knows of what is still to come.
    pub fn progress(&self, replica: &Replica) -> Result<Progress, ReplicaError> {
        Progress::of(replica, self.reported(replica)?)
    }

    fn reported(&self, replica: &Replica) -> Result<SyncReport, ReplicaError> {
        Ok(SyncReport { pending: outbox::totals(&replica.connection)?.pending, ..self.report })
    }

    /// Two syncs at once would take each other's answers for their own.
    fn still_the_last(&mut self, replica: &Replica) -> Result<(), SyncError> {
        if replica.is_last_run(self.number) {
            return Ok(());
        }
        self.state = State::Over;
        Err(SyncError::Overtaken)
    }

    /// What was sent is not answered, or not to the end: what has come is committed, what was not answered is sent again.
    fn unheard(&mut self, asked: Asked) {
        self.sent.clear();
        self.comparison.unheard(asked.check);
        self.state = State::ToAsk;
    }

    fn send(
        &mut self,
        replica: &Replica,
        request: &SyncRequest,
        asked: Asked,
        now: Timestamp,
    ) -> Result<Step<SyncReport>, SyncError> {
        let body = encode(request)?;
        self.report.requests += 1;
        self.report.bytes_up += body.len() as u64;
        let outgoing = Outgoing::post(replica, PATH, body, now)?;
        self.state = State::Asked(Box::new(asked));
        Ok(Step::Send(outgoing))
    }
}

impl Exchange for SyncRun {
    type On = Replica;
    type Outcome = SyncReport;

    fn next(&mut self, replica: &mut Replica, now: Timestamp, rng: Rng<'_>) -> Result<Step<SyncReport>, SyncError> {
        self.still_the_last(replica)?;
        match std::mem::replace(&mut self.state, State::Over) {
            State::ToAsk => {}
            // Only now, for work may have been done since the answer.
            State::Said(fill) => {
                if self.idle >= MAX_IDLE || !self.has_more(replica, fill)? {
                    return Ok(Step::Done(self.reported(replica)?));
                }
            }
            State::Asked(asked) => self.unheard(*asked),
            State::Coming(coming) => self.unheard(coming.asked),
            State::Over => return Ok(Step::Done(self.reported(replica)?)),
        }
        let (request, asked) = if self.full.is_some() { self.only_ask(replica)? } else { self.ask(replica, now, rng)? };
        self.send(replica, &request, asked, now)
    }

    fn head(&mut self, replica: &mut Replica, status: u16, headers: &[(String, String)]) -> Result<(), SyncError> {
        self.still_the_last(replica)?;
        match std::mem::replace(&mut self.state, State::Over) {
            State::Asked(asked) => {
                self.state = State::Coming(Box::new(Coming::of(*asked, status, headers)?));
                Ok(())
            }
            other => {
                self.state = other;
                Ok(())
            }
        }
    }

    fn body(&mut self, replica: &mut Replica, bytes: &[u8], now: Timestamp, rng: Rng<'_>) -> Result<Read, SyncError> {
        self.still_the_last(replica)?;
        match std::mem::replace(&mut self.state, State::Over) {
            State::Coming(coming) => self.take(replica, *coming, bytes, now, rng),
            other => {
                self.state = other;
                Ok(Read::Enough)
            }
        }
    }

    fn end(&mut self, replica: &mut Replica, ended: Ended, now: Timestamp, rng: Rng<'_>) -> Result<(), SyncError> {
        self.still_the_last(replica)?;
        match (std::mem::replace(&mut self.state, State::Over), ended) {
            (State::Coming(coming), ended) => self.ended(replica, *coming, &ended, now, rng),
            (State::Asked(_), Ended::Unreachable(error)) => Err(error.into()),
            (State::Asked(_), _) => Err(SyncError::Cut),
            (other, _) => {
                self.state = other;
                Ok(())
            }
        }
    }
}

/// Where a replica stands in the log.
type Stands = (Option<Cursor>, Option<FillCursor>);

fn stands(replica: &Replica) -> Result<Stands, ReplicaError> {
    Ok((meta::cursor(&replica.connection)?, meta::fill(&replica.connection)?))
}
