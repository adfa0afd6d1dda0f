//! Judging a change to a petition by what it says.

use std::collections::BTreeSet;

use super::admit::{Author, Context};
use super::refusal::Refusal;
use super::sealed;
use super::text::{MAX_TEXT_BYTES, MAX_WORD_BYTES, bounded, required};
use super::writes::Writes;
use crate::document::Document;
use crate::document::petition::{PetitionRecord, read};
use crate::id::{BodyId, CategoryId, EventId, RecordId, UnitId};
use crate::model::directory::UnitKind;
use crate::model::petition::{Action, Channel, Effect, Event, Facts, Field, Kind, NoEffect, fold};
use crate::reason::Reason;
use crate::scope::{PetitionPlace, may_log, may_touch};
use crate::wire::RefusalCode;

pub(super) fn judge(
    context: &Context<'_>,
    author: &Author<'_>,
    record: RecordId,
    after: &PetitionRecord,
    before: &Document,
    written: &Writes,
    creating: bool,
) -> Result<(), Refusal> {
    if written.minutes || (written.facts.is_empty() && written.entries.is_empty()) {
        return Err(Refusal::bad_change(Reason::writes_nothing("petition")));
    }
    let known: Vec<Event> = if creating { Vec::new() } else { read(before)?.events };
    if author.pseudonymous != (creating && after.facts.sealed.is_some()) {
        return Err(Refusal::bad_change(Reason::not_under_a_pseudonym()));
    }
    match &after.facts.sealed {
        Some(office) if creating => sealed::facts(context, author, record, &after.facts, office, &after.events)?,
        None if creating => facts(context, author, &after.facts)?,
        _ => {}
    }
    let importing = after.facts.source.is_some();
    let mut seen: BTreeSet<EventId> = known.iter().map(|e| e.id).collect();
    let mut so_far = known;
    for (id, _) in &written.entries {
        let event = after.events.iter().find(|e| e.id == *id);
        let event = event.ok_or_else(|| Refusal::new(RefusalCode::Upgrade, Reason::newer_event()))?;
        if seen.contains(id) {
            return Err(Refusal::immutable(Reason::event_once()));
        }
        if event.after().iter().any(|a| !seen.contains(a)) {
            return Err(Refusal::bad_change(Reason::not_yet_seen()));
        }
        if event.imported() && !(creating && importing) {
            return Err(Refusal::not_allowed(Reason::imported_apart()));
        }
        judge_event(context, author, &after.facts, &so_far, event, creating)?;
        seen.insert(*id);
        so_far.push(event.clone());
    }
    Ok(())
}

fn facts(context: &Context<'_>, author: &Author<'_>, facts: &Facts) -> Result<(), Refusal> {
    context.not_ahead(facts.at)?;
    if facts.erased.is_some() {
        return Err(Refusal::bad_change(Reason::not_a_fact()));
    }
    required("text", &facts.text, MAX_TEXT_BYTES)?;
    bounded("place", facts.place.as_deref().unwrap_or_default(), MAX_WORD_BYTES)?;
    for source in facts.source.iter() {
        required("source", &source.name, MAX_WORD_BYTES)?;
        required("key", &source.key, MAX_WORD_BYTES)?;
    }
    ordinary(facts.kind)?;
    unit(context, &facts.unit, false)?;
    if let Some(h) = &facts.hamlet {
        unit(context, h, true)?;
        lies_in(context, h, &facts.unit)?;
    }
    if let Some(c) = &facts.category {
        category(context, c)?;
    }
    let post = context.post_of(author, &facts.by)?;
    let importing = facts.source.is_some();
    Ok(may_log(post, importing, &facts.unit, facts.hamlet.as_ref(), context.directory, context.today())?)
}

fn judge_event(
    context: &Context<'_>,
    author: &Author<'_>,
    facts: &Facts,
    before: &[Event],
    event: &Event,
    creating: bool,
) -> Result<(), Refusal> {
    context.not_ahead(event.body.at)?;
    let post = context.post_of(author, &event.body.by)?;
    values(context, event)?;
    if facts.sealed.is_none() {
        stays_ordinary(event)?;
    }
    let state = fold(facts, facts.at, before, |e| e.body.at);
    let now = state.last();
    if facts.sealed.is_some() {
        sealed::event(event, now)?;
    }
    let place = PetitionPlace::of(facts, now);
    may_touch(post, event, &place, creating, context.directory, context.today())?;
    let with: Vec<Event> = before.iter().chain([event]).cloned().collect();
    let folded = fold(facts, facts.at, &with, |e| e.body.at);
    let corrected = &folded.last().now;
    if let (Action::Correct { field: Field::Unit | Field::Hamlet, .. }, Some(hamlet)) =
        (event.action(), &corrected.hamlet)
    {
        lies_in(context, hamlet, &corrected.unit)?;
    }
    match folded.effects.iter().find(|(id, _)| *id == event.id) {
        Some((_, Effect::Applied)) => Ok(()),
        Some((_, Effect::None(why))) => Err(no_effect(event, *why)),
        None => Err(Refusal::not_allowed(Reason::wrong_status(event.action().kind(), now.status))),
    }
}

/// What an event is refused for that would have no effect on the petition as its author saw it.
fn no_effect(event: &Event, why: NoEffect) -> Refusal {
    let action = event.action().kind();
    Refusal::not_allowed(match why {
        NoEffect::Status(status) => Reason::wrong_status(action, status),
        NoEffect::Contested => Reason::contested(action),
        NoEffect::NotHolding => Reason::no_longer_held(action),
        NoEffect::AlreadyDone => Reason::already_done(action),
        NoEffect::BadValue => match event.action() {
            Action::Correct { field, .. } => Reason::value_unreadable(field),
            _ => Reason::value_unreadable(Field::Category),
        },
    })
}

/// The values of an event: known codes, bounded texts.
fn values(context: &Context<'_>, event: &Event) -> Result<(), Refusal> {
    bounded("paper", event.body.paper.as_deref().unwrap_or_default(), MAX_WORD_BYTES)?;
    if let Some(b) = &event.body.body {
        body(context, b)?;
    }
    match event.action() {
        Action::Classify { category: c, .. } => c.as_ref().map_or(Ok(()), |c| category(context, c)),
        Action::Refer { to, with, note, .. } => {
            body(context, to)?;
            with.iter().flatten().try_for_each(|b| body(context, b))?;
            bounded("note", note.as_deref().unwrap_or_default(), MAX_TEXT_BYTES)
        }
        Action::Transfer { to, reason } => {
            body(context, to)?;
            required("reason", reason, MAX_TEXT_BYTES)
        }
        Action::Extend { until, reason } => {
            if until.is_none() {
                return Err(Refusal::bad_value(Reason::field_missing("until")));
            }
            required("reason", reason, MAX_TEXT_BYTES)
        }
        Action::Return { reason }
        | Action::Pause { reason }
        | Action::Reopen { reason }
        | Action::File { reason }
        | Action::Withdraw { reason } => required("reason", reason, MAX_TEXT_BYTES),
        // A register of before may say that a matter was settled without saying how.
        Action::Resolve { text, .. } | Action::Guide { text } if event.imported() => {
            bounded("text", text, MAX_TEXT_BYTES)
        }
        Action::Chase { text } | Action::Resolve { text, .. } | Action::Guide { text } | Action::Comment { text } => {
            required("text", text, MAX_TEXT_BYTES)
        }
        Action::Answer { text, .. } | Action::Rate { text, .. } => {
            bounded("text", text.as_deref().unwrap_or_default(), MAX_TEXT_BYTES)
        }
        Action::Correct { field, value, why } => {
            required("why", why, MAX_TEXT_BYTES)?;
            corrected(context, *field, value)
        }
        Action::Receive
        | Action::Accept
        | Action::Resume
        | Action::Close
        | Action::Duplicate { .. }
        | Action::NotDuplicate { .. }
        | Action::Split { .. } => Ok(()),
    }
}

fn corrected(context: &Context<'_>, field: Field, value: &str) -> Result<(), Refusal> {
    let unreadable = || Refusal::bad_value(Reason::value_unreadable(field));
    match field {
        Field::Unit => unit(context, &value.into(), false),
        Field::Hamlet if value.is_empty() => Ok(()),
        Field::Hamlet => unit(context, &value.into(), true),
        Field::Category if value.is_empty() => Ok(()),
        Field::Category => category(context, &value.into()),
        Field::Kind => Kind::parse(value).map(|_| ()).ok_or_else(unreadable),
        Field::Channel => Channel::parse(value).map(|_| ()).ok_or_else(unreadable),
        Field::Text => required("text", value, MAX_TEXT_BYTES),
        Field::Place => bounded("place", value, MAX_WORD_BYTES),
        Field::Urgent => value.parse::<bool>().map(|_| ()).map_err(|_| unreadable()),
        Field::Collective if value.is_empty() => Ok(()),
        Field::Collective => value.parse::<u32>().map(|_| ()).map_err(|_| unreadable()),
    }
}

/// The denouncer's identity is secret by law (Law on Denunciations 25/2018/QH14, Article 8): a denunciation must not enter
/// an ordinary petition.
fn ordinary(kind: Kind) -> Result<(), Refusal> {
    match kind {
        Kind::Denunciation => Err(Refusal::bad_value(Reason::denunciation())),
        _ => Ok(()),
    }
}

/// Nor is an ordinary petition made one: it is logged once more, sealed.
fn stays_ordinary(event: &Event) -> Result<(), Refusal> {
    match event.action() {
        Action::Classify { kind: Some(kind), .. } => ordinary(*kind),
        Action::Correct { field: Field::Kind, value, .. } => Kind::parse(value).map_or(Ok(()), ordinary),
        _ => Ok(()),
    }
}

pub(super) fn unit(context: &Context<'_>, id: &UnitId, hamlet: bool) -> Result<(), Refusal> {
    match context.directory.unit(id) {
        Some(u) if (u.kind == UnitKind::Hamlet) == hamlet => Ok(()),
        Some(_) if hamlet => Err(Refusal::bad_value(Reason::not_a_hamlet(id))),
        Some(_) => Err(Refusal::bad_value(Reason::not_a_commune(id))),
        None => Err(Refusal::no_such_code("unit", id)),
    }
}

/// A hamlet of another commune would open that commune's register to the hamlet's officer.
fn lies_in(context: &Context<'_>, hamlet: &UnitId, unit: &UnitId) -> Result<(), Refusal> {
    let today = context.today();
    let of = |id: &UnitId| context.directory.current_units(id, today);
    let lines = of(hamlet).into_iter().chain([hamlet.clone()]).flat_map(|h| context.directory.unit_line(&h));
    let around: Vec<UnitId> = lines.flat_map(|u| of(&u).into_iter().chain([u])).collect();
    if of(unit).iter().chain([unit]).any(|u| around.contains(u)) {
        return Ok(());
    }
    Err(Refusal::bad_value(Reason::hamlet_elsewhere(hamlet, unit)))
}

fn body(context: &Context<'_>, id: &BodyId) -> Result<(), Refusal> {
    match context.directory.body(id) {
        Some(_) => Ok(()),
        None => Err(Refusal::no_such_code("body", id)),
    }
}

pub(super) fn category(context: &Context<'_>, id: &CategoryId) -> Result<(), Refusal> {
    match context.directory.category(id) {
        Some(_) => Ok(()),
        None => Err(Refusal::no_such_code("category", id)),
    }
}
