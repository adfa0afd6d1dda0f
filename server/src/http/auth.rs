//! Which device asks: every request is signed by its key.

use axum::http::{HeaderMap, Uri};
use data_encoding::HEXLOWER_PERMISSIVE;
use sync::id::DeviceId;
use sync::signed::RequestClaim;
use sync::wire::CLOCK_TOLERANCE_MILLIS;

use super::problem::Problem;
use super::state::App;
use crate::store::{self, Device};

/// Tells the device of a request, or why it is not let in.
pub(super) async fn authenticate(
    app: &App,
    method: &'static str,
    uri: &Uri,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<Device, Problem> {
    let header = |name: &str| headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let unsigned = || Problem::unauthorized("unsigned", "the request lacks a readable device, time or signature");
    let id: DeviceId = header("x-langnghe-device").parse().map_err(|_| unsigned())?;
    let time: i64 = header("x-langnghe-time").parse().map_err(|_| unsigned())?;
    let signature = HEXLOWER_PERMISSIVE.decode(header("x-langnghe-signature").as_bytes()).map_err(|_| unsigned())?;
    let signature: [u8; 64] = signature.try_into().map_err(|_| unsigned())?;
    let device = app.read(move |conn| store::device(conn, id)).await?;
    let Some(device) = device.filter(|d| !d.root) else {
        return Err(Problem::unauthorized(
            "unknown-device",
            "the device is not enrolled here; enrol it with a new code",
        ));
    };
    let path = uri.path_and_query().map_or(uri.path(), |p| p.as_str());
    if !(RequestClaim { device: id, method, path, time, body }).verify(&device.key, &signature) {
        return Err(Problem::unauthorized("bad-signature", "the signature is not the device's"));
    }
    if device.revoked_at.is_some() {
        let detail = "the device was revoked; ask the administrator for a new code";
        return Err(Problem::unauthorized("revoked", detail));
    }
    let now = app.now().as_millisecond();
    if (time - now).abs() > CLOCK_TOLERANCE_MILLIS {
        let minutes = (time - now) / 60_000;
        let detail = format!("the device's clock is {minutes} minutes off; sign again with the server's time");
        return Err(Problem::unauthorized("stale", detail).with_time(now));
    }
    Ok(device)
}
