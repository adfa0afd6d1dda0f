//! Everything that was written down of who spoke, for the person who asks what is kept of them.

use jiff::Timestamp;
use sync::id::{EventId, RecordId};
use sync::wire::Looked;

use super::{IdentityError, Known, Reading, present};
use crate::outbox::WhyNot;
use crate::replica::{Replica, ReplicaError};
use crate::store::{erased, identities};

/// One version, and which have taken its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// What it says.
    pub known: Known,
    /// The versions that replaced it; none: it holds.
    pub replaced_by: Vec<EventId>,
}

/// Who raised a petition, with all that was ever written down of it and lies here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Whole {
    /// The person's id.
    pub identity: EventId,
    /// Somebody has written down who it was.
    pub named: bool,
    /// Oldest first.
    pub versions: Vec<Kept>,
    /// The server was asked and has not answered.
    pub waiting: bool,
    /// Why the server did not say.
    pub denied: Option<WhyNot>,
    /// When the person was forgotten, milliseconds since 1970.
    pub erased: Option<i64>,
}

impl Replica {
    /// All versions of who raised a petition that lie on this device. None: the user may not know it. That it was looked
    /// up is kept before it is shown, under the id `look`.
    pub fn look_whole(
        &mut self,
        record: RecordId,
        reading: &Reading,
        look: EventId,
        now: Timestamp,
    ) -> Result<Option<Whole>, IdentityError> {
        let asked = self.asked(record, now)?;
        if !asked.allowed {
            return Ok(None);
        }
        let held = self.persons_of(record)?;
        let heads: Vec<EventId> = present(&held).iter().map(|held| held.version.version).collect();
        let replaced_by = |version: EventId| -> Vec<EventId> {
            if heads.contains(&version) {
                return Vec::new();
            }
            held.iter().filter(|other| other.version.after.contains(&version)).map(|o| o.version.version).collect()
        };
        let kept = |held| {
            let known = self.known(held)?;
            Ok(Kept { replaced_by: replaced_by(known.version), known })
        };
        let versions = held.iter().map(kept).collect::<Result<Vec<_>, IdentityError>>()?;
        if !versions.is_empty() {
            let tx = self.connection.transaction().map_err(ReplicaError::from)?;
            let looked = Looked { id: look, ask: reading.of(record, None), at: now.as_millisecond() };
            identities::put_look(&tx, &looked)?;
            tx.commit().map_err(ReplicaError::from)?;
        }
        Ok(Some(Whole {
            identity: asked.identity,
            named: asked.named || !versions.is_empty(),
            versions,
            waiting: identities::asks(&self.connection)?.iter().any(|ask| ask.record == record),
            denied: identities::denied(&self.connection, record)?,
            erased: erased::at(&self.connection, asked.identity)?,
        }))
    }

    /// When who raised a petition was looked up on this device and what for, where the server was not told of it yet.
    pub fn untold_looks(&self, record: RecordId) -> Result<Vec<(i64, String)>, IdentityError> {
        let looks = identities::looks(&self.connection, usize::MAX)?.into_iter();
        Ok(looks.filter(|look| look.ask.record == record).map(|look| (look.at, look.ask.purpose)).collect())
    }
}
