//! The directory: offices, units, bodies, posts, people, categories, routing, policies, calendar; all with effective dates.
//!
//! It is one record, held by everyone: append-only revisions of single fields, folded in causal order like events, so
//! that two administrators who change different fields of one entry while apart both keep their change.

mod check;
mod entity;
mod file;
mod file_error;
mod former;
mod lookup;
mod naming;
mod parts;
mod problem;
mod revision;
mod typed;
mod view;

pub use entity::{EntityKind, Fields, Value};
pub use file::{plan, read_file};
pub use file_error::{FileError, FilePlace};
pub use lookup::{CodeError, Codes};
pub use parts::{EntryChange, parts};
pub use problem::{Problem, Wants};
pub use revision::{Revision, RevisionBody, fold_revisions};
pub use typed::{
    Body, Category, ClockStart, Directory, Form04, Holding, Office, Policy, Post, Role, Routing, Unit, UnitKind, User,
    Validity,
};
pub use view::to_file_text;

/// Folded entries before they are given types: (kind, id) → fields.
pub type Entries = std::collections::BTreeMap<(EntityKind, String), Fields>;
