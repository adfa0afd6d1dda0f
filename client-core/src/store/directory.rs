//! The tenant's directory, folded from its record once and again after each change to it.

use rusqlite::Connection;
use sync::document::directory::{read, record_of};
use sync::id::TenantId;
use sync::model::directory::{Directory, Entries, Revision, fold_revisions};

use super::record;
use crate::replica::ReplicaError;

/// The directory as this replica has it.
#[derive(Debug, Clone, Default)]
pub(crate) struct DirectoryState {
    /// Before types are given.
    pub entries: Entries,
    /// What is asked.
    pub directory: Directory,
}

impl DirectoryState {
    /// Folds revisions.
    pub(crate) fn from_revisions(revisions: &[Revision]) -> Self {
        let entries = fold_revisions(revisions);
        let directory = Directory::from_revisions(revisions);
        Self { entries, directory }
    }
}

/// Reads it; empty before the first sync.
pub(crate) fn load_directory(connection: &Connection, tenant: TenantId) -> Result<DirectoryState, ReplicaError> {
    match record::document(connection, record_of(tenant))? {
        Some(document) => Ok(DirectoryState::from_revisions(&read(&document)?)),
        None => Ok(DirectoryState::default()),
    }
}
