//! Replicas opened without the program.

use std::path::Path;

use client_core::replica::Replica;
use client_core::schema;
use client_core::vault::{DatabaseKey, KeyFile};
use jiff::Timestamp;
use rusqlite::Connection;
use tempfile::TempDir;

/// The key of a replica without a PIN.
pub fn open_key(home: &Path) -> DatabaseKey {
    let file = std::fs::read(home.join("key")).expect("a key file");
    match KeyFile::decode(&file).expect("a key file") {
        KeyFile::Open(key) => key,
        KeyFile::Pin(_) => panic!("a PIN opens {}", home.display()),
    }
}

/// The database of a replica without a PIN, to be read and written behind the program's back.
pub fn database(home: &Path) -> Connection {
    let connection = Connection::open(home.join("replica.db")).expect("a database");
    schema::give_key(&connection, &open_key(home)).expect("a key");
    connection
}

/// The replica in a folder, without a PIN and encrypted before.
pub fn reopened(home: &Path) -> Replica {
    let mut rng = |_: &mut [u8]| unreachable!("it is encrypted");
    Replica::open(home, None, Timestamp::UNIX_EPOCH, &mut rng).expect("a replica")
}

/// A folder with the database of a replica without a PIN, decrypted: `replica.db`, as a program before encryption had it.
pub fn decrypted(home: &Path) -> TempDir {
    let folder = TempDir::new().expect("a folder");
    let plain = folder.path().join("replica.db");
    let connection = database(home);
    let version: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0)).expect("a version");
    let path = plain.to_str().expect("a path of letters");
    connection.execute("ATTACH ?1 AS plain KEY ''", [path]).expect("a new file");
    connection.query_row("SELECT sqlcipher_export('plain')", [], |_| Ok(())).expect("exported");
    connection.pragma_update(Some("plain"), "user_version", version).expect("written");
    connection.execute("DETACH plain", []).expect("closed");
    folder
}
