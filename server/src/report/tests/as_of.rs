//! Reports cut by what the server had admitted.

use rusqlite::params;
use sync::id::RecordId;

use super::world::*;
use crate::report::{Figure, ReportError};

#[test]
fn a_report_as_of_a_moment_knows_only_what_had_arrived() {
    let mut w = World::new(DIRECTORY);
    // Resolved on 28 June on a device without a network; the server had it on 3 July.
    let mut p = w.log("p", "2026-06-05 08:00");
    w.then(&mut p, "2026-06-06 08:00", refer("kt"));
    w.then_received(&mut p, "2026-06-28 08:00", resolve(), "2026-07-03 08:00");
    w.put(&p);
    // Logged on 29 June, arrived on 4 July.
    let mut q = w.log("q", "2026-06-29 08:00");
    q.receipts.created.as_mut().expect("created").at = w.at("2026-07-04 08:00");
    w.put(&q);
    let flow_as_of = |as_of: &str| flow(&w.try_report(&w.query("2026-06", as_of)).expect("a report"));
    // On 1 July the server knew one petition, open, referred on 6 June and so overdue since 17 June.
    let first = w.try_report(&w.query("2026-06", "2026-07-01 00:00")).expect("a report");
    assert_eq!(figures(&first.totals), "received 1, handled 1, carried_out 1, open_overdue 1");
    assert_eq!(key(&first.by_body, Some("kt")).figures.get(Figure::CarriedOut), 1);
    assert_eq!(flow_as_of("2026-07-03 07:59"), [0, 1, 0, 1]);
    assert_eq!(flow_as_of("2026-07-03 08:00"), [0, 1, 1, 0], "the moment itself is included");
    assert_eq!(flow_as_of("2026-07-04 08:00"), [0, 2, 1, 1]);
    assert_eq!(flow_as_of("2026-06-01 00:00"), [0, 0, 0, 0]);
    assert_eq!(first.as_of, "2026-07-01T00:00:00+07:00");
}

#[test]
fn the_date_of_an_event_is_never_cut() {
    let mut w = World::new(DIRECTORY);
    // Imported on 1 July with dates of June and, for the resolution, of August.
    let mut p = w.log("p", "2026-07-01 08:00").imported("1");
    p.record.facts.at = w.at("2026-06-05 00:00");
    w.then_received(&mut p, "2026-08-05 00:00", resolve(), "2026-07-01 08:00");
    w.put(&p);
    let august = w.try_report(&w.query("2026-08", "2026-07-02 00:00")).expect("a report");
    assert_eq!(flow(&august), [1, 0, 1, 0]);
}

#[test]
fn rows_that_contradict_each_other_are_no_report() {
    let mut w = World::new(DIRECTORY);
    let mut p = w.log("p", "2026-06-05 08:00");
    w.then(&mut p, "2026-06-06 08:00", resolve());
    w.put(&p);
    let query = w.query("2026-06", "2026-12-01 00:00");
    w.conn.execute("DELETE FROM p_stretch WHERE record = ?1", params![p.id.as_bytes()]).expect("damage");
    let Err(ReportError::DoesNotReconcile { equation, petitions, .. }) = w.try_report(&query) else {
        panic!("a month with a lost petition must not be shown");
    };
    assert_eq!(petitions, [p.id]);
    assert!(equation.starts_with("received"), "{equation}");
    w.rebuild_after_damage();
    assert_eq!(flow(&w.try_report(&query).expect("a report")), [0, 1, 1, 0]);
    w.conn.execute("UPDATE p_stretch SET finish = '?'", []).expect("damage");
    let error = w.try_report(&query).expect_err("an unreadable row").to_string();
    assert!(error.contains("rebuild"), "{error}");
}

#[test]
fn a_record_that_cannot_be_read_again_is_named() {
    let mut w = World::new(DIRECTORY);
    let mut p = w.log("p", "2026-06-05 08:00");
    w.then(&mut p, "2026-07-06 08:00", resolve());
    w.put(&p);
    w.petitions.clear();
    let error = w.try_report(&w.query("2026-06", "2026-07-01 00:00")).expect_err("no source");
    let id: RecordId = p.id;
    assert!(error.to_string().contains(&id.to_string()), "{error}");
}
