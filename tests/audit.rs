//! What must be answered for is written down, nobody's words in it; whatever is done to the lines afterwards is found; and a
//! database that was put back from a copy is told from one that was tampered with.

mod support;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rusqlite::{Connection, OpenFlags, params};
use sha2::{Digest, Sha256};
use support::{Device, Json, Push, Replica, Server, TWO_COMMUNES, list, now_millis, number, post, text};
use sync::id::{EventId, RecordId};
use sync::wire::{IdentityAsk, Looked};

const NAME: &str = "Huỳnh Thị Ngọc Trâm";
const WORDS: &str = "Cầu gỗ đầu xóm đã mục";

fn log(replica: &Replica) -> String {
    replica.log(WORDS, &["--unit", "30904", "--hamlet", "30904-vt", "--name", NAME])
}

fn lines(server: &Server, filter: &[&str]) -> Vec<Json> {
    list(&server.run(&[&["audit", "list"], filter].concat())).to_vec()
}

/// What, by whom, and beside it.
fn said(server: &Server, filter: &[&str]) -> Vec<(String, String, String)> {
    let line = |l: &Json| {
        let of = |key: &str| l[key].as_str().unwrap_or("-").to_owned();
        (of("what"), of("user"), of("detail"))
    };
    lines(server, filter).iter().map(line).collect()
}

fn verified(server: &Server) -> Json {
    server.run(&["audit", "verify"])
}

/// Waits until the server has confirmed all that it has written down.
fn confirmed(server: &Server) -> Json {
    let until = Instant::now() + Duration::from_secs(20);
    loop {
        let found = verified(server);
        if number(&found, "unconfirmed") == 0 {
            return found;
        }
        assert!(Instant::now() < until, "not confirmed: {found}");
        std::thread::sleep(Duration::from_millis(100));
    }
}

fn device_of(replica: &Replica) -> String {
    text(&replica.run(&["status"]), "device").to_owned()
}

fn path(path: &Path) -> &str {
    path.to_str().expect("a path of letters")
}

fn try_code(server: &Server, code: &str) -> u16 {
    let key = "11".repeat(32);
    let body = serde_json::json!({"version": 1, "code": code, "name": "x", "signing_key": key, "receiving_key": key});
    post(server.url(), "/v1/enroll", &[("content-type", "application/json".to_owned())], body.to_string().as_bytes()).0
}

#[test]
fn what_must_be_answered_for_is_written_down_without_anybodys_words() {
    let strict = TWO_COMMUNES.replace(
        "name = \"Ủy ban MTTQ Việt Nam xã Giồng Riềng\"",
        "name = \"Ủy ban MTTQ Việt Nam xã Giồng Riềng\"\napprove_devices = true",
    );
    let mut server = Server::start(&strict);
    let quan = Replica::new("quan");
    quan.run(&["enroll", server.url(), &server.code("quan")]);
    server.run(&["device", "approve", &device_of(&quan)]);
    quan.sync();
    let thu = Replica::new("thu");
    thu.run(&["enroll", server.url(), &server.code("thu")]);
    quan.run(&["device", "approve", &device_of(&thu)]);
    let lan = server.enroll("lan");
    let xa = Device::enroll(&server, "xa", 1);
    assert_eq!(try_code(&server, "ABCDE-ABCDE-ABCDE-ABCDE-ABCDE-A"), 401);
    let (status, ..) = post(server.url(), "/v1/token", &xa.signed("POST", "/v1/token", now_millis(), b""), b"");
    assert_eq!(status, 200);
    let file = server.folder().join("more.toml");
    std::fs::write(&file, "[[post]]\ncode = \"cb-2\"\nname = \"Cán bộ\"\nrole = \"officer\"\nunit = \"30910\"\n")
        .expect("a file");
    quan.run(&["directory", "apply", path(&file)]);
    std::fs::write(&file, "[[category]]\ncode = \"water\"\nname = \"Nước sạch\"\nform04 = \"other\"\n")
        .expect("a file");
    quan.run(&["directory", "apply", path(&file)]);
    quan.sync();
    // A change that the post has no right to, and a bundle by a courier.
    let (refused, _) = xa.log(&xa.facts("cb-30910", "30904", WORDS));
    let id = log(&lan);
    let (request, reply) = (server.folder().join("goi"), server.folder().join("goi.reply"));
    lan.run(&["bundle", "request", path(&request)]);
    server.run(&["bundle", "exchange", path(&request), path(&reply)]);
    lan.run(&["bundle", "apply", path(&reply)]);
    server.run(&["erase", "--identity", &id]);
    log(&lan);
    let shut_out = device_of(&lan);
    server.run(&["device", "revoke", &shut_out]);
    lan.refused(&["sync"]);
    let entry = server.run(&["quarantine", "list"]);
    let entry = text(&list(&entry)[0], "id").to_owned();
    let mut open = server.command(&["quarantine", "open", &entry]);
    assert!(open.env("LANGNGHE_RECOVERY_KEY", server.recovery_key()).output().expect("it ends").status.success());
    server.run(&["quarantine", "export", &entry, "--out", path(&server.folder().join("tep"))]);
    server.run(&["quarantine", "discard", &entry, "--yes"]);
    confirmed(&server);
    server.stop();
    server.run(&["key", "rotate"]);

    let said = said(&server, &[]);
    let is = |what: &str, user: &str, detail: &str| {
        assert!(said.iter().any(|l| l.0 == what && l.1 == user && l.2.contains(detail)), "{what}: {said:#?}");
    };
    is("rights-changed", "administrator", "9 user");
    is("code-issued", "administrator", "for quan");
    is("device-enrolled", "quan", "waits");
    is("device-enrolled", "xa", "");
    is("device-approved", "administrator", &device_of(&quan));
    is("device-approved", "quan", &device_of(&thu));
    is("code-refused", "-", "unknown, from 127.0.0.1");
    is("token-issued", "xa", "");
    is("rights-changed", "quan", "1 post");
    is("change-refused", "xa", "not-allowed");
    is("identity-erased", "administrator", "1 versions");
    is("device-revoked", "administrator", &shut_out);
    is("quarantine-opened", "administrator", &entry);
    is("quarantine-exported", "administrator", &entry);
    is("quarantine-discarded", "administrator", &entry);
    is("key-rotated", "administrator", "locked");
    let changed = said.iter().filter(|l| l.0 == "rights-changed" && l.1 == "quan").count();
    assert_eq!(changed, 1, "a category gives nobody a right");
    assert_eq!(text(&lines(&server, &["--what", "change-refused"])[0], "record"), refused.to_string());
    // Neither the lines nor what confirms them hold what was said, by whom, or the code that was tried.
    let shown = server.run(&["audit", "list"]).to_string();
    let file = std::fs::read_to_string(server.data().join("journal/audit")).expect("the checkpoints");
    for words in [NAME, "Trâm", WORDS, "Cầu gỗ", "ABCDE", "Cán bộ"] {
        assert!(!shown.contains(words) && !file.contains(words), "{words}");
    }
    let found = verified(&server);
    assert_eq!(
        (number(&found, "lines"), number(&found, "unconfirmed")),
        (said.len() as u64, 0),
        "by the command itself"
    );
    assert_eq!(number(&found["begun"], "line"), 0, "nothing is older than its checkpoints");

    // Each filter by itself, and together.
    let only = |filter: &[&str]| lines(&server, filter);
    assert_eq!(only(&["--user", "quan"]).len(), said.iter().filter(|l| l.1 == "quan").count());
    assert!(only(&["--what", "device-enrolled"]).iter().all(|l| text(l, "what") == "device-enrolled"));
    assert_eq!(only(&["--what", "device-enrolled", "--user", "xa"]).len(), 1);
    assert_eq!(only(&["--record", &refused.to_string()]).len(), 1);
    let today = support::now().to_zoned(jiff::tz::TimeZone::get("Asia/Ho_Chi_Minh").expect("a zone")).date();
    assert_eq!(only(&["--since", &today.to_string()]).len(), said.len());
    assert_eq!(only(&["--since", &today.tomorrow().expect("a day").to_string()]).len(), 0);
    let last = only(&[]).pop().expect("a line");
    assert_eq!(only(&["--since", text(&last, "at")]).pop().expect("a line"), last);
    assert!(server.fails(&["audit", "list", "--since", "hôm qua"]).contains("is no day"));
    assert!(server.fails(&["audit", "list", "--what", "x"]).contains("identity-read"));
}

/// As somebody would who knows how it is done: numbers from one, and every chain computed anew.
fn rechain(conn: &Connection) {
    let rows: Vec<i64> = conn
        .prepare("SELECT rowid FROM audit ORDER BY line")
        .and_then(|mut s| s.query_map([], |r| r.get(0))?.collect())
        .expect("lines");
    conn.execute("UPDATE audit SET line = line + 1000000", []).expect("moved away");
    let mut before = [0u8; 32];
    for (index, row) in rows.iter().enumerate() {
        let (number, row) = (index as i64 + 1, row + 1_000_000);
        let sql = "SELECT at, device, user, what, detail, subject, event FROM audit WHERE line = ?1";
        let mut hash = Sha256::new();
        hash.update(b"langnghe audit 1\n");
        hash.update(before);
        hash.update(number.to_be_bytes());
        conn.query_row(sql, [row], |r| {
            hash.update(r.get::<_, i64>(0)?.to_be_bytes());
            hash.update(r.get::<_, Vec<u8>>(1)?);
            for text in [r.get::<_, String>(2)?, r.get(3)?, r.get(4)?] {
                hash.update((text.len() as u64).to_be_bytes());
                hash.update(text);
            }
            hash.update(r.get::<_, Vec<u8>>(5)?);
            hash.update(r.get::<_, Option<Vec<u8>>>(6)?.unwrap_or_default());
            Ok(())
        })
        .expect("a line");
        before = hash.finalize().into();
        conn.execute("UPDATE audit SET line = ?2, chain = ?3 WHERE line = ?1", params![row, number, before])
            .expect("chained");
    }
    conn.execute("UPDATE audit_counter SET lines = (SELECT max(line) FROM audit)", []).expect("counted");
}

/// Does something to the database of a server that does not run.
fn tamper(server: &Server, how: impl FnOnce(&Connection)) {
    let conn = Connection::open(server.database()).expect("the database");
    how(&conn);
    conn.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)").expect("in one file");
    conn.close().expect("closed");
}

/// A server with some readings in its audit, confirmed one after the other; it does not run.
fn with_lines() -> (Server, String) {
    let mut server = Server::start(TWO_COMMUNES);
    let [lan, thu] = ["lan", "thu"].map(|user| server.enroll(user));
    let id = log(&lan);
    lan.sync();
    thu.sync();
    confirmed(&server);
    thu.run(&["petition", "identity", &id, "--purpose", "answer"]);
    confirmed(&server);
    server.code("hung");
    let address = server.address().to_owned();
    server.stop();
    (server, address)
}

fn sql(sql: &'static str) -> Box<dyn Fn(&Connection)> {
    Box::new(move |conn| conn.execute_batch(sql).expect("done"))
}

fn chained(what: &'static str) -> Box<dyn Fn(&Connection)> {
    Box::new(move |conn| {
        conn.execute_batch(what).expect("done");
        rechain(conn);
    })
}

#[test]
fn whatever_is_done_to_the_lines_is_found_and_from_which_on() {
    let (mut server, address) = with_lines();
    let found = verified(&server);
    let last = number(&found, "lines") as i64;
    assert_eq!(
        (last, number(&found, "unconfirmed")),
        (8, 0),
        "two of init, two codes and devices, a reading, a code: {found}"
    );
    // All of it in one file.
    tamper(&server, |_| {});
    const SWAP: &str = "UPDATE audit SET line = 100 WHERE line = 4; UPDATE audit SET line = 4 WHERE line = 5;
                        UPDATE audit SET line = 5 WHERE line = 100;";
    const PUT_IN: &str =
        "UPDATE audit SET line = line + 100 WHERE line > 6; UPDATE audit SET line = line - 99 WHERE line > 100;
                          INSERT INTO audit SELECT 7, at, device, 'minh', what, subject, detail, NULL, chain FROM audit
                          WHERE line = 6;";
    const AT_THE_END: &str =
        "INSERT INTO audit SELECT 9, at, device, 'minh', what, subject, detail, NULL, chain FROM audit
                              WHERE line = 8;";
    let line = |n: i64| format!("from line {n} on");
    let not_counted: Box<dyn Fn(&Connection)> = Box::new(|conn| {
        conn.execute_batch(AT_THE_END).expect("put in");
        rechain(conn);
        conn.execute("UPDATE audit_counter SET lines = 8", []).expect("as it was");
    });
    for (name, how, says) in [
        ("edited", sql("UPDATE audit SET user = 'minh' WHERE line = 6"), [line(6), "changed".to_owned()]),
        ("edited, chained", chained("UPDATE audit SET user = 'minh' WHERE line = 6"), [line(6), "anew".to_owned()]),
        ("first edited, chained", chained("UPDATE audit SET at = at - 1 WHERE line = 1"), [line(1), "anew".to_owned()]),
        ("last edited, chained", chained("UPDATE audit SET detail = '' WHERE line = 8"), [line(8), "anew".to_owned()]),
        ("deleted", sql("DELETE FROM audit WHERE line = 7"), [line(7), "line 7 taken out".to_owned()]),
        ("deleted, chained", chained("DELETE FROM audit WHERE line = 7"), [line(7), "anew".to_owned()]),
        ("swapped", sql(SWAP), [line(4), "moved".to_owned()]),
        ("swapped, chained", chained(SWAP), [line(4), "anew".to_owned()]),
        ("put in", sql(PUT_IN), [line(7), "put in".to_owned()]),
        ("put in, chained", chained(PUT_IN), [line(7), "anew".to_owned()]),
        ("put in at the end", sql(AT_THE_END), [line(9), "put in".to_owned()]),
        ("put in at the end, chained", not_counted, [line(9), "put in".to_owned()]),
        ("cut", sql("DELETE FROM audit WHERE line > 6"), [line(7), "lines 7 to 8 cut off the end".to_owned()]),
        ("all of it", sql("DELETE FROM audit"), [line(1), "lines 1 to 8 cut off the end".to_owned()]),
    ] {
        let whole = std::fs::read(server.database()).expect("the database");
        tamper(&server, how);
        let line = server.fails(&["audit", "verify"]);
        assert!(line.contains("not what it was"), "{name}: {line}");
        let from = says[0].as_str();
        assert!(line.contains(from), "{name}: {from}: {line}");
        assert!(line.contains(&says[1]), "{name}: {line}");
        std::fs::write(server.database(), whole).expect("put back");
    }
    verified(&server);
    // The file that confirms them is no better to change.
    let file = server.data().join("journal/audit");
    let kept = std::fs::read_to_string(&file).expect("the checkpoints");
    let entries: Vec<&str> = kept.lines().collect();
    let without =
        |n: usize| entries.iter().enumerate().filter(|(i, _)| *i != n).map(|(_, l)| format!("{l}\n")).collect();
    let changed: String = kept.replacen("\"line\":8", "\"line\":7", 1);
    for (name, text) in [("changed", changed), ("taken out", without(1)), ("first taken out", without(0))] {
        assert_ne!(text, kept);
        std::fs::write(&file, text).expect("written");
        let line = server.fails(&["audit", "verify"]);
        assert!(line.contains("of journal/audit is not the server's"), "{name}: {line}");
    }
    std::fs::remove_file(&file).expect("removed");
    assert!(server.fails(&["audit", "verify"]).contains("journal/audit is missing"));
    // Half a line, as a loss of power leaves it, is nobody's doing.
    std::fs::write(&file, format!("{kept}{{\"life\":\"0")).expect("written");
    assert_eq!(number(&verified(&server), "unconfirmed"), 0);
    server.serve_at(&address);
    server.code("hung");
    assert_eq!(number(&verified(&server)["confirmed"], "line"), 9, "it goes on behind the whole ones");
}

/// Whether a process has ended, be it waited for or not.
#[cfg(target_os = "linux")]
fn has_ended(process: u32) -> bool {
    let state = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    state.rsplit(')').next().is_none_or(|rest| rest.trim_start().starts_with('Z') || rest.is_empty())
}

#[test]
#[cfg(target_os = "linux")]
fn a_server_told_to_stop_confirms_its_last_lines_and_one_that_is_killed_when_it_is_started() {
    let mut server = Server::start(TWO_COMMUNES);
    let address = server.address().to_owned();
    confirmed(&server);
    for n in 0..20 {
        assert_eq!(try_code(&server, "ABCDE-ABCDE-ABCDE-ABCDE-ABCDE-A"), if n < 10 { 401 } else { 429 });
    }
    let process = server.process();
    std::process::Command::new("kill").arg(process.to_string()).status().expect("kill");
    let until = Instant::now() + Duration::from_secs(20);
    while !has_ended(process) {
        assert!(Instant::now() < until, "it does not stop");
        std::thread::sleep(Duration::from_millis(10));
    }
    server.stop();
    let found = verified(&server);
    assert_eq!((number(&found, "lines"), number(&found, "unconfirmed")), (12, 0), "{found}");
    // Killed, it leaves lines that only their chain speaks for; the next start confirms them, whatever they are.
    tamper(&server, |conn| {
        conn.execute_batch(
            "INSERT INTO audit SELECT 13, at, device, user, what, subject, detail, NULL, chain FROM audit WHERE line = 12",
        )
        .expect("a line");
        rechain(conn);
    });
    assert_eq!(number(&verified(&server), "unconfirmed"), 1);
    server.serve_at(&address);
    let found = verified(&server);
    assert_eq!((number(&found, "unconfirmed"), number(&found["confirmed"], "line")), (0, 13), "{found}");
}

#[test]
fn what_was_cut_or_computed_anew_stays_found_when_the_server_has_gone_on() {
    // While it does not run, and while it runs.
    for running in [false, true] {
        for how in [sql("DELETE FROM audit WHERE line > 6"), chained("UPDATE audit SET user = 'minh' WHERE line = 7")] {
            let (mut server, address) = with_lines();
            tamper(&server, |_| {});
            let whole = std::fs::read(server.database()).expect("the database");
            if running {
                server.serve_at(&address);
            }
            tamper(&server, how);
            if !running {
                server.serve_at(&address);
            }
            let [_, two] = ["hung", "minh"].map(|user| server.enroll(user));
            two.sync();
            std::thread::sleep(Duration::from_millis(2500));
            let line = server.fails(&["audit", "verify"]);
            assert!(line.contains("not what it was from line 7 on"), "{line}");
            server.stop();
            server.serve_at(&address);
            assert!(server.fails(&["audit", "verify"]).contains("from line 7 on"));
            server.assert_well();
            // What helps is a copy from before it; of what was replaced it has all, of what came later nothing.
            let copy = server.folder().join("whole.db");
            std::fs::write(&copy, whole).expect("a copy");
            put_back(&mut server, &copy);
            server.serve_at(&address);
            let found = confirmed(&server);
            assert!(number(&found, "lines") == 8 && !list(&found["lost"]).is_empty(), "{found}");
            server.assert_well();
        }
    }
}

/// Copies the database as an operator would, beside the running server.
fn back_up(server: &Server) -> PathBuf {
    let kept = server.folder().join("backup.db");
    let conn = Connection::open_with_flags(server.database(), OpenFlags::SQLITE_OPEN_READ_ONLY).expect("the database");
    conn.execute("VACUUM INTO ?1", [path(&kept)]).expect("a copy");
    kept
}

fn put_back(server: &mut Server, copy: &Path) {
    server.stop();
    for name in ["langnghe.db-wal", "langnghe.db-shm"] {
        let _ = std::fs::remove_file(server.data().join(name));
    }
    std::fs::copy(copy, server.database()).expect("put back");
}

#[test]
fn what_was_lost_with_a_copy_put_back_is_told_as_that_and_new_lines_are_judged() {
    let mut server = Server::start(TWO_COMMUNES);
    let address = server.address().to_owned();
    let [lan, thu] = ["lan", "thu"].map(|user| server.enroll(user));
    let id = log(&lan);
    lan.sync();
    thu.sync();
    let read = |purpose: &str| {
        thu.run(&["petition", "identity", &id, "--purpose", purpose]);
        thu.sync();
    };
    read("answer");
    let at_the_copy = number(&confirmed(&server), "lines");
    let copy = back_up(&server);
    // Nothing but readings: the log itself has not moved since the copy.
    read("clarify");
    read("verify");
    let lost_up_to = number(&confirmed(&server), "lines");
    put_back(&mut server, &copy);
    let gap = |found: &Json| {
        let lost = list(&found["lost"]);
        lost.iter().map(|l| (number(l, "from"), number(l, "to"), l["served_at"].is_string())).collect::<Vec<_>>()
    };
    let found = verified(&server);
    assert_eq!(gap(&found), [(at_the_copy + 1, lost_up_to, false)], "an older copy, not served yet");
    let mut command = server.command(&["audit", "verify"]);
    let out = without_json(&mut command);
    assert!(out.contains(&format!("Dòng {}–{lost_up_to} không có", at_the_copy + 1)), "{out}");
    server.serve_at(&address);
    let gone = [(at_the_copy + 1, lost_up_to, true)];
    assert_eq!(gap(&confirmed(&server)), gone);
    // More lines than were lost: they take the numbers of those.
    for purpose in ["answer", "clarify", "correct", "handle"] {
        read(purpose);
        confirmed(&server);
    }
    let found = confirmed(&server);
    assert!(number(&found, "lines") > lost_up_to, "{found}");
    assert_eq!(gap(&found), gone, "the gap stays shown");
    server.stop();
    let out = without_json(&mut server.command(&["audit", "verify"]));
    assert!(out.contains("đã mất khi đưa bản sao") && out.contains("nguyên vẹn"), "{out}");
    support::assert_vietnamese(out.lines().next().expect("a line"));
    // Lines of before and after it are guarded as ever.
    tamper(&server, |_| {});
    for (line, how) in [
        (at_the_copy, chained("UPDATE audit SET user = 'minh' WHERE line = 6")),
        (lost_up_to, chained("UPDATE audit SET user = 'minh' WHERE detail LIKE 'handle%'")),
    ] {
        let whole = std::fs::read(server.database()).expect("the database");
        tamper(&server, how);
        assert!(server.fails(&["audit", "verify"]).contains("computed anew"), "{line}");
        std::fs::write(server.database(), whole).expect("put back");
    }
    // Another copy, later: both gaps are told.
    server.serve_at(&address);
    put_back(&mut server, &copy);
    server.serve_at(&address);
    let found = confirmed(&server);
    assert_eq!(gap(&found).len(), 2, "{found}");
    assert_eq!(gap(&found)[0], gone[0]);
    server.assert_well();
}

/// What a command prints for people.
fn without_json(command: &mut std::process::Command) -> String {
    let args: Vec<_> = command.get_args().skip(1).map(ToOwned::to_owned).collect();
    let out = std::process::Command::new(command.get_program()).args(args).output().expect("it ends");
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    String::from_utf8(out.stdout).expect("UTF-8")
}

#[test]
fn a_standby_without_the_file_begins_another_and_says_what_it_cannot_confirm() {
    let (mut server, address) = with_lines();
    std::fs::remove_file(server.data().join("journal/audit")).expect("removed");
    server.serve_at(&address);
    let found = confirmed(&server);
    assert_eq!((number(&found["begun"], "line"), number(&found["confirmed"], "line")), (8, 8), "{found}");
    let out = without_json(&mut server.command(&["audit", "verify"]));
    assert!(out.contains("Dòng 1–8 có trước khi tệp journal/audit"), "{out}");
}

/// Makes the hour begin two hours earlier.
fn an_hour_later(server: &Server) {
    tamper(server, |conn| {
        conn.execute("UPDATE audit_measure SET since = since - 7200000", []).expect("earlier");
    });
}

#[test]
fn a_device_gone_wild_fills_no_disk_and_what_was_left_out_is_told() {
    let mut server = Server::start(TWO_COMMUNES);
    let address = server.address().to_owned();
    let xa = Device::enroll(&server, "xa", 1);
    let lan = Device::enroll(&server, "lan", 2);
    let mut push = Push::default();
    for _ in 0..100 {
        let record = xa.record();
        let (_, written) = xa.petition(record, &xa.facts("cb-30910", "30904", WORDS));
        xa.add(&mut push, record, &written);
    }
    assert_eq!(xa.push(push).len(), 100);
    let ask = |n: u8| IdentityAsk {
        record: RecordId::from_bytes([n; 16]),
        purpose: "answer".to_owned(),
        note: None,
        id: Some(EventId(xa.uuid())),
    };
    xa.send(&sync::wire::SyncRequest { asks: Some((0..100).map(ask).collect()), ..xa.request() });
    // Times that the device tells do not stretch the hour.
    for part in 0..4 {
        let looked = |n: u8| {
            let years = (part * 200 + i64::from(n)) * 3_700_000;
            Looked { id: EventId(xa.uuid()), ask: ask(n), at: years }
        };
        xa.send(&sync::wire::SyncRequest { looked: Some((0..200).map(looked).collect()), ..xa.request() });
    }
    for _ in 0..25 {
        post(server.url(), "/v1/token", &xa.signed("POST", "/v1/token", now_millis(), b""), b"");
    }
    let count = |what: &str, user: &str| said(&server, &["--what", what, "--user", user]).len();
    let counts = |user: &str| {
        ["change-refused", "identity-denied", "identity-read", "token-issued", "left-out"].map(|what| count(what, user))
    };
    assert_eq!(counts("xa"), [60, 60, 600, 20, 4]);
    // Nobody is held back for another.
    lan.log(&lan.facts("cb-30904", "30910", WORDS));
    assert_eq!(counts("lan"), [1, 0, 0, 0, 0]);
    // From one address ten wrong codes are answered as such, and written down.
    for n in 0..15 {
        assert_eq!(try_code(&server, "ABCDE-ABCDE-ABCDE-ABCDE-ABCDE-A"), if n < 10 { 401 } else { 429 });
    }
    assert_eq!(said(&server, &["--what", "code-refused"]).len(), 10);
    server.stop();
    an_hour_later(&server);
    server.serve_at(&address);
    confirmed(&server);
    std::thread::sleep(Duration::from_millis(1500));
    let told: Vec<String> = said(&server, &["--what", "left-out", "--user", "xa"]).into_iter().map(|l| l.2).collect();
    for says in [
        "change-refused: 40 more in",
        "identity-denied: 40 more in",
        "identity-looked: 200 more in",
        "token-issued: 5 more in",
    ] {
        assert!(told.iter().any(|line| line.starts_with(says)), "{says}: {told:?}");
    }
    assert_eq!(told.len(), 8, "once: {told:?}");
    // A new hour, a new measure.
    xa.log(&xa.facts("cb-30910", "30904", WORDS));
    assert_eq!(said(&server, &["--what", "change-refused", "--user", "xa"]).len(), 61);
    confirmed(&server);
    server.assert_well();
}
