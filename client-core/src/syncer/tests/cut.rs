//! A link that is cut costs at most one frame.

use super::pull::others_comment;
use super::world::{World, log, record};
use crate::syncer::SyncError;

/// A server with a directory and two petitions, and a replica that has nothing yet.
pub fn filled() -> World {
    let mut world = World::new();
    world.run(log(20, world.now));
    world.run(log(21, world.now));
    world.sync().expect("a sync");
    others_comment(&mut world.server, 20, 70, false);
    let mut empty = World::unsynced();
    empty.server = world.server;
    empty.server.requests.clear();
    empty.server.small_frames = true;
    empty
}

#[test]
fn a_cut_at_any_byte_leaves_whole_frames_and_the_next_request_goes_on() {
    let whole = {
        let mut world = filled();
        usize::try_from(world.sync().expect("a sync").bytes_down).expect("few bytes")
    };
    for cut in (0..whole).step_by(97) {
        let mut world = filled();
        world.server.cut_after = Some(cut);
        match world.sync() {
            // Some frames came: the same sync asked again.
            Ok(report) => assert!(report.requests == 2, "cut at {cut}"),
            Err(SyncError::Cut) => {
                let report = world.sync().expect("a sync");
                assert_eq!(report.requests, 1, "cut at {cut}");
            }
            Err(other) => panic!("cut at {cut}: {other}"),
        }
        assert_eq!(world.events(20), 1, "cut at {cut}");
        assert!(world.status(21).is_some());
        assert_eq!(world.sync().expect("a sync").pulled, 0, "cut at {cut}");
    }
}

#[test]
fn acknowledgements_lost_in_a_cut_are_asked_for_again() {
    let mut world = World::new();
    world.run(log(20, world.now));
    world.server.cut_after = Some(3);
    assert!(matches!(world.sync(), Err(SyncError::Cut)));
    assert_eq!(world.status(20), Some(("logged".into(), 1)));
    let report = world.sync().expect("a sync");
    assert_eq!((report.pushed, report.pending), (1, 0));
    assert!(world.replica.receipts(record(20)).expect("receipts").created.is_some());
}

#[test]
fn a_record_that_came_in_part_is_asked_for_again() {
    let mut world = World::new();
    world.run(log(20, world.now));
    world.sync().expect("a sync");
    [70, 71, 72].into_iter().for_each(|n| others_comment(&mut world.server, 20, n, false));
    world.sync().expect("a sync");
    world.replica.connection().execute("INSERT INTO want VALUES (?1)", [record(20).as_bytes()]).expect("wanted");
    world.server.small_frames = true;
    let wanted = |world: &World| {
        let last = world.server.requests.last().expect("a request");
        last.wants.iter().flatten().copied().collect::<Vec<_>>()
    };
    // Four frames of more than 150 bytes: the record's own change and a comment come, two comments do not.
    world.server.cut_after = Some(900);
    let before = world.server.requests.len();
    world.sync().expect("a sync");
    assert_eq!(world.server.requests.len(), before + 2, "cut, and asked again");
    assert_eq!(wanted(&world), [record(20)]);
    world.sync().expect("a sync");
    assert_eq!(wanted(&world), [], "it is whole");
}
