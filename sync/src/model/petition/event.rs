//! One event: who did what, when, having seen what.

use jiff::Timestamp;
use minicbor::{Decode, Encode};

use super::action::Action;
use crate::id::{BodyId, EventId, PostId};
use crate::model::time::{cbor_millis, cbor_millis_opt};

/// An event. Once written it is never edited or removed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Its key in the record's `events` map.
    pub id: EventId,
    /// What is written under that key.
    pub body: EventBody,
}

/// What is written under an event's key, as one CBOR value.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct EventBody {
    /// What it does.
    #[n(0)]
    pub action: Action,
    /// Device time.
    #[cbor(n(1), with = "cbor_millis")]
    pub at: Timestamp,
    /// The post in whose name it was done.
    #[n(2)]
    pub by: PostId,
    /// The tip events its author had seen; left out when there were none.
    #[n(3)]
    pub after: Option<Vec<EventId>>,
    /// The body that acts: the handler's own, or the one it is typed for.
    #[n(4)]
    pub body: Option<BodyId>,
    /// Typed for that body by Front staff (*ghi thay*).
    #[n(5)]
    pub on_behalf: Option<bool>,
    /// The number of the paper that says so.
    #[n(6)]
    pub paper: Option<String>,
    /// The clock's first word when `at` had to be corrected by a learnt offset.
    #[cbor(n(7), with = "cbor_millis_opt", has_nil)]
    pub stamped: Option<Timestamp>,
    /// Written by an import, with the register's own date.
    #[n(8)]
    pub imported: Option<bool>,
}

impl Event {
    /// The tip events its author had seen.
    pub fn after(&self) -> &[EventId] {
        self.body.after.as_deref().unwrap_or_default()
    }

    /// What it does.
    pub fn action(&self) -> &Action {
        &self.body.action
    }

    /// The body it was typed for by another.
    pub fn on_behalf_of(&self) -> Option<&BodyId> {
        if self.body.on_behalf == Some(true) { self.body.body.as_ref() } else { None }
    }

    /// Written by an import.
    pub fn imported(&self) -> bool {
        self.body.imported == Some(true)
    }
}
