//! Work that the server did not take: done again, or let go of.

use serde::Serialize;

use super::Desk;
use super::error::DeskError;
use crate::command::Done;

/// Work that will be sent again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Retried {
    /// As the list names it.
    pub id: String,
    /// What was done again on this device; none where it is sent as it is.
    pub done: Option<Done>,
}

/// Work that is gone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Discarded {
    /// As the list named it.
    pub discarded: String,
}

impl Desk<'_> {
    /// Does refused work again, as things stand now.
    pub fn retry(&mut self, id: &str) -> Result<Retried, DeskError> {
        let missing = || DeskError::NoRefused(id.to_owned());
        let done = match self.replica.retry_person(id)? {
            Some(true) => None,
            Some(false) => return Err(missing()),
            None => Some(self.replica.retry(number(id)?, self.now)?.ok_or_else(missing)?),
        };
        Ok(Retried { id: id.to_owned(), done })
    }

    /// Lets go of refused work for good, words and all.
    pub fn discard(&mut self, id: &str) -> Result<Discarded, DeskError> {
        let discarded = match self.replica.discard_person(id)? {
            Some(found) => found,
            None => self.replica.discard(number(id)?)?,
        };
        if discarded { Ok(Discarded { discarded: id.to_owned() }) } else { Err(DeskError::NoRefused(id.to_owned())) }
    }
}

fn number(id: &str) -> Result<i64, DeskError> {
    id.trim().parse().map_err(|_| DeskError::NoRefused(id.to_owned()))
}
