//! Leaving: nothing is forgotten that was not handed over, also not what was done meanwhile.

use minicbor::bytes::ByteArray;
use sync::wire::TenantKeys;

use super::world::{World, log};
use crate::replica::Replica;
use crate::store::meta;
use crate::syncer::{Ended, Exchange, Leaving, Outgoing, Step, SyncError};

fn world() -> World {
    let mut world = World::new();
    let recovery = x25519_dalek::PublicKey::from(&x25519_dalek::StaticSecret::from([21; 32]));
    let keys = TenantKeys {
        identity: ByteArray::from([20; 32]),
        recovery: Some(ByteArray::from(recovery.to_bytes())),
        handlers: None,
    };
    let tx = world.replica.connection.transaction().expect("begun");
    meta::put_tenant_keys(&tx, &keys).expect("kept");
    tx.commit().expect("committed");
    world.run(log(20, world.now));
    world
}

fn next(world: &mut World, leaving: &mut Leaving) -> Step<()> {
    leaving.next(&mut world.replica, world.now, &mut |_| {}).expect("a step")
}

fn signed_for(world: &mut World, leaving: &mut Leaving, outgoing: &Outgoing) {
    let answer = world.server.signs_for(&outgoing.body);
    leaving.head(&mut world.replica, 200, &[]).expect("good");
    for piece in answer.as_bytes().chunks(9) {
        leaving.body(&mut world.replica, piece, world.now, &mut |_| {}).expect("read");
    }
    leaving.end(&mut world.replica, Ended::Whole, world.now, &mut |_| {}).expect("signed for");
}

#[test]
fn what_is_logged_while_a_device_leaves_is_handed_over_too() {
    let mut world = world();
    let mut leaving = Leaving::default();
    let Step::Send(first) = next(&mut world, &mut leaving) else { panic!("an upload") };
    world.run(log(21, world.now));
    signed_for(&mut world, &mut leaving, &first);
    let Step::Send(second) = next(&mut world, &mut leaving) else { panic!("the other petition") };
    assert_ne!(first.body, second.body);
    signed_for(&mut world, &mut leaving, &second);
    assert!(matches!(next(&mut world, &mut leaving), Step::Done(())));
    leaving.forget(world.replica).expect("nothing is lost by it");
}

#[test]
fn a_replica_on_which_something_was_done_since_is_not_wiped() {
    let mut world = world();
    let mut leaving = Leaving::default();
    let Step::Send(outgoing) = next(&mut world, &mut leaving) else { panic!("an upload") };
    signed_for(&mut world, &mut leaving, &outgoing);
    assert!(matches!(next(&mut world, &mut leaving), Step::Done(())));
    world.run(log(21, world.now));
    let World { replica, home, now, .. } = world;
    assert!(matches!(leaving.forget(replica), Err(SyncError::Overtaken)));
    let replica = Replica::open(&home.path().join("home"), None, now, &mut |b| b.fill(3)).expect("it is there");
    assert_eq!(replica.totals().expect("totals").pending, 2);
}

#[test]
fn without_the_servers_signature_nothing_is_wiped() {
    let mut world = world();
    let leaving = Leaving::default();
    assert!(matches!(leaving.forget(world.replica), Err(SyncError::Overtaken)));
    world = self::world();
    let mut leaving = Leaving::default();
    let Step::Send(_) = next(&mut world, &mut leaving) else { panic!("an upload") };
    let forged = world.server.signs_for(b"something else");
    leaving.head(&mut world.replica, 200, &[]).expect("good");
    leaving.body(&mut world.replica, forged.as_bytes(), world.now, &mut |_| {}).expect("read");
    let end = leaving.end(&mut world.replica, Ended::Whole, world.now, &mut |_| {});
    assert!(matches!(end, Err(SyncError::Receipt)));
}
