//! What goes down: the parts of the log that a device may hold, as frames.

mod compare;
mod forgotten;
mod frames;
mod persons;
mod pull;
mod sealed;

pub use frames::Sink;
pub use pull::{Pull, pull};
