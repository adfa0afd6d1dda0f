//! A courier's bundle: several requests of one device in one sealed file, answered by one sealed file.
//!
//! A bundle has no freshness to prove: it may come days late. Served twice it changes nothing, for what it pushes is
//! then a duplicate; and its answer can be read by the device that asked, and by nobody else.

use data_encoding::HEXLOWER;
use jiff::Timestamp;
use minicbor::bytes::{ByteArray, ByteVec};
use rusqlite::Transaction;
use sync::id::TenantId;
use sync::signed::ReplyClaim;
use sync::wire::{
    Bundle, BundleAnswers, BundleRequests, CLOCK_TOLERANCE_MILLIS, Direction, Envelope, MAX_BUNDLE_BYTES,
    MAX_BUNDLE_REQUESTS,
};

use super::{Problem, Signed};
use crate::error::ServerError;
use crate::keys::{ServerKeys, random};
use crate::store::{self, AuditWhat, Device};

/// A bundle that has been opened.
#[derive(Debug)]
pub struct Opened {
    /// Its envelope.
    envelope: Envelope,
    /// Whose it is.
    pub device: Device,
    /// Sync requests, zstd, in the order in which they are to be served.
    pub bodies: Vec<ByteVec>,
}

fn unreadable(detail: &str) -> Problem {
    Problem::bad_request("bundle", detail)
}

/// A request's file before anybody is looked up: which device it names, and what proves it.
pub fn read_bundle(tenant: TenantId, file: &[u8]) -> Result<Bundle, Problem> {
    if file.len() > MAX_BUNDLE_BYTES {
        return Err(unreadable("the file is larger than a bundle can be; make several"));
    }
    match Bundle::from_file(file) {
        Some((Direction::Request, bundle)) if bundle.envelope.tenant == tenant => Ok(bundle),
        Some((Direction::Request, _)) => Err(unreadable("the bundle is for the server of another tenant")),
        Some((Direction::Reply, _)) => Err(unreadable("this is a reply: it goes back to the device that asked")),
        None => Err(unreadable("this is no bundle, or not the whole of one: copy the file again")),
    }
}

/// Opens a bundle: it is the device's, and meant for this server; whether the device may speak is asked of [`Opened::let_in`].
/// `found`: the device the server knows by its name.
pub fn open_bundle(
    keys: &ServerKeys,
    bundle: &Bundle,
    found: Option<Device>,
    now: Timestamp,
) -> Result<Opened, Problem> {
    let envelope = bundle.envelope;
    let path = envelope.path();
    let signed = Signed {
        device: envelope.device,
        time: envelope.time,
        signature: *bundle.signature,
        method: "BUNDLE",
        path: &path,
        body: &bundle.sealed,
    };
    let device = signed.made_by(found)?;
    if envelope.time - now.as_millisecond() > CLOCK_TOLERANCE_MILLIS {
        return Err(unreadable("the bundle was made later than now: put the device's clock right and make it again"));
    }
    let plain = bundle.open(Direction::Request, &keys.bundle.to_bytes());
    let plain = plain.ok_or_else(|| unreadable("the bundle was not made for this server"))?;
    let requests: BundleRequests =
        minicbor::decode(&plain).map_err(|_| unreadable("the bundle's requests cannot be read"))?;
    if requests.bodies.len() > MAX_BUNDLE_REQUESTS {
        return Err(unreadable("the bundle has more requests than one may have; make several"));
    }
    Ok(Opened { envelope, device, bodies: requests.bodies })
}

/// The frames of one answer as they travel in a reply.
pub fn packed(frames: &[u8]) -> Result<ByteVec, ServerError> {
    let packed = zstd::encode_all(frames, 9).map_err(|e| ServerError::Command(format!("zstd: {e}")))?;
    Ok(ByteVec::from(packed))
}

impl Opened {
    /// Whether what it brings is taken. What a device brings that was shut out is not lost: it is set aside for a person to
    /// judge, by `aside`.
    pub fn let_in(&self, aside: impl FnOnce() -> Result<(), Problem>) -> Result<(), Problem> {
        let refused = super::let_in(self.device.clone()).map(drop);
        if refused.is_err() && self.device.revoked_at.is_some() {
            aside()?;
        }
        refused
    }

    /// Writes down that it is served.
    pub fn note(&self, tx: &Transaction<'_>, now: Timestamp) -> Result<(), ServerError> {
        let detail = format!("{} requests", self.bodies.len());
        let what = AuditWhat::BundleServed;
        store::audit(tx, now.as_millisecond(), &self.device, what, store::NO_RECORD, &detail, None)
    }

    /// The reply's file. `problem`: why the request after the answered ones could not be served.
    pub fn reply(
        &self,
        keys: &ServerKeys,
        receiving_key: &[u8; 32],
        frames: Vec<ByteVec>,
        problem: Option<&Problem>,
        now: Timestamp,
    ) -> Result<Vec<u8>, ServerError> {
        let problem = problem.map(|p| (p.kind().to_owned(), p.detail().to_owned()));
        let plain = minicbor::to_vec(BundleAnswers { frames, problem }).map_err(|_| ServerError::Stored("reply"))?;
        let envelope = Envelope { time: now.as_millisecond(), ..self.envelope };
        let sealed = envelope.seal(Direction::Reply, receiving_key, &plain, random()?);
        let sealed = sealed.ok_or(ServerError::Stored("receiving key"))?;
        let claim = ReplyClaim { envelope: &envelope.encoded(), sealed: &sealed };
        let signature = ByteArray::from(claim.sign(&keys.receipt));
        let bundle = Bundle { envelope, sealed: ByteVec::from(sealed), signature };
        tracing::info!(bundle = %HEXLOWER.encode(envelope.id.as_slice()), device = %envelope.device, "bundle answered");
        Ok(bundle.to_file(Direction::Reply))
    }
}
