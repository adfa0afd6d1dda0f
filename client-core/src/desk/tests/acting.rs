//! Events from forms, and asking again with the same form.

use serde_json::json;
use sync::id::EventId;
use sync::model::petition::Status;

use super::{sit, waits};
use crate::desk::{Act, ActForm, Acted, DeskError, IdentifyForm, PersonForm, SummaryForm, WhoForm};
use crate::view;
use crate::view::tests::desk::{Desk as World, id, record};

fn world() -> World {
    let mut world = World::new();
    world.log(20, "2026-11-01T02:00:00Z", |_| {});
    world
}

fn act(world: &mut World, post: &str, form: ActForm) -> Result<Acted, DeskError> {
    sit(world, post, |desk| desk.act(form))
}

fn form(act: serde_json::Value) -> ActForm {
    let form = json!({ "petition": sync::code::of(record(20)), "act": act });
    serde_json::from_value(form).expect("a form")
}

#[test]
fn every_verb_is_read_from_its_words() {
    let words = [
        json!({ "verb": "receive" }),
        json!({ "verb": "classify", "kind": "feedback", "category": "land" }),
        json!({ "verb": "refer", "to": "kt", "with": ["dl"], "due": "2026-12-01", "note": "n" }),
        json!({ "verb": "accept" }),
        json!({ "verb": "return", "reason": "r" }),
        json!({ "verb": "transfer", "to": "dl", "reason": "r" }),
        json!({ "verb": "extend", "until": "2026-12-31", "reason": "r" }),
        json!({ "verb": "pause", "reason": "r" }),
        json!({ "verb": "resume" }),
        json!({ "verb": "chase", "text": "t" }),
        json!({ "verb": "resolve", "outcome": "settled", "text": "t" }),
        json!({ "verb": "answer", "by": "in-person" }),
        json!({ "verb": "rate", "satisfied": true }),
        json!({ "verb": "close" }),
        json!({ "verb": "reopen", "reason": "r" }),
        json!({ "verb": "duplicate", "of": "X" }),
        json!({ "verb": "not-duplicate", "of": "X" }),
        json!({ "verb": "guide", "text": "t" }),
        json!({ "verb": "file", "reason": "r" }),
        json!({ "verb": "withdraw", "reason": "r" }),
        json!({ "verb": "comment", "text": "t" }),
        json!({ "verb": "correct", "field": "text", "to": "t", "why": "w" }),
    ];
    for words in words {
        let read: Act = serde_json::from_value(words.clone()).expect("a verb");
        let written = serde_json::to_value(&read).expect("JSON");
        assert_eq!(written["verb"], words["verb"]);
    }
    assert!(serde_json::from_value::<Act>(json!({ "verb": "close", "text": "t" })).is_ok_and(|a| a == Act::Close));
    assert!(serde_json::from_value::<Act>(json!({ "verb": "chase", "txt": "t" })).is_err());
}

#[test]
fn a_petition_goes_its_way_in_the_posts_that_may() {
    let mut world = world();
    let refer = ActForm {
        id: Some(EventId(id(50))),
        at: Some("2026-11-02".to_owned()),
        ..form(json!({ "verb": "refer", "to": "kt", "note": " " }))
    };
    let first = act(&mut world, "tn", refer.clone()).expect("referred");
    assert_eq!((first.event, first.status), (EventId(id(50)), Status::Referred));
    let before = waits(&world);
    assert_eq!(act(&mut world, "tn", refer).expect("again"), first);
    assert_eq!(waits(&world), before);
    let accepted = act(&mut world, "xl", form(json!({ "verb": "accept" }))).expect("accepted");
    assert_eq!((accepted.id, accepted.status), (record(20), Status::Accepted));
    let resolve = ActForm {
        on_behalf_of: Some("kt".to_owned()),
        paper: Some("12/CV".to_owned()),
        ..form(json!({ "verb": "resolve", "outcome": "explained", "text": "đã rõ" }))
    };
    assert_eq!(act(&mut world, "tn", resolve).expect("resolved").status, Status::Resolved);
}

#[test]
fn what_cannot_be_done_is_said_by_the_gates_own_key() {
    let mut world = world();
    let mut key = |post: &str, words| act(&mut world, post, form(words)).expect_err("refused").key();
    assert_eq!(key("cb", json!({ "verb": "chase", "text": " " })), "text-empty");
    assert_eq!(key("tn", json!({ "verb": "refer", "to": "không" })), "unknown-body");
    assert_eq!(key("tn", json!({ "verb": "close" })), "wrong-status");
    assert_eq!(key("ai", json!({ "verb": "receive" })), "not-your-post");
    assert_eq!(key("cb", json!({ "verb": "duplicate", "of": "KT-0000-0000" })), "not-an-id");
}

#[test]
fn corrections_take_codes_and_words() {
    let mut world = world();
    let correct = |field: &str, to: &str| form(json!({ "verb": "correct", "field": field, "to": to, "why": "nhầm" }));
    act(&mut world, "tn", correct("hamlet", "30904-vt")).expect("corrected");
    act(&mut world, "tn", correct("urgent", "yes")).expect("corrected");
    act(&mut world, "tn", correct("text", "Lời đúng\n")).expect("corrected");
    let row = view::petition_row(&world.replica, record(20), world.now).expect("a row");
    assert_eq!((row.hamlet.as_deref(), row.urgent, row.text.as_str()), (Some("30904-vt"), true, "Lời đúng"));
    assert_eq!(act(&mut world, "tn", correct("unit", "x")).expect_err("no such unit").key(), "unknown-unit");
}

#[test]
fn who_spoke_is_written_down_once_and_read_for_a_purpose() {
    let mut world = world();
    let petition = record(20).to_string();
    let form = IdentifyForm {
        id: Some(EventId(id(60))),
        petition: petition.clone(),
        person: PersonForm { name: Some("Người minh hoạ".to_owned()), ..PersonForm::default() },
    };
    let first = sit(&mut world, "cb", |desk| desk.identify(&form)).expect("written down");
    let before = waits(&world);
    assert_eq!(sit(&mut world, "cb", |desk| desk.identify(&form)).expect("again"), first);
    assert_eq!(waits(&world), before);
    let who: WhoForm = serde_json::from_value(json!({ "petition": petition, "purpose": "answer" })).expect("a form");
    let who = sit(&mut world, "cb", |desk| desk.who(&who)).expect("looked up").expect("may know");
    assert_eq!((who.name.as_deref(), who.others.len()), (Some("Người minh hoạ"), 0));
}

#[test]
fn only_sealed_petitions_are_summarised() {
    let mut world = world();
    let form = SummaryForm { id: None, petition: record(20).to_string(), text: "tóm tắt".to_owned(), at: None };
    assert_eq!(sit(&mut world, "tn", |desk| desk.summarise(&form)).expect_err("open").key(), "not-sealed");
    assert_eq!(sit(&mut world, "tn", |desk| desk.retry("7")).expect_err("none").key(), "no-refused-work");
    assert_eq!(sit(&mut world, "tn", |desk| desk.discard("p-x")).expect_err("none").key(), "no-refused-work");
}
