//! What a command leaves behind wherever it has arrived: by this the world remembers what was done.

use client_core::command::Command;
use sync::id::{EventId, RecordId};

/// One trace of a command. A command has arrived when all its keys have.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    /// A session or petition that was made.
    Record(RecordId),
    /// An event of one.
    Event(RecordId, EventId),
    /// A paragraph of a session's minutes; each is written once in a world.
    Paragraph(RecordId, String),
    /// What was put inside a paragraph; each once in a world.
    Mark(RecordId, String),
    /// A revision of the directory.
    Revision(EventId),
}

/// The keys of a command.
pub fn keys(command: &Command) -> Vec<Key> {
    match command {
        Command::OpenSession { record, .. } => vec![Key::Record(*record)],
        Command::AppendMinutes { record, text, .. } => vec![Key::Paragraph(*record, text.clone())],
        Command::EditMinutes { record, edits, .. } => {
            edits.iter().map(|edit| Key::Mark(*record, edit.text.clone())).collect()
        }
        Command::SessionEvent { record, event, .. } => vec![Key::Event(*record, *event)],
        Command::LogPetition { record, events, .. } => {
            let events = events.iter().map(|e| Key::Event(*record, e.id));
            std::iter::once(Key::Record(*record)).chain(events).collect()
        }
        Command::PetitionEvent { record, event } => vec![Key::Event(*record, event.id)],
        Command::Directory { changes, .. } => changes.iter().map(|c| Key::Revision(c.revision)).collect(),
    }
}
