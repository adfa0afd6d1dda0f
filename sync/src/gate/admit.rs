//! The way through the gate, step by step.

use std::borrow::Cow;
use std::panic::{AssertUnwindSafe, catch_unwind};

use jiff::Timestamp;
use jiff::civil::Date;

use super::chunk::Parsed;
use super::refusal::Refusal;
use super::{bounds, directory, petition, session, writes};
use crate::document::{Document, Record, RecordKind, genesis_hash, genesis_head};
use crate::id::{ActorId, Epoch, EventId, Hash, PostId, RecordId, TenantId, UserId};
use crate::model::directory::{Directory, Post};
use crate::model::time::local_date;
use crate::reason::Reason;
use crate::wire::{CLOCK_TOLERANCE_MILLIS, RefusalCode};

/// What the judgement stands on, besides the change.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// The tenant.
    pub tenant: TenantId,
    /// The directory now.
    pub directory: &'a Directory,
    /// The server's clock.
    pub now: Timestamp,
}

/// Who wrote the change.
#[derive(Debug, Clone, Copy)]
pub struct Author<'a> {
    /// The device's signing key.
    pub key: &'a [u8; 32],
    /// Its user.
    pub user: &'a UserId,
    /// The day on which its device was last told everything: posts held since then count, for nobody can obey what has
    /// not reached him.
    pub since: Date,
    /// It is written under a pseudonym, whose key `key` is: a sealed petition's creation, and nothing else.
    pub pseudonymous: bool,
    /// The administrator replica that `init` makes: it holds the directory by its making, not by a post.
    pub root: bool,
}

/// A change that may be kept.
#[derive(Debug, Clone)]
pub struct Admitted {
    /// What the record is.
    pub kind: RecordKind,
    /// The record's document with the change.
    pub document: Document,
    /// The document saved: what was found to load again.
    pub snapshot: Vec<u8>,
    /// The record as it now reads.
    pub record: Record,
    /// This change created it.
    pub created: bool,
}

/// Why a change is not kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Stands on changes that are not there.
    Waiting(Vec<Hash>),
    /// Not taken.
    Refused(Refusal),
}

impl<T: Into<Refusal>> From<T> for Verdict {
    fn from(refusal: T) -> Self {
        Verdict::Refused(refusal.into())
    }
}

impl Context<'_> {
    /// Today, in the tenant's zone.
    pub(super) fn today(&self) -> Date {
        local_date(self.now, self.directory.zone())
    }

    /// A time that lies ahead of the server's clock.
    pub(super) fn not_ahead(&self, at: Timestamp) -> Result<(), Refusal> {
        let ahead = at.as_millisecond() - self.now.as_millisecond();
        if ahead <= CLOCK_TOLERANCE_MILLIS {
            return Ok(());
        }
        Err(Refusal::new(RefusalCode::Clock, Reason::ahead_of_clock(ahead / 60_000)))
    }

    /// The posts the author holds, or held since the device was last told everything.
    pub(super) fn posts_of(&self, author: &Author<'_>) -> Vec<&Post> {
        let today = self.today();
        self.directory.posts_held(author.user, author.since.min(today), today)
    }

    /// One of them, by name.
    pub(super) fn post_of(&self, author: &Author<'_>, post: &PostId) -> Result<&Post, Refusal> {
        if self.directory.post(post).is_none() {
            return Err(Refusal::no_such_code("post", post));
        }
        let held = self.posts_of(author).into_iter().find(|p| p.id == *post);
        held.ok_or_else(|| Refusal::not_allowed(Reason::post_not_held(post)))
    }
}

/// Judges one change. `stored` is the record's document, none for a record that is not there yet; a change that is in it
/// already must not come here.
pub fn admit(
    context: &Context<'_>,
    author: &Author<'_>,
    record: RecordId,
    epoch: Epoch,
    parsed: &Parsed,
    stored: Option<&Document>,
) -> Result<Admitted, Verdict> {
    let judged = catch_unwind(AssertUnwindSafe(|| judge(context, author, record, epoch, parsed, stored)));
    judged.unwrap_or_else(|_| Err(Refusal::bad_change(Reason::not_applicable()).into()))
}

fn judge(
    context: &Context<'_>,
    author: &Author<'_>,
    record: RecordId,
    epoch: Epoch,
    parsed: &Parsed,
    stored: Option<&Document>,
) -> Result<Admitted, Verdict> {
    let actor = ActorId::derive(author.key, record, epoch);
    if parsed.expanded.actor_id != actor.to_automerge() {
        return Err(Refusal::bad_change(Reason::other_actor()).into());
    }
    let (kind, before) = ground(parsed, stored)?;
    if author.pseudonymous && kind != RecordKind::Petition {
        return Err(Refusal::bad_change(Reason::not_under_a_pseudonym()).into());
    }
    let creating = before.heads() == [genesis_head(kind)];
    let last = before.last_seq(actor);
    let seq = parsed.expanded.seq;
    if stored.is_some_and(|s| s.last_seq(actor) >= seq) {
        return Err(Refusal::new(RefusalCode::ActorReused, Reason::written_in_its_place()).into());
    }
    if seq != last + 1 {
        return Err(Verdict::Waiting(Vec::new()));
    }
    if parsed.expanded.start_op.get() != before.max_op() + 1 {
        return Err(Refusal::bad_change(Reason::wrong_numbers()).into());
    }
    let written = writes::sort(parsed, kind, creating)?;
    let (after, saved_after) = tried(&before, parsed)?;
    let read_after = Record::read(&after, kind)?;
    if parsed.name.is_some() && !(written.minutes && written.entries.is_empty()) {
        return Err(Refusal::bad_change(Reason::more_than_a_change()).into());
    }
    bounds::a_change(&written, &read_after)?;
    match &read_after {
        Record::Petition(petition) => {
            petition::judge(context, author, record, petition, &before, &written, creating)?;
        }
        Record::Session(session) => {
            session::judge(context, author, session, &before, &written, creating)?;
        }
        Record::Directory(revisions) => {
            directory::judge(context, author, record, revisions, &before, &written)?;
        }
    }
    if let Some(stored) = stored.filter(|s| s.heads() != before.heads()) {
        apart(&Record::read(stored, kind)?, &read_after, &written, creating)?;
    }
    // What was judged alone may stand beside changes it has not seen.
    let beside = stored.filter(|s| s.heads() != before.heads());
    let (document, snapshot, read) = match beside {
        None => (after, saved_after, read_after),
        Some(stored) => {
            let (merged, saved) = tried(stored, parsed)?;
            let read = Record::read(&merged, kind)?;
            bounds::a_record(&read)?;
            (merged, saved, read)
        }
    };
    Ok(Admitted { kind, document, snapshot, record: read, created: stored.is_none() })
}

/// What was written once stays so, also against a change that has not seen it: a record is created once, and an event's
/// key is taken for ever. Only an imported petition may be created twice, by the same row of the same register in the
/// same place.
fn apart(now: &Record, new: &Record, written: &writes::Writes, creating: bool) -> Result<(), Refusal> {
    let twice = match (now, new) {
        (Record::Petition(a), Record::Petition(b)) => {
            let same_place = a.facts.unit == b.facts.unit && a.facts.hamlet == b.facts.hamlet;
            creating && a.facts.source.is_some() && a.facts.source == b.facts.source && same_place
        }
        _ => false,
    };
    if creating && !twice && !matches!(now, Record::Directory(_)) {
        return Err(Refusal::immutable(Reason::record_there()));
    }
    let taken = |id: &EventId| match now {
        Record::Petition(p) => {
            p.unread.contains(id) || p.events.iter().any(|e| e.id == *id && !(twice && e.imported()))
        }
        Record::Session(s) => s.events.iter().any(|e| e.id == *id),
        Record::Directory(r) => r.iter().any(|r| r.id == *id),
    };
    if written.entries.iter().any(|(id, _)| taken(id)) {
        return Err(Refusal::immutable(Reason::event_once()));
    }
    Ok(())
}

/// The kind of the record, and its document at the change's own dependencies.
fn ground<'a>(parsed: &Parsed, stored: Option<&'a Document>) -> Result<(RecordKind, Cow<'a, Document>), Verdict> {
    let genesis = match parsed.deps.as_slice() {
        [] => return Err(Refusal::bad_change(Reason::stands_on_nothing()).into()),
        [one] => genesis_hash(one),
        _ => None,
    };
    let Some(stored) = stored else {
        let kind = genesis.ok_or_else(|| Verdict::Waiting(parsed.deps.clone()))?;
        return Ok((kind, Cow::Owned(Document::genesis(kind))));
    };
    let kind = stored.kind()?;
    let missing: Vec<Hash> = parsed.deps.iter().filter(|d| !stored.has(d)).copied().collect();
    if !missing.is_empty() {
        return Err(match genesis {
            Some(_) => Refusal::bad_change(Reason::other_kind()).into(),
            None => Verdict::Waiting(missing),
        });
    }
    // Automerge names the actor's own last change too, where it is no head any more: what counts are the heads.
    let heads = stored.heads();
    let all_seen = heads.iter().all(|h| parsed.deps.contains(h));
    let before = if all_seen { Cow::Borrowed(stored) } else { Cow::Owned(stored.at(&parsed.deps)?) };
    Ok((kind, before))
}

/// The change on a copy: applied, saved and loaded again, with the same heads.
fn tried(document: &Document, parsed: &Parsed) -> Result<(Document, Vec<u8>), Refusal> {
    let mut copy = document.clone();
    copy.apply([parsed.change.clone()])?;
    let saved = copy.save();
    let loaded = Document::load(&saved)?;
    if !copy.has(&parsed.hash) || loaded.heads() != copy.heads() {
        return Err(Refusal::bad_change(Reason::not_loadable()));
    }
    Ok((copy, saved))
}
