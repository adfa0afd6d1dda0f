//! A refusal: a code for programs, a reason for people.

use crate::document::DocumentError;
use crate::model::directory::CodeError;
use crate::reason::Reason;
use crate::scope::Denied;
use crate::wire::RefusalCode;

/// Why a change is not taken. Never holds a petitioner's words.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {reason}")]
pub struct Refusal {
    /// For programs.
    pub code: RefusalCode,
    /// For people.
    pub reason: Reason,
}

impl Refusal {
    /// With a code and a reason.
    pub fn new(code: RefusalCode, reason: Reason) -> Self {
        Self { code, reason }
    }

    /// Not readable, or nothing an honest program writes.
    pub fn bad_change(reason: Reason) -> Self {
        Self::new(RefusalCode::BadChange, reason)
    }

    /// A value that cannot be.
    pub fn bad_value(reason: Reason) -> Self {
        Self::new(RefusalCode::BadValue, reason)
    }

    /// A code of the directory that is not there.
    pub fn no_such_code(thing: &str, code: impl std::fmt::Display) -> Self {
        Self::new(RefusalCode::UnknownCode, Reason::no_such_code(thing, code))
    }

    /// Not by this post, not in this state.
    pub fn not_allowed(reason: Reason) -> Self {
        Self::new(RefusalCode::NotAllowed, reason)
    }

    /// Written once.
    pub fn immutable(reason: Reason) -> Self {
        Self::new(RefusalCode::Immutable, reason)
    }

    /// More than there may be.
    pub fn too_large(reason: Reason) -> Self {
        Self::new(RefusalCode::TooLarge, reason)
    }
}

impl From<Denied> for Refusal {
    fn from(denied: Denied) -> Self {
        Self::not_allowed(denied.reason())
    }
}

impl From<CodeError> for Refusal {
    fn from(error: CodeError) -> Self {
        Self::new(RefusalCode::UnknownCode, error.reason())
    }
}

impl From<DocumentError> for Refusal {
    fn from(error: DocumentError) -> Self {
        Self::bad_change(error.reason())
    }
}
