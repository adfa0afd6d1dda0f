//! Pulling: others' changes, what is lacking, what leaves.

use sync::document::petition::put_event;
use sync::id::{ActorId, Epoch};
use sync::model::petition::{Action, Event, EventBody, tips};
use uuid::Uuid;

use super::server::{ADMIN_KEY, Server};
use super::world::{ADMIN, World, comment, event, log, record};
use crate::syncer::SyncError;

const THEIR_EPOCH: Epoch = Epoch(Uuid::from_bytes([60; 16]));

/// Another device comments on a record.
pub fn others_comment(server: &mut Server, n: u8, event_number: u8, hide: bool) {
    let mut document = server.document(record(n));
    let events = sync::document::petition::read(&document).expect("a petition").events;
    let after = tips(&events);
    let body = EventBody {
        action: Action::Comment { text: "của người khác".into() },
        at: server.now,
        by: "tn".into(),
        after: (!after.is_empty()).then_some(after),
        body: None,
        on_behalf: None,
        paper: None,
        stamped: None,
        imported: None,
    };
    let actor = ActorId::derive(&ADMIN_KEY, record(n), THEIR_EPOCH);
    let event = Event { id: event(event_number), body };
    let written = document.write(actor, |tx| put_event(tx, &event)).expect("a change");
    server.put(record(n), ADMIN, THEIR_EPOCH, &written.bytes);
    if hide {
        server.hidden.push(record(n));
    }
}

#[test]
fn others_changes_are_merged_with_unsent_work() {
    let mut world = World::new();
    world.run(log(20, world.now));
    world.sync().expect("a sync");
    others_comment(&mut world.server, 20, 70, false);
    world.run(comment(20, 51, world.now));
    let report = world.sync().expect("a sync");
    assert_eq!((report.pushed, report.pulled, report.pending), (1, 1, 0));
    assert_eq!(world.events(20), 2);
    assert_eq!(world.replica.receipts(record(20)).expect("receipts").events[&event(70)].device, ADMIN);
}

#[test]
fn a_record_that_leaves_is_let_go_of() {
    let mut world = World::new();
    world.run(log(20, world.now));
    world.run(log(21, world.now));
    world.sync().expect("a sync");
    world.server.leave.push(record(20));
    world.sync().expect("a sync");
    assert!(!world.replica.has(record(20)).expect("readable"));
    assert_eq!(world.status(20), None);
    assert!(world.status(21).is_some());
}

#[test]
fn a_receipt_that_is_not_the_servers_stops_everything() {
    let mut world = World::new();
    world.run(log(20, world.now));
    world.server.wrong_receipt = true;
    assert!(matches!(world.sync(), Err(SyncError::Receipt)));
    assert_eq!(world.status(20), Some(("logged".into(), 1)));
    world.server.wrong_receipt = false;
    assert_eq!(world.sync().expect("a sync").pushed, 1);
}

#[test]
fn a_second_process_is_told_that_the_folder_is_in_use() {
    let world = World::new();
    let home = world.home.path().join("home");
    let now = world.now;
    let open = || crate::replica::Replica::open(&home, None, now, &mut |b| b.fill(3));
    assert!(matches!(open(), Err(crate::replica::ReplicaError::Busy(_))));
    let World { replica, home: _home, .. } = world;
    drop(replica);
    let again = open().expect("free again");
    assert!(again.directory().post(&"cb".into()).is_some());
}
