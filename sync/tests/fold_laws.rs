//! Laws of the fold over random histories: any events, by any body, having seen anything.

mod support;

use std::collections::{BTreeSet, HashMap};

use jiff::{Timestamp, ToSpan};
use proptest::prelude::*;
use support::*;
use sync::id::EventId;
use sync::model::petition::{ActionKind as K, Status as S, *};

const BODIES: [&str; 3] = ["kt", "dd", "tn"];

/// What one random event is made of.
#[derive(Debug, Clone)]
struct Draft {
    action: Action,
    body: Option<&'static str>,
    /// Half of the events have seen everything written before; the others what these pick.
    saw_all: bool,
    picks: Vec<prop::sample::Index>,
    dangling: bool,
    minutes: i64,
    id: u32,
}

fn any_action() -> impl Strategy<Value = Action> {
    let kind = prop::sample::select(K::ALL);
    let body = prop::sample::select(BODIES.to_vec());
    let common = prop::sample::select(vec![K::Refer, K::Accept, K::Return, K::Transfer, K::Resolve, K::Reopen]);
    let value = prop::sample::select(vec!["true", "false", "", "12", "không rõ"]);
    let field = prop::sample::select(Field::ALL);
    prop_oneof![
        3 => (common, body.clone()).prop_map(|(kind, body)| action(kind, body)),
        3 => (kind, body.clone()).prop_map(|(kind, body)| action(kind, body)),
        1 => (field, value).prop_map(|(field, value)| correct(field, value)),
        1 => (body.clone(), body).prop_map(|(to, with)| refer_with(to, &[with])),
    ]
}

fn draft() -> impl Strategy<Value = Draft> {
    let body = prop::option::of(prop::sample::select(BODIES.to_vec()));
    let picks = prop::collection::vec(any::<prop::sample::Index>(), 0..4);
    (any_action(), body, any::<bool>(), picks, prop::bool::weighted(0.1), -5000i64..5000, any::<u32>()).prop_map(
        |(action, body, saw_all, picks, dangling, minutes, id)| Draft {
            action,
            body,
            saw_all,
            picks,
            dangling,
            minutes,
            id,
        },
    )
}

/// Events of a petition as an honest device may have written them, in the order written.
fn written(drafts: Vec<Draft>) -> Vec<Event> {
    let mut events: Vec<Event> = Vec::new();
    for (i, draft) in drafts.into_iter().enumerate() {
        // Picks may name one event twice, and others that have been seen through it.
        let mut after = if draft.saw_all { tips(&events) } else { Vec::new() };
        if !events.is_empty() {
            after.extend(draft.picks.iter().map(|pick| pick.get(&events).id));
        }
        if draft.dangling {
            after.push(event_id(u128::from(u64::MAX) + i as u128));
        }
        let body = EventBody {
            action: draft.action,
            at: time(LOGGED).checked_add(draft.minutes.minutes()).expect("within days"),
            by: "tn-30904".into(),
            after: Some(after).filter(|a| !a.is_empty()),
            body: draft.body.map(Into::into),
            on_behalf: None,
            paper: None,
            stamped: None,
            imported: None,
        };
        events.push(Event { id: event_id(u128::from(draft.id) << 16 | i as u128), body });
    }
    events
}

fn history() -> impl Strategy<Value = Vec<Event>> {
    prop::collection::vec(draft(), 0..24).prop_map(written)
}

fn shuffled() -> impl Strategy<Value = (Vec<Event>, Vec<Event>)> {
    history().prop_flat_map(|events| (Just(events.clone()), Just(events).prop_shuffle()))
}

fn folded(events: &[Event]) -> Folded {
    fold(&facts(), time(LOGGED), events, |e| e.body.at)
}

fn same(one: &Folded, two: &Folded) -> Result<(), TestCaseError> {
    prop_assert_eq!(&one.effects, &two.effects);
    prop_assert_eq!(&one.moments, &two.moments);
    prop_assert_eq!(&one.contests, &two.contests);
    prop_assert_eq!(&one.conflicts, &two.conflicts);
    prop_assert_eq!(one.reopened, two.reopened);
    Ok(())
}

/// The causal past of every event, by following names one by one.
fn pasts(events: &[Event]) -> HashMap<EventId, BTreeSet<EventId>> {
    let by_id: HashMap<EventId, &Event> = events.iter().map(|e| (e.id, e)).collect();
    let mut pasts = HashMap::new();
    for event in events {
        let mut past = BTreeSet::new();
        let mut next: Vec<EventId> = event.after().to_vec();
        while let Some(id) = next.pop() {
            if let Some(seen) = by_id.get(&id)
                && past.insert(id)
            {
                next.extend(seen.after());
            }
        }
        pasts.insert(event.id, past);
    }
    pasts
}

/// The longest `after` path, for events in the order written.
fn depths(events: &[Event]) -> HashMap<EventId, usize> {
    let mut depths: HashMap<EventId, usize> = HashMap::new();
    for event in events {
        let longest = event.after().iter().filter_map(|id| depths.get(id)).max();
        depths.insert(event.id, longest.map_or(0, |d| d + 1));
    }
    depths
}

/// Undecided rivals by the words of the design, each pair in order of id.
fn rivals(events: &[Event]) -> BTreeSet<(EventId, EventId)> {
    let pasts = pasts(events);
    let mut pairs = BTreeSet::new();
    for a in events {
        for b in events {
            let (Some(lead_a), Some(lead_b)) = (a.action().lead(), b.action().lead()) else {
                continue;
            };
            let apart = !pasts[&a.id].contains(&b.id) && !pasts[&b.id].contains(&a.id);
            let decided = events
                .iter()
                .any(|d| d.action().kind() == K::Refer && pasts[&d.id].contains(&a.id) && pasts[&d.id].contains(&b.id));
            if a.id < b.id && lead_a != lead_b && apart && !decided {
                pairs.insert((a.id, b.id));
            }
        }
    }
    pairs
}

/// Whether an event of a kind may lead from a status to another, whoever writes it.
fn may_lead(from: S, kind: K, to: S) -> bool {
    let stays = from == to;
    match kind {
        K::Receive => (from, to) == (S::Logged, S::Received),
        K::Classify if matches!(from, S::Logged | S::Received) => to == S::Classified,
        K::Classify | K::Extend | K::Chase | K::Split => from.is_open() && stays,
        // A transfer made apart from a referral is legal in any open status: contest comes before legality.
        K::Refer | K::Transfer => from.is_open() && to == S::Referred,
        K::Resolve => from.is_open() && to == S::Resolved,
        K::Guide => from.is_open() && to == S::Guided,
        K::File => from.is_open() && to == S::Filed,
        K::Withdraw => from.is_open() && to == S::Withdrawn,
        K::Duplicate => from.is_open() && to == S::Duplicate,
        K::Accept => matches!(from, S::Referred | S::Accepted) && to == S::Accepted,
        K::Return => matches!(from, S::Referred | S::Accepted) && matches!(to, S::Returned | S::Referred | S::Accepted),
        K::Pause => matches!(from, S::Referred | S::Accepted) && to == S::Paused,
        K::Resume => from == S::Paused && matches!(to, S::Referred | S::Accepted),
        K::Comment | K::Correct => stays,
        K::Answer => matches!(from, S::Resolved | S::Guided | S::Filed) && to == S::Answered,
        K::Close => from.is_finished() && to == S::Closed,
        K::Rate => matches!(from, S::Answered | S::Closed) && stays,
        K::Reopen => from.is_finished() && matches!(to, S::Referred | S::Classified),
        K::NotDuplicate => from == S::Duplicate && matches!(to, S::Referred | S::Classified),
    }
}

proptest! {
    #[test]
    fn the_order_in_which_events_are_read_does_not_matter((events, other) in shuffled()) {
        same(&folded(&events), &folded(&other))?;
    }

    #[test]
    fn an_event_read_twice_counts_once((events, other) in shuffled()) {
        let twice: Vec<Event> = events.iter().chain(&other).cloned().collect();
        same(&folded(&events), &folded(&twice))?;
    }

    #[test]
    fn what_no_honest_device_writes_reads_the_same_everywhere(
        (events, other) in history().prop_flat_map(|mut events| {
            // Everybody claims to have seen the next one: one great circle, and whatever hangs on it.
            let ids: Vec<EventId> = events.iter().map(|e| e.id).collect();
            for (i, event) in events.iter_mut().enumerate().skip(2) {
                event.body.after.get_or_insert_default().push(ids[(i + 1) % ids.len()]);
            }
            (Just(events.clone()), Just(events).prop_shuffle())
        })
    ) {
        let folded = folded(&events);
        prop_assert_eq!(folded.effects.len(), events.len());
        same(&folded, &self::folded(&other))?;
    }

    #[test]
    fn device_time_changes_no_status(events in history(), minutes in prop::collection::vec(-90_000i64..90_000, 24)) {
        let mut other = events.clone();
        for (event, minutes) in other.iter_mut().zip(minutes) {
            event.body.at = time(LOGGED).checked_add(minutes.minutes()).expect("within months");
        }
        let (one, two) = (folded(&events), folded(&other));
        prop_assert_eq!(&one.effects, &two.effects);
        let statuses = |f: &Folded| f.moments.iter().map(|m| m.status).collect::<Vec<_>>();
        prop_assert_eq!(statuses(&one), statuses(&two));
    }

    #[test]
    fn every_event_is_shown_once_in_causal_order(events in history()) {
        let depths = depths(&events);
        let mut wanted: Vec<EventId> = events.iter().map(|e| e.id).collect();
        wanted.sort_by_key(|id| (depths[id], *id));
        let shown: Vec<EventId> = folded(&events).effects.iter().map(|(id, _)| *id).collect();
        prop_assert_eq!(shown, wanted);
    }

    #[test]
    fn moments_are_the_events_that_counted_and_never_run_backwards(events in history()) {
        let folded = folded(&events);
        let at: HashMap<EventId, Timestamp> = events.iter().map(|e| (e.id, e.body.at)).collect();
        let counted = folded.effects.iter().filter(|(_, e)| *e == Effect::Applied).map(|(id, _)| Some(*id));
        let shown: Vec<Option<EventId>> = folded.moments.iter().map(|m| m.event).collect();
        prop_assert_eq!(shown, std::iter::once(None).chain(counted).collect::<Vec<_>>());
        for pair in folded.moments.windows(2) {
            let own = at[&pair[1].event.expect("only the logging is none")];
            prop_assert_eq!(pair[1].at, own.max(pair[0].at));
        }
    }

    #[test]
    fn no_moment_contradicts_itself(events in history()) {
        for moment in &folded(&events).moments {
            prop_assert_eq!(moment.status.is_finished(), moment.finish.is_some());
            prop_assert!(!moment.contested || moment.status.is_open());
            prop_assert!(moment.satisfied.is_none() || matches!(moment.status, S::Answered | S::Closed));
            if matches!(moment.status, S::Referred | S::Accepted | S::Paused) {
                prop_assert!(!moment.held.is_empty(), "{} needs a body", moment.status);
                prop_assert!(moment.clock.referred.is_some());
            }
            if moment.status == S::Returned {
                prop_assert!(moment.held.is_empty());
            }
            if moment.status == S::Accepted {
                prop_assert!(moment.held.iter().any(|h| h.accepted));
            }
            let bodies: BTreeSet<&str> = moment.held.iter().map(|h| h.body.as_str()).collect();
            prop_assert_eq!(bodies.len(), moment.held.len(), "a body holds a petition once");
            prop_assert!(moment.held.is_sorted_by_key(|h| !h.lead), "leads first");
            let running = moment.clock.pauses.iter().filter(|(_, to)| to.is_none()).count();
            prop_assert_eq!(running, usize::from(moment.status == S::Paused));
        }
    }

    #[test]
    fn only_ways_of_the_table_are_gone(events in history()) {
        let kinds: HashMap<EventId, K> = events.iter().map(|e| (e.id, e.action().kind())).collect();
        let folded = folded(&events);
        for pair in folded.moments.windows(2) {
            let kind = pair[1].action.expect("only the logging is none");
            prop_assert!(may_lead(pair[0].status, kind, pair[1].status), "{} {kind} {}", pair[0].status, pair[1].status);
        }
        let mut moments = folded.moments.iter();
        let mut now = moments.next().expect("the logging");
        for (id, effect) in &folded.effects {
            match effect {
                Effect::Applied => now = moments.next().expect("a moment for every event that counted"),
                Effect::None(NoEffect::Status(status)) => {
                    prop_assert_eq!(*status, now.status);
                    let kind = kinds[id];
                    let anywhere = matches!(kind, K::Comment | K::Correct);
                    prop_assert!(!anywhere, "{kind} is legal in {status}");
                }
                Effect::None(NoEffect::Contested) => prop_assert!(now.contested),
                Effect::None(_) => {}
            }
        }
    }

    #[test]
    fn rivals_are_those_of_the_definition(events in history()) {
        let folded = folded(&events);
        let found: BTreeSet<(EventId, EventId)> =
            folded.contests.iter().map(|c| (c.first.min(c.second), c.first.max(c.second))).collect();
        prop_assert_eq!(found.len(), folded.contests.len());
        prop_assert_eq!(&found, &rivals(&events));
        prop_assert_eq!(folded.last().contested, !found.is_empty() && folded.last().status.is_open());
    }

    #[test]
    fn one_more_event_without_effect_changes_nothing(events in history(), action in any_action(), body in 0..3usize) {
        let before = folded(&events);
        let mut more = events.clone();
        let mut last = written(vec![Draft {
            action,
            body: Some(BODIES[body]),
            saw_all: false,
            picks: Vec::new(),
            dangling: false,
            minutes: 0,
            id: 0,
        }]);
        last[0].id = event_id(u128::MAX);
        last[0].body.after = Some(tips(&events));
        more.extend(last);
        let after = folded(&more);
        if effect(&after, event_id(u128::MAX)) != Effect::Applied {
            prop_assert_eq!(before.moments, after.moments);
        }
    }

    #[test]
    fn an_event_without_effect_that_nobody_has_seen_may_as_well_not_be_there(events in history()) {
        let all = folded(&events);
        for tip in tips(&events) {
            let event = events.iter().find(|e| e.id == tip).expect("a tip is an event");
            // A referral is somebody's rival even where it has no effect.
            if effect(&all, tip) == Effect::Applied || event.action().lead().is_some() {
                continue;
            }
            let others: Vec<Event> = events.iter().filter(|e| e.id != tip).cloned().collect();
            prop_assert_eq!(&folded(&others).moments, &all.moments);
        }
    }
}
