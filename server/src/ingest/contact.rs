//! One request's writing part: what a device brings is judged, and what the server knows of the device is noted.

use jiff::Timestamp;
use sync::id::{FeedId, RecordId, ServerEpoch};
use sync::model::time::local_date;
use sync::scope::feeds_of_posts;
use sync::signed::SignedChange;
use sync::wire::{Ack, Cursor, HandlerKey};

use super::accept::{Incoming, Outcome};
use super::handlers::handler_keys;
use super::identities::{Persons, PersonsReply};
use super::ledger::Ledger;
use super::recover::Proven;
use super::sealed::reopen;
use crate::error::ServerError;
use crate::store::{self, Device, Informed, Tenant};

/// One authenticated request's part that may write.
#[derive(Debug)]
pub struct Contact {
    /// Who asks.
    pub device: Device,
    /// How far it has followed the log.
    pub cursor: Option<Cursor>,
    /// The server's own receipt for that cursor was shown with it.
    pub cursor_proven: bool,
    /// The server's life that it follows; none at first.
    pub life: Option<ServerEpoch>,
    /// What it brings back of a former life.
    pub proven: Vec<Proven>,
    /// What it brings.
    pub push: Vec<SignedChange>,
    /// More follows in the next request: nothing is sent down with this one.
    pub only_push: bool,
    /// What it says and asks about persons.
    pub persons: Persons,
}

/// What it comes to.
#[derive(Debug)]
pub struct ContactReply {
    /// In the order of the push.
    pub outcomes: Vec<Outcome>,
    /// The device, with its present grant and feeds.
    pub device: Device,
    /// Whose database answers, and in which life.
    pub tenant: Tenant,
    /// What became of what it said and asked about persons.
    pub persons: PersonsReply,
    /// For whose devices it has to lock what is sealed.
    pub handlers: Vec<HandlerKey>,
}

/// A contact whose push is with the group.
struct Visit {
    device: Device,
    /// As it is stored.
    informed: Informed,
    only_push: bool,
    pushed: usize,
    /// Not judged: what it stands on may be what the server has lost, and the device can bring back.
    not_yet: Vec<RecordId>,
    persons: Persons,
    /// Why it is not served.
    failed: Option<ServerError>,
}

impl Ledger {
    /// Serves requests that came together: what they bring is one group, committed once. When the group cannot be
    /// committed nothing of any of them is kept.
    pub fn serve(
        &mut self,
        contacts: Vec<Contact>,
        now: Timestamp,
    ) -> Result<Vec<Result<ContactReply, ServerError>>, ServerError> {
        self.catch_up()?;
        let lease = self.directory().lease();
        let mut visits = Vec::with_capacity(contacts.len());
        let mut group = Vec::new();
        for contact in contacts {
            let Contact { mut device, cursor, cursor_proven, life, proven, push, only_push, mut persons } = contact;
            let beyond = cursor.map(|c| self.is_beyond(&c)).transpose()?.unwrap_or(false);
            // What goes wrong here is this device's alone.
            let begun = match (beyond, cursor_proven, cursor) {
                (true, true, Some(cursor)) => self.begin_another_life(cursor.position, now),
                (true, ..) => Err(ServerError::Behind),
                (false, ..) => Ok(()),
            };
            let mut failed = begun.err();
            let epoch = self.tenant().epoch;
            if failed.is_none() && !proven.is_empty() {
                failed = self.bring_back(&device, &proven, now).err();
            }
            let former = life.is_some_and(|life| life != epoch);
            let (push, not_yet) = match former || failed.is_some() {
                true => (Vec::new(), push.iter().map(|signed| signed.record).collect()),
                false => (push, Vec::new()),
            };
            if former {
                // What it brings is judged when this life has heard what it stands on.
                persons.pushed.clear();
            }
            let informed = device.informed;
            let shown = cursor.filter(|c| c.server_epoch == epoch).map(|c| c.position);
            device.informed.shown(shown, now, lease);
            let pushed = push.len();
            group.extend(push.into_iter().map(|signed| Incoming { device: device.clone(), signed }));
            visits.push(Visit { device, informed, only_push, pushed, not_yet, persons, failed });
        }
        let admitted = if group.is_empty() { Ok(Vec::new()) } else { self.admit(&group, now) };
        // Without room to write those who only ask are answered all the same.
        let (outcomes, full) = match admitted {
            Ok(outcomes) => (outcomes, None),
            Err(ServerError::Storage(why)) => (Vec::new(), Some(why)),
            Err(error) => return Err(error),
        };
        let mut outcomes = outcomes.into_iter();
        let answered = visits.into_iter().map(|mut visit| match (visit.failed.take(), &full) {
            (Some(error), _) => Err(error),
            (None, Some(why)) if visit.pushed > 0 || !visit.persons.is_empty() => {
                Err(ServerError::Storage(why.clone()))
            }
            _ => {
                let own: Vec<Outcome> = outcomes.by_ref().take(visit.pushed).collect();
                let waiting = |record| {
                    let ack = Ack::Waiting { deps: Vec::new() };
                    Outcome { record, hash: None, ack, pseudonym: None }
                };
                let own = own.into_iter().chain(visit.not_yet.iter().copied().map(waiting)).collect();
                self.settle(visit, own, now)
            }
        });
        Ok(answered.collect())
    }

    /// Whether a cursor of this life lies behind the end of the log.
    fn is_beyond(&self, cursor: &Cursor) -> Result<bool, ServerError> {
        Ok(cursor.server_epoch == self.tenant().epoch && cursor.position > store::position(self.connection())?)
    }

    /// What a device can prove is taken in before anything is judged. On a full disk it is brought again another time.
    fn bring_back(&mut self, device: &Device, proven: &[Proven], now: Timestamp) -> Result<(), ServerError> {
        match self.recover(proven, now) {
            Err(ServerError::Storage(why)) => {
                tracing::warn!(device = %device.id, %why, "what was brought back could not be written");
                Ok(())
            }
            done => done,
        }
    }

    /// Notes the contact, and raises the device's grant when its posts now open other feeds. Writes only when something
    /// is new: a device that asks and finds nothing costs no commit.
    fn settle(&mut self, visit: Visit, outcomes: Vec<Outcome>, now: Timestamp) -> Result<ContactReply, ServerError> {
        let Visit { mut device, informed, only_push, persons, .. } = visit;
        let since = device.informed.time();
        self.keep_day(now)?;
        let directory = self.directory();
        let day = |at: Timestamp| local_date(at, directory.zone());
        let today = day(now);
        let posts = directory.posts_of(&device.user, today);
        let feeds = feeds_of_posts(posts, &directory, today);
        let feeds = feeds.iter().map(FeedId::to_string).collect::<Vec<_>>().join("\n");
        if day(device.informed.time()) != today {
            let unanswered = |o: &Outcome| matches!(o.ack, Ack::Waiting { .. } | Ack::Refused { .. });
            let whole = !only_push && !outcomes.iter().any(unanswered);
            device.informed.answered(whole, store::position(self.connection())?, now);
        }
        let contacted = Timestamp::from_millisecond(device.last_contact).unwrap_or(now);
        let other_feeds = device.feeds != feeds;
        // A contact that brings something sealed leaves no trace in the device's row: time and place in the log would name
        // whose it was.
        let veiled = outcomes.iter().any(|outcome| outcome.pseudonym.is_some())
            || persons.pushed.iter().any(|(pushed, _)| pushed.locks.is_some());
        if veiled {
            device.informed = informed;
        }
        if other_feeds || (!veiled && (device.informed != informed || day(contacted) != today)) {
            let noted = self.write(|tx| {
                if !veiled {
                    store::set_contact(tx, device.index, now, &device.informed)?;
                }
                if other_feeds { store::set_grant(tx, device.index, &feeds, store::least_grant(tx)?) } else { Ok(()) }
            });
            match noted {
                // With a full disk it can still read: what it may see has not changed, and the next request notes the rest.
                Err(ServerError::Storage(_)) if outcomes.is_empty() && !other_feeds => {}
                noted => noted?,
            }
            device = store::device_by_index(self.connection(), device.index)?;
        }
        let recover = persons.recover;
        let mut persons = self.persons(&device, since, &persons, now)?;
        if !only_push {
            persons.reopen = reopen(self.connection(), &device, recover, &directory, today)?;
        }
        let offices = std::mem::take(&mut persons.offices);
        let (conn, since) = (self.connection(), day(since).min(today));
        let handlers = handler_keys(conn, &device.user, offices, &directory, since, today)?;
        Ok(ContactReply { outcomes, device, tenant: self.tenant().clone(), persons, handlers })
    }
}
