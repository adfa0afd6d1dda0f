//! The result of the fold.

use std::collections::BTreeMap;

use super::contest::Contest;
use super::effect::Effect;
use super::moment::Moment;
use crate::id::EventId;
use crate::model::petition::action::Field;

/// Everything the events say together.
#[derive(Debug, Clone)]
pub struct Folded {
    /// The states it went through; never empty.
    pub moments: Vec<Moment>,
    /// Every event in causal order with its effect.
    pub effects: Vec<(EventId, Effect)>,
    /// Undecided contests.
    pub contests: Vec<Contest>,
    /// Facts that were corrected apart from each other: the values in question, the one in force last.
    pub conflicts: BTreeMap<Field, Vec<String>>,
    /// It was finished once and taken up again.
    pub reopened: bool,
}

impl Folded {
    /// The state now.
    pub fn last(&self) -> &Moment {
        self.moments.last().unwrap_or_else(|| unreachable!("the logging is always a moment"))
    }
}
