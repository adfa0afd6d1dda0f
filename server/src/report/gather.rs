//! Every petition a month concerns.

use std::collections::{BTreeMap, HashSet};

use rusqlite::Connection;
use sync::id::RecordId;
use sync::model::directory::Directory;

use super::case::Case;
use super::classify::{Classifier, History, Piece};
use super::days::LocalDays;
use super::due::DueBook;
use super::error::ReportError;
use super::key::Keys;
use super::month::Period;
use super::query::Query;
use super::source::Source;
use crate::projection::{Derived, derive, each_stretch, fold_received, petitions_since};

/// Every petition a month concerns, with the figures that count it.
#[derive(Debug)]
pub struct Cases<'d> {
    pub(super) list: Vec<Case>,
    pub(super) keys: Keys<'d>,
    pub(super) period: Period,
    pub(super) query: Query,
}

/// Finds and classifies them. `directory` decides zone, deadlines, successions and names; `source` is asked only for
/// petitions that have admitted something after `query.as_of`.
pub fn cases<'d>(
    conn: &Connection,
    query: &Query,
    directory: &'d Directory,
    source: &dyn Source,
) -> Result<Cases<'d>, ReportError> {
    in_snapshot(conn, || gather(conn, query, directory, source))
}

/// Several reads that must see one state of the database. A caller's own transaction serves as well.
pub(super) fn in_snapshot<T>(
    conn: &Connection,
    read: impl FnOnce() -> Result<T, ReportError>,
) -> Result<T, ReportError> {
    // Dropped at the end, which rolls back: nothing was written.
    let _snapshot = conn.is_autocommit().then(|| conn.unchecked_transaction()).transpose()?;
    read()
}

pub(super) fn gather<'d>(
    conn: &Connection,
    query: &Query,
    directory: &'d Directory,
    source: &dyn Source,
) -> Result<Cases<'d>, ReportError> {
    let period = Period::new(query.month, query.as_of, directory.zone());
    let mut classifier = Classifier {
        period,
        keys: Keys::new(directory, period.last_days, query.offices.clone()),
        book: DueBook::new(directory),
        days: LocalDays::new(directory.zone()),
    };
    let mut list: Vec<Case> = Vec::new();
    // Petitions of which the month may see more than one stretch.
    let mut several: BTreeMap<RecordId, Vec<Piece<'static>>> = BTreeMap::new();
    let table = History::Table(conn);
    // Rows know too much of these.
    let since = petitions_since(conn, period.as_of)?;
    let cut: HashSet<RecordId> = since.iter().map(|(record, _)| *record).collect();
    each_stretch(conn, period.start, period.end, |stretch| -> Result<(), ReportError> {
        let record = stretch.record;
        if !cut.is_empty() && cut.contains(&record) {
            return Ok(());
        }
        let piece = Piece::of(stretch, &mut classifier.keys)?;
        if piece.n() == 0 {
            list.extend(classifier.classify(record, &[piece], &table)?);
        } else {
            several.entry(record).or_default().push(piece.into_owned());
        }
        Ok(())
    })?;
    for (record, mut pieces) in several {
        pieces.sort_by_key(Piece::n);
        list.extend(classifier.classify(record, &pieces, &table)?);
    }
    for (record, _) in since.into_iter().filter(|(_, created)| *created) {
        list.extend(as_it_was(record, directory, source, &mut classifier)?);
    }
    Ok(Cases { list, keys: classifier.keys, period, query: query.clone() })
}

/// A petition folded again without what was admitted later.
fn as_it_was(
    record: RecordId,
    directory: &Directory,
    source: &dyn Source,
    classifier: &mut Classifier<'_>,
) -> Result<Option<Case>, ReportError> {
    let as_of = classifier.period.as_of;
    let (mut petition, receipts) = source.petition(record).map_err(|source| ReportError::Source { record, source })?;
    petition.events.retain(|e| receipts.events.get(&e.id).is_none_or(|r| r.at.as_millisecond() <= as_of));
    let folded = fold_received(&petition, &receipts, directory);
    let Derived { stretches, states } = derive(record, &folded);
    let end = classifier.period.end;
    let seen = stretches.into_iter().filter(|s| s.opened_at < end);
    let pieces = seen.map(|s| Piece::of(s, &mut classifier.keys)).collect::<Result<Vec<_>, _>>()?;
    classifier.classify(record, &pieces, &History::Derived(&states))
}
