//! What both ends of Lắng Nghe must agree on: ids, the domain, documents, signatures, rights and frames.
//!
//! No IO, no clock, no randomness, no threads: time and chance come in as arguments.

pub mod code;
pub mod digest;
pub mod document;
pub mod enrolment_code;
pub mod gate;
pub mod id;
pub mod identity;
pub mod leaf;
pub mod model;
pub mod pseudonym;
pub mod reason;
pub mod recovery;
pub mod scope;
pub mod sealed;
pub mod signed;
pub mod wire;
