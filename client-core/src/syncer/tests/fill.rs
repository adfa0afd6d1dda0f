//! A new fill: what it does not name and has nothing unsent is let go of at its end.

use super::world::{World, comment, log, record};
use crate::syncer::SyncReport;

#[test]
fn what_a_fill_does_not_name_is_let_go_of_unless_work_waits() {
    let mut world = World::new();
    for n in [20, 21, 22] {
        world.run(log(n, world.now));
    }
    world.sync().expect("a sync");
    // The device's posts change: one petition stays, two are not for it any more; on one of these it has unsent work,
    // which the server takes or refuses as it will.
    world.server.grant = 2;
    world.server.hidden = vec![record(20), record(21)];
    world.run(comment(21, 50, world.now));
    world.server.refuse.insert(3, sync::wire::RefusalCode::NoRecord);
    let report = world.sync().expect("a sync");
    assert_eq!((report.refused, report.pending), (1, 0));
    assert!(!world.replica.has(record(20)).expect("readable"));
    assert!(!world.replica.has(record(21)).expect("readable"));
    assert!(world.replica.has(record(22)).expect("readable"));
    // The refused word is kept for its author.
    assert_eq!(world.replica.refused().expect("refused work").len(), 1);
}

/// One petition is not for this device any more; the fill that says so comes in small frames, cut after so many bytes.
fn refilled(cut_after: Option<usize>) -> (World, SyncReport) {
    let mut world = World::new();
    for n in [20, 21, 22] {
        world.run(log(n, world.now));
    }
    world.sync().expect("a sync");
    world.server.grant = 2;
    world.server.hidden = vec![record(20)];
    world.server.small_frames = true;
    world.server.cut_after = cut_after;
    let report = world.sync().expect("a sync");
    (world, report)
}

#[test]
fn a_fill_that_was_cut_goes_on_and_still_lets_go() {
    let (_, whole) = refilled(None);
    let nearly_all = usize::try_from(whole.bytes_down).expect("few bytes") - 30;
    let (world, report) = refilled(Some(nearly_all));
    assert_eq!(report.requests, 2);
    assert!(!world.replica.has(record(20)).expect("readable"));
    assert!(world.status(21).is_some() && world.status(22).is_some());
    assert!(world.replica.directory().post(&"cb".into()).is_some());
}
