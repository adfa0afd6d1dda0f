//! Rows are a function of the record, and a month finds all of them.

use std::borrow::Cow;
use std::collections::BTreeSet;

use rusqlite::Connection;
use sync::id::{RecordId, stable_uuid};
use sync::model::petition::Finish;

use super::stretch::put_stretches;
use super::{ClockAt, ProjectionError, Stretch, clear, digest, each_stretch, rating_before, schema};

const DAY: i64 = 86_400_000;

fn stretch(name: u64, opened_at: i64, finished_at: Option<i64>, answered_at: Option<i64>) -> Stretch<'static> {
    Stretch {
        record: RecordId(stable_uuid(&[&name.to_be_bytes()])),
        n: 0,
        opened_at,
        finished: finished_at.map(|at| (at, Finish::Resolved)),
        answered_at,
        logged_at: opened_at,
        placed_at: opened_at,
        clocked_at: opened_at,
        place: Cow::Borrowed("[]"),
        clock: ClockAt { referred: None, accepted: None, given: None, pauses: None },
        ratings: None,
        finish_place: None,
    }
}

fn database() -> Connection {
    let conn = Connection::open_in_memory().expect("memory");
    conn.execute_batch(schema()).expect("schema");
    conn
}

fn found(conn: &Connection, start: i64, end: i64) -> BTreeSet<RecordId> {
    let mut found = BTreeSet::new();
    each_stretch(conn, start, end, |s| -> Result<(), ProjectionError> {
        assert!(found.insert(s.record), "found twice");
        Ok(())
    })
    .expect("read");
    found
}

#[test]
fn a_month_finds_every_stretch_that_reaches_into_it_and_no_other() {
    let conn = database();
    // Lengths on both sides of every power of two of days, from nothing to 200 years, and open ones.
    let mut all = Vec::new();
    for power in 0..17 {
        for (i, length) in [-1, 0, 1].into_iter().map(|d| (DAY << power) + d).enumerate() {
            for opened in [-70_000 * DAY, -400 * DAY, -31 * DAY, -1, 0, 1, 5 * DAY, 31 * DAY] {
                let name = all.len() as u64;
                // The last third was answered that long after a finish at once.
                let (finished, answered) =
                    if i == 2 { (opened, Some(opened + length)) } else { (opened + length, None) };
                all.push(stretch(name, opened, Some(finished), answered));
            }
        }
    }
    for opened in [-70_000 * DAY, 0, 31 * DAY] {
        all.push(stretch(all.len() as u64, opened, None, None));
        all.push(stretch(all.len() as u64, opened, Some(opened), None));
    }
    let tx = conn.unchecked_transaction().expect("transaction");
    put_stretches(&tx, &all).expect("put");
    tx.commit().expect("commit");
    for (start, end) in [(0, 31 * DAY), (-31 * DAY, 0), (31 * DAY, 62 * DAY), (20_000 * DAY, 20_030 * DAY)] {
        let until = |s: &Stretch<'_>| s.finished.map_or(i64::MAX, |(at, _)| s.answered_at.unwrap_or(at));
        let expected = all.iter().filter(|s| s.opened_at < end && until(s) >= start).map(|s| s.record).collect();
        assert_eq!(found(&conn, start, end), expected, "{start}..{end}");
    }
}

#[test]
fn the_digest_knows_order_and_content() {
    let (one, other) = (database(), database());
    let all: Vec<Stretch<'_>> = (0..20).map(|i| stretch(i, i as i64, None, None)).collect();
    let put = |conn: &Connection, stretches: &mut dyn Iterator<Item = &Stretch<'static>>| {
        let tx = conn.unchecked_transaction().expect("transaction");
        stretches.for_each(|s| put_stretches(&tx, std::slice::from_ref(s)).expect("put"));
        tx.commit().expect("commit");
    };
    put(&one, &mut all.iter());
    put(&other, &mut all.iter().rev());
    assert_eq!(digest(&one).expect("digest"), digest(&other).expect("digest"));
    other.execute("UPDATE p_stretch SET place = 'u2' WHERE opened_at = 3", []).expect("update");
    assert_ne!(digest(&one).expect("digest"), digest(&other).expect("digest"));
    let tx = other.unchecked_transaction().expect("transaction");
    clear(&tx).expect("clear");
    tx.commit().expect("commit");
    assert_eq!(digest(&other).expect("digest"), digest(&database()).expect("digest"));
}

#[test]
fn the_last_rating_before_an_instant_counts() {
    assert_eq!(rating_before("", 10), None);
    assert_eq!(rating_before("5+ 7-", 5), None);
    assert_eq!(rating_before("5+ 7-", 6), Some(true));
    assert_eq!(rating_before("5+ 7-", 7), Some(true));
    assert_eq!(rating_before("5+ 7-", 8), Some(false));
    assert_eq!(rating_before("-5+", 0), Some(true), "before 1970 too");
}
