//! From when to when an entry counts.

use jiff::civil::Date;

/// From when to when, both days included; none is for ever.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Validity {
    /// First day.
    pub from: Option<Date>,
    /// Last day.
    pub to: Option<Date>,
}

impl Validity {
    /// Whether a day lies inside.
    pub fn contains(&self, day: Date) -> bool {
        self.from.is_none_or(|f| f <= day) && self.to.is_none_or(|t| day <= t)
    }

    /// The days that lie inside both, if there are any.
    pub fn and(&self, other: &Validity) -> Option<Validity> {
        let from = self.from.max(other.from);
        let to = [self.to, other.to].into_iter().flatten().min();
        let empty = matches!((from, to), (Some(from), Some(to)) if to < from);
        (!empty).then_some(Validity { from, to })
    }

    /// Whether any day lies inside both.
    pub fn overlaps(&self, other: &Validity) -> bool {
        self.and(other).is_some()
    }
}
