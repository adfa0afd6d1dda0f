//! The filters of lists and of the export: codes as of today.

use client_core::view::{PetitionFilter, code};

use crate::app::Desk;
use crate::args::FilterArgs;
use crate::fault::Fault;

/// Reads the filter arguments.
pub fn read(desk: &Desk, args: &FilterArgs) -> Result<PetitionFilter, Fault> {
    let directory = desk.replica.directory();
    let today = desk.day(desk.now);
    Ok(PetitionFilter {
        status: args.status,
        unit: args.unit.as_deref().map(|c| code::unit(directory, c, today)).transpose()?,
        body: args.body.as_deref().map(|c| code::body(directory, c, today)).transpose()?,
        category: args.category.as_deref().map(|c| code::category(directory, c, today)).transpose()?,
        overdue: args.overdue,
        contested: args.contested,
        sealed: args.sealed,
        search: args.search.clone(),
    })
}
