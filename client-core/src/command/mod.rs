//! Commands: what a person does, kept as JSON beside the change it became, so that it can be run again when the
//! record it stood on turns out otherwise.

mod cbor_text;
mod error;
mod event;
mod facts;
mod restamp;
mod write;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sync::document::text::TextEdit;
use sync::document::{Record, RecordKind};
use sync::id::{EventId, PostId, RecordId, TenantId};
use sync::model::directory::{EntityKind, Fields};
use sync::model::petition::Facts;
use sync::model::session::{SessionAction, SessionFacts};

pub use error::CommandError;
pub use event::NewEvent;
pub(crate) use write::{Ground, write};

/// What a person does: one command is one change is one local transaction. Ids are made by whoever makes the command
/// (UUIDv7; for an import [`sync::id::stable_uuid`]), so that running it again writes the same record and event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "command", rename_all = "kebab-case")]
pub enum Command {
    /// Opens a session.
    OpenSession {
        /// The new record.
        record: RecordId,
        /// What it is.
        #[serde(with = "facts::SessionFactsForm")]
        facts: SessionFacts,
    },
    /// Adds a paragraph at the end of a session's minutes.
    AppendMinutes {
        /// The session.
        record: RecordId,
        /// The paragraph.
        text: String,
        /// What it is called, so that run again it is known to be the same.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        paragraph: Option<EventId>,
    },
    /// Changes what a session's minutes say, at letters that stay the same whatever others write.
    EditMinutes {
        /// The session.
        record: RecordId,
        /// What goes and what comes, in the order of the text.
        edits: Vec<TextEdit>,
        /// What it is called, so that run again it is known to be the same, and its letters are found.
        name: EventId,
    },
    /// Something happens to a session.
    SessionEvent {
        /// The session.
        record: RecordId,
        /// The new event.
        event: EventId,
        /// What it does.
        #[serde(with = "cbor_text")]
        action: SessionAction,
        /// Device time.
        at: Timestamp,
        /// In whose name.
        by: PostId,
        /// The clock's first word, when `at` was corrected.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        stamped: Option<Timestamp>,
    },
    /// Logs a petition, with what happened to it in the same breath: resolved and answered on the spot, or everything
    /// a register of before says. Each event follows the one before it.
    LogPetition {
        /// The new record.
        record: RecordId,
        /// What it says.
        #[serde(with = "facts::FactsForm")]
        facts: Facts,
        /// What happened, in order.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        events: Vec<NewEvent>,
    },
    /// Something happens to a petition.
    PetitionEvent {
        /// The petition.
        record: RecordId,
        /// What happens.
        event: NewEvent,
    },
    /// Changes the directory. All changes are one Automerge change: split long lists (about 500 entries a command).
    Directory {
        /// Fields that change, entry by entry.
        changes: Vec<DirectoryChange>,
        /// Device time.
        at: Timestamp,
        /// The administrator's post.
        by: PostId,
    },
}

/// Some fields of one directory entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DirectoryChange {
    /// The new revision.
    pub revision: EventId,
    /// Which table.
    #[serde(with = "cbor_text")]
    pub kind: EntityKind,
    /// Which entry.
    pub entity: String,
    /// Only what changes.
    #[serde(with = "cbor_text")]
    pub fields: Fields,
}

/// What a command has done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Done {
    /// The record it was done to.
    #[cfg_attr(feature = "ts", ts(type = "string"))]
    pub record: RecordId,
    /// The event it wrote; the last of several.
    #[cfg_attr(feature = "ts", ts(as = "Option<String>"))]
    pub event: Option<EventId>,
    /// The short code of a new petition.
    pub code: Option<String>,
}

impl Command {
    /// The record it writes to.
    pub fn record(&self, tenant: TenantId) -> RecordId {
        match self {
            Command::OpenSession { record, .. }
            | Command::AppendMinutes { record, .. }
            | Command::EditMinutes { record, .. }
            | Command::SessionEvent { record, .. }
            | Command::LogPetition { record, .. }
            | Command::PetitionEvent { record, .. } => *record,
            Command::Directory { .. } => sync::document::directory::record_of(tenant),
        }
    }

    /// What that record is.
    pub fn kind(&self) -> RecordKind {
        match self {
            Command::OpenSession { .. }
            | Command::AppendMinutes { .. }
            | Command::EditMinutes { .. }
            | Command::SessionEvent { .. } => RecordKind::Session,
            Command::LogPetition { .. } | Command::PetitionEvent { .. } => RecordKind::Petition,
            Command::Directory { .. } => RecordKind::Directory,
        }
    }

    /// Whether it makes the record.
    pub fn creates(&self) -> bool {
        matches!(self, Command::OpenSession { .. } | Command::LogPetition { .. })
    }

    /// Its name, as the command line spells what was typed: `session log`, `petition refer`.
    pub fn name(&self) -> String {
        match self {
            Command::OpenSession { .. } => "session log".to_owned(),
            Command::AppendMinutes { .. } | Command::EditMinutes { .. } => "session minutes".to_owned(),
            Command::SessionEvent { action: SessionAction::Conclude { .. }, .. } => "session conclude".to_owned(),
            Command::SessionEvent { action: SessionAction::SameAs { .. }, .. } => "session same-as".to_owned(),
            Command::LogPetition { facts, .. } if facts.source.is_some() => "import".to_owned(),
            Command::LogPetition { .. } => "petition log".to_owned(),
            Command::PetitionEvent { event, .. } => format!("petition {}", event.action.kind()),
            Command::Directory { .. } => "directory apply".to_owned(),
        }
    }

    /// Whether a record says already what this command would write: its ids are nobody else's. `names`: what changes of
    /// this device that have come are called.
    pub(crate) fn is_done_in(&self, record: &Record, names: &[EventId]) -> bool {
        match (self, record) {
            (Command::AppendMinutes { paragraph: Some(name), .. } | Command::EditMinutes { name, .. }, _) => {
                names.contains(name)
            }
            (Command::OpenSession { .. }, Record::Session(_)) => true,
            (Command::SessionEvent { event, .. }, Record::Session(session)) => {
                session.events.iter().any(|e| e.id == *event)
            }
            (Command::LogPetition { events, .. }, Record::Petition(petition)) => {
                events.iter().all(|new| petition.events.iter().any(|e| e.id == new.id))
            }
            (Command::PetitionEvent { event, .. }, Record::Petition(petition)) => {
                petition.events.iter().any(|e| e.id == event.id)
            }
            (Command::Directory { changes, .. }, Record::Directory(revisions)) => {
                changes.iter().all(|c| revisions.iter().any(|r| r.id == c.revision))
            }
            _ => false,
        }
    }

    /// What its change is called.
    pub(crate) fn change_name(&self) -> Option<EventId> {
        match self {
            Command::AppendMinutes { paragraph, .. } => *paragraph,
            Command::EditMinutes { name, .. } => Some(*name),
            _ => None,
        }
    }

    /// Whether it logs a sealed petition: under a pseudonym.
    pub(crate) fn seals(&self) -> bool {
        matches!(self, Command::LogPetition { facts, .. } if facts.sealed.is_some())
    }

    pub(crate) fn done(&self, tenant: TenantId) -> Done {
        let record = self.record(tenant);
        let event = match self {
            Command::OpenSession { .. } | Command::AppendMinutes { .. } | Command::EditMinutes { .. } => None,
            Command::SessionEvent { event, .. } => Some(*event),
            Command::LogPetition { events, .. } => events.last().map(|e| e.id),
            Command::PetitionEvent { event, .. } => Some(event.id),
            Command::Directory { changes, .. } => changes.last().map(|c| c.revision),
        };
        let code = matches!(self, Command::LogPetition { .. }).then(|| sync::code::of(record));
        Done { record, event, code }
    }
}
