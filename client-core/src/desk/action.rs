//! The verbs of a petition, in codes and words.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use sync::id::BodyId;
use sync::model::petition::{Action, AnswerMeans, Field, Kind, Outcome};

use super::error::DeskError;
use super::{Desk, words};
use crate::view::code;

/// What is done to a petition; codes as of the day it is done. Texts that must be there may not be blank.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "verb", rename_all = "kebab-case", deny_unknown_fields)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[allow(missing_docs)]
pub enum Act {
    Receive,
    Classify {
        #[serde(default)]
        #[cfg_attr(feature = "ts", ts(optional = nullable))]
        kind: Option<Kind>,
        #[serde(default)]
        #[cfg_attr(feature = "ts", ts(optional = nullable))]
        category: Option<String>,
    },
    Refer {
        /// The lead body's code.
        to: String,
        /// Codes of bodies that work with it.
        #[serde(default)]
        #[cfg_attr(feature = "ts", ts(optional, as = "Option<Vec<String>>"))]
        with: Vec<String>,
        /// A last day in the place of the policy's.
        #[serde(default)]
        #[cfg_attr(feature = "ts", ts(optional = nullable, as = "Option<String>"))]
        due: Option<Date>,
        #[serde(default)]
        #[cfg_attr(feature = "ts", ts(optional = nullable))]
        note: Option<String>,
    },
    Accept,
    Return {
        reason: String,
    },
    Transfer {
        /// A body's code.
        to: String,
        reason: String,
    },
    Extend {
        #[cfg_attr(feature = "ts", ts(type = "string"))]
        until: Date,
        reason: String,
    },
    Pause {
        reason: String,
    },
    Resume,
    Chase {
        text: String,
    },
    Resolve {
        outcome: Outcome,
        text: String,
    },
    Answer {
        by: AnswerMeans,
        #[serde(default)]
        #[cfg_attr(feature = "ts", ts(optional = nullable))]
        text: Option<String>,
    },
    Rate {
        satisfied: bool,
        #[serde(default)]
        #[cfg_attr(feature = "ts", ts(optional = nullable))]
        text: Option<String>,
    },
    Close,
    Reopen {
        reason: String,
    },
    Duplicate {
        /// The one that counts: its short code or UUID.
        of: String,
    },
    NotDuplicate {
        of: String,
    },
    Guide {
        text: String,
    },
    File {
        reason: String,
    },
    Withdraw {
        reason: String,
    },
    Comment {
        text: String,
    },
    Correct {
        field: Field,
        /// The right value: a code for a unit, hamlet or category, `yes` or `no` for urgent; blank takes it away.
        to: String,
        why: String,
    },
}

impl Act {
    /// Its texts put in order; a blank one that must say something is refused before anything is looked up.
    pub(super) fn with_words(mut self) -> Result<Self, DeskError> {
        match &mut self {
            Act::Return { reason: text }
            | Act::Transfer { reason: text, .. }
            | Act::Extend { reason: text, .. }
            | Act::Pause { reason: text }
            | Act::Reopen { reason: text }
            | Act::File { reason: text }
            | Act::Withdraw { reason: text }
            | Act::Chase { text }
            | Act::Resolve { text, .. }
            | Act::Guide { text }
            | Act::Comment { text }
            | Act::Correct { why: text, .. } => *text = words::text(text)?,
            Act::Refer { note: text, .. } | Act::Answer { text, .. } | Act::Rate { text, .. } => {
                *text = words::optional(text.as_deref());
            }
            Act::Receive
            | Act::Classify { .. }
            | Act::Accept
            | Act::Resume
            | Act::Close
            | Act::Duplicate { .. }
            | Act::NotDuplicate { .. } => {}
        }
        Ok(self)
    }
}

impl Desk<'_> {
    /// As documents hold it: ids for codes.
    pub(super) fn action(&self, act: Act, day: Date) -> Result<Action, DeskError> {
        let directory = self.replica.directory();
        let body = |code: &str| code::body(directory, code, day);
        Ok(match act {
            Act::Receive => Action::Receive,
            Act::Classify { kind, category } => {
                let category = category.map(|c| code::category(directory, &c, day)).transpose()?;
                Action::Classify { kind, category }
            }
            Act::Refer { to, with, due, note } => {
                let to = body(&to)?;
                let with: Vec<BodyId> = with.iter().map(|c| body(c)).collect::<Result<_, _>>()?;
                Action::Refer { to, with: (!with.is_empty()).then_some(with), due, note }
            }
            Act::Accept => Action::Accept,
            Act::Return { reason } => Action::Return { reason },
            Act::Transfer { to, reason } => Action::Transfer { to: body(&to)?, reason },
            Act::Extend { until, reason } => Action::Extend { until: Some(until), reason },
            Act::Pause { reason } => Action::Pause { reason },
            Act::Resume => Action::Resume,
            Act::Chase { text } => Action::Chase { text },
            Act::Resolve { outcome, text } => Action::Resolve { outcome, text },
            Act::Answer { by, text } => Action::Answer { means: by, text },
            Act::Rate { satisfied, text } => Action::Rate { satisfied, text },
            Act::Close => Action::Close,
            Act::Reopen { reason } => Action::Reopen { reason },
            Act::Duplicate { of } => Action::Duplicate { of: self.petition(&of)? },
            Act::NotDuplicate { of } => Action::NotDuplicate { of: self.petition(&of)? },
            Act::Guide { text } => Action::Guide { text },
            Act::File { reason } => Action::File { reason },
            Act::Withdraw { reason } => Action::Withdraw { reason },
            Act::Comment { text } => Action::Comment { text },
            Act::Correct { field, to, why } => Action::Correct { field, value: self.corrected(field, &to, day)?, why },
        })
    }

    /// A corrected value as documents hold it. Blank takes an optional fact away.
    fn corrected(&self, field: Field, typed: &str, day: Date) -> Result<String, DeskError> {
        let directory = self.replica.directory();
        let to = typed.trim();
        Ok(match field {
            Field::Unit => code::unit(directory, to, day)?.0,
            Field::Hamlet if !to.is_empty() => code::hamlet(directory, to, day)?.0,
            Field::Category if !to.is_empty() => code::category(directory, to, day)?.0,
            Field::Text => words::text(typed)?,
            Field::Urgent => match to {
                "yes" => "true".to_owned(),
                "no" => "false".to_owned(),
                other => other.to_owned(),
            },
            _ => to.to_owned(),
        })
    }
}
