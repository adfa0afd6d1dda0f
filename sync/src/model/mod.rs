//! The domain: types and pure rules. Nothing here reads a clock, a file or a network.

pub mod calendar;
pub mod directory;
pub mod petition;
pub mod session;
pub mod time;
