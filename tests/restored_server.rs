//! The server's disk is lost and an older copy of its database takes its place, on the same machine or on another: what the
//! copy lacks comes back from the replicas, in its old place, and who was shut out stays out.

mod support;

use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags};
use support::{Json, Replica, Server, TWO_COMMUNES, number, text};

/// Copies the database as an operator would, beside the running server.
fn back_up(server: &Server) -> PathBuf {
    let kept = server.folder().join("backup.db");
    let conn = Connection::open_with_flags(server.database(), OpenFlags::SQLITE_OPEN_READ_ONLY).expect("the database");
    conn.execute("VACUUM INTO ?1", [kept.to_str().expect("a path of letters")]).expect("a copy");
    kept
}

/// Puts the copy in the database's place.
fn put_back(server: &mut Server, copy: &Path) {
    server.stop();
    for name in ["langnghe.db-wal", "langnghe.db-shm"] {
        let _ = std::fs::remove_file(server.data().join(name));
    }
    std::fs::copy(copy, server.database()).expect("put back");
}

/// A standby takes over: it has the keys, the journal of devices, and an older state of the database.
fn promote(server: &mut Server, copy: &Path) {
    server.stop();
    let lost = server.folder().join("lost");
    std::fs::rename(server.data(), &lost).expect("moved away");
    std::fs::create_dir_all(server.data().join("journal")).expect("a folder");
    support::copy_folder(&lost.join("keys"), &server.data().join("keys"));
    std::fs::copy(lost.join("journal/devices"), server.data().join("journal/devices")).expect("the journal");
    std::fs::copy(copy, server.database()).expect("the state of before");
}

/// A line of the log: where, which change, when it came, and whether its author's signature is there.
type Line = (u64, String, i64, bool);

fn log_of(server: &Server) -> Vec<Line> {
    let conn = Connection::open_with_flags(server.database(), OpenFlags::SQLITE_OPEN_READ_ONLY).expect("the database");
    let sql = "SELECT position, hex(hash), received_at, length(signature) = 64 FROM change ORDER BY position";
    let mut select = conn.prepare(sql).expect("a table");
    let rows = select.query_map([], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?))).expect("rows");
    rows.collect::<Result<_, _>>().expect("lines")
}

fn log(replica: &Replica, said: &str, args: &[&str]) -> String {
    replica.log(said, &[&["--kind", "feedback", "--unit", "30904", "--channel", "letter"], args].concat())
}

/// What everybody sees: lists and histories.
fn seen(replicas: &[&Replica]) -> Vec<Json> {
    let of = |replica: &&Replica| -> Json {
        let petitions = replica.petitions();
        petitions.iter().map(|p| replica.show(text(p, "id"))).collect::<Vec<_>>().into()
    };
    replicas.iter().map(of).collect()
}

fn comes_back(lose: fn(&mut Server, &Path)) {
    let mut server = Server::start(TWO_COMMUNES);
    let address = server.address().to_owned();
    let people = ["lan", "thu", "kinh", "quan", "dang", "xa"].map(|user| server.enroll(user));
    let [lan, thu, kinh, quan, dang, xa] = &people;
    let first = log(lan, "trước khi sao lưu", &[]);
    people.iter().for_each(|p| drop(p.sync()));
    let code = server.code("minh");
    let copy = back_up(&server);
    let copied = log_of(&server).len();

    // A day's work that the copy knows nothing of, with a device, a category and a closed door.
    let minh = Replica::new("minh");
    minh.run(&["enroll", server.url(), &code]);
    let file = server.folder().join("more.toml");
    std::fs::write(&file, "[[category]]\ncode = \"water\"\nname = \"Nước sạch\"\nform04 = \"other\"\n")
        .expect("a file");
    quan.run(&["directory", "apply", file.to_str().expect("letters")]);
    quan.sync();
    lan.sync();
    let second = log(lan, "sau khi sao lưu", &["--category", "water"]);
    lan.sync();
    thu.sync();
    thu.petition("receive", &second, &[]);
    thu.petition("refer", &second, &["--to", "kt"]);
    thu.petition("comment", &first, &["--text", "đã gọi điện"]);
    thu.sync();
    kinh.sync();
    kinh.petition("accept", &second, &[]);
    kinh.petition("resolve", &second, &["--outcome", "settled", "--text", "đã nối ống nước"]);
    kinh.sync();
    minh.sync();
    let third = log(&minh, "máy đăng ký sau khi sao lưu", &[]);
    minh.sync();
    let device = text(&xa.run(&["status"]), "device").to_owned();
    server.run(&["device", "revoke", &device]);
    let everybody = [lan, thu, kinh, quan, dang, &minh];
    everybody.iter().for_each(|p| drop(p.sync()));
    lan.petition("answer", &second, &["--by", "phone"]);
    lan.sync();
    everybody.iter().for_each(|p| drop(p.sync()));
    let (before, views) = (log_of(&server), seen(&everybody));
    assert!(before.len() >= copied + 9, "{copied} of {}", before.len());
    let until = support::now().to_string();
    let month = until[..7].to_owned();
    let report = |server: &Server| server.run(&["report", "monthly", "--month", &month, "--as-of", &until]);
    let figures = report(&server);

    lose(&mut server, &copy);
    server.serve_at(&address);
    assert_eq!(log_of(&server).len(), copied, "the copy is what it was");
    // The leader, who has written nothing, comes first and brings what he was told.
    dang.sync();
    let told = log_of(&server);
    let plain = |lines: &[Line]| lines.iter().map(|(p, h, at, _)| (*p, h.clone(), *at)).collect::<Vec<_>>();
    assert_eq!(plain(&told), plain(&before), "everything stands where it stood");
    assert!(told.iter().any(|(.., signed)| !signed), "only its author can sign a change");
    let healed = kinh.sync();
    assert_eq!(number(&healed, "refused"), 0);
    everybody.iter().for_each(|p| drop(p.sync()));
    everybody.iter().for_each(|p| drop(p.sync()));
    assert_eq!(log_of(&server), before, "with every author's signature");
    assert_eq!(seen(&everybody), views);
    assert_eq!(report(&server), figures);

    // Shut out stays out, and a code that was used is used.
    let line = xa.refused(&["sync"]);
    assert!(line.contains("thu hồi"), "{line}");
    let line = Replica::new("minh").refused(&["enroll", server.url(), &code]);
    assert!(line.contains("đã dùng") || line.contains("đã được dùng"), "{line}");

    // Work goes on.
    let next = log(&minh, "việc mới", &[]);
    thu.petition("comment", &third, &["--text", "việc cũ"]);
    minh.sync();
    thu.sync();
    minh.sync();
    assert_eq!(thu.status_of(&next), "logged");
    assert_eq!(minh.show(&third), thu.show(&third));
    lan.sync();
    assert_eq!(number(&lan.sync(), "requests"), 1, "there is nothing left to bring");
    server.assert_well();
}

#[test]
fn a_database_put_back_from_a_copy_has_everything_again() {
    comes_back(put_back);
}

#[test]
fn a_standby_that_takes_over_has_everything_again() {
    comes_back(promote);
}

/// The author is the only one that has been told, and his device keeps the record no longer: what it has written itself
/// it still has.
#[test]
fn a_body_that_has_handed_a_petition_on_brings_back_that_it_did() {
    let mut server = Server::start(TWO_COMMUNES);
    let address = server.address().to_owned();
    let [thu, kinh] = ["thu", "kinh"].map(|user| server.enroll(user));
    let petition = log(&thu, "Mương cạn", &[]);
    thu.petition("receive", &petition, &[]);
    thu.petition("refer", &petition, &["--to", "kt"]);
    thu.sync();
    kinh.sync();
    let copy = back_up(&server);
    kinh.petition("return", &petition, &["--reason", "không thuộc thẩm quyền"]);
    kinh.sync();
    assert!(kinh.petitions().is_empty(), "it has gone back to the Front");

    put_back(&mut server, &copy);
    server.serve_at(&address);
    thu.sync();
    assert_eq!(thu.status_of(&petition), "referred", "nobody has told the staff");
    kinh.sync();
    thu.sync();
    assert_eq!(thu.status_of(&petition), "returned");
    assert!(kinh.petitions().is_empty());
    server.assert_well();
}

/// A record has left, by a change that went with the disk and with the one who wrote it: it is to be held again.
#[test]
fn what_had_left_by_a_lost_change_is_held_again() {
    let mut server = Server::start(TWO_COMMUNES);
    let address = server.address().to_owned();
    let [thu, minh, hung] = ["thu", "minh", "hung"].map(|user| server.enroll(user));
    let petition = log(&thu, "Cống tắc", &["--hamlet", "30904-vt"]);
    for replica in [&thu, &hung, &minh] {
        replica.sync();
    }
    let copy = back_up(&server);
    thu.petition("correct", &petition, &["--field", "hamlet", "--to", "30904-vp", "--why", "ghi nhầm ấp"]);
    thu.sync();
    hung.sync();
    assert!(hung.petitions().is_empty(), "it is another hamlet's");
    drop(thu);

    put_back(&mut server, &copy);
    server.serve_at(&address);
    hung.sync();
    assert_eq!(hung.status_of(&petition), "logged");
    minh.sync();
    assert_eq!(minh.show(&petition), hung.show(&petition));
    server.assert_well();
}

/// Nothing at the server tells that it is a copy: its folder was put back as a whole.
#[test]
fn a_server_that_does_not_know_it_was_put_back_is_told_by_a_receipt() {
    let mut server = Server::start(TWO_COMMUNES);
    let address = server.address().to_owned();
    let [lan, thu] = ["lan", "thu"].map(|user| server.enroll(user));
    let first = log(&lan, "trước", &[]);
    lan.sync();
    thu.sync();
    let mark = server.data().join("journal/position");
    let (copy, kept) = (back_up(&server), std::fs::read(&mark).expect("the mark"));
    thu.petition("comment", &first, &["--text", "một ý"]);
    thu.sync();
    lan.sync();
    log(&lan, "sau", &[]);
    lan.sync();
    let before = log_of(&server);

    put_back(&mut server, &copy);
    std::fs::write(&mark, kept).expect("put back");
    server.serve_at(&address);
    // What comes in first takes a place that was given before.
    let meanwhile = log(&thu, "việc đến trước", &[]);
    thu.sync();
    lan.sync();
    thu.sync();
    lan.sync();
    let after = log_of(&server);
    let hashes = |lines: &[Line]| lines.iter().map(|(_, hash, ..)| hash.clone()).collect::<Vec<_>>();
    for hash in hashes(&before) {
        assert!(hashes(&after).contains(&hash), "{hash} is not there: {after:?}");
    }
    assert_eq!(after.len(), before.len() + 1);
    assert_eq!(lan.petitions(), thu.petitions());
    assert_eq!(lan.petitions().len(), 3);
    assert_eq!(lan.status_of(&meanwhile), "logged");
    server.assert_well();
}

/// A device has lost a record without anybody's doing, and has passed its place in the log long since.
#[test]
fn what_a_device_has_lost_is_found_by_its_digest() {
    let server = Server::start(TWO_COMMUNES);
    let [lan, thu] = ["lan", "thu"].map(|user| server.enroll(user));
    let ids: Vec<String> = (1..=5).map(|n| log(&lan, &format!("Việc thứ {n}"), &[])).collect();
    lan.sync();
    thu.sync();
    let conn = support::database(thu.home());
    let id = uuid::Uuid::parse_str(&ids[2]).expect("an id");
    for table in ["record WHERE id", "petition WHERE record"] {
        let removed = conn.execute(&format!("DELETE FROM {table} = ?1"), [id.as_bytes()]).expect("removed");
        assert_eq!(removed, 1);
    }
    drop(conn);
    assert_eq!(thu.petitions().len(), 4);
    let found = thu.sync();
    assert_eq!(thu.petitions(), lan.petitions());
    // The sum, the buckets, the records, the record, and whether the server lacks what can be proved of it.
    assert_eq!(number(&found, "requests"), 5, "{found}");
    assert_eq!(number(&thu.sync(), "requests"), 1);
}
