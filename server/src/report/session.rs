//! Sessions held in a month, by kind.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use rusqlite::Connection;
use serde::Serialize;
use sync::id::RecordId;
use sync::model::directory::Directory;
use sync::model::petition::{Channel, counted};
use sync::model::session::fold_session;

use super::error::ReportError;
use super::gather::Cases;
use super::source::Source;
use super::words;
use crate::projection::{SessionRow, raised_at, session_exists, session_row, sessions_around, sessions_same_as};

/// The sessions of one kind, by their counted date. Two records of one occasion (`same-as`) are one session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SessionFigures {
    /// Which kind.
    pub kind: Channel,
    /// What it is called.
    pub name: &'static str,
    /// How many were held.
    pub held: u64,
    /// People present, as far as it was written down.
    pub present: u64,
    /// Petitions raised at them and logged by the month's end.
    pub petitions: u64,
    /// Of these, answered on the spot.
    pub answered_on_spot: u64,
}

/// Counts them, for units of the offices asked for, in the contract's order of kinds.
pub(super) fn sessions(
    conn: &Connection,
    cases: &mut Cases<'_>,
    directory: &Directory,
    source: &dyn Source,
) -> Result<Vec<SessionFigures>, ReportError> {
    let period = cases.period;
    let same = Occasions::read(conn, period.as_of, source)?;
    let mut found: BTreeMap<Channel, SessionFigures> = BTreeMap::new();
    for session in sessions_around(conn, period.start, period.end)? {
        let admitted = session.received_at.is_none_or(|at| at <= period.as_of);
        let date = counted_date(&session, directory);
        let in_month = (period.start..period.end).contains(&date);
        if !admitted || !in_month || !same.counts(session.record) || !cases.keys.unit_within(&session.unit) {
            continue;
        }
        let figures = found.entry(session.kind).or_insert_with(|| SessionFigures {
            kind: session.kind,
            name: words::channel(session.kind),
            held: 0,
            present: 0,
            petitions: 0,
            answered_on_spot: 0,
        });
        figures.held += 1;
        let mut present = session.present;
        for record in same.records_of(session.record) {
            let (petitions, on_spot) = raised_at(conn, record, period.end, period.as_of)?;
            figures.petitions += petitions;
            figures.answered_on_spot += on_spot;
            if present.is_none() && record != session.record {
                present = session_row(conn, record)?.and_then(|row| row.present);
            }
        }
        figures.present += u64::from(present.unwrap_or(0));
    }
    Ok(found.into_values().collect())
}

/// As for a petition: its own time, or the receipt when it came after the lease.
fn counted_date(session: &SessionRow, directory: &Directory) -> i64 {
    let instant = |ms: i64| Timestamp::from_millisecond(ms).unwrap_or(Timestamp::MAX);
    let (date, _) = counted(instant(session.at), session.received_at.map(instant), false, directory.lease());
    date.as_millisecond()
}

/// Which records are the same occasion.
struct Occasions {
    /// Record → the record that counts in its place.
    main: BTreeMap<RecordId, RecordId>,
    /// The record that counts → the others.
    others: BTreeMap<RecordId, Vec<RecordId>>,
}

impl Occasions {
    fn read(conn: &Connection, as_of: i64, source: &dyn Source) -> Result<Self, ReportError> {
        let mut said: BTreeMap<RecordId, RecordId> = BTreeMap::new();
        for row in sessions_same_as(conn)? {
            if row.received_at.is_some_and(|at| at > as_of) {
                continue;
            }
            let cut = row.newest_at.is_some_and(|newest| newest > as_of);
            let same_as = if cut { as_it_was(row.record, as_of, source)? } else { row.same_as };
            if let Some(same_as) = same_as
                && session_exists(conn, same_as, as_of)?
            {
                said.insert(row.record, same_as);
            }
        }
        let main: BTreeMap<RecordId, RecordId> = said.keys().map(|r| (*r, follow(&said, *r))).collect();
        let mut others: BTreeMap<RecordId, Vec<RecordId>> = BTreeMap::new();
        for (record, counts) in main.iter().filter(|(record, counts)| record != counts) {
            others.entry(*counts).or_default().push(*record);
        }
        Ok(Self { main, others })
    }

    fn counts(&self, record: RecordId) -> bool {
        self.main.get(&record).is_none_or(|main| *main == record)
    }

    /// A record that counts, and those that are the same occasion.
    fn records_of(&self, record: RecordId) -> impl Iterator<Item = RecordId> {
        [record].into_iter().chain(self.others.get(&record).into_iter().flatten().copied())
    }
}

/// The end of the way; on a circle (two officers each named the other's) the smallest id on it.
fn follow(said: &BTreeMap<RecordId, RecordId>, from: RecordId) -> RecordId {
    let mut way = vec![from];
    let mut seen = BTreeSet::from([from]);
    let mut at = from;
    while let Some(next) = said.get(&at) {
        if !seen.insert(*next) {
            let circle = way.iter().skip_while(|r| *r != next);
            return circle.min().copied().unwrap_or(*next);
        }
        way.push(*next);
        at = *next;
    }
    at
}

/// What a session was the same as, without what was admitted later.
fn as_it_was(record: RecordId, as_of: i64, source: &dyn Source) -> Result<Option<RecordId>, ReportError> {
    let (mut session, receipts) = source.session(record).map_err(|source| ReportError::Source { record, source })?;
    session.events.retain(|e| receipts.events.get(&e.id).is_none_or(|r| r.at.as_millisecond() <= as_of));
    Ok(fold_session(&session.events).same_as)
}
