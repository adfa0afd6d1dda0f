//! How much text fits where.

use super::refusal::Refusal;
use crate::reason::Reason;

/// A petition's text, a result, a comment: 64 KiB.
pub const MAX_TEXT_BYTES: usize = 64 * 1024;
/// A place, a paper's number, a title: 1 KiB.
pub const MAX_WORD_BYTES: usize = 1024;

/// Not longer than it may be.
pub(super) fn bounded(name: &str, text: &str, most: usize) -> Result<(), Refusal> {
    if text.len() <= most {
        return Ok(());
    }
    Err(Refusal::too_large(Reason::field_too_long(name, text.len(), most)))
}

/// There, and not longer than it may be.
pub(super) fn required(name: &str, text: &str, most: usize) -> Result<(), Refusal> {
    if text.trim().is_empty() {
        return Err(Refusal::bad_value(Reason::field_empty(name)));
    }
    bounded(name, text, most)
}
