//! Judging a sealed petition: its creation says nothing of where, when and by whom it was heard, and no later event says it.

use super::admit::{Author, Context};
use super::petition::{category, unit};
use super::refusal::Refusal;
use crate::id::{OfficeId, RecordId};
use crate::model::petition::{Action, Event, Facts, Field, Moment};
use crate::model::time::begin_of_day;
use crate::reason::Reason;
use crate::scope::may_log_sealed;

/// The facts of a new one. Any of its author's posts may have logged it: which did is not said.
pub(super) fn facts(
    context: &Context<'_>,
    author: &Author<'_>,
    record: RecordId,
    facts: &Facts,
    office: &OfficeId,
    events: &[Event],
) -> Result<(), Refusal> {
    context.not_ahead(facts.at)?;
    let tells = [
        ("text", !facts.text.is_empty()),
        ("place", facts.place.is_some()),
        ("hamlet", facts.hamlet.is_some()),
        ("session", facts.session.is_some()),
        ("by", !facts.by.as_str().is_empty()),
        ("source", facts.source.is_some()),
        ("stamped", facts.stamped.is_some()),
        ("erased", facts.erased.is_some()),
        ("at", facts.at != begin_of_day(facts.at, context.directory.zone())),
        ("split_from", facts.split_from.is_some()),
        ("events", !events.is_empty()),
    ];
    if let Some((field, _)) = tells.into_iter().find(|(_, tells)| *tells) {
        return Err(Refusal::bad_value(Reason::sealed_tells(field)));
    }
    // The petition's own id stands for its words.
    if facts.petitioner.is_none_or(|petitioner| petitioner.0 == record.0) {
        return Err(Refusal::bad_value(Reason::field_missing("petitioner")));
    }
    if context.directory.office(office).is_none() {
        return Err(Refusal::no_such_code("office", office));
    }
    unit(context, &facts.unit, false)?;
    if let Some(c) = &facts.category {
        category(context, c)?;
    }
    let today = context.today();
    let mut why = Refusal::not_allowed(Reason::no_post_fits());
    for post in context.posts_of(author) {
        match may_log_sealed(post, &facts.unit, office, context.directory, today) {
            Ok(()) => return Ok(()),
            Err(denied) => why = denied.into(),
        }
    }
    Err(why)
}

/// What an event may not say, and what a body must have before the petition goes to it.
pub(super) fn event(event: &Event, now: &Moment) -> Result<(), Refusal> {
    match event.action() {
        Action::Correct { field: field @ (Field::Hamlet | Field::Place), .. } => {
            Err(Refusal::bad_value(Reason::sealed_tells(field)))
        }
        Action::Refer { .. } | Action::Transfer { .. } if now.now.text.is_none() => {
            Err(Refusal::not_allowed(Reason::summary_first()))
        }
        _ => Ok(()),
    }
}
