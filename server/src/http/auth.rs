//! Which device asks, from the request's headers.

use axum::http::{HeaderMap, Uri};

use super::state::App;
use crate::exchange::{Problem, Signed};
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
    let said = ["x-langnghe-device", "x-langnghe-time", "x-langnghe-signature"].map(header);
    let path = uri.path_and_query().map_or(uri.path(), |p| p.as_str());
    let signed = Signed::from_headers(said, method, path, body)?;
    let id = signed.device;
    let device = signed.by(app.read(move |conn| store::device(conn, id)).await?)?;
    signed.fresh(app.now())?;
    Ok(device)
}
