//! Who spoke waits until the server has it, whatever becomes of other work.

use sync::id::{EventId, RecordId};
use sync::identity::{DataKey, Version};
use sync::reason::Reason;
use sync::wire::IdentityAsk;

use super::world::{DEVICE, World};
use crate::store::identities::{self, Held, State};

#[test]
fn giving_up_other_work_lets_go_of_nobody() {
    let mut world = World::new();
    let held = Held {
        version: Version {
            version: EventId::from_bytes([1; 16]),
            identity: EventId::from_bytes([2; 16]),
            // Its petition has left this device.
            record: RecordId::from_bytes([3; 16]),
            after: Vec::new(),
            at: 0,
            body: vec![4; 64],
        },
        device: DEVICE,
        user: "lan".into(),
        signature: [5; 64],
        key: DataKey([6; 32]),
        state: State::Pending,
        sealed: None,
    };
    let tx = world.replica.connection.transaction().expect("begun");
    identities::put(&tx, &held).expect("kept");
    tx.commit().expect("committed");
    assert!(!world.replica.discard(77).expect("nothing refused has that number"));
    assert_eq!(world.replica.totals().expect("read").pending, 1);
}

#[test]
fn a_question_that_was_asked_again_for_another_purpose_is_not_answered_by_the_first() {
    let mut world = World::new();
    let record = RecordId::from_bytes([3; 16]);
    let (first, second) = (EventId::from_bytes([1; 16]), EventId::from_bytes([2; 16]));
    let ask = |id, purpose: &str| IdentityAsk { record, purpose: purpose.to_owned(), note: None, id: Some(id) };
    let tx = world.replica.connection.transaction().expect("begun");
    identities::ask(&tx, &ask(first, "answer")).expect("asked");
    // The first is on its way.
    identities::ask(&tx, &ask(second, "verify")).expect("asked");
    identities::answered(&tx, record, Some(first), Some(&Reason::from_parts(["by-the-script"]))).expect("noted");
    identities::answered(&tx, record, Some(first), None).expect("noted");
    assert_eq!(identities::asks(&tx).expect("read"), [ask(second, "verify")]);
    identities::answered(&tx, record, Some(second), None).expect("noted");
    assert_eq!(identities::asks(&tx).expect("read"), []);
}
