//! Rows derived from accepted changes: what reports read, and nothing else does.
//!
//! A record's rows are a pure function of the record, its receipts and the tenant's lease: whatever order changes came
//! in, and however often rows were replaced, the same log gives the same rows ([`digest`] proves it). So they can be
//! dropped ([`clear`]) and made again at any time. What depends on policies, the calendar or successions is left to the
//! reader, because those change without any change to the record.
//!
//! Instants are whole milliseconds since 1970, days are days since 1970-01-01.

mod column;
mod derive;
mod digest;
mod error;
mod petition;
mod place;
mod schema;
mod session;
mod state;
mod stretch;

#[cfg(test)]
mod tests;

pub use derive::{Derived, derive};
pub use digest::digest;
pub use error::ProjectionError;
pub(crate) use petition::fold_received;
pub use petition::{count_logged, petitions_logged, petitions_since, put_petition, raised_at};
pub use place::Place;
pub use schema::{clear, rebuild_needed, schema};
pub use session::{SessionRow, put_session, session_exists, session_row, sessions_around, sessions_same_as};
pub use state::{ClockAt, State, state_before};
pub use stretch::{Stretch, each_stretch, rating_before};
