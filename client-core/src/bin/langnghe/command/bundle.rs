//! `langnghe bundle …`: sync by files.

use std::path::{Path, PathBuf};

use client_core::syncer::courier;
use client_core::transport::HttpTransport;
use serde_json::json;
use sync::wire::MAX_BUNDLE_BYTES;

use crate::app::App;
use crate::args::BundleCommand;
use crate::edge;
use crate::fault::Fault;
use crate::output;

pub fn run(app: &App, command: BundleCommand) -> Result<(), Fault> {
    match command {
        BundleCommand::Request { file } => request(app, &file),
        BundleCommand::Carry { file, reply } => carry(app, &file, reply),
        BundleCommand::Apply { file } => apply(app, &file),
    }
}

fn request(app: &App, file: &Path) -> Result<(), Fault> {
    let mut replica = app.open()?.replica;
    if file.exists() {
        return Err(Fault::FileThere(file.to_owned()));
    }
    let made = courier::request(&mut replica, edge::clock(), &mut edge::random)?;
    write(file, &made.file)?;
    let result = json!({ "id": made.id, "changes": made.changes, "bytes": made.file.len(), "file": file });
    app.show(&result, |_| output::bundle::made(&made, file));
    Ok(())
}

fn carry(app: &App, file: &Path, reply: Option<PathBuf>) -> Result<(), Fault> {
    let opened = app.open()?;
    let mut replica = opened.replica;
    let bytes = read(file)?;
    let mut carried = courier::carry(&mut replica, &bytes, opened.now)?;
    let mut waits = None;
    if carried.reply.is_none() {
        let mut transport = HttpTransport::new(&replica.identity().url);
        match courier::forward(&mut replica, &mut transport) {
            Ok(_) => carried = courier::carry(&mut replica, &bytes, opened.now)?,
            Err(courier::CourierError::Sync(error)) => waits = Some(error.to_string()),
            Err(error) => return Err(error.into()),
        }
    }
    let place = reply.unwrap_or_else(|| {
        let mut name = file.as_os_str().to_owned();
        name.push(".reply");
        name.into()
    });
    let written = match &carried.reply {
        Some(reply) => {
            write(&place, reply)?;
            Some(place)
        }
        None => None,
    };
    let result = json!({
        "id": carried.id, "device": carried.device, "answered": written.is_some(), "reply": written, "waits": waits,
    });
    app.show(&result, |_| output::bundle::carried(written.as_deref(), waits.as_deref()));
    Ok(())
}

fn apply(app: &App, file: &Path) -> Result<(), Fault> {
    let mut replica = app.open()?.replica;
    let report = courier::apply(&mut replica, &read(file)?, &edge::clock, &mut edge::random)?;
    app.show(&report, output::bundle::applied);
    Ok(())
}

fn read(path: &Path) -> Result<Vec<u8>, Fault> {
    let failed = |error| Fault::File { path: path.to_owned(), error };
    let size = std::fs::metadata(path).map_err(failed)?.len();
    if size > MAX_BUNDLE_BYTES as u64 {
        return Err(courier::CourierError::Unreadable.into());
    }
    std::fs::read(path).map_err(failed)
}

/// The file takes its name once it is whole: half a bundle is of no use to anybody.
fn write(path: &Path, bytes: &[u8]) -> Result<(), Fault> {
    let mut part = path.as_os_str().to_owned();
    part.push(".part");
    let part = PathBuf::from(part);
    let failed = |error| Fault::File { path: path.to_owned(), error };
    std::fs::write(&part, bytes).map_err(failed)?;
    std::fs::rename(&part, path).map_err(failed)
}
