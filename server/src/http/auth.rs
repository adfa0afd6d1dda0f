//! Which device asks, from the request's headers.

use axum::http::{HeaderMap, Uri, header};

use super::state::App;
use crate::exchange::{Problem, Signed, let_in, read_token};
use crate::store::{self, Device};

/// The subprotocol that a live connection speaks. A browser's page, which can set no header, offers its token beside it.
pub(super) const LIVE_PROTOCOL: &str = "langnghe";
const TOKEN_PROTOCOL: &str = "langnghe.token.";

/// Tells the device of a request, or why it is not let in.
pub(super) async fn authenticate(
    app: &App,
    method: &'static str,
    uri: &Uri,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<Device, Problem> {
    let device = signer(app, method, uri, headers, body).await?;
    let_in(device)
}

/// Tells the device that made a request just now, be it shut out or not let in yet.
pub(super) async fn signer(
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
    let device = signed.made_by(app.read(move |conn| store::device(conn, id)).await?)?;
    // A clock that is off is no reason to tell less to who is not let in any more.
    if let_in(device.clone()).is_ok() {
        signed.fresh(app.now())?;
    }
    Ok(device)
}

/// The same of a GET, which may carry a token instead of a signature.
pub(super) async fn authenticate_reader(app: &App, uri: &Uri, headers: &HeaderMap) -> Result<Device, Problem> {
    let said = headers.get(header::AUTHORIZATION).and_then(|v| v.to_str().ok());
    let Some(token) = said.and_then(|v| v.strip_prefix("Bearer ")) else {
        return authenticate(app, "GET", uri, headers, b"").await;
    };
    bearer(app, token.trim()).await
}

/// The same of a live connection, whose token may stand among the subprotocols.
pub(super) async fn authenticate_live(app: &App, uri: &Uri, headers: &HeaderMap) -> Result<Device, Problem> {
    let offered = headers.get_all(header::SEC_WEBSOCKET_PROTOCOL).iter().filter_map(|v| v.to_str().ok());
    let mut offered = offered.flat_map(|v| v.split(',')).map(str::trim);
    match offered.find_map(|p| p.strip_prefix(TOKEN_PROTOCOL)) {
        Some(token) => bearer(app, token).await,
        None => authenticate_reader(app, uri, headers).await,
    }
}

async fn bearer(app: &App, token: &str) -> Result<Device, Problem> {
    let id = read_token(&app.keys().token, token, app.now())?;
    let found = app.read(move |conn| store::device(conn, id)).await?.filter(|d| !d.root);
    let gone = || Problem::unauthorized("unknown-device", "the device is not enrolled here; enrol it with a new code");
    let_in(found.ok_or_else(gone)?)
}
