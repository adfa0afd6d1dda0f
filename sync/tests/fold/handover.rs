//! Which bodies hold a petition: referral, acceptance, return, transfer, and reopening.

use crate::support::*;
use sync::model::petition::{ActionKind as K, Status as S, *};

#[test]
fn a_later_referral_replaces_the_bodies_named_before() {
    let first = History::new().does(refer_with("kt", &["dd", "tn"])).body("dd", Action::Accept);
    assert_eq!(holders(&first.now()), ["kt", "dd", "tn"]);
    let second = first.does(refer_with("dd", &["ca"]));
    assert_eq!(holders(&second.now()), ["dd", "ca"], "those unnamed leave");
    assert_eq!(second.status(), S::Referred);
    assert!(second.now().held.iter().all(|h| !h.accepted), "what is handed over anew is accepted anew");
    assert_eq!(second.body("kt", Action::Accept).last_effect(), Effect::None(NoEffect::NotHolding));
}

#[test]
fn the_bodies_of_one_referral_accept_and_return_each_for_itself() {
    let referred = History::new().does(refer_with("kt", &["dd"]));
    assert_eq!(referred.now().lead(), Some(&"kt".into()));
    let accepted = referred.clone().body("kt", Action::Accept).body("dd", Action::Accept);
    assert_eq!(accepted.last_effect(), Effect::Applied);
    assert!(accepted.now().held.iter().all(|h| h.accepted));
    let one_left = accepted.clone().body("dd", simple(K::Return));
    assert_eq!((one_left.status(), holders(&one_left.now())), (S::Accepted, vec!["kt"]));
    let none_left = one_left.body("kt", simple(K::Return));
    assert_eq!((none_left.status(), holders(&none_left.now())), (S::Returned, vec![]));
    assert_eq!(none_left.now().lead(), None);

    let apart = referred.apart(100).body("kt", Action::Accept).join(referred.apart(200).body("dd", simple(K::Return)));
    assert_eq!((apart.status(), holders(&apart.now()), apart.now().contested), (S::Accepted, vec!["kt"], false));
}

#[test]
fn when_the_only_body_that_accepted_returns_it_the_others_have_it_unaccepted() {
    let history =
        History::new().does(refer_with("kt", &["dd"])).body("kt", Action::Accept).body("kt", simple(K::Return));
    assert_eq!((history.status(), holders(&history.now())), (S::Referred, vec!["dd"]));
    assert_eq!(history.now().lead(), Some(&"dd".into()), "counted under the body that is left");
    assert_eq!(history.body("dd", Action::Accept).status(), S::Accepted);
}

#[test]
fn a_transfer_takes_the_petition_from_one_body_to_the_next() {
    let history = History::new().refer("kt").body("kt", Action::Accept).body("kt", transfer("dd"));
    assert_eq!((history.status(), holders(&history.now())), (S::Referred, vec!["dd"]));
    assert!(!history.now().held[0].accepted);
    assert_eq!(history.clone().body("kt", transfer("tn")).last_effect(), Effect::None(NoEffect::NotHolding));
    assert!(!history.now().contested);
}

#[test]
fn what_became_illegal_through_concurrency_stays_without_effect() {
    let referred = History::new().refer("kt");
    let replaced = referred.apart(100).refer("dd");
    let late = referred.apart(200).body("kt", simple(K::Return));
    let both = replaced.join(late.clone());
    assert_eq!(effect(&both.fold(), late.last()), Effect::None(NoEffect::NotHolding));
    assert_eq!((both.status(), holders(&both.now())), (S::Referred, vec!["dd"]));
    assert_eq!(Effect::None(NoEffect::NotHolding).to_string(), "none:not-holding");
}

#[test]
fn reopening_goes_back_to_the_body_that_is_known() {
    let resolved = History::new().refer("kt").body("kt", Action::Accept).body("kt", simple(K::Resolve));
    let rated = resolved.does(simple(K::Answer)).does(simple(K::Rate));
    assert_eq!((rated.now().satisfied, rated.fold().reopened), (Some(true), false));
    let reopened = rated.does(simple(K::Reopen));
    let now = reopened.now();
    assert_eq!((now.status, holders(&now), now.held[0].accepted), (S::Referred, vec!["kt"], false));
    assert_eq!((now.satisfied, now.finish, reopened.fold().reopened), (None, None, true));
    assert_eq!(now.clock.referred, Some(now.at), "the clock of the body starts anew");
    assert_eq!(now.clock.given, None);
}

#[test]
fn reopening_without_a_body_goes_back_to_be_referred() {
    let extended = History::new().does(extend("2026-12-01")).does(simple(K::Resolve)).does(simple(K::Reopen));
    assert_eq!((extended.status(), extended.fold().reopened), (S::Classified, true));
    assert_eq!(extended.now().clock.given, None, "the date of before the resolution is over");
    let returned = History::new().refer("kt").body("kt", simple(K::Return)).does(simple(K::Guide));
    assert_eq!(returned.does(simple(K::Reopen)).status(), S::Classified, "a body that returned it is not known");
    let split = History::new().does(simple(K::Duplicate)).does(simple(K::NotDuplicate));
    assert_eq!((split.status(), split.now().finish, split.fold().reopened), (S::Classified, None, true));
}
