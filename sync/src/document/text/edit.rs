//! A change inside the minutes, and where it belongs in a text that others have changed meanwhile.

use std::collections::HashMap;
use std::rc::Rc;

use automerge::transaction::{Transactable, Transaction};
use automerge::{ActorId, ChangeMetadata, Cursor, ObjId, ROOT, ReadDoc};
use serde::{Deserialize, Serialize};

use super::letter::{Letter, Run, cursor};
use super::seen::{letters, letters_put, object};
use crate::document::change::{Document, DocumentError};
use crate::document::keys::event_key;

/// Letters that go, and what comes in their place. Named by letters, not by numbers: what others write before, behind or
/// inside it moves nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextEdit {
    /// The letter before it; none at the beginning of the text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<Letter>,
    /// The letter behind it; none at its end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Letter>,
    /// The letters that go.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gone: Vec<Run>,
    /// What they say: for people, and to be sure of them.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub old: String,
    /// What comes in their place.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
    /// It adds whole lines: one neighbour is enough to place it, for it continues nobody's sentence.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub apart: bool,
}

/// Why an edit cannot be placed.
#[derive(Debug, thiserror::Error)]
pub enum Unplaced {
    /// It stands on letters that never came into this document.
    #[error("the passage is not in the minutes")]
    NotThere,
    /// The document cannot be read.
    #[error(transparent)]
    Document(#[from] DocumentError),
}

/// Edits as places of one document, counted in code points of it as it reads before any of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Placed {
    /// What comes, in the order of the edits: a letter is known by its number among those of its change.
    inserts: Vec<(usize, String)>,
    /// What goes, ascending, each once.
    gone: Vec<usize>,
}

impl Placed {
    /// Whether the text reads so already.
    pub fn is_nothing(&self) -> bool {
        self.inserts.is_empty() && self.gone.is_empty()
    }
}

/// Finds the places of edits. All are placed, or none. A letter that somebody else has taken away is where it was; one that
/// somebody else has put between stays.
pub fn place(document: &Document, edits: &[TextEdit]) -> Result<Placed, Unplaced> {
    let mut here = Here::read(document)?;
    let mut placed = Placed::default();
    for edit in edits {
        let gone = here.gone(edit).ok_or(Unplaced::NotThere)?;
        if !edit.text.is_empty() {
            let at = here.gap(edit).ok_or(Unplaced::NotThere)?;
            placed.inserts.push((at, edit.text.clone()));
        }
        placed.gone.extend(gone);
    }
    placed.gone.sort_unstable();
    placed.gone.dedup();
    Ok(placed)
}

/// Writes what was placed, on the document it was placed in.
pub fn put_edits(tx: &mut Transaction<'_>, placed: &Placed) -> Result<(), DocumentError> {
    let minutes = object(tx)?;
    let mut come: Vec<(usize, usize)> = Vec::new();
    let moved = |come: &[(usize, usize)], at: usize| -> usize {
        at + come.iter().filter(|(before, _)| *before <= at).map(|(_, width)| width).sum::<usize>()
    };
    for (at, text) in &placed.inserts {
        tx.splice_text(&minutes, moved(&come, *at), 0, text)?;
        come.push((*at, text.chars().count()));
    }
    // From the end, so that what is still to go has not moved.
    for at in placed.gone.iter().rev() {
        tx.splice_text(&minutes, moved(&come, *at), 1, "")?;
    }
    Ok(())
}

/// A letter of the document: its operation, and what it says.
type Known = (u64, ActorId, char);

/// A document whose letters are looked up.
struct Here<'a> {
    document: &'a Document,
    minutes: ObjId,
    changes: Vec<ChangeMetadata<'a>>,
    /// Where each letter that can be read stands.
    places: HashMap<(u64, ActorId), usize>,
    /// The letters of the changes that were looked at.
    put: HashMap<automerge::ChangeHash, Rc<Vec<(u64, char)>>>,
}

impl<'a> Here<'a> {
    fn read(document: &'a Document) -> Result<Self, DocumentError> {
        let place = |(at, (id, _)): (usize, (ObjId, char))| match id {
            ObjId::Id(counter, actor, _) => Some(((counter, actor), at)),
            ObjId::Root => None,
        };
        Ok(Self {
            document,
            minutes: object(&document.doc)?,
            changes: document.doc.get_changes_meta(&[]),
            places: letters(document)?.into_iter().enumerate().filter_map(place).collect(),
            put: HashMap::new(),
        })
    }

    /// The places of the letters that go, as far as they are still there. None when one of them never came.
    fn gone(&mut self, edit: &TextEdit) -> Option<Vec<usize>> {
        let mut gone = Vec::new();
        let mut old = edit.old.chars();
        for letter in edit.gone.iter().flat_map(Run::letters) {
            let (counter, actor, says) = self.known(&letter)?;
            // A stream that an older copy of the device's folder wrote again may have another letter there.
            if old.next() != Some(says) {
                return None;
            }
            gone.extend(self.places.get(&(counter, actor)));
        }
        old.next().is_none().then_some(gone)
    }

    /// Where new text belongs.
    fn gap(&mut self, edit: &TextEdit) -> Option<usize> {
        let left = edit.after.as_ref().map(|letter| self.place(letter).map(|(at, width)| at + width));
        let right = edit.before.as_ref().map(|letter| self.place(letter).map(|(at, _)| at));
        let replaced = edit.gone.first().and_then(|run| self.place(&run.first)).map(|(at, _)| at);
        match (left, right) {
            (Some(Some(at)), None | Some(Some(_))) | (None, Some(Some(at))) => Some(at),
            (None, None) => Some(replaced.unwrap_or(self.places.len())),
            // A neighbour never came. What replaces letters stands where they were; whole lines may stand by the other
            // neighbour; part of a sentence that is not there would make nonsense of what is.
            (Some(Some(at)), Some(None)) | (Some(None), Some(Some(at))) => replaced.or(Some(at).filter(|_| edit.apart)),
            (Some(None), None) => replaced.or(Some(self.places.len()).filter(|_| edit.apart)),
            (None, Some(None)) => replaced.or(Some(0).filter(|_| edit.apart)),
            (Some(None), Some(None)) => replaced,
        }
    }

    /// Where a letter stands, or stood, and how much room it takes. None when it never came.
    fn place(&mut self, letter: &Letter) -> Option<(usize, usize)> {
        let (counter, actor, _) = self.known(letter)?;
        let cursor = cursor(counter, &actor)?;
        if let Some(at) = self.places.get(&(counter, actor)) {
            return Some((*at, 1));
        }
        // Nowhere before a letter that can be read: at the end.
        Some((self.was(&cursor).unwrap_or(self.places.len()), 0))
    }

    /// Where a letter was that cannot be read any more. Asked of what is newest, a debug build of Automerge 0.12 stops where
    /// nothing readable follows; so a copy goes one step on, and is asked of what was before.
    fn was(&self, cursor: &Cursor) -> Result<usize, DocumentError> {
        let mut copy = self.document.doc.clone();
        let heads = copy.get_heads();
        let mut tx = copy.transaction();
        tx.put(ROOT, "step", 1)?;
        tx.commit();
        Ok(copy.get_cursor_position(&self.minutes, cursor, Some(&heads))?)
    }

    /// A letter's operation, whether or not the letter can still be read.
    fn known(&mut self, letter: &Letter) -> Option<Known> {
        match letter {
            Letter::At { counter, actor } => {
                let holds =
                    |c: &&ChangeMetadata<'_>| c.actor.as_ref() == actor && (c.start_op..=c.max_op).contains(counter);
                let hash = self.changes.iter().find(holds)?.hash;
                let put = self.put(hash)?;
                let found = put.binary_search_by_key(counter, |(at, _)| *at).ok()?;
                Some((*counter, actor.clone(), put[found].1))
            }
            Letter::Of { change, nth } => {
                let name = event_key(*change);
                let found = self.changes.iter().find(|c| c.message.as_deref() == Some(name.as_str()))?;
                let (hash, actor) = (found.hash, found.actor.clone().into_owned());
                let (counter, says) = *self.put(hash)?.get(usize::try_from(*nth).ok()?)?;
                Some((counter, actor, says))
            }
        }
    }

    fn put(&mut self, hash: automerge::ChangeHash) -> Option<Rc<Vec<(u64, char)>>> {
        if let Some(put) = self.put.get(&hash) {
            return Some(put.clone());
        }
        let put = Rc::new(letters_put(&self.document.doc.get_change_by_hash(&hash)?));
        self.put.insert(hash, put.clone());
        Some(put)
    }
}
