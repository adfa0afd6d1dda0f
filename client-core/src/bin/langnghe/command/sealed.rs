//! `langnghe sealed …`

use client_core::syncer;
use data_encoding::HEXUPPER;
use serde::Serialize;
use serde_json::json;
use sha2::{Digest, Sha256};
use sync::id::DeviceId;
use sync::recovery::RecoveryKey;
use sync::wire::HandlerKey;

use crate::app::App;
use crate::args::SealedCommand;
use crate::edge;
use crate::fault::Fault;
use crate::output::table::Table;

pub fn run(app: &App, command: SealedCommand) -> Result<(), Fault> {
    match command {
        SealedCommand::Recover => recover(app),
        SealedCommand::Keys => keys(app),
    }
}

/// One device, as it is shown.
#[derive(Serialize)]
struct Key {
    office: String,
    office_name: String,
    device: DeviceId,
    mark: String,
    /// It is this one.
    here: bool,
}

/// Which devices what is sealed here is locked for. The server names them: whoever doubts it compares the marks.
fn keys(app: &App) -> Result<(), Fault> {
    let opened = app.open()?;
    let directory = opened.replica.directory();
    let here = opened.replica.identity().device;
    let shown = |key: HandlerKey| {
        let office = directory.office(&key.office);
        Key {
            office: office.map_or_else(|| key.office.to_string(), |o| o.code.clone()),
            office_name: office.map_or_else(|| key.office.to_string(), |o| o.name.clone()),
            mark: mark(key.key.as_slice()),
            here: key.device == here,
            device: key.device,
        }
    };
    let keys: Vec<Key> = opened.replica.sealed_keys()?.into_iter().map(shown).collect();
    app.show(&keys, |keys| {
        if keys.is_empty() {
            return "Máy này chưa biết máy nào của người được giao giữ đơn kín.\n".to_owned();
        }
        let mut table = Table::new(&["Cơ quan", "Thiết bị", "Dấu khoá", ""]);
        for key in keys {
            let here = if key.here { "máy này" } else { "" };
            table.row([key.office_name.clone(), key.device.to_string(), key.mark.clone(), here.to_owned()]);
        }
        table.print()
    });
    Ok(())
}

/// The first bytes of a key's SHA-256, in groups that can be read over the telephone.
fn mark(key: &[u8]) -> String {
    let digest = HEXUPPER.encode(&Sha256::digest(key)[..8]);
    let groups: Vec<&str> = (0..digest.len()).step_by(4).map(|at| &digest[at..at + 4]).collect();
    groups.join(" ")
}

/// Opens with the recovery key what nobody who is entrusted can open, and locks it for them. The key leaves this process
/// no more than the words do.
fn recover(app: &App) -> Result<(), Fault> {
    let opened = app.open()?;
    let before = opened.replica.unopened()?;
    let key = recovery_key()?;
    let after = app.contact(opened.replica, |replica, transport| {
        let report = syncer::recover(replica, transport, &edge::clock, &mut edge::random, key)?;
        Ok((report, replica.unopened()?))
    })?;
    let (report, left) = after;
    app.show(&json!({ "reopened": report.reopened, "opened": before.saturating_sub(left), "unopened": left }), |_| {
        match (report.reopened, left) {
            (0, 0) => "Không có đơn kín nào cần mở lại.\n".to_owned(),
            (n, 0) => format!("Đã mở lại {n} phần giữ kín cho những người đang được giao.\n"),
            (n, left) => format!(
                "Đã mở lại {n} phần giữ kín; còn {left} đơn chưa mở được, khoá khôi phục này không phải của chúng.\n"
            ),
        }
    });
    Ok(())
}

/// Never as an argument: those are seen by whoever lists processes.
fn recovery_key() -> Result<RecoveryKey, Fault> {
    let typed = match edge::pin_variable("LANGNGHE_RECOVERY_KEY")? {
        Some(typed) => typed,
        None if edge::somebody_there() => edge::ask_unseen("Khoá khôi phục")?,
        None => return Err(Fault::RecoveryKeyNeeded),
    };
    RecoveryKey::parse(&typed).ok_or(Fault::NoRecoveryKey)
}
