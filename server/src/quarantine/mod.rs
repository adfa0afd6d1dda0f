//! What devices that were shut out have left behind, kept for a person to judge.
//!
//! A file for each, apart from the database: the device has forgotten it once it is here, and no database that is put back
//! from a copy may forget it too. All are sealed; the server reads none that is for the recovery key.

mod entry;
mod folder;
mod read;
mod set_aside;

pub use entry::{Entry, EntryId};
pub use folder::{Quarantine, Rejected};
pub use read::{Opening, told};
pub use set_aside::{keep_upload, set_aside};
