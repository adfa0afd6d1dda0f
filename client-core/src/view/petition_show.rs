//! One petition whole: its row, its facts, and every event with what it did.

use jiff::{SignedDuration, Timestamp};
use rusqlite::OptionalExtension;
use serde::Serialize;
use serde_json::{Map, Value, json};
use sync::document::petition::{PetitionRecord, read};
use sync::id::{BodyId, CategoryId, DeviceId, EventId, RecordId, UnitId, UserId};
use sync::model::directory::Directory;
use sync::model::petition::{Action, Effect, Event, Field, Finish, Folded, Receipts, fold};
use sync::model::time::rfc3339;

use super::error::ViewError;
use super::name;
use super::petition_list::{PetitionRow, petition_row};
use super::word;
use crate::replica::Replica;

/// A petition with its history.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[allow(missing_docs)]
pub struct PetitionDetail {
    #[serde(flatten)]
    pub row: PetitionRow,
    /// The words as first written down, when they were corrected later.
    pub first_text: Option<String>,
    /// What the bodies that hold a sealed petition read in place of its words.
    pub summary: Option<String>,
    /// The post that logged it; empty where that is not said.
    pub by: String,
    pub by_name: String,
    /// When the server took it; none while it has not.
    pub received_at: Option<String>,
    #[cfg_attr(feature = "ts", ts(as = "Option<String>"))]
    pub device: Option<DeviceId>,
    /// The clock's first word, when it had to be corrected.
    pub stamped: Option<String>,
    /// The petition it was split from.
    #[cfg_attr(feature = "ts", ts(as = "Option<String>"))]
    pub split_from: Option<RecordId>,
    /// The register it was imported from.
    #[cfg_attr(feature = "ts", ts(type = "{ name: string, key: string } | null"))]
    pub source: Option<Value>,
    /// What finished it, while it is finished.
    pub finish: Option<Finish>,
    /// The last rating.
    pub satisfied: Option<bool>,
    /// Facts corrected apart: the values in question, the one in force last.
    #[cfg_attr(feature = "ts", ts(type = "Array<{ field: Field, values: Array<string> }>"))]
    pub conflicts: Vec<Value>,
    /// Pairs of events that referred it to different bodies apart.
    #[cfg_attr(feature = "ts", ts(type = "Array<[string, string]>"))]
    pub contests: Vec<[EventId; 2]>,
    pub events: Vec<EventView>,
}

/// An event as it is shown, in causal order.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[allow(missing_docs)]
pub struct EventView {
    #[cfg_attr(feature = "ts", ts(type = "string"))]
    pub id: EventId,
    /// As the contract names it; `unknown` for one of a newer program.
    pub kind: String,
    pub at: Option<String>,
    /// When the server took it; none while it has not.
    pub received_at: Option<String>,
    pub by: Option<String>,
    pub by_name: Option<String>,
    /// The person, known by the device that signed it.
    pub user: Option<String>,
    pub user_name: Option<String>,
    /// The body that acted.
    pub body: Option<String>,
    pub body_name: Option<String>,
    pub on_behalf_of: Option<String>,
    pub paper: Option<String>,
    #[cfg_attr(feature = "ts", ts(as = "Option<String>"))]
    pub device: Option<DeviceId>,
    /// `applied`, or `none:` and the reason.
    pub effect: String,
    /// The same reason for people.
    pub effect_text: Option<String>,
    pub late: bool,
    pub imported: bool,
    /// What the event says: `to`, `reason`, `text` …
    #[serde(flatten)]
    #[cfg_attr(feature = "ts", ts(skip))]
    pub says: Map<String, Value>,
}

/// What [`EventView::says`] may hold: an action's own part of it.
#[cfg(feature = "ts")]
#[derive(ts_rs::TS)]
#[ts(optional_fields = nullable)]
#[allow(missing_docs, dead_code)]
pub struct EventSays {
    classified_kind: Option<sync::model::petition::Kind>,
    category: Option<String>,
    category_name: Option<String>,
    to: Option<String>,
    to_name: Option<String>,
    with: Option<Vec<String>>,
    with_names: Option<Vec<String>>,
    due: Option<String>,
    note: Option<String>,
    until: Option<String>,
    reason: Option<String>,
    text: Option<String>,
    outcome: Option<sync::model::petition::Outcome>,
    means: Option<sync::model::petition::AnswerMeans>,
    satisfied: Option<bool>,
    of: Option<String>,
    of_code: Option<String>,
    into: Option<String>,
    into_code: Option<String>,
    field: Option<Field>,
    why: Option<String>,
}

/// A petition as its document says it, with its receipts and its fold.
pub(crate) struct ReadPetition {
    pub(crate) record: PetitionRecord,
    pub(crate) receipts: Receipts,
    pub(crate) folded: Folded,
    pub(crate) lease: SignedDuration,
}

/// Reads and folds a petition.
pub(crate) fn read_petition(replica: &Replica, record: RecordId, now: Timestamp) -> Result<ReadPetition, ViewError> {
    replica.may_read(record, now)?;
    let missing = || ViewError::NotHere { what: "đơn", id: record.to_string() };
    let document = replica.document(record)?.ok_or_else(missing)?;
    let petition = read(&document)?;
    let receipts = replica.receipts(record)?;
    let lease = replica.directory().lease();
    let (logged, _) = receipts.counted_logging(&petition.facts, lease);
    let folded = fold(&petition.facts, logged, &petition.events, |e| receipts.counted(e, lease).0);
    Ok(ReadPetition { record: petition, receipts, folded, lease })
}

/// Shows a petition.
pub fn petition(replica: &Replica, record: RecordId, now: Timestamp) -> Result<PetitionDetail, ViewError> {
    let row = petition_row(replica, record, now)?;
    let ReadPetition { record: petition, receipts, folded, lease } = read_petition(replica, record, now)?;
    let directory = replica.directory();
    let zone = directory.zone();
    let facts = &petition.facts;
    let by = name::post(directory, &facts.by);
    let last = folded.last();
    let mut events = Vec::with_capacity(petition.events.len());
    for (id, effect) in &folded.effects {
        if let Some(event) = petition.events.iter().find(|e| e.id == *id) {
            events.push(shown(replica, event, effect, &receipts, lease)?);
        }
    }
    events.extend(petition.unread.iter().map(|id| unread(*id)));
    Ok(PetitionDetail {
        first_text: (last.now.text.is_some() && facts.sealed.is_none()).then(|| facts.text.clone()),
        summary: last.now.text.clone().filter(|_| facts.sealed.is_some()),
        by: by.code,
        by_name: by.name,
        received_at: receipts.created.map(|r| rfc3339(r.at, zone)),
        // Of a sealed one a pseudonym is known, which is nobody's.
        device: facts.sealed.is_none().then(|| receipts.created.map_or(replica.identity().device, |r| r.device)),
        stamped: facts.stamped.map(|t| rfc3339(t, zone)),
        split_from: facts.split_from,
        source: facts.source.as_ref().map(|s| json!({ "name": s.name, "key": s.key })),
        finish: last.finish,
        satisfied: last.satisfied,
        conflicts: folded.conflicts.iter().map(|(f, v)| json!({ "field": f, "values": v })).collect(),
        contests: folded.contests.iter().map(|c| [c.first, c.second]).collect(),
        events,
        row,
    })
}

fn shown(
    replica: &Replica,
    event: &Event,
    effect: &Effect,
    receipts: &Receipts,
    lease: SignedDuration,
) -> Result<EventView, ViewError> {
    let directory = replica.directory();
    let zone = directory.zone();
    let received = receipts.events.get(&event.id);
    let device = received.map_or(replica.identity().device, |r| r.device);
    let user = user_of(replica, device)?.map(|u| name::user(directory, &u));
    let by = name::post(directory, &event.body.by);
    let body = event.body.body.as_ref().map(|b| name::body(directory, b));
    Ok(EventView {
        id: event.id,
        kind: event.action().kind().to_string(),
        at: Some(rfc3339(event.body.at, zone)),
        received_at: received.map(|r| rfc3339(r.at, zone)),
        by: Some(by.code),
        by_name: Some(by.name),
        user: user.as_ref().map(|u| u.code.clone()),
        user_name: user.map(|u| u.name),
        on_behalf_of: event.on_behalf_of().map(|b| name::body(directory, b).code),
        body: body.as_ref().map(|b| b.code.clone()),
        body_name: body.map(|b| b.name),
        paper: event.body.paper.clone(),
        device: Some(device),
        effect: effect.to_string(),
        effect_text: word::effect(effect),
        late: receipts.counted(event, lease).1,
        imported: event.imported(),
        says: says(directory, event.action()),
    })
}

/// An event that this program is too old to read.
fn unread(id: EventId) -> EventView {
    EventView {
        id,
        kind: "unknown".to_owned(),
        at: None,
        received_at: None,
        by: None,
        by_name: None,
        user: None,
        user_name: None,
        body: None,
        body_name: None,
        on_behalf_of: None,
        paper: None,
        device: None,
        effect: "none:not-understood".to_owned(),
        effect_text: Some("không hiểu được: hãy cập nhật chương trình".to_owned()),
        late: false,
        imported: false,
        says: Map::new(),
    }
}

/// The person behind a device.
fn user_of(replica: &Replica, device: DeviceId) -> Result<Option<UserId>, ViewError> {
    if device == replica.identity().device {
        return Ok(Some(replica.identity().user.clone()));
    }
    let mut statement = replica.connection().prepare_cached("SELECT user FROM device WHERE device = ?")?;
    let user: Option<String> = statement.query_row([device.as_bytes()], |row| row.get(0)).optional()?;
    Ok(user.map(UserId))
}

/// What an event says, codes for ids.
pub(super) fn says(directory: &Directory, action: &Action) -> Map<String, Value> {
    let body = |id: &BodyId| Value::from(name::body(directory, id).code);
    let body_name = |id: &BodyId| Value::from(name::body(directory, id).name);
    let fields: Vec<(&str, Value)> = match action {
        Action::Receive | Action::Accept | Action::Resume | Action::Close => Vec::new(),
        Action::Classify { kind, category } => {
            let category = category.as_ref().map(|c| name::category(directory, c));
            vec![
                ("classified_kind", json!(kind)),
                ("category", json!(category.as_ref().map(|c| &c.code))),
                ("category_name", json!(category.as_ref().map(|c| &c.name))),
            ]
        }
        Action::Refer { to, with, due, note } => vec![
            ("to", body(to)),
            ("to_name", body_name(to)),
            ("with", with.iter().flatten().map(body).collect()),
            ("with_names", with.iter().flatten().map(body_name).collect()),
            ("due", json!(due)),
            ("note", json!(note)),
        ],
        Action::Transfer { to, reason } => {
            vec![("to", body(to)), ("to_name", body_name(to)), ("reason", json!(reason))]
        }
        Action::Extend { until, reason } => vec![("until", json!(until)), ("reason", json!(reason))],
        Action::Return { reason }
        | Action::Pause { reason }
        | Action::Reopen { reason }
        | Action::File { reason }
        | Action::Withdraw { reason } => vec![("reason", json!(reason))],
        Action::Chase { text } | Action::Guide { text } | Action::Comment { text } => vec![("text", json!(text))],
        Action::Resolve { outcome, text } => vec![("outcome", json!(outcome)), ("text", json!(text))],
        Action::Answer { means, text } => vec![("means", json!(means)), ("text", json!(text))],
        Action::Rate { satisfied, text } => vec![("satisfied", json!(satisfied)), ("text", json!(text))],
        Action::Duplicate { of } | Action::NotDuplicate { of } => {
            vec![("of", json!(of)), ("of_code", json!(sync::code::of(*of)))]
        }
        Action::Correct { field, value, why } => {
            let code = match field {
                Field::Unit | Field::Hamlet => name::unit(directory, &UnitId(value.clone())).code,
                Field::Category => name::category(directory, &CategoryId(value.clone())).code,
                _ => value.clone(),
            };
            vec![("field", json!(field)), ("to", json!(code)), ("why", json!(why))]
        }
        Action::Split { into } => vec![("into", json!(into)), ("into_code", json!(sync::code::of(*into)))],
    };
    fields.into_iter().map(|(k, v)| (k.to_owned(), v)).collect()
}
