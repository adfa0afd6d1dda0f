//! Contest: two referrals made apart are both kept until somebody who has seen both decides.

use super::turn::Turn;
use crate::id::{BodyId, EventId};
use crate::model::petition::action::Action;
use crate::model::petition::event::Event;
use crate::model::petition::order::Past;

/// Two referrals made apart, naming different lead bodies, that nobody has decided between.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contest {
    /// One.
    pub first: EventId,
    /// The other.
    pub second: EventId,
}

/// The contests among the events, as far as they have been taken.
pub(super) struct Contests {
    /// Pairs of rivals among the events, by index.
    rivals: Vec<(usize, usize)>,
    /// Rivals of which both have been taken and none decided.
    open: Vec<(usize, usize)>,
}

impl Contests {
    /// Finds the rivals among events in causal order, of which none has been taken yet.
    pub(super) fn among(ordered: &[&Event], pasts: &[Past]) -> Self {
        Contests { rivals: rivals(ordered, pasts), open: Vec::new() }
    }

    /// Whether the event at that place has a rival, taken or not.
    pub(super) fn has_rival(&self, index: usize) -> bool {
        self.rivals.iter().any(|&(a, b)| a == index || b == index)
    }

    /// A referral decides the contests of which its author had seen both sides.
    pub(super) fn decide(&mut self, turn: &Turn<'_>) {
        self.open.retain(|&(a, b)| {
            let decides = matches!(turn.event.action(), Action::Refer { .. }) && turn.saw(a) && turn.saw(b);
            !decides
        });
    }

    /// Opens the contests of the event at that place with the rivals taken before it.
    pub(super) fn meet(&mut self, index: usize) {
        self.open.extend(self.rivals.iter().filter(|&&(_, b)| b == index));
    }

    /// Whether one is undecided.
    pub(super) fn any_open(&self) -> bool {
        !self.open.is_empty()
    }

    /// The undecided ones.
    pub(super) fn undecided(&self, ordered: &[&Event]) -> Vec<Contest> {
        self.open.iter().map(|&(a, b)| Contest { first: ordered[a].id, second: ordered[b].id }).collect()
    }
}

/// Pairs (earlier, later in order) of refer or transfer events naming different lead bodies, neither having seen the other.
fn rivals(ordered: &[&Event], pasts: &[Past]) -> Vec<(usize, usize)> {
    let leads: Vec<(usize, &BodyId)> =
        ordered.iter().enumerate().filter_map(|(i, e)| e.action().lead().map(|lead| (i, lead))).collect();
    let mut pairs = Vec::new();
    for (n, &(b, lead_b)) in leads.iter().enumerate() {
        for &(a, lead_a) in &leads[..n] {
            if lead_a != lead_b && !pasts[b].contains(a) {
                pairs.push((a, b));
            }
        }
    }
    pairs
}
