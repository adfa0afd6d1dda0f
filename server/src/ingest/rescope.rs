//! Which feeds hold a record: computed from its scope, again whenever the record, the directory or the day changes.

use std::collections::BTreeSet;

use jiff::civil::Date;
use rusqlite::Transaction;
use sync::document::Record;
use sync::id::{BodyId, FeedId, OfficeId, UnitId};
use sync::model::directory::Directory;
use sync::model::petition::Folded;
use sync::scope::{feeds_of_directory, feeds_of_petition, feeds_of_sealed, feeds_of_session};

use crate::error::ServerError;
use crate::store::{self, FeedEntry, FeedEntryKind};

/// What a record's feeds are computed from, as text: the kind, then units, office and bodies, each on a line of its
/// own.
pub(super) fn scope_of(record: &Record, folded: Option<&Folded>) -> String {
    match (record, folded) {
        (Record::Session(session), _) => format!("session\nu{}", session.facts.unit),
        (Record::Petition(petition), Some(folded)) => {
            let last = folded.last();
            let mut scope = match &petition.facts.sealed {
                Some(office) => format!("sealed\no{office}"),
                None => format!("petition\nu{}", last.now.unit),
            };
            if let (Some(hamlet), None) = (&last.now.hamlet, &petition.facts.sealed) {
                scope.push_str(&format!("\nh{hamlet}"));
            }
            let bodies: BTreeSet<&BodyId> = last.held.iter().map(|h| &h.body).collect();
            for body in bodies {
                scope.push_str(&format!("\nb{body}"));
            }
            scope
        }
        _ => "directory".to_owned(),
    }
}

/// The feeds of a scope on a day.
fn feeds_of(scope: &str, directory: &Directory, day: Date) -> BTreeSet<FeedId> {
    let mut lines = scope.lines();
    let kind = lines.next().unwrap_or_default();
    let mut unit = None;
    let mut office = None;
    let mut hamlet = None;
    let mut bodies: Vec<BodyId> = Vec::new();
    for line in lines {
        if let Some(u) = line.strip_prefix('u') {
            unit = Some(UnitId::from(u));
        } else if let Some(o) = line.strip_prefix('o') {
            office = Some(OfficeId::from(o));
        } else if let Some(h) = line.strip_prefix('h') {
            hamlet = Some(UnitId::from(h));
        } else if let Some(b) = line.strip_prefix('b') {
            bodies.push(b.into());
        }
    }
    match (kind, unit, office) {
        ("session", Some(unit), _) => feeds_of_session(&unit, directory, day),
        ("petition", Some(unit), _) => feeds_of_petition(&unit, hamlet.as_ref(), &bodies, directory, day),
        ("sealed", _, Some(office)) => feeds_of_sealed(&office, &bodies, directory, day),
        _ => feeds_of_directory(),
    }
}

pub(super) fn joined(feeds: &BTreeSet<FeedId>) -> String {
    feeds.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

/// Where the log shows a change: a line of it, and the change's own position, which is another when it was taken in again.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line {
    pub position: u64,
    pub change: u64,
}

/// How a record came to be scoped.
pub(super) enum Cause {
    /// Its first change: it is born into its feeds.
    Created(Line),
    /// A later change, which the feeds of before see.
    Changed(Line),
    /// The directory or the day.
    Elsewhere,
}

/// Brings a record's feeds to what its scope says, with entries in the log for what entered and what left.
pub(super) fn rescope(
    tx: &Transaction<'_>,
    record: i64,
    scope: &str,
    digests: ([u8; 8], [u8; 8]),
    cause: &Cause,
    directory: &Directory,
    day: Date,
) -> Result<(), ServerError> {
    let wanted = feeds_of(scope, directory, day);
    let members = store::members_of(tx, record)?;
    let mut keep = Vec::with_capacity(wanted.len());
    for feed in &wanted {
        keep.push(store::feed_index(tx, &feed.to_string())?);
    }
    let (before, after) = digests;
    if let Cause::Changed(Line { position, change }) = *cause {
        for (feed, _) in &members {
            store::add_entry(tx, *feed, FeedEntry { position, record, kind: FeedEntryKind::Change, change })?;
        }
    }
    for feed in &keep {
        if members.iter().any(|(f, _)| f == feed) {
            if before != after {
                store::toggle_digest(tx, *feed, before)?;
                store::toggle_digest(tx, *feed, after)?;
            }
            continue;
        }
        let entry = match *cause {
            Cause::Created(Line { position, change }) => {
                FeedEntry { position, record, kind: FeedEntryKind::Change, change }
            }
            _ => FeedEntry::at(store::next_position(tx)?, record, FeedEntryKind::Enter),
        };
        store::add_entry(tx, *feed, entry)?;
        store::enter(tx, record, *feed, entry.position)?;
        store::toggle_digest(tx, *feed, after)?;
    }
    for (feed, _) in members.iter().filter(|(f, _)| !keep.contains(f)) {
        let position = store::next_position(tx)?;
        store::add_entry(tx, *feed, FeedEntry::at(position, record, FeedEntryKind::Leave))?;
        store::leave(tx, record, *feed)?;
        store::toggle_digest(tx, *feed, before)?;
    }
    store::set_feeds(tx, record, &joined(&wanted))
}

/// Every record whose feeds are no longer what its scope says: found by scope, of which there are few.
pub(super) fn rescope_all(tx: &Transaction<'_>, directory: &Directory, day: Date) -> Result<(), ServerError> {
    for scope in store::distinct_scopes(tx)? {
        let feeds = joined(&feeds_of(&scope, directory, day));
        for index in store::records_of_scope(tx, &scope, &feeds)? {
            let digest = store::record_by_index(tx, index)?.digest;
            rescope(tx, index, &scope, (digest, digest), &Cause::Elsewhere, directory, day)?;
        }
    }
    Ok(())
}
