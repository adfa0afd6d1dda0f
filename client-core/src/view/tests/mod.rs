//! Views on a small replica made by hand.

mod acting;
mod choices;
pub(crate) mod desk;

use jiff::civil::date;
use sync::id::RecordId;
use sync::model::petition::{Action, AnswerMeans, Outcome, Status};

use self::desk::{Desk, record};
use super::*;
#[cfg(feature = "export")]
use crate::export_run;

/// Three petitions: one referred and overdue, one answered, one new in another place and field.
fn office() -> Desk {
    let mut desk = Desk::new();
    desk.log(20, "2026-09-01T02:00:00Z", |f| {
        f.text = "Đường liên ấp ngập nặng, hoà giải chưa xong".into();
        f.hamlet = Some("30904-vt".into());
        f.urgent = true;
    });
    let refer = |to: &str| Action::Refer { to: to.into(), with: None, due: None, note: None };
    desk.act(20, 50, "tn", "2026-09-02T02:00:00Z", refer("kt"));
    desk.log(21, "2026-09-10T02:00:00Z", |f| {
        f.text = "Cống thoát nước".into();
        f.category = Some("border".into());
    });
    desk.act(21, 51, "tn", "2026-09-11T02:00:00Z", refer("kt"));
    let resolve = Action::Resolve { outcome: Outcome::Settled, text: "đã nạo vét".into() };
    desk.act(21, 52, "xl", "2026-09-12T20:00:00Z", resolve);
    desk.act(21, 53, "cb", "2026-09-13T02:00:00Z", Action::Answer { means: AnswerMeans::Phone, text: None });
    desk.log(22, "2026-11-20T02:00:00Z", |f| f.unit = "30911".into());
    desk
}

fn found(desk: &Desk, filter: PetitionFilter) -> Vec<RecordId> {
    let rows = petitions(&desk.replica, &filter, Page::default(), desk.now).expect("a list");
    rows.into_iter().map(|r| r.id).collect()
}

#[test]
fn lists_are_newest_first_and_paged() {
    let desk = office();
    assert_eq!(found(&desk, PetitionFilter::default()), [record(22), record(21), record(20)]);
    let page = Page { limit: Some(1), offset: 1 };
    let rows = petitions(&desk.replica, &PetitionFilter::default(), page, desk.now).expect("a list");
    assert_eq!(rows.iter().map(|r| r.id).collect::<Vec<_>>(), [record(21)]);
}

#[test]
fn filters_know_places_bodies_and_fields() {
    let desk = office();
    let only = |change: &dyn Fn(&mut PetitionFilter)| {
        let mut filter = PetitionFilter::default();
        change(&mut filter);
        found(&desk, filter)
    };
    assert_eq!(only(&|f| f.status = Some(Status::Answered)), [record(21)]);
    assert_eq!(only(&|f| f.unit = Some("30904-vt".into())), [record(20)]);
    // The old commune's petition is found under its successor.
    assert_eq!(only(&|f| f.unit = Some("30904".into())), [record(22), record(21), record(20)]);
    assert_eq!(only(&|f| f.unit = Some("30910".into())), []);
    assert_eq!(only(&|f| f.body = Some("kt".into())), [record(21), record(20)]);
    assert_eq!(only(&|f| f.body = Some("dl".into())), []);
    assert_eq!(only(&|f| f.category = Some("land".into())), [record(21)]);
    assert_eq!(only(&|f| f.overdue = true), [record(20)]);
    assert_eq!(only(&|f| f.contested = true), []);
}

#[test]
fn search_wants_every_word_in_whatever_spelling() {
    let desk = office();
    let search = |query: &str| found(&desk, PetitionFilter { search: Some(query.to_owned()), ..Default::default() });
    assert_eq!(search("duong NGAP"), [record(20)]);
    assert_eq!(search("hòa giải"), [record(20)]);
    assert_eq!(search("đường cống"), []);
    assert_eq!(search("?!"), []);
    assert_eq!(search("  ").len(), 3);
    let code = sync::code::of(record(22));
    assert_eq!(search(&code.to_lowercase()), [record(22)]);
    assert_eq!(search(&code.replace('-', "")), [record(22)]);
    assert_eq!(records_by_code(&desk.replica, &code).expect("found"), [record(22)]);
}

#[test]
fn a_row_has_codes_and_names_and_tells_the_truth_about_sending() {
    let desk = office();
    let row = petition_row(&desk.replica, record(20), desk.now).expect("a row");
    assert_eq!((row.unit.as_str(), row.hamlet_name.as_deref()), ("30904", Some("Ấp Vĩnh Thới")));
    assert_eq!((row.body.as_deref(), row.bodies.as_slice()), (Some("kt"), ["kt".to_owned()].as_slice()));
    assert_eq!((row.due, row.overdue), (Some(date(2026, 10, 2)), true));
    assert_eq!((row.pending, row.sending), (true, Sending::Pending));
    assert_eq!(row.logged_at, "2026-09-01T09:00:00+07:00");
    assert_eq!(word::sending(Sending::Refused), "chưa gửi được – cần sửa");
}

#[test]
fn one_petition_is_shown_with_every_event() {
    let desk = office();
    let shown = petition(&desk.replica, record(21), desk.now).expect("a petition");
    let json = serde_json::to_value(&shown).expect("JSON");
    assert_eq!(json["status"], "answered");
    let kinds: Vec<&str> =
        json["events"].as_array().expect("a list").iter().filter_map(|e| e["kind"].as_str()).collect();
    assert_eq!(kinds, ["refer", "resolve", "answer"]);
    let resolve = &json["events"][1];
    assert_eq!(resolve["effect"], "applied");
    assert_eq!((&resolve["by"], &resolve["body"]), (&"xl".into(), &"kt".into()));
    assert_eq!(resolve["text"], "đã nạo vét");
    for key in ["id", "kind", "at", "received_at", "by", "on_behalf_of", "device", "effect"] {
        assert!(resolve.get(key).is_some(), "{key}");
    }
    assert!(matches!(petition(&desk.replica, record(99), desk.now), Err(ViewError::NotHere { .. })));
}

#[cfg(feature = "export")]
#[test]
fn the_register_is_filled_in_peoples_words() {
    let desk = office();
    let rows = export_run::rows(&desk.replica, &PetitionFilter::default(), desk.now).expect("rows");
    let row = rows.iter().find(|r| r.code == sync::code::of(record(21))).expect("the line");
    assert_eq!(row.outcome.as_deref(), Some("Đã giải quyết: đã nạo vét"));
    // Resolved at 20:00 UTC: the next day in the tenant's zone.
    assert_eq!((row.resolved, row.answered), (Some(date(2026, 9, 13)), Some(date(2026, 9, 13))));
    assert_eq!((row.answered_by.as_deref(), row.body.as_deref()), (Some("Điện thoại"), Some("Phòng Kinh tế")));
    assert_eq!(row.referred, Some(date(2026, 9, 11)));
    let overdue = rows.iter().find(|r| r.code == sync::code::of(record(20))).expect("the line");
    assert_eq!(overdue.remark.as_deref(), Some("Quá hạn; Cần gấp; chưa gửi"));
}

#[test]
fn codes_are_read_as_of_a_day() {
    let desk = Desk::new();
    let directory = desk.replica.directory();
    let today = date(2026, 11, 23);
    let place = |unit: &str, hamlet| code::place(directory, unit, hamlet, today).map(|(u, h)| (u.0, h.map(|h| h.0)));
    assert_eq!(place("30904-vt", None), Ok(("30904".to_owned(), Some("30904-vt".to_owned()))));
    assert_eq!(place("30904", Some("30904-vt")), Ok(("30904".to_owned(), Some("30904-vt".to_owned()))));
    assert_eq!(place("30911", None), Ok(("30904".to_owned(), None)));
    assert!(matches!(place("30910", Some("30904-vt")), Err(code::CodeFault::OtherCommune { .. })));
    assert!(matches!(place("30904", Some("30910")), Err(code::CodeFault::NotHamlet { .. })));
    assert!(matches!(place("99999", None), Err(code::CodeFault::Unknown { .. })));
}
