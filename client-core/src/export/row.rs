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
}
