//! Texts as people type them.

use super::error::DeskError;

/// A text that must say something. What editors put in front of it and line ends at its close fall away.
pub fn text(typed: &str) -> Result<String, DeskError> {
    let text = typed.trim_start_matches('\u{feff}').trim_end();
    if text.trim().is_empty() { Err(DeskError::EmptyText) } else { Ok(text.to_owned()) }
}

/// A text that may be absent: a field left blank says nothing.
pub(super) fn optional(typed: Option<&str>) -> Option<String> {
    typed.and_then(|typed| text(typed).ok())
}

/// One line that may be absent.
pub(super) fn line(typed: Option<&str>) -> Option<String> {
    typed.map(|typed| typed.trim().to_owned()).filter(|line| !line.is_empty())
}
