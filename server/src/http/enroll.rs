//! `POST /v1/enroll`: a code becomes a device.

use std::net::{IpAddr, SocketAddr};

use axum::Json;
use axum::body::Bytes;
use axum::extract::{ConnectInfo, State};
use axum::http::StatusCode;
use data_encoding::{HEXLOWER, HEXLOWER_PERMISSIVE};
use sync::id::DeviceId;
use sync::model::time::local_date;
use sync::scope::needs_approval;
use sync::wire::{EnrollRequest, EnrollResponse, PROTOCOL_VERSION};

use super::state::App;
use super::wrong_codes::{network, tell_left_out};
use crate::admin::code_hash;
use crate::exchange::Problem;
use crate::keys::random;
use crate::store::{self, Approval, AuditWhat, Device, Informed};

pub(super) async fn enroll(
    State(app): State<App>,
    ConnectInfo(from): ConnectInfo<SocketAddr>,
    body: Bytes,
) -> Result<(StatusCode, Json<EnrollResponse>), Problem> {
    let unreadable = |detail: &str| Problem::bad_request("enroll", detail);
    if body.len() > 16 * 1024 {
        return Err(unreadable("larger than an enrolment can be"));
    }
    let request: EnrollRequest =
        serde_json::from_slice(&body).map_err(|_| unreadable("not the JSON of an enrolment"))?;
    if request.version != PROTOCOL_VERSION {
        let detail = format!(
            "the device speaks version {}, the server {PROTOCOL_VERSION}: update the older one",
            request.version
        );
        return Err(Problem::bad_request("version", detail));
    }
    let key = |hex: &str| -> Option<[u8; 32]> { HEXLOWER_PERMISSIVE.decode(hex.as_bytes()).ok()?.try_into().ok() };
    let signing = key(&request.signing_key).ok_or_else(|| unreadable("`signing_key` is not 32 bytes in hex"))?;
    let receiving = key(&request.receiving_key).ok_or_else(|| unreadable("`receiving_key` is not 32 bytes in hex"))?;
    let name: String = request.name.chars().filter(|c| !c.is_control()).take(100).collect();
    let hash = code_hash(&request.code);
    let now = app.now().as_millisecond();
    let id: [u8; 16] = random().map_err(Problem::from)?;
    let id = DeviceId(uuid::Builder::from_random_bytes(id).into_uuid());
    let directory = app.writer().directory();
    let today = local_date(app.now(), directory.zone());
    let enrolled = app.writer().write(move |tx| {
        let user = match store::take_code(tx, &hash, now)? {
            Ok(user) => user,
            // The answer was lost: the same device asks again with the same code.
            Err(why) => return Ok(store::enrolled_with(tx, &hash, &signing)?.ok_or(why)),
        };
        let approval = match needs_approval(&user, &directory, today) {
            true => Approval::Pending,
            false => Approval::NotNeeded,
        };
        let device = Device {
            index: 0,
            id,
            user,
            key: signing,
            name,
            enrolled_at: now,
            last_contact: now,
            informed: Informed::enrolled(now),
            revoked_at: None,
            approval,
            root: false,
            grant: 0,
            feeds: String::new(),
        };
        store::add_device(tx, &device, &receiving)?;
        let waits = if device.approval == Approval::Pending { "waits for a second person" } else { "" };
        store::audit(tx, now, &device, AuditWhat::DeviceEnrolled, store::NO_RECORD, waits, None)?;
        Ok(Ok(device))
    });
    let device = match enrolled.await? {
        Ok(device) => device,
        Err(why) => return Err(refused(&app, from.ip(), why).await),
    };
    let Device { id, user, .. } = device.clone();
    // Only what a database put back from a copy would still know of is promised to the device.
    app.journal(move |journal| journal.enrolled(&device, &receiving, Some(&hash))).await?;
    tracing::info!(device = %id, "device enrolled");
    Ok((
        StatusCode::CREATED,
        Json(EnrollResponse {
            device: id,
            user: user.0,
            tenant: app.tenant().id,
            tenant_name: app.tenant().name.clone(),
            receipt_key: HEXLOWER.encode(app.keys().receipt.verifying_key().as_bytes()),
            bundle_key: HEXLOWER.encode(&app.keys().bundle_public()),
        }),
    ))
}

/// What whoever came with a code that is not taken is told. It is written down, without the code; too many are only counted.
async fn refused(app: &App, from: IpAddr, why: &'static str) -> Problem {
    let now = app.now();
    let too_many = !matches!(why, "used" | "expired") && app.wrong_codes().one_more(from, now);
    if let Some(left_out) = app.wrong_codes().to_note(too_many, now) {
        let (at, detail) = (now.as_millisecond(), format!("{why}, from {}", network(from)));
        let noted = app.writer().write(move |tx| {
            tell_left_out(tx, at, left_out)?;
            store::audit_unknown(tx, at, AuditWhat::CodeRefused, &detail)
        });
        if let Err(error) = noted.await {
            tracing::warn!(%error, "that a code was refused could not be written down");
        }
    }
    match why {
        "used" => Problem::unauthorized("code-used", "this code has been used already; ask for a new one"),
        "expired" => Problem::unauthorized("code-expired", "this code has expired; ask for a new one"),
        _ if too_many => {
            let detail = "too many wrong codes from this address; wait ten minutes and check the code letter by letter";
            Problem::new(429, "too-many-codes", "Too many wrong codes", detail)
        }
        _ => Problem::unauthorized("code-unknown", "there is no such code; check it letter by letter"),
    }
}
