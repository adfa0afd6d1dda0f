//! By unit, body, category, channel and kind: values at the month's end, and what moved.

use sync::model::petition::{Action, Field};

use super::world::*;
use crate::report::{By, Figure, KeyRow};

fn balance(row: &KeyRow) -> [u64; 5] {
    [Figure::Opening, Figure::MovedIn, Figure::MovedOut, Figure::CarriedIn, Figure::CarriedOut]
        .map(|f| row.figures.get(f))
}

#[test]
fn a_petition_moved_between_units_is_counted_where_it_ends() {
    let mut w = World::new(DIRECTORY);
    // Logged for u1 in June, corrected to u2 on 10 July, resolved in August.
    let mut p = w.log("p", "2026-06-05 08:00");
    let correct = Action::Correct { field: Field::Unit, value: "u2".to_owned(), why: "…".to_owned() };
    w.then(&mut p, "2026-07-10 08:00", correct);
    w.then(&mut p, "2026-08-10 08:00", resolve());
    w.put(&p);
    let june = w.month("2026-06");
    assert_eq!(figures(&key(&june.by_unit, Some("u1")).figures), "received 1, handled 1, carried_out 1, open_within 1");
    assert_eq!(june.by_unit.len(), 1);
    // July: u1 gives away what June left it; u2 has it carried in, though June left it nothing.
    let july = w.month("2026-07");
    assert_eq!(balance(key(&july.by_unit, Some("u1"))), [1, 0, 1, 0, 0]);
    assert_eq!(balance(key(&july.by_unit, Some("u2"))), [0, 1, 0, 1, 1]);
    let august = w.month("2026-08");
    assert_eq!(balance(key(&august.by_unit, Some("u2"))), [1, 0, 0, 1, 0]);
    assert_eq!(august.by_unit.len(), 1);
    assert_eq!((july.by_unit[0].name.as_str(), july.by_unit[1].name.as_str()), ("Xã Một", "Xã Hai"));
    w.rebuild();
}

#[test]
fn two_referrals_apart_are_contested_until_somebody_decides() {
    let mut w = World::new(DIRECTORY);
    // Received and classified, then referred to kt and, apart, to vh. Decided for vh in July.
    let mut p = w.log("p", "2026-06-05 08:00");
    w.then(&mut p, "2026-06-06 08:00", Action::Receive);
    w.then(&mut p, "2026-06-07 08:00", refer("kt"));
    w.apart(&mut p, "2026-06-07 09:00", refer("vh"));
    w.put(&p);
    let june = w.month("2026-06");
    assert_eq!(june.by_body.len(), 1);
    assert_eq!(key(&june.by_body, Some("contested")).figures.get(Figure::CarriedOut), 1);
    let mut decided = p.clone();
    w.then(&mut decided, "2026-07-03 08:00", refer("vh"));
    let (kt, vh) = (decided.record.events[1].id, decided.record.events[2].id);
    decided.record.events[3].body.after = Some(vec![kt, vh]);
    w.put(&decided);
    assert_eq!(key(&w.month("2026-06").by_body, Some("contested")).figures.get(Figure::CarriedOut), 1);
    let july = w.month("2026-07");
    assert_eq!(balance(key(&july.by_body, Some("contested"))), [1, 0, 1, 0, 0]);
    assert_eq!(balance(key(&july.by_body, Some("vh"))), [0, 1, 0, 1, 1]);
    w.rebuild();
}

#[test]
fn no_body_is_null_and_a_returned_petition_is_there_again() {
    let mut w = World::new(DIRECTORY);
    let mut p = w.log("p", "2026-06-05 08:00");
    w.then(&mut p, "2026-06-06 08:00", refer("kt"));
    w.then(&mut p, "2026-07-06 08:00", Action::Return { reason: "…".to_owned() });
    w.put(&p);
    let q = w.log("q", "2026-06-05 08:00");
    w.put(&q);
    let june = w.month("2026-06");
    assert_eq!(june.by_body.iter().map(|r| r.key.as_deref()).collect::<Vec<_>>(), [Some("kt"), None]);
    let july = w.month("2026-07");
    assert_eq!(balance(key(&july.by_body, Some("kt"))), [1, 0, 1, 0, 0]);
    assert_eq!(balance(key(&july.by_body, None)), [1, 1, 0, 2, 2]);
}

#[test]
fn a_reclassified_petition_counts_under_its_latest_category_and_kind() {
    let mut w = World::new(DIRECTORY);
    let mut p = w.log("p", "2026-06-05 08:00");
    p.record.facts.category = Some("road".into());
    let classify =
        Action::Classify { kind: Some(sync::model::petition::Kind::Proposal), category: Some("land".into()) };
    w.then(&mut p, "2026-06-06 08:00", classify);
    w.put(&p);
    let june = w.month("2026-06");
    assert_eq!(
        june.by_category.iter().map(|r| (r.key.as_deref(), r.name.as_str())).collect::<Vec<_>>(),
        [(Some("land"), "Đất đai")]
    );
    assert_eq!(june.by_kind.iter().map(|r| r.key.as_deref()).collect::<Vec<_>>(), [Some("proposal")]);
    assert_eq!(june.by_channel.iter().map(|r| r.key.as_deref()).collect::<Vec<_>>(), [Some("letter")]);
}

/// From 1 July u1 and old have become new; split has become u2 and new.
const RESTRUCTURED: &str = r#"
    [[office]]
    code = "o1"
    name = "Mặt trận"
    [[office]]
    code = "o2"
    name = "Mặt trận xã Hai"
    [[unit]]
    code = "u1"
    name = "Xã Một"
    office = "o1"
    valid_to = "2026-06-30"
    successors = ["moi"]
    [[unit]]
    code = "moi"
    name = "Xã Mới"
    office = "o1"
    valid_from = "2026-07-01"
    [[unit]]
    id = "900-cu"
    code = "900"
    name = "Xã Chia"
    office = "o1"
    valid_to = "2026-06-30"
    successors = ["900", "moi"]
    [[unit]]
    id = "900"
    code = "900"
    name = "Xã Khác"
    office = "o2"
    valid_from = "2026-07-01"
    [[body]]
    code = "cu"
    name = "Phòng cũ"
    valid_to = "2026-06-30"
    successors = ["moi"]
    [[body]]
    code = "moi"
    name = "Phòng mới"
    valid_from = "2026-07-01"
"#;

#[test]
fn units_and_bodies_are_followed_through_their_successors() {
    let mut w = World::new(RESTRUCTURED);
    let mut p = w.log("p", "2026-06-05 08:00");
    w.then(&mut p, "2026-06-06 08:00", refer("cu"));
    w.put(&p);
    // q lies in a commune that was divided: nothing stands in its place alone, so it stays where it was.
    let mut q = w.log("q", "2026-06-05 08:00");
    q.record.facts.unit = "900-cu".into();
    w.put(&q);
    let june = w.month("2026-06");
    let keys = |rows: &[KeyRow]| rows.iter().map(|r| r.key.clone().unwrap_or_default()).collect::<Vec<_>>();
    assert_eq!(keys(&june.by_unit), ["900", "u1"]);
    assert_eq!(key(&june.by_unit, Some("900")).name, "Xã Chia");
    let july = w.month("2026-07");
    // The code 900 has another bearer now, so the divided commune goes by its id.
    assert_eq!(keys(&july.by_unit), ["900-cu", "moi", "u1"]);
    assert_eq!(balance(key(&july.by_unit, Some("900-cu"))), [1, 0, 0, 1, 1]);
    assert_eq!(balance(key(&july.by_unit, Some("u1"))), [1, 0, 1, 0, 0]);
    assert_eq!(balance(key(&july.by_unit, Some("moi"))), [0, 1, 0, 1, 1]);
    assert_eq!(balance(key(&july.by_body, Some("moi"))), [0, 1, 0, 1, 1]);
    // Half a month in, the report already sees July's map.
    let half = w.try_report(&w.query("2026-07", "2026-07-10 00:00")).expect("a report");
    assert_eq!(keys(&half.by_unit), ["900-cu", "moi", "u1"]);
}

#[test]
fn an_office_sees_its_own_units_and_what_moved_over_its_border() {
    let mut w = World::new(DIRECTORY);
    let mut p = w.log("p", "2026-06-05 08:00");
    let correct = Action::Correct { field: Field::Unit, value: "u2".to_owned(), why: "…".to_owned() };
    w.then(&mut p, "2026-07-10 08:00", correct);
    w.put(&p);
    let q = w.log("q", "2026-06-05 08:00");
    w.put(&q);
    let of = |month: &str, office: &str| {
        let mut query = w.query(month, "2030-01-01 00:00");
        query.offices = Some(vec![office.into()]);
        w.try_report(&query).expect("a report")
    };
    assert_eq!(flow(&of("2026-06", "o1")), [0, 2, 0, 2]);
    assert_eq!(flow(&of("2026-06", "o2")), [0, 0, 0, 0]);
    let (one, two) = (of("2026-07", "o1"), of("2026-07", "o2"));
    let totals = |m: &crate::report::Monthly| {
        [Figure::Opening, Figure::MovedIn, Figure::MovedOut, Figure::CarriedIn].map(|f| m.totals.get(f))
    };
    assert_eq!((totals(&one), totals(&two)), ([2, 0, 1, 1], [0, 1, 0, 1]));
    for by in By::ALL {
        let sum: u64 = one.rows(by).iter().map(|r| r.figures.get(Figure::CarriedOut)).sum();
        assert_eq!(sum, 1, "{by:?}");
    }
    assert!(one.rows(By::Unit).iter().all(|r| r.key.as_deref() == Some("u1")));
}
