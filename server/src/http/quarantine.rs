//! `POST /v1/quarantine`: what a device that was shut out leaves behind. It may forget it once this is answered.

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Uri};
use data_encoding::HEXLOWER;
use sync::signed::LeftClaim;
use sync::wire::{LeftKept, MAX_LEFT_BYTES};

use super::auth::signer;
use super::state::App;
use crate::error::ServerError;
use crate::exchange::Problem;
use crate::quarantine::keep_upload;

pub(super) async fn leave(
    State(app): State<App>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<LeftKept>, Problem> {
    let device = signer(&app, "POST", &uri, &headers, &body).await?;
    if device.revoked_at.is_none() {
        let detail = "only a device that was shut out leaves its work here; others sync";
        return Err(Problem::new(403, "not-revoked", "The device was not revoked", detail));
    }
    if body.len() > MAX_LEFT_BYTES {
        let detail = format!("more than {MAX_LEFT_BYTES} bytes; leave them in parts");
        return Err(Problem::new(413, "too-large", "The request is too large", detail));
    }
    let (id, here, came) = (device.id, app.clone(), body.clone());
    let kept = tokio::task::spawn_blocking(move || {
        keep_upload(here.data(), here.keys(), here.tenant().id, &device, &came, here.now())
    });
    let kept = kept.await.map_err(|_| ServerError::Closed)?.map_err(Problem::from)?;
    let entry = kept.ok_or_else(|| Problem::bad_request("frame", "the body is not what a device leaves"))?;
    tracing::info!(device = %id, %entry, "left in quarantine");
    let claim = LeftClaim { tenant: app.tenant().id, device: id, body: &body };
    let receipt = HEXLOWER.encode(&claim.sign(&app.keys().receipt));
    Ok(Json(LeftKept { id: entry.to_string(), receipt }))
}
