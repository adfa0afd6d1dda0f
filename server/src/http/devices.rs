//! `GET /v1/devices`, `POST /v1/devices/{id}/approve|revoke`: devices, for those who let them in and shut them out.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, Uri};
use sync::id::DeviceId;
use sync::model::time::local_date;
use sync::scope::Oversight;

use super::auth::{authenticate, authenticate_reader};
use super::state::App;
use crate::admin::{Decision, DeviceRow, DeviceState};
use crate::exchange::Problem;
use crate::store::{self, Device};

/// Those that the asking person oversees.
pub(super) async fn list(
    State(app): State<App>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Json<Vec<DeviceRow>>, Problem> {
    let asking = authenticate_reader(&app, &uri, &headers).await?;
    let directory = app.writer().directory();
    let today = local_date(app.now(), directory.zone());
    let oversight = Oversight::of(&asking.user, &directory, today).ok_or_else(not_overseen)?;
    let devices = app.read(store::devices).await?;
    let seen = devices.iter().filter(|d| !d.root && oversight.covers(&d.user, &directory, today));
    Ok(Json(seen.map(|d| DeviceRow::of(d, &directory)).collect()))
}

pub(super) async fn approve(
    State(app): State<App>,
    Path(id): Path<String>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<DeviceRow>, Problem> {
    decide(&app, Decision::Approve, &id, authenticate(&app, "POST", &uri, &headers, &body).await?).await
}

pub(super) async fn revoke(
    State(app): State<App>,
    Path(id): Path<String>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<DeviceRow>, Problem> {
    decide(&app, Decision::Revoke, &id, authenticate(&app, "POST", &uri, &headers, &body).await?).await
}

/// Done twice it is done once.
async fn decide(app: &App, decision: Decision, id: &str, asking: Device) -> Result<Json<DeviceRow>, Problem> {
    let unknown = || Problem::new(404, "no-device", "There is no such device", "see the list of devices for its id");
    let id: DeviceId = id.parse().map_err(|_| unknown())?;
    let directory = app.writer().directory();
    let today = local_date(app.now(), directory.zone());
    let oversight = Oversight::of(&asking.user, &directory, today).ok_or_else(not_overseen)?;
    let found = app.read(move |conn| store::device(conn, id)).await?.filter(|d| !d.root).ok_or_else(unknown)?;
    if found.user == asking.user {
        let detail = "nobody decides of a device of his own; ask a colleague or the operator";
        return Err(Problem::new(403, "own-device", "It takes a second person", detail));
    }
    if !oversight.covers(&found.user, &directory, today) {
        return Err(not_overseen());
    }
    match (decision, DeviceState::of(&found)) {
        (Decision::Approve, DeviceState::Revoked) => {
            let detail = "a device that was shut out is not let in again: it is enrolled anew, with a new code";
            return Err(Problem::new(409, "device-revoked", "The device was revoked", detail));
        }
        (Decision::Approve, DeviceState::Pending)
        | (Decision::Revoke, DeviceState::Pending | DeviceState::Approved) => {
            let (now, by, on) = (app.now(), asking.user.clone(), asking.id);
            app.journal(move |journal| decision.note(journal, id, Some(by), now)).await?;
            app.writer().write(move |tx| decision.store(tx, id, &asking, now)).await?;
            tracing::info!(device = %id, by = %on, ?decision, "device decided");
        }
        (Decision::Approve, DeviceState::Approved) | (Decision::Revoke, DeviceState::Revoked) => {}
    }
    let decided = app.read(move |conn| store::device(conn, id)).await?.ok_or_else(unknown)?;
    Ok(Json(DeviceRow::of(&decided, &directory)))
}

fn not_overseen() -> Problem {
    Problem::forbidden(
        "only administrators of the directory, and Front staff and leaders of the device's office, decide of it",
    )
}
