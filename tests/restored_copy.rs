//! A phone's folder is put back from an old copy: what it wrote and sent in between comes back to it.

mod support;

use client_core::command::Command;
use client_core::replica::Replica;
use client_core::syncer;
use client_core::view;
use jiff::{SignedDuration, Timestamp};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use support::{Fault, Hosted, Link, Server, TWO_COMMUNES, copy_folder, number, text};
use sync::id::{EventId, RecordId};
use sync::model::petition::Channel;
use sync::model::session::{SessionAction, SessionFacts};
use uuid::Uuid;

fn texts(replica: &support::Replica) -> Vec<String> {
    replica.petitions().iter().map(|p| text(p, "text").to_owned()).collect()
}

fn log(replica: &support::Replica, said: &str) -> String {
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

/// A clock that turns out wrong makes a record's work be run again under another stream, also what the server has already,
/// its answer lost.
#[test]
fn a_paragraph_whose_answer_was_lost_is_not_written_twice() {
    let server = Hosted::start(TWO_COMMUNES, support::now);
    let mut random = StdRng::seed_from_u64(5);
    let mut phone = server.enroll("lan", "lan", &mut |b| random.fill_bytes(b));
    let fast = || support::now().checked_add(SignedDuration::from_mins(190)).expect("a time");
    let mut sync = |phone: &mut _, fault, clock: &dyn Fn() -> Timestamp| {
        syncer::sync(phone, &mut Link::new(server.url(), fault), clock, &mut |b| random.fill_bytes(b))
    };
    sync(&mut phone, Fault::None, &support::now).expect("a sync");
    let record = RecordId(Uuid::from_u128(1));
    let facts = SessionFacts {
        kind: Channel::Dialogue,
        unit: "30904".into(),
        at: support::now(),
        stamped: None,
        title: None,
        chair: None,
        present: None,
        by: "cb-30904".into(),
    };
    let run = |phone: &mut Replica, command, at| phone.execute(command, at).expect("she may");
    run(&mut phone, Command::OpenSession { record, facts }, support::now());
    sync(&mut phone, Fault::None, &support::now).expect("a sync");
    let paragraph = |id, text: &str| Command::AppendMinutes {
        record,
        text: text.to_owned(),
        paragraph: Some(EventId(Uuid::from_u128(id))),
    };
    run(&mut phone, paragraph(2, "Đoạn một."), support::now());
    assert!(sync(&mut phone, Fault::AnswerLost, &support::now).is_err());
    let conclude = Command::SessionEvent {
        record,
        event: EventId(Uuid::from_u128(4)),
        action: SessionAction::Conclude { text: "xong".to_owned() },
        at: fast(),
        by: "cb-30904".into(),
        stamped: None,
    };
    run(&mut phone, conclude, fast());
    run(&mut phone, paragraph(3, "Đoạn hai."), fast());
    let report = sync(&mut phone, Fault::None, &fast).expect("a sync");
    assert_eq!((report.refused, report.pending), (0, 0), "{report:?}");
    let session = view::session(&phone, record, support::now()).expect("here");
    assert_eq!(session.minutes, "Đoạn một.\nĐoạn hai.");
    assert_eq!(session.row.conclusions.len(), 1);
}
