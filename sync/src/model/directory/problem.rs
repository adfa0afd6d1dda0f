//! What can be wrong with a directory.

use std::fmt;

use super::entity::EntityKind;
use crate::reason::Reason;

/// Something wrong with a directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// A field cannot be read.
    Field {
        /// Which table.
        kind: EntityKind,
        /// Which entry.
        id: String,
        /// Which field.
        field: &'static str,
        /// What may stand there.
        wants: Wants,
    },
    /// An entry names another that is not there.
    Missing {
        /// Which table.
        kind: EntityKind,
        /// Which entry.
        id: String,
        /// What it names.
        names: String,
    },
    /// Successors or parents lead back to where they began.
    Cycle {
        /// Which table.
        kind: EntityKind,
        /// `successors` or `parent`.
        field: &'static str,
        /// The way round.
        way: Vec<String>,
    },
    /// A post's role needs a unit, an office or a body that it does not name.
    PostWithoutPlace {
        /// Which post.
        id: String,
        /// What it needs.
        needs: &'static str,
    },
}

/// What may stand in a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wants {
    /// One of these words.
    OneOf(&'static [&'static str]),
    /// A date, or a list of them.
    Date,
    /// A term: `30d`, `10wd`.
    Term,
    /// The name of a time zone.
    Zone,
    /// A number, both ends included.
    Within(i64, i64),
    /// Anything, but it must be there.
    Something,
}

impl Problem {
    /// For people.
    pub fn reason(&self) -> Reason {
        match self {
            Problem::Field { kind, id, field, wants } => match wants {
                Wants::OneOf(words) => Reason::one_of(kind, id, field, words.join(", ")),
                Wants::Date => Reason::not_a_date(kind, id, field),
                Wants::Term => Reason::not_a_term(kind, id, field),
                Wants::Zone => Reason::not_a_zone(field),
                Wants::Within(least, most) => Reason::out_of_range(field, least, most),
                Wants::Something => Reason::entry_lacks(kind, id, field),
            },
            Problem::Missing { kind, id, names } => Reason::names_nothing(kind, id, names),
            Problem::Cycle { kind, field, way } => Reason::circle(kind, field, way.join(" → ")),
            Problem::PostWithoutPlace { id, needs } => Reason::post_without_place(id, needs),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.reason().fmt(f)
    }
}
