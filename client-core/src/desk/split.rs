//! A part of a petition's content becomes a petition of its own; both changes or neither.

use serde::{Deserialize, Serialize};
use sync::id::{EventId, RecordId};
use sync::model::petition::{Action, Facts, Kind};

use super::error::DeskError;
use super::{Desk, words};
use crate::command::{Command, CommandError, NewEvent};
use crate::view::{self, Wish, code};

/// The part that goes its own way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(optional_fields = nullable))]
pub struct SplitForm {
    /// The new petition's id, for whoever may have to repeat the call: a new UUIDv7.
    #[serde(default)]
    #[cfg_attr(feature = "ts", ts(as = "Option<String>"))]
    pub id: Option<RecordId>,
    /// The short code or UUID of the petition that is split.
    pub petition: String,
    /// What the part says.
    pub text: String,
    /// Its kind; the whole's unless said.
    #[serde(default)]
    pub kind: Option<Kind>,
    /// Its category's code; the whole's unless said.
    #[serde(default)]
    pub category: Option<String>,
    /// When; now unless said.
    #[serde(default)]
    pub at: Option<String>,
}

/// A petition that was split.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Split {
    /// The event on the whole.
    #[cfg_attr(feature = "ts", ts(type = "string"))]
    pub event: EventId,
    /// The new petition.
    #[cfg_attr(feature = "ts", ts(type = "string"))]
    pub id: RecordId,
    /// Its short code.
    pub code: String,
}

impl Desk<'_> {
    /// Splits a petition.
    pub fn split(&mut self, form: &SplitForm) -> Result<Split, DeskError> {
        let text = words::text(&form.text)?;
        // The denouncer's identity is secret by law (Law on Denunciations 25/2018/QH14, Article 8): a part of an ordinary
        // petition does not become a denunciation.
        if form.kind == Some(Kind::Denunciation) {
            return Err(DeskError::Denunciation);
        }
        let record = self.petition(&form.petition)?;
        let whole = view::petition_row(self.replica, record, self.now)?;
        if whole.sealed {
            return Err(DeskError::SealedSplit(whole.code));
        }
        if let Some(done) = self.split_before(record, form.id)? {
            return Ok(done);
        }
        let at = self.at(form.at.as_deref())?;
        let category = match &form.category {
            Some(typed) => Some(code::category(self.replica.directory(), typed, self.day(at))?),
            None => whole.category_id,
        };
        let part = form.id.unwrap_or_else(|| RecordId(self.new_id()));
        let action = Action::Split { into: part };
        let wish = Wish { record, action: &action, on_behalf_of: None, paper: None };
        let by = view::acting(self.replica, &wish, self.post.as_deref(), self.now)?.post.id;
        let facts = Facts {
            kind: form.kind.unwrap_or(whole.kind),
            category,
            unit: whole.unit_id,
            hamlet: whole.hamlet_id,
            channel: whole.channel,
            text,
            place: whole.place,
            urgent: whole.urgent,
            collective: whole.collective,
            session: whole.session,
            petitioner: None,
            at,
            stamped: None,
            by: by.clone(),
            split_from: Some(record),
            source: None,
            sealed: None,
            erased: None,
        };
        let event = EventId(self.new_id());
        let commands = [
            Command::LogPetition { record: part, facts, events: Vec::new() },
            Command::PetitionEvent { record, event: NewEvent::new(event, action, at, by) },
        ];
        self.replica.execute_together(&commands, self.now)?;
        Ok(split(event, part))
    }

    /// The answer to a call that is repeated.
    fn split_before(&self, record: RecordId, part: Option<RecordId>) -> Result<Option<Split>, DeskError> {
        let Some(part) = part else { return Ok(None) };
        if !self.is_petition(part)? {
            return Ok(None);
        }
        let splits = |action: &Action| matches!(action, Action::Split { into } if *into == part);
        let event = self.events_of(record)?.iter().find(|e| splits(e.action())).map(|e| e.id);
        let refused = self.replica.refused()?.into_iter().find_map(|work| match work.command {
            Command::PetitionEvent { record: of, event } if of == record && splits(&event.action) => Some(event.id),
            _ => None,
        });
        // A petition of that id that came about otherwise is somebody else's.
        let event = event.or(refused).ok_or(CommandError::AlreadyThere(part))?;
        Ok(Some(split(event, part)))
    }
}

fn split(event: EventId, part: RecordId) -> Split {
    Split { event, id: part, code: sync::code::of(part) }
}
