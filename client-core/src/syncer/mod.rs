//! Carries changes to the server and back.
//!
//! An [`Exchange`] with the server, [`SyncRun`] before all, is made of steps that neither wait nor read a clock: it says what is to
//! be sent, and takes what comes in whatever pieces it comes. So a device goes on working between two of them, in a browser as
//! well as in a program; where there is nothing else to do, [`sync()`] and the like carry it over any
//! [`Transport`](crate::transport::Transport).
//!
//! No transaction is open between two steps: what waits is read and said; frames that come are committed with the cursor they
//! end in. A link that is cut costs at most one frame.

mod arrival;
mod clock;
mod compare;
pub mod courier;
mod driver;
mod enrolment;
mod error;
mod exchange;
mod frame_stream;
mod incoming;
mod leave;
mod offer;
mod outgoing;
mod persons;
mod plain_request;
mod proof;
mod push;
mod report;
mod request;
mod response;
mod run;
mod sealed;
mod signed_request;
#[cfg(test)]
mod tests;

pub use driver::{enroll, fetch, leave, recover, submit, sync};
pub use enrolment::Enrolment;
pub use error::SyncError;
pub use exchange::{Ended, Exchange, Read, Rng, Step};
pub use leave::Leaving;
pub use outgoing::{Method, Outgoing};
pub use report::SyncReport;
pub use run::{Filling, Progress, SyncRun};
pub use signed_request::SignedRequest;
