//! Typed reading of columns: a value that this program would not have written is an error, never a panic.
//!
//! Queries here compare with `+?1` rather than `?1`. SQLite plans a statement again whenever a parameter that its planner
//! looked at is bound anew, and a cached statement is bound anew each time; the plus hides the parameter from the planner
//! (not the index from the query) and makes looking up one row several times faster.

use rusqlite::Row;
use rusqlite::types::ValueRef;
use sync::id::RecordId;

use super::error::ProjectionError;

/// One row of one of the tables.
pub(super) struct Columns<'a, 'r> {
    pub(super) table: &'static str,
    pub(super) row: &'a Row<'r>,
}

impl<'a> Columns<'a, '_> {
    fn wrong(&self, column: usize) -> ProjectionError {
        ProjectionError::Row { table: self.table, column }
    }

    fn value(&self, column: usize) -> Result<ValueRef<'a>, ProjectionError> {
        Ok(self.row.get_ref(column)?)
    }

    pub(super) fn int_opt(&self, column: usize) -> Result<Option<i64>, ProjectionError> {
        match self.value(column)? {
            ValueRef::Integer(i) => Ok(Some(i)),
            ValueRef::Null => Ok(None),
            _ => Err(self.wrong(column)),
        }
    }

    pub(super) fn int(&self, column: usize) -> Result<i64, ProjectionError> {
        self.int_opt(column)?.ok_or_else(|| self.wrong(column))
    }

    pub(super) fn small_opt<T: TryFrom<i64>>(&self, column: usize) -> Result<Option<T>, ProjectionError> {
        self.int_opt(column)?.map(|i| T::try_from(i).map_err(|_| self.wrong(column))).transpose()
    }

    pub(super) fn flag(&self, column: usize) -> Result<bool, ProjectionError> {
        Ok(self.int(column)? != 0)
    }

    pub(super) fn text_opt(&self, column: usize) -> Result<Option<&'a str>, ProjectionError> {
        match self.value(column)? {
            ValueRef::Text(t) => std::str::from_utf8(t).map(Some).map_err(|_| self.wrong(column)),
            ValueRef::Null => Ok(None),
            _ => Err(self.wrong(column)),
        }
    }

    pub(super) fn text(&self, column: usize) -> Result<&'a str, ProjectionError> {
        self.text_opt(column)?.ok_or_else(|| self.wrong(column))
    }

    pub(super) fn word<T>(&self, column: usize, parse: impl Fn(&str) -> Option<T>) -> Result<T, ProjectionError> {
        parse(self.text(column)?).ok_or_else(|| self.wrong(column))
    }

    pub(super) fn record_opt(&self, column: usize) -> Result<Option<RecordId>, ProjectionError> {
        match self.value(column)? {
            ValueRef::Blob(b) => RecordId::from_slice(b).map(Some).map_err(|_| self.wrong(column)),
            ValueRef::Null => Ok(None),
            _ => Err(self.wrong(column)),
        }
    }

    pub(super) fn record(&self, column: usize) -> Result<RecordId, ProjectionError> {
        self.record_opt(column)?.ok_or_else(|| self.wrong(column))
    }
}
