//! A clock that is wrong: the offset is learnt, and unsent work stamped again with both times kept.

use jiff::SignedDuration;
use sync::document::petition::read;

use super::world::{World, comment, log, record};

#[test]
fn unsent_work_of_a_fast_clock_is_stamped_again() {
    let mut world = World::new();
    let right = world.now;
    let ahead = SignedDuration::from_hours(30);
    world.now = right.checked_add(ahead).expect("a time");
    world.run(log(20, world.now));
    world.run(comment(20, 50, world.now));
    let report = world.sync().expect("a sync");
    assert_eq!((report.pushed, report.refused, report.requests), (2, 0, 2));
    let petition = read(&world.server.document(record(20))).expect("a petition");
    assert_eq!(petition.facts.at, right);
    assert_eq!(petition.facts.stamped, Some(world.now));
    assert_eq!(petition.events[0].body.at, right);
    assert_eq!(petition.events[0].body.stamped, Some(world.now));
    assert_eq!(world.replica.clock(world.now).expect("a clock"), right);
    // From now on the offset is known.
    assert_eq!(world.sync().expect("a sync").requests, 1);
}

#[test]
fn a_slow_clock_is_learnt_and_its_work_left_as_it_is() {
    let mut world = World::new();
    let slow = world.now.checked_sub(SignedDuration::from_hours(2)).expect("a time");
    world.now = slow;
    world.run(log(20, slow));
    assert_eq!(world.sync().expect("a sync").pushed, 1);
    let petition = read(&world.server.document(record(20))).expect("a petition");
    assert_eq!((petition.facts.at, petition.facts.stamped), (slow, None));
}
