//! The gate: every change, from whomever, passes here before it touches a stored document.
//!
//! Automerge is not safe on hostile bytes: changes are bounded before they are decoded, judged by their own operations
//! and by the typed record before and after, and tried on a copy; a panic inside the library is a refusal.

mod admit;
mod bounds;
mod chunk;
mod directory;
mod petition;
mod refusal;
mod sealed;
mod session;
mod text;
mod writes;

pub use admit::{Admitted, Author, Context, Verdict, admit};
pub use chunk::{MAX_OPERATIONS, Parsed, parse};
pub use refusal::Refusal;
pub use text::{MAX_TEXT_BYTES, MAX_WORD_BYTES};
pub use writes::{Written, written};
