//! On time, late, within, overdue.

use jiff::civil::date;
use sync::model::petition::Action;

use super::world::*;
use crate::report::Figure;

fn on_time_late(w: &World, month: &str) -> (u64, u64) {
    let totals = w.month(month).totals;
    (totals.get(Figure::ResolvedOnTime), totals.get(Figure::ResolvedLate))
}

fn within_overdue(w: &World, month: &str) -> (u64, u64) {
    let totals = w.month(month).totals;
    (totals.get(Figure::OpenWithin), totals.get(Figure::OpenOverdue))
}

#[test]
fn the_last_day_is_still_on_time() {
    // Referred on 2 June, 10 days: the last day is the 12th.
    let mut w = World::new(DIRECTORY);
    for (name, resolved) in [("last", "2026-06-12 23:59"), ("after", "2026-06-13 00:00")] {
        let mut p = w.log(name, "2026-06-01 08:00");
        w.then(&mut p, "2026-06-02 08:00", refer("kt"));
        w.then(&mut p, resolved, resolve());
        w.put(&p);
    }
    // Never referred: the clock never started, no due date counts as on time.
    let mut p = w.log("none", "2026-06-01 08:00");
    w.then(&mut p, "2026-06-30 08:00", resolve());
    w.put(&p);
    assert_eq!(on_time_late(&w, "2026-06"), (2, 1));
}

#[test]
fn an_extension_moves_the_last_day() {
    let mut w = World::new(DIRECTORY);
    // Due 12 June, extended on the 11th to the 20th; resolved on the 20th (on time) or the 21st (late).
    for (name, resolved) in [("a", "2026-06-20 10:00"), ("b", "2026-06-21 10:00")] {
        let mut p = w.log(name, "2026-06-01 08:00");
        w.then(&mut p, "2026-06-02 08:00", refer("kt"));
        let extend = Action::Extend { until: Some(date(2026, 6, 20)), reason: "…".to_owned() };
        w.then(&mut p, "2026-06-11 08:00", extend);
        w.then(&mut p, resolved, resolve());
        w.put(&p);
    }
    assert_eq!(on_time_late(&w, "2026-06"), (1, 1));
}

#[test]
fn an_extension_made_later_does_not_save_an_earlier_month() {
    // Due 12 June. At the end of June overdue; extended on 2 July to 10 August: within at the end of July;
    // at the end of August overdue again.
    let mut w = World::new(DIRECTORY);
    let mut p = w.log("p", "2026-06-01 08:00");
    w.then(&mut p, "2026-06-02 08:00", refer("kt"));
    let extend = Action::Extend { until: Some(date(2026, 8, 10)), reason: "…".to_owned() };
    w.then(&mut p, "2026-07-02 08:00", extend);
    w.put(&p);
    assert_eq!(within_overdue(&w, "2026-06"), (0, 1));
    assert_eq!(within_overdue(&w, "2026-07"), (1, 0));
    assert_eq!(within_overdue(&w, "2026-08"), (0, 1));
}

#[test]
fn paused_time_does_not_count() {
    let mut w = World::new(DIRECTORY);
    // Referred 2 June, due 12 June. Paused 5 June to 10 July, 35 days: due 12 June + 35 = 17 July.
    for (name, resolved) in [("a", "2026-07-17 10:00"), ("b", "2026-07-18 10:00")] {
        let mut p = w.log(name, "2026-06-01 08:00");
        w.then(&mut p, "2026-06-02 08:00", refer("kt"));
        w.then(&mut p, "2026-06-05 08:00", Action::Pause { reason: "…".to_owned() });
        w.then(&mut p, "2026-07-10 08:00", Action::Resume);
        w.then(&mut p, resolved, resolve());
        w.put(&p);
    }
    // At the end of June both are paused: 7 of the 10 days are left, however long the pause lasts.
    assert_eq!(within_overdue(&w, "2026-06"), (2, 0));
    assert_eq!(on_time_late(&w, "2026-07"), (1, 1));
    let mut p = w.log("c", "2026-06-01 08:00");
    w.then(&mut p, "2026-06-02 08:00", refer("kt"));
    w.then(&mut p, "2026-06-05 08:00", Action::Pause { reason: "…".to_owned() });
    w.put(&p);
    assert_eq!(within_overdue(&w, "2026-12"), (1, 0));
}

#[test]
fn due_on_the_last_day_of_a_month_is_overdue_when_it_ends() {
    // Referred 20 June, due 30 June. When June has ended, the 30th has passed.
    // Referred 21 June, due 1 July: within.
    let mut w = World::new(DIRECTORY);
    for (name, referred) in [("a", "2026-06-20 08:00"), ("b", "2026-06-21 08:00")] {
        let mut p = w.log(name, "2026-06-10 08:00");
        w.then(&mut p, referred, refer("kt"));
        w.put(&p);
    }
    assert_eq!(within_overdue(&w, "2026-06"), (1, 1));
    // As of 30 June noon the 30th is still there.
    let early = w.try_report(&w.query("2026-06", "2026-06-30 12:00")).expect("a report");
    assert_eq!((early.totals.get(Figure::OpenWithin), early.totals.get(Figure::OpenOverdue)), (2, 0));
    // Waiting since 10 June: 21 days to the end of June (1 July 00:00), 20 to the 30th.
    let oldest = |m: &crate::report::Monthly| m.oldest.iter().map(|o| (o.days, o.due)).collect::<Vec<_>>();
    let days = oldest(&w.month("2026-06"));
    assert_eq!(days.iter().map(|(days, _)| *days).collect::<Vec<_>>(), [21, 21]);
    assert_eq!(oldest(&early).iter().map(|(days, _)| *days).collect::<Vec<_>>(), [20, 20]);
    assert!(days.iter().any(|(_, due)| *due == Some(date(2026, 6, 30))));
}

#[test]
fn a_correction_after_the_resolution_moves_no_deadline() {
    // Proposals have no policy here. Resolved late as feedback, corrected to a proposal afterwards, in the same month:
    // counted as a proposal, and still late.
    let mut w = World::new(DIRECTORY);
    let mut p = w.log("p", "2026-06-01 08:00");
    w.then(&mut p, "2026-06-02 08:00", refer("kt"));
    w.then(&mut p, "2026-06-20 08:00", resolve());
    let correct = Action::Correct {
        field: sync::model::petition::Field::Kind,
        value: "proposal".to_owned(),
        why: "…".to_owned(),
    };
    w.then(&mut p, "2026-06-21 08:00", correct);
    w.put(&p);
    let june = w.month("2026-06");
    assert_eq!(june.by_kind.len(), 1);
    assert_eq!(key(&june.by_kind, Some("proposal")).figures.get(Figure::ResolvedLate), 1);
}
