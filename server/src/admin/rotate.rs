//! `key rotate`: a new tenant's key, for which every identity is locked again.

use std::path::Path;

use rusqlite::TransactionBehavior;
use sync::identity::IdentityClaim;

use crate::error::ServerError;
use crate::keys::{Chance, ServerKeys, draw};
use crate::store::{self, DataLock};

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
pub fn rotate_tenant_key(data: &Path, chance: Chance<'_>) -> Result<Rotated, ServerError> {
    let _lock = DataLock::take(data)?;
    let mut conn = store::open(data)?;
    let tenant = store::read_tenant(&conn)?;
    // Written before anything is locked for it.
    let keys = ServerKeys::read(data)?.tenant.rotated(data, chance)?;
    let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut rotated = Rotated { locked: 0, unknown: 0 };
    for version in store::all_versions(&tx)? {
        let Some(stored) = store::version(&tx, version)?.filter(|stored| !stored.is_sealed()) else { continue };
        let author = store::device_by_index(&tx, stored.device)?;
        let claim = IdentityClaim { tenant: tenant.id, device: author.id, version: &stored.version };
        let key = claim.unlock(&stored.locked, |purpose, beside, sealed| keys.open(purpose, beside, sealed));
        let Some(key) = key else {
            rotated.unknown += 1;
            continue;
        };
        let locked = claim.lock(&key, &keys.public(), draw(chance)?).ok_or(ServerError::Stored("tenant key"))?;
        store::lock_version(&tx, version, &locked)?;
        rotated.locked += 1;
    }
    tx.commit()?;
    // What was locked for the former key must not lie about in the log of the database.
    conn.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)")?;
    Ok(rotated)
}
