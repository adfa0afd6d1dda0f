//! Enrolled devices and the codes that enrol them.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};
use sync::id::{DeviceId, UserId};

use super::informed::{Informed, OpenContact};
use crate::error::ServerError;

/// Whether a second person must let a device in, and has.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Approval {
    /// Its code alone lets it in.
    #[default]
    NotNeeded,
    /// It waits.
    Pending,
    /// It was let in.
    Approved {
        /// Milliseconds since 1970.
        at: i64,
        /// By whom: a user's id; none for the operator.
        by: Option<UserId>,
    },
}

/// An enrolled device.
#[derive(Debug, Clone)]
pub struct Device {
    /// Its number in this database.
    pub index: i64,
    /// Its id.
    pub id: DeviceId,
    /// Its user.
    pub user: UserId,
    /// Ed25519: what it signs with.
    pub key: [u8; 32],
    /// What it calls itself.
    pub name: String,
    /// When it was enrolled, milliseconds.
    pub enrolled_at: i64,
    /// The day of its last request: the first on that day, milliseconds.
    pub last_contact: i64,
    /// Up to when it has been told everything.
    pub informed: Informed,
    /// When it was revoked, milliseconds.
    pub revoked_at: Option<i64>,
    /// Whether it may speak.
    pub approval: Approval,
    /// The administrator replica that `init` made.
    pub root: bool,
    /// Rises when its feeds change.
    pub grant: u32,
    /// Its feeds at that grant, joined by line feeds.
    pub feeds: String,
}

const COLUMNS: &str = "idx, id, user, signing_key, name, enrolled_at, last_contact, revoked_at, root, grant_generation, feeds, informed_at, \
     open_contact, open_position, needs_approval, approved_at, approved_by";

fn read(row: &Row<'_>) -> rusqlite::Result<Device> {
    let id: [u8; 16] = row.get(1)?;
    let open = row.get::<_, Option<i64>>(12)?;
    let position = row.get(13)?;
    let approval = match (row.get(14)?, row.get(15)?) {
        (false, _) => Approval::NotNeeded,
        (true, None) => Approval::Pending,
        (true, Some(at)) => Approval::Approved { at, by: row.get::<_, Option<String>>(16)?.map(UserId) },
    };
    let informed = Informed { at: row.get(11)?, open: open.map(|since| OpenContact { since, position }) };
    Ok(Device {
        index: row.get(0)?,
        id: DeviceId::from_bytes(id),
        user: UserId(row.get(2)?),
        key: row.get(3)?,
        name: row.get(4)?,
        enrolled_at: row.get(5)?,
        last_contact: row.get(6)?,
        informed,
        revoked_at: row.get(7)?,
        approval,
        root: row.get(8)?,
        grant: row.get(9)?,
        feeds: row.get(10)?,
    })
}

/// An enrolled device by id.
pub fn device(conn: &Connection, id: DeviceId) -> Result<Option<Device>, ServerError> {
    let mut statement = conn.prepare_cached(&format!("SELECT {COLUMNS} FROM device WHERE id = ?1 AND known = 1"))?;
    Ok(statement.query_row([id.as_bytes()], read).optional()?)
}

/// A device by id, be it enrolled or only named as an author.
pub fn author(conn: &Connection, id: DeviceId) -> Result<Option<Device>, ServerError> {
    let mut statement = conn.prepare_cached(&format!("SELECT {COLUMNS} FROM device WHERE id = ?1"))?;
    Ok(statement.query_row([id.as_bytes()], read).optional()?)
}

/// Notes a device of which only its work is known. Gives its number.
pub fn add_author(tx: &Transaction<'_>, id: DeviceId, user: &str, key: &[u8; 32]) -> Result<i64, ServerError> {
    tx.execute(
        "INSERT INTO device (id, user, signing_key, receiving_key, name, enrolled_at, last_contact, known)
         VALUES (?1, ?2, ?3, ?4, '', 0, 0, 0)",
        params![id.as_bytes(), user, key, [0u8; 32]],
    )?;
    Ok(tx.last_insert_rowid())
}

/// A device by its number.
pub fn device_by_index(conn: &Connection, index: i64) -> Result<Device, ServerError> {
    let mut statement = conn.prepare_cached(&format!("SELECT {COLUMNS} FROM device WHERE idx = ?1"))?;
    Ok(statement.query_row([index], read)?)
}

/// The device that a used code has enrolled, by its key: what a device asks for that has not had its answer.
pub fn enrolled_with(
    conn: &Connection,
    code_hash: &[u8; 32],
    signing_key: &[u8; 32],
) -> Result<Option<Device>, ServerError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM device WHERE signing_key = ?2 AND revoked_at IS NULL
         AND user = (SELECT user FROM code WHERE hash = ?1 AND used_at IS NOT NULL)"
    );
    Ok(conn.query_row(&sql, params![code_hash, signing_key], read).optional()?)
}

/// X25519: what is sealed for a device.
pub fn receiving_key(conn: &Connection, index: i64) -> Result<[u8; 32], ServerError> {
    let mut statement = conn.prepare_cached("SELECT receiving_key FROM device WHERE idx = ?1")?;
    Ok(statement.query_row([index], |row| row.get(0))?)
}

/// Every enrolled device, oldest first.
pub fn devices(conn: &Connection) -> Result<Vec<Device>, ServerError> {
    let mut statement = conn.prepare_cached(&format!("SELECT {COLUMNS} FROM device WHERE known = 1 ORDER BY idx"))?;
    let rows = statement.query_map([], read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The administrator replica that `init` made: in its name stands what the operator does.
pub fn administrator(conn: &Connection) -> Result<Device, ServerError> {
    let root = devices(conn)?.into_iter().find(|device| device.root);
    root.ok_or(ServerError::Stored("administrator"))
}

/// Enrols a device; one that was only known as an author becomes one that may speak.
pub fn add_device(tx: &Transaction<'_>, device: &Device, receiving_key: &[u8; 32]) -> Result<i64, ServerError> {
    let sql =
        "INSERT INTO device (id, user, signing_key, receiving_key, name, enrolled_at, last_contact, root, informed_at,
          needs_approval)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
        ON CONFLICT (id) DO UPDATE SET user = ?2, signing_key = ?3, receiving_key = ?4, name = ?5, enrolled_at = ?6,
        last_contact = ?7, root = ?8, informed_at = ?9, needs_approval = ?10, known = 1 WHERE known = 0
        RETURNING idx";
    let index = tx.query_row(
        sql,
        params![
            device.id.as_bytes(),
            device.user.as_str(),
            device.key,
            receiving_key,
            device.name,
            device.enrolled_at,
            device.last_contact,
            device.root,
            device.informed.at,
            device.approval != Approval::NotNeeded,
        ],
        |row| row.get(0),
    )?;
    Ok(index)
}

/// Notes a contact.
pub fn set_contact(tx: &Transaction<'_>, index: i64, at: Timestamp, informed: &Informed) -> Result<(), ServerError> {
    let sql =
        "UPDATE device SET last_contact = ?2, informed_at = ?3, open_contact = ?4, open_position = ?5 WHERE idx = ?1";
    let open = informed.open.map(|o| o.since);
    let position = informed.open.and_then(|o| o.position);
    tx.prepare_cached(sql)?.execute(params![index, at.as_millisecond(), informed.at, open, position])?;
    Ok(())
}

/// Gives a device other feeds: its grant rises. `least`: where the grants of this life of the database begin, so that a
/// number tells the same feeds in every life that knows it.
pub fn set_grant(tx: &Transaction<'_>, index: i64, feeds: &str, least: u32) -> Result<(), ServerError> {
    let sql = "UPDATE device SET feeds = ?2, grant_generation = max(grant_generation + 1, ?3) WHERE idx = ?1";
    tx.prepare_cached(sql)?.execute(params![index, feeds, least])?;
    Ok(())
}

/// Revokes a device; false when there is none, or it was revoked before. Milliseconds since 1970.
pub fn revoke_at(conn: &Connection, id: DeviceId, at: i64) -> Result<bool, ServerError> {
    let sql = "UPDATE device SET revoked_at = ?2 WHERE id = ?1 AND revoked_at IS NULL";
    Ok(conn.execute(sql, params![id.as_bytes(), at])? == 1)
}

/// Lets a device in; false when there is none, or it does not wait. Milliseconds since 1970.
pub fn approve_at(conn: &Connection, id: DeviceId, at: i64, by: Option<&UserId>) -> Result<bool, ServerError> {
    let sql = "UPDATE device SET approved_at = ?2, approved_by = ?3
               WHERE id = ?1 AND needs_approval = 1 AND approved_at IS NULL";
    Ok(conn.execute(sql, params![id.as_bytes(), at, by.map(UserId::as_str)])? == 1)
}

/// Every device that is shut out.
pub fn revoked(conn: &Connection) -> Result<Vec<DeviceId>, ServerError> {
    let mut statement = conn.prepare_cached("SELECT id FROM device WHERE revoked_at IS NOT NULL")?;
    let ids = statement.query_map([], |row| row.get(0))?.map(|id| id.map(DeviceId::from_bytes));
    Ok(ids.collect::<Result<_, _>>()?)
}

/// A code that is known to have been used is not used again.
pub fn use_up_code(tx: &Transaction<'_>, hash: &[u8; 32], at: i64) -> Result<(), ServerError> {
    tx.execute("UPDATE code SET used_at = ?2 WHERE hash = ?1 AND used_at IS NULL", params![hash, at])?;
    Ok(())
}

/// Keeps a code's hash.
pub fn add_code(conn: &Connection, hash: &[u8; 32], user: &UserId, expires_at: i64) -> Result<(), ServerError> {
    conn.execute(
        "INSERT INTO code (hash, user, expires_at) VALUES (?1, ?2, ?3)",
        params![hash, user.as_str(), expires_at],
    )?;
    Ok(())
}

/// Uses up a code. The reason, in a word, when it cannot be used.
pub fn take_code(tx: &Transaction<'_>, hash: &[u8; 32], now: i64) -> Result<Result<UserId, &'static str>, ServerError> {
    let sql = "SELECT user, expires_at, used_at FROM code WHERE hash = ?1";
    let found: Option<(String, i64, Option<i64>)> =
        tx.query_row(sql, [hash], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?))).optional()?;
    let Some((user, expires_at, used_at)) = found else { return Ok(Err("unknown")) };
    if used_at.is_some() {
        return Ok(Err("used"));
    }
    if expires_at <= now {
        return Ok(Err("expired"));
    }
    tx.execute("UPDATE code SET used_at = ?2 WHERE hash = ?1", params![hash, now])?;
    Ok(Ok(UserId(user)))
}
