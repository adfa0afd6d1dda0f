//! What people do at a replica, in the codes and words that they type or pick. The command line and the app fill in the
//! same forms and get the same answers; what lies between a form and a [`Command`](crate::command::Command) is here.
//!
//! A form that makes something may name it (`id`): a caller whose call was cut off asks again with the same form, and gets
//! the same record or event. Nothing is written twice.

mod act;
mod action;
mod error;
mod filter;
mod heard;
mod identify;
mod log;
mod minutes;
mod moment;
mod person;
mod post;
mod refused;
mod repeat;
mod sealed;
mod session;
mod split;
mod summary;
#[cfg(test)]
mod tests;
mod words;

use jiff::Timestamp;
use jiff::civil::Date;
use sync::code::Reading;
use sync::id::{EventId, RecordId};
use sync::model::time::{local_date, truncate};
use uuid::Uuid;

pub use act::{ActForm, Acted};
pub use action::Act;
pub use error::DeskError;
pub use filter::FilterForm;
pub use identify::{Identified, IdentifyForm, WhoForm};
pub use log::{LogForm, Logged};
pub use minutes::{MinutesForm, MinutesShown, MinutesWrite, MinutesWritten};
pub use moment::read_time;
pub use person::PersonForm;
pub use refused::{Discarded, Retried};
pub use sealed::EntrustedView;
pub use session::{ConcludeForm, SameAsForm, SessionActed, SessionForm, SessionLogged};
pub use split::{Split, SplitForm};
pub use summary::SummaryForm;
pub use words::text;

use crate::replica::Replica;
use crate::view;

/// A replica at which somebody sits: by its clock, in the post that was asked for.
pub struct Desk<'a> {
    replica: &'a mut Replica,
    now: Timestamp,
    post: Option<String>,
    rng: &'a mut dyn FnMut(&mut [u8]),
}

impl<'a> Desk<'a> {
    /// `now`: the device's clock put right ([`Replica::clock`]); `post`: the code of the post to act in, where one was asked
    /// for; `rng` fills a buffer from the system's secure source.
    pub fn new(
        replica: &'a mut Replica,
        now: Timestamp,
        post: Option<String>,
        rng: &'a mut dyn FnMut(&mut [u8]),
    ) -> Self {
        Self { replica, now: truncate(now), post, rng }
    }

    /// A petition named by its UUID or its short code.
    pub fn petition(&self, text: &str) -> Result<RecordId, DeskError> {
        if let Ok(id) = text.trim().parse::<RecordId>() {
            return Ok(id);
        }
        let code = match sync::code::read(text) {
            Reading::Code(code) => code,
            Reading::Mistyped => return Err(DeskError::Mistyped(text.to_owned())),
            Reading::NotACode => return Err(DeskError::NotAnId(text.to_owned())),
        };
        match view::records_by_code(self.replica, &code)?.as_slice() {
            [one] => Ok(*one),
            [] => Err(DeskError::NoCode(code)),
            several => Err(DeskError::AmbiguousCode { code, ids: several.to_vec() }),
        }
    }

    /// A session named by its UUID.
    pub fn session(&self, text: &str) -> Result<RecordId, DeskError> {
        text.trim().parse().map_err(|_| DeskError::NotASession(text.to_owned()))
    }

    /// When: as typed, else now.
    fn at(&self, typed: Option<&str>) -> Result<Timestamp, DeskError> {
        typed.map_or(Ok(self.now), |text| read_time(text, self.replica.directory().zone()))
    }

    /// The local day of an instant.
    fn day(&self, at: Timestamp) -> Date {
        local_date(at, self.replica.directory().zone())
    }

    /// A new id, at the time of the desk.
    pub fn new_id(&mut self) -> Uuid {
        self.new_id_at(self.now)
    }

    fn new_id_at(&mut self, at: Timestamp) -> Uuid {
        new_id(at, self.rng)
    }

    /// The id that the caller made, else a new one.
    fn event_id(&mut self, given: Option<EventId>) -> EventId {
        given.unwrap_or_else(|| EventId(self.new_id()))
    }
}

/// A new UUIDv7 of a time. `rng` fills a buffer from the system's secure source.
pub fn new_id(at: Timestamp, rng: &mut dyn FnMut(&mut [u8])) -> Uuid {
    let mut chance = [0; 10];
    rng(&mut chance);
    id_of(at, &chance)
}

/// UUIDv7 of a time.
fn id_of(at: Timestamp, chance: &[u8; 10]) -> Uuid {
    let millis = u64::try_from(at.as_millisecond()).unwrap_or(0);
    uuid::Builder::from_unix_timestamp_millis(millis, chance).into_uuid()
}

impl std::fmt::Debug for Desk<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Desk").field("now", &self.now).field("post", &self.post).finish_non_exhaustive()
    }
}
