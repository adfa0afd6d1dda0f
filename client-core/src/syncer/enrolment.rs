//! Enrolment: a code from the administrator becomes a device and an empty replica.

use std::path::Path;

use jiff::Timestamp;
use sha2::{Digest, Sha256};
use sync::id::Epoch;
use sync::wire::{EnrollRequest, EnrollResponse, PROTOCOL_VERSION};

use super::error::SyncError;
use super::signed_request::whole;
use crate::replica::{Enrolling, NewIdentity, Replica};
use crate::transport::Transport;
use crate::vault::Pin;

/// An answer larger than this is none.
const MAX_ANSWER_BYTES: u64 = 64 * 1024;

/// Enrols this device with a code and makes its replica in `home`. The folder is made and locked first: a code is good
/// for once, and must not be spent on a folder that cannot be written. `pin` is the one that will open the replica, if any;
/// `now` is for the waits after wrong PINs, where an enrolment was begun with one. `rng` fills a buffer from the system's
/// secure source.
pub fn enroll(
    home: &Path,
    url: &str,
    code: &str,
    pin: Option<&Pin>,
    now: Timestamp,
    transport: &mut dyn Transport,
    rng: &mut dyn FnMut(&mut [u8]),
) -> Result<Replica, SyncError> {
    let name = home.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let hash: [u8; 32] = Sha256::digest(code.trim()).into();
    let enrolling = Enrolling::begin(home, &hash, pin, now, rng)?;
    let keys = enrolling.keys.clone();
    let request = EnrollRequest {
        version: PROTOCOL_VERSION,
        code: code.trim().to_owned(),
        signing_key: keys.signing_public_hex(),
        receiving_key: keys.receiving_public_hex(),
        name,
    };
    let body = serde_json::to_vec(&request).map_err(|e| SyncError::Protocol(e.to_string()))?;
    let headers = [("content-type", "application/json"), ("accept", "application/json")];
    let answer = whole(transport.post("/v1/enroll", &headers, &body)?, MAX_ANSWER_BYTES)?;
    let enrolled: EnrollResponse =
        serde_json::from_slice(&answer).map_err(|_| SyncError::Protocol("JSON /v1/enroll".to_owned()))?;
    let mut epoch = [0; 16];
    rng(&mut epoch);
    let identity =
        NewIdentity { keys, enrolled, url: url.trim_end_matches('/').to_owned(), epoch: Epoch::from_bytes(epoch) };
    Ok(enrolling.finish(&identity)?)
}
