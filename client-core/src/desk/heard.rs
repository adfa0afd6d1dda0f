//! Where, when and how a petition was heard, in codes: what ordinary and sealed ones have in common.

use jiff::Timestamp;
use sync::id::{CategoryId, RecordId, UnitId};
use sync::model::petition::Channel;

use super::Desk;
use super::error::DeskError;
use super::log::LogForm;
use crate::view::{self, code};

/// A form's codes, read as of its day.
pub(super) struct Heard {
    pub at: Timestamp,
    pub session: Option<RecordId>,
    pub unit: UnitId,
    pub hamlet: Option<UnitId>,
    pub category: Option<CategoryId>,
    pub channel: Channel,
}

impl Desk<'_> {
    pub(super) fn heard(&self, form: &LogForm) -> Result<Heard, DeskError> {
        let at = self.at(form.at.as_deref())?;
        let day = self.day(at);
        let session = form.session.as_deref().map(|s| self.session(s)).transpose()?;
        let session = session.map(|s| view::session_place(self.replica, s)).transpose()?;
        let directory = self.replica.directory();
        // Without a unit of its own a petition is from where the session was.
        let unit = form.unit.clone().or_else(|| session.as_ref().map(|s| s.unit.clone())).unwrap_or_default();
        let (unit, hamlet) = code::place(directory, &unit, form.hamlet.as_deref(), day)?;
        let category = form.category.as_deref().map(|c| code::category(directory, c, day)).transpose()?;
        let channel = form.channel.or(session.as_ref().map(|s| s.kind)).unwrap_or(Channel::Reception);
        Ok(Heard { at, session: session.map(|s| s.id), unit, hamlet, category, channel })
    }
}
