//! Sessions: opening one, and what is said of it later.

use serde::{Deserialize, Serialize};
use sync::id::{EventId, RecordId};
use sync::model::petition::Channel;
use sync::model::session::{SessionAction, SessionFacts};

use super::error::DeskError;
use super::{Desk, words};
use crate::command::Command;
use crate::view::{self, SessionDetail, code};

/// A session to be opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(optional_fields = nullable))]
pub struct SessionForm {
    /// Its id, for whoever may have to repeat the call: a new UUIDv7.
    #[serde(default)]
    #[cfg_attr(feature = "ts", ts(as = "Option<String>"))]
    pub id: Option<RecordId>,
    /// Dialogue, reception day …
    pub kind: Channel,
    /// The code of a commune or hamlet.
    pub unit: String,
    /// What it is called.
    #[serde(default)]
    pub title: Option<String>,
    /// The code of the post that chairs.
    #[serde(default)]
    pub chair: Option<String>,
    /// How many people are there.
    #[serde(default)]
    pub present: Option<u32>,
    /// When; now unless said.
    #[serde(default)]
    pub at: Option<String>,
}

/// A session that was opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct SessionLogged {
    /// The record.
    #[cfg_attr(feature = "ts", ts(type = "string"))]
    pub id: RecordId,
}

/// What a session concluded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(optional_fields = nullable))]
pub struct ConcludeForm {
    /// The event's id, for whoever may have to repeat the call: a new UUIDv7.
    #[serde(default)]
    #[cfg_attr(feature = "ts", ts(as = "Option<String>"))]
    pub id: Option<EventId>,
    /// The session's UUID.
    pub session: String,
    /// In words.
    pub text: String,
    /// When; now unless said.
    #[serde(default)]
    pub at: Option<String>,
}

/// Two officers opened the same session apart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(optional_fields = nullable))]
pub struct SameAsForm {
    /// The event's id, for whoever may have to repeat the call: a new UUIDv7.
    #[serde(default)]
    #[cfg_attr(feature = "ts", ts(as = "Option<String>"))]
    pub id: Option<EventId>,
    /// The session's UUID.
    pub session: String,
    /// The UUID of the one that counts.
    pub of: String,
    /// When; now unless said.
    #[serde(default)]
    pub at: Option<String>,
}

/// What was written on a session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct SessionActed {
    /// The session.
    #[cfg_attr(feature = "ts", ts(type = "string"))]
    pub id: RecordId,
    /// The event.
    #[cfg_attr(feature = "ts", ts(type = "string"))]
    pub event: EventId,
}

impl Desk<'_> {
    /// Opens a session.
    pub fn open_session(&mut self, form: &SessionForm) -> Result<SessionLogged, DeskError> {
        if let Some(id) = form.id
            && self.is_session(id)?
        {
            return Ok(SessionLogged { id });
        }
        let at = self.at(form.at.as_deref())?;
        let day = self.day(at);
        let unit = code::unit(self.replica.directory(), &form.unit, day)?;
        let chair = form.chair.as_deref().map(|c| self.post_by_code(c, day)).transpose()?;
        let by = self.post_for_session(&unit)?;
        let record = form.id.unwrap_or_else(|| RecordId(self.new_id()));
        let title = words::line(form.title.as_deref());
        let facts = SessionFacts { kind: form.kind, unit, at, stamped: None, title, chair, present: form.present, by };
        self.replica.execute(Command::OpenSession { record, facts }, self.now)?;
        Ok(SessionLogged { id: record })
    }

    /// A session that is on this device and may be read.
    pub fn session_here(&self, text: &str) -> Result<RecordId, DeskError> {
        Ok(self.session_read(text)?.row.id)
    }

    fn session_read(&self, text: &str) -> Result<SessionDetail, DeskError> {
        Ok(view::session(self.replica, self.session(text)?, self.now)?)
    }

    /// Writes down what a session concluded.
    pub fn conclude(&mut self, form: &ConcludeForm) -> Result<SessionActed, DeskError> {
        let text = words::text(&form.text)?;
        let at = form.at.as_deref();
        self.session_event(&form.session, form.id, at, |_| Ok(SessionAction::Conclude { text }))
    }

    /// Says that a session is the same occasion as another.
    pub fn same_as(&mut self, form: &SameAsForm) -> Result<SessionActed, DeskError> {
        let at = form.at.as_deref();
        let same = |desk: &Self| Ok(SessionAction::SameAs { of: desk.session_here(&form.of)? });
        self.session_event(&form.session, form.id, at, same)
    }

    fn session_event(
        &mut self,
        session: &str,
        id: Option<EventId>,
        at: Option<&str>,
        action: impl FnOnce(&Self) -> Result<SessionAction, DeskError>,
    ) -> Result<SessionActed, DeskError> {
        let session = self.session_read(session)?;
        let record = session.row.id;
        if let Some(id) = id
            && self.is_session_event(&session, id)?
        {
            return Ok(SessionActed { id: record, event: id });
        }
        let at = self.at(at)?;
        let by = self.post_for_session(&session.row.unit_id)?;
        let action = action(self)?;
        let event = self.event_id(id);
        let command = Command::SessionEvent { record, event, action, at, by, stamped: None };
        self.replica.execute(command, self.now)?;
        Ok(SessionActed { id: record, event })
    }

    fn is_session_event(&self, session: &SessionDetail, id: EventId) -> Result<bool, DeskError> {
        if session.events.iter().any(|e| e.id == id) {
            return Ok(true);
        }
        self.refused_work(|command| matches!(command, Command::SessionEvent { event, .. } if *event == id))
    }
}
