//! `POST /v1/token`: reading without signing, for some minutes.

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Uri, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;
use sync::model::time::rfc3339;

use super::auth::authenticate;
use super::state::App;
use crate::error::ServerError;
use crate::exchange::{Problem, issue_token};
use crate::store::{self, AuditWhat};

pub(super) async fn token(
    State(app): State<App>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Problem> {
    let device = authenticate(&app, "POST", &uri, &headers, &body).await?;
    let (id, now) = (device.id, app.now());
    // Nobody signs in without its being written down.
    let what = AuditWhat::TokenIssued;
    let noted =
        app.writer().write(move |tx| store::audit(tx, now.as_millisecond(), &device, what, store::NO_RECORD, "", None));
    noted.await?;
    let issued = issue_token(&app.keys().token, id, now);
    let (token, end) = issued.ok_or_else(|| Problem::from(ServerError::Closed))?;
    let said = json!({ "token": token, "expires_at": rfc3339(end, app.writer().directory().zone()) });
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(said)).into_response())
}
