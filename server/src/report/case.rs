//! One petition as the month sees it.

use sync::id::RecordId;

use super::behind::Section;
use super::figure::{Figure, Flags};
use super::key::Spot;

/// A petition, which figures count it and under which keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// Which.
    pub(super) record: RecordId,
    /// Counted date of its logging, in milliseconds.
    pub(super) logged_at: i64,
    /// Figures that count it.
    pub(super) flags: Flags,
    /// For a resolved one: days from the logging to the last resolution.
    pub(super) days: u32,
    /// The last day for its resolution, for what is resolved or open.
    pub(super) due: Option<i32>,
    /// Its keys at the month's start, when it was open then in one of the offices asked for.
    pub(super) start: Option<Spot>,
    /// Its keys at the month's end, when it is in one of the offices asked for.
    pub(super) end: Option<Spot>,
}

impl Case {
    /// Its key's number in a section: (at the start, if it was open then; at the end).
    pub(super) fn keys(&self, section: Section) -> (Option<u32>, Option<u32>) {
        let of = |spot: &Spot| match section {
            Section::Totals => 0,
            Section::By(by) => spot[by.index()],
        };
        (self.start.as_ref().map(of), self.end.as_ref().map(of))
    }

    /// Whether a figure of a key counts it.
    pub(super) fn counts(&self, section: Section, key: u32, figure: Figure) -> bool {
        let (start, end) = self.keys(section);
        let (here_before, here) = (start == Some(key), end == Some(key));
        match figure {
            Figure::Opening => here_before,
            Figure::MovedOut => here_before && !here,
            Figure::MovedIn => here && !here_before && self.flags.has(Figure::CarriedIn),
            figure => here && self.flags.has(figure),
        }
    }
}
