//! Databases that another program has made.

use std::path::{Path, PathBuf};

use rusqlite::Connection;

use super::Office;
use super::support::{self, Program};

/// What a newer program would have left behind.
fn raise_version(connection: Connection, to: i64) -> i64 {
    let found = connection.pragma_query_value(None, "user_version", |row| row.get(0)).expect("its version");
    connection.pragma_update(None, "user_version", to).expect("written");
    found
}

fn plain(database: &Path) -> Connection {
    Connection::open(database).expect("a database")
}

/// The only database in a folder.
fn database_in(folder: &Path) -> PathBuf {
    let files = std::fs::read_dir(folder).expect("a folder").map(|e| e.expect("an entry").path());
    let mut databases: Vec<PathBuf> = files.filter(|p| p.extension().is_some_and(|e| e == "db")).collect();
    assert_eq!(databases.len(), 1, "{databases:?}");
    databases.remove(0)
}

#[test]
fn a_newer_replica_is_not_touched() {
    let office = Office::open();
    let database = database_in(office.lan.home());
    let version = raise_version(support::database(office.lan.home()), 9999);
    let before = std::fs::read(&database).expect("bytes");
    for args in [&["status"][..], &["sync"], &["petition", "log", "--text", "Cầu hỏng", "--unit", "30904"]] {
        let line = office.lan.refused(args);
        assert!(line.contains("9999"), "{line}");
        assert_eq!(std::fs::read(&database).expect("bytes"), before);
    }
    // With the newer program back, nothing is lost.
    raise_version(support::database(office.lan.home()), version);
    office.assert_unharmed();
}

#[test]
fn a_newer_server_database_is_not_touched() {
    let mut office = Office::open();
    office.server.stop();
    let database = office.server.database();
    let version = raise_version(plain(&database), 9999);
    let before = std::fs::read(&database).expect("bytes");
    let commands: [&[&str]; 6] = [
        &["serve", "--listen", "127.0.0.1:0"],
        &["code", "--user", "lan"],
        &["device", "list"],
        &["report", "monthly", "--month", "2026-11"],
        &["rebuild"],
        &["verify"],
    ];
    for args in commands {
        let line = office.server.fails(args);
        assert!(line.contains("9999"), "{args:?}: {line}");
        assert_eq!(std::fs::read(&database).expect("bytes"), before, "{args:?}");
    }
    raise_version(plain(&database), version);
    office.server.serve();
    // The address is another one: Lan's device is told by a new enrolment.
    office.lan = office.server.enroll("lan");
    office.assert_unharmed();
}

/// A page in the middle of it has been overwritten, as by a failing disk.
#[test]
fn a_damaged_server_database_is_not_served_and_not_touched() {
    let mut office = Office::open();
    office.server.stop();
    // What a killed server has left beside the file goes into it.
    office.server.serve();
    office.server.stop();
    let database = office.server.database();
    let whole = std::fs::read(&database).expect("bytes");
    let mut damaged = whole.clone();
    let middle = damaged.len() / 2 / 4096 * 4096;
    damaged[middle..middle + 4096].fill(0x5a);
    std::fs::write(&database, &damaged).expect("written");
    let line = office.server.fails(&["serve", "--listen", "127.0.0.1:0"]);
    assert!(line.contains("damaged") && line.contains("copy"), "{line}");
    assert_eq!(std::fs::read(&database).expect("bytes"), damaged);
    std::fs::write(&database, &whole).expect("written");
    office.server.serve();
    office.lan = office.server.enroll("lan");
    office.assert_unharmed();
}

#[test]
fn what_is_no_database_is_said_to_be_none() {
    let office = Office::open();
    let database = database_in(office.lan.home());
    let whole = std::fs::read(&database).expect("bytes");
    std::fs::write(&database, vec![b'x'; 8192]).expect("written");
    office.lan.refused(&["status"]);
    std::fs::write(&database, whole).expect("written");
    office.assert_unharmed();
    let empty = tempfile::tempdir().expect("a folder");
    let mut command = Program::Server.command();
    let out = command.args(["verify", "--data"]).arg(empty.path()).output().expect("it starts");
    assert_eq!(out.status.code(), Some(1));
    super::support::assert_one_line(&String::from_utf8_lossy(&out.stderr));
    assert_eq!(std::fs::read_dir(empty.path()).expect("a folder").count(), 0);
}

/// A second server on a folder that one serves already.
#[test]
fn one_folder_is_served_once() {
    let office = Office::open();
    office.server.fails(&["serve", "--listen", "127.0.0.1:0"]);
    office.server.fails(&["rebuild"]);
    // Making a database where one is.
    office.server.fails(&["init", "--tenant", "Thử lần nữa"]);
    office.assert_unharmed();
}
