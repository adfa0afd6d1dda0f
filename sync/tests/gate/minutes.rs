//! Letters of minutes: who may put them in and take them out, and what else a change of theirs may not do.

use automerge::legacy::{ElementId, Key, OpId, OpType};
use automerge::{ActorId, Change, ExpandedChange, ScalarValue};
use sync::document::session;
use sync::document::text::{place, put_edits, seen};
use sync::gate::{MAX_OPERATIONS, parse};
use sync::model::petition::Channel;
use sync::model::session::{SessionAction, SessionEvent, SessionEventBody, SessionFacts};
use sync::wire::RefusalCode;

use super::desk::{Desk, refusal};

fn facts() -> SessionFacts {
    SessionFacts {
        kind: Channel::Dialogue,
        unit: "xa".into(),
        at: "2026-11-22T08:00:00+07:00".parse().expect("a time"),
        by: "cb".into(),
        title: None,
        chair: None,
        present: None,
        stamped: None,
    }
}

/// A session with a paragraph and a conclusion.
fn held() -> Desk {
    let mut desk = Desk::of_a_session();
    let open = desk.write("lan", |tx| session::put_facts(tx, &facts()));
    desk.push("lan", open).expect("opened");
    let paragraph = desk.write("lan", |tx| session::append_minutes(tx, "Bà con nêu chuyện nước."));
    desk.push("lan", paragraph).expect("a paragraph");
    let body = SessionEventBody {
        action: SessionAction::Conclude { text: "xong".to_owned() },
        at: facts().at,
        by: "cb".into(),
        after: None,
        stamped: None,
    };
    let event = SessionEvent { id: desk.new_id(), body };
    let conclude = desk.write("lan", |tx| session::put_event(tx, &event));
    desk.push("lan", conclude).expect("concluded");
    desk
}

/// Takes out so many letters from the first on, and puts something there.
fn edit(desk: &mut Desk, user: &str, gone: usize, text: &str) -> Vec<u8> {
    let document = desk.document().clone();
    let edit = seen(&document, &[]).expect("readable").edit(0..gone, text);
    let placed = place(&document, &[edit]).expect("placed");
    let name = desk.new_id();
    desk.write_named(user, name, |tx| put_edits(tx, &placed))
}

fn reads(desk: &Desk) -> (String, usize) {
    let session = session::read(desk.document()).expect("a session");
    (session.minutes, session.events.len())
}

#[test]
fn whoever_may_write_minutes_may_change_them_and_nobody_else() {
    let mut desk = held();
    // Of another office: not in this place.
    let foreign = edit(&mut desk, "son", 6, "Dân");
    assert_eq!(refusal(desk.push("son", foreign).expect_err("no right")), RefusalCode::NotAllowed);
    let away = edit(&mut desk, "son", 6, "");
    assert_eq!(refusal(desk.push("son", away).expect_err("no right")), RefusalCode::NotAllowed);
    let own = edit(&mut desk, "lan", 6, "Người dân");
    desk.push("lan", own).expect("replaced");
    assert_eq!(reads(&desk), ("Người dân nêu chuyện nước.".to_owned(), 1));
    let away = edit(&mut desk, "lan", 10, "");
    desk.push("lan", away).expect("taken out");
    assert_eq!(reads(&desk), ("nêu chuyện nước.".to_owned(), 1));
}

#[test]
fn letters_that_go_count_like_letters_that_come() {
    let mut desk = held();
    let many = usize::try_from(MAX_OPERATIONS).expect("a number");
    let more = edit(&mut desk, "lan", 0, &"a".repeat(many + 1));
    assert_eq!(refusal(desk.push("lan", more).expect_err("too many")), RefusalCode::TooLarge);
    let most = edit(&mut desk, "lan", 0, &"\u{1d400}".repeat(many));
    desk.push("lan", most).expect("as many as there may be");
    let more = edit(&mut desk, "lan", many / 2, &"a".repeat(many / 2 + 1));
    assert_eq!(refusal(desk.push("lan", more).expect_err("too many")), RefusalCode::TooLarge);
    let most = edit(&mut desk, "lan", many, "");
    desk.push("lan", most).expect("as many as there may be");
}

/// What makes a sound change into something else.
type Forge<'a> = Box<dyn Fn(&mut ExpandedChange) + 'a>;

/// A change of Lan's that takes out the first letter, made into something else.
fn forged(desk: &mut Desk, forge: impl FnOnce(&mut ExpandedChange)) -> Vec<u8> {
    let sound = edit(desk, "lan", 1, "");
    let mut expanded = parse(&sound).expect("a change").expanded;
    forge(&mut expanded);
    let mut change = Change::from(expanded);
    change.bytes().to_vec()
}

/// The operation that wrote the conclusion.
fn conclusion(desk: &Desk) -> OpId {
    let last = desk.document().changes().pop().expect("changes").decode();
    OpId::new(last.start_op.get(), &last.actor_id)
}

#[test]
fn taking_out_a_letter_takes_out_nothing_else() {
    let mut desk = held();
    let before = reads(&desk);
    let event = conclusion(&desk);
    let lan: ActorId = event.actor().clone();
    let other_letter = OpId::new(5, &lan);
    let cases: Vec<Forge<'_>> = vec![
        Box::new(|c| c.operations[0].pred = vec![event.clone()].into()),
        Box::new(|c| {
            c.operations[0].pred = vec![event.clone()].into();
            c.operations[0].key = Key::Seq(ElementId::Id(event.clone()));
        }),
        Box::new(|c| {
            let own = c.operations[0].pred.get(0).cloned().expect("a letter");
            c.operations[0].pred = vec![own, event.clone()].into();
        }),
        Box::new(|c| c.operations[0].pred = vec![other_letter.clone()].into()),
        Box::new(|c| c.operations[0].pred = Vec::new().into()),
        Box::new(|c| c.operations[0].key = Key::head()),
        Box::new(|c| c.operations[0].insert = true),
        Box::new(|c| {
            c.operations[0].action = OpType::Put(ScalarValue::Str("x".into()));
        }),
    ];
    for (n, forge) in cases.iter().enumerate() {
        let bytes = forged(&mut desk, |c| forge(c));
        let verdict = desk.push("lan", bytes).err().unwrap_or_else(|| panic!("{n} was taken"));
        assert_eq!(refusal(verdict), RefusalCode::BadChange, "{n}");
    }
    assert_eq!(reads(&desk), before);
}

#[test]
fn a_letter_is_one_letter() {
    let mut desk = held();
    for text in ["", "ab", "a\u{301}"] {
        let bytes = forged(&mut desk, |c| {
            let op = &mut c.operations[0];
            op.action = OpType::Put(ScalarValue::Str(text.into()));
            op.insert = true;
            op.pred = Vec::new().into();
        });
        let verdict = desk.push("lan", bytes).err().unwrap_or_else(|| panic!("“{text}” was taken"));
        assert_eq!(refusal(verdict), RefusalCode::BadChange, "{text}");
    }
}
