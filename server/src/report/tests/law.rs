//! Random histories: every figure of every month equals what the definitions say of the folded petition itself, without
//! rows, classes or memories.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::date;
use sync::model::petition::{Action, ActionKind, Field, Finish, Folded, Moment, deadlines, fold};
use sync::model::time::local_date;

use super::world::*;
use crate::report::{By, Figure, Month, Section, cases};

/// A small generator with a known sequence.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % sides
    }
}

fn random_action(dice: &mut Dice) -> Action {
    let reason = || "…".to_owned();
    let correct = |field, value: &str| Action::Correct { field, value: value.to_owned(), why: reason() };
    match dice.roll(20) {
        0 => Action::Receive,
        1 => Action::Classify { kind: None, category: Some("road".into()) },
        2 | 3 => refer("kt"),
        4 => refer("vh"),
        5 => Action::Accept,
        6 => Action::Return { reason: reason() },
        7 => Action::Pause { reason: reason() },
        8 => Action::Resume,
        9 => Action::Extend { until: Some(date(2026, 1 + dice.roll(6) as i8, 15)), reason: reason() },
        10..=12 => resolve(),
        13 | 14 => answer(),
        15 => rate(dice.roll(2) == 0),
        16 => reopen(),
        17 => Action::File { reason: reason() },
        18 => correct(Field::Unit, if dice.roll(2) == 0 { "u1" } else { "u2" }),
        _ => correct(Field::Kind, if dice.roll(2) == 0 { "feedback" } else { "proposal" }),
    }
}

/// Rules of every kind, some of them valid for a while only.
const POLICIES: &str = r#"
    [[policy]]
    kind = "feedback"
    category = "road"
    resolve = "7wd"
    from = "acceptance"
    valid_to = "2026-02-20"
    [[policy]]
    kind = "feedback"
    category = "land"
    resolve = "25d"
    from = "logging"
    valid_from = "2026-02-10"
    [[policy]]
    kind = "proposal"
    category = "*"
    resolve = "12wd"
    valid_from = "2026-01-20"
    valid_to = "2026-05-05"
    [calendar]
    holidays = ["2026-02-16", "2026-02-17", "2026-04-30"]
    working_saturdays = ["2026-02-28"]
"#;

/// Times on whole days, so that many fall on the first instant of a month, and many together.
fn random_world(seed: u64) -> World {
    let zone = if seed.is_multiple_of(2) { "Asia/Ho_Chi_Minh" } else { "America/New_York" };
    let mut w = World::new(&format!("zone = \"{zone}\"\n{DIRECTORY}{POLICIES}"));
    let mut dice = Dice(seed);
    let day = |n: u64| {
        let date = date(2026, 1, 1).checked_add(jiff::SignedDuration::from_hours(24 * n as i64)).expect("a day");
        format!("{date} 00:00")
    };
    for i in 0..60 {
        let logged = dice.roll(150);
        let mut p = w.log(&format!("p{seed}-{i}"), &day(logged));
        p.record.facts.category = [None, Some("land".into()), Some("road".into())][i % 3].clone();
        let mut now = logged;
        for _ in 0..dice.roll(9) {
            now += [0, 0, 1, 3, 10, 40][dice.roll(6) as usize];
            let received = now + [0, 0, 0, 2, 20][dice.roll(5) as usize];
            let action = random_action(&mut dice);
            if dice.roll(6) == 0 {
                w.apart(&mut p, &day(now), action);
            } else {
                w.then_received(&mut p, &day(now), action, &day(received));
            }
            // As it comes in; the rebuild at the end puts each petition once.
            w.put(&p);
        }
        w.put(&p);
    }
    w
}

/// What the definitions say of one petition: figures, and its units at the start and at the end.
fn by_definition(w: &World, folded: &Folded, month: Month, as_of: Timestamp) -> (Vec<Figure>, Spots) {
    let zone = w.directory.zone();
    let (start, end) = month.bounds(zone);
    let ms = |m: &Moment| m.at.as_millisecond();
    let before = |t: i64| folded.moments.iter().rfind(|m| ms(m) < t);
    let in_month = |m: &Moment| (start..end).contains(&ms(m));
    let (at_start, at_end) = (before(start), before(end));
    let mut found = Vec::new();
    let carried_in = at_start.is_some_and(|m| m.status.is_open());
    let received = in_month(&folded.moments[0]);
    let open_inside = folded.moments.iter().any(|m| in_month(m) && m.status.is_open());
    let reopened = at_start.is_some_and(|m| m.status.is_finished()) && open_inside;
    found.extend(carried_in.then_some(Figure::CarriedIn));
    found.extend(received.then_some(Figure::Received));
    found.extend(reopened.then_some(Figure::Reopened));
    let handled = carried_in || received || reopened;
    if let (true, Some(now)) = (handled, at_end) {
        found.push(Figure::Handled);
        if now.status.is_finished() {
            found.push(Figure::Finished);
            found.push(match now.finish.expect("finished by something") {
                Finish::Resolved => Figure::Resolved,
                Finish::Guided => Figure::Guided,
                Finish::Filed => Figure::Filed,
                Finish::Withdrawn => Figure::Withdrawn,
                Finish::Duplicate => Figure::Duplicates,
            });
        } else {
            let judged = Timestamp::from_millisecond(end.min(as_of.as_millisecond())).expect("instant");
            let due = deadlines(&Moment { at: judged, ..now.clone() }, &w.directory).resolve;
            let overdue = due.is_some_and(|due| due < local_date(judged, zone));
            found.extend([Figure::CarriedOut, if overdue { Figure::OpenOverdue } else { Figure::OpenWithin }]);
        }
        if now.finish == Some(Finish::Resolved) {
            let resolved = folded.moments.iter().rfind(|m| ms(m) < end && m.action == Some(ActionKind::Resolve));
            let resolved = resolved.expect("resolved by an event");
            let due = deadlines(resolved, &w.directory).resolve;
            let late = due.is_some_and(|due| due < local_date(resolved.at, zone));
            found.push(if late { Figure::ResolvedLate } else { Figure::ResolvedOnTime });
            let since = folded.moments.iter().skip_while(|m| m.event != resolved.event);
            if since.take_while(|m| ms(m) < end).any(|m| m.action == Some(ActionKind::Answer)) {
                found.push(Figure::Answered);
                found.extend(now.satisfied.map(|_| Figure::Rated));
                found.extend(now.satisfied.filter(|s| *s).map(|_| Figure::Satisfied));
            }
        }
    }
    let earlier = folded.moments.iter().enumerate().any(|(i, m)| {
        let told = in_month(m) && m.action == Some(ActionKind::Answer) && m.finish == Some(Finish::Resolved);
        told && folded.moments[..i]
            .iter()
            .rfind(|m| m.action == Some(ActionKind::Resolve))
            .is_some_and(|m| ms(m) < start)
    });
    found.extend(earlier.then_some(Figure::AnsweredEarlier));
    let body = |m: &Moment| if m.contested { Some("contested".to_owned()) } else { m.lead().map(|b| b.0.clone()) };
    let spot = |m: &Moment| [Some(m.now.unit.0.clone()), body(m)];
    let spots = Spots { start: at_start.filter(|_| carried_in).map(spot), end: at_end.map(spot) };
    (found, spots)
}

/// Unit and body.
struct Spots {
    start: Option<[Option<String>; 2]>,
    end: Option<[Option<String>; 2]>,
}

type Counts = BTreeMap<(usize, Option<String>), BTreeMap<Figure, u64>>;

fn expected(w: &World, month: Month, as_of: Timestamp) -> Counts {
    let mut counts = Counts::new();
    for p in w.petitions.values().filter(|p| p.receipts.created.expect("created").at <= as_of) {
        let mut record = p.record.clone();
        record.events.retain(|e| p.receipts.events[&e.id].at <= as_of);
        let lease = w.directory.lease();
        let (logged, _) = p.receipts.counted_logging(&record.facts, lease);
        let folded = fold(&record.facts, logged, &record.events, |e| p.receipts.counted(e, lease).0);
        let (found, spots) = by_definition(w, &folded, month, as_of);
        for dimension in 0..2 {
            let mut add = |key: &Option<String>, figure| {
                *counts.entry((dimension, key.clone())).or_default().entry(figure).or_default() += 1;
            };
            let start = spots.start.as_ref().map(|s| &s[dimension]);
            let end = spots.end.as_ref().map(|s| &s[dimension]);
            if let Some(end) = end {
                found.iter().for_each(|figure| add(end, *figure));
            }
            if let Some(start) = start {
                add(start, Figure::Opening);
                if Some(start) != end {
                    add(start, Figure::MovedOut);
                    add(end.expect("still there"), Figure::MovedIn);
                }
            }
        }
    }
    counts
}

#[test]
fn every_figure_is_what_its_definition_says() {
    let mut handled = 0;
    for seed in 1..=25u64 {
        let w = random_world(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        for month in ["2026-01", "2026-02", "2026-03", "2026-04", "2026-05", "2026-06"] {
            for as_of in ["2026-03-01 00:00", "2026-04-11 00:00", "2030-01-01 00:00"] {
                let query = w.query(month, as_of);
                let report = w.try_report(&query).expect("reconciles");
                let mut found = Counts::new();
                for (dimension, by) in [(0, By::Unit), (1, By::Body)] {
                    for row in report.rows(by) {
                        let counted = Figure::ALL.iter().map(|f| (*f, row.figures.get(*f))).filter(|(_, n)| *n > 0);
                        found.insert((dimension, row.key.clone()), counted.collect());
                    }
                }
                assert_eq!(found, expected(&w, query.month, query.as_of), "seed {seed}, {month} as of {as_of}");
                handled += report.totals.get(Figure::Handled);
            }
        }
        w.rebuild();
    }
    assert!(handled > 10_000, "the histories are not idle: {handled}");
}

#[test]
fn what_is_carried_out_is_carried_in_and_every_figure_opens() {
    let w = random_world(42);
    let mut before: Option<crate::report::Monthly> = None;
    for month in ["2026-01", "2026-02", "2026-03", "2026-04", "2026-05", "2026-06"] {
        let report = w.month(month);
        let query = w.query(month, "2030-01-01 00:00");
        let list = cases(&w.conn, &query, &w.directory, &w).expect("cases");
        for by in By::ALL {
            for row in report.rows(by) {
                for figure in Figure::ALL {
                    let behind =
                        list.behind(Section::By(by), row.key.as_deref(), *figure).expect("a key of the report");
                    assert_eq!(behind.len() as u64, row.figures.get(*figure), "{month} {by:?} {figure:?}");
                }
                let last = before.as_ref().map(|m| m.rows(by).iter().find(|r| r.key == row.key));
                let carried_out = last.map(|r| r.map_or(0, |r| r.figures.get(Figure::CarriedOut)));
                assert_eq!(row.figures.get(Figure::Opening), carried_out.unwrap_or(0), "{month} {by:?} {:?}", row.key);
            }
        }
        let carried_out = before.as_ref().map_or(0, |m| m.totals.get(Figure::CarriedOut));
        assert_eq!(report.totals.get(Figure::CarriedIn), carried_out, "{month}");
        before = Some(report);
    }
}
