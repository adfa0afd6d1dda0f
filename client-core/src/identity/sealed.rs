//! Logging a sealed petition: under a pseudonym, its words and who spoke apart from it, for those alone who are entrusted.

use ed25519_dalek::SigningKey;
use jiff::Timestamp;
use minicbor::bytes::ByteArray;
use rusqlite::Transaction;
use sync::id::{EventId, OfficeId, PostId, RecordId, UnitId};
use sync::identity::{Origin, OriginClaim, Person, Words};
use sync::model::directory::Post;
use sync::model::petition::Facts;
use sync::model::time::local_date;
use sync::pseudonym::device_of_secret;
use sync::scope::{may_log_sealed, may_open_sealed, sealed_handlers, sealed_office};
use sync::wire::HandlerKey;

use super::{Chance, IdentityError, Told, Writer, blank, keep};
use crate::command::{Command, CommandError, Done};
use crate::replica::{DeviceKeys, Identity, Replica, ReplicaError};
use crate::store::{device, meta, pseudonyms, words};

/// A sealed petition as it was told.
#[derive(Clone)]
pub struct NewSealed {
    /// A new id: of its time only the day may be read from it.
    pub record: RecordId,
    /// What may be said openly: kind, category, commune, channel, urgency, the day, the person's id, the office.
    pub facts: Facts,
    /// What was said.
    pub words: Words,
    /// Who spoke; nobody where it was not told.
    pub person: Person,
    /// Where.
    pub hamlet: Option<UnitId>,
    /// In which session.
    pub session: Option<RecordId>,
    /// When.
    pub at: Timestamp,
    /// In which post it is logged.
    pub post: PostId,
    /// For the words, and for who spoke.
    pub chance: [Chance; 2],
    /// The secret key of its pseudonym, from the system's secure source.
    pub pseudonym: [u8; 32],
}

/// Who can open what is sealed now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entrusted {
    /// The office.
    pub office: OfficeId,
    /// Somebody holds that post.
    pub held: bool,
    /// How many of their devices are known here.
    pub devices: usize,
    /// The user is one of them.
    pub yours: bool,
}

impl Replica {
    /// The office that a commune's sealed petitions are entrusted to, and who can open them there. None: no office looks
    /// after the commune.
    pub fn entrusted(&self, unit: &UnitId, now: Timestamp) -> Result<Option<Entrusted>, IdentityError> {
        let directory = self.directory();
        let today = local_date(now, directory.zone());
        let Some(office) = sealed_office(unit, directory, today) else { return Ok(None) };
        let held = !sealed_handlers(&office, directory, today).is_empty();
        let keys = meta::tenant_keys(&self.connection)?;
        let offices = directory.current_offices(&office, today);
        let handlers = keys.as_ref().and_then(|keys| keys.handlers.as_deref()).unwrap_or_default();
        let devices = handlers.iter().filter(|handler| offices.contains(&handler.office)).count();
        let posts = directory.posts_of(&self.identity.user, today);
        let yours = posts.into_iter().any(|post| may_open_sealed(post, &office, directory, today).is_ok());
        Ok(Some(Entrusted { office, held, devices, yours }))
    }

    /// The devices that what is sealed here is locked for, as the server has told them.
    pub fn sealed_keys(&self) -> Result<Vec<HandlerKey>, IdentityError> {
        Ok(meta::tenant_keys(&self.connection)?.and_then(|keys| keys.handlers).unwrap_or_default())
    }

    /// The post to log a sealed petition in.
    pub fn post_for_sealed(
        &self,
        wanted: Option<&str>,
        unit: &UnitId,
        office: &OfficeId,
        now: Timestamp,
    ) -> Result<Post, CommandError> {
        let today = local_date(now, self.directory().zone());
        let may = |post: &Post| may_log_sealed(post, unit, office, self.directory(), today);
        // Which one it was is not said openly: the first will do.
        match self.choose_allowed(wanted, may, now) {
            Err(CommandError::SeveralPosts { fitting }) => {
                self.choose_allowed(fitting.first().map(String::as_str), may, now)
            }
            chosen => chosen,
        }
    }

    /// Whether the device that an origin names has signed it, where its key is known here.
    pub(super) fn checked(&self, record: RecordId, origin: &Origin) -> Result<Option<bool>, ReplicaError> {
        let key = if origin.device == self.identity.device {
            Some(self.keys.signing_public())
        } else {
            device::key(&self.connection, origin.device)?
        };
        let creator = self.receipts(record)?.created.map(|received| received.device);
        let (Some(key), Some(pseudonym)) = (key, creator) else { return Ok(None) };
        let claim = OriginClaim { tenant: self.identity.tenant, record, pseudonym, origin };
        Ok(Some(claim.verify(&key)))
    }

    /// Logs a sealed petition.
    pub fn log_sealed(&mut self, new: NewSealed, now: Timestamp) -> Result<Done, IdentityError> {
        let NewSealed { record, facts, words, person, hamlet, session, at, post, chance, pseudonym } = new;
        let words = words.checked()?;
        let office = facts.sealed.clone().ok_or(IdentityError::NoPetition)?;
        let identity = facts.petitioner.ok_or(IdentityError::NoPetition)?;
        let secret = SigningKey::from_bytes(&pseudonym);
        let me = &self.identity;
        let mut origin = Origin {
            hamlet,
            session,
            at: at.as_millisecond(),
            user: me.user.clone(),
            post,
            device: me.device,
            signature: ByteArray::from([0; 64]),
        };
        let claim = OriginClaim { tenant: me.tenant, record, pseudonym: device_of_secret(&secret), origin: &origin };
        origin.signature = ByteArray::from(claim.sign(&self.keys.signing));
        let person = Person { origin: Some(origin), ..person }.tidied()?;
        let [for_words, for_person] = chance;
        // Openly a version says the day, as its petition does.
        let day = facts.at;
        let said = blank(record, EventId(record.0), Vec::new(), &for_words, day);
        let who = blank(record, identity, Vec::new(), &for_person, day);
        let directory = self.directory.directory.clone();
        let key = secret.clone();
        let beside = move |tx: &Transaction<'_>, me: &Identity, _: &DeviceKeys| {
            let device = device_of_secret(&secret);
            let writer = Writer { tenant: me.tenant, device, user: "".into(), signing: &secret };
            keep(tx, &writer, Some(&office), said, &Told::Words(words), &for_words)?;
            keep(tx, &writer, Some(&office), who, &Told::Person(Box::new(person)), &for_person)?;
            Ok(words::came(tx, record, &directory)?)
        };
        let command = Command::LogPetition { record, facts, events: Vec::new() };
        Ok(self.execute_with(command, now, |tx| pseudonyms::put(tx, record, &key), beside)?)
    }
}
