//! What the database knows of itself.

use rusqlite::{Connection, OptionalExtension, Transaction, params};
use sync::id::{ServerEpoch, TenantId};

use crate::error::ServerError;

/// Whose database this is, and which life of it.
#[derive(Debug, Clone)]
pub struct Tenant {
    /// The tenant.
    pub id: TenantId,
    /// Its name.
    pub name: String,
    /// This life of the database.
    pub epoch: ServerEpoch,
}

/// Writes a text.
pub fn put_text(tx: &Transaction<'_>, key: &str, value: &str) -> Result<(), ServerError> {
    tx.prepare_cached("INSERT INTO meta VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = ?2")?
        .execute(params![key, value])?;
    Ok(())
}

/// Reads a text.
pub fn get_text(conn: &Connection, key: &str) -> Result<Option<String>, ServerError> {
    let mut statement = conn.prepare_cached("SELECT value FROM meta WHERE key = ?1")?;
    Ok(statement.query_row([key], |r| r.get(0)).optional()?)
}

/// Writes the tenant once, at `init`.
pub fn write_tenant(tx: &Transaction<'_>, tenant: &Tenant) -> Result<(), ServerError> {
    put_text(tx, "tenant", &tenant.id.to_string())?;
    put_text(tx, "tenant_name", &tenant.name)?;
    put_text(tx, "server_epoch", &tenant.epoch.to_string())
}

/// Reads it.
pub fn read_tenant(conn: &Connection) -> Result<Tenant, ServerError> {
    let text = |key, what| get_text(conn, key)?.ok_or(ServerError::Stored(what));
    Ok(Tenant {
        id: text("tenant", "tenant")?.parse().map_err(|_| ServerError::Stored("tenant"))?,
        name: text("tenant_name", "tenant name")?,
        epoch: text("server_epoch", "server epoch")?.parse().map_err(|_| ServerError::Stored("server epoch"))?,
    })
}
