//! What is not yet acknowledged, what was refused, and why. Nothing leaves here but by an acknowledgement or by its
//! author's own word.

mod entry;
mod rebase;
mod refused;
mod settle;
mod why_not;

pub use entry::Totals;
pub(crate) use entry::{
    Unsent, add, by_hash, bytes_of, count_of, everything, hashes, is_pending, pending_of, pseudonymous, refuse,
    remove_hash, totals, unsent,
};
pub(crate) use rebase::rebase;
pub use refused::RefusedWork;
pub(crate) use settle::{settle, stands};
pub use why_not::WhyNot;
