//! Writing inside a session's minutes: from a text as it was seen and a text as it shall be to the edits between them.

mod difference;
mod passage;
#[cfg(test)]
mod tests;

use std::ops::Range;

use serde::{Deserialize, Serialize};
use sync::document::text::{Seen, TextEdit, seen};
use sync::id::{EventId, Hash, RecordId};

pub use passage::PassageError;

use crate::command::Command;
use crate::outbox;
use crate::replica::{Replica, ReplicaError};

/// A session's minutes as somebody saw them who began to write. What arrives while he writes changes nothing of it, and it
/// can be kept as JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MinutesSeen {
    record: RecordId,
    seen: Seen,
}

impl Replica {
    /// A session's minutes, to be written in; none when there is no such session here.
    pub fn minutes(&self, record: RecordId) -> Result<Option<MinutesSeen>, ReplicaError> {
        let Some(document) = self.document(record)? else { return Ok(None) };
        let unsent: Vec<Hash> =
            outbox::pending_of(&self.connection, record)?.into_iter().map(|(_, hash, ..)| hash).collect();
        Ok(Some(MinutesSeen { record, seen: seen(&document, &unsent)? }))
    }
}

impl MinutesSeen {
    /// Whose minutes they are.
    pub fn record(&self) -> RecordId {
        self.record
    }

    /// As people read them: what closes the last line is not shown.
    pub fn text(&self) -> &str {
        self.seen.text().trim_end()
    }

    /// Makes them read so. None when they do already.
    pub fn rewritten(&self, text: &str, name: EventId) -> Option<Command> {
        let text = text.trim_end();
        let (shown, all) = (self.text().chars().count(), self.seen.text().chars().count());
        if text == self.text() {
            return None;
        }
        // The last line is closed, or it would run together with whatever is added behind it.
        let closed = self.seen.text()[self.text().len()..].starts_with('\n');
        let edits = match (text.is_empty(), closed) {
            (true, _) => self.edits(0..all, ""),
            (false, true) => self.edits(0..shown + 1, &format!("{text}\n")),
            (false, false) => self.edits(0..all, &format!("{text}\n")),
        };
        self.command(edits, name)
    }

    /// Puts `new` in the place of the passage `old`, which must stand there once.
    pub fn replaced(&self, old: &str, new: &str, name: EventId) -> Result<Command, PassageError> {
        let place = passage::only(self.text(), old)?;
        self.command(self.edits(place, new), name).ok_or(PassageError::Same)
    }

    /// `text` in the place of some letters: only what differs goes and comes.
    fn edits(&self, place: Range<usize>, text: &str) -> Vec<TextEdit> {
        let old: String = self.seen.text().chars().skip(place.start).take(place.len()).collect();
        let changed = difference::between(&old, text).into_iter();
        changed.map(|(gone, text)| self.seen.edit(place.start + gone.start..place.start + gone.end, &text)).collect()
    }

    fn command(&self, edits: Vec<TextEdit>, name: EventId) -> Option<Command> {
        (!edits.is_empty()).then_some(Command::EditMinutes { record: self.record, edits, name })
    }
}
