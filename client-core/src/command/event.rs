//! An event as a command says it: everything but what its author had seen, which is computed when it is written.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sync::id::{BodyId, EventId, PostId};
use sync::model::petition::{Action, Event, EventBody};

use super::cbor_text;

/// An event to be written on a petition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewEvent {
    /// Its id: UUIDv7, for an import [`sync::id::stable_uuid`].
    pub id: EventId,
    /// What it does.
    #[serde(with = "cbor_text")]
    pub action: Action,
    /// Device time; for an import the register's.
    pub at: Timestamp,
    /// In whose name.
    pub by: PostId,
    /// The body that acts: a handler's own, or the one it is typed for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<BodyId>,
    /// Typed for that body by Front staff (*ghi thay*).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub on_behalf: bool,
    /// The number of the paper that says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paper: Option<String>,
    /// The clock's first word, when `at` was corrected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stamped: Option<Timestamp>,
    /// Written by an import.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub imported: bool,
}

impl NewEvent {
    /// A plain event, in the name of a post.
    pub fn new(id: EventId, action: Action, at: Timestamp, by: PostId) -> Self {
        Self { id, action, at, by, body: None, on_behalf: false, paper: None, stamped: None, imported: false }
    }

    /// As it is written, having seen `after`.
    pub(super) fn written(&self, after: Vec<EventId>) -> Event {
        Event {
            id: self.id,
            body: EventBody {
                action: self.action.clone(),
                at: self.at,
                by: self.by.clone(),
                after: (!after.is_empty()).then_some(after),
                body: self.body.clone(),
                on_behalf: self.on_behalf.then_some(true),
                paper: self.paper.clone(),
                stamped: self.stamped,
                imported: self.imported.then_some(true),
            },
        }
    }
}
