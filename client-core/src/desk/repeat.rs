//! Whether what a caller has named was done before: it stands in the record, or waits for its author because the server
//! did not take it.

use sync::document::{DocumentError, RecordKind, petition};
use sync::id::{EventId, RecordId};
use sync::model::petition::Event;

use super::Desk;
use super::error::DeskError;
use crate::command::{Command, CommandError};
use crate::view::ViewError;

impl Desk<'_> {
    /// Whether a petition of this id was made.
    pub(super) fn is_petition(&self, record: RecordId) -> Result<bool, DeskError> {
        self.is_made(record, RecordKind::Petition)
    }

    /// Whether a session of this id was made.
    pub(super) fn is_session(&self, record: RecordId) -> Result<bool, DeskError> {
        self.is_made(record, RecordKind::Session)
    }

    fn is_made(&self, record: RecordId, kind: RecordKind) -> Result<bool, DeskError> {
        let Some(document) = self.replica.document(record)? else {
            return self.refused_work(|command| command.creates() && command.record(self.tenant()) == record);
        };
        let found = document.kind().map_err(CommandError::from)?;
        if found == kind {
            return Ok(true);
        }
        Err(CommandError::OtherKind { record, found: found.as_str(), wanted: kind.as_str() }.into())
    }

    /// A petition's events, as they stand here.
    pub(super) fn events_of(&self, record: RecordId) -> Result<Vec<Event>, DeskError> {
        let document = self.replica.document(record)?;
        let read = |document| petition::read(&document).map_err(|e: DocumentError| ViewError::from(e).into());
        document.map_or(Ok(Vec::new()), |document| read(document).map(|petition| petition.events))
    }

    /// Whether an event of this id was written on a petition.
    pub(super) fn is_event(&self, record: RecordId, event: EventId) -> Result<bool, DeskError> {
        if self.events_of(record)?.iter().any(|e| e.id == event) {
            return Ok(true);
        }
        self.refused_work(|command| matches!(command, Command::PetitionEvent { event: new, .. } if new.id == event))
    }

    /// Whether work that was not taken is of a kind.
    pub(super) fn refused_work(&self, wanted: impl Fn(&Command) -> bool) -> Result<bool, DeskError> {
        Ok(self.replica.refused()?.iter().any(|work| wanted(&work.command)))
    }

    fn tenant(&self) -> sync::id::TenantId {
        self.replica.identity().tenant
    }
}
