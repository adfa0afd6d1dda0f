//! A record's document, and one change written to it.

use automerge::transaction::{CommitOptions, Transaction};
use automerge::{Automerge, AutomergeError, Change, LoadOptions, OnPartialLoad, ReadDoc, VerificationMode};

use super::genesis::{RecordKind, genesis_document, genesis_hash};
use super::keys::{event_key, read_event_key};
use crate::id::{ActorId, EventId, Hash};
use crate::reason::Reason;

/// Why a document cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum DocumentError {
    /// Automerge refuses.
    #[error("document: {0}")]
    Automerge(#[from] AutomergeError),
    /// Bytes that are no change.
    #[error("not a change")]
    NotAChange,
    /// No genesis step in its history.
    #[error("the document is of no known kind")]
    NoKind,
    /// A fact that must be there is not, or has no meaning.
    #[error("the record lacks a readable `{0}`")]
    Field(&'static str),
    /// Too deep or too odd to be written.
    #[error("cannot be written: {0}")]
    Write(&'static str),
}

impl DocumentError {
    /// For people. Automerge's own message may quote keys and values of the document: it stays out.
    pub fn reason(&self) -> Reason {
        match self {
            DocumentError::Automerge(_) => Reason::not_applicable(),
            DocumentError::NotAChange => Reason::not_a_change(),
            DocumentError::NoKind => Reason::no_kind(),
            DocumentError::Field(field) => Reason::fact_unreadable(field),
            DocumentError::Write(_) => Reason::not_writable(),
        }
    }
}

/// One change, as it will be signed and sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The whole uncompressed chunk.
    pub bytes: Vec<u8>,
    /// Its hash.
    pub hash: Hash,
    /// Its number in its actor's stream, from 1.
    pub seq: u64,
}

/// The name a change was written under; see [`Document::write_named`].
pub fn change_name(change: &Change) -> Option<EventId> {
    change.message().and_then(read_event_key)
}

/// A record's document.
#[derive(Debug, Clone)]
pub struct Document {
    pub(super) doc: Automerge,
}

impl Document {
    /// A new record of a kind.
    pub fn genesis(kind: RecordKind) -> Self {
        Self { doc: genesis_document(kind) }
    }

    /// Loads what [`Document::save`] wrote, with any number of changes behind it.
    pub fn load(bytes: &[u8]) -> Result<Self, DocumentError> {
        let options =
            LoadOptions::new().on_partial_load(OnPartialLoad::Error).verification_mode(VerificationMode::DontCheck);
        Ok(Self { doc: Automerge::load_with_options(bytes, options)? })
    }

    /// A snapshot, uncompressed: the frames and the disk compress better than it could.
    pub fn save(&self) -> Vec<u8> {
        self.doc.save_nocompress()
    }

    /// Its heads, sorted.
    pub fn heads(&self) -> Vec<Hash> {
        let mut heads: Vec<Hash> = self.doc.get_heads().into_iter().map(Hash::from).collect();
        heads.sort_unstable();
        heads
    }

    /// What it is, told by the genesis step in its history.
    pub fn kind(&self) -> Result<RecordKind, DocumentError> {
        let first = self.doc.get_changes_meta(&[]).into_iter().find_map(|c| genesis_hash(&c.hash.into()));
        first.ok_or(DocumentError::NoKind)
    }

    /// Whether a change is in its history.
    pub fn has(&self, hash: &Hash) -> bool {
        self.doc.get_change_meta_by_hash(&(*hash).into()).is_some()
    }

    /// A change of its history.
    pub fn change(&self, hash: &Hash) -> Option<Change> {
        self.doc.get_change_by_hash(&(*hash).into())
    }

    /// The names of the changes of its history that were written under one.
    pub fn change_names(&self) -> impl Iterator<Item = EventId> {
        let changes = self.doc.get_changes_meta(&[]).into_iter();
        changes.filter_map(|change| change.message.as_deref().and_then(read_event_key))
    }

    /// Takes in changes whose dependencies are all there.
    pub fn apply(&mut self, changes: impl IntoIterator<Item = Change>) -> Result<(), DocumentError> {
        let changes: Vec<Change> = changes.into_iter().collect();
        Ok(self.doc.apply_changes(changes)?)
    }

    /// Takes in one change by its bytes.
    pub fn apply_bytes(&mut self, bytes: &[u8]) -> Result<Hash, DocumentError> {
        let change = Change::try_from(bytes).map_err(|_| DocumentError::NotAChange)?;
        let hash = change.hash().into();
        self.apply([change])?;
        Ok(hash)
    }

    /// The document as it was at some heads.
    pub fn at(&self, heads: &[Hash]) -> Result<Self, DocumentError> {
        let heads: Vec<automerge::ChangeHash> = heads.iter().map(|h| (*h).into()).collect();
        Ok(Self { doc: self.doc.fork_at(&heads)? })
    }

    /// The greatest operation counter in its history.
    pub fn max_op(&self) -> u64 {
        self.doc.get_changes_meta(&[]).iter().map(|c| c.max_op).max().unwrap_or(0)
    }

    /// The last number an actor has used; 0 for one that has written nothing.
    pub fn last_seq(&self, actor: ActorId) -> u64 {
        let actor = actor.to_automerge();
        self.doc.get_changes_meta(&[]).iter().filter(|c| *c.actor == actor).map(|c| c.seq).max().unwrap_or(0)
    }

    /// Writes one change. The change carries no wall-clock time: events have their own.
    pub fn write(
        &mut self,
        actor: ActorId,
        write: impl FnOnce(&mut Transaction<'_>) -> Result<(), DocumentError>,
    ) -> Result<Written, DocumentError> {
        self.write_named(actor, None, write)
    }

    /// The same under a name, for what has no id of its own: letters of minutes. Run again it keeps its name, by which it
    /// is known to be the same.
    pub fn write_named(
        &mut self,
        actor: ActorId,
        name: Option<EventId>,
        write: impl FnOnce(&mut Transaction<'_>) -> Result<(), DocumentError>,
    ) -> Result<Written, DocumentError> {
        self.doc.set_actor(actor.to_automerge());
        let mut tx = self.doc.transaction();
        if let Err(e) = write(&mut tx) {
            tx.rollback();
            return Err(e);
        }
        let mut options = CommitOptions::default().with_time(0);
        if let Some(name) = name {
            options.set_message(event_key(name));
        }
        let (hash, _) = tx.commit_with(options);
        let hash = hash.ok_or(DocumentError::Write("nothing to write"))?;
        let change = self.doc.get_change_by_hash(&hash).ok_or(DocumentError::Write("the change is lost"))?;
        Ok(Written { bytes: change.raw_bytes().to_vec(), hash: hash.into(), seq: change.seq() })
    }

    /// The whole document as Automerge's own file, for people who bring their own tools.
    pub fn to_automerge_file(&self) -> Vec<u8> {
        self.doc.save()
    }

    /// Every change but the genesis, in an order in which each stands on those before it.
    pub fn changes(&self) -> Vec<Change> {
        self.doc.get_changes(&[]).into_iter().filter(|c| genesis_hash(&c.hash().into()).is_none()).collect()
    }
}
