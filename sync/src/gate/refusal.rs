//! A refusal: a code for programs, a line for people.

use crate::document::DocumentError;
use crate::model::directory::CodeError;
use crate::scope::Denied;
use crate::wire::RefusalCode;

/// Why a change is not taken. Never holds a petitioner's words.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {detail}")]
pub struct Refusal {
    /// For programs.
    pub code: RefusalCode,
    /// For people: names of fields, posts and codes.
    pub detail: String,
}

impl Refusal {
    /// With a code and a line.
    pub fn new(code: RefusalCode, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into() }
    }

    /// Not readable, or nothing an honest program writes.
    pub fn bad_change(detail: impl Into<String>) -> Self {
        Self::new(RefusalCode::BadChange, detail)
    }

    /// A value that cannot be.
    pub fn bad_value(detail: impl Into<String>) -> Self {
        Self::new(RefusalCode::BadValue, detail)
    }
}

impl From<Denied> for Refusal {
    fn from(denied: Denied) -> Self {
        Self::new(RefusalCode::NotAllowed, denied.to_string())
    }
}

impl From<CodeError> for Refusal {
    fn from(error: CodeError) -> Self {
        Self::new(RefusalCode::UnknownCode, error.to_string())
    }
}

impl From<DocumentError> for Refusal {
    fn from(error: DocumentError) -> Self {
        // Automerge's own message may quote keys and values of the document: it stays out.
        match error {
            DocumentError::Automerge(_) => Self::bad_change("the change cannot be applied"),
            other => Self::bad_change(other.to_string()),
        }
    }
}
