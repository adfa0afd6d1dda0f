//! What confirms the audit from outside the database: checkpoints under the server's signature, in a file of their own.
//!
//! Whoever can write the database can compute its chain anew. He cannot sign, and a copy that is put back does not take the
//! file with it.

mod anchor;
mod checkpoint;
mod verify;

pub use anchor::{confirm, confirm_or_warn, is_behind};
pub use verify::{Lost, Verdict, Wrong, verify};
