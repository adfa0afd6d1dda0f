//! Enrolment: a code from the administrator becomes a device and an empty replica.

use std::path::Path;

use jiff::Timestamp;
use sha2::{Digest, Sha256};
use sync::wire::{EnrollRequest, EnrollResponse, PROTOCOL_VERSION};

use super::error::SyncError;
use super::exchange::{Ended, Exchange, Read, Rng, Step};
use super::outgoing::Outgoing;
use super::plain_request::PlainRequest;
use super::request::fresh_epoch;
use crate::replica::{Enrolling, NewIdentity, Replica};
use crate::vault::Pin;

const PATH: &str = "/v1/enroll";
/// An answer larger than this is none.
const MAX_ANSWER_BYTES: usize = 64 * 1024;

/// An enrolment, in steps: it comes to the replica.
pub struct Enrolment {
    url: String,
    /// None once the replica has been made of it.
    enrolling: Option<Enrolling>,
    request: PlainRequest,
}

impl Enrolment {
    /// Begins. The folder is made and locked first: a code is good for once, and must not be spent on a folder that cannot be
    /// written. `pin` is the one that will open the replica, if any; `now` is for the waits after wrong PINs, where an enrolment
    /// was begun with one. `rng` fills a buffer from the system's secure source.
    pub fn begin(
        home: &Path,
        url: &str,
        code: &str,
        pin: Option<&Pin>,
        now: Timestamp,
        rng: Rng<'_>,
    ) -> Result<Self, SyncError> {
        let name = home.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        let hash: [u8; 32] = Sha256::digest(code.trim()).into();
        let enrolling = Enrolling::begin(home, &hash, pin, now, rng)?;
        let request = EnrollRequest {
            version: PROTOCOL_VERSION,
            code: code.trim().to_owned(),
            signing_key: enrolling.keys.signing_public_hex(),
            receiving_key: enrolling.keys.receiving_public_hex(),
            name,
        };
        let body = serde_json::to_vec(&request).map_err(|e| SyncError::Protocol(e.to_string()))?;
        let headers = [("content-type", "application/json"), ("accept", "application/json")];
        let request = PlainRequest::of(Outgoing::plain(PATH, &headers, body), MAX_ANSWER_BYTES);
        Ok(Self { url: url.trim_end_matches('/').to_owned(), enrolling: Some(enrolling), request })
    }
}

impl Exchange for Enrolment {
    type On = ();
    type Outcome = Replica;

    fn next(&mut self, on: &mut (), now: Timestamp, rng: Rng<'_>) -> Result<Step<Replica>, SyncError> {
        let answer = match self.request.next(on, now, rng)? {
            Step::Send(outgoing) => return Ok(Step::Send(outgoing)),
            Step::Done(answer) => answer,
        };
        let unreadable = || SyncError::Protocol(format!("JSON {PATH}"));
        let enrolled: EnrollResponse = serde_json::from_slice(&answer).map_err(|_| unreadable())?;
        let enrolling = self.enrolling.take().ok_or_else(unreadable)?;
        let keys = enrolling.keys.clone();
        let identity = NewIdentity { keys, enrolled, url: self.url.clone(), epoch: fresh_epoch(rng) };
        Ok(Step::Done(enrolling.finish(&identity)?))
    }

    fn head(&mut self, on: &mut (), status: u16, headers: &[(String, String)]) -> Result<(), SyncError> {
        self.request.head(on, status, headers)
    }

    fn body(&mut self, on: &mut (), bytes: &[u8], now: Timestamp, rng: Rng<'_>) -> Result<Read, SyncError> {
        self.request.body(on, bytes, now, rng)
    }

    fn end(&mut self, on: &mut (), ended: Ended, now: Timestamp, rng: Rng<'_>) -> Result<(), SyncError> {
        self.request.end(on, ended, now, rng)
    }
}
