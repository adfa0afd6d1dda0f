//! What is kept apart from the database, so that a database put back from a copy is known for what it is: how far the log
//! had come, and who was let in and shut out.
//!
//! The folder `journal` beside the database is no part of the database's copies; whoever keeps it on another disk loses
//! neither with the other.

mod begin;
mod generation;
mod journal;
mod mark;

use std::path::{Path, PathBuf};

use crate::error::ServerError;

pub use begin::begin_if_restored;
pub use generation::{generations, keep_generation};
pub use journal::{Journal, replay};
pub use mark::Mark;

/// Its name in the data folder.
pub(crate) const FOLDER: &str = "journal";

/// The folder, made where there is none.
pub(crate) fn folder(data: &Path) -> Result<PathBuf, ServerError> {
    let folder = data.join(FOLDER);
    std::fs::create_dir_all(&folder).map_err(|e| ServerError::file(&folder, e))?;
    Ok(folder)
}
