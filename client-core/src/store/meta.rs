//! Values a replica keeps about itself, by name.

use jiff::Timestamp;
use rusqlite::types::{FromSql, ToSql};
use rusqlite::{Connection, OptionalExtension, Transaction};
use sync::id::{DeviceId, Epoch, ServerEpoch, TenantId, UserId};
use sync::wire::{Cursor, FillCursor, PositionSet, Shown, TenantKeys};

use super::device;
use crate::replica::{DeviceKeys, Identity, NewIdentity, ReplicaError};

fn get<T: FromSql>(connection: &Connection, key: &str) -> Result<Option<T>, ReplicaError> {
    let mut select = connection.prepare_cached("SELECT value FROM meta WHERE key = ?1")?;
    Ok(select.query_row([key], |row| row.get(0)).optional()?)
}

fn put(tx: &Transaction<'_>, key: &str, value: impl ToSql) -> Result<(), ReplicaError> {
    let mut insert = tx.prepare_cached("INSERT OR REPLACE INTO meta (key, value) VALUES (?1, ?2)")?;
    insert.execute(rusqlite::params![key, value])?;
    Ok(())
}

fn remove(tx: &Transaction<'_>, key: &str) -> Result<(), ReplicaError> {
    tx.prepare_cached("DELETE FROM meta WHERE key = ?1")?.execute([key])?;
    Ok(())
}

fn needed<T: FromSql>(connection: &Connection, key: &'static str) -> Result<T, ReplicaError> {
    get(connection, key)?.ok_or(ReplicaError::Damaged(key))
}

fn uuid_bytes(connection: &Connection, key: &'static str) -> Result<[u8; 16], ReplicaError> {
    let bytes: Vec<u8> = needed(connection, key)?;
    bytes.try_into().map_err(|_| ReplicaError::Damaged(key))
}

fn key_bytes(connection: &Connection, key: &'static str) -> Result<[u8; 32], ReplicaError> {
    let bytes: Vec<u8> = needed(connection, key)?;
    bytes.try_into().map_err(|_| ReplicaError::Damaged(key))
}

/// Writes what enrolment gave.
pub(crate) fn put_identity(tx: &Transaction<'_>, new: &NewIdentity) -> Result<(), ReplicaError> {
    let receipt_key = data_encoding::HEXLOWER_PERMISSIVE.decode(new.enrolled.receipt_key.as_bytes());
    let receipt_key = receipt_key.ok().filter(|k| k.len() == 32).ok_or(ReplicaError::Damaged("receipt_key"))?;
    put(tx, "device", new.enrolled.device.as_bytes())?;
    put(tx, "user", &new.enrolled.user)?;
    put(tx, "tenant", new.enrolled.tenant.as_bytes())?;
    put(tx, "tenant_name", &new.enrolled.tenant_name)?;
    put(tx, "url", new.url.trim_end_matches('/'))?;
    put(tx, "receipt_key", receipt_key)?;
    let bundle_key = data_encoding::HEXLOWER_PERMISSIVE.decode(new.enrolled.bundle_key.as_bytes());
    if let Some(key) = bundle_key.ok().filter(|k| k.len() == 32) {
        put(tx, "bundle_key", key)?;
    }
    put(tx, "epoch", new.epoch.as_bytes())?;
    put(tx, "signing_key", new.keys.signing.to_bytes())?;
    put(tx, "receiving_key", new.keys.receiving.to_bytes())?;
    device::put(tx, new.enrolled.device, &new.keys.signing_public(), &new.enrolled.user)?;
    Ok(())
}

/// Reads it back.
pub(crate) fn identity(connection: &Connection) -> Result<(Identity, DeviceKeys), ReplicaError> {
    let identity = Identity {
        device: DeviceId::from_bytes(uuid_bytes(connection, "device")?),
        user: UserId(needed(connection, "user")?),
        tenant: TenantId::from_bytes(uuid_bytes(connection, "tenant")?),
        tenant_name: needed(connection, "tenant_name")?,
        url: needed(connection, "url")?,
        receipt_key: key_bytes(connection, "receipt_key")?,
        epoch: Epoch::from_bytes(uuid_bytes(connection, "epoch")?),
    };
    let keys = DeviceKeys::from_bytes(key_bytes(connection, "signing_key")?, key_bytes(connection, "receiving_key")?);
    Ok((identity, keys))
}

/// The tenant that the device is enrolled with.
pub(crate) fn tenant(connection: &Connection) -> Result<TenantId, ReplicaError> {
    Ok(TenantId::from_bytes(uuid_bytes(connection, "tenant")?))
}

/// What couriers' bundles are sealed for; none when the server had no such key at enrolment.
pub(crate) fn bundle_key(connection: &Connection) -> Result<Option<[u8; 32]>, ReplicaError> {
    let key: Option<Vec<u8>> = get(connection, "bundle_key")?;
    key.map(|k| k.try_into().map_err(|_| ReplicaError::Damaged("bundle_key"))).transpose()
}

/// For whom is sealed who spoke; none before the first sync with a server that tells it.
pub(crate) fn tenant_keys(connection: &Connection) -> Result<Option<TenantKeys>, ReplicaError> {
    cbor(connection, "tenant_keys")
}

/// See [`tenant_keys`].
pub(crate) fn put_tenant_keys(tx: &Transaction<'_>, keys: &TenantKeys) -> Result<(), ReplicaError> {
    put_cbor(tx, "tenant_keys", keys)
}

/// Whether the server is to be brought what it once told was forgotten.
pub(crate) fn bring_tombstones(connection: &Connection) -> Result<bool, ReplicaError> {
    Ok(get::<bool>(connection, "tombstones")?.unwrap_or(false))
}

/// See [`bring_tombstones`].
pub(crate) fn put_bring_tombstones(tx: &Transaction<'_>, bring: bool) -> Result<(), ReplicaError> {
    if bring { put(tx, "tombstones", true) } else { remove(tx, "tombstones") }
}

/// The present life of this database.
pub(crate) fn put_epoch(tx: &Transaction<'_>, epoch: Epoch) -> Result<(), ReplicaError> {
    put(tx, "epoch", epoch.as_bytes())
}

/// Which file this database was in when it last wrote something.
pub(crate) fn file_number(connection: &Connection) -> Result<Option<i64>, ReplicaError> {
    get(connection, "file_number")
}

/// See [`file_number`].
pub(crate) fn put_file_number(tx: &Transaction<'_>, number: i64) -> Result<(), ReplicaError> {
    put(tx, "file_number", number)
}

/// How far the log has been followed.
pub(crate) fn cursor(connection: &Connection) -> Result<Option<Cursor>, ReplicaError> {
    cbor(connection, "cursor")
}

/// See [`cursor`].
pub(crate) fn put_cursor(tx: &Transaction<'_>, cursor: &Cursor) -> Result<(), ReplicaError> {
    put_cbor(tx, "cursor", cursor)
}

/// How far the present fill has come.
pub(crate) fn fill(connection: &Connection) -> Result<Option<FillCursor>, ReplicaError> {
    cbor(connection, "fill")
}

/// See [`fill`].
pub(crate) fn put_fill(tx: &Transaction<'_>, fill: &FillCursor) -> Result<(), ReplicaError> {
    put_cbor(tx, "fill", fill)
}

fn cbor<T: for<'b> minicbor::Decode<'b, ()>>(
    connection: &Connection,
    key: &'static str,
) -> Result<Option<T>, ReplicaError> {
    let bytes: Option<Vec<u8>> = get(connection, key)?;
    bytes.map(|b| minicbor::decode(&b).map_err(|_| ReplicaError::Damaged(key))).transpose()
}

fn put_cbor<T: minicbor::Encode<()>>(tx: &Transaction<'_>, key: &'static str, value: &T) -> Result<(), ReplicaError> {
    put(tx, key, minicbor::to_vec(value).map_err(|_| ReplicaError::Damaged(key))?)
}

/// The number of the last fill begun; records carry the number of the fill that named them last.
pub(crate) fn fill_number(connection: &Connection) -> Result<i64, ReplicaError> {
    Ok(get(connection, "fill_number")?.unwrap_or(0))
}

/// Whether a fill has begun and not ended.
pub(crate) fn filling(connection: &Connection) -> Result<bool, ReplicaError> {
    Ok(get::<i64>(connection, "filling")?.is_some())
}

/// A fill begins: everything is to be named again.
pub(crate) fn begin_fill(tx: &Transaction<'_>) -> Result<(), ReplicaError> {
    put(tx, "fill_number", fill_number(tx)? + 1)?;
    remove(tx, "fill")?;
    remove(tx, "cursor")?;
    // Positions may be those of another life of the server.
    remove(tx, "own")?;
    put(tx, "filling", 1)
}

/// The fill is complete.
pub(crate) fn end_fill(tx: &Transaction<'_>) -> Result<(), ReplicaError> {
    remove(tx, "fill")?;
    remove(tx, "filling")
}

/// The server's clock less the device's, milliseconds, as last learnt.
pub(crate) fn clock_offset(connection: &Connection) -> Result<i64, ReplicaError> {
    Ok(get(connection, "clock_offset")?.unwrap_or(0))
}

/// See [`clock_offset`].
pub(crate) fn put_clock_offset(tx: &Transaction<'_>, millis: i64) -> Result<(), ReplicaError> {
    put(tx, "clock_offset", millis)
}

/// When the last complete sync ended.
pub(crate) fn last_sync(connection: &Connection) -> Result<Option<Timestamp>, ReplicaError> {
    Ok(get::<i64>(connection, "last_sync")?.and_then(sync::model::time::from_millis))
}

/// See [`last_sync`].
pub(crate) fn put_last_sync(tx: &Transaction<'_>, at: Timestamp) -> Result<(), ReplicaError> {
    put(tx, "last_sync", at.as_millisecond())
}

/// The latest time this replica has seen since the server last told it its own, milliseconds.
pub(crate) fn seen(connection: &Connection) -> Result<Option<i64>, ReplicaError> {
    get(connection, "seen")
}

/// See [`seen`].
pub(crate) fn put_seen(tx: &Transaction<'_>, millis: i64) -> Result<(), ReplicaError> {
    put(tx, "seen", millis)
}

/// The receipt of the frame that brought the cursor.
pub(crate) fn cursor_receipt(connection: &Connection) -> Result<Option<Shown>, ReplicaError> {
    cbor(connection, "cursor_receipt")
}

/// See [`cursor_receipt`].
pub(crate) fn put_cursor_receipt(tx: &Transaction<'_>, shown: &Shown) -> Result<(), ReplicaError> {
    put_cbor(tx, "cursor_receipt", shown)
}

/// What this device and the server last found to differ, as their two digests: it is not gone into again.
pub(crate) fn disputed(connection: &Connection) -> Result<Option<Vec<u8>>, ReplicaError> {
    get(connection, "disputed")
}

/// See [`disputed`].
pub(crate) fn put_disputed(tx: &Transaction<'_>, both: &[u8]) -> Result<(), ReplicaError> {
    put(tx, "disputed", both)
}

/// The server's life that is followed, where neither the cursor nor the fill says it.
pub(crate) fn life(connection: &Connection) -> Result<Option<ServerEpoch>, ReplicaError> {
    let bytes: Option<[u8; 16]> = get(connection, "life")?;
    Ok(bytes.map(ServerEpoch::from_bytes))
}

/// See [`life`].
pub(crate) fn put_life(tx: &Transaction<'_>, life: ServerEpoch) -> Result<(), ReplicaError> {
    put(tx, "life", life.as_bytes())
}

/// Where, beyond the cursor, changes were acknowledged to this replica.
pub(crate) fn own(connection: &Connection) -> Result<Option<PositionSet>, ReplicaError> {
    cbor(connection, "own")
}

/// Adds to [`own`] what was acknowledged, and lets go of what the cursor has passed.
pub(crate) fn put_own(tx: &Transaction<'_>, acked: &[u64], cursor: Option<u64>) -> Result<(), ReplicaError> {
    let before = own(tx)?;
    let mut set = before.clone().unwrap_or_default();
    acked.iter().for_each(|position| set.insert(*position));
    if let Some(cursor) = cursor {
        set.forget_upto(cursor);
    }
    match (set.is_empty(), before) {
        (true, None) => Ok(()),
        (true, Some(_)) => remove(tx, "own"),
        (false, before) if before.as_ref() == Some(&set) => Ok(()),
        (false, _) => put_cbor(tx, "own", &set),
    }
}

/// What of the directory the typed columns were computed with.
pub(crate) fn rows_for(connection: &Connection) -> Result<Option<Vec<u8>>, ReplicaError> {
    get(connection, "rows_for")
}

/// See [`rows_for`].
pub(crate) fn put_rows_for(tx: &Transaction<'_>, digest: &[u8]) -> Result<(), ReplicaError> {
    put(tx, "rows_for", digest)
}
