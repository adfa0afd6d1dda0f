//! Who spoke: written down beside a petition, never inside it, and read for a purpose that is written down too.

mod error;
mod left;
mod listed;
mod refused;
mod sealed;
mod whole;

use ed25519_dalek::SigningKey;
use jiff::Timestamp;
use rusqlite::Transaction;
use sync::id::{DeviceId, EventId, OfficeId, RecordId, TenantId, UserId};
use sync::identity::{DataKey, IdentityClaim, MAX_NOTE_BYTES, Person, Purpose, Version, Words};
use sync::model::time::local_date;
use sync::scope::{may_identify, may_open_sealed};
use sync::wire::{IdentityAsk, Looked};

use crate::command::{Command, CommandError, Done};
use crate::outbox::WhyNot;
use crate::replica::{DeviceKeys, Identity, Replica, ReplicaError};
use crate::store::erased;
use crate::store::identities::{self, Held, State};
use crate::view::{ViewError, read_petition};
pub use error::IdentityError;
pub use listed::Listed;
pub use refused::RefusedPerson;
pub use sealed::{Entrusted, NewSealed};
pub use whole::{Kept, Whole};

/// Chance for one version, from the system's secure source; used for nothing else.
#[derive(Clone)]
pub struct Chance {
    /// The version's id: UUIDv7.
    pub version: EventId,
    /// Its key.
    pub key: [u8; 32],
    /// Its nonce.
    pub nonce: [u8; 24],
}

impl std::fmt::Debug for Chance {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Chance")
    }
}

/// What somebody wants to know who spoke for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// What for.
    pub purpose: Purpose,
    /// Beside it: the number of a paper.
    pub note: Option<String>,
}

impl Reading {
    /// With a note that is not longer than it may be.
    pub fn new(purpose: Purpose, note: Option<String>) -> Result<Self, IdentityError> {
        let note = note.map(|n| n.trim().to_owned()).filter(|n| !n.is_empty());
        match &note {
            Some(note) if note.len() > MAX_NOTE_BYTES => Err(IdentityError::NoteTooLong),
            None if purpose == Purpose::Authority => Err(IdentityError::NamePaper),
            _ => Ok(Self { purpose, note }),
        }
    }

    fn of(&self, record: RecordId, id: Option<EventId>) -> IdentityAsk {
        IdentityAsk { record, purpose: self.purpose.to_string(), note: self.note.clone(), id }
    }
}

/// One version, opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// Its id.
    pub version: EventId,
    /// Who spoke.
    pub person: Person,
    /// When it was written down, milliseconds since 1970.
    pub at: i64,
    /// By which user, by id.
    pub user: String,
    /// The server does not have it yet.
    pub pending: bool,
    /// Of a sealed petition: whether the device that it says has heard it has signed that; none where its key is not known.
    pub checked: Option<bool>,
}

/// Who raised a petition, as far as it is known here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Who {
    /// The person's id.
    pub identity: EventId,
    /// Somebody has written down who it was.
    pub named: bool,
    /// The petition is sealed.
    pub sealed: bool,
    /// What holds now, latest first; more than one where it was written down apart, and nobody has decided.
    pub present: Vec<Known>,
    /// How many versions are here that were replaced.
    pub replaced: usize,
    /// Why the server did not say.
    pub denied: Option<WhyNot>,
    /// When the person was forgotten, milliseconds since 1970.
    pub erased: Option<i64>,
}

/// Which id a petition's person has, and whether one of the user's posts may know it today.
struct Asked {
    identity: EventId,
    named: bool,
    allowed: bool,
    /// The office that is entrusted with it, where it is sealed.
    sealed: Option<OfficeId>,
}

impl Replica {
    /// Logs a petition together with who raised it; `command` names the person by `petitioner`.
    pub fn log_with_person(
        &mut self,
        command: Command,
        person: Person,
        chance: &Chance,
        now: Timestamp,
    ) -> Result<Done, IdentityError> {
        let person = person.tidied()?;
        let Command::LogPetition { record, facts, .. } = &command else { return Err(IdentityError::NoPetition) };
        let identity = facts.petitioner.ok_or(IdentityError::NoPetition)?;
        let blank = blank(*record, identity, Vec::new(), chance, now);
        let (person, chance) = (person.clone(), chance.clone());
        let beside = move |tx: &Transaction<'_>, me: &Identity, keys: &DeviceKeys| {
            keep(tx, &Writer::of(me, keys), None, blank, &Told::Person(Box::new(person)), &chance)
        };
        Ok(self.execute_with(command, now, |_| Ok(()), beside)?)
    }

    /// Writes down who raised a petition, or puts it right: what is known here of before is replaced.
    pub fn identify(
        &mut self,
        record: RecordId,
        person: Person,
        chance: &Chance,
        now: Timestamp,
    ) -> Result<(), IdentityError> {
        let person = person.tidied()?;
        let asked = self.asked(record, now)?;
        if !asked.allowed {
            return Err(IdentityError::NotYours);
        }
        if erased::at(&self.connection, asked.identity)?.is_some() {
            return Err(IdentityError::Erased);
        }
        let known = self.persons_of(record)?;
        let heads = present(&known);
        let after = heads.iter().map(|held| held.version.version).collect();
        if asked.sealed.is_some() && heads.is_empty() {
            return Err(IdentityError::LookFirst);
        }
        // Where a sealed petition was heard is known from whoever logged it, and stays.
        let origins = heads.iter().map(|head| Ok(self.known(head)?.person.origin));
        let origins = origins.collect::<Result<Vec<_>, IdentityError>>()?;
        let origin = if asked.sealed.is_some() { origins.into_iter().flatten().next() } else { None };
        let person = Person { origin, ..person };
        let blank = blank(record, asked.identity, after, chance, now);
        let tx = self.connection.transaction().map_err(ReplicaError::from)?;
        let writer = Writer::of(&self.identity, &self.keys);
        keep(&tx, &writer, asked.sealed.as_ref(), blank, &Told::Person(Box::new(person)), chance)?;
        tx.commit().map_err(ReplicaError::from)?;
        Ok(())
    }

    /// Who raised a petition, as it lies on this device. None: the user may not know it. That it was looked up is kept
    /// before it is shown, under the id `look`.
    pub fn look(
        &mut self,
        record: RecordId,
        reading: &Reading,
        look: EventId,
        now: Timestamp,
    ) -> Result<Option<Who>, IdentityError> {
        let asked = self.asked(record, now)?;
        if !asked.allowed {
            return Ok(None);
        }
        let held = self.persons_of(record)?;
        let heads = present(&held);
        let known = heads.iter().map(|held| self.known(held)).collect::<Result<Vec<_>, _>>()?;
        if !known.is_empty() {
            let tx = self.connection.transaction().map_err(ReplicaError::from)?;
            let looked = Looked { id: look, ask: reading.of(record, None), at: now.as_millisecond() };
            identities::put_look(&tx, &looked)?;
            tx.commit().map_err(ReplicaError::from)?;
        }
        Ok(Some(Who {
            identity: asked.identity,
            named: asked.named || !held.is_empty(),
            sealed: asked.sealed.is_some(),
            replaced: held.len() - known.len(),
            present: known,
            denied: identities::denied(&self.connection, record)?,
            erased: erased::at(&self.connection, asked.identity)?,
        }))
    }

    /// Has the server asked, with the next sync, who raised a petition; `id`: the question's own.
    pub fn ask_who(&mut self, record: RecordId, reading: &Reading, id: EventId) -> Result<(), IdentityError> {
        let tx = self.connection.transaction().map_err(ReplicaError::from)?;
        identities::ask(&tx, &reading.of(record, Some(id)))?;
        tx.commit().map_err(ReplicaError::from)?;
        Ok(())
    }

    /// Why the server has not said who raised a petition; none when it has, or was not asked.
    pub fn who_denied(&self, record: RecordId) -> Result<Option<WhyNot>, IdentityError> {
        Ok(identities::denied(&self.connection, record)?)
    }

    /// Whether a version of who raised a petition lies here under this id.
    pub(crate) fn has_version(&self, record: RecordId, version: EventId) -> Result<bool, ReplicaError> {
        Ok(self.persons_of(record)?.iter().any(|held| held.version.version == version))
    }

    fn known(&self, held: &Held) -> Result<Known, IdentityError> {
        let Held { version, device, user, key, state, .. } = held;
        let claim = IdentityClaim { tenant: self.identity.tenant, device: *device, version };
        let person = claim.open(key).ok_or(ReplicaError::Damaged("identity"))?;
        let (at, pending) = (version.at, *state != State::There);
        let checked = match &person.origin {
            Some(origin) => self.checked(version.record, origin)?,
            None => None,
        };
        Ok(Known { version: version.version, person, at, user: user.to_string(), pending, checked })
    }

    /// What is written down here of who raised a petition.
    fn persons_of(&self, record: RecordId) -> Result<Vec<Held>, ReplicaError> {
        let mut held = identities::of(&self.connection, record)?;
        held.retain(|held| !held.is_words());
        Ok(held)
    }

    fn asked(&self, record: RecordId, now: Timestamp) -> Result<Asked, ViewError> {
        let petition = read_petition(self, record, now)?;
        let place = &petition.folded.last().now;
        let directory = self.directory();
        let today = local_date(now, directory.zone());
        let facts = &petition.record.facts;
        let may = |post| match &facts.sealed {
            Some(office) => may_open_sealed(post, office, directory, today).is_ok(),
            None => may_identify(post, &place.unit, place.hamlet.as_ref(), directory, today).is_ok(),
        };
        let petitioner = facts.petitioner;
        Ok(Asked {
            // Where nobody was named at first, the petition's own id stands for who spoke.
            identity: petitioner.unwrap_or(EventId(record.0)),
            named: petitioner.is_some(),
            allowed: directory.posts_of(&self.identity.user, today).into_iter().any(may),
            sealed: facts.sealed.clone(),
        })
    }
}

/// A version that says nothing yet.
fn blank(record: RecordId, identity: EventId, mut after: Vec<EventId>, chance: &Chance, now: Timestamp) -> Version {
    after.sort_unstable();
    Version { version: chance.version, identity, record, after, at: now.as_millisecond(), body: Vec::new() }
}

/// Under whose name a version is written: the user's, or a pseudonym.
struct Writer<'a> {
    tenant: TenantId,
    device: DeviceId,
    user: UserId,
    signing: &'a SigningKey,
}

impl<'a> Writer<'a> {
    fn of(me: &Identity, keys: &'a DeviceKeys) -> Self {
        Self { tenant: me.tenant, device: me.device, user: me.user.clone(), signing: &keys.signing }
    }
}

/// What a version says.
enum Told {
    Person(Box<Person>),
    Words(Words),
}

/// Encrypts, signs and keeps a version; `sealed`: the office that is entrusted with its petition.
fn keep(
    tx: &Transaction<'_>,
    writer: &Writer<'_>,
    sealed: Option<&OfficeId>,
    mut version: Version,
    told: &Told,
    chance: &Chance,
) -> Result<(), CommandError> {
    let key = DataKey(chance.key);
    let Writer { tenant, device, user, signing } = writer;
    let (tenant, device) = (*tenant, *device);
    let claim = IdentityClaim { tenant, device, version: &version };
    let body = match told {
        Told::Person(person) => claim.seal(person, &key, chance.nonce),
        Told::Words(words) => claim.seal_words(words, &key, chance.nonce),
    };
    version.body = body.ok_or(ReplicaError::Damaged("identity"))?;
    let signature = IdentityClaim { tenant, device, version: &version }.sign(signing);
    let sealed = sealed.cloned();
    let held = Held { version, device, user: user.clone(), signature, key, state: State::Pending, sealed };
    Ok(identities::put(tx, &held)?)
}

/// Those that no other replaces, latest first.
fn present(held: &[Held]) -> Vec<&Held> {
    let replaced = |id: &EventId| held.iter().any(|other| other.version.after.contains(id));
    let mut heads: Vec<&Held> = held.iter().filter(|held| !replaced(&held.version.version)).collect();
    heads.sort_by_key(|held| std::cmp::Reverse((held.version.at, held.version.version)));
    heads
}
