//! `langnghe device …`: the office's devices, as the server knows them.

use client_core::syncer;
use serde_json::Value;
use uuid::Uuid;

use crate::app::App;
use crate::args::DeviceCommand;
use crate::edge;
use crate::fault::Fault;
use crate::output;

pub fn run(app: &App, command: DeviceCommand) -> Result<(), Fault> {
    match command {
        DeviceCommand::List => {
            let replica = app.open()?.replica;
            let body = app.contact(replica, |replica, transport| {
                Ok(syncer::fetch(replica, transport, "/v1/devices", &edge::clock, &mut edge::random)?)
            })?;
            let rows: Value = serde_json::from_slice(&body).map_err(|_| Fault::NotJson)?;
            app.show(&rows, output::device::list);
            Ok(())
        }
        DeviceCommand::Approve { id } => decide(app, &id, "approve", "Đã duyệt"),
        DeviceCommand::Revoke { id } => decide(app, &id, "revoke", "Đã thu hồi"),
    }
}

fn decide(app: &App, id: &str, what: &str, said: &str) -> Result<(), Fault> {
    let id: Uuid = id.trim().parse().map_err(|_| Fault::NotADevice(id.to_owned()))?;
    let replica = app.open()?.replica;
    let path = format!("/v1/devices/{id}/{what}");
    let body = app.contact(replica, |replica, transport| {
        Ok(syncer::submit(replica, transport, &path, &edge::clock, &mut edge::random)?)
    })?;
    let row: Value = serde_json::from_slice(&body).map_err(|_| Fault::NotJson)?;
    app.show(&row, |row| format!("{said} thiết bị của {}.\n", row["user"].as_str().unwrap_or_default()));
    Ok(())
}
