//! `device …`: who is let in.

use jiff::Timestamp;
use serde_json::json;
use server::admin::{Decision, DeviceState, device_rows};
use server::audit::confirm_or_warn;
use server::error::ServerError;
use server::ingest::Ledger;
use server::keys::system;
use server::life::Journal;
use server::store;
use sync::id::DeviceId;

use crate::args::{Data, DeviceCommand};
use crate::run::say;

pub fn run(command: DeviceCommand, json: bool, now: Timestamp) -> Result<(), ServerError> {
    match command {
        DeviceCommand::List { data: Data { data } } => {
            let ledger = Ledger::new(store::open_read_only(&data)?)?;
            let rows = device_rows(ledger.connection(), &ledger.directory())?;
            if json {
                return say(&json!(rows).to_string());
            }
            rows.iter().try_for_each(|d| {
                let contact = d.last_contact.as_deref().unwrap_or_default();
                say(&format!("{}  {:<16} {:<12} {contact}  {}", d.id, d.user, d.state.word(), d.name))
            })
        }
        DeviceCommand::Approve { data: Data { data }, id } => {
            let id = decide(&data, &id, Decision::Approve, DeviceState::Pending, "that waits", now)?;
            let said = json!({"device": id, "approved": true});
            say(&if json { said.to_string() } else { format!("Đã duyệt {id}.") })
        }
        DeviceCommand::Revoke { data: Data { data }, id } => {
            let id = decide(&data, &id, Decision::Revoke, DeviceState::Approved, "in use", now)?;
            let said = json!({"device": id, "revoked": true});
            say(&if json { said.to_string() } else { format!("Đã thu hồi {id}.") })
        }
    }
}

fn decide(
    data: &std::path::Path,
    id: &str,
    decision: Decision,
    from: DeviceState,
    what: &str,
    now: Timestamp,
) -> Result<DeviceId, ServerError> {
    let mut ledger = Ledger::to_operate(data, now, &mut system)?;
    let id: DeviceId =
        id.parse().map_err(|_| ServerError::Command(format!("`{id}` is not a device's id; see `device list`")))?;
    let state = store::device(ledger.connection(), id)?.filter(|d| !d.root).map(|d| DeviceState::of(&d));
    // One that waits can be shut out as well.
    let fits = state == Some(from) || (decision == Decision::Revoke && state == Some(DeviceState::Pending));
    if !fits {
        return Err(ServerError::Command(format!("there is no device {id} {what}; see `device list`")));
    }
    // First beside the database: one that is put back from a copy learns of it.
    decision.note(&mut Journal::open(data)?, id, None, now)?;
    ledger.write(|tx| decision.store(tx, id, &store::administrator(tx)?, now))?;
    confirm_or_warn(data, ledger.connection(), now);
    Ok(id)
}
