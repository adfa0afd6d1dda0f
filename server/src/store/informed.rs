//! What a device has been told, as far as the server can know it.

use jiff::{SignedDuration, Timestamp};

/// Up to when a device is known to have been told everything. Its work is judged by the posts its author held at any
/// time since then, for nobody can obey what has not reached him. An answer that was sent may have been lost on the
/// way: only the cursor of a later request shows that it came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Informed {
    /// It had everything then, milliseconds.
    pub at: i64,
    /// A contact since then of which that is not known yet.
    pub open: Option<OpenContact>,
}

/// A contact whose answer has not been shown to have arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpenContact {
    /// When it began, milliseconds.
    pub since: i64,
    /// The end of the log that was sent with the answer; none while the device's own work was still coming.
    pub position: Option<u64>,
}

impl Informed {
    /// A device that begins with what it is told now.
    pub fn enrolled(at: i64) -> Self {
        Self { at, open: None }
    }

    /// The time up to which it was told everything.
    pub fn time(&self) -> Timestamp {
        Timestamp::from_millisecond(self.at).unwrap_or(Timestamp::UNIX_EPOCH)
    }

    /// A request has come with this cursor. A contact older than the lease counts even unshown: a device that never
    /// moves its cursor gains no more by it than one that stays away.
    pub fn shown(&mut self, cursor: Option<u64>, now: Timestamp, lease: SignedDuration) {
        let Some(open) = self.open else { return };
        let arrived = open.position.is_some_and(|sent| cursor.is_some_and(|shown| shown >= sent));
        let overdue = now.as_millisecond() - open.since > i64::try_from(lease.as_millis()).unwrap_or(i64::MAX);
        if arrived || overdue {
            *self = Self { at: self.at.max(open.since), open: None };
        }
    }

    /// A request is being answered, on another day than the one it was told everything on. `whole`: all of the log up to
    /// `position` goes down, and of the device's own work nothing is left to be sent again.
    pub fn answered(&mut self, whole: bool, position: u64, now: Timestamp) {
        let open = self.open.get_or_insert(OpenContact { since: now.as_millisecond(), position: None });
        if whole {
            open.position = open.position.or(Some(position));
        }
    }
}
