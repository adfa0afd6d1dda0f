//! A list of petitions, in parts, with how many there are in all.

use serde::{Deserialize, Serialize};

use super::{App, Fault};
use crate::desk::FilterForm;
use crate::view::{self, Page, PetitionRow};

/// Which part of which list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(optional_fields = nullable))]
pub struct PetitionsForm {
    /// Which petitions.
    #[cfg_attr(feature = "ts", ts(optional, as = "Option<FilterForm>"))]
    pub filter: FilterForm,
    /// How many at most; 50 unless said.
    pub limit: Option<u32>,
    /// How many to pass over.
    pub offset: Option<u32>,
}

/// The part.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct PetitionsShown {
    /// Newest first.
    pub rows: Vec<PetitionRow>,
    /// Whether there are more behind these.
    pub more: bool,
    /// Records of before are hidden until the next contact with the server.
    pub hidden: bool,
}

/// So many when nobody says.
const USUAL: u32 = 50;

pub(super) fn shown(app: &mut App<'_>, form: &PetitionsForm) -> Result<PetitionsShown, Fault> {
    let filter = form.filter.read(app.replica, app.now)?;
    let limit = form.limit.unwrap_or(USUAL);
    // One more tells whether there are more.
    let page = Page { limit: Some(limit.saturating_add(1)), offset: form.offset.unwrap_or(0) };
    let mut rows = view::petitions(app.replica, &filter, page, app.now)?;
    let more = rows.len() as u64 > u64::from(limit);
    rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok(PetitionsShown { rows, more, hidden: app.replica.lease(app.now)?.expired })
}
