//! One hash over all rows: equal on every node and after every rebuild.

use rusqlite::Connection;
use rusqlite::types::ValueRef;
use sha2::{Digest, Sha256};

use super::error::ProjectionError;
use super::schema::TABLES;

/// SHA-256, in hexadecimal, over every row of every table in the order of the keys; values carry their type and length,
/// so that no two contents read the same.
pub fn digest(conn: &Connection) -> Result<String, ProjectionError> {
    let mut hash = Sha256::new();
    for (table, key) in TABLES {
        hash.update(table.as_bytes());
        let mut select = conn.prepare(&format!("SELECT * FROM {table} ORDER BY {key}"))?;
        let columns = select.column_count();
        let mut rows = select.query([])?;
        while let Some(row) = rows.next()? {
            hash.update([0xff]);
            for column in 0..columns {
                match row.get_ref(column)? {
                    ValueRef::Null => hash.update([0]),
                    ValueRef::Integer(i) => sized(&mut hash, 1, &i.to_be_bytes()),
                    ValueRef::Real(r) => sized(&mut hash, 2, &r.to_be_bytes()),
                    ValueRef::Text(t) => sized(&mut hash, 3, t),
                    ValueRef::Blob(b) => sized(&mut hash, 4, b),
                }
            }
        }
    }
    Ok(data_encoding::HEXLOWER.encode(&hash.finalize()))
}

fn sized(hash: &mut Sha256, of: u8, bytes: &[u8]) {
    hash.update([of]);
    hash.update((bytes.len() as u64).to_be_bytes());
    hash.update(bytes);
}
