//! Which device asks: every request is signed by its key.

use data_encoding::HEXLOWER_PERMISSIVE;
use jiff::Timestamp;
use sync::id::DeviceId;
use sync::signed::{RequestClaim, SignatureBytes};
use sync::wire::CLOCK_TOLERANCE_MILLIS;

use super::Problem;
use crate::store::{Approval, Device};

/// What a request says of who asks, and what its signature covers.
#[derive(Debug, Clone, Copy)]
pub struct Signed<'a> {
    /// Who asks.
    pub device: DeviceId,
    /// Milliseconds since 1970 by the device's clock.
    pub time: i64,
    /// The device's.
    pub signature: SignatureBytes,
    /// Upper case.
    pub method: &'a str,
    /// With its query, as sent.
    pub path: &'a str,
    /// As sent, content coding and all.
    pub body: &'a [u8],
}

/// Whether a device may speak: it was not shut out, and where a second person must let it in, that has been done.
pub fn let_in(device: Device) -> Result<Device, Problem> {
    if device.revoked_at.is_some() {
        let detail = "the device was revoked; ask the administrator for a new code";
        return Err(Problem::unauthorized("revoked", detail));
    }
    if device.approval == Approval::Pending {
        let detail = "the device waits for a second person of its office to let it in: `langnghe device approve`";
        return Err(Problem::new(403, "not-approved", "The device has not been let in yet", detail));
    }
    Ok(device)
}

impl<'a> Signed<'a> {
    /// Reads the three headers: device, time and signature, as they came.
    pub fn from_headers(
        headers: [&str; 3],
        method: &'a str,
        path: &'a str,
        body: &'a [u8],
    ) -> Result<Signed<'a>, Problem> {
        let unsigned = || Problem::unauthorized("unsigned", "the request lacks a readable device, time or signature");
        let device = headers[0].parse().map_err(|_| unsigned())?;
        let time = headers[1].parse().map_err(|_| unsigned())?;
        let signature = HEXLOWER_PERMISSIVE.decode(headers[2].as_bytes()).map_err(|_| unsigned())?;
        let signature = signature.try_into().map_err(|_| unsigned())?;
        Ok(Signed { device, time, signature, method, path, body })
    }

    /// Whether it is the device of that name that asks, and may; `found`: the device the server knows by it.
    pub fn by(&self, found: Option<Device>) -> Result<Device, Problem> {
        let_in(self.made_by(found)?)
    }

    /// Whether it is the device of that name that asks, be it shut out or not let in yet.
    pub fn made_by(&self, found: Option<Device>) -> Result<Device, Problem> {
        let Some(device) = found.filter(|d| !d.root) else {
            let detail = "the device is not enrolled here; enrol it with a new code";
            return Err(Problem::unauthorized("unknown-device", detail));
        };
        let Signed { device: id, time, method, path, body, .. } = *self;
        if !(RequestClaim { device: id, method, path, time, body }).verify(&device.key, &self.signature) {
            return Err(Problem::unauthorized("bad-signature", "the signature is not the device's"));
        }
        Ok(device)
    }

    /// Whether it was made just now: what somebody has listened to cannot be sent again later.
    pub fn fresh(&self, now: Timestamp) -> Result<(), Problem> {
        let now = now.as_millisecond();
        if (self.time - now).abs() <= CLOCK_TOLERANCE_MILLIS {
            return Ok(());
        }
        let minutes = (self.time - now) / 60_000;
        let detail = format!("the device's clock is {minutes} minutes off; sign again with the server's time");
        Err(Problem::unauthorized("stale", detail).with_time(now))
    }
}
