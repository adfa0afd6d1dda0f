//! The server's whole folder is put back from a copy of before somebody was forgotten: journal, keys and database. Nothing there
//! knows of it; what devices were told, under the server's own signature, makes it forget again.

mod support;

use std::path::PathBuf;

use minicbor::bytes::ByteArray;
use sync::id::EventId;
use sync::wire::{Erased, SyncRequest};

use support::{
    Canary, Device, Json, Replica, Server, TWO_COMMUNES, canaries, copy_folder, decrypted, list, now_millis, number,
    text,
};

const NAME: &str = "Huỳnh Thị Ngọc Trâm";
const WORDS: &str = "Nhà tôi cạnh cống Ba Thôn, tôi tên Mỹ Hạnh";

fn words() -> [Canary; 1] {
    [Canary::Text(WORDS.to_owned())]
}

/// The words' traces at the server.
fn lies_there(server: &Server) -> bool {
    !canaries(&words(), &[&server.data()]).is_empty()
}

fn back_up_all(server: &mut Server) -> PathBuf {
    let (kept, address) = (server.folder().join("whole"), server.address().to_owned());
    server.stop();
    copy_folder(&server.data(), &kept);
    server.serve_at(&address);
    kept
}

fn put_back_all(server: &mut Server, kept: &std::path::Path) {
    let address = server.address().to_owned();
    server.stop();
    std::fs::remove_dir_all(server.data()).expect("lost");
    copy_folder(kept, &server.data());
    server.serve_at(&address);
}

fn named(lan: &Replica, said: &str) -> String {
    lan.log(said, &["--unit", "30904", "--hamlet", "30904-vt", "--name", NAME])
}

fn may_not_know(replica: &Replica, id: &str) {
    let line = replica.refused(&["petition", "identity", id, "--purpose", "answer"]);
    assert!(!line.contains(NAME), "{line}");
}

#[test]
fn who_was_forgotten_is_forgotten_again_when_any_device_that_knows_it_comes() {
    let mut server = Server::start(TWO_COMMUNES);
    let [lan, hung, thu, minh] = ["lan", "hung", "thu", "minh"].map(|user| server.enroll(user));
    let [id, other, third] = ["đường ngập", "đèn tắt", "chợ bẩn"].map(|said| named(&lan, said));
    [&lan, &hung, &thu, &minh].into_iter().for_each(|p| drop(p.sync()));
    let kept = back_up_all(&mut server);
    server.run(&["erase", "--identity", &id]);
    server.run(&["erase", "--identity", &third]);
    [&hung, &lan].into_iter().for_each(|p| drop(p.sync()));
    let quiet = number(&hung.sync(), "requests");

    put_back_all(&mut server, &kept);
    // The copy does not know: whoever asks before anybody who does is told.
    let told = thu.run(&["petition", "identity", &id, "--purpose", "answer"]);
    assert_eq!(text(&told, "name"), NAME);
    // Another is forgotten meanwhile: as many, and others.
    server.run(&["erase", "--identity", &other]);
    // By couriers: the first answer asks for them, the second bundle brings them.
    for number in 0..2 {
        let at = |name: &str| server.folder().join(format!("{name}{number}")).to_str().expect("letters").to_owned();
        let [request, reply] = ["goi", "tra"].map(at);
        hung.run(&["bundle", "request", &request]);
        server.run(&["bundle", "exchange", &request, &reply]);
        hung.run(&["bundle", "apply", &reply]);
    }
    may_not_know(&minh, &third);
    let again = hung.sync();
    assert_eq!(number(&again, "requests"), quiet, "they were brought");
    assert_eq!(number(&hung.sync(), "requests"), quiet, "and not each time");
    assert!(number(&lan.sync(), "requests") > quiet, "what the server has in another order is compared once");
    [&thu, &minh].into_iter().for_each(|p| drop(p.sync()));
    for replica in [&lan, &hung, &thu, &minh] {
        for id in [&id, &other, &third] {
            may_not_know(replica, id);
            assert!(replica.show(id).get("identity").is_none_or(|i| i["name"] == Json::Null));
        }
        assert_eq!(number(&replica.sync(), "requests"), quiet);
    }
    let audit = server.run(&["audit", "list"]);
    let by_hung = |l: &&Json| text(l, "what") == "identity-erased" && text(l, "user") == "hung";
    assert_eq!(list(&audit).iter().filter(by_hung).count(), 2);
    // From now on the server's own journal knows.
    let database = std::fs::read(kept.join("langnghe.db")).expect("the copy's database");
    let address = server.address().to_owned();
    server.stop();
    for name in ["langnghe.db-wal", "langnghe.db-shm"] {
        let _ = std::fs::remove_file(server.data().join(name));
    }
    std::fs::write(server.database(), database).expect("put back");
    server.serve_at(&address);
    for id in [&id, &other, &third] {
        may_not_know(&thu, id);
    }
    server.assert_well();
}

#[test]
fn what_the_server_has_not_signed_is_not_forgotten() {
    let server = Server::start(TWO_COMMUNES);
    let [lan, thu] = ["lan", "thu"].map(|user| server.enroll(user));
    let id = named(&lan, "đường ngập");
    lan.sync();
    thu.sync();
    let other = Device::enroll(&server, "xa", 7);
    let person = EventId(id.parse().expect("a UUID"));
    for generation in [None, Some(1)] {
        let forged = Erased { person, at: now_millis(), signature: ByteArray::from([7; 64]), generation };
        other.send(&SyncRequest { tombstones: Some(vec![forged]), ..other.request() });
    }
    lan.sync();
    thu.sync();
    assert_eq!(text(&thu.run(&["petition", "identity", &id, "--purpose", "answer"]), "name"), NAME);
    assert_eq!(text(&lan.show(&id), "text"), "đường ngập");
}

/// `held`: whether the first device that comes holds the petition, and so brings what stands in the place of its words.
fn words_go_again(held: bool) {
    let mut server = Server::start(TWO_COMMUNES);
    let [lan, thu, kinh, hung, xa] = ["lan", "thu", "kinh", "hung", "xa"].map(|user| server.enroll(user));
    let id = lan.log(WORDS, &["--unit", "30904", "--hamlet", "30904-vt"]);
    lan.sync();
    [&thu, &kinh, &hung, &xa].into_iter().for_each(|p| drop(p.sync()));
    let kept = back_up_all(&mut server);
    thu.petition("classify", &id, &["--kind", "feedback", "--category", "roads"]);
    thu.petition("refer", &id, &["--to", "kt"]);
    thu.sync();
    server.run(&["erase", "--text", &id]);
    [&lan, &thu, &xa].into_iter().for_each(|p| drop(p.sync()));
    thu.petition("comment", &id, &["--text", "đã gọi lại"]);
    thu.sync();
    assert!(!lies_there(&server), "gone");

    put_back_all(&mut server, &kept);
    assert!(lies_there(&server), "the copy has them");
    let first = if held { &thu } else { &xa };
    assert_eq!(first.petitions().is_empty(), !held);
    first.sync();
    assert!(!lies_there(&server), "gone again, with the first device that knows of it");
    for _ in 0..2 {
        [&lan, &thu, &kinh, &hung, &xa].into_iter().for_each(|p| drop(p.run(&["sync"])));
    }
    assert!(!lies_there(&server));
    for replica in [&lan, &thu, &kinh, &hung, &xa] {
        assert_eq!(canaries(&words(), &[replica.home(), decrypted(replica.home()).path()]), []);
    }
    // With what happened since, where it was proved.
    for replica in [&lan, &thu, &hung] {
        assert_eq!(replica.status_of(&id), if held { "referred" } else { "logged" });
        assert_eq!(replica.show(&id).to_string().contains("đã gọi lại"), held);
    }
    let minh = server.enroll("minh");
    minh.sync();
    assert_eq!(minh.status_of(&id), thu.status_of(&id));
    assert_eq!(server.run(&["verify"])["wrong"], serde_json::json!([]));
    // The journal has it now: the same copy of the database put back alone begins without them.
    let database = std::fs::read(kept.join("langnghe.db")).expect("the copy's database");
    std::fs::remove_dir_all(&kept).expect("gone");
    server.stop();
    for name in ["langnghe.db-wal", "langnghe.db-shm"] {
        let _ = std::fs::remove_file(server.data().join(name));
    }
    std::fs::write(server.database(), database).expect("put back");
    server.serve();
    assert!(!lies_there(&server));
    server.assert_well();
}

#[test]
fn words_are_taken_out_again_by_whoever_holds_what_stands_in_their_place() {
    words_go_again(true);
}

#[test]
fn words_are_taken_out_again_though_nobody_has_brought_what_stands_in_their_place() {
    words_go_again(false);
}
