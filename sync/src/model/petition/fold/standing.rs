//! Where a petition stands between two events, and the steps that transitions are made of.

use jiff::Timestamp;
use jiff::civil::Date;

use super::corrections::Corrections;
use super::effect::NoEffect;
use super::moment::{Held, Moment};
use super::turn::Turn;
use crate::id::{BodyId, EventId};
use crate::model::petition::action::Field;
use crate::model::petition::facts::Facts;
use crate::model::petition::status::{Finish, Status};

/// The state the next event meets, with what of its past a moment does not show.
pub(super) struct Standing {
    /// The state now.
    pub(super) now: Moment,
    /// Facts as they were written.
    pub(super) corrections: Corrections,
    /// It was finished once and taken up again.
    pub(super) reopened: bool,
    before_pause: Status,
}

impl Standing {
    /// The petition as it was logged.
    pub(super) fn logged(facts: &Facts, at: Timestamp) -> Self {
        Standing {
            now: Moment::logged(facts, at),
            corrections: Corrections::default(),
            reopened: false,
            before_pause: Status::Logged,
        }
    }

    /// Refuses what is not legal in the status it meets.
    pub(super) fn require(&self, legal: bool) -> Result<(), NoEffect> {
        if legal { Ok(()) } else { Err(NoEffect::Status(self.now.status)) }
    }

    /// Refuses what a finished petition is past.
    pub(super) fn require_open(&self) -> Result<(), NoEffect> {
        self.require(self.now.status.is_open())
    }

    /// Refuses what has to wait for the decision of a contest.
    pub(super) fn uncontested(&self) -> Result<(), NoEffect> {
        if self.now.contested { Err(NoEffect::Contested) } else { Ok(()) }
    }

    /// Hands the petition to a body, which has to accept it anew.
    pub(super) fn hold(&mut self, body: &BodyId, lead: bool, by: EventId) {
        match self.now.held.iter_mut().find(|h| &h.body == body) {
            Some(held) => {
                held.lead |= lead;
                held.accepted = false;
                held.by = by;
            }
            None => self.now.held.push(Held { body: body.clone(), lead, accepted: false, by }),
        }
        self.now.held.sort_by_key(|h| !h.lead);
    }

    /// The acting body takes on what it holds; where the event names none, the first that holds the petition does.
    pub(super) fn accept(&mut self, turn: &Turn<'_>) -> Result<(), NoEffect> {
        let by = turn.event.body.body.as_ref();
        let held = self.now.held.iter_mut().find(|h| by.is_none_or(|b| &h.body == b));
        let held = held.ok_or(NoEffect::NotHolding)?;
        if held.accepted {
            return Err(NoEffect::AlreadyDone);
        }
        held.accepted = true;
        self.now.status = Status::Accepted;
        self.now.clock.accepted = Some(turn.at);
        Ok(())
    }

    /// The acting body leaves what it had been handed when it wrote; a hand-over it had not seen stands.
    pub(super) fn let_go(&mut self, turn: &Turn<'_>) -> Result<(), NoEffect> {
        let by = turn.event.body.body.as_ref();
        let before = self.now.held.len();
        self.now.held.retain(|h| !(by.is_none_or(|b| &h.body == b) && turn.saw_event(h.by)));
        if self.now.held.len() == before { Err(NoEffect::NotHolding) } else { Ok(()) }
    }

    /// Waits for acceptance, with the clock of a referral.
    pub(super) fn refer_now(&mut self, at: Timestamp, due: Option<Date>) {
        self.end_pause(at);
        self.now.status = Status::Referred;
        self.now.clock.referred = Some(at);
        self.now.clock.accepted = None;
        self.now.clock.given = due;
    }

    /// Stops the clock.
    pub(super) fn pause(&mut self, at: Timestamp) {
        self.before_pause = self.now.status;
        self.now.status = Status::Paused;
        self.now.clock.pauses.push((at, None));
    }

    /// Goes on from where the pause began.
    pub(super) fn resume(&mut self, at: Timestamp) {
        self.now.status = self.before_pause;
        self.end_pause(at);
    }

    fn end_pause(&mut self, at: Timestamp) {
        if let Some((_, to @ None)) = self.now.clock.pauses.last_mut() {
            *to = Some(at);
        }
    }

    /// Finishes an open petition.
    pub(super) fn end(&mut self, status: Status, finish: Finish, at: Timestamp) -> Result<(), NoEffect> {
        self.require_open()?;
        self.end_pause(at);
        self.now.status = status;
        self.now.finish = Some(finish);
        self.now.satisfied = None;
        Ok(())
    }

    /// Takes a finished petition up again, with the bodies that held it.
    pub(super) fn take_up(&mut self, at: Timestamp) {
        self.reopened = true;
        self.now.clock.given = None;
        self.now.finish = None;
        self.now.satisfied = None;
        for held in &mut self.now.held {
            held.accepted = false;
        }
        if self.now.held.is_empty() {
            self.now.status = Status::Classified;
        } else {
            self.refer_now(at, None);
        }
    }

    /// Corrects a fact.
    pub(super) fn write(&mut self, turn: &Turn<'_>, field: Field, value: &str) -> Result<(), NoEffect> {
        self.corrections.write(&mut self.now.now, turn, field, value)
    }
}
