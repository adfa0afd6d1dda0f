//! Replicas of the program before, which did not encrypt: encrypted at the first opening, and nothing of them lost.

use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Instant;

use rusqlite::Connection;
use tempfile::TempDir;

use super::support::{
    Canary, Json, Program, Replica, Server, TWO_COMMUNES, canaries, copy_folder, database, decrypted, number, open_key,
};
use super::{PIN, bytes_of, with_pins};

const SENT: &str = "Đường vào ấp ngập nước hoàng yến";
const UNSENT: &str = "Trạm bơm kêu to ban đêm hoàng yến";

fn said() -> [Canary; 2] {
    [SENT, UNSENT].map(|words| Canary::Text(words.to_owned()))
}

/// The folder of a device as the program before left it: what was sent, what was not, and no key.
struct Before {
    server: Server,
    home: TempDir,
    petitions: Json,
    status: Json,
    hits: usize,
}

impl Before {
    fn make() -> Self {
        let server = Server::start(TWO_COMMUNES);
        let lan = server.enroll("lan");
        lan.log(SENT, &["--unit", "30904"]);
        lan.sync();
        lan.log(UNSENT, &["--unit", "30904"]);
        let home = decrypted(lan.home());
        let plain = open_plain(home.path());
        let journal: String = plain.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0)).expect("switched");
        assert_eq!(journal, "wal");
        is_itself(home.path(), &plain);
        let hits = canaries(&said(), &[home.path()]);
        assert!(hits.iter().any(|h| h.canary == 0) && hits.iter().any(|h| h.canary == 1), "{hits:?}");
        let (petitions, status) = (lan.run(&["petition", "list"]), lan.run(&["status"]));
        Self { server, home, petitions, status, hits: hits.len() }
    }

    /// Another device's folder just like it.
    fn copy(&self) -> TempDir {
        let copy = TempDir::new().expect("a folder");
        copy_folder(self.home.path(), copy.path());
        is_itself(copy.path(), &open_plain(copy.path()));
        copy
    }

    /// Everything is there, encrypted, and nothing of the plain files is left.
    fn assert_encrypted(&self, home: &Path) {
        let [petitions, status] = [["petition", "list"].as_slice(), &["status"]].map(|args| run(home, args));
        assert_eq!((&petitions, &status), (&self.petitions, &self.status));
        assert_eq!(canaries(&said(), &[home]), []);
        let mut names: Vec<_> = bytes_of(home).into_keys().filter_map(|f| Some(f.file_name()?.to_owned())).collect();
        names.sort();
        assert_eq!(names, ["key", "lock", "replica.db"]);
        assert_eq!(canaries(&said(), &[decrypted(home).path()]).len(), self.hits);
    }
}

fn open_plain(home: &Path) -> Connection {
    Connection::open(home.join("replica.db")).expect("a plain database")
}

/// The database is no copy: it remembers this file's number.
fn is_itself(home: &Path, plain: &Connection) {
    let number = std::fs::metadata(home.join("replica.db")).expect("a file").ino();
    let put = "INSERT OR REPLACE INTO meta (key, value) VALUES ('file_number', ?1)";
    plain.execute(put, [number.cast_signed()]).expect("written");
}

fn command(home: &Path, args: &[&str]) -> std::process::Command {
    let mut command = Program::Replica.command();
    command.arg("--home").arg(home).arg("--json").args(args).stdin(Stdio::null());
    command
}

fn run(home: &Path, args: &[&str]) -> Json {
    let out = command(home, args).output().expect("langnghe ends");
    assert!(out.status.success(), "{args:?}: {}", String::from_utf8_lossy(&out.stderr));
    serde_json::from_slice(&out.stdout).expect("JSON")
}

fn epoch(connection: &Connection) -> Vec<u8> {
    connection.query_row("SELECT value FROM meta WHERE key = 'epoch'", [], |row| row.get(0)).expect("an epoch")
}

#[test]
fn it_is_encrypted_at_the_first_opening_and_goes_on_as_the_same_device() {
    let before = Before::make();
    let home = before.home.path();
    let plain = open_plain(home);
    let (life, version) = (epoch(&plain), plain.pragma_query_value(None, "user_version", |r| r.get::<_, i64>(0)));
    drop(plain);
    // A PIN that is given is passed over: there is none yet.
    let out = command(home, &["status"]).env("LANGNGHE_PIN", PIN).output().expect("langnghe ends");
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    before.assert_encrypted(home);
    let encrypted = database(home);
    assert_eq!(encrypted.pragma_query_value(None, "user_version", |r| r.get::<_, i64>(0)), version);
    drop(encrypted);
    // The new file is not taken for a copy: what is written next goes on in the same life.
    run(home, &["petition", "log", "--text", "Sau đó", "--unit", "30904"]);
    assert_eq!(epoch(&database(home)), life);
    assert_eq!(number(&run(home, &["sync"]), "pushed"), 2);
    before.server.assert_well();
}

/// A phone put back from a copy of before must begin another life, whether or not it was encrypted in between.
#[test]
fn a_copy_stays_a_copy() {
    let before = Before::make();
    let copy = TempDir::new().expect("a folder");
    copy_folder(before.home.path(), copy.path());
    let life = epoch(&open_plain(copy.path()));
    before.assert_encrypted(copy.path());
    assert_eq!(epoch(&database(copy.path())), life, "nothing was written yet");
    run(copy.path(), &["petition", "log", "--text", "Sau đó", "--unit", "30904"]);
    assert_ne!(epoch(&database(copy.path())), life);
}

/// The program before was killed: its last work is in the journal beside the database.
#[test]
fn what_lies_in_the_plain_journal_comes_along() {
    let before = Before::make();
    let plain = open_plain(before.home.path());
    plain.execute("INSERT INTO meta (key, value) VALUES ('canary', ?1)", ["trong nhật ký"]).expect("written");
    let killed = TempDir::new().expect("a folder");
    copy_folder(before.home.path(), killed.path());
    drop(plain);
    let journal = killed.path().join("replica.db-wal");
    assert!(std::fs::metadata(&journal).expect("a journal").len() > 0);
    before.assert_encrypted(killed.path());
    let kept: String = database(killed.path())
        .query_row("SELECT value FROM meta WHERE key = 'canary'", [], |row| row.get(0))
        .expect("the last work");
    assert_eq!(kept, "trong nhật ký");
}

/// Every state that a kill can leave, made by hand.
#[test]
fn an_encryption_that_was_broken_off_is_done_again() {
    let before = Before::make();
    let finished = before.copy();
    before.assert_encrypted(finished.path());
    let key = std::fs::read(finished.path().join("key")).expect("a key file");
    let encrypted = std::fs::read(finished.path().join("replica.db")).expect("a database");
    let half = encrypted[..encrypted.len() / 2].to_vec();
    let states: [&[(&str, &[u8])]; 5] = [
        &[("key.new", &key[..20])],
        &[("key", &key)],
        &[("key", &key), ("replica.db.new", b"")],
        &[("key", &key), ("replica.db.new", &half), ("replica.db.new-journal", &half)],
        &[("key", &key), ("replica.db.new", &encrypted), ("replica.db.new-wal", &half)],
    ];
    for files in states {
        let home = before.copy();
        for (name, bytes) in files {
            std::fs::write(home.path().join(name), bytes).expect("written");
        }
        before.assert_encrypted(home.path());
        if files[0].0 == "key" {
            assert_eq!(std::fs::read(home.path().join("key")).expect("a key file"), key);
        }
    }
}

#[test]
fn killed_at_any_moment_it_loses_nothing() {
    let before = Before::make();
    // Large enough that there are moments to be killed at.
    let large = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300)
         INSERT INTO transit (id, taken_at, request) SELECT randomblob(16), i, randomblob(8000) FROM n";
    open_plain(before.home.path()).execute(large, []).expect("filled");
    let timed = before.copy();
    let start = Instant::now();
    run(timed.path(), &["status"]);
    let takes = start.elapsed();
    let (mut plain, mut keyed, mut done) = (0, 0, 0);
    for step in 0..16u32 {
        let home = before.copy();
        let mut child = command(home.path(), &["status"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        let child = child.as_mut().expect("langnghe starts");
        std::thread::sleep(takes * step / 14);
        child.kill().expect("killed, or ended by itself");
        child.wait().expect("ended");
        let begin = std::fs::read(home.path().join("replica.db")).expect("a database")[..16].to_vec();
        match (begin == *b"SQLite format 3\0", home.path().join("key").exists()) {
            (true, false) => plain += 1,
            (true, true) => keyed += 1,
            (false, true) => done += 1,
            (false, false) => panic!("encrypted, and no key"),
        }
        let carried = |c: &Connection| c.query_row("SELECT count(*) FROM transit", [], |row| row.get::<_, i64>(0));
        before.assert_encrypted(home.path());
        assert_eq!(carried(&database(home.path())), Ok(300));
    }
    println!("16 kills: {plain} before the key, {keyed} between the key and the new name, {done} after");
}

/// A newer program's plain database stays as it is; a damaged one too.
#[test]
fn what_cannot_be_read_is_not_encrypted() {
    let before = Before::make();
    let newer = before.copy();
    open_plain(newer.path()).pragma_update(None, "user_version", 9999).expect("written");
    let damaged = before.copy();
    let file = damaged.path().join("replica.db");
    let mut bytes = std::fs::read(&file).expect("bytes");
    let middle = bytes.len() / 2;
    bytes[16..middle].fill(0x55);
    std::fs::write(&file, bytes).expect("written");
    for (home, says) in [(newer.path(), "9999"), (damaged.path(), "hỏng")] {
        let database = || std::fs::read(home.join("replica.db")).expect("bytes");
        let whole = database();
        let out = command(home, &["status"]).output().expect("langnghe ends");
        let line = String::from_utf8(out.stderr).expect("UTF-8");
        assert!(out.status.code() == Some(1) && line.contains(says), "{line}");
        super::support::assert_one_line(&line);
        assert_eq!(database(), whole);
        assert!(!home.join("key").exists());
    }
}

/// A plain copy put in the place of an encrypted database is encrypted under the key that is there; with its PIN.
#[test]
fn a_plain_copy_beside_a_key_is_encrypted_under_it() {
    let before = Before::make();
    let lan = Replica::new("lan");
    copy_folder(before.home.path(), lan.home());
    lan.run(&["status"]);
    let key = open_key(lan.home());
    with_pins(&lan, None, Some(PIN), &["pin", "set"]).expect("set");
    let plain: PathBuf = before.home.path().join("replica.db");
    std::fs::copy(plain, lan.home().join("replica.db")).expect("put back");
    assert!(with_pins(&lan, None, None, &["status"]).expect_err("the PIN is needed").contains("LANGNGHE_PIN"));
    with_pins(&lan, Some(PIN), None, &["status"]).expect("the PIN");
    assert_eq!(canaries(&said(), &[lan.home()]), []);
    with_pins(&lan, Some(PIN), None, &["pin", "remove"]).expect("removed");
    assert_eq!(open_key(lan.home()), key);
    assert_eq!(run(lan.home(), &["petition", "list"]), before.petitions);
}
