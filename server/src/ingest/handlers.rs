//! The devices of those who are entrusted with sealed petitions.

use std::collections::BTreeSet;

use jiff::civil::Date;
use minicbor::bytes::ByteArray;
use rusqlite::Connection;
use sync::id::{OfficeId, UserId};
use sync::model::directory::Directory;
use sync::scope::{sealed_handlers, sealed_offices_of};
use sync::wire::HandlerKey;

use crate::error::ServerError;
use crate::store;

/// One of them, with its number.
#[derive(Debug, Clone)]
pub struct HandlerDevice {
    /// Its number here.
    pub index: i64,
    /// As devices are told of it.
    pub key: HandlerKey,
}

/// Of one office, on a day.
pub fn handlers_of(
    conn: &Connection,
    office: &OfficeId,
    directory: &Directory,
    day: Date,
) -> Result<Vec<HandlerDevice>, ServerError> {
    let mut found = Vec::new();
    for user in sealed_handlers(office, directory, day) {
        for (index, device, key) in store::speaking_devices(conn, user.as_str())? {
            found.push(HandlerDevice {
                index,
                key: HandlerKey { office: office.clone(), device, key: ByteArray::from(key) },
            });
        }
    }
    Ok(found)
}

/// Those that somebody may have to lock something for, by posts held since a day, or for what was brought to some offices;
/// sorted.
pub(super) fn handler_keys(
    conn: &Connection,
    user: &UserId,
    brought: BTreeSet<OfficeId>,
    directory: &Directory,
    since: Date,
    day: Date,
) -> Result<Vec<HandlerKey>, ServerError> {
    let mut keys = Vec::new();
    let current = brought.iter().flat_map(|office| directory.current_offices(office, day));
    for office in sealed_offices_of(user, directory, since, day).into_iter().chain(current).collect::<BTreeSet<_>>() {
        keys.extend(handlers_of(conn, &office, directory, day)?.into_iter().map(|handler| handler.key));
    }
    keys.sort();
    Ok(keys)
}
