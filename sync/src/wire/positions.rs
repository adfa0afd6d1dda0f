//! Sets of positions of the log, kept as runs: what one device pushed in one go lies together.

use minicbor::{Decode, Encode};

/// Positions of the log, as runs in rising order that do not touch.
#[derive(Debug, Clone, Default, PartialEq, Eq, Encode, Decode)]
#[cbor(transparent)]
pub struct PositionSet(Vec<Run>);

/// From the first to the last, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
struct Run {
    #[n(0)]
    first: u64,
    #[n(1)]
    last: u64,
}

impl PositionSet {
    /// More runs than this are not kept: the oldest are let go of.
    const MAX_RUNS: usize = 1000;

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether this one is among them.
    pub fn contains(&self, position: u64) -> bool {
        let after = self.0.partition_point(|run| run.first <= position);
        after > 0 && position <= self.0[after - 1].last
    }

    /// Puts one in.
    pub fn insert(&mut self, position: u64) {
        if self.contains(position) {
            return;
        }
        let after = self.0.partition_point(|run| run.first < position);
        let joins_before = after > 0 && self.0[after - 1].last.checked_add(1) == Some(position);
        let joins_after = self.0.get(after).is_some_and(|run| position.checked_add(1) == Some(run.first));
        match (joins_before, joins_after) {
            (true, true) => {
                self.0[after - 1].last = self.0[after].last;
                self.0.remove(after);
            }
            (true, false) => self.0[after - 1].last = position,
            (false, true) => self.0[after].first = position,
            (false, false) => self.0.insert(after, Run { first: position, last: position }),
        }
        if self.0.len() > Self::MAX_RUNS {
            self.0.remove(0);
        }
    }

    /// Each of them, in order.
    pub fn iter(&self) -> impl Iterator<Item = u64> + '_ {
        self.0.iter().flat_map(|run| run.first..=run.last)
    }

    /// Lets go of all up to this one.
    pub fn forget_upto(&mut self, position: u64) {
        self.0.retain(|run| run.last > position);
        if let Some(run) = self.0.first_mut() {
            run.first = run.first.max(position.saturating_add(1));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn it_is_the_set_of_what_was_put_in_and_not_let_go_of() {
        let mut plain = BTreeSet::new();
        let mut set = PositionSet::default();
        // A walk over 0..97 that visits every number once, with steps that make runs grow, join and stand apart.
        for step in 0..97u64 {
            let position = step * 35 % 97;
            set.insert(position);
            plain.insert(position);
            if step % 40 == 39 {
                set.forget_upto(step / 2);
                plain.retain(|p| *p > step / 2);
            }
            assert!((0..100).all(|p| set.contains(p) == plain.contains(&p)), "after {position}: {set:?}");
            let touching = set.0.windows(2).any(|pair| pair[0].last + 1 >= pair[1].first);
            assert!(!touching, "{set:?}");
        }
    }

    #[test]
    fn it_does_not_grow_without_bound() {
        let mut set = PositionSet::default();
        (0..3000).for_each(|n| set.insert(n * 2));
        assert_eq!(set.0.len(), PositionSet::MAX_RUNS);
        assert!(set.contains(5998) && !set.contains(0));
    }
}
