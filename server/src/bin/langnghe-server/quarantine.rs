//! `quarantine …`: what devices that were shut out have left behind.

use std::io::{Read, Write};
use std::path::Path;

use jiff::Timestamp;
use serde_json::{Value, json};
use server::audit::confirm_or_warn;
use server::error::ServerError;
use server::ingest::Ledger;
use server::keys::{ServerKeys, system};
use server::quarantine::{Entry, EntryId, Opening, Quarantine, told};
use server::store::{self, AuditWhat};
use sync::id::RecordId;
use sync::model::time::{from_millis, rfc3339};
use sync::recovery::RecoveryKey;
use sync::wire::SealedFor;

use crate::args::{Data, QuarantineCommand};
use crate::run::say;

/// A key that is typed is not longer, whatever stands between its letters.
const MAX_TYPED_BYTES: u64 = 4096;

pub fn run(command: QuarantineCommand, json: bool, now: Timestamp) -> Result<(), ServerError> {
    match command {
        QuarantineCommand::List { data: Data { data } } => list(&data, json),
        QuarantineCommand::Open { data: Data { data }, id } => open(&data, &id, now),
        QuarantineCommand::Export { data: Data { data }, id, out } => {
            let (id, path, entry) = Quarantine::of(&data).find(&id)?;
            let bytes = std::fs::read(&path).map_err(|e| ServerError::file(&path, e))?;
            let mut file = std::fs::File::create_new(&out).map_err(|e| ServerError::file(&out, e))?;
            note(&data, AuditWhat::QuarantineExported, id, &entry, &[], now)?;
            file.write_all(&bytes).and_then(|()| file.sync_all()).map_err(|e| ServerError::file(&out, e))?;
            let said = json!({"id": id.to_string(), "out": out, "bytes": bytes.len()});
            say(&if json { said.to_string() } else { format!("Đã ghi {} (vẫn niêm phong).", out.display()) })
        }
        QuarantineCommand::Discard { data: Data { data }, id, yes: _ } => {
            let quarantine = Quarantine::of(&data);
            let (entry_id, _, entry) = quarantine.find(&id)?;
            note(&data, AuditWhat::QuarantineDiscarded, entry_id, &entry, &[], now)?;
            let id = quarantine.discard(&id)?;
            let said = json!({"id": id.to_string(), "discarded": true});
            say(&if json { said.to_string() } else { format!("Đã bỏ {id}.") })
        }
    }
}

fn list(data: &Path, json: bool) -> Result<(), ServerError> {
    let ledger = Ledger::new(store::open_read_only(data)?)?;
    let directory = ledger.directory();
    let mut rows = Vec::new();
    for (id, entry) in Quarantine::of(data).entries()? {
        let user = store::author(ledger.connection(), entry.device)?.map(|d| d.user);
        let user = user.map(|u| directory.user(&u).map_or(u.0.clone(), |found| found.code.clone()));
        let at = from_millis(entry.received_at).map(|t| rfc3339(t, directory.zone()));
        let bytes = entry.left.as_ref().map_or(0, |left| left.sealed.len());
        rows.push(json!({
            "id": id.to_string(), "device": entry.device, "user": user, "received_at": at, "carried": entry.carried,
            "bytes": bytes,
        }));
    }
    if json {
        return say(&json!(rows).to_string());
    }
    let word = |row: &serde_json::Value, key: &str| row[key].as_str().unwrap_or_default().to_owned();
    rows.iter().try_for_each(|row| {
        let how = if row["carried"] == true { "chuyển tay" } else { "từ thiết bị" };
        let (id, at, user) = (word(row, "id"), word(row, "received_at"), word(row, "user"));
        say(&format!("{id}  {at}  {user:<16} {how:<12} {} byte", row["bytes"]))
    })
}

fn open(data: &Path, id: &str, now: Timestamp) -> Result<(), ServerError> {
    let (id, _, entry) = Quarantine::of(data).find(id)?;
    let ledger = Ledger::new(store::open_read_only(data)?)?;
    let keys = ServerKeys::read(data)?;
    let needed = entry.left.as_ref().is_some_and(|left| left.key == SealedFor::Recovery);
    let recovery = if needed { Some(recovery_key()?) } else { None };
    let opening = Opening { tenant: ledger.tenant().id, keys: &keys, recovery };
    let told = told(&ledger, &opening, id, &entry)?;
    note(data, AuditWhat::QuarantineOpened, id, &entry, &persons(&told)?, now)?;
    say(&told.to_string())
}

/// The petitions of which it says who spoke.
fn persons(told: &Value) -> Result<Vec<RecordId>, ServerError> {
    let entries = told["entries"].as_array().into_iter().flatten();
    let named = entries.filter(|entry| entry["says"]["identify"].is_object());
    let records = named.map(|entry| serde_json::from_value(entry["record"].clone()));
    records.collect::<Result<_, _>>().map_err(|_| ServerError::Stored("quarantine entry"))
}

/// What the operator does with an entry is written down before it is done; who spoke may be read in it, each by itself.
fn note(
    data: &Path,
    what: AuditWhat,
    id: EntryId,
    entry: &Entry,
    persons: &[RecordId],
    now: Timestamp,
) -> Result<(), ServerError> {
    let mut ledger = Ledger::to_operate(data, now, &mut system)?;
    let at = now.as_millisecond();
    ledger.write(|tx| {
        let operator = store::administrator(tx)?;
        let detail = format!("{id}, of {}", entry.device);
        store::audit(tx, at, &operator, what, store::NO_RECORD, &detail, None)?;
        persons.iter().try_for_each(|record| {
            store::audit(tx, at, &operator, AuditWhat::IdentityRead, *record, "quarantine", None)
        })
    })?;
    confirm_or_warn(data, ledger.connection(), now);
    Ok(())
}

/// Never as an argument: those are seen by whoever lists processes, and kept in the shell's history.
fn recovery_key() -> Result<RecoveryKey, ServerError> {
    let typed = match std::env::var("LANGNGHE_RECOVERY_KEY") {
        Ok(typed) if !typed.trim().is_empty() => typed,
        _ => {
            let mut typed = String::new();
            let read = std::io::stdin().lock().take(MAX_TYPED_BYTES).read_to_string(&mut typed);
            read.map_err(|e| ServerError::Command(format!("the recovery key cannot be read: {e}")))?;
            typed
        }
    };
    RecoveryKey::parse(&typed).ok_or_else(|| {
        let why = "this is no recovery key: a letter is wrong or missing; give it in LANGNGHE_RECOVERY_KEY or on standard input";
        ServerError::Command(why.to_owned())
    })
}
