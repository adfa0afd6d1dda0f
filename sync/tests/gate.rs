//! The gate: what an honest device writes passes; everything else is refused with a reason, and nothing panics out of it.

#[path = "gate/chunks.rs"]
mod chunks;
#[path = "gate/desk.rs"]
mod desk;
#[path = "gate/events.rs"]
mod events;
#[path = "gate/hamlets.rs"]
mod hamlets;
#[path = "gate/minutes.rs"]
mod minutes;
#[path = "gate/sealed.rs"]
mod sealed;

use automerge::transaction::Transactable;
use automerge::{ROOT, ScalarValue};
use desk::{Desk, facts, refusal};
use proptest::prelude::*;
use sync::document::petition::put_facts;
use sync::gate::{Verdict, parse};
use sync::model::petition::{Action, Kind, Outcome};
use sync::wire::{MAX_CHANGE_BYTES, RefusalCode};
use sync::wire::{Stripper, Unstripper};

#[test]
fn what_an_officer_writes_passes_and_reads_back() {
    let mut desk = Desk::new();
    let log = desk.log("lan", &facts("cb", "Đường ấp ngập nước."));
    let admitted = desk.push("lan", log).expect("an officer may log in the own unit");
    assert!(admitted.created);
    let receive = desk.event("hoa", "tn", Action::Receive, None);
    desk.push("hoa", receive).expect("Front staff may receive");
}

#[test]
fn a_change_under_anothers_key_is_no_change_of_ours() {
    let mut desk = Desk::new();
    let log = desk.log("lan", &facts("cb", "a"));
    // Hoa's device hands in what Lan's device wrote: the actor is not hers.
    let verdict = desk.push("hoa", log).expect_err("the actor is computed from the device's key");
    assert_eq!(refusal(verdict), RefusalCode::BadChange);
}

#[test]
fn posts_decide_what_may_be_done() {
    let mut desk = Desk::new();
    let log = desk.log("lan", &facts("cb", "a"));
    desk.push("lan", log).expect("logged");
    // An officer may not refer: the rights table has `no` there.
    let refer = Action::Refer { to: "kt".into(), with: None, due: None, note: None };
    let by_officer = desk.event("lan", "cb", refer.clone(), None);
    assert_eq!(refusal(desk.push("lan", by_officer).expect_err("no right")), RefusalCode::NotAllowed);
    // Nor may she use a post that she does not hold.
    let borrowed = desk.event("lan", "tn", refer.clone(), None);
    assert_eq!(refusal(desk.push("lan", borrowed).expect_err("not her post")), RefusalCode::NotAllowed);
    let staff = desk.event("hoa", "tn", refer, None);
    desk.push("hoa", staff).expect("Front staff refer");
    // Staff resolve for a body only with its paper.
    let resolve = Action::Resolve { outcome: Outcome::Settled, text: "Đã sửa.".to_owned() };
    let without = desk.event("hoa", "tn", resolve.clone(), Some(("kt", true, None)));
    assert_eq!(refusal(desk.push("hoa", without).expect_err("no paper")), RefusalCode::NotAllowed);
    // A body that does not hold the petition cannot resolve it.
    let other = desk.event("son", "xl-vh", resolve.clone(), Some(("vh", false, None)));
    assert_eq!(refusal(desk.push("son", other).expect_err("not holding")), RefusalCode::NotAllowed);
    let with = desk.event("hoa", "tn", resolve, Some(("kt", true, Some("12/CV"))));
    desk.push("hoa", with).expect("for the body, with its paper");
}

#[test]
fn an_officer_resolves_only_on_the_spot() {
    let mut desk = Desk::new();
    let log = desk.log("lan", &facts("cb", "a"));
    desk.push("lan", log).expect("logged");
    let resolve = Action::Resolve { outcome: Outcome::Settled, text: "Xong.".to_owned() };
    let later = desk.event("lan", "cb", resolve, None);
    assert_eq!(refusal(desk.push("lan", later).expect_err("not on the spot")), RefusalCode::NotAllowed);
}

#[test]
fn codes_texts_and_times_are_checked() {
    let mut desk = Desk::new();
    let cases = [
        (
            {
                let mut f = facts("cb", "a");
                f.unit = "nowhere".into();
                f
            },
            RefusalCode::UnknownCode,
        ),
        (
            {
                let mut f = facts("cb", "a");
                f.category = Some("nothing".into());
                f
            },
            RefusalCode::UnknownCode,
        ),
        (facts("cb", "   "), RefusalCode::BadValue),
        (facts("cb", &"x".repeat(65 * 1024)), RefusalCode::TooLarge),
        (
            {
                let mut f = facts("cb", "a");
                f.kind = Kind::Denunciation;
                f
            },
            RefusalCode::BadValue,
        ),
        // Two years ahead of the desk's clock.
        (
            {
                let mut f = facts("cb", "a");
                f.at = "2028-11-23T03:00:00Z".parse().expect("a time");
                f
            },
            RefusalCode::Clock,
        ),
        // The neighbours' commune.
        (
            {
                let mut f = facts("cb", "a");
                f.unit = "other".into();
                f
            },
            RefusalCode::NotAllowed,
        ),
    ];
    for (facts, expected) in cases {
        let log = desk.log("lan", &facts);
        assert_eq!(refusal(desk.push("lan", log).expect_err("refused")), expected);
        desk.forget();
    }
}

#[test]
fn facts_and_events_are_written_once() {
    let mut desk = Desk::new();
    let log = desk.log("lan", &facts("cb", "a"));
    desk.push("lan", log).expect("logged");
    let rewritten = desk.write("lan", |tx| Ok(tx.put(ROOT, "text", "b")?));
    assert_eq!(refusal(desk.push("lan", rewritten).expect_err("written once")), RefusalCode::Immutable);
    let odd = desk.write("lan", |tx| Ok(tx.put(ROOT, "colour", "b")?));
    assert_eq!(refusal(desk.push("lan", odd).expect_err("unknown fact")), RefusalCode::BadChange);
    let nested = desk.write("lan", |tx| Ok(tx.put_object(ROOT, "events", automerge::ObjType::Map).map(|_| ())?));
    assert!(matches!(desk.push("lan", nested), Err(Verdict::Refused(_))));
    // An event that is a map, not a value.
    let map = desk.write("lan", |tx| {
        let (_, events) = automerge::ReadDoc::get(tx, ROOT, "events")?.expect("the genesis made it");
        Ok(tx.put(&events, "AAAAAAAAAAAAAAAAAAAAAA", ScalarValue::Int(3))?)
    });
    assert!(matches!(desk.push("lan", map), Err(Verdict::Refused(_))));
}

#[test]
fn a_change_waits_for_what_it_stands_on() {
    let mut desk = Desk::new();
    let log = desk.log("lan", &facts("cb", "a"));
    let mut ahead = desk.clone();
    ahead.push("lan", log.clone()).expect("logged");
    let receive = ahead.event("hoa", "tn", Action::Receive, None);
    match desk.push("hoa", receive.clone()) {
        Err(Verdict::Waiting(deps)) => assert_eq!(deps.len(), 1),
        other => panic!("expected to wait, got {other:?}"),
    }
    desk.push("lan", log).expect("logged");
    desk.push("hoa", receive).expect("now it stands on something");
}

#[test]
fn a_record_is_created_once_also_apart() {
    let mut desk = Desk::new();
    let log = desk.log("lan", &facts("cb", "a"));
    let mut blank = desk.clone();
    desk.push("lan", log).expect("logged");
    // Front staff's device creates the same record anew, without having seen it.
    let again = blank.log("hoa", &facts("tn", "b"));
    assert_eq!(refusal(desk.push("hoa", again).expect_err("there already")), RefusalCode::Immutable);
}

#[test]
fn an_events_key_is_taken_also_for_one_who_has_not_seen_it() {
    let mut desk = Desk::new();
    let log = desk.log("lan", &facts("cb", "a"));
    desk.push("lan", log).expect("logged");
    // Two desks whose next event bears the same id.
    let mut apart = desk.clone();
    let receive = desk.event("hoa", "tn", Action::Receive, None);
    desk.push("hoa", receive).expect("received");
    let same_key = apart.event("lan", "cb", Action::Comment { text: "x".to_owned() }, None);
    assert_eq!(refusal(desk.push("lan", same_key).expect_err("taken")), RefusalCode::Immutable);
}

#[test]
fn a_device_may_write_again_after_others_have() {
    let mut desk = Desk::new();
    let log = desk.log("lan", &facts("cb", "a"));
    desk.push("lan", log).expect("logged");
    for (user, post) in [("hoa", "tn"), ("lan", "cb"), ("hoa", "tn"), ("lan", "cb")] {
        // From the second round on a change names its author's own last one beside the head.
        let comment = desk.event(user, post, Action::Comment { text: "một".to_owned() }, None);
        desk.push(user, comment).expect("a comment");
    }
}

#[test]
fn a_stream_that_forks_is_a_restored_copy() {
    let mut desk = Desk::new();
    let log = desk.log("lan", &facts("cb", "a"));
    desk.push("lan", log).expect("logged");
    let mut twin = desk.clone();
    let comment =
        |desk: &mut Desk, text: &str| desk.event("lan", "cb", Action::Comment { text: text.to_owned() }, None);
    let first = comment(&mut desk, "một");
    let second = comment(&mut twin, "hai");
    desk.push("lan", first).expect("the first is taken");
    assert_eq!(refusal(desk.push("lan", second).expect_err("same number")), RefusalCode::ActorReused);
}

#[test]
fn operations_are_counted_before_they_are_decoded() {
    let mut desk = Desk::new();
    let many = desk.write("lan", |tx| {
        for i in 0..10_050 {
            tx.put(ROOT, format!("k{i}"), i as i64)?;
        }
        Ok(())
    });
    assert_eq!(parse(&many).expect_err("too many").code, RefusalCode::TooLarge);
    assert_eq!(parse(&vec![0x85; MAX_CHANGE_BYTES + 1]).expect_err("too large").code, RefusalCode::TooLarge);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// Whatever a hostile sender makes of an honest change, with its checksum put right, the gate neither panics nor
    /// keeps a document that does not load again.
    #[test]
    fn mutated_changes_never_get_through_broken(at in 0usize..400, byte in any::<u8>(), cut in 0usize..400) {
        let mut desk = Desk::new();
        let log = desk.log("lan", &facts("cb", "Đường ấp ngập nước khi mưa lớn."));
        let mut body = desk::body_of(&log);
        let i = at % body.len();
        body[i] = byte;
        if cut % 7 == 0 {
            body.truncate(body.len() - cut % body.len());
        }
        let forged = desk::chunk_of(&body);
        if let Ok(admitted) = desk.push("lan", forged) {
            let again = sync::document::Document::load(&admitted.document.save()).expect("what is kept loads again");
            prop_assert_eq!(again.heads(), admitted.document.heads());
        }
    }

    /// Random bytes are refused.
    #[test]
    fn random_bytes_are_refused(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        prop_assert!(parse(&bytes).is_err());
    }

    /// What is stripped for the journey is rebuilt to the letter.
    #[test]
    fn stripped_changes_are_rebuilt(texts in proptest::collection::vec("\\PC{1,80}", 1..5)) {
        let mut desk = Desk::new();
        let log = desk.log("lan", &facts("cb", "a"));
        desk.push("lan", log.clone()).expect("logged");
        let mut chunks = vec![log];
        for text in texts.into_iter().filter(|t| !t.trim().is_empty()) {
            let comment = desk.event("lan", "cb", Action::Comment { text }, None);
            desk.push("lan", comment.clone()).expect("a comment");
            chunks.push(comment);
        }
        let (mut strip, mut rebuild) = (Stripper::default(), Unstripper::default());
        for chunk in chunks {
            let (small, _) = strip.strip(desk.record(), &chunk).expect("an honest chunk");
            prop_assert!(small.len() + 50 < chunk.len());
            let (whole, hash) = rebuild.rebuild(desk.record(), desk.actor("lan"), &small).expect("rebuilt");
            prop_assert_eq!(&whole, &chunk);
            prop_assert_eq!(hash, parse(&chunk).expect("parsed").hash);
        }
    }
}

#[test]
fn a_desk_writes_facts_as_the_document_does() {
    let mut desk = Desk::new();
    let written = desk.write("lan", |tx| put_facts(tx, &facts("cb", "a")));
    assert!(parse(&written).is_ok());
}
