//! Who spoke: written down, and looked up for a purpose.

use serde::{Deserialize, Serialize};
use sync::id::{EventId, RecordId};
use sync::identity::Purpose;

use super::Desk;
use super::error::DeskError;
use super::person::PersonForm;
use crate::identity::Reading;
use crate::view::{self, WhoView};

/// Who raised a petition, told later or put right.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(optional_fields = nullable))]
pub struct IdentifyForm {
    /// The version's id, for whoever may have to repeat the call: a new UUIDv7.
    #[serde(default)]
    #[cfg_attr(feature = "ts", ts(as = "Option<String>"))]
    pub id: Option<EventId>,
    /// The petition's short code or UUID.
    pub petition: String,
    /// What was said of the person.
    pub person: PersonForm,
}

/// Written down.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Identified {
    /// The version.
    #[cfg_attr(feature = "ts", ts(type = "string"))]
    pub version: EventId,
    /// The petition.
    #[cfg_attr(feature = "ts", ts(type = "string"))]
    pub id: RecordId,
}

/// Somebody wants to know who raised a petition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(optional_fields = nullable))]
pub struct WhoForm {
    /// The petition's short code or UUID.
    pub petition: String,
    /// What for.
    pub purpose: Purpose,
    /// Beside it: the number of a paper.
    #[serde(default)]
    pub note: Option<String>,
}

impl Desk<'_> {
    /// Writes down who raised a petition.
    pub fn identify(&mut self, form: &IdentifyForm) -> Result<Identified, DeskError> {
        let record = self.petition(&form.petition)?;
        let person = form.person.person().unwrap_or_default();
        if let Some(version) = form.id
            && self.replica.has_version(record, version)?
        {
            return Ok(Identified { version, id: record });
        }
        let chance = self.chance(self.now, form.id);
        self.replica.identify(record, person, &chance, self.now)?;
        Ok(Identified { version: chance.version, id: record })
    }

    /// Who raised it, where that lies here; none: the user may not know it. That it was looked up is kept, and told to the
    /// server.
    pub fn who(&mut self, form: &WhoForm) -> Result<Option<WhoView>, DeskError> {
        let record = self.petition(&form.petition)?;
        let reading = Reading::new(form.purpose, form.note.clone())?;
        let look = EventId(self.new_id());
        let who = self.replica.look(record, &reading, look, self.now)?;
        Ok(who.map(|who| view::who(self.replica, who)))
    }

    /// Has the server asked for it with the next sync.
    pub fn ask_who(&mut self, form: &WhoForm) -> Result<(), DeskError> {
        let record = self.petition(&form.petition)?;
        let reading = Reading::new(form.purpose, form.note.clone())?;
        let question = EventId(self.new_id());
        Ok(self.replica.ask_who(record, &reading, question)?)
    }
}
