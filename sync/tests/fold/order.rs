//! What orders events (what their authors had seen), and under which date they count.

use crate::support::*;
use jiff::{SignedDuration, Timestamp};
use sync::id::DeviceId;
use sync::model::petition::{ActionKind as K, Status as S, *};

#[test]
fn device_time_orders_nothing() {
    // Staff classify on a clock that is a year behind the officer's, having seen what the officer did.
    let history = History::new().at("2026-11-20T08:00:00Z").does(classify(Kind::Complaint, "land"));
    let history = history.at("2025-11-20T08:00:00Z").does(classify(Kind::Proposal, "tax"));
    assert_eq!(history.now().now.kind, Kind::Proposal);
    let at: Vec<Timestamp> = history.fold().moments.iter().map(|m| m.at).collect();
    assert_eq!(at[1], at[2], "a moment is never before the one it follows");
}

#[test]
fn the_longest_path_orders_and_then_the_id() {
    // 9 ← 5 ← 1 are a chain; 7 has seen only 9; so 9, 5 and 7, then 1.
    let chain = History::new().apart(9).does(simple(K::Receive));
    let long = chain.apart(5).does(simple(K::Comment)).apart(1).does(simple(K::Comment));
    let all = chain.apart(7).does(simple(K::Comment)).join(long);
    let order: Vec<_> = all.fold().effects.iter().map(|(id, _)| *id).collect();
    assert_eq!(order, [9, 5, 7, 1].map(event_id));
    let mut backwards = all.clone();
    backwards.events.reverse();
    assert_eq!(backwards.fold().effects, all.fold().effects);
}

#[test]
fn of_several_paths_the_longest_counts() {
    // 1 has seen the end of a chain of three and, apart from it, the lone 20: it comes after both.
    let chain = History::new().apart(10).does(simple(K::Comment)).does(simple(K::Comment)).does(simple(K::Comment));
    let lone = History::new().apart(20).does(simple(K::Comment));
    let joined = lone.clone().join(chain.clone()).apart(1).does(simple(K::Comment));
    let beside = chain.apart(30).does(simple(K::Comment));
    for all in [joined.clone().join(beside.clone()), beside.join(joined)] {
        let order: Vec<_> = all.fold().effects.iter().map(|(id, _)| *id).collect();
        assert_eq!(order, [10, 20, 11, 12, 1, 30].map(event_id));
        assert_eq!(all.events.len(), 6);
    }
}

#[test]
fn names_that_are_not_there_and_circles_do_no_harm() {
    let mut history = History::new().does(simple(K::Receive)).does(simple(K::Classify));
    history.events[0].body.after = Some(vec![event_id(77)]);
    assert_eq!(history.status(), S::Classified);
    history.events[0].body.after = Some(vec![event_id(2)]);
    let folded = history.fold();
    assert_eq!(folded.effects.len(), 2);
    history.events.reverse();
    assert_eq!(history.fold().effects, folded.effects);
}

#[test]
fn tips_are_what_nobody_has_seen() {
    let base = History::new().does(simple(K::Receive));
    let both = base.apart(30).does(simple(K::Comment)).join(base.apart(20).does(simple(K::Comment)));
    assert_eq!(tips(&both.events), [event_id(20), event_id(30)]);
    assert!(tips(&[]).is_empty());
}

#[test]
fn an_event_counts_under_its_own_date_within_the_lease_and_else_under_the_receipt() {
    let lease = SignedDuration::from_hours(14 * 24);
    let at = time("2026-11-01T10:00:00+07:00");
    let count = |received: &str, imported| counted(at, Some(time(received)), imported, lease);
    assert_eq!(count("2026-11-02T10:00:00+07:00", false), (at, false));
    assert_eq!(count("2026-11-15T10:00:00+07:00", false), (at, false), "fourteen days to the second");
    let late = time("2026-11-15T10:00:01+07:00");
    assert_eq!(count("2026-11-15T10:00:01+07:00", false), (late, true));
    assert_eq!(count("2027-11-15T10:00:01+07:00", true), (at, false), "a register's dates stay, however old");
    assert_eq!(counted(at, None, false, lease), (at, false), "what is not sent yet counts under its own time");
}

#[test]
fn a_late_event_moves_the_moment_but_not_the_order() {
    let history = History::new().refer("kt").body("kt", simple(K::Resolve));
    let took = time("2026-12-20T08:00:00+07:00");
    let received = Received { at: took, device: DeviceId::from_bytes([1; 16]), position: 5 };
    let receipts = Receipts { created: Some(received), events: [(history.events[0].id, received)].into() };
    let lease = SignedDuration::from_hours(14 * 24);
    let (logged, late) = receipts.counted_logging(&facts(), lease);
    assert_eq!((logged, late), (took, true));
    let folded = fold(&facts(), logged, &history.events, |e| receipts.counted(e, lease).0);
    assert_eq!(folded.last().status, S::Resolved);
    assert_eq!(folded.moments.iter().map(|m| m.at).collect::<Vec<_>>(), [took, took, took]);
    assert_eq!(folded.last().clock.referred, Some(took));
}
