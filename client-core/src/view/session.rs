//! Sessions as lists show them, and one of them whole.

use jiff::Timestamp;
use rusqlite::{Row, params};
use serde::Serialize;
use sync::document::session::read;
use sync::id::{PostId, RecordId, UnitId};
use sync::model::petition::Channel;
use sync::model::session::{SessionAction, fold_session};
use sync::model::time::{from_millis, rfc3339};

use super::error::ViewError;
use super::name;
use super::petition_list::{Page, PetitionRow, raised_in};
use super::sending::Sending;
use crate::replica::{Replica, ReplicaError};

/// A session in a list.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[allow(missing_docs)]
pub struct SessionRow {
    #[cfg_attr(feature = "ts", ts(type = "string"))]
    pub id: RecordId,
    pub kind: Channel,
    #[serde(skip)]
    pub unit_id: UnitId,
    pub unit: String,
    pub unit_name: String,
    /// RFC 3339 in the tenant's zone.
    pub at: String,
    pub title: Option<String>,
    pub chair: Option<String>,
    pub chair_name: Option<String>,
    pub present: Option<u32>,
    /// Conclusions that no later one has seen.
    pub conclusions: Vec<String>,
    /// The session this is the same occasion as.
    #[cfg_attr(feature = "ts", ts(as = "Option<String>"))]
    pub same_as: Option<RecordId>,
    /// How many petitions on this device were raised in it.
    pub petition_count: u32,
    pub pending: bool,
    pub sending: Sending,
}

/// A session whole.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[allow(missing_docs)]
pub struct SessionDetail {
    #[serde(flatten)]
    pub row: SessionRow,
    pub minutes: String,
    /// Petitions raised in it that are on this device, in the order in which they were logged.
    pub petitions: Vec<PetitionRow>,
    pub by: String,
    pub by_name: String,
    pub events: Vec<SessionEventView>,
}

/// What happened to a session.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[allow(missing_docs)]
pub struct SessionEventView {
    #[cfg_attr(feature = "ts", ts(type = "string"))]
    pub id: sync::id::EventId,
    /// `conclude` or `same-as`.
    pub kind: &'static str,
    pub at: String,
    pub by: String,
    pub by_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "ts", ts(optional))]
    pub text: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "ts", ts(optional, as = "Option<String>"))]
    pub of: Option<RecordId>,
}

const SELECT: &str = "SELECT s.record, s.kind, s.unit, s.at, s.title, s.chair, s.present, s.conclusions, s.same_as, \
                        s.pending, (SELECT count(*) FROM petition p WHERE p.session = s.record), \
                        EXISTS (SELECT 1 FROM outbox o WHERE o.record = s.record AND o.state = 'refused') \
                      FROM session s";

/// Sessions on this device, newest first.
pub fn sessions(replica: &Replica, page: Page, now: Timestamp) -> Result<Vec<SessionRow>, ViewError> {
    let past = replica.shown("s.record", now)?;
    let shown = past.as_ref().map(|p| format!("WHERE {p}")).unwrap_or_default();
    let sql = format!("{SELECT} {shown} ORDER BY s.at DESC, s.record DESC LIMIT ? OFFSET ?");
    let mut statement = replica.connection().prepare_cached(&sql)?;
    let mut rows = statement.query(params![page.limit.map_or(-1, i64::from), page.offset])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(session_row(replica, row)?);
    }
    if past.is_some() && found.is_empty() {
        replica.nothing_hidden("session")?;
    }
    Ok(found)
}

/// One session.
pub fn session(replica: &Replica, record: RecordId, now: Timestamp) -> Result<SessionDetail, ViewError> {
    let missing = || ViewError::NotHere { what: "buổi", id: record.to_string() };
    replica.may_read(record, now)?;
    let row = row_of(replica, record)?;
    let document = replica.document(record)?.ok_or_else(missing)?;
    let session = read(&document)?;
    let directory = replica.directory();
    let by = name::post(directory, &session.facts.by);
    let mut events: Vec<SessionEventView> = session
        .events
        .iter()
        .map(|event| {
            let by = name::post(directory, &event.body.by);
            let (kind, text, of) = match &event.body.action {
                SessionAction::Conclude { text } => ("conclude", Some(text.clone()), None),
                SessionAction::SameAs { of } => ("same-as", None, Some(*of)),
            };
            let at = rfc3339(event.body.at, directory.zone());
            SessionEventView { id: event.id, kind, at, by: by.code, by_name: by.name, text, of }
        })
        .collect();
    events.sort_by_key(|e| e.id);
    let state = fold_session(&session.events);
    Ok(SessionDetail {
        row: SessionRow { conclusions: state.conclusions, same_as: state.same_as, ..row },
        minutes: session.minutes,
        petitions: raised_in(replica, record, now)?,
        by: by.code,
        by_name: by.name,
        events,
    })
}

/// Where and how people met, for what is logged there: known also past the lease, for logging never stops.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionPlace {
    /// The session.
    pub id: RecordId,
    /// Its unit's code.
    pub unit: String,
    /// Which kind.
    pub kind: Channel,
}

/// A session as the place of something new.
pub fn session_place(replica: &Replica, record: RecordId) -> Result<SessionPlace, ViewError> {
    let row = row_of(replica, record)?;
    Ok(SessionPlace { id: row.id, unit: row.unit, kind: row.kind })
}

fn row_of(replica: &Replica, record: RecordId) -> Result<SessionRow, ViewError> {
    let mut statement = replica.connection().prepare_cached(&format!("{SELECT} WHERE s.record = ?"))?;
    let mut rows = statement.query([record.as_bytes()])?;
    let row = rows.next()?.ok_or_else(|| ViewError::NotHere { what: "buổi", id: record.to_string() })?;
    Ok(session_row(replica, row)?)
}

fn session_row(replica: &Replica, row: &Row<'_>) -> Result<SessionRow, ReplicaError> {
    let damaged = || ReplicaError::Damaged("bảng buổi");
    let directory = replica.directory();
    let unit_id = UnitId(row.get(2)?);
    let unit = name::unit(directory, &unit_id);
    let chair: Option<String> = row.get(5)?;
    let chair = chair.map(|c| name::post(directory, &PostId(c)));
    let same_as: Option<[u8; 16]> = row.get(8)?;
    let pending = row.get::<_, i64>(9)? > 0;
    Ok(SessionRow {
        id: RecordId::from_bytes(row.get(0)?),
        kind: Channel::parse(&row.get::<_, String>(1)?).ok_or_else(damaged)?,
        unit_id,
        unit: unit.code,
        unit_name: unit.name,
        at: rfc3339(from_millis(row.get(3)?).ok_or_else(damaged)?, directory.zone()),
        title: row.get(4)?,
        chair_name: chair.as_ref().map(|c| c.name.clone()),
        chair: chair.map(|c| c.code),
        present: row.get(6)?,
        conclusions: serde_json::from_str(&row.get::<_, String>(7)?).map_err(|_| damaged())?,
        same_as: same_as.map(RecordId::from_bytes),
        petition_count: row.get(10)?,
        pending,
        sending: Sending::of(pending, row.get(11)?),
    })
}
