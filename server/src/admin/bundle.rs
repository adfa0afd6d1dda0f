//! A courier's file answered where the server is, without a network.

use std::path::Path;

use jiff::Timestamp;
use sync::id::DeviceId;
use sync::wire::{Bundle, MAX_BUNDLE_BYTES};

use crate::audit::confirm_or_warn;
use crate::error::ServerError;
use crate::exchange::exchange_bundle;
use crate::ingest::Ledger;
use crate::keys::{self, ServerKeys};

/// A bundle that has its reply.
#[derive(Debug, Clone, Copy)]
pub struct BundleAnswered {
    /// The device that asked.
    pub device: DeviceId,
    /// How long the reply is.
    pub bytes: usize,
}

/// Reads one file, serves it, writes the other. The reply takes its name once it is whole.
pub fn answer_bundle(data: &Path, request: &Path, reply: &Path, now: Timestamp) -> Result<BundleAnswered, ServerError> {
    let size = std::fs::metadata(request).map_err(|e| ServerError::file(request, e))?.len();
    if size > MAX_BUNDLE_BYTES as u64 {
        return Err(ServerError::Command(format!("{}: larger than a bundle can be", request.display())));
    }
    let file = std::fs::read(request).map_err(|e| ServerError::file(request, e))?;
    let mut ledger = Ledger::to_serve(data, now, &mut keys::system)?;
    let keys = ServerKeys::read(data)?;
    let refused = |p: crate::exchange::Problem| {
        ServerError::Command(format!("{}: {} ({})", request.display(), p.detail(), p.kind()))
    };
    let answer = exchange_bundle(data, &mut ledger, &keys, &file, now);
    confirm_or_warn(data, ledger.connection(), now);
    let answer = answer.map_err(refused)?;
    let device = Bundle::from_file(&file).map(|(_, b)| b.envelope.device).ok_or(ServerError::Stored("bundle"))?;
    let unfinished = reply.with_extension("part");
    std::fs::write(&unfinished, &answer).map_err(|e| ServerError::file(&unfinished, e))?;
    std::fs::rename(&unfinished, reply).map_err(|e| ServerError::file(reply, e))?;
    Ok(BundleAnswered { device, bytes: answer.len() })
}
