//! Who spoke, for one device: each version's key is unlocked with the tenant's key and locked again for the device. What is
//! inside is not opened here.

use minicbor::bytes::ByteVec;
use rusqlite::Connection;
use sync::identity::IdentityClaim;
use sync::reason::Reason;
use sync::wire::{GivenVersion, IdentityAnswer, SignedVersion};

use super::sealed;
use crate::error::ServerError;
use crate::ingest::Asked;
use crate::keys::{ServerKeys, random};
use crate::store::{self, Device, StoredVersion, Tenant};

/// About so much of persons goes into one response: its frame must be read whole.
const MOST_BYTES: usize = 1024 * 1024;

pub(super) fn answers(
    conn: &Connection,
    keys: &ServerKeys,
    tenant: &Tenant,
    device: &Device,
    asked: Vec<Asked>,
) -> Result<Option<Vec<IdentityAnswer>>, ServerError> {
    if asked.is_empty() {
        return Ok(None);
    }
    let reader = store::receiving_key(conn, device.index)?;
    let mut answers = Vec::with_capacity(asked.len());
    let mut bytes = 0;
    for asked in asked {
        // What is not answered is asked again.
        if bytes >= MOST_BYTES {
            break;
        }
        answers.push(match asked {
            Asked::Denied { record, reason } => IdentityAnswer::Denied { record, reason },
            Asked::Given { record, index } => {
                let mut versions = Vec::new();
                let there = store::versions_of(conn, index)?;
                let sealed = there.iter().any(StoredVersion::is_sealed);
                let persons: Vec<StoredVersion> = there.into_iter().filter(|stored| !stored.is_words()).collect();
                let any = !persons.is_empty();
                for stored in persons {
                    if stored.is_sealed() {
                        if let Some(given) = sealed::given(conn, device, &stored)? {
                            bytes += stored.version.body.len() + 400;
                            versions.push(given);
                        }
                        continue;
                    }
                    let author = store::device_by_index(conn, stored.device)?;
                    let claim = IdentityClaim { tenant: tenant.id, device: author.id, version: &stored.version };
                    let key = claim
                        .unlock(&stored.locked, |purpose, beside, sealed| keys.tenant.open(purpose, beside, sealed));
                    let seed = random()?;
                    let Some(locked) = key.and_then(|key| claim.lock(&key, &reader, seed)) else { continue };
                    bytes += stored.version.body.len() + 400;
                    versions.push(GivenVersion {
                        signed: SignedVersion::new(&stored.version, author.id, stored.signature),
                        user: author.user.0,
                        locked: ByteVec::from(locked),
                    });
                }
                match (versions.is_empty() && any, sealed) {
                    (true, true) => IdentityAnswer::Denied { record, reason: Reason::sealed_not_yet() },
                    (true, false) => IdentityAnswer::Denied { record, reason: Reason::key_unknown() },
                    _ => IdentityAnswer::Given { record, versions },
                }
            }
        });
    }
    Ok(Some(answers))
}
