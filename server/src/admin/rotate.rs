//! `key rotate`: a new tenant's key, for which every identity is locked again.

use std::path::Path;

use jiff::Timestamp;
use sync::identity::IdentityClaim;

use crate::audit::confirm_or_warn;
use crate::error::ServerError;
use crate::ingest::Ledger;
use crate::keys::{Chance, ServerKeys, draw};
use crate::store::{self, AuditWhat, DataLock};

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rotated {
    /// Writings down of who spoke that are locked for the new key now.
    pub locked: u64,
    /// Those that no key of this server opens; they stay as they are.
    pub unknown: u64,
}

/// Makes a new tenant's key. The former ones stay in the file, behind it: what devices lock for one of them while they are
/// out of reach is still read. Nothing serves meanwhile; killed half way it may be done again.
pub fn rotate_tenant_key(data: &Path, now: Timestamp, chance: Chance<'_>) -> Result<Rotated, ServerError> {
    let _lock = DataLock::take(data)?;
    let mut ledger = Ledger::to_operate(data, now, chance)?;
    let tenant = ledger.tenant().clone();
    // Written before anything is locked for it.
    let keys = ServerKeys::read(data)?.tenant.rotated(data, chance)?;
    let rotated = ledger.write(|tx| {
        let mut rotated = Rotated { locked: 0, unknown: 0 };
        for version in store::all_versions(tx)? {
            let Some(stored) = store::version(tx, version)?.filter(|stored| !stored.is_sealed()) else { continue };
            let author = store::device_by_index(tx, stored.device)?;
            let claim = IdentityClaim { tenant: tenant.id, device: author.id, version: &stored.version };
            let key = claim.unlock(&stored.locked, |purpose, beside, sealed| keys.open(purpose, beside, sealed));
            let Some(key) = key else {
                rotated.unknown += 1;
                continue;
            };
            let locked = claim.lock(&key, &keys.public(), draw(chance)?).ok_or(ServerError::Stored("tenant key"))?;
            store::lock_version(tx, version, &locked)?;
            rotated.locked += 1;
        }
        let Rotated { locked, unknown } = rotated;
        let (at, operator) = (now.as_millisecond(), store::administrator(tx)?);
        let detail = format!("{locked} locked, {unknown} unknown");
        store::audit(tx, at, &operator, AuditWhat::KeyRotated, store::NO_RECORD, &detail, None)?;
        Ok(rotated)
    })?;
    confirm_or_warn(data, ledger.connection(), now);
    // What was locked for the former key must not lie about in the log of the database.
    ledger.connection().execute_batch("PRAGMA wal_checkpoint(TRUNCATE)")?;
    Ok(rotated)
}
