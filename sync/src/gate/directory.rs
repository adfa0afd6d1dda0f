//! Judging a change to the directory.

use std::collections::BTreeSet;

use super::admit::{Author, Context};
use super::refusal::Refusal;
use super::writes::Writes;
use crate::document::Document;
use crate::document::directory::{read, record_of};
use crate::id::{EventId, RecordId};
use crate::model::directory::{Directory, Revision, fold_revisions};
use crate::reason::Reason;
use crate::scope::may_administer;
use crate::wire::RefusalCode;

pub(super) fn judge(
    context: &Context<'_>,
    author: &Author<'_>,
    record: RecordId,
    after: &[Revision],
    before: &Document,
    written: &Writes,
) -> Result<(), Refusal> {
    if record != record_of(context.tenant) {
        return Err(Refusal::bad_change(Reason::not_the_directory()));
    }
    if written.entries.is_empty() || written.minutes {
        return Err(Refusal::bad_change(Reason::writes_nothing("directory")));
    }
    let known = read(before)?;
    let seen: BTreeSet<EventId> = known.iter().map(|r| r.id).collect();
    let depth = known.iter().map(|r| r.body.depth).max().unwrap_or(0) + 1;
    for (id, _) in &written.entries {
        let revision = after.iter().find(|r| r.id == *id);
        let revision = revision.ok_or_else(|| Refusal::new(RefusalCode::Upgrade, Reason::newer_entry()))?;
        if seen.contains(id) {
            return Err(Refusal::immutable(Reason::revision_once()));
        }
        if revision.body.depth != depth {
            return Err(Refusal::bad_change(Reason::not_following()));
        }
        context.not_ahead(revision.body.at)?;
        if !author.root {
            let post = context.post_of(author, &revision.body.by)?;
            may_administer(post)?;
        }
    }
    let problems = Directory::from_entries(&fold_revisions(after)).check();
    match problems.first() {
        None => Ok(()),
        Some(problem) => Err(Refusal::new(RefusalCode::BadDirectory, problem.reason())),
    }
}
