//! What was said, and the keys, in the bytes of the folder.

use std::collections::BTreeSet;
use std::path::Path;

use client_core::vault::{KeyFile, Pin, unseal};
use data_encoding::HEXLOWER;

use super::support::{
    Canary, Replica, Server, TWO_COMMUNES, canaries, database, decrypted, files, open_key, reopened, text,
};
use super::{PIN, with_pins};

const SAID: &str = "Cầu ván Đường Gỗ mục hai nhịp chim hoàng yến";
const MINUTED: &str = "Bà con đề nghị sửa trạm bơm hoàng yến thứ hai";
const COMMENTED: &str = "Đã gọi điện hỏi thăm hoàng yến thứ ba";

fn work(replica: &Replica) {
    let id = replica.log(SAID, &["--unit", "30904"]);
    let held = replica.run(&["session", "log", "--kind", "dialogue", "--unit", "30904"]);
    replica.run(&["session", "minutes", text(&held, "id"), "--append", MINUTED]);
    replica.petition("comment", &id, &["--text", COMMENTED]);
}

fn said() -> Vec<Canary> {
    [SAID, MINUTED, COMMENTED].map(|words| Canary::Text(words.to_owned())).to_vec()
}

/// The device's two secret keys, and the database's.
fn keys(home: &Path) -> Vec<Canary> {
    let raw = open_key(home).raw();
    let raw = HEXLOWER.decode(raw.trim_start_matches("x'").trim_end_matches('\'').as_bytes()).expect("hex");
    let of_the_device = ["signing_key", "receiving_key"].map(|name| {
        let value = database(home).query_row("SELECT value FROM meta WHERE key = ?1", [name], |row| row.get(0));
        Canary::Bytes(value.expect("a key"))
    });
    of_the_device.into_iter().chain([Canary::Bytes(raw)]).collect()
}

fn found(wanted: &[Canary], folder: &Path) -> BTreeSet<usize> {
    canaries(wanted, &[folder]).into_iter().map(|hit| hit.canary).collect()
}

#[test]
fn without_a_pin_only_the_key_file_tells_anything() {
    let server = Server::start(TWO_COMMUNES);
    let lan = server.enroll("lan");
    assert_eq!(lan.run(&["status"])["pin"], false);
    work(&lan);
    let wanted = [said(), keys(lan.home())].concat();
    for _ in ["unsent", "sent"] {
        let hits = canaries(&wanted, &[lan.home()]);
        // The control: the same search finds the one secret that lies open.
        assert_eq!(hits.len(), 1, "{hits:?}");
        assert_eq!((hits[0].canary, hits[0].encoding, &hits[0].file), (5, "bytes", &lan.home().join("key")));
        // And all the others, once decrypted.
        assert_eq!(found(&wanted, decrypted(lan.home()).path()), (0..5).collect());
        lan.sync();
    }
    // The database alone is no SQLite database, and holds nothing that compresses.
    let alone = tempfile::tempdir().expect("a folder");
    let alone = alone.path().join("replica.db");
    std::fs::copy(lan.home().join("replica.db"), &alone).expect("a copy");
    let opened = rusqlite::Connection::open(&alone).expect("a file");
    let read = opened.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get::<_, i64>(0));
    assert_eq!(read.expect_err("unreadable").sqlite_error_code(), Some(rusqlite::ErrorCode::NotADatabase));
    let bytes = std::fs::read(&alone).expect("bytes");
    let packed = zstd::bulk::compress(&bytes, 3).expect("packed");
    assert!(packed.len() * 100 > bytes.len() * 98, "{} of {}", packed.len(), bytes.len());
}

#[test]
fn with_a_pin_nothing_in_the_folder_tells_anything() {
    let server = Server::start(TWO_COMMUNES);
    let lan = server.enroll_as("lan", Replica::new("lan").with_pin(PIN));
    assert_eq!(lan.run(&["status"])["pin"], true);
    work(&lan);
    let before: Vec<_> = files(lan.home());
    lan.sync();
    let after: Vec<_> = files(lan.home());
    // Only now is the key to be had: the files of before are searched for what it opens.
    with_pins(&lan, Some(PIN), None, &["pin", "remove"]).expect("removed");
    let mut wanted = [said(), keys(lan.home())].concat();
    wanted.push(Canary::Text(PIN.to_owned()));
    for kept in [before, after] {
        let folder = tempfile::tempdir().expect("a folder");
        for (n, (file, bytes)) in kept.into_iter().enumerate() {
            std::fs::write(folder.path().join(format!("{n}-{}", file.file_name().expect("a name").display())), bytes)
                .expect("written");
        }
        assert_eq!(canaries(&wanted, &[folder.path()]), []);
    }
    assert_eq!(found(&wanted, decrypted(lan.home()).path()), (0..5).collect());
    assert_eq!(found(&wanted, lan.home()), [5].into());
}

/// The journal is a file of its own while the replica is open, and after a power cut.
#[test]
fn the_journal_of_an_open_replica_is_encrypted_too() {
    let server = Server::start(TWO_COMMUNES);
    let lan = server.enroll("lan");
    let open = reopened(lan.home());
    let connection = open.connection();
    // More than the cache holds, so that a transaction's pages and a query's sorting go to some file before they end.
    connection.execute_batch("BEGIN; CREATE TABLE much (words TEXT)").expect("begun");
    let fill = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 400)
         INSERT INTO much SELECT ?1 || hex(randomblob(25000)) FROM n";
    connection.execute(fill, [SAID]).expect("filled");
    let sort = "SELECT count(*) FROM (SELECT words FROM much ORDER BY words DESC LIMIT 300)";
    assert_eq!(connection.query_row(sort, [], |row| row.get::<_, i64>(0)).expect("sorted"), 300);
    let journal = std::fs::metadata(lan.home().join("replica.db-wal")).expect("a journal");
    assert!(journal.len() > 1_000_000, "{}", journal.len());
    assert_eq!(found(&said(), lan.home()), BTreeSet::new());
    connection.execute_batch("COMMIT").expect("kept");
    assert_eq!(found(&said(), lan.home()), BTreeSet::new());
    drop(open);
    assert_eq!(found(&said(), decrypted(lan.home()).path()), [0].into());
}

/// What the device told a server whose answer has not come.
#[test]
fn a_device_being_enrolled_keeps_its_keys_sealed() {
    let told = |home: &Path, pin: Option<&str>| {
        let key = match (KeyFile::decode(&std::fs::read(home.join("key")).expect("a key file")), pin) {
            (Ok(KeyFile::Open(key)), None) => key,
            (Ok(KeyFile::Pin(wrapped)), Some(pin)) => wrapped.unwrap(&Pin::typed(pin)).expect("the PIN"),
            (file, _) => panic!("{file:?}"),
        };
        let sealed = std::fs::read(home.join("enrolling")).expect("an enrolment under way");
        unseal(&key, "enrolling", &sealed).expect("sealed under the key").to_vec()
    };
    for pin in [None, Some(PIN)] {
        let lan = Replica::new("lan");
        let lan = if let Some(pin) = pin { lan.with_pin(pin) } else { lan };
        // Port 9 of this machine: nobody listens there.
        let enroll = ["enroll", "http://127.0.0.1:9", "22222-22222-22222-22222-22222-2"];
        lan.refused(&enroll);
        let first = told(lan.home(), pin);
        let wanted = [&first[32..64], &first[64..96]].map(|key| Canary::Bytes(key.to_vec()));
        assert_eq!(canaries(&wanted, &[lan.home()]), []);
        // Asked again it is the same device.
        lan.refused(&enroll);
        assert_eq!(told(lan.home(), pin), first);
        // As a program before wrote it: it is the same device still, and sealed from now on.
        std::fs::write(lan.home().join("enrolling"), &first).expect("written");
        assert_eq!(found(&wanted, lan.home()), (0..2).collect());
        lan.refused(&enroll);
        assert_eq!(told(lan.home(), pin), first);
        assert_eq!(canaries(&wanted, &[lan.home()]), []);
    }
}

/// The search itself: each dress it knows, in a file, and nothing where there is nothing.
#[test]
fn the_search_finds_what_is_dressed_up() {
    let key: Vec<u8> = (0..32).map(|n| n * 7 + 3).collect();
    let wanted = [Canary::Text(SAID.to_owned()), Canary::Bytes(key.clone())];
    let base64 = |before: &str| data_encoding::BASE64.encode(&[before.as_bytes(), &key, b"!"].concat()).into_bytes();
    let base64url = data_encoding::BASE64URL.encode(&[b"..", SAID.as_bytes()].concat()).into_bytes();
    let dressed: [(usize, &str, Vec<u8>); 11] = [
        (0, "UTF-8", SAID.into()),
        (0, "UTF-16LE", SAID.encode_utf16().flat_map(u16::to_le_bytes).collect()),
        (0, "hex, lower case", HEXLOWER.encode(SAID.as_bytes()).into()),
        (0, "base64url", base64url),
        (0, "case-folded", SAID.to_uppercase().into()),
        (0, "without diacritics", b"CAU van duong go muc hai nhip CHIM hoang yen".to_vec()),
        (1, "bytes", key.clone()),
        (1, "hex, upper case", data_encoding::HEXUPPER.encode(&key).into()),
        (1, "base64", base64("")),
        (1, "base64", base64(".")),
        (1, "base64", base64("..")),
    ];
    for (canary, encoding, bytes) in dressed {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::create_dir(folder.path().join("deep")).expect("a folder");
        std::fs::write(folder.path().join("deep/file"), [b"\xff\xfe before ", bytes.as_slice(), b" after"].concat())
            .expect("written");
        let hits = canaries(&wanted, &[folder.path()]);
        assert!(hits.iter().all(|hit| hit.canary == canary), "{encoding}: {hits:?}");
        assert!(hits.iter().any(|hit| hit.encoding == encoding), "{encoding}: {hits:?}");
        std::fs::write(folder.path().join("deep/file"), "Cầu ván Đường Gỗ mục hai nhịp").expect("written");
        assert_eq!(canaries(&wanted, &[folder.path()]), []);
    }
}
