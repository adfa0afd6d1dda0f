//! `GET /v1/live`: a WebSocket that says only "there is something up to N"; data comes by `POST /v1/sync`.

use std::time::Duration;

use axum::extract::State;
use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade};
use axum::http::{HeaderMap, Uri};
use axum::response::Response;

use super::auth::{LIVE_PROTOCOL, authenticate_live};
use super::state::App;
use crate::exchange::Problem;
use crate::store::{self, Device};

/// The code with which the connection of a device that was shut out is closed.
const SHUT_OUT: u16 = 4401;

fn closed() -> CloseFrame {
    CloseFrame { code: SHUT_OUT, reason: "revoked".into() }
}

/// Not more often: phones sleep between.
const PING_EVERY: Duration = Duration::from_secs(30);

pub(super) async fn live(
    State(app): State<App>,
    uri: Uri,
    headers: HeaderMap,
    upgrade: WebSocketUpgrade,
) -> Result<Response, Problem> {
    let device = authenticate_live(&app, &uri, &headers).await?;
    let upgrade = upgrade.protocols([LIVE_PROTOCOL]);
    Ok(upgrade.max_message_size(1024).on_upgrade(move |socket| tell(app, device, socket)))
}

async fn tell(app: App, device: Device, mut socket: WebSocket) {
    let mut replaced = app.go_live(device.id);
    let mut shut_out = app.shut_out();
    let mut position = app.writer().position();
    let mut ping = tokio::time::interval(PING_EVERY);
    ping.tick().await;
    let mut told = *position.borrow_and_update();
    loop {
        tokio::select! {
            _ = &mut replaced => break,
            _ = shut_out.changed() => {
                if app.is_shut_out(device.id) {
                    let _ = socket.send(Message::Close(Some(closed()))).await;
                    break;
                }
            }
            moved = position.changed() => {
                if moved.is_err() {
                    break;
                }
                let now = *position.borrow_and_update();
                if concerns(&app, &device, told, now).await && socket.send(Message::Text(format!("{{\"position\":{now}}}").into())).await.is_err() {
                    break;
                }
                told = now;
            }
            _ = ping.tick() => {
                if socket.send(Message::Ping(Vec::new().into())).await.is_err() {
                    break;
                }
            }
            message = socket.recv() => match message {
                None | Some(Err(_) | Ok(Message::Close(_))) => break,
                Some(Ok(_)) => {}
            },
        }
    }
}

/// Whether anything after a position, up to another, lies in the device's feeds: those of now, as its posts may have changed since it
/// called, and a new device has none before its first sync.
async fn concerns(app: &App, device: &Device, after: u64, upto: u64) -> bool {
    let id = device.id;
    let found = app.read(move |conn| {
        let Some(device) = store::device(conn, id)? else { return Ok(false) };
        let names: Vec<String> = device.feeds.lines().map(str::to_owned).collect();
        let feeds: Vec<i64> = store::digests(conn, &names)?.into_iter().map(|(index, ..)| index).collect();
        // What has been committed meanwhile is told with its own position.
        Ok(store::entries_after(conn, &feeds, after, 1)?.first().is_some_and(|entry| entry.position <= upto))
    });
    found.await.unwrap_or(false)
}
