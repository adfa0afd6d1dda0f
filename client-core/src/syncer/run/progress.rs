//! How far a sync has come.

use serde::Serialize;

use crate::replica::{Replica, ReplicaError};
use crate::store::meta;
use crate::syncer::report::SyncReport;

/// How far a sync has come: all of it is committed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Progress {
    /// What it has done so far.
    pub report: SyncReport,
    /// Of a first fill, what is still to come; none when none is going on, or nothing of it has come.
    pub filling: Option<Filling>,
}

/// How far a first fill has come. It brings the directory, then open records, then the others, each newest first; how many
/// records there are the server does not say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Filling {
    /// All open records are here: the others come.
    pub open_are_here: bool,
    /// Of those that come now, the ones that were created before this position of the log are still to come.
    pub before: u64,
    /// So many positions the log had when the fill began.
    pub of: u64,
}

impl Progress {
    pub(super) fn of(replica: &Replica, report: SyncReport) -> Result<Self, ReplicaError> {
        let fill = meta::fill(&replica.connection)?;
        let filling = fill.map(|fill| Filling { open_are_here: fill.pass > 0, before: fill.before, of: fill.as_of });
        Ok(Self { report, filling })
    }
}
