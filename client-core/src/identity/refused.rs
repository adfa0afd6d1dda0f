//! Who spoke, where the server did not take it: it waits for its author like any other work.

use rusqlite::Transaction;
use sync::id::{EventId, RecordId};

use crate::outbox::WhyNot;
use crate::replica::{Replica, ReplicaError};
use crate::store::identities;

/// What its numbers begin with, to tell them from those of other work.
const PREFIX: &str = "p-";

/// One that was refused.
#[derive(Debug, Clone)]
pub struct RefusedPerson {
    version: EventId,
    /// The petition.
    pub record: RecordId,
    /// Why not.
    pub why: WhyNot,
}

impl RefusedPerson {
    /// Names it in `refused retry` and `refused discard`.
    pub fn id(&self) -> String {
        format!("{PREFIX}{}", self.version)
    }
}

fn version(id: &str) -> Option<EventId> {
    id.trim().strip_prefix(PREFIX)?.parse().ok()
}

impl Replica {
    /// What was refused, oldest first.
    pub fn refused_persons(&self) -> Result<Vec<RefusedPerson>, ReplicaError> {
        let refused = identities::refused(&self.connection)?.into_iter();
        Ok(refused.map(|r| RefusedPerson { version: r.version, record: r.record, why: r.why }).collect())
    }

    /// Sends it again with the next sync. None: the number is none of these; else whether there was such a one.
    pub fn retry_person(&mut self, id: &str) -> Result<Option<bool>, ReplicaError> {
        self.with_person(id, identities::retry)
    }

    /// Lets go of it for good. None: the number is none of these; else whether there was such a one.
    pub fn discard_person(&mut self, id: &str) -> Result<Option<bool>, ReplicaError> {
        self.with_person(id, identities::discard)
    }

    fn with_person(
        &mut self,
        id: &str,
        act: impl FnOnce(&Transaction<'_>, EventId) -> Result<bool, ReplicaError>,
    ) -> Result<Option<bool>, ReplicaError> {
        let Some(version) = version(id) else { return Ok(None) };
        let tx = self.connection.transaction()?;
        let done = act(&tx, version)?;
        tx.commit()?;
        Ok(Some(done))
    }
}
