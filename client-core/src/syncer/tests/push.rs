//! Pushing: acknowledgements, refusals, and work run again.

use sync::id::RecordId;
use sync::wire::RefusalCode;

use super::world::{World, comment, event, log, record, refer};

#[test]
fn acknowledged_work_leaves_the_outbox_and_keeps_its_receipts() {
    let mut world = World::new();
    world.run(log(20, world.now));
    world.run(refer(20, 50, world.now));
    assert_eq!(world.status(20), Some(("referred".into(), 2)));
    let report = world.sync().expect("a sync");
    assert_eq!((report.pushed, report.pulled, report.refused, report.pending, report.requests), (2, 0, 0, 0, 1));
    assert_eq!(world.status(20), Some(("referred".into(), 0)));
    let receipts = world.replica.receipts(record(20)).expect("receipts");
    assert_eq!(receipts.created.map(|r| r.position), Some(2));
    assert_eq!(receipts.events.get(&event(50)).map(|r| r.position), Some(3));
    let again = world.sync().expect("a sync");
    assert_eq!((again.pushed, again.pulled, again.requests), (0, 0, 1));
}

#[test]
fn a_refused_change_waits_and_later_work_is_run_again() {
    let mut world = World::new();
    world.run(log(20, world.now));
    world.run(refer(20, 50, world.now));
    world.run(comment(20, 51, world.now));
    world.server.refuse.insert(1, RefusalCode::NotAllowed);
    let report = world.sync().expect("a sync");
    assert_eq!((report.pushed, report.refused, report.pending, report.requests), (2, 1, 0, 2));
    assert_eq!(world.status(20), Some(("logged".into(), 0)));
    assert_eq!(world.events(20), 1);
    let refused = world.replica.refused().expect("refused work");
    assert_eq!(refused.len(), 1);
    assert_eq!(refused[0].code, RefusalCode::NotAllowed);
    assert_eq!(refused[0].command.name(), "petition refer");
    // Its author sends it again, on what is there now.
    let retried = world.replica.retry(refused[0].id, world.now).expect("a retry").expect("found");
    assert_eq!(retried.event, Some(event(50)));
    assert_eq!(world.sync().expect("a sync").pushed, 1);
    assert_eq!(world.status(20), Some(("referred".into(), 0)));
    let theirs = sync::document::petition::read(&world.server.document(record(20))).expect("a petition");
    assert_eq!(theirs.events.len(), 2);
}

#[test]
fn work_on_a_record_that_was_refused_waits_with_it() {
    let mut world = World::new();
    world.run(log(20, world.now));
    world.run(comment(20, 50, world.now));
    world.server.refuse.insert(0, RefusalCode::NotAllowed);
    let report = world.sync().expect("a sync");
    assert_eq!((report.pushed, report.refused, report.pending), (0, 2, 0));
    assert_eq!(world.status(20), None);
    assert!(!world.replica.has(record(20)).expect("readable"));
    let codes: Vec<_> = world.replica.refused().expect("refused work").iter().map(|r| r.code).collect();
    assert_eq!(codes, [RefusalCode::NotAllowed, RefusalCode::Ancestor]);
    for refused in world.replica.refused().expect("refused work") {
        assert!(world.replica.retry(refused.id, world.now).expect("a retry").is_some());
    }
    assert_eq!(world.sync().expect("a sync").pushed, 2);
}

#[test]
fn a_reused_stream_is_left_for_a_fresh_one() {
    let mut world = World::new();
    world.run(log(20, world.now));
    let before = world.replica.identity().epoch;
    world.server.refuse.insert(0, RefusalCode::ActorReused);
    let report = world.sync().expect("a sync");
    assert_eq!((report.pushed, report.refused, report.pending), (1, 0, 0));
    assert_ne!(world.replica.identity().epoch, before);
    assert_eq!(world.status(20), Some(("logged".into(), 0)));
}

#[test]
fn what_was_discarded_is_gone() {
    let mut world = World::new();
    world.run(log(20, world.now));
    world.server.refuse.insert(0, RefusalCode::NotAllowed);
    world.sync().expect("a sync");
    let refused = world.replica.refused().expect("refused work");
    assert!(world.replica.discard(refused[0].id).expect("discarded"));
    assert!(!world.replica.discard(refused[0].id).expect("nothing"));
    assert_eq!(world.replica.totals().expect("totals").refused, 0);
}

#[test]
fn many_commands_are_sent_in_several_requests() {
    let mut world = World::new();
    let commands: Vec<_> = (0..4100u32)
        .map(|n| {
            let mut bytes = [77; 16];
            bytes[..4].copy_from_slice(&n.to_be_bytes());
            let mut command = log(20, world.now);
            if let crate::command::Command::LogPetition { record, .. } = &mut command {
                *record = RecordId(uuid::Builder::from_custom_bytes(bytes).into_uuid());
            }
            command
        })
        .collect();
    let done = world.replica.execute_all(&commands, world.now).expect("an import");
    assert!(done.iter().all(Result::is_ok));
    let report = world.sync().expect("a sync");
    assert_eq!((report.pushed, report.pending), (4100, 0));
    // Little first, then more, as it arrives; what is new comes with the last.
    let sent: Vec<_> = world.server.requests[1..].iter().collect();
    assert_eq!(sent.len() as u64, report.requests);
    let changes: Vec<usize> = sent.iter().map(|r| r.push.as_ref().map_or(0, Vec::len)).collect();
    assert!(changes.len() >= 3 && changes[1] > changes[0] * 3 / 2 && changes[2] > changes[1] * 3 / 2, "{changes:?}");
    let (last, before) = sent.split_last().expect("requests");
    assert!(before.iter().all(|r| r.only_push == Some(true)));
    assert_eq!(last.only_push, None);
}
