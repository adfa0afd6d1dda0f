//! Petitions as lists show them, newest first, read from the typed columns alone.

use jiff::Timestamp;
use jiff::civil::Date;
use rusqlite::types::Value;
use rusqlite::{Row, params_from_iter};
use serde::{Deserialize, Serialize};
use sync::id::{BodyId, CategoryId, RecordId, UnitId};
use sync::model::petition::{Channel, Kind, Status};
use sync::model::time::{from_millis, local_date, rfc3339};

use super::error::ViewError;
use super::filter::{Condition, PetitionFilter, overdue_sql};
use super::name;
use super::sending::Sending;
use crate::replica::{Replica, ReplicaError};

/// A part of a list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(optional_fields = nullable))]
pub struct Page {
    /// How many at most; none for all.
    pub limit: Option<u32>,
    /// How many to pass over.
    #[cfg_attr(feature = "ts", ts(optional, as = "Option<u32>"))]
    pub offset: u32,
}

/// A petition in a list. Codes as people type them, names beside.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[allow(missing_docs)]
pub struct PetitionRow {
    #[cfg_attr(feature = "ts", ts(type = "string"))]
    pub id: RecordId,
    pub code: String,
    pub text: String,
    pub status: Status,
    pub kind: Kind,
    pub category: Option<String>,
    pub category_name: Option<String>,
    /// Ids of the codes below, as the record has them.
    #[serde(skip)]
    pub unit_id: UnitId,
    #[serde(skip)]
    pub hamlet_id: Option<UnitId>,
    #[serde(skip)]
    pub category_id: Option<CategoryId>,
    pub unit: String,
    pub unit_name: String,
    pub hamlet: Option<String>,
    pub hamlet_name: Option<String>,
    pub channel: Channel,
    pub place: Option<String>,
    pub urgent: bool,
    pub collective: Option<u32>,
    /// The body it is counted under.
    pub body: Option<String>,
    pub body_name: Option<String>,
    /// Every body that holds it, leads first.
    pub bodies: Vec<String>,
    pub body_names: Vec<String>,
    /// The last day for its resolution.
    #[cfg_attr(feature = "ts", ts(as = "Option<String>"))]
    pub due: Option<Date>,
    /// The last day for the first answer to the person.
    #[cfg_attr(feature = "ts", ts(as = "Option<String>"))]
    pub first_answer_due: Option<Date>,
    pub overdue: bool,
    pub contested: bool,
    pub late: bool,
    pub reopened: bool,
    #[cfg_attr(feature = "ts", ts(as = "Option<String>"))]
    pub session: Option<RecordId>,
    #[serde(skip)]
    pub logged: Timestamp,
    /// The same, RFC 3339 in the tenant's zone.
    pub logged_at: String,
    /// Something of it has not been sent yet.
    pub pending: bool,
    pub sending: Sending,
    /// Only those who are entrusted with it know what was said and who said it.
    pub sealed: bool,
    /// Its words do not lie here: what is shown is the summary, if there is one.
    pub wordless: bool,
    /// When its words were taken out, RFC 3339.
    pub erased: Option<String>,
}

const COLUMNS: &str = "p.record, p.code, p.text, p.status, p.kind, p.category, p.unit, p.hamlet, p.channel, p.place, \
                       p.urgent, p.collective, p.body, p.bodies, p.due, p.first_answer_due, p.contested, p.late, \
                       p.reopened, p.session, p.logged_at, p.pending + CASE WHEN p.sealed IS NULL THEN 0 ELSE \
                       (SELECT count(*) FROM identity w WHERE w.record = p.record AND w.sealed IS NOT NULL \
                       AND w.state <> 'there') END, p.sealed IS NOT NULL, p.sealed IS NOT NULL AND \
                       NOT EXISTS (SELECT 1 FROM identity i WHERE i.record = p.record AND i.identity = p.record \
                       AND i.sealed IS NOT NULL), p.erased";

/// The petitions that pass a filter, newest first.
pub fn petitions(
    replica: &Replica,
    filter: &PetitionFilter,
    page: Page,
    now: Timestamp,
) -> Result<Vec<PetitionRow>, ViewError> {
    let today = local_date(now, replica.directory().zone());
    let mut condition = filter.condition(replica.directory(), today);
    let past = replica.shown("p.record", now)?;
    let hides = past.is_some();
    condition.parts(past);
    let rows = read(replica, &condition, page, today)?;
    if hides && rows.is_empty() {
        replica.nothing_hidden("petition")?;
    }
    Ok(rows)
}

/// One petition's row.
pub fn petition_row(replica: &Replica, record: RecordId, now: Timestamp) -> Result<PetitionRow, ViewError> {
    replica.may_read(record, now)?;
    let today = local_date(now, replica.directory().zone());
    let mut condition = Condition::default();
    condition.and("p.record = ?", [Value::Blob(record.as_bytes().to_vec())]);
    let rows = read(replica, &condition, Page::default(), today)?;
    rows.into_iter().next().ok_or_else(|| ViewError::NotHere { what: "đơn", id: record.to_string() })
}

/// The petitions raised in a session, in the order in which they were logged.
pub(super) fn raised_in(replica: &Replica, session: RecordId, now: Timestamp) -> Result<Vec<PetitionRow>, ViewError> {
    let today = local_date(now, replica.directory().zone());
    let mut condition = Condition::default();
    condition.and("p.session = ?", [Value::Blob(session.as_bytes().to_vec())]);
    condition.parts(replica.shown("p.record", now)?);
    let mut rows = read(replica, &condition, Page::default(), today)?;
    rows.reverse();
    Ok(rows)
}

/// The records that bear a short code: one, unless two share it.
pub fn records_by_code(replica: &Replica, code: &str) -> Result<Vec<RecordId>, ViewError> {
    let mut statement = replica.connection().prepare_cached("SELECT record FROM petition WHERE code = ? LIMIT 20")?;
    let found = statement.query_map([code], |row| row.get::<_, [u8; 16]>(0))?;
    let found: Result<Vec<[u8; 16]>, _> = found.collect();
    Ok(found?.into_iter().map(RecordId::from_bytes).collect())
}

fn read(replica: &Replica, condition: &Condition, page: Page, today: Date) -> Result<Vec<PetitionRow>, ViewError> {
    let sql = format!(
        "SELECT {COLUMNS}, {overdue},
           EXISTS (SELECT 1 FROM outbox o WHERE o.record = p.record AND o.state = 'refused')
         FROM petition p {wanted} ORDER BY p.logged_at DESC, p.record DESC LIMIT ? OFFSET ?",
        overdue = overdue_sql(),
        wanted = condition.sql(),
    );
    let limit = page.limit.map_or(-1, i64::from);
    let values = [Value::Text(today.to_string())].into_iter().chain(condition.values.iter().cloned());
    let values = values.chain([Value::Integer(limit), Value::Integer(page.offset.into())]);
    let mut statement = replica.connection().prepare_cached(&sql)?;
    let mut rows = statement.query(params_from_iter(values))?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(petition(replica, row)?);
    }
    Ok(found)
}

fn word<T>(row: &Row<'_>, column: usize, parse: impl Fn(&str) -> Option<T>) -> Result<T, ReplicaError> {
    parse(&row.get::<_, String>(column)?).ok_or(ReplicaError::Damaged("bảng đơn"))
}

fn day(row: &Row<'_>, column: usize) -> Result<Option<Date>, ReplicaError> {
    let text: Option<String> = row.get(column)?;
    text.map(|t| t.parse()).transpose().map_err(|_| ReplicaError::Damaged("bảng đơn"))
}

fn petition(replica: &Replica, row: &Row<'_>) -> Result<PetitionRow, ReplicaError> {
    let damaged = || ReplicaError::Damaged("bảng đơn");
    let directory = replica.directory();
    let category_id = row.get::<_, Option<String>>(5)?.map(CategoryId);
    let category = category_id.as_ref().map(|c| name::category(directory, c));
    let unit_id = UnitId(row.get(6)?);
    let unit = name::unit(directory, &unit_id);
    let hamlet_id = row.get::<_, Option<String>>(7)?.map(UnitId);
    let hamlet = hamlet_id.as_ref().map(|h| name::unit(directory, h));
    let body: Option<String> = row.get(12)?;
    let body = body.map(|b| name::body(directory, &BodyId(b)));
    let bodies: Vec<String> = serde_json::from_str(&row.get::<_, String>(13)?).map_err(|_| damaged())?;
    let bodies: Vec<name::Named> = bodies.into_iter().map(|b| name::body(directory, &BodyId(b))).collect();
    let session: Option<[u8; 16]> = row.get(19)?;
    let logged = from_millis(row.get(20)?).ok_or_else(damaged)?;
    let pending = row.get::<_, i64>(21)? > 0;
    Ok(PetitionRow {
        id: RecordId::from_bytes(row.get(0)?),
        code: row.get(1)?,
        text: row.get(2)?,
        status: word(row, 3, Status::parse)?,
        kind: word(row, 4, Kind::parse)?,
        category_name: category.as_ref().map(|c| c.name.clone()),
        category: category.map(|c| c.code),
        unit_id,
        hamlet_id,
        category_id,
        unit: unit.code,
        unit_name: unit.name,
        hamlet_name: hamlet.as_ref().map(|h| h.name.clone()),
        hamlet: hamlet.map(|h| h.code),
        channel: word(row, 8, Channel::parse)?,
        place: row.get(9)?,
        urgent: row.get(10)?,
        collective: row.get(11)?,
        body_name: body.as_ref().map(|b| b.name.clone()),
        body: body.map(|b| b.code),
        body_names: bodies.iter().map(|b| b.name.clone()).collect(),
        bodies: bodies.into_iter().map(|b| b.code).collect(),
        due: day(row, 14)?,
        first_answer_due: day(row, 15)?,
        contested: row.get(16)?,
        late: row.get(17)?,
        reopened: row.get(18)?,
        session: session.map(RecordId::from_bytes),
        logged_at: rfc3339(logged, directory.zone()),
        logged,
        pending,
        sealed: row.get(22)?,
        wordless: row.get(23)?,
        erased: row.get::<_, Option<i64>>(24)?.and_then(from_millis).map(|t| rfc3339(t, directory.zone())),
        overdue: row.get(25)?,
        sending: Sending::of(pending, row.get(26)?),
    })
}
