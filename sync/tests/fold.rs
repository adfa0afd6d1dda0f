//! The fold of a petition's events: here the status table, cell by cell; beside it what the table does not say.

mod support;

#[path = "fold/contest.rs"]
mod contest;
#[path = "fold/corrections.rs"]
mod corrections;
#[path = "fold/handover.rs"]
mod handover;
#[path = "fold/order.rs"]
mod order;

use support::*;
use sync::model::petition::{ActionKind as K, Status as S, *};

/// A legal way to a status.
struct Way {
    history: History,
    status: S,
    /// The body that holds it.
    body: Option<&'static str>,
    /// What a pause interrupted.
    interrupted: S,
}

/// Who does what; nobody is Front staff.
type Steps<'a> = &'a [(&'a str, K)];

fn way(status: S, body: Option<&'static str>, steps: Steps) -> Way {
    let mut history = History::new();
    for &(who, kind) in steps {
        let action = action(kind, "kt");
        history = if who.is_empty() { history.does(action) } else { history.body(who, action) };
    }
    let interrupted = if steps.iter().any(|(_, k)| *k == K::Accept) { S::Accepted } else { S::Referred };
    Way { history, status, body, interrupted }
}

/// Several ways to every status: with and without a body, and through the steps an event may skip.
fn ways() -> Vec<Way> {
    let kt = Some("kt");
    let mut ways = vec![
        way(S::Logged, None, &[]),
        way(S::Received, None, &[("", K::Receive)]),
        way(S::Classified, None, &[("", K::Receive), ("", K::Classify)]),
        way(S::Classified, None, &[("", K::Classify)]),
        way(S::Classified, None, &[("", K::Resolve), ("", K::Reopen)]),
        way(S::Referred, kt, &[("", K::Receive), ("", K::Classify), ("", K::Refer)]),
        way(S::Referred, kt, &[("", K::Refer)]),
        way(S::Referred, kt, &[("", K::Refer), ("kt", K::Return), ("", K::Refer)]),
        way(S::Referred, kt, &[("", K::Refer), ("kt", K::Accept), ("", K::Refer)]),
        way(S::Referred, kt, &[("", K::Refer), ("kt", K::Accept), ("kt", K::Resolve), ("", K::Reopen)]),
        way(S::Referred, kt, &[("", K::Refer), ("", K::Duplicate), ("", K::NotDuplicate)]),
        way(S::Referred, kt, &[("", K::Refer), ("kt", K::Pause), ("kt", K::Resume)]),
        way(S::Referred, kt, &[("", K::Refer), ("kt", K::Pause), ("", K::Refer)]),
        way(S::Accepted, kt, &[("", K::Refer), ("kt", K::Accept)]),
        way(S::Accepted, kt, &[("", K::Refer), ("kt", K::Accept), ("kt", K::Pause), ("kt", K::Resume)]),
        way(S::Returned, None, &[("", K::Refer), ("kt", K::Return)]),
        way(S::Returned, None, &[("", K::Refer), ("kt", K::Accept), ("kt", K::Return)]),
        way(S::Paused, kt, &[("", K::Refer), ("kt", K::Pause)]),
        way(S::Paused, kt, &[("", K::Refer), ("kt", K::Accept), ("kt", K::Pause)]),
    ];
    let ends = [
        (K::Resolve, S::Resolved),
        (K::Guide, S::Guided),
        (K::File, S::Filed),
        (K::Withdraw, S::Withdrawn),
        (K::Duplicate, S::Duplicate),
    ];
    for (end, status) in ends {
        let steps: [(Option<&str>, Steps); 3] = [
            (None, &[("", end)]),
            (kt, &[("", K::Refer), ("", end)]),
            (kt, &[("", K::Refer), ("kt", K::Accept), ("", end)]),
        ];
        for (body, steps) in steps {
            ways.push(way(status, body, steps));
            ways.push(way(S::Closed, body, &[steps, &[("", K::Close)][..]].concat()));
            if matches!(end, K::Resolve | K::Guide | K::File) {
                ways.push(way(S::Answered, body, &[steps, &[("", K::Answer)][..]].concat()));
                ways.push(way(S::Closed, body, &[steps, &[("", K::Answer), ("", K::Close)][..]].concat()));
            }
        }
    }
    ways
}

/// The table of the design, one line an event: where it is allowed and where it leads; none where it has no effect.
fn leads_to(way: &Way, kind: K) -> Option<S> {
    let s = way.status;
    let finished = [S::Resolved, S::Answered, S::Closed, S::Guided, S::Filed, S::Withdrawn, S::Duplicate].contains(&s);
    let open = !finished;
    let with_body = matches!(s, S::Referred | S::Accepted);
    let taken_up = if way.body.is_some() { S::Referred } else { S::Classified };
    let (allowed, to) = match kind {
        K::Receive => (s == S::Logged, S::Received),
        K::Classify => (open, if matches!(s, S::Logged | S::Received) { S::Classified } else { s }),
        K::Refer => (open, S::Referred),
        K::Resolve => (open, S::Resolved),
        K::Guide => (open, S::Guided),
        K::File => (open, S::Filed),
        K::Withdraw => (open, S::Withdrawn),
        K::Duplicate => (open, S::Duplicate),
        K::Accept => (s == S::Referred, S::Accepted),
        K::Return => (with_body, S::Returned),
        K::Transfer => (with_body, S::Referred),
        K::Pause => (with_body, S::Paused),
        K::Resume => (s == S::Paused, way.interrupted),
        K::Extend | K::Chase | K::Split => (open, s),
        K::Comment | K::Correct => (true, s),
        K::Answer => (matches!(s, S::Resolved | S::Guided | S::Filed), S::Answered),
        K::Close => (finished, S::Closed),
        K::Rate => (matches!(s, S::Answered | S::Closed), s),
        K::Reopen => (finished, taken_up),
        K::NotDuplicate => (s == S::Duplicate, taken_up),
    };
    allowed.then_some(to)
}

#[test]
fn every_status_answers_every_event_as_the_table_says() {
    let ways = ways();
    for status in S::ALL {
        assert!(ways.iter().any(|w| w.status == *status), "no way to {status}");
    }
    for way in &ways {
        let steps: Vec<K> = way.history.events.iter().map(|e| e.action().kind()).collect();
        let before = way.history.fold();
        assert_eq!(before.last().status, way.status, "{steps:?}");
        assert!(before.effects.iter().all(|(_, e)| *e == Effect::Applied), "{steps:?} is not a legal way");
        for &kind in K::ALL {
            let history = way.history.clone().body(way.body.unwrap_or("kt"), action(kind, "other"));
            let after = history.fold();
            let effect = effect(&after, history.last());
            match leads_to(way, kind) {
                Some(to) => {
                    assert_eq!(effect, Effect::Applied, "{steps:?} then {kind}");
                    assert_eq!(after.last().status, to, "{steps:?} then {kind}");
                    assert_eq!(after.moments.len(), before.moments.len() + 1, "{steps:?} then {kind}");
                    assert_eq!((after.last().event, after.last().action), (Some(history.last()), Some(kind)));
                }
                None => {
                    // The body that has accepted already is told that, not that accepting is out of place.
                    let twice = way.status == S::Accepted && kind == K::Accept;
                    let why = if twice { NoEffect::AlreadyDone } else { NoEffect::Status(way.status) };
                    assert_eq!(effect, Effect::None(why), "{steps:?} then {kind}");
                    assert_eq!(after.moments, before.moments, "{steps:?} then {kind}");
                }
            }
        }
    }
}

#[test]
fn finished_is_what_the_design_lists() {
    let finished: Vec<S> = S::ALL.iter().copied().filter(|s| s.is_finished()).collect();
    assert_eq!(
        finished,
        [S::Resolved, S::Answered, S::Closed, S::Guided, S::Filed, S::Duplicate, S::Withdrawn],
        "in the order of the contract"
    );
    assert!(S::ALL.iter().all(|s| s.is_open() != s.is_finished()));
}

#[test]
fn what_finished_it_stays_through_answer_and_close_and_goes_with_reopening() {
    let ends = [
        (K::Resolve, Finish::Resolved),
        (K::Guide, Finish::Guided),
        (K::File, Finish::Filed),
        (K::Withdraw, Finish::Withdrawn),
        (K::Duplicate, Finish::Duplicate),
    ];
    for (kind, finish) in ends {
        let ended = History::new().does(simple(kind));
        assert_eq!(ended.now().finish, Some(finish));
        assert_eq!(ended.clone().does(simple(K::Answer)).now().finish, Some(finish));
        assert_eq!(ended.clone().does(simple(K::Close)).now().finish, Some(finish));
        let reopened = ended.does(simple(K::Reopen));
        assert_eq!(reopened.now().finish, None);
        assert_eq!(reopened.does(simple(K::File)).now().finish, Some(Finish::Filed), "the last finishing event counts");
    }
}

#[test]
fn an_answer_on_the_spot_needs_no_step_between() {
    let told = History::new().does(simple(K::Resolve)).does(simple(K::Answer));
    let folded = told.fold();
    let way: Vec<S> = folded.moments.iter().map(|m| m.status).collect();
    assert_eq!(way, [S::Logged, S::Resolved, S::Answered]);
}

#[test]
fn steps_that_were_skipped_cannot_be_made_up() {
    let referred = History::new().refer("kt");
    assert_eq!(referred.clone().does(simple(K::Receive)).last_effect(), Effect::None(NoEffect::Status(S::Referred)));
    let classified = referred.does(classify(Kind::Complaint, "land"));
    assert_eq!(classified.status(), S::Referred, "classifying late changes what it is, not where it stands");
    assert_eq!(classified.now().now.kind, Kind::Complaint);
    assert_eq!(classified.now().now.category, Some("land".into()));
}

#[test]
fn the_last_rating_counts() {
    let answered = History::new().does(simple(K::Resolve)).does(simple(K::Answer));
    let rated = answered.does(simple(K::Rate)).does(Action::Rate { satisfied: false, text: None });
    assert_eq!(rated.now().satisfied, Some(false));
}
