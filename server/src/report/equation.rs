//! What must hold in every report, for every key and for every single petition.

use self::Relation::{AtMost, Equal};
use super::figure::Figure::{self, self as F};

/// How the two sides compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Relation {
    /// The signed sum is zero.
    Equal,
    /// The signed sum is not above zero.
    AtMost,
}

/// A signed sum of figures.
#[derive(Debug)]
pub(super) struct Equation {
    pub(super) text: &'static str,
    pub(super) relation: Relation,
    pub(super) terms: &'static [(i64, Figure)],
}

impl Equation {
    /// Whether it holds for some counts.
    pub(super) fn holds(&self, count: impl Fn(Figure) -> i64) -> bool {
        let sum: i64 = self.terms.iter().map(|(sign, figure)| sign * count(*figure)).sum();
        match self.relation {
            Relation::Equal => sum == 0,
            Relation::AtMost => sum <= 0,
        }
    }
}

/// Of what was counted at the month's end; they hold for every key and for every petition alone.
pub(super) const EQUATIONS: &[Equation] = &[
    Equation {
        text: "handled = carried_in + received + late_received + reopened",
        relation: Equal,
        terms: &[(-1, F::Handled), (1, F::CarriedIn), (1, F::Received), (1, F::LateReceived), (1, F::Reopened)],
    },
    Equation {
        text: "finished = resolved + guided + filed + withdrawn + duplicates",
        relation: Equal,
        terms: &[
            (-1, F::Finished),
            (1, F::Resolved),
            (1, F::Guided),
            (1, F::Filed),
            (1, F::Withdrawn),
            (1, F::Duplicates),
        ],
    },
    Equation {
        text: "carried_out = handled − finished",
        relation: Equal,
        terms: &[(-1, F::CarriedOut), (1, F::Handled), (-1, F::Finished)],
    },
    Equation {
        text: "carried_out = open_within + open_overdue",
        relation: Equal,
        terms: &[(-1, F::CarriedOut), (1, F::OpenWithin), (1, F::OpenOverdue)],
    },
    Equation {
        text: "resolved = resolved_on_time + resolved_late",
        relation: Equal,
        terms: &[(-1, F::Resolved), (1, F::ResolvedOnTime), (1, F::ResolvedLate)],
    },
    Equation { text: "answered ≤ resolved", relation: AtMost, terms: &[(1, F::Answered), (-1, F::Resolved)] },
    Equation { text: "rated ≤ answered", relation: AtMost, terms: &[(1, F::Rated), (-1, F::Answered)] },
    Equation { text: "satisfied ≤ rated", relation: AtMost, terms: &[(1, F::Satisfied), (-1, F::Rated)] },
];

/// From one month to the next.
pub(super) const CONTINUITY: Equation = Equation {
    text: "opening + moved_in − moved_out = carried_in",
    relation: Equal,
    terms: &[(1, F::Opening), (1, F::MovedIn), (-1, F::MovedOut), (-1, F::CarriedIn)],
};
