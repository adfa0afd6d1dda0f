//! A petition's words are taken out: from the server, from its copies, from every device; what happened to it stays.

mod support;

use std::path::Path;

use sync::id::RecordId;
use sync::reason::Reason;
use sync::wire::Ack;

use support::{
    Canary, Device, Json, Push, Replica, Server, TWO_COMMUNES, canaries, copy_folder, decrypted, list, number, text,
};

const WORDS: &str = "Tôi là Nguyễn Thị Mỹ Hạnh, nhà cạnh cống Ba Thôn";
const PLACE: &str = "cống hộp Ba Thôn";
const CORRECTED: &str = "Nguyễn Thị Mỹ Hạnh nói cống nghẹt từ tháng ba";
const RESULT: &str = "Đã gặp bà Mỹ Hạnh, nạo vét xong";

fn words() -> Vec<Canary> {
    [WORDS, PLACE, CORRECTED].map(|words| Canary::Text(words.to_owned())).into()
}

fn folder(server: &Server, name: &str) -> std::path::PathBuf {
    server.folder().join(name)
}

/// Copies the database as an operator would, beside the running server.
fn back_up(server: &Server) -> std::path::PathBuf {
    let kept = folder(server, "backup.db");
    let conn = rusqlite::Connection::open(server.database()).expect("the database");
    conn.execute("VACUUM INTO ?1", [kept.to_str().expect("letters")]).expect("a copy");
    kept
}

fn put_back(server: &mut Server, copy: &Path) {
    let address = server.address().to_owned();
    server.stop();
    for name in ["langnghe.db-wal", "langnghe.db-shm"] {
        let _ = std::fs::remove_file(server.data().join(name));
    }
    std::fs::copy(copy, server.database()).expect("put back");
    server.serve_at(&address);
}

/// Nothing of the words lies here, or in its database opened.
fn assert_gone(replica: &Replica, who: &str) {
    assert_eq!(canaries(&words(), &[replica.home(), decrypted(replica.home()).path()]), [], "{who}");
}

/// What is seen of a petition besides its words.
fn course(replica: &Replica, id: &str) -> Json {
    let shown = replica.show(id);
    let event = |e: &Json| {
        serde_json::json!([
            e["id"],
            e["kind"],
            e["at"],
            e["received_at"],
            e["user"],
            e["device"],
            e["effect"],
            e["late"]
        ])
    };
    let events: Vec<Json> = list(&shown["events"]).iter().map(event).collect();
    let keys =
        ["code", "status", "kind", "unit", "hamlet", "body", "due", "logged_at", "received_at", "late", "by", "device"];
    let facts: Vec<&Json> = keys.iter().map(|key| &shown[*key]).collect();
    serde_json::json!([facts, events])
}

/// A petition that has gone its way: logged, corrected, referred, resolved.
fn with_a_past(lan: &Replica, thu: &Replica, kinh: &Replica) -> String {
    let id = lan.log(WORDS, &["--unit", "30904", "--hamlet", "30904-vt", "--place", PLACE]);
    lan.sync();
    thu.sync();
    thu.petition("correct", &id, &["--field", "text", "--to", CORRECTED, "--why", "ghi sót"]);
    thu.petition("refer", &id, &["--to", "kt"]);
    thu.sync();
    kinh.sync();
    kinh.petition("accept", &id, &[]);
    kinh.petition("resolve", &id, &["--outcome", "settled", "--text", RESULT]);
    kinh.sync();
    [lan, thu].into_iter().for_each(|p| drop(p.sync()));
    id
}

#[test]
fn what_was_said_goes_from_everywhere_and_what_happened_stays() {
    let mut server = Server::start(TWO_COMMUNES);
    let [lan, thu, kinh, hung] = ["lan", "thu", "kinh", "hung"].map(|user| server.enroll(user));
    let id = with_a_past(&lan, &thu, &kinh);
    let other = lan.log("Đèn đường tắt", &["--unit", "30904"]);
    lan.sync();
    hung.sync();
    let before = course(&thu, &id);
    let month = support::now().strftime("%Y-%m").to_string();
    let report = server.run(&["report", "monthly", "--month", &month]);
    let copy = back_up(&server);
    // Out of reach, somebody goes on working on what the words still stand in.
    lan.petition("answer", &id, &["--by", "phone"]);
    let lost = folder(&server, "lan-copy");
    copy_folder(lan.home(), &lost);

    let erased = server.run(&["erase", "--text", &id]);
    assert_eq!((number(&erased, "generation"), &erased["scrubbed"]), (1, &Json::Bool(true)));
    let data = server.data();
    let keep = canaries(&words(), &[&data]);
    assert_eq!(keep, [], "the server's database, its log, its journal");
    for replica in [&thu, &kinh, &hung, &lan] {
        let done = replica.sync();
        assert_eq!(number(&done, "refused"), 0);
    }
    for (replica, who) in [(&lan, "lan"), (&thu, "thu"), (&kinh, "kinh"), (&hung, "hung")] {
        assert_gone(replica, who);
    }
    // What she had done meanwhile is done, and everybody has it.
    [&thu, &kinh, &hung].into_iter().for_each(|p| drop(p.sync()));
    for replica in [&lan, &thu, &hung, &kinh] {
        assert_eq!(replica.status_of(&id), "answered");
        assert!(replica.show(&id)["erased"].is_string());
    }
    assert_eq!(text(&thu.show(&other), "text"), "Đèn đường tắt", "nobody else's words are touched");
    let after = course(&thu, &id);
    let (events_before, events_after) = (list(&before[1]), list(&after[1]));
    assert_eq!(events_after[..events_before.len()], *events_before, "who did what, when, and when it came");
    assert_eq!(
        (&after[0][0], &after[0][7], &after[0][8], &after[0][11]),
        (&before[0][0], &before[0][7], &before[0][8], &before[0][11])
    );
    // What a body has written of it stays.
    assert!(thu.show(&id).to_string().contains("nạo vét"));
    let now = server.run(&["report", "monthly", "--month", &month]);
    assert_eq!(
        (&now["totals"]["received"], &now["by_unit"][0]["received"]),
        (&report["totals"]["received"], &report["by_unit"][0]["received"])
    );
    assert_eq!(now["reconciles"], Json::Bool(true));
    assert_eq!(server.run(&["verify"])["wrong"], serde_json::json!([]));
    // Whoever comes later sees the same.
    let minh = server.enroll("minh");
    minh.sync();
    assert_eq!(course(&minh, &id), after);

    // An older copy of her device, put back, brings nothing back and is told like any other.
    let restored = server.folder().join("restored");
    copy_folder(lan.home(), &restored);
    copy_folder(&lost, lan.home());
    lan.run(&["sync"]);
    lan.run(&["sync"]);
    assert_gone(&lan, "lan, put back");
    assert_eq!(canaries(&words(), &[&data]), []);

    // A copy of the database of before takes them out again, before it answers; devices bring back all but the words.
    std::fs::remove_dir_all(&lost).expect("gone");
    std::fs::remove_dir_all(&restored).expect("gone");
    put_back(&mut server, &copy);
    assert_eq!(canaries(&words(), &[&server.data()]), []);
    for _ in 0..2 {
        [&lan, &thu, &kinh, &hung, &minh].into_iter().for_each(|p| drop(p.run(&["sync"])));
    }
    assert_eq!(canaries(&words(), &[&server.data()]), []);
    for (replica, who) in [(&lan, "lan"), (&thu, "thu"), (&kinh, "kinh"), (&hung, "hung"), (&minh, "minh")] {
        assert_gone(replica, who);
        assert_eq!(replica.status_of(&id), "answered", "{who}");
    }
    assert_eq!(course(&minh, &id), course(&hung, &id));
    assert_eq!(server.run(&["verify"])["wrong"], serde_json::json!([]));
    server.assert_well();
}

#[test]
fn with_its_history_and_a_second_time() {
    let server = Server::start(TWO_COMMUNES);
    let [lan, thu, kinh] = ["lan", "thu", "kinh"].map(|user| server.enroll(user));
    let id = with_a_past(&lan, &thu, &kinh);
    server.run(&["erase", "--text", &id]);
    thu.sync();
    // Somebody writes a name again.
    thu.petition("comment", &id, &["--text", WORDS]);
    thu.sync();
    lan.sync();
    let erased = server.run(&["erase", "--text", text(&thu.show(&id), "code"), "--with-history"]);
    assert_eq!((number(&erased, "generation"), &erased["with_history"]), (2, &Json::Bool(true)));
    [&lan, &thu, &kinh].into_iter().for_each(|p| drop(p.sync()));
    let gone: Vec<Canary> = [words(), vec![Canary::Text(RESULT.to_owned())]].concat();
    assert_eq!(canaries(&gone, &[&server.data()]), []);
    for replica in [&lan, &thu, &kinh] {
        assert_eq!(canaries(&gone, &[decrypted(replica.home()).path()]), []);
        assert_eq!(replica.status_of(&id), "resolved");
    }
    let audit = server.run(&["audit", "list"]);
    let told: Vec<&str> =
        list(&audit).iter().map(|line| text(line, "what")).filter(|what| *what == "words-erased").collect();
    assert_eq!(told.len(), 2);
    let line = server.fails(&["erase", "--text", "KT-2222-2222"]);
    support::assert_one_line(&line);
}

#[test]
fn a_sealed_petitions_words_go_from_beside_it_too() {
    let mut server = Server::start(&support::with_entrusted());
    let [lan, gia, kinh] = ["lan", "gia", "kinh"].map(|user| server.enroll(user));
    lan.sync();
    let logged = lan.run(&["petition", "log", "--sealed", "--unit", "30904", "--text", WORDS, "--name", "Mỹ Hạnh"]);
    let id = text(&logged, "id").to_owned();
    lan.sync();
    gia.sync();
    gia.run(&["petition", "summary", &id, "--text", CORRECTED]);
    gia.petition("refer", &id, &["--to", "kt"]);
    gia.sync();
    kinh.sync();
    let copy = back_up(&server);
    let erased = server.run(&["erase", "--text", &id]);
    assert_eq!(erased["sealed"], Json::Bool(true));
    for round in 0..2 {
        [&gia, &kinh].into_iter().for_each(|p| drop(p.sync()));
        for replica in [&gia, &kinh] {
            assert_gone(replica, "who held it");
            assert_eq!(replica.status_of(&id), "referred", "{round}");
        }
        // Who spoke is another matter.
        let told = gia.run(&["petition", "identity", &id, "--purpose", "verify"]);
        assert_eq!(text(&told, "name"), "Mỹ Hạnh");
        assert_eq!(canaries(&words(), &[&server.data()]), []);
        put_back(&mut server, &copy);
    }
}

/// A device that was out of reach while words were taken out still has them, and what it does with them must not bring them back.
#[test]
fn whoever_was_out_of_reach_brings_nothing_back() {
    let mut server = Server::start(TWO_COMMUNES);
    let [lan, thu, kinh] = ["lan", "thu", "kinh"].map(|user| server.enroll(user));
    let copy = back_up(&server);
    let unsent = folder(&server, "unsent");
    let id = lan.log(WORDS, &["--unit", "30904", "--hamlet", "30904-vt", "--place", PLACE]);
    copy_folder(lan.home(), &unsent);
    lan.sync();
    thu.sync();
    thu.petition("refer", &id, &["--to", "kt"]);
    thu.sync();
    [&lan, &kinh].into_iter().for_each(|p| drop(p.sync()));
    server.run(&["erase", "--text", &id]);
    assert_eq!(canaries(&words(), &[&server.data()]), []);

    // Her phone is put back to when nothing of it was sent: she sends it, once more.
    copy_folder(&unsent, lan.home());
    std::fs::remove_dir_all(&unsent).expect("gone");
    lan.run(&["sync"]);
    lan.run(&["sync"]);
    assert_eq!(canaries(&words(), &[&server.data()]), [], "not among what was refused either");
    assert_gone(&lan, "lan");
    assert_eq!(lan.status_of(&id), "referred");

    // Whoever kept them and says them again in the same petition's place is refused, and what was refused is not kept.
    let other = Device::enroll(&server, "xa", 7);
    let record = RecordId(id.parse().expect("a UUID"));
    let (_, written) = other.petition(record, &other.facts("cb-30910", "30910", WORDS));
    let mut push = Push::default();
    other.add(&mut push, record, &written);
    let ack = other.push(push).remove(0);
    assert!(matches!(&ack, Ack::Refused { reason, .. } if *reason == Reason::words_erased()), "{ack:?}");
    assert_eq!(canaries(&words(), &[&server.data()]), []);

    // A database of before anybody said it: of all devices the body's comes first, and was told of nothing yet.
    put_back(&mut server, &copy);
    kinh.run(&["sync"]);
    assert_eq!(canaries(&words(), &[&server.data()]), []);
    for _ in 0..2 {
        [&lan, &thu, &kinh].into_iter().for_each(|p| drop(p.run(&["sync"])));
    }
    for (replica, who) in [(&lan, "lan"), (&thu, "thu"), (&kinh, "kinh")] {
        assert_gone(replica, who);
        assert_eq!(replica.status_of(&id), "referred", "{who}");
    }
    assert_eq!(canaries(&words(), &[&server.data()]), []);
    assert_eq!(server.run(&["verify"])["wrong"], serde_json::json!([]));
    server.assert_well();
}
