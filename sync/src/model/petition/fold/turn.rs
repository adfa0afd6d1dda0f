//! One event's turn: its place in causal order, and what its author had seen when it was written.

use jiff::Timestamp;

use crate::id::EventId;
use crate::model::petition::event::Event;
use crate::model::petition::order::Past;

/// An event among the others.
pub(super) struct Turn<'a> {
    /// Its place in `ordered`.
    pub(super) index: usize,
    /// The event.
    pub(super) event: &'a Event,
    /// Counted date, never before the moment it follows.
    pub(super) at: Timestamp,
    /// Every event, in causal order.
    pub(super) ordered: &'a [&'a Event],
    /// What its author had seen, as places in `ordered`.
    pub(super) past: &'a Past,
}

impl Turn<'_> {
    /// Whether its author had seen the event at that place.
    pub(super) fn saw(&self, index: usize) -> bool {
        self.past.contains(index)
    }

    /// Whether its author had seen the event of that id.
    pub(super) fn saw_event(&self, id: EventId) -> bool {
        self.ordered.iter().enumerate().any(|(index, event)| event.id == id && self.saw(index))
    }
}
