//! How far a record's words have come: taken by the server, not sent yet, or to be put right first.

use serde::Serialize;

/// The truthful word about sending.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "lowercase")]
pub enum Sending {
    /// The server has all of it.
    Received,
    /// Something waits for the next sync.
    Pending,
    /// Something was not taken and waits for its author.
    Refused,
}

impl Sending {
    /// From what the outbox holds of a record.
    pub fn of(pending: bool, refused: bool) -> Self {
        match (pending, refused) {
            (_, true) => Sending::Refused,
            (true, false) => Sending::Pending,
            (false, false) => Sending::Received,
        }
    }
}
