//! One signed request that is no sync, and the whole answer to it.

use jiff::Timestamp;

use super::clock::Learning;
use super::error::SyncError;
use super::exchange::{Ended, Exchange, Read, Rng, Step};
use super::incoming::WholeAnswer;
use super::outgoing::{Method, Outgoing};
use crate::replica::Replica;

/// A report larger than this is not read.
const MAX_FETCHED_BYTES: usize = 64 * 1024 * 1024;

/// A signed request that is no sync, such as for a report: it comes to the whole answer. It is made once more when the clock's
/// offset was to be learnt first.
pub struct SignedRequest {
    method: Method,
    path: String,
    learning: Learning,
    state: State,
}

enum State {
    ToSend,
    Sent(WholeAnswer),
    Came(Vec<u8>),
}

impl SignedRequest {
    /// A GET. `path` with its query.
    pub fn get(path: &str) -> Self {
        Self::of(Method::Get, path)
    }

    /// A POST of which the path says all, such as a device's approval.
    pub fn submit(path: &str) -> Self {
        Self::of(Method::Post, path)
    }

    fn of(method: Method, path: &str) -> Self {
        Self { method, path: path.to_owned(), learning: Learning::default(), state: State::ToSend }
    }
}

impl Exchange for SignedRequest {
    type On = Replica;
    type Outcome = Vec<u8>;

    fn next(&mut self, replica: &mut Replica, now: Timestamp, _: Rng<'_>) -> Result<Step<Vec<u8>>, SyncError> {
        if let State::Came(bytes) = &mut self.state {
            return Ok(Step::Done(std::mem::take(bytes)));
        }
        self.state = State::Sent(WholeAnswer::of(MAX_FETCHED_BYTES));
        Ok(Step::Send(match self.method {
            Method::Get => Outgoing::get(replica, &self.path, now)?,
            Method::Post => Outgoing::submit(replica, &self.path, now)?,
        }))
    }

    fn head(&mut self, _: &mut Replica, status: u16, headers: &[(String, String)]) -> Result<(), SyncError> {
        match &mut self.state {
            State::Sent(answer) => answer.head(status, headers),
            State::ToSend | State::Came(_) => Ok(()),
        }
    }

    fn body(&mut self, _: &mut Replica, bytes: &[u8], _: Timestamp, _: Rng<'_>) -> Result<Read, SyncError> {
        match &mut self.state {
            State::Sent(answer) => answer.body(bytes),
            State::ToSend | State::Came(_) => Ok(Read::Enough),
        }
    }

    fn end(&mut self, replica: &mut Replica, ended: Ended, now: Timestamp, rng: Rng<'_>) -> Result<(), SyncError> {
        let State::Sent(answer) = std::mem::replace(&mut self.state, State::ToSend) else { return Ok(()) };
        match answer.end(ended)? {
            Ok(bytes) => self.state = State::Came(bytes),
            Err(server_time) => drop(self.learning.learn(replica, server_time, now, rng)?),
        }
        Ok(())
    }
}
