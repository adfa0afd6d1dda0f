//! Events of a petition: under which ids, and how many.

use sync::document::petition::put_event;
use sync::document::session;
use sync::id::EventId;
use sync::model::petition::{Action, Channel};
use sync::model::session::{SessionAction, SessionEvent, SessionEventBody, SessionFacts};
use sync::wire::RefusalCode;
use uuid::Uuid;

use super::desk::{Desk, facts, refusal};

/// As the gate has it: so many events in one change, so many on one petition.
const A_CHANGE: usize = 256;
const A_PETITION: usize = 4096;

fn session_facts() -> SessionFacts {
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

fn logged() -> Desk {
    let mut desk = Desk::new();
    let log = desk.log("lan", &facts("cb", "a"));
    desk.push("lan", log).expect("logged");
    desk
}

#[test]
fn the_nil_id_is_no_events() {
    let mut desk = logged();
    let mut event = desk.made("cb", Action::Comment { text: "một".to_owned() });
    let id = event.id;
    event.id = EventId(Uuid::nil());
    let nil = desk.write("lan", |tx| put_event(tx, &event));
    assert_eq!(refusal(desk.push("lan", nil).expect_err("no id")), RefusalCode::BadChange);
    // The same under an id of its own is an event.
    event.id = id;
    let named = desk.write("lan", |tx| put_event(tx, &event));
    desk.push("lan", named).expect("an event");
}

#[test]
fn one_change_brings_so_many_events_and_no_more() {
    let mut desk = logged();
    let more = desk.comments("lan", "cb", A_CHANGE + 1);
    assert_eq!(refusal(desk.push("lan", more).expect_err("too many at once")), RefusalCode::TooLarge);
    let most = desk.comments("lan", "cb", A_CHANGE);
    desk.push("lan", most).expect("as many as there may be");
}

#[test]
fn a_petition_has_so_many_events_and_no_more() {
    let mut desk = logged();
    // All but the last are there already: to judge each of them would take long.
    for _ in 1..A_PETITION / A_CHANGE {
        let many = desk.comments("lan", "cb", A_CHANGE);
        desk.keep(&many);
    }
    let rest = desk.comments("lan", "cb", A_CHANGE - 1);
    desk.keep(&rest);
    let last = desk.comments("lan", "cb", 1);
    desk.push("lan", last).expect("the last there is room for");
    let more = desk.comments("lan", "cb", 1);
    assert_eq!(refusal(desk.push("lan", more).expect_err("one too many")), RefusalCode::TooLarge);
}

#[test]
fn what_is_written_apart_does_not_go_beyond_either() {
    let mut desk = logged();
    let mut alone = desk.clone();
    for _ in 0..A_PETITION / A_CHANGE {
        let many = desk.comments("lan", "cb", A_CHANGE);
        desk.keep(&many);
    }
    // Hoa has seen none of them. Her ids are her own.
    alone.skip_ids(1 << 32);
    let one = alone.comments("hoa", "tn", 1);
    assert_eq!(refusal(desk.push("hoa", one).expect_err("one too many")), RefusalCode::TooLarge);
}

#[test]
fn a_session_has_its_bounds_too() {
    let mut desk = Desk::of_a_session();
    let open = desk.write("lan", |tx| session::put_facts(tx, &session_facts()));
    desk.push("lan", open).expect("opened");
    let conclusions = |desk: &mut Desk, many: usize| {
        let events: Vec<SessionEvent> = (0..many)
            .map(|_| {
                let action = SessionAction::Conclude { text: "xong".to_owned() };
                let at = session_facts().at;
                let body = SessionEventBody { action, at, by: "cb".into(), after: None, stamped: None };
                SessionEvent { id: desk.new_id(), body }
            })
            .collect();
        desk.write("lan", |tx| events.iter().try_for_each(|event| session::put_event(tx, event)))
    };
    let more = conclusions(&mut desk, A_CHANGE + 1);
    assert_eq!(refusal(desk.push("lan", more).expect_err("too many at once")), RefusalCode::TooLarge);
    let most = conclusions(&mut desk, A_CHANGE);
    desk.push("lan", most).expect("as many as there may be");
}

#[test]
fn only_letters_of_minutes_come_under_a_name() {
    let mut desk = Desk::of_a_session();
    let open = desk.write("lan", |tx| session::put_facts(tx, &session_facts()));
    desk.push("lan", open).expect("opened");
    let name = desk.new_id();
    let paragraph = desk.write_named("lan", name, |tx| session::append_minutes(tx, "Bà con nêu chuyện nước."));
    desk.push("lan", paragraph).expect("a paragraph under its name");
    // An event has an id of its own: under a second one it could seem to have come earlier.
    let event = SessionEvent {
        id: desk.new_id(),
        body: SessionEventBody {
            action: SessionAction::Conclude { text: "xong".to_owned() },
            at: session_facts().at,
            by: "cb".into(),
            after: None,
            stamped: None,
        },
    };
    let name = desk.new_id();
    let named = desk.write_named("lan", name, |tx| session::put_event(tx, &event));
    assert_eq!(refusal(desk.push("lan", named).expect_err("two ids")), RefusalCode::BadChange);
    let nil = desk.write_named("lan", EventId(Uuid::nil()), |tx| session::append_minutes(tx, "Đoạn."));
    assert_eq!(refusal(desk.push("lan", nil).expect_err("no name")), RefusalCode::BadChange);
}
