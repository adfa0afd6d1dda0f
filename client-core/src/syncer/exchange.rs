//! What every exchange with the server looks like to whoever carries it: steps, and nothing that waits.

use jiff::Timestamp;

use super::error::SyncError;
use super::outgoing::Outgoing;
use crate::transport::TransportError;

/// Fills a buffer from the system's secure source.
pub type Rng<'a> = &'a mut dyn FnMut(&mut [u8]);

/// What is to be done next.
#[derive(Debug)]
pub enum Step<T> {
    /// This is to be sent, and its answer handed back in pieces.
    Send(Outgoing),
    /// It has come to its end.
    Done(T),
}

/// Whether the answer is to be read on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Read {
    /// More is expected.
    On,
    /// The rest says nothing new: ask for the next step.
    Enough,
}

/// How an answer ended.
#[derive(Debug)]
pub enum Ended {
    /// As whoever sent it meant it to.
    Whole,
    /// The connection broke.
    Cut,
    /// No answer came at all.
    Unreachable(TransportError),
}

/// An exchange with the server: requests, and answers as they come. It neither waits nor reads a clock, and holds on to nothing
/// between two calls: whatever else the device has to do is done then, on the same replica.
///
/// A driver asks for the [next step](Exchange::next), sends what it is given, and hands back the [head](Exchange::head) of the
/// answer, its [body](Exchange::body) in whatever pieces it comes, and its [end](Exchange::end); then it asks again. After an
/// error an exchange is over; what was committed before it stays. `now` is the device's own clock at the moment of the call.
pub trait Exchange {
    /// What it is made on: the replica.
    type On;
    /// What it comes to.
    type Outcome;

    /// The next request, or the end. Asked for before an answer has ended, it gives that answer up, as if it had been cut.
    fn next(&mut self, on: &mut Self::On, now: Timestamp, rng: Rng<'_>) -> Result<Step<Self::Outcome>, SyncError>;

    /// An answer begins. `headers`: names in lower case.
    fn head(&mut self, on: &mut Self::On, status: u16, headers: &[(String, String)]) -> Result<(), SyncError>;

    /// The next bytes of its body, as they travel. Frames that lie whole in what has come are committed before it returns:
    /// a driver that wants to do something else soon hands over little at a time.
    fn body(&mut self, on: &mut Self::On, bytes: &[u8], now: Timestamp, rng: Rng<'_>) -> Result<Read, SyncError>;

    /// Nothing more comes.
    fn end(&mut self, on: &mut Self::On, ended: Ended, now: Timestamp, rng: Rng<'_>) -> Result<(), SyncError>;
}
