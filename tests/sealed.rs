//! Sealed petitions: a denunciation is known to those who are entrusted with it, and to nobody else; not to the server
//! either.

mod support;

use support::{Json, Replica, Server, assert_vietnamese, list, number, text, with_entrusted};

const WORDS: &str = "Ông trưởng ấp thu tiền đèn đường hai lần, tôi có giấy thu làm chứng";
const SUMMARY: &str = "Tố cáo thu tiền đèn đường hai lần ở một ấp";
const NAME: &str = "Lâm Thị Bích Tuyền";
const PHONE: &str = "0939 515 717";

fn denounce(replica: &Replica) -> Json {
    let args = ["petition", "log", "--sealed", "--kind", "denunciation", "--unit", "30904", "--hamlet", "30904-vt"];
    let who = ["--text", WORDS, "--name", NAME, "--phone", PHONE];
    replica.run(&[&args[..], &who[..]].concat())
}

fn codes(replica: &Replica) -> Vec<String> {
    replica.petitions().iter().map(|p| text(p, "code").to_owned()).collect()
}

#[test]
fn a_denunciation_goes_its_way_and_nobody_learns_who_spoke_but_the_entrusted() {
    let server = Server::start(&with_entrusted());
    let [gia, lan, hung, thu, kinh, dang] = ["gia", "lan", "hung", "thu", "kinh", "dang"].map(|u| server.enroll(u));
    lan.sync();
    let logged = denounce(&lan);
    let (id, code) = (text(&logged, "id").to_owned(), text(&logged, "code").to_owned());
    assert_eq!((number(&logged, "devices"), text(&logged, "entrusted")), (1, "mttq-30904"));
    // Until it is sent she sees what she has written, and can send it.
    assert_eq!(text(&lan.show(&id), "text"), WORDS);
    assert_eq!(number(&lan.run(&["status"]), "pending"), 1);
    let sent = lan.sync();
    assert_eq!((number(&sent, "pushed"), number(&sent, "sealed"), number(&sent, "pending")), (1, 1, 0));
    // Then it is gone from her machine, to the last byte that would tell.
    assert_eq!(codes(&lan), Vec::<String>::new());
    assert_vietnamese(&lan.refused(&["petition", "show", &code]));

    // Neither the neighbours in the hamlet, nor Front staff, nor leaders, nor a body hold it.
    for other in [&hung, &thu, &kinh, &dang] {
        other.sync();
        assert_eq!(codes(other), Vec::<String>::new());
    }
    gia.sync();
    let held = gia.show(&id);
    assert_eq!((text(&held, "text"), text(&held, "kind")), (WORDS, "denunciation"));
    assert_eq!((&held["sealed"], &held["wordless"], &held["summary"]), (&true.into(), &false.into(), &Json::Null));
    assert_eq!(
        (&held["hamlet"], &held["session"], &held["by"], &held["device"]),
        (&Json::Null, &Json::Null, &"".into(), &Json::Null)
    );
    assert!(text(&held, "logged_at").ends_with("T00:00:00+07:00"), "only the day: {held}");

    let told = gia.run(&["petition", "identity", &id, "--purpose", "verify"]);
    assert_eq!((text(&told, "name"), text(&told, "phone")), (NAME, PHONE));
    let origin = &told["origin"];
    assert_eq!((text(origin, "hamlet"), text(origin, "user"), text(origin, "post")), ("30904-vt", "lan", "cb-30904"));

    // A body gets it with a summary only.
    assert_vietnamese(&gia.refused(&["petition", "refer", &id, "--to", "kt"]));
    gia.run(&["petition", "summary", &id, "--text", SUMMARY]);
    gia.petition("refer", &id, &["--to", "kt"]);
    gia.sync();
    kinh.sync();
    let at_the_body = kinh.show(&id);
    assert_eq!((text(&at_the_body, "text"), &at_the_body["wordless"]), (SUMMARY, &true.into()));
    assert_eq!(at_the_body["identity"], Json::Null);
    assert_vietnamese(&kinh.refused(&["petition", "identity", &id, "--purpose", "answer"]));
    kinh.petition("accept", &id, &[]);
    assert_vietnamese(&kinh.refused(&["petition", "transfer", &id, "--to", "vpdk", "--reason", "nhầm"]));
    kinh.petition("resolve", &id, &["--outcome", "settled", "--text", "Đã thu hồi tiền"]);
    kinh.sync();
    gia.sync();
    gia.petition("answer", &id, &["--by", "in-person"]);
    gia.sync();
    assert_eq!(gia.status_of(&id), "answered");
    assert_eq!(text(&gia.show(&id), "text"), WORDS, "her words are still what she reads");

    // The month counts it like any other.
    let month = support::now().strftime("%Y-%m").to_string();
    let report = server.run(&["report", "monthly", "--month", &month]);
    let kinds = list(&report["by_kind"]);
    let denunciations = kinds.iter().find(|k| text(k, "key") == "denunciation").expect("counted");
    assert_eq!(number(denunciations, "received"), 1);
    assert_eq!(report["reconciles"], Json::Bool(true));
    server.assert_well();
}

/// Applies a piece of a directory file as its administrator.
fn administer(server: &Server, administrator: &Replica, toml: &str) {
    let file = server.folder().join("more.toml");
    std::fs::write(&file, toml).expect("a file");
    administrator.run(&["directory", "apply", file.to_str().expect("letters")]);
    administrator.sync();
}

/// What somebody who is entrusted reads of a petition; none while it cannot be opened.
fn read(replica: &Replica, id: &str) -> Option<String> {
    let shown = replica.show(id);
    (shown["wordless"] == Json::Bool(false)).then(|| text(&shown, "text").to_owned())
}

#[test]
fn somebody_who_is_entrusted_later_is_let_in_by_somebody_who_was_before() {
    let server = Server::start(&with_entrusted());
    let [gia, lan] = ["gia", "lan"].map(|user| server.enroll(user));
    lan.sync();
    let id = text(&denounce(&lan), "id").to_owned();
    lan.sync();
    gia.sync();
    assert_eq!(read(&gia, &id).as_deref(), Some(WORDS));
    let nga = server.enroll("nga");
    nga.sync();
    // She holds the petition, and sees truthfully that she cannot open it yet.
    assert_eq!(read(&nga, &id), None);
    let line = nga.refused(&["petition", "identity", &id, "--purpose", "verify"]);
    assert!(line.contains("chưa mở được"), "{line}");
    let given = gia.sync();
    assert_eq!(number(&given, "reopened"), 2, "the words and who spoke");
    nga.sync();
    assert_eq!(read(&nga, &id).as_deref(), Some(WORDS));
    let told = nga.run(&["petition", "identity", &id, "--purpose", "verify"]);
    assert_eq!((text(&told, "name"), text(&told["origin"], "user")), (NAME, "lan"));
    // Nothing is left to be done.
    assert_eq!(number(&gia.sync(), "reopened"), 0);
    server.assert_well();
}

#[test]
fn what_nobody_who_is_entrusted_can_open_the_recovery_key_opens_for_them() {
    let server = Server::start(&with_entrusted());
    let [gia, lan, quan] = ["gia", "lan", "quan"].map(|user| server.enroll(user));
    lan.sync();
    let id = text(&denounce(&lan), "id").to_owned();
    lan.sync();
    gia.sync();
    gia.run(&["petition", "summary", &id, "--text", SUMMARY]);
    // Before the next was let in, the one before had to give the post up.
    quan.sync();
    administer(&server, &quan, "[[user]]\ncode = \"gia\"\nposts = []\n");
    let nga = server.enroll("nga");
    nga.sync();
    gia.run(&["sync"]);
    let gone = gia.refused(&["petition", "show", &id]);
    assert!(gone.contains("không có"), "{gone}");
    let left = support::Canary::Text(WORDS.to_owned());
    assert_eq!(support::canaries(&[left], &[support::decrypted(gia.home()).path()]), [], "with the post it goes");
    nga.sync();
    assert_eq!((read(&nga, &id), nga.status_of(&id)), (None, "logged".to_owned()));

    let recover = |key: Option<&str>| {
        let mut command = nga.command(&["sealed", "recover"]);
        command.env_remove("LANGNGHE_RECOVERY_KEY").stdin(std::process::Stdio::null());
        if let Some(key) = key {
            command.env("LANGNGHE_RECOVERY_KEY", key);
        }
        let out = command.output().expect("langnghe runs");
        (
            out.status.code(),
            String::from_utf8(out.stdout).expect("UTF-8"),
            String::from_utf8(out.stderr).expect("UTF-8"),
        )
    };
    let printed = server.recovery_key();
    let swapped =
        printed.replacen('-', "", 1).replacen(&printed[5..6], if &printed[5..6] == "7" { "8" } else { "7" }, 1);
    for (key, hint) in [(None, "LANGNGHE_RECOVERY_KEY"), (Some(swapped.as_str()), "gõ sai")] {
        let (code, _, line) = recover(key);
        assert_eq!(code, Some(1), "{line}");
        assert!(line.contains(hint), "{line}");
        support::assert_one_line(&line);
    }
    // A key of another server opens nothing, and says so.
    let other = Server::start(&with_entrusted());
    let (code, said, _) = recover(Some(other.recovery_key()));
    assert_eq!((code, said.trim()), (Some(0), r#"{"opened":0,"reopened":0,"unopened":1}"#));
    let (code, said, error) = recover(Some(printed));
    assert_eq!((code, said.trim()), (Some(0), r#"{"opened":1,"reopened":2,"unopened":0}"#), "{error}");
    assert_eq!(read(&nga, &id).as_deref(), Some(WORDS));
    let told = nga.run(&["petition", "identity", &id, "--purpose", "verify"]);
    assert_eq!(text(&told, "name"), NAME);
    server.assert_well();
}

#[test]
fn while_nobody_is_entrusted_it_is_logged_and_sent_all_the_same() {
    let directory =
        with_entrusted().replace(r#"posts = ["gk"]"#, "posts = []").replace(r#"posts = ["gk-2"]"#, "posts = []");
    let directory = directory.replace(r#"posts = ["gk-91"]"#, "posts = []");
    let server = Server::start(&directory);
    let [lan, quan] = ["lan", "quan"].map(|user| server.enroll(user));
    [&lan, &quan].into_iter().for_each(|p| drop(p.sync()));
    let logged = denounce(&lan);
    assert_eq!(number(&logged, "devices"), 0);
    let id = text(&logged, "id").to_owned();
    lan.sync();
    assert_eq!(codes(&lan), Vec::<String>::new());
    administer(&server, &quan, "[[user]]\ncode = \"nga\"\nposts = [\"gk-2\"]\n");
    let nga = server.enroll("nga");
    nga.sync();
    assert_eq!(read(&nga, &id), None);
    let out = nga.command(&["sealed", "recover"]).env("LANGNGHE_RECOVERY_KEY", server.recovery_key()).output();
    assert!(out.expect("langnghe runs").status.success());
    assert_eq!(read(&nga, &id).as_deref(), Some(WORDS));
}

#[test]
fn an_officer_who_did_not_know_them_yet_locks_for_those_who_are_entrusted_now() {
    let server = Server::start(&with_entrusted());
    let lan = server.enroll("lan");
    lan.sync();
    // Offline; meanwhile the first device of those who are entrusted is enrolled.
    let id = text(&denounce(&lan), "id").to_owned();
    let gia = server.enroll("gia");
    let sent = lan.sync();
    assert_eq!((number(&sent, "pushed"), number(&sent, "sealed")), (1, 1));
    gia.sync();
    assert_eq!(read(&gia, &id).as_deref(), Some(WORDS));
    let told = gia.run(&["petition", "identity", &id, "--purpose", "verify"]);
    assert_eq!(text(&told, "name"), NAME);
}

#[test]
fn it_goes_by_courier_too() {
    let server = Server::start(&with_entrusted());
    let [gia, lan] = ["gia", "lan"].map(|user| server.enroll(user));
    lan.sync();
    let id = text(&denounce(&lan), "id").to_owned();
    let file = |name: &str| server.folder().join(name).to_str().expect("letters").to_owned();
    let carry = |replica: &Replica, name: &str| {
        let (request, reply) = (file(name), file(&format!("{name}.reply")));
        replica.run(&["bundle", "request", &request]);
        server.run(&["bundle", "exchange", &request, &reply]);
        replica.run(&["bundle", "apply", &reply]);
    };
    carry(&lan, "1");
    assert_eq!((codes(&lan), number(&lan.run(&["status"]), "pending")), (Vec::new(), 0));
    // The first brings the petition, the second what was said in it.
    carry(&gia, "2");
    carry(&gia, "3");
    assert_eq!(read(&gia, &id).as_deref(), Some(WORDS));
    let nga = server.enroll("nga");
    // To let her in takes a question and an answer.
    carry(&gia, "4");
    carry(&gia, "5");
    nga.sync();
    assert_eq!(read(&nga, &id).as_deref(), Some(WORDS));
}

#[test]
fn what_an_ordinary_petition_may_not_become_is_said_in_one_line() {
    let server = Server::start(&with_entrusted());
    let [lan, thu, gia] = ["lan", "thu", "gia"].map(|user| server.enroll(user));
    [&lan, &thu].into_iter().for_each(|p| drop(p.sync()));
    let id = lan.log("Ông A lấy tiền", &["--unit", "30904"]);
    lan.sync();
    thu.sync();
    for args in [
        vec!["petition", "classify", &id, "--kind", "denunciation"],
        vec!["petition", "correct", &id, "--field", "kind", "--to", "denunciation", "--why", "nhầm"],
        vec!["petition", "summary", &id, "--text", "tóm tắt"],
    ] {
        thu.refused(&args);
    }
    let answered =
        ["petition", "log", "--kind", "denunciation", "--unit", "30904", "--text", "x", "--answered", "đã nói"];
    lan.refused(&answered);
    let sealed = text(&denounce(&lan), "id").to_owned();
    lan.sync();
    gia.sync();
    for args in [
        vec!["petition", "split", &sealed, "--text", "một phần"],
        vec!["petition", "correct", &sealed, "--field", "hamlet", "--to", "30904-vp", "--why", "rõ hơn"],
        vec!["petition", "correct", &sealed, "--field", "place", "--to", "nhà văn hoá", "--why", "rõ hơn"],
    ] {
        gia.refused(&args);
    }
    // Her pen: what a list shows of it outside is its summary.
    gia.run(&["petition", "summary", &sealed, "--text", SUMMARY]);
    let list = server.folder().join("list.csv");
    gia.run(&["export", "petitions", "--out", list.to_str().expect("letters")]);
    let list = std::fs::read_to_string(list).expect("a list");
    assert!(list.contains(SUMMARY) && !list.contains("trưởng ấp thu tiền"), "{list}");
}

/// Copies the database as an operator would, beside the running server; puts it back in its place.
fn put_back_after(server: &mut Server, work: impl FnOnce(&Server)) {
    let kept = server.folder().join("backup.db");
    let conn = rusqlite::Connection::open(server.database()).expect("the database");
    conn.execute("VACUUM INTO ?1", [kept.to_str().expect("letters")]).expect("a copy");
    drop(conn);
    work(server);
    let address = server.address().to_owned();
    server.stop();
    for name in ["langnghe.db-wal", "langnghe.db-shm"] {
        let _ = std::fs::remove_file(server.data().join(name));
    }
    std::fs::copy(&kept, server.database()).expect("put back");
    server.serve_at(&address);
}

#[test]
fn a_server_put_back_from_before_it_gets_all_of_it_from_those_who_are_entrusted() {
    let mut server = Server::start(&with_entrusted());
    let [gia, lan] = ["gia", "lan"].map(|user| server.enroll(user));
    lan.sync();
    gia.sync();
    let mut id = String::new();
    put_back_after(&mut server, |_| {
        id = text(&denounce(&lan), "id").to_owned();
        lan.sync();
        gia.sync();
        // What she has looked up lies on her device; what not is what the server has lost.
        gia.run(&["petition", "identity", &id, "--purpose", "verify"]);
        gia.run(&["petition", "summary", &id, "--text", SUMMARY]);
        gia.sync();
    });
    gia.sync();
    assert_eq!(read(&gia, &id).as_deref(), Some(WORDS));
    let nga = server.enroll("nga");
    gia.sync();
    nga.sync();
    let shown = nga.show(&id);
    assert_eq!((read(&nga, &id).as_deref(), text(&shown, "summary")), (Some(WORDS), SUMMARY));
    let told = nga.run(&["petition", "identity", &id, "--purpose", "verify"]);
    assert_eq!((text(&told, "name"), text(&told["origin"], "user")), (NAME, "lan"));
    server.assert_well();
}

#[test]
fn who_spoke_is_forgotten_and_what_was_said_goes_on() {
    let mut server = Server::start(&with_entrusted());
    let [gia, lan] = ["gia", "lan"].map(|user| server.enroll(user));
    lan.sync();
    let id = text(&denounce(&lan), "id").to_owned();
    lan.sync();
    gia.sync();
    gia.run(&["petition", "identity", &id, "--purpose", "verify"]);
    put_back_after(&mut server, |server| {
        assert_eq!(number(&server.run(&["erase", "--identity", &id]), "versions"), 1);
    });
    gia.sync();
    let line = gia.refused(&["petition", "identity", &id, "--purpose", "verify"]);
    assert!(line.contains("xoá"), "{line}");
    assert_eq!(read(&gia, &id).as_deref(), Some(WORDS));
    let nga = server.enroll("nga");
    gia.sync();
    nga.sync();
    assert_eq!(read(&nga, &id).as_deref(), Some(WORDS), "the copy put back has forgotten her again, and nothing else");
    nga.refused(&["petition", "identity", &id, "--purpose", "verify"]);
    server.stop();
    let conn = rusqlite::Connection::open(server.database()).expect("the database");
    let left: (i64, i64) = conn
        .query_row("SELECT (SELECT count(*) FROM identity), (SELECT count(*) FROM identity_lock)", [], |r| {
            Ok((r.get(0)?, r.get(1)?))
        })
        .expect("counts");
    // The words, for gia, for nga and for the recovery key.
    assert_eq!(left, (1, 3));
}

#[test]
fn an_officer_who_was_shut_out_leaves_it_where_only_the_recovery_key_reads_it() {
    let server = Server::start(&with_entrusted());
    let [gia, lan] = ["gia", "lan"].map(|user| server.enroll(user));
    lan.sync();
    denounce(&lan);
    let device = text(&lan.run(&["status"]), "device").to_owned();
    server.run(&["device", "revoke", &device]);
    lan.fails(&["sync"]);
    let entries = server.run(&["quarantine", "list"]);
    let mut command = server.command(&["quarantine", "open", text(&entries[0], "id")]);
    let out = command.env("LANGNGHE_RECOVERY_KEY", server.recovery_key()).output().expect("it runs");
    let opened = String::from_utf8(out.stdout).expect("UTF-8");
    assert!(opened.contains(WORDS) && opened.contains(NAME) && opened.contains("30904-vt"), "{opened}");
    gia.sync();
    assert_eq!(codes(&gia), Vec::<String>::new(), "a person judges it first");
}

#[test]
fn a_clock_that_runs_days_ahead_tells_no_more_than_the_right_day() {
    let server = Server::start(&with_entrusted());
    let [gia, lan] = ["gia", "lan"].map(|user| server.enroll(user));
    lan.sync();
    gia.sync();
    lan.set_clock(3);
    let id = text(&denounce(&lan), "id").to_owned();
    let sent = lan.sync();
    assert_eq!((number(&sent, "sealed"), number(&sent, "refused")), (1, 0));
    gia.sync();
    let today = support::now().to_zoned(jiff::tz::TimeZone::get("Asia/Ho_Chi_Minh").expect("a zone")).date();
    assert_eq!(text(&gia.show(&id), "logged_at"), format!("{today}T00:00:00+07:00"));
}
