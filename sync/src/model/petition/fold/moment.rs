//! The states a petition goes through: where it stands, who holds it, its facts and its clock.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::id::{BodyId, CategoryId, EventId, UnitId};
use crate::model::petition::action::ActionKind;
use crate::model::petition::facts::{Channel, Facts, Kind};
use crate::model::petition::status::{Finish, Status};

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
    /// The first one: the petition as it was logged.
    pub(super) fn logged(facts: &Facts, at: Timestamp) -> Self {
        Moment {
            event: None,
            action: None,
            at,
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
            clock: Clock { logged: at, referred: None, accepted: None, pauses: Vec::new(), given: None },
            satisfied: None,
        }
    }

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
