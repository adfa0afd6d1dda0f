//! What stands in forms that have not been filed: kept as it is typed, so that a page that is closed or killed loses
//! nothing. Drafts never leave the device.

use jiff::Timestamp;
use rusqlite::{Connection, params};
use serde::Serialize;
use serde_json::Value;
use sync::model::time::from_millis;

use crate::replica::{Replica, ReplicaError};

/// A form that was begun.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Draft {
    /// The form's name for it.
    pub name: String,
    /// When it was last typed in, RFC 3339 in UTC.
    pub at: String,
    /// The form's own.
    #[cfg_attr(feature = "ts", ts(type = "unknown"))]
    pub body: Value,
}

/// All of them, the latest first.
pub fn all(connection: &Connection) -> Result<Vec<Draft>, ReplicaError> {
    let mut select =
        connection.prepare_cached("SELECT name, written_at, body FROM draft ORDER BY written_at DESC, name")?;
    let mut rows = select.query([])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let at = from_millis(row.get(1)?).ok_or(ReplicaError::Damaged("bản nháp"))?;
        let body = serde_json::from_str(&row.get::<_, String>(2)?).map_err(|_| ReplicaError::Damaged("bản nháp"))?;
        found.push(Draft { name: row.get(0)?, at: at.to_string(), body });
    }
    Ok(found)
}

impl Replica {
    /// Keeps what stands in a form, durably.
    pub fn keep_draft(&mut self, name: &str, body: &Value, now: Timestamp) -> Result<(), ReplicaError> {
        let sql = "INSERT INTO draft (name, written_at, body) VALUES (?1, ?2, ?3)
                   ON CONFLICT (name) DO UPDATE SET written_at = ?2, body = ?3";
        self.connection.prepare_cached(sql)?.execute(params![name, now.as_millisecond(), body.to_string()])?;
        Ok(())
    }

    /// Lets go of a form's draft.
    pub fn drop_draft(&mut self, name: &str) -> Result<(), ReplicaError> {
        self.connection.prepare_cached("DELETE FROM draft WHERE name = ?1")?.execute([name])?;
        Ok(())
    }
}
