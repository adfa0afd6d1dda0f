//! A row as it stands in a file, before there is a header to hold it against.

use super::cell::Cell;

/// Cells at a place.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct RawRow {
    /// Counted from 1.
    pub line: u64,
    pub cells: Vec<Cell>,
}
