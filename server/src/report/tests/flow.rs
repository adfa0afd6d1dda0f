//! What a month carries in, takes in, finishes and carries out.

use sync::model::petition::Action;

use super::world::*;
use crate::report::{By, Figure, Section, cases};

#[test]
fn the_first_instant_of_a_month_belongs_to_it() {
    let mut w = World::new(DIRECTORY);
    // A: logged and resolved at one instant, 00:00 on 1 July. All of it is July's.
    let mut a = w.log("a", "2026-07-01 00:00");
    w.then(&mut a, "2026-07-01 00:00", resolve());
    w.put(&a);
    // B: logged in June, resolved at 00:00 on 1 July. Open at the end of June, finished in July.
    let mut b = w.log("b", "2026-06-30 23:59");
    w.then(&mut b, "2026-07-01 00:00", resolve());
    w.put(&b);
    let june = w.month("2026-06");
    assert_eq!(figures(&june.totals), "received 1, handled 1, carried_out 1, open_within 1");
    let july = w.month("2026-07");
    assert_eq!(
        figures(&july.totals),
        "carried_in 1, received 1, handled 2, finished 2, resolved 2, resolved_on_time 2"
    );
    // Days: A 0; B from 30 June to 1 July 1. Median (0 + 1) / 2; the 2nd of two is the nearest rank of 90 %.
    assert_eq!((july.totals.median_days, july.totals.p90_days), (Some(0.5), Some(1)));
    assert_eq!(figures(&w.month("2026-05").totals), "");
    assert_eq!(figures(&w.month("2026-08").totals), "");
    w.rebuild();
}

#[test]
fn the_zone_decides_the_month() {
    // 30 June 20:00 UTC is 1 July 03:00 in Hồ Chí Minh City, 30 June 16:00 in New York.
    for (zone, june, july) in [("Asia/Ho_Chi_Minh", 0, 1), ("America/New_York", 1, 0), ("UTC", 1, 0)] {
        let mut w = World::new(&format!("zone = \"{zone}\"\n{DIRECTORY}"));
        let mut p = w.log("p", "2026-06-15 00:00");
        p.record.facts.at = "2026-06-30T20:00:00Z".parse().expect("instant");
        p.receipts.created.as_mut().expect("created").at = p.record.facts.at;
        w.put(&p);
        let received = |month| w.month(month).totals.get(Figure::Received);
        assert_eq!((received("2026-06"), received("2026-07")), (june, july), "{zone}");
    }
}

#[test]
fn a_finished_petition_taken_up_again_is_handled_again() {
    let mut w = World::new(DIRECTORY);
    // June: logged, referred, resolved, answered, rated no. July: reopened, and still open at its end.
    // August: resolved again; September: answered and rated yes.
    let mut p = w.log("p", "2026-06-01 08:00");
    w.then(&mut p, "2026-06-02 08:00", refer("kt"));
    w.then(&mut p, "2026-06-10 08:00", resolve());
    w.then(&mut p, "2026-06-11 08:00", answer());
    w.then(&mut p, "2026-06-12 08:00", rate(false));
    w.then(&mut p, "2026-07-05 08:00", reopen());
    w.then(&mut p, "2026-08-20 08:00", resolve());
    w.then(&mut p, "2026-09-02 08:00", answer());
    w.then(&mut p, "2026-09-03 08:00", rate(true));
    w.put(&p);
    assert_eq!(
        figures(&w.month("2026-06").totals),
        "received 1, handled 1, finished 1, resolved 1, resolved_on_time 1, answered 1, rated 1"
    );
    // Reopening refers it again: due 15 July, so it is overdue when July ends.
    assert_eq!(figures(&w.month("2026-07").totals), "reopened 1, handled 1, carried_out 1, open_overdue 1");
    let august = w.month("2026-08");
    assert_eq!(figures(&august.totals), "carried_in 1, handled 1, finished 1, resolved 1, resolved_late 1");
    // From the first logging on 1 June to the last resolution on 20 August: 30 − 1 + 31 + 20 = 80 days.
    assert_eq!((august.totals.median_days, august.totals.p90_days), (Some(80.0), Some(80)));
    assert_eq!(figures(&w.month("2026-09").totals), "answered_earlier 1");
    w.rebuild();
}

#[test]
fn taken_up_and_finished_within_a_month_counts_once_under_its_last_ending() {
    let mut w = World::new(DIRECTORY);
    // A: carried into July, resolved, reopened, filed: carried in, not reopened; filed, not resolved.
    let mut a = w.log("a", "2026-06-20 08:00");
    w.then(&mut a, "2026-07-02 08:00", resolve());
    w.then(&mut a, "2026-07-03 08:00", reopen());
    w.then(&mut a, "2026-07-04 08:00", Action::File { reason: "…".to_owned() });
    w.put(&a);
    // B: resolved in June, answered on 1 July 09:00, reopened and resolved again in July and answered again:
    // reopened; resolved and answered; and the answer of 1 July was about June's resolution.
    let mut b = w.log("b", "2026-06-20 08:00");
    w.then(&mut b, "2026-06-21 08:00", resolve());
    w.then(&mut b, "2026-07-01 09:00", answer());
    w.then(&mut b, "2026-07-06 08:00", reopen());
    w.then(&mut b, "2026-07-06 08:00", resolve());
    w.then(&mut b, "2026-07-07 08:00", answer());
    w.put(&b);
    assert_eq!(
        figures(&w.month("2026-06").totals),
        "received 2, handled 2, finished 1, resolved 1, resolved_on_time 1, carried_out 1, open_within 1"
    );
    assert_eq!(
        figures(&w.month("2026-07").totals),
        "carried_in 1, reopened 1, handled 2, finished 2, resolved 1, resolved_on_time 1, filed 1, answered 1, \
         answered_earlier 1"
    );
    w.rebuild();
}

#[test]
fn answered_and_closed_count_under_what_finished_them() {
    let mut w = World::new(DIRECTORY);
    // Guided and answered: guided; `answered` is about resolutions only. Withdrawn and closed: withdrawn.
    // A duplicate that was none is open again. A rating changed in July is June's first, July's is not looked back at.
    let mut a = w.log("a", "2026-06-01 08:00");
    w.then(&mut a, "2026-06-02 08:00", Action::Guide { text: "…".to_owned() });
    w.then(&mut a, "2026-06-03 08:00", answer());
    w.put(&a);
    let mut b = w.log("b", "2026-06-01 08:00");
    w.then(&mut b, "2026-06-02 08:00", Action::Withdraw { reason: "…".to_owned() });
    w.then(&mut b, "2026-06-03 08:00", Action::Close);
    w.put(&b);
    let mut c = w.log("c", "2026-06-01 08:00");
    w.then(&mut c, "2026-06-02 08:00", Action::Duplicate { of: a.id });
    w.then(&mut c, "2026-07-02 08:00", Action::NotDuplicate { of: a.id });
    w.put(&c);
    let mut d = w.log("d", "2026-06-01 08:00");
    w.then(&mut d, "2026-06-02 08:00", resolve());
    w.then(&mut d, "2026-06-03 08:00", answer());
    w.then(&mut d, "2026-06-04 08:00", rate(true));
    w.then(&mut d, "2026-07-04 08:00", rate(false));
    w.put(&d);
    assert_eq!(
        figures(&w.month("2026-06").totals),
        "received 4, handled 4, finished 4, resolved 1, resolved_on_time 1, guided 1, withdrawn 1, duplicates 1, \
         answered 1, rated 1, satisfied 1"
    );
    assert_eq!(figures(&w.month("2026-07").totals), "reopened 1, handled 1, carried_out 1, open_within 1");
}

#[test]
fn a_date_older_than_the_lease_counts_when_it_arrived() {
    let mut w = World::new(DIRECTORY);
    // Resolved on 30 June by its own clock. Received on 3 July, within 14 days: June's. Received on 20 July: July's.
    for (name, received) in [("soon", "2026-07-03 08:00"), ("late", "2026-07-20 08:00")] {
        let mut p = w.log(name, "2026-06-01 08:00");
        w.then_received(&mut p, "2026-06-30 08:00", resolve(), received);
        w.put(&p);
    }
    assert_eq!(flow(&w.month("2026-06")), [0, 2, 1, 1]);
    assert_eq!(flow(&w.month("2026-07")), [1, 0, 1, 0]);
    // An imported petition keeps its dates, however old.
    let mut old = w.log("old", "2026-09-01 08:00").imported("7");
    old.record.facts.at = w.at("2026-06-05 00:00");
    w.then_received(&mut old, "2026-06-05 00:00", resolve(), "2026-09-01 08:00");
    w.put(&old);
    assert_eq!(flow(&w.month("2026-06")), [0, 3, 2, 1]);
}

#[test]
fn every_number_opens() {
    let mut w = World::new(DIRECTORY);
    let mut a = w.log("a", "2026-06-01 08:00");
    w.then(&mut a, "2026-06-02 08:00", refer("kt"));
    w.put(&a);
    let mut b = w.log("b", "2026-06-01 07:00");
    w.then(&mut b, "2026-06-02 08:00", resolve());
    w.put(&b);
    let query = w.query("2026-06", "2026-12-01 00:00");
    let cases = cases(&w.conn, &query, &w.directory, &w).expect("cases");
    let behind = |section, key, figure| cases.behind(section, key, figure).expect("known");
    // b was logged an hour before a.
    assert_eq!(behind(Section::Totals, None, Figure::Received), [b.id, a.id]);
    assert_eq!(behind(Section::By(By::Body), Some("kt"), Figure::CarriedOut), [a.id]);
    assert_eq!(behind(Section::By(By::Body), None, Figure::Resolved), [b.id]);
    assert_eq!(behind(Section::By(By::Unit), Some("u1"), Figure::OpenOverdue), [a.id]);
    assert!(cases.behind(Section::By(By::Body), Some("vh"), Figure::Received).is_err());
}
