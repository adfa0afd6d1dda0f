//! Who spoke: what devices bring of it, and who may be told.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::Date;
use rusqlite::Transaction;
use sync::document::{Document, Record, RecordKind};
use sync::id::{EventId, OfficeId, RecordId};
use sync::identity::{IdentityClaim, MAX_AFTER, MAX_BODY_BYTES, MAX_NOTE_BYTES, MAX_WORDS_BYTES, Purpose, Version};
use sync::model::directory::Directory;
use sync::model::petition::Facts;
use sync::model::time::{begin_of_day, local_date};
use sync::reason::Reason;
use sync::scope::{may_identify, may_open_sealed};
use sync::wire::{IdentityAck, IdentityAsk, LockedFor, Looked, PushedIdentity};

use super::accept::{CREATION, folded};
use super::ledger::Ledger;
use super::sealed::Reopen;
use crate::error::ServerError;
use crate::store::{self, AuditWhat, Device, EventReceipts, StoredVersion, Tenant};

/// A person has no more versions than this: more are a program gone wrong.
pub(super) const MAX_VERSIONS: usize = 50;
/// What a locked key has, in bytes: the encapsulated key, the key, the tag.
pub(super) const LOCKED_BYTES: usize = 32 + 32 + 16;

/// What one request says and asks about persons.
#[derive(Debug, Clone, Default)]
pub struct Persons {
    /// Written down on the device, and whether the server's keys open it.
    pub pushed: Vec<(PushedIdentity, bool)>,
    /// To be known on it.
    pub asks: Vec<IdentityAsk>,
    /// Looked up on it.
    pub looked: Vec<Looked>,
    /// Sealed petitions whose words it lacks.
    pub words: Vec<RecordId>,
    /// Keys that it has locked for others.
    pub locks: Vec<LockedFor>,
    /// Versions whose lock for it does not open.
    pub unopenable: Vec<EventId>,
    /// Its user has the recovery key at hand; so many versions are to be passed over.
    pub recover: Option<u64>,
    /// The tenant has a recovery key: everything sealed is locked for it as well.
    pub recovery: bool,
}

impl Persons {
    /// Whether there is nothing.
    pub fn is_empty(&self) -> bool {
        self.pushed.is_empty()
            && self.asks.is_empty()
            && self.looked.is_empty()
            && self.words.is_empty()
            && self.locks.is_empty()
            && self.unopenable.is_empty()
    }
}

/// What it comes to.
#[derive(Debug, Clone, Default)]
pub struct PersonsReply {
    /// In the order of the push.
    pub acks: Vec<IdentityAck>,
    /// In the order of the asks.
    pub asked: Vec<Asked>,
    /// Versions with words that the device lacks, and may have.
    pub words: Vec<EventId>,
    /// What it can open for others.
    pub reopen: Vec<Reopen>,
    /// The offices that are entrusted with what it brought.
    pub offices: BTreeSet<OfficeId>,
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
            let recovery = persons.recovery;
            let desk = Desk { tx, tenant: &tenant, directory: &directory, device, now, today, recovery };
            let acks = persons.pushed.iter().map(|(pushed, opens)| desk.take(pushed, *opens, since, today));
            let acks = acks.collect::<Result<_, _>>()?;
            for looked in &persons.looked {
                let Looked { id, ask, at } = looked;
                store::audit_looked(tx, now.as_millisecond(), device, ask.record, &detail(ask, true), *id, *at)?;
            }
            let mut seen = BTreeSet::new();
            let asks = persons.asks.iter().filter(|ask| seen.insert(ask.record));
            let asked = asks.map(|ask| desk.answer(ask, today)).collect::<Result<_, _>>()?;
            persons.unopenable.iter().try_for_each(|version| desk.drop_lock(*version))?;
            persons.locks.iter().try_for_each(|lock| desk.take_lock(lock))?;
            let brought = persons.pushed.iter().filter(|(pushed, _)| pushed.locks.is_some());
            let offices = brought.filter_map(|(pushed, _)| desk.office_of(pushed.signed.record).transpose());
            let offices = offices.collect::<Result<_, _>>()?;
            let words = persons.words.iter().filter_map(|record| desk.words(*record).transpose());
            let words = words.collect::<Result<_, _>>()?;
            Ok(PersonsReply { acks, asked, words, offices, reopen: Vec::new() })
        })
    }
}

pub(super) struct Desk<'a> {
    pub tx: &'a Transaction<'a>,
    pub tenant: &'a Tenant,
    pub directory: &'a Directory,
    pub device: &'a Device,
    pub now: Timestamp,
    pub today: Date,
    /// The tenant has a recovery key.
    pub recovery: bool,
}

/// A petition as far as it is asked here.
pub(super) struct Petition {
    pub index: i64,
    pub identity: EventId,
    pub facts: Facts,
    receipts: EventReceipts,
}

impl Petition {
    /// Whether a device, by its number, has logged it.
    pub(super) fn is_by(&self, device: i64) -> bool {
        self.receipts.by(CREATION, device)
    }
}

impl Desk<'_> {
    /// The petition; none when it is not there, or no petition.
    pub(super) fn petition(&self, record: RecordId) -> Result<Option<Petition>, ServerError> {
        let Some(row) = store::record(self.tx, record)?.filter(|row| row.kind == RecordKind::Petition) else {
            return Ok(None);
        };
        let read = Record::read(&Document::load(&row.snapshot)?, row.kind)?;
        let place = folded(&read).map(|f| (f.last().now.unit.clone(), f.last().now.hamlet.clone()));
        let (Record::Petition(petition), Some((unit, hamlet))) = (read, place) else { return Ok(None) };
        // Where nobody was named at first, the petition's own id stands for who spoke.
        let identity = petition.facts.petitioner.unwrap_or(EventId(record.0));
        let facts = Facts { unit, hamlet, ..petition.facts };
        Ok(Some(Petition { index: row.index, identity, facts, receipts: row.receipts }))
    }

    /// Whether a post held in a time looks after the petition's place and may know who spoke.
    pub(super) fn may(&self, petition: &Petition, since: Date, today: Date) -> Result<(), Reason> {
        let Facts { unit, hamlet, sealed, .. } = &petition.facts;
        let mut why = Reason::no_post_fits();
        for post in self.directory.posts_held(&self.device.user, since, today) {
            let may = match sealed {
                Some(office) => may_open_sealed(post, office, self.directory, today),
                None => may_identify(post, unit, hamlet.as_ref(), self.directory, today),
            };
            match may {
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
        let most = if version.is_words() && pushed.locks.is_some() { MAX_WORDS_BYTES } else { MAX_BODY_BYTES };
        if version.body.len() > most || version.after.len() > MAX_AFTER {
            return refused(Reason::field_too_long("petitioner", version.body.len(), most));
        }
        if pushed.locks.is_none() && pushed.locked.len() != LOCKED_BYTES {
            return refused(Reason::key_unknown());
        }
        let Some(author) = store::author(self.tx, pushed.signed.device)? else {
            // A database put back from a copy learns of its author with the petition.
            return match store::record(self.tx, version.record)? {
                Some(_) => refused(Reason::not_its_signature()),
                None => Ok(IdentityAck::Waiting),
            };
        };
        let claim = IdentityClaim { tenant: self.tenant.id, device: author.id, version: &version };
        if !claim.verify(&author.key, &pushed.signed.signature) {
            return refused(Reason::not_its_signature());
        }
        if let Some(known) = store::version(self.tx, version.version)? {
            if known.version != version || known.device != author.index {
                return refused(Reason::version_taken());
            }
            // What is sealed stays so, and what is not does not become it.
            if known.is_sealed() != pushed.locks.is_some() {
                return refused(Reason::version_taken());
            }
            let petition = self.petition(version.record)?;
            let may = petition.is_some_and(|petition| self.may(&petition, since, today).is_ok());
            if let Some(locks) = &pushed.locks {
                if may {
                    self.add_locks(&version, locks)?;
                }
                return Ok(IdentityAck::Accepted);
            }
            // It may have been locked for a key that is there no more.
            if opens && (may || known.device == self.device.index) && known.locked != *pushed.locked {
                store::lock_version(self.tx, version.version, &pushed.locked)?;
            }
            return Ok(IdentityAck::Accepted);
        }
        if let Some(locks) = &pushed.locks {
            return self.take_sealed(pushed, &version, &author, locks, since);
        }
        if !opens {
            // Told the present key with this answer, the device locks it for that.
            return Ok(IdentityAck::Waiting);
        }
        if store::erased(self.tx, version.identity)?.is_some() {
            return Ok(IdentityAck::Erased);
        }
        let Some(petition) = self.petition(version.record)? else { return Ok(IdentityAck::Waiting) };
        if petition.identity != version.identity || petition.facts.sealed.is_some() {
            return refused(Reason::other_identity());
        }
        // Who logged the petition may say who raised it, whatever has become of the post since.
        if !(petition.is_by(self.device.index) && author.index == self.device.index)
            && let Err(why) = self.may(&petition, since, today)
        {
            return refused(why);
        }
        if store::versions_of(self.tx, petition.index)?.len() >= MAX_VERSIONS {
            return refused(Reason::too_many_events());
        }
        self.keep(&petition, pushed, version, &author)?;
        Ok(IdentityAck::Accepted)
    }

    pub(super) fn keep(
        &self,
        petition: &Petition,
        pushed: &PushedIdentity,
        version: Version,
        author: &Device,
    ) -> Result<(), ServerError> {
        let stored = StoredVersion {
            version,
            device: author.index,
            signature: *pushed.signed.signature,
            locked: pushed.locked.to_vec(),
        };
        // Of a sealed one the hour would tell whose device brought it.
        let zone = self.directory.zone();
        let received = if petition.facts.sealed.is_some() { begin_of_day(self.now, zone) } else { self.now };
        store::add_version(self.tx, petition.index, &stored, received.as_millisecond())
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
        if !self.holds(ask.record)? {
            return Ok(Err(Reason::not_for_you()));
        }
        let Some(petition) = self.petition(ask.record)? else { return Ok(Err(Reason::not_for_you())) };
        if store::erased(self.tx, petition.identity)?.is_some() {
            return Ok(Err(Reason::person_erased()));
        }
        Ok(self.may(&petition, today, today).map(|()| petition.index))
    }
}

impl Desk<'_> {
    /// Whether the device may hold a record.
    pub(super) fn holds(&self, record: RecordId) -> Result<bool, ServerError> {
        let Some(row) = store::record(self.tx, record)? else { return Ok(false) };
        let names: Vec<String> = self.device.feeds.lines().map(str::to_owned).collect();
        let feeds: Vec<i64> = store::digests(self.tx, &names)?.into_iter().map(|(index, ..)| index).collect();
        store::is_member_of_any(self.tx, row.index, &feeds)
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
