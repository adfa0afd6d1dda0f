//! Minutes changed inside by several people apart, by devices whose answers were lost or whose folder was put back: every
//! letter stays where its author meant it.

mod support;

use client_core::command::Command;
use client_core::{syncer, view};
use jiff::{SignedDuration, Timestamp};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use support::{Fault, Hosted, Link, Replica, Server, TWO_COMMUNES, copy_folder, list, number, text};
use sync::id::{EventId, RecordId};
use sync::model::petition::Channel;
use sync::model::session::{SessionAction, SessionFacts};
use uuid::Uuid;

const CLINIC: &str = "Ông Tư nêu việc trạm y tế thiếu thuốc.";
const DRAIN: &str = "Bà con tổ 3 nêu việc cống nghẹt.";

fn append(who: &Replica, session: &str, said: &str) {
    who.run(&["session", "minutes", session, "--append", said]);
}

fn replace(who: &Replica, session: &str, old: &str, new: &str) {
    who.run(&["session", "minutes", session, "--replace", old, "--with", new]);
}

fn minutes(who: &Replica, session: &str) -> String {
    text(&who.run(&["session", "show", session]), "minutes").to_owned()
}

/// A session with two paragraphs, on everybody's device.
fn held(lan: &Replica, others: &[&Replica]) -> String {
    lan.sync();
    let opened = lan.run(&["session", "log", "--kind", "dialogue", "--unit", "30904-vt"]);
    let session = text(&opened, "id").to_owned();
    append(lan, &session, CLINIC);
    append(lan, &session, DRAIN);
    lan.sync();
    others.iter().for_each(|other| drop(other.sync()));
    session
}

/// Syncs with nothing left to do, and nothing refused.
fn well(who: &Replica) {
    let report = who.sync();
    assert_eq!((number(&report, "pending"), number(&report, "refused")), (0, 0), "{report}");
}

#[test]
fn two_officers_change_the_same_minutes_apart() {
    let server = Server::start(TWO_COMMUNES);
    let (lan, hung, thu) = (server.enroll("lan"), server.enroll("hung"), server.enroll("thu"));
    let session = held(&lan, &[&hung, &thu]);
    // Lan also writes at the front and at the end, so that no place of Hùng's is where he saw it.
    replace(&lan, &session, "Ông Tư", "Mở đầu lúc 8 giờ.\nÔng Tư (tổ 1)");
    replace(&lan, &session, "cống nghẹt", "cống bị nghẹt từ tháng 6");
    append(&lan, &session, "Kết thúc lúc 11 giờ.");
    replace(&lan, &session, "11 giờ", "10 giờ rưỡi");
    replace(&hung, &session, "thiếu thuốc", "thiếu thuốc và bác sĩ");
    replace(&hung, &session, "tổ 3 ", "");
    replace(&hung, &session, "nghẹt.", "nghẹt. Ghi nhận để chuyển.");
    well(&lan);
    well(&hung);
    well(&lan);
    well(&thu);
    let read = minutes(&lan, &session);
    assert_eq!(
        read,
        "Mở đầu lúc 8 giờ.\nÔng Tư (tổ 1) nêu việc trạm y tế thiếu thuốc và bác sĩ.\n\
         Bà con nêu việc cống bị nghẹt từ tháng 6. Ghi nhận để chuyển.\nKết thúc lúc 10 giờ rưỡi."
    );
    assert_eq!((minutes(&hung, &session), minutes(&thu, &session)), (read.clone(), read));
    server.assert_well();
}

#[test]
fn a_word_put_right_by_both_is_there_twice_and_whole() {
    let server = Server::start(TWO_COMMUNES);
    let (lan, hung) = (server.enroll("lan"), server.enroll("hung"));
    let session = held(&lan, &[&hung]);
    replace(&lan, &session, "nghẹt", "tắc");
    replace(&hung, &session, "nghẹt", "vỡ");
    well(&lan);
    well(&hung);
    well(&lan);
    let read = minutes(&lan, &session);
    assert!(!read.contains("nghẹt") && read.contains("tắc") && read.contains("vỡ"), "{read}");
    assert_eq!(minutes(&hung, &session), read);
}

#[test]
fn a_passage_must_be_there_once() {
    let server = Server::start(TWO_COMMUNES);
    let lan = server.enroll("lan");
    let session = held(&lan, &[]);
    let no = |old, new| lan.refused(&["session", "minutes", &session, "--replace", old, "--with", new]);
    assert!(no("trạm xá", "x").contains("không thấy đoạn ấy"));
    assert!(no("nêu việc", "x").contains("gặp 2 lần"));
    assert!(no("cống", "cống").contains("giống hệt"));
    assert!(no(" ", "x").contains("để trống"));
    // Typed with marks of its own, and the end of a line with it.
    replace(&lan, &session, "tra\u{323}m y te\u{302}\u{301}", "trạm xá");
    replace(&lan, &session, " thiếu thuốc.\n", ".\n");
    assert_eq!(minutes(&lan, &session), format!("Ông Tư nêu việc trạm xá.\n{DRAIN}"));
    replace(&lan, &session, &format!("\n{DRAIN}"), "");
    append(&lan, &session, "Hết.");
    assert_eq!(minutes(&lan, &session), "Ông Tư nêu việc trạm xá.\nHết.");
    well(&lan);
}

#[test]
fn a_phone_put_back_from_a_copy_gets_its_edits_back_and_goes_on() {
    let server = Server::start(TWO_COMMUNES);
    let (lan, hung) = (server.enroll("lan"), server.enroll("hung"));
    let session = held(&lan, &[&hung]);
    // The copy has something unsent, and an edit of that.
    append(&lan, &session, "Kết thúc lúc 11 giờ.");
    replace(&lan, &session, "11 giờ", "10 giờ");
    let kept = tempfile::tempdir().expect("a folder");
    let kept = kept.path().join("copy");
    copy_folder(lan.home(), &kept);
    replace(&lan, &session, "thiếu thuốc", "thiếu thuốc, thiếu giường");
    replace(&lan, &session, "10 giờ", "10 giờ sáng");
    well(&lan);
    replace(&hung, &session, "Ông Tư", "Ông Bảy");
    well(&hung);

    copy_folder(&kept, lan.home());
    // The same places in the same stream, and letters that the server has otherwise.
    replace(&lan, &session, "nghẹt", "tắc");
    append(&lan, &session, "Biên bản đã đọc lại.");
    replace(&lan, &session, "đọc lại", "được đọc lại");
    replace(&lan, &session, "lúc 10 giờ", "vào lúc 10 giờ");
    well(&lan);
    well(&hung);
    let read = minutes(&lan, &session);
    assert_eq!(
        read,
        "Ông Bảy nêu việc trạm y tế thiếu thuốc, thiếu giường.\nBà con tổ 3 nêu việc cống tắc.\n\
         Kết thúc vào lúc 10 giờ sáng.\nBiên bản đã được đọc lại."
    );
    assert_eq!(minutes(&hung, &session), read);
    assert_eq!(list(&lan.run(&["refused", "list"])).len(), 0);
    server.assert_well();
}

/// A clock that turns out wrong makes a record's work be run again in another stream, also what the server has already.
#[test]
fn edits_of_a_paragraph_whose_answer_was_lost_find_it_in_either_stream() {
    let server = Hosted::start(TWO_COMMUNES, support::now);
    let mut random = StdRng::seed_from_u64(7);
    let mut phone = server.enroll("lan", "lan", &mut |b| random.fill_bytes(b));
    let fast = || support::now().checked_add(SignedDuration::from_mins(190)).expect("a time");
    let mut sync = |phone: &mut _, fault, clock: &dyn Fn() -> Timestamp| {
        syncer::sync(phone, &mut Link::new(server.url(), fault), clock, &mut |b| random.fill_bytes(b))
    };
    let id = |n| EventId(Uuid::from_u128(n));
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
    let run = |phone: &mut client_core::replica::Replica, command, at| phone.execute(command, at).expect("she may");
    let edit = |phone: &mut client_core::replica::Replica, n, old: &str, new: &str| {
        let seen = phone.minutes(record).expect("readable").expect("here");
        run(phone, seen.replaced(old, new, id(n)).expect("an edit"), support::now());
    };
    run(&mut phone, Command::OpenSession { record, facts }, support::now());
    sync(&mut phone, Fault::None, &support::now).expect("a sync");
    let paragraph = Command::AppendMinutes { record, text: DRAIN.to_owned(), paragraph: Some(id(2)) };
    run(&mut phone, paragraph, support::now());
    edit(&mut phone, 3, "nghẹt", "nghẹt nặng");
    assert!(sync(&mut phone, Fault::AnswerLost, &support::now).is_err());
    let conclude = Command::SessionEvent {
        record,
        event: id(4),
        action: SessionAction::Conclude { text: "xong".to_owned() },
        at: fast(),
        by: "cb-30904".into(),
        stamped: None,
    };
    run(&mut phone, conclude, fast());
    // In the paragraph's letters, and in those of the edit whose answer was lost.
    edit(&mut phone, 5, "tổ 3", "tổ 3, tổ 4");
    edit(&mut phone, 6, "nặng", "rất nặng");
    let report = sync(&mut phone, Fault::None, &fast).expect("a sync");
    assert_eq!((report.refused, report.pending), (0, 0), "{report:?}");
    let session = view::session(&phone, record, support::now()).expect("here");
    assert_eq!(session.minutes, "Bà con tổ 3, tổ 4 nêu việc cống nghẹt rất nặng.");
    assert_eq!(session.row.conclusions.len(), 1);
}
