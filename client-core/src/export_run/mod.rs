//! The register filled from the replica: every petition that passes a filter, as one line in people's words.

mod person;

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use sync::id::{EventId, RecordId};
use sync::model::petition::{Action, Event, Finish, Moment, Status};
use sync::model::time::local_date;

use crate::export::ExportRow;
use crate::identity::{IdentityError, Reading};
use crate::replica::Replica;
use crate::view::{
    Page, PetitionFilter, PetitionRow, ReadPetition, Sending, ViewError, petitions, read_petition, word,
};
pub use person::IdentityCounts;

/// The lines of the register, newest first, without limit and without anybody's identity.
pub fn rows(replica: &Replica, filter: &PetitionFilter, now: Timestamp) -> Result<Vec<ExportRow>, ViewError> {
    chosen(replica, filter, now)?.into_iter().map(|row| line(replica, row, now)).collect()
}

/// The same lines of petitions that were chosen, each with who raised it as far as that may and can be told. `answered`:
/// see [`Replica::look_at_all`], which this asks.
pub fn rows_with_identity(
    replica: &mut Replica,
    chosen: Vec<PetitionRow>,
    answered: &BTreeSet<RecordId>,
    reading: &Reading,
    new_id: &mut dyn FnMut() -> EventId,
    now: Timestamp,
) -> Result<(Vec<ExportRow>, IdentityCounts), IdentityError> {
    let listed = replica.look_at_all(&chosen, answered, reading, new_id, now)?;
    let mut counts = IdentityCounts::default();
    let mut rows = Vec::with_capacity(chosen.len());
    for (row, who) in chosen.into_iter().zip(&listed) {
        counts.add(who);
        rows.push(ExportRow { person: Some(person::cells(who)), ..line(replica, row, now)? });
    }
    Ok((rows, counts))
}

/// The petitions of the register, newest first, without limit.
pub fn chosen(replica: &Replica, filter: &PetitionFilter, now: Timestamp) -> Result<Vec<PetitionRow>, ViewError> {
    // A register that lacks most of its lines must not be taken for the whole.
    if replica.lease(now)?.expired {
        replica.nothing_hidden("petition")?;
    }
    petitions(replica, filter, Page::default(), now)
}

fn line(replica: &Replica, row: PetitionRow, now: Timestamp) -> Result<ExportRow, ViewError> {
    let zone = replica.directory().zone();
    // A petition that nothing has happened to is known whole by its row.
    let history =
        if row.status == Status::Logged && !row.sealed { None } else { Some(read_petition(replica, row.id, now)?) };
    // What is sealed goes into no list: its summary does.
    let text = match (&history, row.sealed) {
        (Some(history), true) => history.folded.last().now.text.clone().unwrap_or_else(|| "(đơn kín)".to_owned()),
        _ => row.text.clone(),
    };
    let ended = history.as_ref().and_then(|h| ended(h, zone)).unwrap_or_default();
    let last = history.as_ref().map(|h| h.folded.last());
    let remark = remark(&row);
    Ok(ExportRow {
        received: local_date(row.logged, zone),
        channel: word::channel(row.channel).to_owned(),
        unit: row.unit_name,
        hamlet: row.hamlet_name,
        kind: word::kind(row.kind).to_owned(),
        category: row.category_name,
        body: (!row.body_names.is_empty()).then(|| row.body_names.join("; ")),
        referred: last.and_then(|m| m.clock.referred).map(|t| local_date(t, zone)),
        due: row.due,
        status: word::status(row.status).to_owned(),
        outcome: ended.outcome,
        resolved: ended.resolved,
        answered: ended.answered,
        answered_by: ended.answered_by,
        satisfaction: last.and_then(|m| m.satisfied).map(|s| word::satisfaction(s).to_owned()),
        remark,
        person: None,
        code: row.code,
        text,
    })
}

/// How a petition ended and how the person was told.
#[derive(Debug, Default)]
struct Ended {
    outcome: Option<String>,
    resolved: Option<jiff::civil::Date>,
    answered: Option<jiff::civil::Date>,
    answered_by: Option<String>,
}

/// None while it is open.
fn ended(history: &ReadPetition, zone: &TimeZone) -> Option<Ended> {
    let finish = history.folded.last().finish?;
    let moments = &history.folded.moments;
    let event = |m: &Moment| -> Option<&Event> {
        let id = m.event?;
        history.record.events.iter().find(|e| e.id == id)
    };
    let finishing = moments.iter().rposition(|m| event(m).is_some_and(|e| finishes(e.action())))?;
    let moment = &moments[finishing];
    let answer = moments[finishing..].iter().rev().find_map(|m| match event(m)?.action() {
        Action::Answer { means, .. } => Some((local_date(m.at, zone), word::means(*means).to_owned())),
        _ => None,
    });
    let (answered, answered_by) = answer.unzip();
    Some(Ended {
        outcome: event(moment).and_then(|e| outcome(e.action())),
        resolved: (finish == Finish::Resolved).then(|| local_date(moment.at, zone)),
        answered,
        answered_by,
    })
}

fn finishes(action: &Action) -> bool {
    matches!(
        action,
        Action::Resolve { .. }
            | Action::Guide { .. }
            | Action::File { .. }
            | Action::Withdraw { .. }
            | Action::Duplicate { .. }
    )
}

fn outcome(action: &Action) -> Option<String> {
    let (word, text) = match action {
        Action::Resolve { outcome, text } => (word::outcome(*outcome), text.clone()),
        Action::Guide { text } => ("Hướng dẫn", text.clone()),
        Action::File { reason } => ("Lưu đơn", reason.clone()),
        Action::Withdraw { reason } => ("Rút đơn", reason.clone()),
        Action::Duplicate { of } => ("Trùng với đơn", sync::code::of(*of)),
        _ => return None,
    };
    Some(if text.trim().is_empty() { word.to_owned() } else { format!("{word}: {text}") })
}

fn remark(row: &PetitionRow) -> Option<String> {
    let collective = row.collective.map(|n| format!("Tập thể {n} người"));
    let marks = [
        row.overdue.then_some("Quá hạn"),
        row.contested.then_some("Chuyển đến hai nơi, chờ quyết định"),
        row.late.then_some("Ghi nhận muộn"),
        row.reopened.then_some("Mở lại"),
        row.sealed.then_some("Đơn kín"),
        row.urgent.then_some("Cần gấp"),
        collective.as_deref(),
        (row.sending != Sending::Received).then(|| word::sending(row.sending)),
    ];
    let marks: Vec<&str> = marks.into_iter().flatten().collect();
    (!marks.is_empty()).then(|| marks.join("; "))
}
