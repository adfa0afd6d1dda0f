//! One line of the register.

use jiff::civil::Date;

/// A petition as one line of the register. Texts are names for people to read, not codes; days are local.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportRow {
    /// Short code.
    pub code: String,
    /// The day it was logged.
    pub received: Date,
    /// How it came in.
    pub channel: String,
    /// Commune or ward.
    pub unit: String,
    /// Hamlet or quarter.
    pub hamlet: Option<String>,
    /// Kind of petition.
    pub kind: String,
    /// Field of life.
    pub category: Option<String>,
    /// What was said.
    pub text: String,
    /// The bodies it lies with, or lay with when it was resolved.
    pub body: Option<String>,
    /// The day of the last referral.
    pub referred: Option<Date>,
    /// The day by which it is to be resolved.
    pub due: Option<Date>,
    /// Where it stands.
    pub status: String,
    /// How it ended, in words.
    pub outcome: Option<String>,
    /// The day of the last resolution.
    pub resolved: Option<Date>,
    /// The day the person was told.
    pub answered: Option<Date>,
    /// How the person was told.
    pub answered_by: Option<String>,
    /// What the person thinks of it.
    pub satisfaction: Option<String>,
    /// Overdue, contested, reopened, collective and the like.
    pub remark: Option<String>,
    /// Who raised it; none where the list is without identity.
    pub person: Option<PersonCells>,
}

/// Who raised a petition, as far as the list may and can tell. Where it was written down apart, and nobody has decided,
/// each cell has all of it, numbered, so that it is seen what belongs together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PersonCells {
    /// As told.
    pub name: Option<String>,
    /// As told.
    pub phone: Option<String>,
    /// Where to bring the answer.
    pub address: Option<String>,
    /// What was agreed to.
    pub consent: Option<String>,
    /// Written down apart, forgotten, not known, or why not to be known.
    pub remark: Option<String>,
}
