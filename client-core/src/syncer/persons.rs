//! Who spoke, on its way: what was written down goes up locked for the tenant, what was asked comes down locked for this
//! device.

use std::collections::HashSet;

use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};
use rusqlite::Transaction;
use sync::id::{DeviceId, EventId, RecordId};
use sync::identity::IdentityClaim;
use sync::model::directory::Directory;
use sync::recovery::RecoveryKey;
use sync::sealed as seal;
use sync::signed::ErasedClaim;
use sync::wire::{
    Erased, GivenVersion, IdentityAck, IdentityAnswer, MAX_IDENTITIES, MAX_WORDS_IN_RESPONSE, PushedIdentity, Relock,
    SignedVersion, SyncRequest,
};

use super::error::SyncError;
use super::report::SyncReport;
use super::sealed;
use crate::replica::{DeviceKeys, Identity, Replica, ReplicaError};
use crate::store::identities::{self, Held, State};
use crate::store::{device, erased, meta, record, unopenable};

/// About so much of it goes up in one request.
const MOST_BYTES: usize = 1024 * 1024;

/// What one request has said of persons; its answers come in the same order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Encode, Decode)]
pub(super) struct Said {
    /// Versions that it brought.
    #[n(0)]
    pub pushed: Vec<EventId>,
    /// What it told of having been looked up.
    #[n(1)]
    pub looked: Vec<EventId>,
    /// Of which petitions it asked.
    #[n(2)]
    pub asked: Vec<RecordId>,
    /// Of which sealed petitions it asked for the words.
    #[n(3)]
    pub words: Option<Vec<RecordId>>,
    /// Which versions it opened for whom.
    #[n(4)]
    pub reopened: Option<Vec<(EventId, DeviceId)>>,
    /// Which versions it said it cannot open.
    #[n(5)]
    pub unopenable: Option<Vec<EventId>>,
    /// The questions' own ids, in the order of `asked`.
    #[n(6)]
    pub questions: Option<Vec<Option<EventId>>>,
}

impl Said {
    /// Whether it has said nothing.
    pub(super) fn is_empty(&self) -> bool {
        self.pushed.is_empty()
            && self.looked.is_empty()
            && self.asked.is_empty()
            && self.words.is_none()
            && self.reopened.is_none()
            && self.unopenable.is_none()
    }

    /// What it asked, with the questions' ids where they are known.
    fn questions(&self) -> impl Iterator<Item = Question> {
        let ids = self.questions.iter().flatten().copied().chain(std::iter::repeat(None));
        self.asked.iter().copied().zip(ids)
    }
}

/// The words that one response has brought.
#[derive(Debug, Default)]
pub(super) struct GivenWords {
    pub records: Vec<RecordId>,
    pub bytes: usize,
}

/// A question who raised a petition: asked once more, for another purpose, it is another.
type Question = (RecordId, Option<EventId>);

/// What was said and asked in one sync: not again.
#[derive(Debug, Default)]
pub(super) struct SoFar {
    said: HashSet<EventId>,
    asked: HashSet<Question>,
    /// Sealed petitions whose words were asked for.
    pub words: HashSet<RecordId>,
}

impl SoFar {
    /// One request has been answered. `other_keys`: what was locked for a key that is there no more is locked again.
    pub(super) fn answered(
        &mut self,
        replica: &Replica,
        said: &Said,
        given: &GivenWords,
        other_keys: bool,
    ) -> Result<(), ReplicaError> {
        self.said.extend(&said.looked);
        if !other_keys && !said.pushed.is_empty() {
            // What was refused is said again when its author sends it again.
            let pending = identities::pending(&replica.connection)?;
            let waits = |id: &&EventId| pending.iter().any(|held| held.version.version == **id);
            self.said.extend(said.pushed.iter().filter(waits));
        }
        self.asked.extend(said.questions());
        // Where the response was full, the rest is asked for again.
        match given.bytes >= MAX_WORDS_IN_RESPONSE {
            true => self.words.extend(&given.records),
            false => self.words.extend(said.words.iter().flatten()),
        }
        // What this device has opened for others may have been for itself.
        if said.reopened.is_some() {
            self.words.clear();
        }
        Ok(())
    }

    /// What was said may be taken now.
    pub(super) fn say_again(&mut self) {
        self.said.clear();
    }
}

/// Puts into a request what is to be said that was not said in this sync.
pub(super) fn fill_in(
    replica: &Replica,
    request: &mut SyncRequest,
    so_far: &SoFar,
    rng: &mut dyn FnMut(&mut [u8]),
) -> Result<Said, ReplicaError> {
    let connection = &replica.connection;
    let mut now = Said::default();
    // Without the tenant's key nothing can be locked: a server of before has none, and is told nothing.
    let Some(keys) = meta::tenant_keys(connection)? else { return Ok(now) };
    let (mut pushed, mut bytes) = (Vec::new(), 0);
    for held in identities::pending(connection)? {
        if so_far.said.contains(&held.version.version) || pushed.len() == MAX_IDENTITIES || bytes >= MOST_BYTES {
            continue;
        }
        if let Some(office) = &held.sealed {
            // Where nobody is known yet who could open it, it waits here.
            let Some(sealed) = sealed::push(replica, &held, office, &keys, rng)? else { continue };
            bytes += held.version.body.len();
            now.pushed.push(held.version.version);
            pushed.push(sealed);
            continue;
        }
        let claim = IdentityClaim { tenant: replica.identity.tenant, device: held.device, version: &held.version };
        let mut seed = [0; 32];
        rng(&mut seed);
        let locked = claim.lock(&held.key, &keys.identity, seed).ok_or(ReplicaError::Damaged("tenant_keys"))?;
        now.pushed.push(held.version.version);
        let signed = SignedVersion::new(&held.version, held.device, held.signature);
        pushed.push(PushedIdentity { signed, locked: ByteVec::from(locked), locks: None });
    }
    let looked = identities::looks(connection, MAX_IDENTITIES)?;
    let looked: Vec<_> = looked.into_iter().filter(|look| !so_far.said.contains(&look.id)).collect();
    now.looked = looked.iter().map(|look| look.id).collect();
    let asks = identities::asks(connection)?.into_iter().filter(|ask| !so_far.asked.contains(&(ask.record, ask.id)));
    let asks: Vec<_> = asks.take(MAX_IDENTITIES).collect();
    now.asked = asks.iter().map(|ask| ask.record).collect();
    now.questions = (!asks.is_empty()).then(|| asks.iter().map(|ask| ask.id).collect());
    sealed::fill_in(replica, request, &keys, &so_far.words, &mut now, rng)?;
    request.identities = (!pushed.is_empty()).then_some(pushed);
    request.looked = (!looked.is_empty()).then_some(looked);
    request.asks = (!asks.is_empty()).then_some(asks);
    Ok(now)
}

/// Whether something waits to be said that was not said in this sync.
pub(super) fn has_more(replica: &Replica, so_far: &SoFar) -> Result<bool, ReplicaError> {
    let Some(keys) = meta::tenant_keys(&replica.connection)? else { return Ok(false) };
    let connection = &replica.connection;
    let pending = identities::pending(connection)?;
    let asks = identities::asks(connection)?;
    let mut to_be_said = Vec::new();
    for held in pending.iter().filter(|held| !so_far.said.contains(&held.version.version)) {
        to_be_said.push(match &held.sealed {
            Some(office) => sealed::can_go(replica, office, &keys),
            None => true,
        });
    }
    let looks = identities::looks(connection, usize::MAX)?;
    Ok(to_be_said.contains(&true)
        || looks.iter().any(|look| !so_far.said.contains(&look.id))
        || asks.iter().any(|ask| !so_far.asked.contains(&(ask.record, ask.id)))
        || sealed::has_more(replica, &so_far.words)?)
}

/// What the server answers in its last frame.
pub(super) struct Answers {
    pub acks: Vec<IdentityAck>,
    pub given: Vec<IdentityAnswer>,
    pub words: Vec<GivenVersion>,
    pub relock: Vec<Relock>,
}

/// Takes it in. `recovery`: the recovery key, where it is at hand.
pub(super) fn take(
    tx: &Transaction<'_>,
    reader: &Reader<'_>,
    said: &Said,
    answers: Answers,
    counts: &mut SyncReport,
) -> Result<(), ReplicaError> {
    let Answers { acks, given: answers, words, relock } = answers;
    let me = reader.me;
    for (version, ack) in said.pushed.iter().zip(acks) {
        match ack {
            IdentityAck::Accepted => counts.persons += u64::from(identities::arrived(tx, *version)?),
            // That it is forgotten is told in the same frame.
            IdentityAck::Erased => {}
            IdentityAck::Waiting => {}
            IdentityAck::Refused(why) => {
                counts.refused += u64::from(identities::refuse(tx, me.device, *version, &why)?)
            }
        }
    }
    for look in &said.looked {
        identities::forget_look(tx, *look)?;
    }
    let question = |record| said.questions().find(|(asked, _)| *asked == record).and_then(|(_, id)| id);
    for answer in answers {
        match answer {
            IdentityAnswer::Denied { record, reason } => {
                identities::answered(tx, record, question(record), Some(&reason))?
            }
            IdentityAnswer::Given { record, versions } => {
                for given in versions {
                    if take_in(tx, reader, record, &given)? == TakenIn::Locked
                        && record::sealed_office(tx, record)?.is_some()
                    {
                        unopenable::put(tx, given.signed.version)?;
                    }
                }
                identities::answered(tx, record, question(record), None)?;
            }
        }
    }
    sealed::take(tx, reader, said, &words, &relock, counts)
}

/// Forgets a person, or lets go of a petition's words, if it is the server that says so.
pub(super) fn forget(tx: &Transaction<'_>, me: &Identity, erased: &Erased) -> Result<(), SyncError> {
    let Erased { person, at, generation, .. } = *erased;
    let claim = ErasedClaim { tenant: me.tenant, person, generation, at };
    if !claim.verify(&me.receipt_key, &erased.signature) {
        return Err(SyncError::Receipt);
    }
    Ok(erased::put(tx, erased)?)
}

/// Who reads what comes.
pub(super) struct Reader<'a> {
    pub me: &'a Identity,
    pub keys: &'a DeviceKeys,
    pub directory: &'a Directory,
    /// The recovery key, where it is at hand.
    pub recovery: Option<&'a RecoveryKey>,
}

impl Reader<'_> {
    /// Opens what was sealed for this device.
    pub(super) fn open(&self, purpose: &[u8], beside: &[u8], locked: &[u8]) -> Option<Vec<u8>> {
        seal::open(&self.keys.receiving.to_bytes(), purpose, beside, locked)
    }
}

/// What became of a version that was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TakenIn {
    /// It lies here.
    Kept,
    /// Its key is not locked for this device.
    Locked,
    /// It is not what it says it is.
    Unsound,
}

/// Keeps a version that is what it says it is; one that is not is passed over.
pub(super) fn take_in(
    tx: &Transaction<'_>,
    reader: &Reader<'_>,
    record: RecordId,
    given: &GivenVersion,
) -> Result<TakenIn, ReplicaError> {
    let Reader { me, keys, .. } = reader;
    let signed = &given.signed;
    let version = signed.version();
    let claim = IdentityClaim { tenant: me.tenant, device: signed.device, version: &version };
    let author = if signed.device == me.device { Some(keys.signing_public()) } else { device::key(tx, signed.device)? };
    // Of an author who has written nothing else that came here only the server knows the key.
    let signed_well = author.is_none_or(|key| claim.verify(&key, &signed.signature));
    let open = |purpose: &[u8], beside: &[u8], locked: &[u8]| reader.open(purpose, beside, locked);
    let Some(key) = claim.unlock(&given.locked, open) else { return Ok(TakenIn::Locked) };
    let sealed = record::sealed_office(tx, record)?;
    let opens = match (&sealed, version.is_words()) {
        (Some(_), true) => claim.open_words(&key).is_some(),
        _ => claim.open(&key).is_some(),
    };
    // Words are the creator's, whose key came with the petition.
    let by_creator = || Ok::<_, ReplicaError>(author.is_some() && record::creator(tx, record)? == Some(signed.device));
    let whose = !(sealed.is_some() && version.is_words()) || by_creator()?;
    if version.record != record || !signed_well || !opens || !whose {
        return Ok(TakenIn::Unsound);
    }
    let user = given.user.as_str().into();
    let signature = *signed.signature;
    let held =
        Held { version: version.clone(), device: signed.device, user, signature, key, state: State::There, sealed };
    identities::put(tx, &held)?;
    Ok(TakenIn::Kept)
}
