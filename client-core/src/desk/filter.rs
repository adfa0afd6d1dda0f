//! Which petitions a list shows, in codes.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sync::model::petition::Status;
use sync::model::time::local_date;

use super::error::DeskError;
use crate::replica::Replica;
use crate::view::{PetitionFilter, code};

/// Filters of lists and of the export; those not set let everything through.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields, default)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(optional_fields = nullable))]
pub struct FilterForm {
    /// Where it stands.
    pub status: Option<Status>,
    /// A unit's code: with the hamlets in it and the units it has succeeded.
    pub unit: Option<String>,
    /// The code of a body that holds it.
    pub body: Option<String>,
    /// A category's code: with those under it.
    pub category: Option<String>,
    /// Only those past their day.
    #[cfg_attr(feature = "ts", ts(optional, as = "Option<bool>"))]
    pub overdue: bool,
    /// Only those referred to two places apart.
    #[cfg_attr(feature = "ts", ts(optional, as = "Option<bool>"))]
    pub contested: bool,
    /// Only sealed ones.
    #[cfg_attr(feature = "ts", ts(optional, as = "Option<bool>"))]
    pub sealed: bool,
    /// Words that must all be there, or a code.
    pub search: Option<String>,
}

impl FilterForm {
    /// Reads the codes as of today.
    pub fn read(&self, replica: &Replica, now: Timestamp) -> Result<PetitionFilter, DeskError> {
        let directory = replica.directory();
        let today = local_date(now, directory.zone());
        Ok(PetitionFilter {
            status: self.status,
            unit: self.unit.as_deref().map(|c| code::unit(directory, c, today)).transpose()?,
            body: self.body.as_deref().map(|c| code::body(directory, c, today)).transpose()?,
            category: self.category.as_deref().map(|c| code::category(directory, c, today)).transpose()?,
            overdue: self.overdue,
            contested: self.contested,
            sealed: self.sealed,
            search: self.search.clone(),
        })
    }
}
