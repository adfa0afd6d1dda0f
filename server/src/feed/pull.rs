//! One response: acknowledgements, a first fill where one is due, then the log from the cursor.

use std::collections::BTreeSet;

use jiff::Timestamp;
use minicbor::bytes::ByteArray;
use rusqlite::Connection;
use sync::document::directory::record_of;
use sync::id::RecordId;
use sync::wire::{Ack, Cursor, Digest, FillCursor, HandlerKey, Hello, PROTOCOL_VERSION, PositionSet, SyncRequest};

use crate::error::ServerError;
use crate::ingest::{Outcome, PersonsReply};
use crate::keys::ServerKeys;
use crate::store::{self, Device, FeedEntryKind, Shared, Tenant};

use super::compare::{compare, lacks};
use super::forgotten::forgotten;
use super::frames::{Author, Frames, Last, Pushed, Receipts, Sink};
use super::persons::answers;
use super::sealed;

/// Lines of the log read at a time.
const LINES: usize = 1000;

/// Everything a response is made of.
pub struct Pull<'a> {
    /// Whose database it is.
    pub tenant: &'a Tenant,
    /// The server's.
    pub keys: &'a ServerKeys,
    /// Who asks, with the present grant.
    pub device: &'a Device,
    /// What it asks.
    pub request: &'a SyncRequest,
    /// What became of its push.
    pub outcomes: Vec<Outcome>,
    /// What became of what it said and asked about persons.
    pub persons: PersonsReply,
    /// For whose devices it has to lock what is sealed.
    pub handlers: Vec<HandlerKey>,
    /// The server's clock.
    pub now: Timestamp,
}

/// Writes one response. Reads a single state of the database, however long the link takes.
pub fn pull(conn: &Connection, pull: Pull<'_>, sink: &mut dyn Sink) -> Result<(), ServerError> {
    conn.execute_batch("BEGIN")?;
    let done = respond(conn, pull, sink);
    conn.execute_batch("COMMIT")?;
    done
}

struct State {
    cursor: Option<Cursor>,
    fill: Option<FillCursor>,
}

fn respond(conn: &Connection, pull: Pull<'_>, sink: &mut dyn Sink) -> Result<(), ServerError> {
    let Pull { tenant, keys, device, request, outcomes, persons, handlers, now } = pull;
    let head = store::position(conn)?;
    let only_push = request.only_push == Some(true);
    let current = |epoch, grant| epoch == tenant.epoch && grant == device.grant;
    let former = request.follows().filter(|epoch| *epoch != tenant.epoch);
    let shared = former.map(|epoch| store::shared_with(conn, epoch)).transpose()?;
    let cursor = request.cursor.filter(|c| c.grant == device.grant);
    let cursor = cursor.and_then(|c| in_this_life(c, tenant, shared)).filter(|c| c.position <= head);
    // What is signed is what this life has given, not what was asked.
    let echo = request.cursor.filter(|c| current(c.server_epoch, c.grant) && c.position <= head);
    let going_on = request.fill.filter(|f| current(f.server_epoch, f.grant) && f.as_of <= head);
    let echo = (echo, going_on);
    let begins = !only_push && cursor.is_none() && going_on.is_none();
    let hello = Hello {
        version: PROTOCOL_VERSION,
        server_epoch: tenant.epoch,
        now: now.as_millisecond(),
        grant: device.grant,
        fill: begins,
        base: shared.map(|s| s.base),
        keys: Some(keys.tenant_keys(handlers)).filter(|keys| request.keys != Some(keys.mark())),
    };
    let receipts = Receipts { tenant: tenant.id, server_epoch: tenant.epoch, device: device.id, key: &keys.receipt };
    let mut frames = Frames::new(conn, sink, receipts, hello);
    let mut state = State { cursor, fill: going_on };
    let mut own = OwnChanges::new(device.index, request.own.clone(), &outcomes);
    let names: Vec<String> = device.feeds.lines().map(str::to_owned).collect();
    let feeds = store::digests(conn, &names)?;
    let numbers: Vec<i64> = feeds.iter().map(|(index, ..)| *index).collect();
    let mut last = Last { lacks: lacks(conn, request, device.index)?, ..Last::default() };
    last.identity_acks = (!persons.acks.is_empty()).then_some(persons.acks);
    if !only_push {
        forgotten(conn, request, &mut last)?;
    }
    last.identities = answers(conn, keys, tenant, device, persons.asked)?;
    last.words = sealed::words(conn, device, &persons.words)?;
    last.relock = sealed::relock(conn, &persons.reopen)?;
    let pushed = taken(&outcomes);
    for Outcome { record, hash, ack, pseudonym } in outcomes {
        let author = Author::of(device, pseudonym);
        frames.ack(ack, hash.map(|hash| Pushed { record, hash, author }).as_ref());
        if frames.is_full() {
            frames.flush(echo.0, echo.1)?;
        }
    }
    not_to_keep(conn, pushed, &numbers, &mut frames)?;
    if only_push {
        return frames.finish(echo.0, echo.1, last);
    }
    if begins {
        let before = u64::MAX >> 1;
        let grant = device.grant;
        state.fill = Some(FillCursor { as_of: head, pass: 0, before, grant, server_epoch: tenant.epoch });
        own = OwnChanges::none();
    }
    wants(conn, request, &numbers, head, &mut frames, &state)?;
    fill(conn, tenant, device, &numbers, &mut frames, &mut state)?;
    follow(conn, device, tenant, &numbers, head, &own, &mut frames, &mut state)?;
    compare(conn, request, &feeds, &mut last)?;
    let digest = |(_, feed, sum)| Digest { feed, sum: ByteArray::from(sum) };
    last.digests = Some(feeds.into_iter().map(digest).collect());
    frames.finish(state.cursor, None, last)
}

/// A cursor of a former life goes on from where this database still held what that life held, unless the device has come
/// to hold other feeds since.
fn in_this_life(cursor: Cursor, tenant: &Tenant, shared: Option<Shared>) -> Option<Cursor> {
    match shared {
        None => Some(cursor),
        Some(shared) if cursor.grant < shared.grants => {
            Some(Cursor { server_epoch: tenant.epoch, position: cursor.position.min(shared.base), ..cursor })
        }
        Some(_) => None,
    }
}

/// The records of what was pushed and taken.
fn taken(outcomes: &[Outcome]) -> BTreeSet<RecordId> {
    let taken = |ack: &Ack| matches!(ack, Ack::Accepted { .. } | Ack::Duplicate { .. } | Ack::Known);
    outcomes.iter().filter(|o| taken(&o.ack)).map(|o| o.record).collect()
}

/// What a device has written on a record that is not, or no longer, for it has no `leave` line of its own in its feeds: it
/// is told at once that it may not keep the record.
fn not_to_keep(
    conn: &Connection,
    records: BTreeSet<RecordId>,
    feeds: &[i64],
    frames: &mut Frames<'_>,
) -> Result<(), ServerError> {
    for record in records {
        if let Some(row) = store::record(conn, record)?
            && !store::is_member_of_any(conn, row.index, feeds)?
        {
            frames.leave(record);
        }
    }
    Ok(())
}

/// Changes that the device itself is known to have.
struct OwnChanges {
    device: i64,
    acked: PositionSet,
}

impl OwnChanges {
    /// Those acknowledged since its cursor, and now.
    fn new(device: i64, before: Option<PositionSet>, outcomes: &[Outcome]) -> Self {
        let mut acked = before.unwrap_or_default();
        for outcome in outcomes {
            if let Ack::Accepted { position, .. } | Ack::Duplicate { position, .. } = &outcome.ack {
                acked.insert(*position);
            }
        }
        Self { device, acked }
    }

    fn none() -> Self {
        Self { device: -1, acked: PositionSet::default() }
    }

    fn has(&self, device: i64, position: u64) -> bool {
        device == self.device && self.acked.contains(position)
    }
}

/// Every change of a record, in as many frames as it takes. `mark`: what may be committed while it has not all come.
fn whole_record(
    conn: &Connection,
    index: i64,
    upto: u64,
    frames: &mut Frames<'_>,
    mark: (Option<Cursor>, Option<FillCursor>),
) -> Result<(), ServerError> {
    let mut id = None;
    if let Some(rewritten) = store::rewritten(conn, store::record_id(conn, index)?)? {
        frames.noted(store::record_id(conn, index)?, &rewritten.receipts)?;
    }
    for change in store::changes_of_record(conn, index, upto)? {
        let record = match id {
            Some(id) => id,
            None => *id.insert(store::record_id(conn, index)?),
        };
        frames.change(record, &change)?;
        if frames.is_overfull() {
            frames.flush(mark.0, mark.1)?;
        }
    }
    Ok(())
}

/// Records the device lacks a part of, if it may hold them.
fn wants(
    conn: &Connection,
    request: &SyncRequest,
    feeds: &[i64],
    head: u64,
    frames: &mut Frames<'_>,
    state: &State,
) -> Result<(), ServerError> {
    for wanted in request.wants.iter().flatten().take(1000) {
        let Some(row) = store::record(conn, *wanted)? else { continue };
        if !store::is_member_of_any(conn, row.index, feeds)? {
            frames.leave(*wanted);
        } else {
            whole_record(conn, row.index, head, frames, (state.cursor, state.fill))?;
            if frames.is_full() {
                frames.flush(state.cursor, state.fill)?;
            }
        }
    }
    Ok(())
}

/// The first fill: the directory, then open records, then all others, newest first.
fn fill(
    conn: &Connection,
    tenant: &Tenant,
    device: &Device,
    feeds: &[i64],
    frames: &mut Frames<'_>,
    state: &mut State,
) -> Result<(), ServerError> {
    let Some(mut at) = state.fill else { return Ok(()) };
    let directory = store::record(conn, record_of(tenant.id))?.map(|r| r.index);
    if at.pass == 0 && at.before == u64::MAX >> 1 {
        // Names and dates of everything else come from it.
        if let Some(index) = directory {
            whole_record(conn, index, at.as_of, frames, (None, Some(at)))?;
        }
    }
    while at.pass < 2 {
        let before = i64::try_from(at.before).unwrap_or(i64::MAX);
        for index in store::records_in_feeds(conn, feeds, at.pass, before, at.as_of)? {
            if Some(index) != directory {
                whole_record(conn, index, at.as_of, frames, (None, Some(at)))?;
            }
            at.before = index as u64;
            if frames.is_full() {
                frames.flush(None, Some(at))?;
            }
        }
        at.pass += 1;
        at.before = u64::MAX >> 1;
    }
    state.fill = None;
    state.cursor = Some(Cursor { server_epoch: tenant.epoch, grant: device.grant, position: at.as_of });
    Ok(())
}

/// The log from the cursor to the head.
#[expect(clippy::too_many_arguments, reason = "one response's state, used once")]
fn follow(
    conn: &Connection,
    device: &Device,
    tenant: &Tenant,
    feeds: &[i64],
    head: u64,
    own: &OwnChanges,
    frames: &mut Frames<'_>,
    state: &mut State,
) -> Result<(), ServerError> {
    let mut after = state.cursor.map_or(0, |c| c.position);
    let at = |position| Some(Cursor { server_epoch: tenant.epoch, grant: device.grant, position });
    loop {
        let lines = store::entries_after(conn, feeds, after, LINES)?;
        let Some(last) = lines.last().map(|l| l.position) else { break };
        for line in lines {
            match line.kind {
                FeedEntryKind::Change => {
                    let change = store::changes_of(conn, line.change)?;
                    // What has left since is not shown any more, not even the part that was once the device's to see.
                    let may_hold = store::is_member_of_any(conn, line.record, feeds)?;
                    if may_hold && !own.has(change.device, change.position) {
                        frames.change(store::record_id(conn, line.record)?, &change)?;
                    }
                }
                FeedEntryKind::Enter => {
                    let members = store::members_of(conn, line.record)?;
                    let held_before = members.iter().any(|(f, since)| feeds.contains(f) && *since < line.position);
                    let holds_now = members.iter().any(|(f, _)| feeds.contains(f));
                    if holds_now && !held_before {
                        whole_record(conn, line.record, line.position, frames, (at(line.position - 1), None))?;
                    }
                }
                FeedEntryKind::Leave => {
                    if !store::is_member_of_any(conn, line.record, feeds)? {
                        frames.leave(store::record_id(conn, line.record)?);
                    }
                }
            }
            if frames.is_full() {
                frames.flush(at(line.position), None)?;
            }
        }
        after = last;
    }
    state.cursor = at(head);
    Ok(())
}
