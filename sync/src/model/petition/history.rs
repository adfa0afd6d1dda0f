//! When an event counts, and when it was late.

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};

use super::event::Event;
use crate::id::{DeviceId, EventId};

/// What the server noted when it admitted a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Received {
    /// When the server took it.
    pub at: Timestamp,
    /// The device that signed it.
    pub device: DeviceId,
    /// Its place in the log.
    pub position: u64,
}

/// What is known of the arrival of a petition and its events. What is not in it has not been sent yet.
#[derive(Debug, Clone, Default)]
pub struct Receipts {
    /// The creating change.
    pub created: Option<Received>,
    /// Each event.
    pub events: HashMap<EventId, Received>,
}

/// The date under which something counts, and whether it is marked late: its own time when it reached the server
/// within the lease after it, else the receipt. So backdating helps nobody.
pub fn counted(at: Timestamp, received: Option<Timestamp>, imported: bool, lease: SignedDuration) -> (Timestamp, bool) {
    match received {
        Some(received) if !imported && received.duration_since(at) > lease => (received, true),
        Some(received) if !imported => (at.min(received), false),
        _ => (at, false),
    }
}

impl Receipts {
    /// [`counted`] for an event.
    pub fn counted(&self, event: &Event, lease: SignedDuration) -> (Timestamp, bool) {
        counted(event.body.at, self.events.get(&event.id).map(|r| r.at), event.imported(), lease)
    }

    /// [`counted`] for the logging.
    pub fn counted_logging(&self, facts: &super::Facts, lease: SignedDuration) -> (Timestamp, bool) {
        counted(facts.at, self.created.map(|r| r.at), facts.source.is_some(), lease)
    }
}
