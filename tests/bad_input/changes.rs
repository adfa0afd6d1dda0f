//! Requests in order that bring changes which are not.

use jiff::SignedDuration;
use sync::document::petition::put_facts;

use sync::id::{BodyId, RecordId};
use sync::model::petition::{Action, Facts};
use sync::wire::{Ack, RefusalCode};

use super::Office;
use super::support::{Device, Push, assert_one_line, now};

/// Why a change was refused: with a reason both ends know, which says nothing of the petitioner's words.
fn refusal(ack: &Ack) -> RefusalCode {
    match ack {
        Ack::Refused { code, reason } => {
            assert_one_line(&reason.to_string());
            assert!(reason.key().is_some() && !reason.to_string().contains("Bà con"), "{reason}");
            *code
        }
        taken => panic!("not refused: {taken:?}"),
    }
}

fn accepted(ack: &Ack) -> bool {
    matches!(ack, Ack::Accepted { .. })
}

fn facts(device: &Device) -> Facts {
    device.facts("cb-30904", "30904", "Bà con mong sửa cầu")
}

#[test]
fn a_wrong_value_is_refused_and_its_neighbours_are_taken() {
    let office = Office::open();
    let device = Device::enroll(&office.server, "lan", 11);
    let good = facts(&device);
    let ahead = now().checked_add(SignedDuration::from_hours(2 * 365 * 24)).expect("a time");
    let wrong: [(Facts, RefusalCode); 8] = [
        (Facts { unit: "99999".into(), ..good.clone() }, RefusalCode::UnknownCode),
        (Facts { category: Some("nothing".into()), ..good.clone() }, RefusalCode::UnknownCode),
        // A hamlet where a commune must be.
        (Facts { unit: "30904-vt".into(), ..good.clone() }, RefusalCode::BadValue),
        // Another commune than the officer's, and a post that is somebody else's.
        (Facts { unit: "30910".into(), ..good.clone() }, RefusalCode::NotAllowed),
        (Facts { by: "tn-30904".into(), ..good.clone() }, RefusalCode::NotAllowed),
        (Facts { text: "x".repeat(2 * 1024 * 1024), ..good.clone() }, RefusalCode::TooLarge),
        (Facts { text: "   ".to_owned(), ..good.clone() }, RefusalCode::BadValue),
        // The clock of the change itself, in a request that is signed at the right time.
        (Facts { at: ahead, ..good.clone() }, RefusalCode::Clock),
    ];
    let mut push = Push::default();
    for (facts, _) in &wrong {
        for facts in [facts, &good] {
            let record = device.record();
            let (_, written) = device.petition(record, facts);
            device.add(&mut push, record, &written);
        }
    }
    let acks = device.push(push);
    assert_eq!(acks.len(), 16);
    for ((facts, code), pair) in wrong.iter().zip(acks.chunks(2)) {
        assert_eq!(refusal(&pair[0]), *code, "unit {} by {} of {} bytes", facts.unit, facts.by, facts.text.len());
        assert!(accepted(&pair[1]), "{:?}", pair[1]);
    }
    office.assert_unharmed();
}

/// An officer may not refer. In one push: a petition (taken), a referral on it (refused), a comment that stands on the
/// referral (refused with it), and another petition (taken). What was refused is in nobody's document.
#[test]
fn an_event_without_the_right_is_refused_alone() {
    let office = Office::open();
    let device = Device::enroll(&office.server, "lan", 12);
    let (record, other) = (device.record(), device.record());
    let (mut document, logged) = device.petition(record, &facts(&device));
    let refer = Action::Refer { to: BodyId::from("kt"), with: None, due: None, note: None };
    let (referral, referred) = device.event(&mut document, record, refer, "cb-30904", None);
    let comment = Action::Comment { text: "Bà con hỏi lại".to_owned() };
    let (_, commented) = device.event(&mut document, record, comment, "cb-30904", Some(referral));
    let (_, beside) = device.petition(other, &facts(&device));
    let mut push = Push::default();
    device.add(&mut push, record, &logged);
    device.add(&mut push, record, &referred);
    device.add(&mut push, record, &commented);
    device.add(&mut push, other, &beside);
    let acks = device.push(push);
    assert!(accepted(&acks[0]) && accepted(&acks[3]), "{acks:?}");
    assert_eq!(refusal(&acks[1]), RefusalCode::NotAllowed);
    assert_eq!(refusal(&acks[2]), RefusalCode::Ancestor);
    office.lan.sync();
    let seen = office.lan.show(&record.to_string());
    assert_eq!((seen["status"].as_str(), seen["events"].as_array().map(Vec::len)), (Some("logged"), Some(0)), "{seen}");
    assert_eq!(office.lan.status_of(&other.to_string()), "logged");
    office.assert_unharmed();
}

/// Pushed by one device, written by another: neither the signature nor the actor is its own.
#[test]
fn nobody_writes_in_anothers_name() {
    let office = Office::open();
    let lan = Device::enroll(&office.server, "lan", 13);
    let hung = Device::enroll(&office.server, "hung", 14);
    let record = lan.record();
    let (_, written) = lan.petition(record, &facts(&lan));
    // Hùng carries Lan's change and signs it himself: the server rebuilds it under Hùng's actor, which is another change.
    let mut push = Push::default();
    hung.add(&mut push, record, &written);
    let acks = hung.push(push);
    assert_eq!(refusal(&acks[0]), RefusalCode::BadSignature);
    // Lan's own push of the very same change is taken.
    let mut push = Push::default();
    lan.add(&mut push, record, &written);
    assert!(accepted(&lan.push(push)[0]));
    office.assert_unharmed();
}

/// Facts are written once, events are written once.
#[test]
fn what_is_written_once_is_not_written_again() {
    let office = Office::open();
    let device = Device::enroll(&office.server, "lan", 15);
    let record = device.record();
    let (mut document, logged) = device.petition(record, &facts(&device));
    let other = Facts { text: "Bà con không nói thế".to_owned(), ..facts(&device) };
    let rewritten = device.write(&mut document, record, |tx| put_facts(tx, &other));
    let mut push = Push::default();
    device.add(&mut push, record, &logged);
    device.add(&mut push, record, &rewritten);
    let acks = device.push(push);
    assert!(accepted(&acks[0]));
    assert_eq!(refusal(&acks[1]), RefusalCode::Immutable);
    // The same push again changes nothing and is told so.
    let mut push = Push::default();
    device.add(&mut push, record, &logged);
    assert!(matches!(device.push(push)[0], Ack::Duplicate { .. }));
    office.assert_unharmed();
}

/// A change on a record the server does not have waits; it is neither taken nor thrown away by a refusal.
#[test]
fn a_change_whose_ground_is_missing_is_asked_for() {
    let office = Office::open();
    let device = Device::enroll(&office.server, "lan", 16);
    let record: RecordId = device.record();
    let (mut document, logged) = device.petition(record, &facts(&device));
    let comment = Action::Comment { text: "Bà con hỏi lại".to_owned() };
    let (_, commented) = device.event(&mut document, record, comment, "cb-30904", None);
    let mut push = Push::default();
    device.add(&mut push, record, &commented);
    let acks = device.push(push);
    assert_eq!(acks, [Ack::Waiting { deps: vec![logged.hash] }]);
    let mut push = Push::default();
    device.add(&mut push, record, &logged);
    device.add(&mut push, record, &commented);
    assert!(device.push(push).iter().all(accepted));
    office.assert_unharmed();
}
