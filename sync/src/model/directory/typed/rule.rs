//! Rules: which body is suggested for what, and how long a petition may take.

use serde::{Deserialize, Serialize};

use super::reader::Reader;
use super::validity::Validity;
use crate::id::{BodyId, CategoryId, UnitId};
use crate::model::calendar::Term;
use crate::model::directory::problem::Wants;
use crate::model::petition::{Kind, named};

/// Which body is suggested for a category in a unit (none: in all).
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Routing {
    pub category: Option<CategoryId>,
    pub unit: Option<UnitId>,
    pub body: BodyId,
    pub valid: Validity,
}

impl Routing {
    /// Reads one; none without a body.
    pub(super) fn read(r: &mut Reader<'_>, valid: Validity) -> Option<Self> {
        let Some(body) = r.text("body") else {
            r.complain("body", Wants::Something);
            return None;
        };
        Some(Routing {
            category: r.unless_all("category").map(CategoryId),
            unit: r.unless_all("unit").map(UnitId),
            body: body.into(),
            valid,
        })
    }
}

named!(
    /// Where a policy's clock starts.
    ClockStart {
        /// The logging.
        Logging = "logging",
        /// The latest referral.
        Referral = "referral",
        /// The latest acceptance.
        Acceptance = "acceptance",
    }
);

/// A deadline rule.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Policy {
    /// None: every kind.
    pub kind: Option<Kind>,
    /// None: every category.
    pub category: Option<CategoryId>,
    pub first_answer: Option<Term>,
    pub resolve: Option<Term>,
    pub from: ClockStart,
    pub valid: Validity,
}

impl Policy {
    /// Reads one; none where any of it cannot be read.
    pub(super) fn read(r: &mut Reader<'_>, valid: Validity) -> Option<Self> {
        let all_kinds = r.unless_all("kind").is_none();
        let policy = Policy {
            kind: if all_kinds { None } else { r.word("kind", Wants::OneOf(Kind::WORDS), Kind::parse) },
            category: r.unless_all("category").map(CategoryId),
            first_answer: r.word("first_answer", Wants::Term, Term::parse),
            resolve: r.word("resolve", Wants::Term, Term::parse),
            from: r.word("from", Wants::OneOf(ClockStart::WORDS), ClockStart::parse).unwrap_or(ClockStart::Referral),
            valid,
        };
        // A rule that cannot be read must not apply to more than it says.
        if r.problem.is_none() { Some(policy) } else { None }
    }
}
