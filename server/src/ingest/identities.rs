//! Who spoke: what devices bring of it, and who may be told.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::Date;
use rusqlite::Transaction;
use sync::document::{Document, Record, RecordKind};
use sync::id::{EventId, RecordId};
use sync::identity::{IdentityClaim, MAX_AFTER, MAX_BODY_BYTES, MAX_NOTE_BYTES, Purpose};
use sync::model::directory::Directory;
use sync::model::petition::Facts;
use sync::model::time::local_date;
use sync::reason::Reason;
use sync::scope::may_identify;
use sync::wire::{IdentityAck, IdentityAsk, Looked, PushedIdentity};

use super::accept::{CREATION, folded};
use super::ledger::Ledger;
use crate::error::ServerError;
use crate::store::{self, AuditWhat, Device, StoredVersion, Tenant};

/// A person has no more versions than this: more are a program gone wrong.
const MAX_VERSIONS: usize = 50;
/// What a locked key has, in bytes: the encapsulated key, the key, the tag.
const LOCKED_BYTES: usize = 32 + 32 + 16;

/// What one request says and asks about persons.
#[derive(Debug, Clone, Default)]
pub struct Persons {
    /// Written down on the device, and whether the server's keys open it.
    pub pushed: Vec<(PushedIdentity, bool)>,
    /// To be known on it.
    pub asks: Vec<IdentityAsk>,
    /// Looked up on it.
    pub looked: Vec<Looked>,
}

impl Persons {
    /// Whether there is nothing.
    pub fn is_empty(&self) -> bool {
        self.pushed.is_empty() && self.asks.is_empty() && self.looked.is_empty()
    }
}

/// What it comes to.
#[derive(Debug, Clone, Default)]
pub struct PersonsReply {
    /// In the order of the push.
    pub acks: Vec<IdentityAck>,
    /// In the order of the asks.
    pub asked: Vec<Asked>,
}

/// What a device is told of one petition.
#[derive(Debug, Clone)]
pub enum Asked {
    /// It may be told; the reading is written down.
    Given {
        /// The petition.
        record: RecordId,
        /// Its number here.
        index: i64,
    },
    /// It may not.
    Denied {
        /// The petition.
        record: RecordId,
        /// Why.
        reason: Reason,
    },
}

impl Ledger {
    /// Serves what a request says and asks about persons, in a transaction of its own. `since`: from when on the posts of
    /// its user are asked about for what it brings.
    pub(super) fn persons(
        &mut self,
        device: &Device,
        since: Timestamp,
        persons: &Persons,
        now: Timestamp,
    ) -> Result<PersonsReply, ServerError> {
        if persons.is_empty() {
            return Ok(PersonsReply::default());
        }
        let (tenant, directory) = (self.tenant().clone(), self.directory());
        let day = |at| local_date(at, directory.zone());
        let (since, today) = (day(since).min(day(now)), day(now));
        self.write(|tx| {
            let desk = Desk { tx, tenant: &tenant, directory: &directory, device, now };
            let acks = persons.pushed.iter().map(|(pushed, opens)| desk.take(pushed, *opens, since, today));
            let acks = acks.collect::<Result<_, _>>()?;
            for looked in &persons.looked {
                let Looked { id, ask, at } = looked;
                let at = (*at).min(now.as_millisecond());
                store::audit(tx, at, device, AuditWhat::IdentityRead, ask.record, &detail(ask, true), Some(*id))?;
            }
            let mut seen = BTreeSet::new();
            let asks = persons.asks.iter().filter(|ask| seen.insert(ask.record));
            let asked = asks.map(|ask| desk.answer(ask, today)).collect::<Result<_, _>>()?;
            Ok(PersonsReply { acks, asked })
        })
    }
}

struct Desk<'a> {
    tx: &'a Transaction<'a>,
    tenant: &'a Tenant,
    directory: &'a Directory,
    device: &'a Device,
    now: Timestamp,
}

/// A petition as far as it is asked here.
struct Petition {
    index: i64,
    identity: EventId,
    author: bool,
    facts: Facts,
}

impl Desk<'_> {
    /// The petition; none when it is not there, or no petition.
    fn petition(&self, record: RecordId) -> Result<Option<Petition>, ServerError> {
        let Some(row) = store::record(self.tx, record)?.filter(|row| row.kind == RecordKind::Petition) else {
            return Ok(None);
        };
        let read = Record::read(&Document::load(&row.snapshot)?, row.kind)?;
        let place = folded(&read).map(|f| (f.last().now.unit.clone(), f.last().now.hamlet.clone()));
        let (Record::Petition(petition), Some((unit, hamlet))) = (read, place) else { return Ok(None) };
        // Where nobody was named at first, the petition's own id stands for who spoke.
        let identity = petition.facts.petitioner.unwrap_or(EventId(record.0));
        let author = row.receipts.by(CREATION, self.device.index);
        Ok(Some(Petition { index: row.index, identity, author, facts: Facts { unit, hamlet, ..petition.facts } }))
    }

    /// Whether a post held in a time looks after the petition's place and may know who spoke.
    fn may(&self, petition: &Petition, since: Date, today: Date) -> Result<(), Reason> {
        let Facts { unit, hamlet, .. } = &petition.facts;
        let mut why = Reason::no_post_fits();
        for post in self.directory.posts_held(&self.device.user, since, today) {
            match may_identify(post, unit, hamlet.as_ref(), self.directory, today) {
                Ok(()) => return Ok(()),
                Err(denied) => why = denied.reason(),
            }
        }
        Err(why)
    }

    /// Takes one version in, or says why not.
    fn take(&self, pushed: &PushedIdentity, opens: bool, since: Date, today: Date) -> Result<IdentityAck, ServerError> {
        let version = pushed.signed.version();
        let refused = |reason| Ok(IdentityAck::Refused(reason));
        if version.body.len() > MAX_BODY_BYTES || version.after.len() > MAX_AFTER {
            return refused(Reason::field_too_long("petitioner", version.body.len(), MAX_BODY_BYTES));
        }
        if pushed.locked.len() != LOCKED_BYTES {
            return refused(Reason::key_unknown());
        }
        let Some(author) = store::author(self.tx, pushed.signed.device)? else {
            return refused(Reason::not_its_signature());
        };
        let claim = IdentityClaim { tenant: self.tenant.id, device: author.id, version: &version };
        if !claim.verify(&author.key, &pushed.signed.signature) {
            return refused(Reason::not_its_signature());
        }
        if let Some(known) = store::version(self.tx, version.version)? {
            if known.version != version || known.device != author.index {
                return refused(Reason::version_taken());
            }
            // It may have been locked for a key that is there no more.
            if opens && known.locked != *pushed.locked {
                store::lock_version(self.tx, version.version, &pushed.locked)?;
            }
            return Ok(IdentityAck::Accepted);
        }
        if !opens {
            // Told the present key with this answer, the device locks it for that.
            return Ok(IdentityAck::Waiting);
        }
        if store::erased(self.tx, version.identity)?.is_some() {
            return Ok(IdentityAck::Erased);
        }
        let Some(petition) = self.petition(version.record)? else { return Ok(IdentityAck::Waiting) };
        if petition.identity != version.identity {
            return refused(Reason::other_identity());
        }
        // Who logged the petition may say who raised it, whatever has become of the post since.
        if !(petition.author && author.index == self.device.index)
            && let Err(why) = self.may(&petition, since, today)
        {
            return refused(why);
        }
        if store::versions_of(self.tx, petition.index)?.len() >= MAX_VERSIONS {
            return refused(Reason::too_many_events());
        }
        let stored = StoredVersion {
            version,
            device: author.index,
            signature: *pushed.signed.signature,
            locked: pushed.locked.to_vec(),
        };
        store::add_version(self.tx, petition.index, &stored, self.now.as_millisecond())?;
        Ok(IdentityAck::Accepted)
    }

    /// Whether the device is told; either way it is written down that it asked.
    fn answer(&self, ask: &IdentityAsk, today: Date) -> Result<Asked, ServerError> {
        let record = ask.record;
        let (given, what) = match self.allowed(ask, today)? {
            Ok(index) => (Asked::Given { record, index }, AuditWhat::IdentityRead),
            Err(reason) => (Asked::Denied { record, reason }, AuditWhat::IdentityDenied),
        };
        let at = self.now.as_millisecond();
        store::audit(self.tx, at, self.device, what, record, &detail(ask, false), ask.id)?;
        Ok(given)
    }

    fn allowed(&self, ask: &IdentityAsk, today: Date) -> Result<Result<i64, Reason>, ServerError> {
        let purpose = Purpose::parse(&ask.purpose);
        if purpose.is_none() || ask.id.is_none() {
            return Ok(Err(Reason::value_unreadable("purpose")));
        }
        if purpose == Some(Purpose::Authority) && ask.note.as_ref().is_none_or(|note| note.trim().is_empty()) {
            return Ok(Err(Reason::field_missing("paper")));
        }
        // Asked before anything is loaded.
        let Some(row) = store::record(self.tx, ask.record)? else { return Ok(Err(Reason::not_for_you())) };
        let names: Vec<String> = self.device.feeds.lines().map(str::to_owned).collect();
        let feeds: Vec<i64> = store::digests(self.tx, &names)?.into_iter().map(|(index, ..)| index).collect();
        if !store::is_member_of_any(self.tx, row.index, &feeds)? {
            return Ok(Err(Reason::not_for_you()));
        }
        let Some(petition) = self.petition(ask.record)? else { return Ok(Err(Reason::not_for_you())) };
        if store::erased(self.tx, petition.identity)?.is_some() {
            return Ok(Err(Reason::person_erased()));
        }
        Ok(self.may(&petition, today, today).map(|()| petition.index))
    }
}

/// What is written down of a reading: what for, and beside it.
fn detail(ask: &IdentityAsk, on_the_device: bool) -> String {
    let cut = |text: &str, most: usize| {
        let end = (0..=most.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        text[..end].chars().filter(|c| !c.is_control()).collect::<String>()
    };
    let mut detail = cut(&ask.purpose, 40);
    if let Some(note) = ask.note.as_deref().filter(|note| !note.trim().is_empty()) {
        detail.push_str(": ");
        detail.push_str(&cut(note.trim(), MAX_NOTE_BYTES));
    }
    if on_the_device {
        detail.push_str(" (on the device)");
    }
    detail
}
