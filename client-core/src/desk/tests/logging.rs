//! Logging, ordinary and sealed, and asking again with the same form.

use sync::id::RecordId;
use sync::identity::Consent;
use sync::model::petition::{Kind, Status};

use super::{said, sit, waits};
use crate::desk::{DeskError, FilterForm, LogForm, PersonForm, SplitForm};
use crate::view::tests::desk::{Desk as World, record};
use crate::view::{self, Page};

#[test]
fn a_petition_is_logged_from_codes_and_answered_on_the_spot() {
    let mut world = World::new();
    let form = LogForm {
        unit: Some("30904-vt".to_owned()),
        category: Some("border".to_owned()),
        answered: Some("đã giải thích tại chỗ\n".to_owned()),
        at: Some("2026-11-20T08:30".to_owned()),
        place: Some("  ".to_owned()),
        ..said("Ranh đất bị lấn\n\n")
    };
    let logged = sit(&mut world, "cb", |desk| desk.log(&form)).expect("logged");
    assert!(logged.answered && logged.entrusted.is_none());
    let shown = view::petition(&world.replica, logged.id, world.now).expect("a petition");
    assert_eq!((shown.row.text.as_str(), shown.row.status), ("Ranh đất bị lấn", Status::Answered));
    assert_eq!((shown.row.unit.as_str(), shown.row.hamlet.as_deref()), ("30904", Some("30904-vt")));
    assert_eq!((shown.row.place, shown.row.logged_at.as_str()), (None, "2026-11-20T08:30:00+07:00"));
    assert_eq!(shown.row.code, logged.code);
}

#[test]
fn a_call_that_is_repeated_gets_the_same_answer_and_writes_nothing() {
    let mut world = World::new();
    let person = PersonForm {
        name: Some("Người minh hoạ".to_owned()),
        consent: Some(vec![Consent::Contact]),
        ..PersonForm::default()
    };
    let form = LogForm {
        id: Some(record(40)), person, answered: Some("đã trả lời".to_owned()), ..said("Cống nghẹt")
    };
    let first = sit(&mut world, "cb", |desk| desk.log(&form)).expect("logged");
    let before = waits(&world);
    assert_eq!(first.id, record(40));
    assert_eq!(sit(&mut world, "cb", |desk| desk.log(&form)).expect("again"), first);
    assert_eq!(waits(&world), before);
    // Another record's id is nobody else's.
    let split = SplitForm {
        id: Some(record(40)),
        petition: first.code.clone(),
        text: "phần khác".to_owned(),
        kind: None,
        category: None,
        at: None,
    };
    let taken = sit(&mut world, "cb", |desk| desk.split(&split)).expect_err("taken");
    assert_eq!(taken.key(), "already-there");
}

#[test]
fn a_sealed_call_is_known_again_though_its_record_tells_only_the_day() {
    let mut world = World::new();
    let form = LogForm { id: Some(record(41)), kind: Some(Kind::Denunciation), ..said("Lời kín") };
    let first = sit(&mut world, "cb", |desk| desk.log(&form)).expect("logged");
    let before = waits(&world);
    let entrusted = first.entrusted.clone().expect("sealed");
    assert_eq!((entrusted.office.as_str(), entrusted.held), ("mt", false));
    assert_ne!(first.id, record(41));
    assert_eq!(sit(&mut world, "cb", |desk| desk.log(&form)).expect("again"), first);
    assert_eq!(waits(&world), before);
    // Its id's time is the beginning of the local day.
    let millis = first.id.as_bytes()[..6].iter().fold(0_i64, |time, byte| time << 8 | i64::from(*byte));
    assert_eq!(millis, "2026-11-22T17:00:00Z".parse::<jiff::Timestamp>().expect("a time").as_millisecond());
    // Cut off before midnight and asked again after it.
    world.now = "2026-11-23T17:30:00Z".parse().expect("a time");
    assert_eq!(sit(&mut world, "cb", |desk| desk.log(&form)).expect("again").id, first.id);
    assert_eq!(waits(&world), before);
    let another = LogForm { id: Some(record(42)), ..form };
    assert_ne!(sit(&mut world, "cb", |desk| desk.log(&another)).expect("logged").id, first.id);
}

#[test]
fn what_cannot_be_logged_is_said_in_a_line_and_a_word() {
    let mut world = World::new();
    let mut fails = |form: LogForm| sit(&mut world, "cb", |desk| desk.log(&form)).expect_err("refused");
    let key = |error: DeskError| error.key();
    assert_eq!(key(fails(said(" \n"))), "text-empty");
    assert_eq!(key(fails(LogForm { answered: Some(String::new()), ..said("x") })), "text-empty");
    assert_eq!(key(fails(LogForm { at: Some("hôm qua".to_owned()), ..said("x") })), "not-a-time");
    assert_eq!(key(fails(LogForm { session: Some("S".to_owned()), ..said("x") })), "not-a-session");
    assert_eq!(key(fails(LogForm { sealed: true, answered: Some("x".to_owned()), ..said("x") })), "sealed-answered");
    let unknown = fails(LogForm { unit: Some("99999".to_owned()), ..said("x") });
    assert_eq!(unknown.key(), "unknown-unit");
    assert!(unknown.to_string().contains("(langnghe directory show)"));
    assert!(!unknown.line().contains("langnghe"), "{}", unknown.line());
    let elsewhere = fails(LogForm { unit: Some("30910".to_owned()), ..said("x") });
    assert!(elsewhere.to_string().contains("--as") && !elsewhere.line().contains("--as"));
}

#[test]
fn a_part_is_split_off_once() {
    let mut world = World::new();
    world.log(20, "2026-11-01T02:00:00Z", |_| {});
    let form = SplitForm {
        id: Some(record(43)),
        petition: sync::code::of(record(20)),
        text: "phần về đường".to_owned(),
        kind: Some(Kind::Proposal),
        category: None,
        at: None,
    };
    let first = sit(&mut world, "tn", |desk| desk.split(&form)).expect("split");
    let before = waits(&world);
    assert_eq!(sit(&mut world, "tn", |desk| desk.split(&form)).expect("again"), first);
    assert_eq!(waits(&world), before);
    let secret = SplitForm { kind: Some(Kind::Denunciation), ..form };
    assert_eq!(sit(&mut world, "tn", |desk| desk.split(&secret)).expect_err("refused").key(), "denunciation-sealed");
}

#[test]
fn lists_are_filtered_by_codes() {
    let mut world = World::new();
    world.log(20, "2026-11-01T02:00:00Z", |f| f.category = Some("border".into()));
    world.log(21, "2026-11-02T02:00:00Z", |_| {});
    let form: FilterForm = serde_json::from_str(r#"{"category":"land","unit":"30904"}"#).expect("a form");
    let filter = form.read(&world.replica, world.now).expect("codes");
    let rows = view::petitions(&world.replica, &filter, Page::default(), world.now).expect("a list");
    assert_eq!(rows.iter().map(|row| row.id).collect::<Vec<RecordId>>(), [record(20)]);
    let wrong = FilterForm { body: Some("ai".to_owned()), ..FilterForm::default() };
    assert_eq!(wrong.read(&world.replica, world.now).expect_err("no such body").key(), "unknown-body");
    assert!(serde_json::from_str::<FilterForm>(r#"{"categry":"land"}"#).is_err());
}
