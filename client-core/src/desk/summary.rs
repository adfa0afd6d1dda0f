//! What the bodies may read of a sealed petition.

use serde::{Deserialize, Serialize};
use sync::id::EventId;
use sync::model::petition::{Action, Field};

use super::act::Acted;
use super::error::DeskError;
use super::{Desk, words};
use crate::view;

/// A summary that tells nothing of who spoke.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(optional_fields = nullable))]
pub struct SummaryForm {
    /// The event's id, for whoever may have to repeat the call: a new UUIDv7.
    #[serde(default)]
    #[cfg_attr(feature = "ts", ts(as = "Option<String>"))]
    pub id: Option<EventId>,
    /// The petition's short code or UUID.
    pub petition: String,
    /// What the bodies need to know.
    pub text: String,
    /// When; now unless said.
    #[serde(default)]
    pub at: Option<String>,
}

impl Desk<'_> {
    /// Writes it.
    pub fn summarise(&mut self, form: &SummaryForm) -> Result<Acted, DeskError> {
        let value = words::text(&form.text)?;
        let record = self.petition(&form.petition)?;
        let row = view::petition_row(self.replica, record, self.now)?;
        if !row.sealed {
            return Err(DeskError::NotSealed(row.code));
        }
        let at = self.at(form.at.as_deref())?;
        if let Some(done) = self.acted_before(record, form.id)? {
            return Ok(done);
        }
        let action = Action::Correct { field: Field::Text, value, why: "tóm tắt đơn kín".to_owned() };
        self.write_event(record, form.id, action, at, None, None)
    }
}
