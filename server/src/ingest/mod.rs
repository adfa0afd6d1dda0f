//! Admitting changes: gate → append → merge → scope → project, one transaction a group, acknowledged after its commit.

mod accept;
mod contact;
mod handlers;
mod identities;
mod ledger;
mod rebuild;
mod recover;
mod rescope;
mod rewrite;
mod sealed;
mod writer;

pub use accept::{Incoming, Outcome};
pub use contact::{Contact, ContactReply};
pub use identities::{Asked, Persons, PersonsReply};
pub use ledger::Ledger;
pub use rebuild::{Verified, load_receipts, rebuild, verify};
pub use recover::Proven;
pub use rewrite::{Author, Generation, GenerationChange};
pub use sealed::Reopen;
pub use writer::Writer;
