//! The working days of 2026, as the government moved them.

use crate::CALENDAR;
use crate::support::*;
use sync::model::calendar::{Calendar, Term};

fn year() -> Calendar {
    directory(CALENDAR).calendar().clone()
}

#[test]
fn the_year_2026_has_249_working_days() {
    // 261 weekdays, less fourteen days off that fall on weekdays, and two Saturdays worked.
    let days = year().working_days_between(day("2025-12-31"), day("2026-12-31"));
    assert_eq!(days, 261 - 14 + 2);
}

#[test]
fn the_demonstration_has_the_same_year() {
    let demo = directory(include_str!("../../../demo/directory.toml"));
    assert_eq!(demo.calendar().working_days_between(day("2025-12-31"), day("2026-12-31")), 249);
    assert_eq!(demo.calendar().working_saturdays, year().working_saturdays);
}

#[test]
fn working_days_are_counted_as_on_a_paper_calendar() {
    let end = |from: &str, n: u32| Term::WorkingDays(n).end(day(from), &year());
    // The check of the design.
    assert_eq!(end("2026-11-10", 10), day("2026-11-25"));
    // Friday 2/1 is off, Saturday 10/1 is worked.
    assert_eq!(end("2025-12-31", 1), day("2026-01-05"));
    assert_eq!(end("2026-01-05", 5), day("2026-01-10"));
    // 21, 22 (a Saturday worked), 24–28 August are seven; 31/8–2/9 are off; 3, 4, 7 September.
    assert_eq!(end("2026-08-20", 10), day("2026-09-07"));
    // Tết: 16–20 February are off.
    assert_eq!(end("2026-02-13", 5), day("2026-02-27"));
    // A term that starts on a day off starts counting on the next day worked.
    assert_eq!(end("2026-11-14", 1), day("2026-11-16"));
    assert_eq!(end("2026-11-10", 0), day("2026-11-10"));
}

#[test]
fn calendar_days_know_no_holidays() {
    assert_eq!(Term::Days(30).end(day("2026-11-10"), &year()), day("2026-12-10"));
    assert_eq!(Term::Days(14).end(day("2026-11-10"), &year()), day("2026-11-24"));
}

#[test]
fn a_saturday_worked_counts_only_where_the_calendar_says_so() {
    assert!(year().is_working(day("2026-08-22")));
    assert!(!year().is_working(day("2026-08-29")));
    assert!(!year().is_working(day("2026-08-23")));
    assert!(!Calendar::default().is_working(day("2026-08-22")), "an empty calendar knows weekends alone");
    assert!(Calendar::default().is_working(day("2026-11-24")));
}

#[test]
fn working_days_between_and_ends_agree() {
    let (year, mut from) = (year(), day("2025-12-20"));
    while from < day("2026-12-20") {
        for n in [1, 3, 10] {
            let end = year.add_working_days(from, n);
            assert_eq!(year.working_days_between(from, end), n, "{n} from {from}");
            assert!(year.is_working(end));
        }
        from = from.tomorrow().expect("a day follows");
    }
}

#[test]
fn terms_are_read_as_policies_write_them() {
    let read = [("10wd", Some(Term::WorkingDays(10))), ("30d", Some(Term::Days(30))), ("0d", Some(Term::Days(0)))];
    let wrong = ["", "d", "wd", "10", "10w", "-1d", "1.5d", "30 ngày", "99999999999d", "4000d"];
    for (text, term) in read.into_iter().chain(wrong.map(|w| (w, None))) {
        assert_eq!(Term::parse(text), term, "{text}");
    }
}
