//! Changes inside the minutes, kept by the letters they touch: written again on a text that others have changed meanwhile,
//! they land where their author meant them.

mod edit;
mod letter;
mod seen;
#[cfg(test)]
mod tests;

pub use edit::{Placed, TextEdit, Unplaced, place, put_edits};
pub use letter::{Letter, Run};
pub use seen::{Seen, seen};
