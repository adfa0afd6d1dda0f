//! Who spoke: written down offline beside the petition, known to those who may know it and to nobody else, each reading
//! written down.

mod support;

use std::path::Path;

use rusqlite::{Connection, OpenFlags};
use support::{Canary, Json, Replica, Server, TWO_COMMUNES, canaries, list, number, text};

const NAME: &str = "Huỳnh Thị Ngọc Trâm";
const PHONE: &str = "0918 273 645";
const ADDRESS: &str = "tổ 7, ấp Vĩnh Thới";

fn log(replica: &Replica, said: &str) -> String {
    let args = ["--unit", "30904", "--hamlet", "30904-vt", "--name", NAME, "--phone", PHONE, "--address", ADDRESS];
    replica.log(said, &[&args[..], &["--consent", "contact"]].concat())
}

/// The identity as `petition show` has it, where it has one.
fn shown(replica: &Replica, id: &str) -> Option<Json> {
    replica.show(id).get("identity").cloned()
}

fn asked(replica: &Replica, id: &str) -> Json {
    replica.run(&["petition", "identity", id, "--purpose", "answer"])
}

fn audit(server: &Server) -> Vec<(String, String, String)> {
    let lines = server.run(&["audit", "list"]);
    let mine = |l: &&Json| text(l, "what").starts_with("identity-");
    let line = |l: &Json| (text(l, "user").to_owned(), text(l, "what").to_owned(), text(l, "detail").to_owned());
    list(&lines).iter().filter(mine).map(line).collect()
}

fn line(user: &str, what: &str, detail: &str) -> (String, String, String) {
    (user.to_owned(), what.to_owned(), detail.to_owned())
}

fn path(path: &Path) -> &str {
    path.to_str().expect("a path of letters")
}

#[test]
fn who_spoke_is_known_to_those_who_may_and_every_reading_is_written_down() {
    let server = Server::start(TWO_COMMUNES);
    let [lan, hung, thu, kinh, dang] = ["lan", "hung", "thu", "kinh", "dang"].map(|user| server.enroll(user));
    let id = log(&lan, "cống thoát nước bị nghẹt");
    // Offline: she has it at once, and sees that it is not sent.
    let hers = shown(&lan, &id).expect("her own");
    assert_eq!((text(&hers, "name"), text(&hers, "phone"), text(&hers, "address")), (NAME, PHONE, ADDRESS));
    assert_eq!((&hers["consent"], &hers["pending"]), (&serde_json::json!(["contact"]), &Json::Bool(true)));
    assert_eq!(number(&lan.run(&["status"]), "pending"), 1, "one petition waits, with who raised it");
    let sent = lan.sync();
    assert_eq!((number(&sent, "pushed"), number(&sent, "refused"), number(&sent, "pending")), (1, 0, 0));
    assert_eq!(shown(&lan, &id).expect("her own")["pending"], Json::Bool(false));

    thu.sync();
    thu.petition("classify", &id, &["--kind", "feedback", "--category", "roads"]);
    thu.petition("refer", &id, &["--to", "kt"]);
    thu.sync();
    [&hung, &kinh, &dang].into_iter().for_each(|p| drop(p.sync()));
    // The petition is there for all of them; who raised it, for Front staff and the hamlet's officer who ask.
    let before = shown(&thu, &id).expect("she may know");
    assert_eq!(
        (&before["named"], &before["held"], &before["name"]),
        (&Json::Bool(true), &Json::Bool(false), &Json::Null)
    );
    for may in [&thu, &hung] {
        let told = asked(may, &id);
        assert_eq!((text(&told, "name"), text(&told, "phone"), text(&told, "address")), (NAME, PHONE, ADDRESS));
        assert_eq!(text(&told, "user"), "lan");
        // From now on it lies there, also without a network.
        assert_eq!(text(&shown(may, &id).expect("held"), "name"), NAME);
    }
    for may_not in [&kinh, &dang] {
        assert_eq!(shown(may_not, &id), None);
        let refused = may_not.refused(&["petition", "identity", &id, "--purpose", "answer"]);
        support::assert_vietnamese(&refused);
        assert!(!may_not.has_bytes("Huỳnh"), "nothing of it came");
    }
    [&lan, &thu, &hung].into_iter().for_each(|p| drop(p.sync()));
    let expected = [
        line("thu", "identity-read", "answer"),
        line("hung", "identity-read", "answer"),
        line("kinh", "identity-denied", "answer"),
        line("dang", "identity-denied", "answer"),
    ];
    let audit = audit(&server);
    let told: Vec<_> = audit.iter().filter(|l| !l.2.ends_with("(on the device)")).cloned().collect();
    assert_eq!(told, expected);
    // What was looked up where it lay: Lan twice, the others once as it came and once later.
    let looked = |who: &str| audit.iter().filter(|l| l.0 == who && l.2.ends_with("(on the device)")).count();
    assert_eq!((looked("lan"), looked("thu"), looked("hung"), looked("kinh")), (2, 2, 2, 0));
    let lines = number(&server.run(&["audit", "verify"]), "lines");
    assert_eq!(lines, list(&server.run(&["audit", "list"])).len() as u64);
    server.assert_well();
}

#[test]
fn what_was_written_down_apart_is_shown_until_somebody_decides() {
    let server = Server::start(TWO_COMMUNES);
    let [lan, hung] = ["lan", "hung"].map(|user| server.enroll(user));
    let id = lan.log("mương ô nhiễm", &["--unit", "30904", "--hamlet", "30904-vt"]);
    lan.sync();
    hung.sync();
    assert_eq!(shown(&lan, &id).expect("she may know")["named"], Json::Bool(false));
    // Nobody was named; both ask around, and hear otherwise.
    lan.run(&["petition", "identify", &id, "--name", "Bà Tư"]);
    hung.run(&["petition", "identify", &id, "--name", "Bà Tư Lành", "--phone", "0909 000 111"]);
    lan.sync();
    hung.sync();
    // Each holds what it wrote; the server has both.
    let third = server.enroll("thu");
    let told = asked(&third, &id);
    assert_eq!((text(&told, "name"), &told["contested"]), ("Bà Tư Lành", &Json::Bool(true)));
    assert_eq!(list(&told["others"]).iter().map(|o| text(o, "name")).collect::<Vec<_>>(), ["Bà Tư"]);
    // She decides: hers replaces both.
    third.run(&["petition", "identify", &id, "--name", "Nguyễn Thị Lành", "--phone", "0909 000 111"]);
    third.sync();
    let minh = server.enroll("minh");
    let told = asked(&minh, &id);
    assert_eq!((text(&told, "name"), &told["contested"]), ("Nguyễn Thị Lành", &Json::Bool(false)));
}

#[test]
fn by_couriers_too_and_back_again_to_a_server_that_was_put_back() {
    let mut server = Server::start(TWO_COMMUNES);
    let address = server.address().to_owned();
    let [lan, thu] = ["lan", "thu"].map(|user| server.enroll(user));
    let kept = server.folder().join("backup.db");
    let conn = Connection::open_with_flags(server.database(), OpenFlags::SQLITE_OPEN_READ_ONLY).expect("the database");
    conn.execute("VACUUM INTO ?1", [path(&kept)]).expect("a copy");
    drop(conn);
    let id = log(&lan, "cầu gỗ mục");
    let (request, reply) = (server.folder().join("goi"), server.folder().join("goi.reply"));
    lan.run(&["bundle", "request", path(&request)]);
    server.run(&["bundle", "exchange", path(&request), path(&reply)]);
    assert_eq!(number(&lan.run(&["bundle", "apply", path(&reply)]), "pending"), 0);
    thu.sync();
    assert_eq!(text(&asked(&thu, &id), "name"), NAME);

    server.stop();
    for name in ["langnghe.db-wal", "langnghe.db-shm"] {
        let _ = std::fs::remove_file(server.data().join(name));
    }
    std::fs::copy(&kept, server.database()).expect("put back");
    server.serve_at(&address);
    lan.sync();
    assert_eq!(number(&lan.run(&["status"]), "pending"), 0);
    let minh = server.enroll("minh");
    assert_eq!(text(&asked(&minh, &id), "name"), NAME, "it came back from who wrote it down");
    server.assert_well();
}

#[test]
fn the_server_without_the_tenants_key_can_tell_nobody() {
    let mut server = Server::start(TWO_COMMUNES);
    let address = server.address().to_owned();
    let [lan, thu] = ["lan", "thu"].map(|user| server.enroll(user));
    let id = log(&lan, "rác tồn đọng");
    lan.sync();
    thu.sync();
    server.stop();
    // Lost: it does not pretend to be another server.
    let key = server.data().join("keys/tenant.key");
    let away = server.folder().join("tenant.key");
    std::fs::rename(&key, &away).expect("moved");
    let line = server.fails(&["serve", "--listen", "127.0.0.1:0"]);
    assert!(line.contains("tenant's key is missing"), "{line}");
    // Another in its place opens nothing, and says so.
    let other = "11".repeat(32);
    std::fs::write(&key, other).expect("written");
    let line = server.fails(&["serve", "--listen", "127.0.0.1:0"]);
    assert!(line.contains("chmod 600"), "readable by everybody: {line}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o600)).expect("set");
    }
    server.serve_at(&address);
    let refused = thu.refused(&["petition", "identity", &id, "--purpose", "answer"]);
    assert!(refused.contains("khoá"), "{refused}");
    server.stop();
    std::fs::copy(&away, &key).expect("put back");
    server.serve_at(&address);
    assert_eq!(text(&asked(&thu, &id), "name"), NAME);
}

#[test]
fn a_new_tenants_key_opens_what_the_former_one_does_no_more() {
    let mut server = Server::start(TWO_COMMUNES);
    let address = server.address().to_owned();
    let [lan, thu] = ["lan", "thu"].map(|user| server.enroll(user));
    let sent = log(&lan, "đã gửi");
    lan.sync();
    let offline = log(&lan, "chưa gửi");
    let line = server.fails(&["key", "rotate"]);
    assert!(line.contains("another langnghe-server"), "not beside a running server: {line}");
    server.stop();
    let former = std::fs::read_to_string(server.data().join("keys/tenant.key")).expect("the key");
    assert_eq!(number(&server.run(&["key", "rotate"]), "locked"), 1);
    let both = std::fs::read_to_string(server.data().join("keys/tenant.key")).expect("the keys");
    assert!(both.ends_with(&former) && both.len() == 2 * former.len(), "the former one behind the new one");
    server.serve_at(&address);
    // Locked for the former key while she was out of reach.
    lan.sync();
    thu.sync();
    for id in [&sent, &offline] {
        assert_eq!(text(&asked(&thu, id), "name"), NAME);
    }
    // Who has the former key alone, and the database of today, opens nothing of before.
    server.stop();
    std::fs::write(server.data().join("keys/tenant.key"), former).expect("written");
    server.serve_at(&address);
    let minh = server.enroll("minh");
    assert!(minh.refused(&["petition", "identity", &sent, "--purpose", "answer"]).contains("khoá"));
}

/// Whether the server's files hold any of these bytes.
fn holds(server: &Server, wanted: &[Vec<u8>]) -> bool {
    let wanted: Vec<Canary> = wanted.iter().cloned().map(Canary::Bytes).collect();
    !canaries(&wanted, &[&server.data()]).is_empty()
}

#[test]
fn who_was_forgotten_is_forgotten_everywhere_and_for_good() {
    let mut server = Server::start(TWO_COMMUNES);
    let address = server.address().to_owned();
    let [lan, thu, hung] = ["lan", "thu", "hung"].map(|user| server.enroll(user));
    let id = log(&lan, "khói lò gạch");
    let other = log(&lan, "tiếng ồn");
    lan.sync();
    thu.sync();
    hung.sync();
    asked(&thu, &id);
    // Out of reach, somebody writes it down once more.
    hung.run(&["petition", "identify", &id, "--name", "Bà Trâm"]);
    let kept = server.folder().join("backup.db");
    let conn = Connection::open_with_flags(server.database(), OpenFlags::SQLITE_OPEN_READ_ONLY).expect("the database");
    conn.execute("VACUUM INTO ?1", [path(&kept)]).expect("a copy");
    let record: Vec<u8> = lan.show(&id)["id"].as_str().expect("a UUID").parse::<uuid::Uuid>().expect("a UUID").into();
    let sql = "SELECT v.body, v.locked FROM identity v JOIN record r ON r.idx = v.record WHERE r.id = ?1";
    let sealed: [Vec<u8>; 2] = conn.query_row(sql, [record], |r| Ok([r.get(0)?, r.get(1)?])).expect("a version");
    drop(conn);
    assert!(holds(&server, &sealed), "before, it lies there");

    let erased = server.run(&["erase", "--identity", &id]);
    assert_eq!((number(&erased, "versions"), &erased["scrubbed"]), (1, &Json::Bool(true)));
    assert!(!holds(&server, &sealed), "sealed or not, nothing is left");
    assert_eq!(number(&server.run(&["erase", "--identity", &id]), "versions"), 0, "again does no harm");
    for replica in [&lan, &thu, &hung] {
        replica.sync();
        let who = shown(replica, &id).expect("may know");
        assert!(who["erased"].is_string() && who["name"].is_null() && who["held"] == Json::Bool(false), "{who}");
        assert_eq!(number(&replica.run(&["status"]), "pending"), 0);
        let line = replica.refused(&["petition", "identity", &id, "--purpose", "answer"]);
        assert!(line.contains("đã được xoá"), "{line}");
        assert!(replica.refused(&["petition", "identify", &id, "--name", "Bà Trâm"]).contains("đã được xoá"));
    }
    // Nobody else's is touched.
    assert_eq!(text(&asked(&thu, &other), "name"), NAME);

    // A copy of before forgets again, before it answers anybody.
    server.stop();
    for name in ["langnghe.db-wal", "langnghe.db-shm"] {
        let _ = std::fs::remove_file(server.data().join(name));
    }
    std::fs::copy(&kept, server.database()).expect("put back");
    assert!(holds(&server, &sealed), "the copy knew");
    server.serve_at(&address);
    assert!(!holds(&server, &sealed), "the journal knows better");
    let minh = server.enroll("minh");
    lan.sync();
    thu.sync();
    minh.sync();
    let line = minh.refused(&["petition", "identity", &id, "--purpose", "answer"]);
    assert!(line.contains("đã được xoá"), "{line}");
    assert_eq!(text(&asked(&minh, &other), "name"), NAME);
    server.assert_well();
    let line = server.fails(&["erase", "--identity", "KT-2222-2222"]);
    assert!(line.contains("petition"), "{line}");
}

#[test]
fn a_question_carried_twice_is_written_down_once() {
    let mut server = Server::start(TWO_COMMUNES);
    let [lan, thu] = ["lan", "thu"].map(|user| server.enroll(user));
    let id = log(&lan, "đường lầy");
    lan.sync();
    thu.sync();
    server.stop();
    let line = thu.refused(&["petition", "identity", &id, "--purpose", "answer"]);
    assert!(line.contains("đã ghi yêu cầu"), "{line}");
    let [request, reply, again] = ["goi", "goi.reply", "goi.reply2"].map(|name| server.folder().join(name));
    thu.run(&["bundle", "request", path(&request)]);
    server.run(&["bundle", "exchange", path(&request), path(&reply)]);
    server.run(&["bundle", "exchange", path(&request), path(&again)]);
    assert_eq!(audit(&server), [line_of("thu", "answer")]);
    thu.run(&["bundle", "apply", path(&reply)]);
    assert_eq!(text(&shown(&thu, &id).expect("held"), "name"), NAME);
}

fn line_of(user: &str, purpose: &str) -> (String, String, String) {
    line(user, "identity-read", purpose)
}

#[test]
fn what_no_key_of_the_server_opens_is_not_taken_for_kept() {
    let mut server = Server::start(TWO_COMMUNES);
    let address = server.address().to_owned();
    let [lan, thu] = ["lan", "thu"].map(|user| server.enroll(user));
    server.stop();
    let key = server.data().join("keys/tenant.key");
    let former = std::fs::read(&key).expect("the key");
    server.run(&["key", "rotate"]);
    server.serve_at(&address);
    lan.sync();
    // The folder of keys is put back as it was before the new one.
    server.stop();
    std::fs::write(&key, former).expect("written");
    server.serve_at(&address);
    let id = log(&lan, "ruộng ngập");
    // Locked for a key that is not there, then, in the same sync, for the one that is.
    assert_eq!(number(&lan.sync(), "pending"), 0);
    thu.sync();
    assert_eq!(text(&asked(&thu, &id), "name"), NAME);
}

#[test]
fn a_device_that_was_shut_out_learns_it_here_as_well() {
    let server = Server::start(TWO_COMMUNES);
    let [lan, thu] = ["lan", "thu"].map(|user| server.enroll(user));
    let id = log(&lan, "vỉa hè lấn chiếm");
    lan.sync();
    thu.sync();
    server.run(&["device", "revoke", text(&thu.run(&["status"]), "device")]);
    let line = thu.refused(&["petition", "identity", &id, "--purpose", "answer"]);
    assert!(line.contains("thu hồi"), "{line}");
    assert!(!thu.home().join("replica.db").exists(), "wiped");
}

#[test]
fn what_cannot_be_kept_of_a_person_is_told_in_one_line() {
    let server = Server::start(TWO_COMMUNES);
    let lan = server.enroll("lan");
    for (args, says) in [
        (vec!["--phone", "gọi cô Ba"], "số điện thoại"),
        (vec!["--name", "  "], "ít nhất"),
        (vec!["--consent", "contact"], "ít nhất"),
    ] {
        let line = lan.refused(&[&["petition", "log", "--text", "x", "--unit", "30904"], &args[..]].concat());
        assert!(line.contains(says), "{line}");
        assert!(!line.contains("cô Ba"), "{line}");
    }
    assert_eq!(lan.petitions().len(), 0, "nothing half written");
    let id = log(&lan, "x");
    let line = lan.refused(&["petition", "identity", &id, "--purpose", "authority"]);
    assert!(line.contains("--note"), "{line}");
    let (code, _) = lan.fails(&["petition", "identity", &id, "--purpose", "tò mò"]);
    assert_eq!(code, 2);
}
