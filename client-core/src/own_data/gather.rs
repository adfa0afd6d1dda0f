//! The answer, gathered from the replica.

use std::collections::BTreeSet;

use jiff::Timestamp;
use sync::id::{RecordId, UserId};
use sync::model::directory::Directory;
use sync::model::petition::ActionKind;
use sync::model::time::{from_millis, rfc3339};

use super::answer::{
    Happening, LAW, OwnData, OwnPerson, OwnPetition, OwnReading, OwnVersion, Seen, SeenFrom, Source, TheirFacts,
};
use super::office;
use super::readings::{AuditLine, reading, told};
use crate::identity::{IdentityError, Kept, Whole};
use crate::replica::Replica;
use crate::view::{self, EventView, PetitionDetail, said, word};

/// Gathers it for these petitions, in their order; `audit`: what the server has written down of who looked.
pub fn gather(
    replica: &Replica,
    persons: &[(RecordId, Whole)],
    audit: Option<&[AuditLine]>,
    now: Timestamp,
) -> Result<OwnData, IdentityError> {
    let directory = replica.directory();
    let own: BTreeSet<RecordId> = persons.iter().map(|(record, _)| *record).collect();
    let petition = |(record, whole): &(RecordId, Whole)| {
        let detail = view::petition(replica, *record, now)?;
        Ok(OwnPetition {
            id: *record,
            code: detail.row.code.clone(),
            person: person(directory, whole),
            server_said: !whole.waiting && whole.denied.is_none() || whole.erased.is_some(),
            events: detail.events.iter().map(|event| happening(directory, event, &own)).collect(),
            facts: facts(replica, detail, now),
            readings: readings(replica, *record, audit)?,
            readings_from: seen_from(*record, audit),
        })
    };
    Ok(OwnData {
        law: LAW,
        made_at: rfc3339(now, directory.zone()),
        made_by: office::posts_of(directory, &replica.identity().user, Some(now)),
        petitions: persons.iter().map(petition).collect::<Result<_, IdentityError>>()?,
    })
}

fn person(directory: &Directory, whole: &Whole) -> OwnPerson {
    if let Some(at) = whole.erased {
        return OwnPerson::Erased { at: from_millis(at).map(|at| rfc3339(at, directory.zone())) };
    }
    if whole.versions.is_empty() {
        return if whole.named || whole.waiting { OwnPerson::NotHere } else { OwnPerson::NotNamed };
    }
    OwnPerson::Kept { versions: whole.versions.iter().map(|kept| version(directory, kept)).collect() }
}

fn version(directory: &Directory, Kept { known, replaced_by }: &Kept) -> OwnVersion {
    let at = from_millis(known.at);
    let person = known.person.clone();
    OwnVersion {
        id: known.version,
        present: replaced_by.is_empty(),
        replaced_by: replaced_by.clone(),
        name: person.name,
        phone: person.phone,
        address: person.address,
        consent: person.consent,
        at: at.map(|at| rfc3339(at, directory.zone())),
        by: office::posts_of(directory, &UserId(known.user.clone()), at),
        pending: known.pending,
    }
}

fn facts(replica: &Replica, detail: PetitionDetail, now: Timestamp) -> TheirFacts {
    let row = detail.row;
    // A session that is not on this device has nothing to be told by here.
    let session = row.session.and_then(|session| view::session(replica, session, now).ok());
    let source = detail.source.as_ref().and_then(|source| {
        let text = |key: &str| Some(source.get(key)?.as_str()?.to_owned());
        Some(Source { name: text("name")?, key: text("key")? })
    });
    TheirFacts {
        text: row.text,
        first_text: detail.first_text,
        status: row.status.to_string(),
        status_name: word::status(row.status),
        kind: row.kind.to_string(),
        kind_name: word::kind(row.kind),
        category: row.category,
        category_name: row.category_name,
        unit: row.unit,
        unit_name: row.unit_name,
        hamlet: row.hamlet,
        hamlet_name: row.hamlet_name,
        place: row.place,
        channel: row.channel.to_string(),
        channel_name: word::channel(row.channel),
        session: session.and_then(|session| session.row.title),
        urgent: row.urgent,
        collective: row.collective,
        logged_at: row.logged_at,
        logged_by: office::post(replica.directory(), &detail.by),
        received_at: detail.received_at,
        bodies: row.body_names,
        first_answer_due: row.first_answer_due,
        due: row.due,
        satisfied: detail.satisfied,
        split_from: detail.split_from.map(sync::code::of),
        source,
    }
}

fn happening(directory: &Directory, event: &EventView, own: &BTreeSet<RecordId>) -> Happening {
    let mut shown = event.clone();
    // Which petition of somebody else's is the same is not this person's to know.
    let other =
        |of: &serde_json::Value| !of.as_str().and_then(|of| of.parse().ok()).is_some_and(|of| own.contains(&of));
    if shown.says.get("of").is_some_and(other) {
        shown.says.remove("of_code");
    }
    let what = ActionKind::parse(&event.kind).map_or("Việc của phiên bản mới hơn", word::action);
    Happening {
        kind: event.kind.clone(),
        what: what.to_owned(),
        at: event.at.clone(),
        by: event.by.as_deref().map(|code| office::post(directory, code)),
        on_behalf_of: event.on_behalf_of.as_ref().and(event.body_name.clone()),
        paper: event.paper.clone(),
        said: said(&shown),
        no_effect: event.effect_text.clone(),
    }
}

fn seen_from(record: RecordId, audit: Option<&[AuditLine]>) -> SeenFrom {
    let name = record.to_string();
    match audit {
        None => SeenFrom::Device,
        Some(lines) if lines.iter().any(|line| line.record == name) => SeenFrom::Server,
        Some(_) => SeenFrom::ServerSilent,
    }
}

/// Oldest first.
fn readings(
    replica: &Replica,
    record: RecordId,
    audit: Option<&[AuditLine]>,
) -> Result<Vec<OwnReading>, IdentityError> {
    let directory = replica.directory();
    let name = record.to_string();
    let mut found: Vec<OwnReading> =
        audit.into_iter().flatten().filter(|line| line.record == name).map(|line| told(directory, line)).collect();
    for (at, purpose) in replica.untold_looks(record)? {
        let at = from_millis(at);
        let by = office::posts_of(directory, &replica.identity().user, at);
        let at = at.map(|at| rfc3339(at, directory.zone())).unwrap_or_default();
        found.push(reading(at, by, Seen::Shown, Some(&purpose)));
    }
    found.sort_by_key(|reading| reading.at.parse::<Timestamp>().ok());
    Ok(found)
}
