//! Writing in a session's minutes.

use serde::{Deserialize, Serialize};
use sync::id::{EventId, RecordId};

use super::error::DeskError;
use super::{Desk, words};
use crate::command::{Command, CommandError};
use crate::minutes::MinutesSeen;

/// Something to be written in a session's minutes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(optional_fields = nullable))]
pub struct MinutesForm {
    /// What the change is called, for whoever may have to repeat the call: a new UUIDv7.
    #[serde(default)]
    #[cfg_attr(feature = "ts", ts(as = "Option<String>"))]
    pub id: Option<EventId>,
    /// The session's UUID.
    pub session: String,
    /// What is written.
    pub write: MinutesWrite,
}

/// How minutes are written in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "how", rename_all = "kebab-case", deny_unknown_fields)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub enum MinutesWrite {
    /// A paragraph at their end.
    Append {
        /// The paragraph.
        text: String,
    },
    /// One passage in the place of another, which must stand there once. As typed, spaces and all: they part it from what
    /// stands around it.
    Replace {
        /// What goes.
        old: String,
        /// What comes; nothing at all takes the passage out.
        new: String,
    },
    /// They shall read so: what differs from what was seen goes and comes, whatever others have written meanwhile.
    Rewrite {
        /// As they were shown ([`MinutesShown::seen`]).
        #[cfg_attr(feature = "ts", ts(type = "unknown"))]
        seen: MinutesSeen,
        /// The whole text.
        text: String,
    },
}

/// A session's minutes, to be written in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct MinutesShown {
    /// The session.
    #[cfg_attr(feature = "ts", ts(type = "string"))]
    pub id: RecordId,
    /// As people read them.
    pub text: String,
    /// What is given back with the text that has become of it.
    #[cfg_attr(feature = "ts", ts(type = "unknown"))]
    pub seen: MinutesSeen,
}

/// What became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct MinutesWritten {
    /// The session.
    #[cfg_attr(feature = "ts", ts(type = "string"))]
    pub id: RecordId,
    /// Whether there was anything to be written.
    pub written: bool,
}

impl Desk<'_> {
    /// A session's minutes as they read now.
    pub fn minutes(&self, session: &str) -> Result<MinutesShown, DeskError> {
        let id = self.session_here(session)?;
        let seen = self.replica.minutes(id)?.ok_or(CommandError::NoRecord(id))?;
        Ok(MinutesShown { id, text: seen.text().to_owned(), seen })
    }

    /// Writes in a session's minutes.
    pub fn write_minutes(&mut self, form: MinutesForm) -> Result<MinutesWritten, DeskError> {
        let record = self.session_here(&form.session)?;
        if let Some(name) = form.id
            && self.is_written(record, name)?
        {
            return Ok(MinutesWritten { id: record, written: true });
        }
        let name = self.event_id(form.id);
        let command = match form.write {
            MinutesWrite::Append { text } => {
                Some(Command::AppendMinutes { record, text: words::text(&text)?, paragraph: Some(name) })
            }
            MinutesWrite::Replace { old, new } => {
                let seen = self.replica.minutes(record)?.ok_or(CommandError::NoRecord(record))?;
                Some(seen.replaced(&old, &new, name)?)
            }
            MinutesWrite::Rewrite { seen, .. } if seen.record() != record => {
                return Err(DeskError::OtherMinutes);
            }
            MinutesWrite::Rewrite { seen, text } => seen.rewritten(&text, name),
        };
        let Some(command) = command else { return Ok(MinutesWritten { id: record, written: false }) };
        self.replica.execute(command, self.now)?;
        Ok(MinutesWritten { id: record, written: true })
    }

    fn is_written(&self, record: RecordId, name: EventId) -> Result<bool, DeskError> {
        let document = self.replica.document(record)?;
        if document.is_some_and(|document| document.change_names().any(|found| found == name)) {
            return Ok(true);
        }
        self.refused_work(|command| command.change_name() == Some(name))
    }
}
