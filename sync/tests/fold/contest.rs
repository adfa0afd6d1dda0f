//! Two referrals made apart: contested until a person decides.

use crate::support::*;
use sync::model::petition::{ActionKind as K, Status as S, *};

/// Staff of two places, who have both seen `base`, refer it apart.
fn referred_apart(base: &History, one: &str, two: &str) -> History {
    base.apart(100).refer(one).join(base.apart(200).refer(two))
}

#[test]
fn two_offline_referrals_are_contested() {
    let history = referred_apart(&History::new().does(simple(K::Receive)), "kt", "dd");
    let folded = history.fold();
    let now = folded.last();
    assert_eq!((now.status, now.contested), (S::Referred, true));
    let mut bodies = holders(now);
    bodies.sort_unstable();
    assert_eq!(bodies, ["dd", "kt"], "both bodies hold it");
    assert!(now.held.iter().all(|h| h.lead));
    assert_eq!(folded.contests, [Contest { first: event_id(100), second: event_id(200) }]);
    assert!(folded.effects.iter().all(|(_, e)| *e == Effect::Applied));
}

#[test]
fn two_who_name_the_same_lead_are_no_rivals() {
    let base = History::new();
    let one = base.apart(100).does(refer_with("kt", &["dd"]));
    let two = base.apart(200).does(refer_with("kt", &["tn"]));
    let both = one.join(two);
    assert!(!both.now().contested);
    assert!(both.fold().contests.is_empty());
    assert_eq!(both.now().lead(), Some(&"kt".into()));
    let mut bodies = holders(&both.now()).iter().map(ToString::to_string).collect::<Vec<_>>();
    bodies.sort_unstable();
    assert_eq!(bodies, ["dd", "kt", "tn"], "neither replaced the other's bodies, not having seen them");
}

#[test]
fn a_referral_that_has_seen_the_other_is_no_rival() {
    assert!(!History::new().refer("kt").refer("dd").now().contested);
    let base = History::new();
    let seen_through_a_comment = base.apart(100).refer("kt").does(simple(K::Comment)).refer("dd");
    assert!(!seen_through_a_comment.now().contested);
}

#[test]
fn a_transfer_and_a_referral_made_apart_are_rivals() {
    let base = History::new().refer("kt");
    let both = base.apart(100).body("kt", transfer("dd")).join(base.apart(200).refer("tn"));
    let other_order = base.apart(200).body("kt", transfer("dd")).join(base.apart(100).refer("tn"));
    for history in [both, other_order] {
        let now = history.now();
        assert_eq!((now.status, now.contested), (S::Referred, true));
        let mut bodies = holders(&now);
        bodies.sort_unstable();
        assert_eq!(bodies, ["dd", "tn"], "kt has let it go, by its own hand and by the staff's");
        assert!(history.fold().effects.iter().all(|(_, e)| *e == Effect::Applied));
    }
}

#[test]
fn two_transfers_made_apart_are_rivals() {
    let base = History::new().does(refer_with("kt", &["vh"]));
    let both = base.apart(100).body("kt", transfer("dd")).join(base.apart(200).body("vh", transfer("tn")));
    assert!(both.now().contested);
    let mut bodies = holders(&both.now()).iter().map(ToString::to_string).collect::<Vec<_>>();
    bodies.sort_unstable();
    assert_eq!(bodies, ["dd", "tn"]);
}

#[test]
fn while_contested_bodies_only_accept_or_return() {
    let contested = referred_apart(&History::new(), "kt", "dd");
    for kind in [K::Pause, K::Extend, K::Resolve, K::Transfer] {
        let history = contested.clone().body("kt", action(kind, "tn"));
        assert_eq!(history.last_effect(), Effect::None(NoEffect::Contested), "{kind}");
        assert_eq!(history.fold().moments, contested.fold().moments, "{kind}");
    }
    assert_eq!(Effect::None(NoEffect::Contested).to_string(), "none:contested");
    let accepted = contested.clone().body("dd", Action::Accept);
    assert_eq!((accepted.status(), accepted.now().contested), (S::Accepted, true));
    assert_eq!(accepted.clone().body("dd", simple(K::Resolve)).last_effect(), Effect::None(NoEffect::Contested));
    assert_eq!(accepted.body("kt", Action::Accept).last_effect(), Effect::Applied, "each rival for itself");
}

#[test]
fn while_contested_staff_may_end_it_and_everybody_may_speak() {
    let contested = referred_apart(&History::new(), "kt", "dd");
    let ends = [(K::Guide, S::Guided), (K::File, S::Filed), (K::Withdraw, S::Withdrawn), (K::Duplicate, S::Duplicate)];
    for (kind, status) in ends {
        let history = contested.clone().does(simple(kind));
        assert_eq!((history.status(), history.now().contested), (status, false), "{kind}");
    }
    for kind in [K::Classify, K::Chase, K::Comment, K::Correct, K::Split] {
        let history = contested.clone().does(simple(kind));
        assert_eq!(history.last_effect(), Effect::Applied, "{kind}");
        assert_eq!((history.status(), history.now().contested), (S::Referred, true), "{kind}");
    }
}

#[test]
fn a_return_by_one_rival_leaves_the_other() {
    let contested = referred_apart(&History::new(), "kt", "dd");
    let returned = contested.body("kt", simple(K::Return));
    assert_eq!(returned.last_effect(), Effect::Applied);
    assert_eq!((returned.status(), holders(&returned.now())), (S::Referred, vec!["dd"]));
    assert!(returned.now().contested, "only a referral that has seen both decides");
    let accepted = returned.clone().body("dd", Action::Accept);
    assert_eq!((accepted.status(), accepted.now().contested), (S::Accepted, true));
    let both = returned.body("dd", simple(K::Return));
    assert_eq!((both.status(), holders(&both.now())), (S::Returned, vec![]));
    assert!(!both.refer("tn").now().contested);
}

#[test]
fn a_return_by_the_rival_that_accepted_leaves_the_other_unaccepted() {
    let contested = referred_apart(&History::new(), "kt", "dd").body("kt", Action::Accept);
    let returned = contested.body("kt", simple(K::Return));
    assert_eq!((returned.status(), holders(&returned.now())), (S::Referred, vec!["dd"]));
}

#[test]
fn a_body_lets_go_only_of_what_it_had_been_handed() {
    // dd returns what staff referred to it, before it knows that others refer it to dd again.
    let base = History::new().refer("dd");
    let returned = base.apart(100).body("dd", simple(K::Return));
    let again = base.apart(50).refer("dd");
    let both = returned.join(again);
    assert_eq!((both.status(), holders(&both.now())), (S::Referred, vec!["dd"]));
    assert_eq!(effect(&both.fold(), event_id(100)), Effect::None(NoEffect::NotHolding));
}

#[test]
fn a_referral_that_has_seen_both_decides() {
    let contested = referred_apart(&History::new(), "kt", "dd").body("kt", Action::Accept);
    for winner in ["kt", "dd", "tn"] {
        let decided = contested.clone().refer(winner);
        let folded = decided.fold();
        assert_eq!((folded.last().status, folded.last().contested), (S::Referred, false));
        assert_eq!(holders(folded.last()), [winner], "whoever is not named leaves");
        assert!(folded.contests.is_empty());
        assert_eq!(decided.body(winner, simple(K::Resolve)).status(), S::Resolved);
    }
}

#[test]
fn a_transfer_by_a_rival_that_has_seen_both_decides_nothing() {
    let contested = referred_apart(&History::new(), "kt", "dd").body("kt", transfer("tn"));
    assert_eq!(contested.last_effect(), Effect::None(NoEffect::Contested));
    assert!(contested.now().contested);
}

#[test]
fn of_three_rivals_all_must_have_been_seen() {
    let base = History::new();
    let two = referred_apart(&base, "kt", "dd");
    let decided_for_two = two.apart(300).refer("kt");
    let third = base.apart(400).refer("tn");
    let met = decided_for_two.join(third);
    assert!(met.now().contested, "the third had not been seen");
    assert_eq!(met.fold().contests.len(), 3, "the third against each of the two, and against the decision");
    let mut bodies = holders(&met.now()).iter().map(ToString::to_string).collect::<Vec<_>>();
    bodies.sort_unstable();
    assert_eq!(bodies, ["kt", "tn"]);
    let decided = met.refer("tn");
    assert!(!decided.now().contested);
    assert_eq!(holders(&decided.now()), ["tn"]);
    assert!(decided.fold().contests.is_empty());
}

#[test]
fn two_who_decide_apart_are_rivals_again() {
    let contested = referred_apart(&History::new(), "kt", "dd");
    let again = contested.apart(300).refer("kt").join(contested.apart(400).refer("dd"));
    assert_eq!(again.fold().contests, [Contest { first: event_id(300), second: event_id(400) }]);
    assert!(again.now().contested);
    let agreed = contested.apart(300).refer("kt").join(contested.apart(400).refer("kt"));
    assert!(!agreed.now().contested, "both decided alike");
}

#[test]
fn work_done_in_ignorance_of_the_rival_has_no_effect_until_it_is_decided() {
    let base = History::new();
    let worked = base.apart(100).refer("kt").body("kt", Action::Accept).body("kt", simple(K::Resolve));
    let met = worked.clone().join(base.apart(200).refer("dd"));
    assert_eq!(effect(&met.fold(), worked.last()), Effect::None(NoEffect::Contested));
    assert_eq!((met.status(), met.now().contested), (S::Accepted, true));
    let done = met.refer("kt").body("kt", simple(K::Resolve));
    assert_eq!((done.status(), done.now().contested), (S::Resolved, false));
}

#[test]
fn a_rival_that_meets_a_finished_petition_has_no_effect_but_is_remembered() {
    let base = History::new();
    let resolved = base.apart(100).refer("kt").body("kt", simple(K::Resolve));
    // Two comments before it put the rival after the resolution.
    let slow = base.apart(200).does(simple(K::Comment)).does(simple(K::Comment)).refer("dd");
    let met = resolved.join(slow.clone());
    let folded = met.fold();
    assert_eq!(effect(&folded, slow.last()), Effect::None(NoEffect::Status(S::Resolved)));
    assert_eq!((folded.last().status, folded.last().contested), (S::Resolved, false), "finished is not contested");
    assert_eq!(folded.contests.len(), 1);
    let out_of_place = met.clone().body("kt", simple(K::Pause));
    assert_eq!(out_of_place.last_effect(), Effect::None(NoEffect::Status(S::Resolved)), "the true reason is named");
    assert_eq!(met.clone().does(simple(K::Answer)).status(), S::Answered);
    let reopened = met.does(simple(K::Reopen));
    assert_eq!((reopened.status(), reopened.now().contested), (S::Referred, true));
    assert!(!reopened.refer("dd").now().contested);
}

#[test]
fn a_contest_does_not_depend_on_who_is_read_first() {
    let contested = referred_apart(&History::new(), "kt", "dd");
    let mut backwards = contested.clone();
    backwards.events.reverse();
    assert_eq!(backwards.fold().moments, contested.fold().moments);
    assert_eq!(backwards.fold().contests, contested.fold().contests);
}
