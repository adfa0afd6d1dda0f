//! What people have today, read as petitions: a CSV or spreadsheet register and a mapping file in,
//! one planned petition or one refusal for each row out.
//!
//! Nothing here knows the store, a clock or the directory. A row is planned as its source says it; whether
//! a unit, a body or a category exists, and whether an event is legal, is judged by whoever writes the plan.
//!
//! ```text
//! Mapping::parse ─┐
//! open(path) ─────┴─► Rows ─► Plan ─► Row::Planned | Row::Refused ─► RefusedFile
//! ```

mod fact;
mod mapping;
mod mapping_error;
mod moment;
mod refused;
mod refused_file;
mod row;
mod row_reader;
mod source;
mod source_rule;
mod template;
mod vocabulary;

pub use mapping::Mapping;
pub use mapping_error::MappingError;
pub use refused::{FactPlace, RefusedReason};
pub use refused_file::{RefusedFile, RefusedFileError};
pub use row::{Plan, PlannedEvent, PlannedFacts, PlannedRow, Row};
pub use source::{Cell, MAX_CELL_BYTES, RowFault, Rows, SourceError, SourceRow, SourceShape, open};
pub use vocabulary::WITH_SEPARATOR;

#[cfg(test)]
mod tests;
