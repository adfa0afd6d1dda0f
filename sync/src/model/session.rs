//! A session (*buổi đối thoại, tiếp công dân, …*): an occasion of listening, with minutes written together.

use jiff::Timestamp;
use minicbor::{Decode, Encode};

use crate::id::{EventId, PostId, RecordId, UnitId};
use crate::model::petition::Channel;
use crate::model::time::{cbor_millis, cbor_millis_opt};

/// What is written once, when a session is opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionFacts {
    /// Dialogue, reception day …
    pub kind: Channel,
    /// Where.
    pub unit: UnitId,
    /// When.
    pub at: Timestamp,
    /// The clock's first word when `at` had to be corrected by a learnt offset.
    pub stamped: Option<Timestamp>,
    /// What it is called.
    pub title: Option<String>,
    /// The post that chaired.
    pub chair: Option<PostId>,
    /// How many people were there.
    pub present: Option<u32>,
    /// The post that opened it.
    pub by: PostId,
}

/// What happens to a session later.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionEvent {
    /// Its key in the record's `events` map.
    pub id: EventId,
    /// What is written under it.
    pub body: SessionEventBody,
}

/// What is written under a session event's key, as one CBOR value.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct SessionEventBody {
    /// What it does.
    #[n(0)]
    pub action: SessionAction,
    /// Device time.
    #[cbor(n(1), with = "cbor_millis")]
    pub at: Timestamp,
    /// In whose name.
    #[n(2)]
    pub by: PostId,
    /// The tip events its author had seen.
    #[n(3)]
    pub after: Option<Vec<EventId>>,
    /// The clock's first word when `at` had to be corrected.
    #[cbor(n(7), with = "cbor_millis_opt", has_nil)]
    pub stamped: Option<Timestamp>,
}

/// What an event does to a session.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub enum SessionAction {
    /// What was concluded; the latest counts, conclusions made apart are all shown.
    #[n(1)]
    Conclude {
        /// In words.
        #[n(0)]
        text: String,
    },
    /// Two officers opened it apart: this is the same occasion as another record.
    #[n(2)]
    SameAs {
        /// The one that counts.
        #[n(0)]
        of: RecordId,
    },
}

/// What a session's events say together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SessionState {
    /// Conclusions that no later one has seen, in order of id; more than one when written apart.
    pub conclusions: Vec<String>,
    /// The record this is the same occasion as.
    pub same_as: Option<RecordId>,
}

/// Folds a session's events: what no later event of the same kind has seen.
pub fn fold_session(events: &[SessionEvent]) -> SessionState {
    let seen_by_same_kind = |e: &SessionEvent| {
        let same = |a: &SessionAction| std::mem::discriminant(a) == std::mem::discriminant(&e.body.action);
        events.iter().any(|later| same(&later.body.action) && reaches(events, later, e.id))
    };
    let mut last: Vec<&SessionEvent> = events.iter().filter(|e| !seen_by_same_kind(e)).collect();
    last.sort_by_key(|e| e.id);
    let mut state = SessionState::default();
    for event in last {
        match &event.body.action {
            SessionAction::Conclude { text } => state.conclusions.push(text.clone()),
            SessionAction::SameAs { of } => state.same_as = Some(*of),
        }
    }
    state
}

/// Whether `later` has `target` in its past.
fn reaches(events: &[SessionEvent], later: &SessionEvent, target: EventId) -> bool {
    let mut next: Vec<EventId> = later.body.after.clone().unwrap_or_default();
    let mut seen = std::collections::BTreeSet::new();
    while let Some(id) = next.pop() {
        if id == target {
            return true;
        }
        if seen.insert(id)
            && let Some(event) = events.iter().find(|e| e.id == id)
        {
            next.extend(event.body.after.iter().flatten().copied());
        }
    }
    false
}
