//! Sessions of the month.

use sync::document::session::SessionRecord;
use sync::id::{DeviceId, PostId, RecordId};
use sync::model::petition::{Channel, Receipts, Received};
use sync::model::session::{SessionAction, SessionEvent, SessionEventBody, SessionFacts};

use super::world::*;
use crate::report::{Monthly, SessionFigures};

fn open(w: &World, kind: Channel, unit: &str, when: &str, present: Option<u32>) -> (SessionRecord, Receipts) {
    let at = w.at(when);
    let facts = SessionFacts {
        kind,
        unit: unit.into(),
        at,
        stamped: None,
        title: None,
        chair: None,
        present,
        by: PostId::from("cb"),
    };
    let created = Received { at, device: DeviceId::from_bytes([1; 16]), position: 1 };
    let record = SessionRecord { facts, minutes: String::new(), events: Vec::new() };
    (record, Receipts { created: Some(created), events: Default::default() })
}

fn same_as(w: &World, session: &mut (SessionRecord, Receipts), of: RecordId, when: &str) {
    let at = w.at(when);
    let id = event_id(&format!("same {when}"));
    let action = SessionAction::SameAs { of };
    let body = SessionEventBody { action, at, by: PostId::from("cb"), after: None, stamped: None };
    session.0.events.push(SessionEvent { id, body });
    session.1.events.insert(id, Received { at, device: DeviceId::from_bytes([1; 16]), position: 9 });
}

fn raise(w: &mut World, name: &str, session: &str, when: &str, on_spot: bool) {
    let mut p = w.log(name, when);
    p.record.facts.session = Some(record_id(session));
    if on_spot {
        w.at_once(&mut p, resolve());
        w.at_once(&mut p, answer());
    }
    w.put(&p);
}

fn counts(m: &Monthly) -> Vec<(Channel, [u64; 4])> {
    let row = |s: &SessionFigures| (s.kind, [s.held, s.present, s.petitions, s.answered_on_spot]);
    m.sessions.iter().map(row).collect()
}

#[test]
fn sessions_count_with_what_was_raised_at_them() {
    let mut w = World::new(DIRECTORY);
    let (a, ra) = open(&w, Channel::Dialogue, "u1", "2026-06-10 08:00", Some(40));
    w.put_session("a", a, ra);
    let (b, rb) = open(&w, Channel::Dialogue, "u2", "2026-06-30 23:59", Some(25));
    w.put_session("b", b, rb);
    let (c, rc) = open(&w, Channel::Visit, "u1", "2026-07-01 00:00", None);
    w.put_session("c", c, rc);
    // Three at a, one answered on the spot; one resolved later the same day is not. One at c.
    raise(&mut w, "p1", "a", "2026-06-10 09:00", true);
    raise(&mut w, "p2", "a", "2026-06-10 09:05", false);
    raise(&mut w, "p3", "a", "2026-06-10 09:10", false);
    let mut p3 = w.petitions[&record_id("p3")].clone();
    w.then(&mut p3, "2026-06-10 10:00", resolve());
    w.then(&mut p3, "2026-06-10 10:00", answer());
    w.put(&p3);
    raise(&mut w, "p4", "c", "2026-07-01 00:10", false);
    assert_eq!(counts(&w.month("2026-06")), [(Channel::Dialogue, [2, 65, 3, 1])]);
    assert_eq!(counts(&w.month("2026-07")), [(Channel::Visit, [1, 0, 1, 0])]);
    let mut query = w.query("2026-06", "2030-01-01 00:00");
    query.offices = Some(vec!["o2".into()]);
    assert_eq!(counts(&w.try_report(&query).expect("a report")), [(Channel::Dialogue, [1, 25, 0, 0])]);
    w.rebuild();
}

#[test]
fn one_occasion_opened_by_two_officers_is_one_session() {
    let mut w = World::new(DIRECTORY);
    let (mut a, mut b) = (
        open(&w, Channel::Dialogue, "u1", "2026-06-10 08:00", None),
        open(&w, Channel::Dialogue, "u1", "2026-06-10 08:02", Some(30)),
    );
    same_as(&w, &mut b, record_id("a"), "2026-06-12 08:00");
    w.put_session("a", a.0.clone(), a.1.clone());
    w.put_session("b", b.0, b.1);
    raise(&mut w, "p1", "a", "2026-06-10 09:00", false);
    raise(&mut w, "p2", "b", "2026-06-10 09:00", true);
    // The one that counts did not write down how many came; the other did.
    assert_eq!(counts(&w.month("2026-06")), [(Channel::Dialogue, [1, 30, 2, 1])]);
    // Before anybody had said so, they were two.
    let early = w.try_report(&w.query("2026-06", "2026-06-11 00:00")).expect("a report");
    assert_eq!(counts(&early), [(Channel::Dialogue, [2, 30, 2, 1])]);
    // Each names the other's: still one.
    same_as(&w, &mut a, record_id("b"), "2026-06-13 08:00");
    w.put_session("a", a.0, a.1);
    assert_eq!(counts(&w.month("2026-06")), [(Channel::Dialogue, [1, 30, 2, 1])]);
    w.rebuild();
}

#[test]
fn a_session_entered_after_the_lease_counts_when_it_arrived() {
    let mut w = World::new(DIRECTORY);
    let (a, mut ra) = open(&w, Channel::Reception, "u1", "2026-06-10 08:00", Some(5));
    ra.created.as_mut().expect("created").at = w.at("2026-07-10 08:00");
    w.put_session("a", a, ra);
    assert_eq!(counts(&w.month("2026-06")), []);
    assert_eq!(counts(&w.month("2026-07")), [(Channel::Reception, [1, 5, 0, 0])]);
}
