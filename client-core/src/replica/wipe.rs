//! A device that was shut out forgets everything.

use super::{Replica, ReplicaError};

impl Replica {
    /// Wipes the replica, durably: its keys first, then the database and every other file of the folder. What was not sent
    /// is gone with it, so it must lie with the server before. Killed half way it goes on when the folder is next opened.
    pub(crate) fn wipe(self) -> Result<ReplicaError, ReplicaError> {
        let Self { connection, home, .. } = self;
        home.begin_wiping()?;
        // In their pages, before anything else: overwritten by SQLite itself (secure_delete), and out of its log.
        let forget = "DELETE FROM meta WHERE key IN ('signing_key', 'receiving_key')";
        let forgotten = connection.execute_batch(&format!("{forget}; PRAGMA wal_checkpoint(TRUNCATE)"));
        // What cannot be written by SQLite any more is overwritten as a file.
        drop(forgotten);
        drop(connection);
        home.erase()?;
        Ok(ReplicaError::Wiped(home.path().to_owned()))
    }
}
