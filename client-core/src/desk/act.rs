//! One event on one petition.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sync::id::{BodyId, EventId, RecordId};
use sync::model::petition::{Action, Status};

use super::Desk;
use super::action::Act;
use super::error::DeskError;
use crate::command::{Command, NewEvent};
use crate::view::{self, Wish, code};

/// What happens to a petition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(optional_fields = nullable))]
pub struct ActForm {
    /// The event's id, for whoever may have to repeat the call: a new UUIDv7.
    #[serde(default)]
    #[cfg_attr(feature = "ts", ts(as = "Option<String>"))]
    pub id: Option<EventId>,
    /// The petition's short code or UUID.
    pub petition: String,
    /// What is done.
    pub act: Act,
    /// When; now unless said.
    #[serde(default)]
    pub at: Option<String>,
    /// Typed for this body, by its code.
    #[serde(default)]
    pub on_behalf_of: Option<String>,
    /// The number of the paper.
    #[serde(default)]
    pub paper: Option<String>,
}

/// What was done, and how the petition stands now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Acted {
    /// The event.
    #[cfg_attr(feature = "ts", ts(type = "string"))]
    pub event: EventId,
    /// The petition.
    #[cfg_attr(feature = "ts", ts(type = "string"))]
    pub id: RecordId,
    /// Its short code.
    pub code: String,
    /// Where it stands.
    pub status: Status,
}

impl ActForm {
    /// With nothing beside it.
    pub fn new(petition: impl Into<String>, act: Act) -> Self {
        Self { id: None, petition: petition.into(), act, at: None, on_behalf_of: None, paper: None }
    }
}

impl Desk<'_> {
    /// Writes one event on a petition, in the one of the user's posts that may.
    pub fn act(&mut self, form: ActForm) -> Result<Acted, DeskError> {
        let ActForm { id, petition, act, at, on_behalf_of, paper } = form;
        let act = act.with_words()?;
        let record = self.petition(&petition)?;
        let at = self.at(at.as_deref())?;
        let day = self.day(at);
        if let Some(done) = self.acted_before(record, id)? {
            return Ok(done);
        }
        let action = self.action(act, day)?;
        let directory = self.replica.directory();
        let on_behalf_of = on_behalf_of.map(|c| code::body(directory, &c, day)).transpose()?;
        self.write_event(record, id, action, at, on_behalf_of, paper)
    }

    /// The answer to a call that is repeated.
    pub(super) fn acted_before(&self, record: RecordId, id: Option<EventId>) -> Result<Option<Acted>, DeskError> {
        match id {
            Some(id) if self.is_event(record, id)? => Ok(Some(self.acted(record, id)?)),
            _ => Ok(None),
        }
    }

    pub(super) fn write_event(
        &mut self,
        record: RecordId,
        id: Option<EventId>,
        action: Action,
        at: Timestamp,
        on_behalf_of: Option<BodyId>,
        paper: Option<String>,
    ) -> Result<Acted, DeskError> {
        let wish = Wish { record, action: &action, on_behalf_of: on_behalf_of.as_ref(), paper: paper.as_deref() };
        let acting = view::acting(self.replica, &wish, self.post.as_deref(), self.now)?;
        let id = self.event_id(id);
        let on_behalf = on_behalf_of.is_some();
        let event = NewEvent { body: acting.body, on_behalf, paper, ..NewEvent::new(id, action, at, acting.post.id) };
        self.replica.execute(Command::PetitionEvent { record, event }, self.now)?;
        self.acted(record, id)
    }

    fn acted(&self, record: RecordId, event: EventId) -> Result<Acted, DeskError> {
        let row = view::petition_row(self.replica, record, self.now)?;
        Ok(Acted { event, id: record, code: row.code, status: row.status })
    }
}
