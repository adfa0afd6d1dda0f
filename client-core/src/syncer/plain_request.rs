//! One request that this device does not sign, and the whole answer to it.

use jiff::Timestamp;

use super::clock::still_stale;
use super::error::SyncError;
use super::exchange::{Ended, Exchange, Read, Rng, Step};
use super::incoming::WholeAnswer;
use super::outgoing::Outgoing;

/// A request of a device that is not enrolled yet, or that another device has sealed: it comes to the whole answer.
pub(super) struct PlainRequest {
    outgoing: Outgoing,
    most: usize,
    state: State,
}

enum State {
    ToSend,
    Sent(WholeAnswer),
    Came(Vec<u8>),
}

impl PlainRequest {
    /// Whose answer has at most so many bytes.
    pub(super) fn of(outgoing: Outgoing, most: usize) -> Self {
        Self { outgoing, most, state: State::ToSend }
    }
}

impl Exchange for PlainRequest {
    type On = ();
    type Outcome = Vec<u8>;

    fn next(&mut self, (): &mut (), _: Timestamp, _: Rng<'_>) -> Result<Step<Vec<u8>>, SyncError> {
        if let State::Came(bytes) = &mut self.state {
            return Ok(Step::Done(std::mem::take(bytes)));
        }
        self.state = State::Sent(WholeAnswer::of(self.most));
        Ok(Step::Send(self.outgoing.clone()))
    }

    fn head(&mut self, (): &mut (), status: u16, headers: &[(String, String)]) -> Result<(), SyncError> {
        match &mut self.state {
            State::Sent(answer) => answer.head(status, headers),
            State::ToSend | State::Came(_) => Ok(()),
        }
    }

    fn body(&mut self, (): &mut (), bytes: &[u8], _: Timestamp, _: Rng<'_>) -> Result<Read, SyncError> {
        match &mut self.state {
            State::Sent(answer) => answer.body(bytes),
            State::ToSend | State::Came(_) => Ok(Read::Enough),
        }
    }

    fn end(&mut self, (): &mut (), ended: Ended, _: Timestamp, _: Rng<'_>) -> Result<(), SyncError> {
        let State::Sent(answer) = std::mem::replace(&mut self.state, State::ToSend) else { return Ok(()) };
        self.state = State::Came(answer.end(ended)?.map_err(|_| still_stale())?);
        Ok(())
    }
}
