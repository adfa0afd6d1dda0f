//! What an event did, or why it did nothing.

use std::fmt;

use crate::model::petition::status::Status;

/// What an event did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// It counted.
    Applied,
    /// It is shown, without effect.
    None(NoEffect),
}

/// Why an event had no effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoEffect {
    /// Not legal in the status it met.
    Status(Status),
    /// A contest is undecided: bodies may only accept or return.
    Contested,
    /// The body no longer held the petition.
    NotHolding,
    /// It had been done already.
    AlreadyDone,
    /// Its value cannot be read as that fact.
    BadValue,
}

impl fmt::Display for Effect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Effect::Applied => f.write_str("applied"),
            Effect::None(NoEffect::Status(s)) => write!(f, "none:status-{s}"),
            Effect::None(NoEffect::Contested) => f.write_str("none:contested"),
            Effect::None(NoEffect::NotHolding) => f.write_str("none:not-holding"),
            Effect::None(NoEffect::AlreadyDone) => f.write_str("none:already-done"),
            Effect::None(NoEffect::BadValue) => f.write_str("none:bad-value"),
        }
    }
}
