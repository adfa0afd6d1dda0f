//! The model in Automerge: typed field-level reads and writes. Reads are tolerant, writes are strict.

mod change;
pub mod directory;
mod genesis;
mod keys;
pub mod petition;
mod record;
pub mod session;
pub mod text;

pub use change::{Document, DocumentError, Written, change_name};
pub use genesis::{RecordKind, genesis_hash, genesis_head};
pub use keys::{event_key, read_event_key};
pub use record::Record;
