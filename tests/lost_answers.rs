//! The server has done what it was asked, and its answer is lost.

mod support;

use client_core::syncer::{self, SyncError};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use server::store;
use support::{Fault, Hosted, Link, TWO_COMMUNES, now};

#[test]
fn an_enrolment_is_asked_for_again_with_the_same_code() {
    let server = Hosted::start(TWO_COMMUNES, now);
    let mut random = StdRng::seed_from_u64(11);
    let code = server.code("lan");
    let mut enroll = |home: &str, fault| {
        let mut link = Link::new(server.url(), fault);
        let (now, mut rng) = (support::now(), |b: &mut [u8]| random.fill_bytes(b));
        syncer::enroll(&server.home(home), server.url(), &code, None, now, &mut link, &mut rng)
    };
    let lost = enroll("phone", Fault::AnswerLost).expect_err("no answer");
    assert!(matches!(lost, SyncError::Unreachable(_)), "{lost}");
    // Whoever else has seen the code gains nothing by it.
    let other = enroll("thief", Fault::None).expect_err("used");
    assert!(matches!(other, SyncError::Server { ref kind, .. } if kind == "code-used"), "{other}");
    let phone = enroll("phone", Fault::None).expect("the same device again");
    let ledger = server.ledger();
    let devices: Vec<_> =
        store::devices(ledger.connection()).expect("devices").into_iter().filter(|d| !d.root).collect();
    assert_eq!(devices.iter().map(|d| d.id).collect::<Vec<_>>(), [phone.identity().device], "one device, not two");
    assert!(!server.home("phone").join("enrolling").exists(), "its keys are in the database now");
}
