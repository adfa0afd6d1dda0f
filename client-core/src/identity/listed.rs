//! Who raised many petitions, for a list that somebody may carry away with names in it.

use std::collections::BTreeSet;

use jiff::Timestamp;
use sync::id::{EventId, RecordId};
use sync::model::time::local_date;
use sync::scope::{Rule, Subject, may_identify, rule};
use sync::wire::Looked;

use super::{IdentityError, Known, Reading, present};
use crate::replica::{Replica, ReplicaError};
use crate::store::{erased, identities};
use crate::view::PetitionRow;

/// What a list can say of who raised a petition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Listed {
    /// The user may not know it.
    NotYours,
    /// It was forgotten, as was asked for.
    Erased,
    /// The server was asked just now, and nobody has written it down.
    NotNamed,
    /// It does not lie here, and the server has not said.
    Unknown,
    /// What holds, latest first; more than one where it was written down apart, and nobody has decided.
    Known(Vec<Known>),
}

impl Replica {
    /// Whether any post of the user may know who raised any of these; of none at all, whether it might know of some.
    pub fn may_know_any(&self, rows: &[PetitionRow], now: Timestamp) -> bool {
        let directory = self.directory();
        let posts = directory.posts_of(&self.identity.user, local_date(now, directory.zone()));
        let somewhere = posts.iter().any(|post| rule(post.role, Subject::Identity) != Rule::No);
        somewhere && (rows.is_empty() || rows.iter().any(|row| self.may_list(row, now)))
    }

    /// Those of the petitions whose person the user may know, that is not forgotten and does not lie here.
    pub fn not_held(&self, rows: &[PetitionRow], now: Timestamp) -> Result<Vec<RecordId>, IdentityError> {
        let mut missing = Vec::new();
        for row in rows.iter().filter(|row| self.may_list(row, now)) {
            if identities::of(&self.connection, row.id)?.is_empty() && !self.is_erased(row, now)? {
                missing.push(row.id);
            }
        }
        Ok(missing)
    }

    /// Has the server asked, with the next sync, who raised each of these.
    pub fn ask_who_all(
        &mut self,
        records: &[RecordId],
        reading: &Reading,
        new_id: &mut dyn FnMut() -> EventId,
    ) -> Result<(), IdentityError> {
        let tx = self.connection.transaction().map_err(ReplicaError::from)?;
        for record in records {
            identities::ask(&tx, &reading.of(*record, Some(new_id())))?;
        }
        tx.commit().map_err(ReplicaError::from)?;
        Ok(())
    }

    /// Those of these that the server has not answered.
    pub fn unanswered(&self, records: &[RecordId]) -> Result<BTreeSet<RecordId>, IdentityError> {
        let wanted: BTreeSet<&RecordId> = records.iter().collect();
        let asks = identities::asks(&self.connection)?.into_iter().map(|ask| ask.record);
        Ok(asks.filter(|record| wanted.contains(record)).collect())
    }

    /// Who raised each of the petitions, in their order. `answered`: what the server was asked in the same breath, and has
    /// written down itself; of everything else that lies here it is kept, before it is shown, that it was looked up.
    pub fn look_at_all(
        &mut self,
        rows: &[PetitionRow],
        answered: &BTreeSet<RecordId>,
        reading: &Reading,
        new_id: &mut dyn FnMut() -> EventId,
        now: Timestamp,
    ) -> Result<Vec<Listed>, IdentityError> {
        let listed =
            rows.iter().map(|row| self.listed(row, answered, now)).collect::<Result<Vec<_>, IdentityError>>()?;
        let tx = self.connection.transaction().map_err(ReplicaError::from)?;
        for (row, who) in rows.iter().zip(&listed) {
            if matches!(who, Listed::Known(_)) && !answered.contains(&row.id) {
                let ask = reading.of(row.id, None);
                identities::put_look(&tx, &Looked { id: new_id(), ask, at: now.as_millisecond() })?;
            }
        }
        tx.commit().map_err(ReplicaError::from)?;
        Ok(listed)
    }

    fn listed(
        &self,
        row: &PetitionRow,
        answered: &BTreeSet<RecordId>,
        now: Timestamp,
    ) -> Result<Listed, IdentityError> {
        if !self.may_list(row, now) {
            return Ok(Listed::NotYours);
        }
        let held = identities::of(&self.connection, row.id)?;
        if !held.is_empty() {
            let known = present(&held).into_iter().map(|held| self.known(held)).collect::<Result<_, _>>()?;
            return Ok(Listed::Known(known));
        }
        if self.is_erased(row, now)? {
            return Ok(Listed::Erased);
        }
        let said = answered.contains(&row.id) && identities::denied(&self.connection, row.id)?.is_none();
        Ok(if said { Listed::NotNamed } else { Listed::Unknown })
    }

    /// By the place the petition has now, as its row says it. Who spoke in a sealed one goes into no list.
    fn may_list(&self, row: &PetitionRow, now: Timestamp) -> bool {
        if row.sealed {
            return false;
        }
        let directory = self.directory();
        let today = local_date(now, directory.zone());
        let posts = directory.posts_of(&self.identity.user, today);
        posts.iter().any(|post| may_identify(post, &row.unit_id, row.hamlet_id.as_ref(), directory, today).is_ok())
    }

    fn is_erased(&self, row: &PetitionRow, now: Timestamp) -> Result<bool, IdentityError> {
        // Whose petition it is says its document alone, which is read for nothing where nobody was forgotten.
        if erased::sum(&self.connection)?.0 == 0 {
            return Ok(false);
        }
        Ok(erased::at(&self.connection, self.asked(row.id, now)?.identity)?.is_some())
    }
}
