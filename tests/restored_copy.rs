//! A phone's folder is put back from an old copy: what it wrote and sent in between comes back to it.

mod support;

use support::{Replica, Server, TWO_COMMUNES, copy_folder, number, text};

fn texts(replica: &Replica) -> Vec<String> {
    replica.petitions().iter().map(|p| text(p, "text").to_owned()).collect()
}

fn log(replica: &Replica, said: &str) -> String {
    replica.log(said, &["--kind", "feedback", "--unit", "30904", "--channel", "letter"])
}

#[test]
fn what_was_sent_after_the_copy_was_made_comes_back() {
    let server = Server::start(TWO_COMMUNES);
    let phone = server.enroll("lan");
    phone.sync();
    log(&phone, "trước khi sao lưu");
    phone.sync();
    let kept = tempfile::tempdir().expect("a folder");
    let kept = kept.path().join("copy");
    copy_folder(phone.home(), &kept);

    let later = log(&phone, "sau khi sao lưu");
    phone.sync();
    phone.petition("comment", &later, &["--text", "một ý sau khi sao lưu"]);
    phone.sync();
    let before = phone.show(&later);

    copy_folder(&kept, phone.home());
    assert_eq!(texts(&phone), ["trước khi sao lưu"], "the copy does not know it");
    // It sends much before it hears anything, in several requests: all of that lies behind what it has forgotten.
    let long = "đ".repeat(30_000);
    for _ in 0..75 {
        phone.run_with(&["petition", "log", "--unit", "30904", "--channel", "letter", "--text", "-"], &long);
    }
    let report = phone.sync();
    assert!(number(&report, "requests") > 1, "one request holds it all: {report}");
    assert_eq!(texts(&phone)[..3], ["trước khi sao lưu", "sau khi sao lưu", &long]);
    assert_eq!(phone.show(&later), before);
    server.assert_well();
}

#[test]
fn work_on_a_record_that_has_moved_on_is_done_on_top_of_it() {
    let server = Server::start(TWO_COMMUNES);
    let phone = server.enroll("lan");
    phone.sync();
    let petition = log(&phone, "Cầu hỏng");
    phone.sync();
    let kept = tempfile::tempdir().expect("a folder");
    let kept = kept.path().join("copy");
    copy_folder(phone.home(), &kept);
    phone.petition("comment", &petition, &["--text", "lần thứ nhất"]);
    phone.sync();

    copy_folder(&kept, phone.home());
    // The same place in the same stream: the server has another change there.
    phone.petition("comment", &petition, &["--text", "lần thứ hai"]);
    phone.sync();
    let shown = phone.show(&petition);
    let said: Vec<&str> = support::list(&shown["events"]).iter().filter_map(|e| e["text"].as_str()).collect();
    assert_eq!(said.len(), 2, "{shown}");
    assert!(said.contains(&"lần thứ nhất") && said.contains(&"lần thứ hai"), "{shown}");
    server.assert_well();
}
