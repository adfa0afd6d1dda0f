//! Status: one pure fold over the set of events.
//!
//! Events are taken in causal order. One that is not legal in the state it meets stays in the history without effect,
//! with the reason. Contest is found before legality: two referrals made apart are both kept until a person decides.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;

use super::action::{Action, ActionKind, Field};
use super::event::Event;
use super::facts::{Channel, Facts, Kind};
use super::order::{Past, causal_order, past_of};
use super::status::{Finish, Status};
use crate::id::{BodyId, CategoryId, EventId, UnitId};

/// What an event did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// It counted.
    Applied,
    /// It is shown, without effect.
    None(NoEffect),
}

/// Why an event had no effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoEffect {
    /// Not legal in the status it met.
    Status(Status),
    /// A contest is undecided: bodies may only accept or return.
    Contested,
    /// The body no longer held the petition.
    NotHolding,
    /// It had been done already.
    AlreadyDone,
    /// Its value cannot be read as that fact.
    BadValue,
}

impl std::fmt::Display for Effect {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Effect::Applied => f.write_str("applied"),
            Effect::None(NoEffect::Status(s)) => write!(f, "none:status-{s}"),
            Effect::None(NoEffect::Contested) => f.write_str("none:contested"),
            Effect::None(NoEffect::NotHolding) => f.write_str("none:not-holding"),
            Effect::None(NoEffect::AlreadyDone) => f.write_str("none:already-done"),
            Effect::None(NoEffect::BadValue) => f.write_str("none:bad-value"),
        }
    }
}

/// A body that holds the petition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// Which.
    pub body: BodyId,
    /// Leads, or works with the lead.
    pub lead: bool,
    /// Has taken it on.
    pub accepted: bool,
    /// The event that handed it over.
    pub by: EventId,
}

/// Two referrals made apart, naming different lead bodies, that nobody has decided between.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contest {
    /// One.
    pub first: EventId,
    /// The other.
    pub second: EventId,
}

/// What deadlines are computed from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clock {
    /// Counted date of logging.
    pub logged: Timestamp,
    /// The latest referral, transfer, or reopening with a body.
    pub referred: Option<Timestamp>,
    /// The latest acceptance.
    pub accepted: Option<Timestamp>,
    /// Pauses; the last may still run.
    pub pauses: Vec<(Timestamp, Option<Timestamp>)>,
    /// A date given by referral or extension, before any policy's.
    pub given: Option<Date>,
}

/// The state after one event that counted (the first: after the logging).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moment {
    /// The event; none for the logging.
    pub event: Option<EventId>,
    /// What happened.
    pub action: Option<ActionKind>,
    /// Counted date, never before the moment it follows: the history of a petition does not run backwards.
    pub at: Timestamp,
    /// Where it stands now.
    pub status: Status,
    /// What finished it, while it is finished.
    pub finish: Option<Finish>,
    /// Bodies that hold it, leads first.
    pub held: Vec<Held>,
    /// A contest is undecided.
    pub contested: bool,
    /// Facts as corrected so far.
    pub now: Current,
    /// What deadlines are computed from.
    pub clock: Clock,
    /// The last rating.
    pub satisfied: Option<bool>,
}

impl Moment {
    /// The body the petition is counted under.
    pub fn lead(&self) -> Option<&BodyId> {
        self.held.iter().find(|h| h.lead).or(self.held.first()).map(|h| &h.body)
    }
}

/// Facts that later events may change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Current {
    /// Legal kind.
    pub kind: Kind,
    /// Subject matter.
    pub category: Option<CategoryId>,
    /// Commune.
    pub unit: UnitId,
    /// Hamlet.
    pub hamlet: Option<UnitId>,
    /// Channel.
    pub channel: Channel,
    /// The words, when corrected.
    pub text: Option<String>,
    /// Where the matter is, when corrected.
    pub place: Option<String>,
    /// Urgency.
    pub urgent: bool,
    /// Number of people.
    pub collective: Option<u32>,
}

/// Everything the events say together.
#[derive(Debug, Clone)]
pub struct Folded {
    /// The states it went through; never empty.
    pub moments: Vec<Moment>,
    /// Every event in causal order with its effect.
    pub effects: Vec<(EventId, Effect)>,
    /// Undecided contests.
    pub contests: Vec<Contest>,
    /// Facts that were corrected apart from each other: the values in question, the one in force last.
    pub conflicts: BTreeMap<Field, Vec<String>>,
    /// It was finished once and taken up again.
    pub reopened: bool,
}

impl Folded {
    /// The state now.
    pub fn last(&self) -> &Moment {
        self.moments.last().unwrap_or_else(|| unreachable!("the logging is always a moment"))
    }
}

/// Folds a petition. `counted` gives an event's counted date (its own time where nothing is known of its arrival).
pub fn fold(facts: &Facts, logged: Timestamp, events: &[Event], counted: impl Fn(&Event) -> Timestamp) -> Folded {
    let ordered: Vec<&Event> = causal_order(events).into_iter().map(|i| &events[i]).collect();
    let pasts = past_of(&ordered);
    let mut fold = Fold::new(facts, logged, &ordered, &pasts);
    for (i, event) in ordered.iter().enumerate() {
        let effect = fold.take(i, event, counted(event));
        fold.effects.push((event.id, effect));
    }
    fold.finish()
}

struct Fold<'a> {
    ordered: &'a [&'a Event],
    pasts: &'a [Past],
    /// Pairs of rivals among the events, by index.
    rivals: Vec<(usize, usize)>,
    /// Rivals of which both have been taken and none decided.
    open_contests: Vec<(usize, usize)>,
    now: Moment,
    before_pause: Status,
    moments: Vec<Moment>,
    effects: Vec<(EventId, Effect)>,
    writers: BTreeMap<Field, Vec<(usize, String)>>,
    reopened: bool,
}

impl<'a> Fold<'a> {
    fn new(facts: &Facts, logged: Timestamp, ordered: &'a [&'a Event], pasts: &'a [Past]) -> Self {
        let now = Moment {
            event: None,
            action: None,
            at: logged,
            status: Status::Logged,
            finish: None,
            held: Vec::new(),
            contested: false,
            now: Current {
                kind: facts.kind,
                category: facts.category.clone(),
                unit: facts.unit.clone(),
                hamlet: facts.hamlet.clone(),
                channel: facts.channel,
                text: None,
                place: None,
                urgent: facts.urgent,
                collective: facts.collective,
            },
            clock: Clock { logged, referred: None, accepted: None, pauses: Vec::new(), given: None },
            satisfied: None,
        };
        Fold {
            ordered,
            pasts,
            rivals: rivals(ordered, pasts),
            open_contests: Vec::new(),
            moments: vec![now.clone()],
            now,
            before_pause: Status::Logged,
            effects: Vec::with_capacity(ordered.len()),
            writers: BTreeMap::new(),
            reopened: false,
        }
    }

    fn take(&mut self, i: usize, event: &Event, counted: Timestamp) -> Effect {
        self.open_contests.retain(|&(a, b)| {
            let decides = matches!(event.action(), Action::Refer { .. })
                && self.pasts[i].contains(a)
                && self.pasts[i].contains(b);
            !decides
        });
        let at = counted.max(self.now.at);
        let effect = match self.apply(i, event, at) {
            Ok(()) => Effect::Applied,
            Err(why) => Effect::None(why),
        };
        // A referral that met a finished petition still is somebody's rival: contest comes before legality.
        let met: Vec<(usize, usize)> = self.rivals.iter().copied().filter(|&(_, b)| b == i).collect();
        self.open_contests.extend(met);
        self.now.contested = !self.open_contests.is_empty() && self.now.status.is_open();
        if effect == Effect::Applied {
            self.now.event = Some(event.id);
            self.now.action = Some(event.action().kind());
            self.now.at = at;
            self.moments.push(self.now.clone());
        }
        effect
    }

    fn apply(&mut self, i: usize, event: &Event, at: Timestamp) -> Result<(), NoEffect> {
        let status = self.now.status;
        let by = event.body.body.as_ref();
        match event.action() {
            Action::Receive => {
                self.require(status == Status::Logged)?;
                self.now.status = Status::Received;
            }
            Action::Classify { kind, category } => {
                self.require_open()?;
                if matches!(status, Status::Logged | Status::Received) {
                    self.now.status = Status::Classified;
                }
                if let Some(kind) = kind {
                    self.write(Field::Kind, i, kind.as_str())?;
                }
                if let Some(category) = category {
                    self.write(Field::Category, i, category.as_str())?;
                }
            }
            Action::Refer { to, with, due, .. } => {
                self.require_open()?;
                let past = &self.pasts[i];
                let handed: Vec<EventId> =
                    self.ordered.iter().enumerate().filter(|(j, _)| past.contains(*j)).map(|(_, e)| e.id).collect();
                self.now.held.retain(|h| !handed.contains(&h.by));
                self.hold(to, true, event.id);
                for body in with.iter().flatten() {
                    self.hold(body, false, event.id);
                }
                self.refer_now(at, *due);
            }
            Action::Accept => {
                self.require(matches!(status, Status::Referred | Status::Accepted))?;
                let held = self.now.held.iter_mut().find(|h| by.is_none_or(|b| &h.body == b));
                let held = held.ok_or(NoEffect::NotHolding)?;
                if held.accepted {
                    return Err(NoEffect::AlreadyDone);
                }
                held.accepted = true;
                self.now.status = Status::Accepted;
                self.now.clock.accepted = Some(at);
            }
            Action::Return { .. } => {
                self.require(matches!(status, Status::Referred | Status::Accepted))?;
                self.let_go(i, by)?;
                self.now.status = if self.now.held.is_empty() {
                    Status::Returned
                } else if self.now.held.iter().any(|h| h.accepted) {
                    Status::Accepted
                } else {
                    Status::Referred
                };
            }
            Action::Transfer { to, .. } => {
                let rival = self.rivals.iter().any(|&(a, b)| a == i || b == i);
                if !rival {
                    self.uncontested()?;
                    self.require(matches!(status, Status::Referred | Status::Accepted))?;
                }
                self.require_open()?;
                match self.let_go(i, by) {
                    Err(why) if !rival => return Err(why),
                    _ => {}
                }
                self.hold(to, true, event.id);
                self.refer_now(at, None);
            }
            Action::Pause { .. } => {
                self.uncontested()?;
                self.require(matches!(status, Status::Referred | Status::Accepted))?;
                self.before_pause = status;
                self.now.status = Status::Paused;
                self.now.clock.pauses.push((at, None));
            }
            Action::Resume => {
                self.uncontested()?;
                self.require(status == Status::Paused)?;
                self.now.status = self.before_pause;
                self.end_pause(at);
            }
            Action::Extend { until, .. } => {
                self.uncontested()?;
                self.require_open()?;
                self.now.clock.given = *until;
            }
            Action::Chase { .. } | Action::Split { .. } => self.require_open()?,
            Action::Comment { .. } => {}
            Action::Correct { field, value, .. } => self.write(*field, i, value)?,
            Action::Resolve { .. } => {
                if !self.now.held.is_empty() {
                    self.uncontested()?;
                }
                self.end(Status::Resolved, Finish::Resolved, at)?;
            }
            Action::Guide { .. } => self.end(Status::Guided, Finish::Guided, at)?,
            Action::File { .. } => self.end(Status::Filed, Finish::Filed, at)?,
            Action::Withdraw { .. } => self.end(Status::Withdrawn, Finish::Withdrawn, at)?,
            Action::Duplicate { .. } => self.end(Status::Duplicate, Finish::Duplicate, at)?,
            Action::Answer { .. } => {
                self.require(matches!(status, Status::Resolved | Status::Guided | Status::Filed))?;
                self.now.status = Status::Answered;
            }
            Action::Close => {
                self.require(status.is_finished())?;
                self.now.status = Status::Closed;
            }
            Action::Rate { satisfied, .. } => {
                self.require(matches!(status, Status::Answered | Status::Closed))?;
                self.now.satisfied = Some(*satisfied);
            }
            Action::Reopen { .. } => {
                self.require(status.is_finished())?;
                self.take_up(at);
            }
            Action::NotDuplicate { .. } => {
                self.require(status == Status::Duplicate)?;
                self.take_up(at);
            }
        }
        Ok(())
    }

    fn require(&self, legal: bool) -> Result<(), NoEffect> {
        if legal { Ok(()) } else { Err(NoEffect::Status(self.now.status)) }
    }

    fn require_open(&self) -> Result<(), NoEffect> {
        self.require(self.now.status.is_open())
    }

    fn uncontested(&self) -> Result<(), NoEffect> {
        if self.now.contested { Err(NoEffect::Contested) } else { Ok(()) }
    }

    fn hold(&mut self, body: &BodyId, lead: bool, by: EventId) {
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

    /// The acting body leaves what it had been handed when it wrote; a hand-over it had not seen stands.
    fn let_go(&mut self, i: usize, by: Option<&BodyId>) -> Result<(), NoEffect> {
        let past = &self.pasts[i];
        let seen = |h: &Held| self.ordered.iter().enumerate().any(|(j, e)| e.id == h.by && past.contains(j));
        let before = self.now.held.len();
        let keep: Vec<Held> =
            self.now.held.iter().filter(|h| !(by.is_none_or(|b| &h.body == b) && seen(h))).cloned().collect();
        if keep.len() == before {
            return Err(NoEffect::NotHolding);
        }
        self.now.held = keep;
        Ok(())
    }

    fn refer_now(&mut self, at: Timestamp, due: Option<Date>) {
        self.end_pause(at);
        self.now.status = Status::Referred;
        self.now.clock.referred = Some(at);
        self.now.clock.accepted = None;
        self.now.clock.given = due;
    }

    fn end_pause(&mut self, at: Timestamp) {
        if let Some((_, to @ None)) = self.now.clock.pauses.last_mut() {
            *to = Some(at);
        }
    }

    fn end(&mut self, status: Status, finish: Finish, at: Timestamp) -> Result<(), NoEffect> {
        self.require_open()?;
        self.end_pause(at);
        self.now.status = status;
        self.now.finish = Some(finish);
        self.now.satisfied = None;
        Ok(())
    }

    fn take_up(&mut self, at: Timestamp) {
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

    fn write(&mut self, field: Field, i: usize, value: &str) -> Result<(), NoEffect> {
        let now = &mut self.now.now;
        let text = || Some(value.to_owned()).filter(|v| !v.is_empty());
        match field {
            Field::Kind => now.kind = Kind::parse(value).ok_or(NoEffect::BadValue)?,
            Field::Channel => now.channel = Channel::parse(value).ok_or(NoEffect::BadValue)?,
            Field::Urgent => now.urgent = value.parse().map_err(|_| NoEffect::BadValue)?,
            Field::Collective => {
                now.collective = text().map(|v| v.parse()).transpose().map_err(|_| NoEffect::BadValue)?;
            }
            Field::Unit => now.unit = text().ok_or(NoEffect::BadValue)?.into(),
            Field::Text => now.text = Some(text().ok_or(NoEffect::BadValue)?),
            Field::Category => now.category = text().map(CategoryId),
            Field::Hamlet => now.hamlet = text().map(UnitId),
            Field::Place => now.place = text(),
        }
        let past = &self.pasts[i];
        let writers = self.writers.entry(field).or_default();
        writers.retain(|(j, _)| !past.contains(*j));
        writers.push((i, value.to_owned()));
        Ok(())
    }

    fn finish(self) -> Folded {
        let conflicts = self
            .writers
            .into_iter()
            .map(|(field, writers)| (field, writers.into_iter().map(|(_, v)| v).collect::<Vec<_>>()))
            .filter(|(_, values)| values.iter().any(|v| Some(v) != values.first()))
            .collect();
        let id = |i: usize| self.ordered[i].id;
        Folded {
            contests: self.open_contests.iter().map(|&(a, b)| Contest { first: id(a), second: id(b) }).collect(),
            moments: self.moments,
            effects: self.effects,
            conflicts,
            reopened: self.reopened,
        }
    }
}

/// Pairs (earlier, later in order) of refer or transfer events naming different lead bodies, neither having seen the other.
fn rivals(ordered: &[&Event], pasts: &[Past]) -> Vec<(usize, usize)> {
    let leads: Vec<(usize, &BodyId)> =
        ordered.iter().enumerate().filter_map(|(i, e)| e.action().lead().map(|lead| (i, lead))).collect();
    let mut pairs = Vec::new();
    for (n, &(b, lead_b)) in leads.iter().enumerate() {
        for &(a, lead_a) in &leads[..n] {
            if lead_a != lead_b && !pasts[b].contains(a) {
                pairs.push((a, b));
            }
        }
    }
    pairs
}
