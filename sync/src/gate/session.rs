//! Judging a change to a session.

use std::collections::BTreeSet;

use super::admit::{Author, Context};
use super::refusal::Refusal;
use super::text::{MAX_TEXT_BYTES, MAX_WORD_BYTES, bounded, required};
use super::writes::Writes;
use crate::document::Document;
use crate::document::session::{SessionRecord, read};
use crate::id::EventId;
use crate::model::session::SessionAction;
use crate::reason::Reason;
use crate::scope::may_session;
use crate::wire::RefusalCode;

pub(super) fn judge(
    context: &Context<'_>,
    author: &Author<'_>,
    after: &SessionRecord,
    before: &Document,
    written: &Writes,
    creating: bool,
) -> Result<(), Refusal> {
    let today = context.today();
    let unit = &after.facts.unit;
    if creating {
        context.not_ahead(after.facts.at)?;
        bounded("title", after.facts.title.as_deref().unwrap_or_default(), MAX_WORD_BYTES)?;
        if context.directory.unit(unit).is_none() {
            return Err(Refusal::no_such_code("unit", unit));
        }
        if let Some(chair) = &after.facts.chair
            && context.directory.post(chair).is_none()
        {
            return Err(Refusal::no_such_code("post", chair));
        }
        let post = context.post_of(author, &after.facts.by)?;
        may_session(post, unit, context.directory, today)?;
    }
    let mut seen: BTreeSet<EventId> =
        if creating { BTreeSet::new() } else { read(before)?.events.iter().map(|e| e.id).collect() };
    for (id, _) in &written.entries {
        let event = after.events.iter().find(|e| e.id == *id);
        let event = event.ok_or_else(|| Refusal::new(RefusalCode::Upgrade, Reason::newer_event()))?;
        if !seen.insert(*id) {
            return Err(Refusal::immutable(Reason::event_once()));
        }
        if event.body.after.iter().flatten().any(|a| !seen.contains(a) || a == id) {
            return Err(Refusal::bad_change(Reason::not_yet_seen()));
        }
        context.not_ahead(event.body.at)?;
        let post = context.post_of(author, &event.body.by)?;
        may_session(post, unit, context.directory, today)?;
        if let SessionAction::Conclude { text } = &event.body.action {
            required("text", text, MAX_TEXT_BYTES)?;
        }
    }
    if written.minutes {
        if written.minutes_bytes > MAX_TEXT_BYTES {
            return Err(Refusal::too_large(Reason::paragraph_too_long()));
        }
        if written.entries.is_empty() {
            any_post_may(context, author, unit)?;
        }
    }
    Ok(())
}

/// Minutes carry no post of their own: one of the author's must have the right.
fn any_post_may(context: &Context<'_>, author: &Author<'_>, unit: &crate::id::UnitId) -> Result<(), Refusal> {
    let today = context.today();
    let may = context.posts_of(author).into_iter().any(|p| may_session(p, unit, context.directory, today).is_ok());
    if may { Ok(()) } else { Err(Refusal::not_allowed(Reason::no_minutes_here())) }
}
