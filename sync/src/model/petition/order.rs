//! Causal order: what an author had seen comes first. Neither device time nor receipt time orders anything.

use std::collections::HashMap;

use super::event::Event;
use crate::id::EventId;

/// A set of indices into the ordered events.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Past(Vec<u64>);

impl Past {
    fn with_room(n: usize) -> Self {
        Self(vec![0; n.div_ceil(64)])
    }

    fn insert(&mut self, i: usize) {
        self.0[i / 64] |= 1 << (i % 64);
    }

    fn union(&mut self, other: &Past) {
        for (a, b) in self.0.iter_mut().zip(&other.0) {
            *a |= b;
        }
    }

    /// Whether the event at this index is in the past.
    pub fn contains(&self, i: usize) -> bool {
        self.0.get(i / 64).is_some_and(|w| w & (1 << (i % 64)) != 0)
    }
}

/// The indices of `events` sorted by (longest `after` path, id); of an event given twice, one.
///
/// A name in `after` that is not there counts for nothing. Events on a cycle cannot be written by an honest device and
/// are not admitted; should one be read all the same, it comes last, in order of id, so that every replica agrees.
pub fn causal_order(events: &[Event]) -> Vec<usize> {
    let index: HashMap<EventId, usize> = events.iter().enumerate().map(|(i, e)| (e.id, i)).collect();
    let mut missing = vec![0usize; events.len()];
    let mut children: Vec<Vec<usize>> = vec![Vec::new(); events.len()];
    for (i, e) in events.iter().enumerate() {
        for parent in e.after().iter().filter_map(|id| index.get(id)) {
            missing[i] += 1;
            children[*parent].push(i);
        }
    }
    let mut depth = vec![0usize; events.len()];
    let mut ready: Vec<usize> = (0..events.len()).filter(|&i| missing[i] == 0).collect();
    while let Some(i) = ready.pop() {
        for &child in &children[i] {
            depth[child] = depth[child].max(depth[i] + 1);
            missing[child] -= 1;
            if missing[child] == 0 {
                ready.push(child);
            }
        }
    }
    for (i, left) in missing.iter().enumerate() {
        if *left > 0 {
            depth[i] = usize::MAX;
        }
    }
    let mut order: Vec<usize> = (0..events.len()).collect();
    order.sort_by_key(|&i| (depth[i], events[i].id));
    order.dedup_by_key(|i| events[*i].id);
    order
}

/// The causal past of each event, for events already in causal order.
pub fn past_of(ordered: &[&Event]) -> Vec<Past> {
    let index: HashMap<EventId, usize> = ordered.iter().enumerate().map(|(i, e)| (e.id, i)).collect();
    let mut pasts: Vec<Past> = Vec::with_capacity(ordered.len());
    for (i, e) in ordered.iter().enumerate() {
        let mut past = Past::with_room(ordered.len());
        for &parent in e.after().iter().filter_map(|id| index.get(id)).filter(|&&p| p < i) {
            past.insert(parent);
            past.union(&pasts[parent]);
        }
        pasts.push(past);
    }
    pasts
}

/// The tips: events that no other event has seen. What the next event names in its `after`.
pub fn tips(events: &[Event]) -> Vec<EventId> {
    let seen: std::collections::HashSet<EventId> = events.iter().flat_map(|e| e.after().iter().copied()).collect();
    let mut tips: Vec<EventId> = events.iter().map(|e| e.id).filter(|id| !seen.contains(id)).collect();
    tips.sort_unstable();
    tips
}
