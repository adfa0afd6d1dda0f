//! The minutes as somebody sees them: their text, and which letters it is made of.

use std::ops::Range;

use automerge::legacy::{ObjectId, OpType};
use automerge::{Change, ObjId, ROOT, ReadDoc, ScalarValue, ScalarValueRef, ValueRef};
use serde::{Deserialize, Serialize};

use super::edit::TextEdit;
use super::letter::{Letter, Run};
use crate::document::change::{Document, DocumentError, change_name};
use crate::id::{EventId, Hash};

/// A text with its letters. It can be kept while somebody writes: the letters stay what they are, whatever arrives.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    text: String,
    runs: Vec<Run>,
}

impl Seen {
    /// The whole text, as it is stored.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Puts `text` in the place of some letters, counted as Unicode code points; of none, between two.
    pub fn edit(&self, gone: Range<usize>, text: &str) -> TextEdit {
        let before = |end: usize| self.text.chars().nth(end.checked_sub(1)?);
        let (left, right) = (before(gone.start), self.text.chars().nth(gone.end));
        let line_begins = |c: Option<char>| c.is_none_or(|c| c == '\n');
        let behind = line_begins(left) && text.ends_with('\n');
        let ahead = line_begins(right) && text.starts_with('\n');
        TextEdit {
            after: gone.start.checked_sub(1).and_then(|at| self.letter(at)),
            before: self.letter(gone.end),
            old: self.text.chars().skip(gone.start).take(gone.len()).collect(),
            apart: gone.is_empty() && (behind || ahead),
            gone: self.runs(gone),
            text: text.to_owned(),
        }
    }

    fn letter(&self, at: usize) -> Option<Letter> {
        self.runs(at..at + 1).pop().map(|run| run.first)
    }

    fn runs(&self, wanted: Range<usize>) -> Vec<Run> {
        let (mut from, mut found) = (0, Vec::new());
        for run in &self.runs {
            let count = usize::try_from(run.count).unwrap_or(usize::MAX);
            let (start, end) = (wanted.start.max(from), wanted.end.min(from + count));
            if start < end {
                let first = run.first.later((start - from) as u64);
                found.push(Run { first, count: (end - start) as u64 });
            }
            from += count;
        }
        found
    }

    fn push(&mut self, letter: Letter, shown: char) {
        self.text.push(shown);
        match self.runs.last_mut() {
            Some(run) if run.first.later(run.count) == letter => run.count += 1,
            _ => self.runs.push(Run { first: letter, count: 1 }),
        }
    }
}

/// Reads the minutes of a session. `unsent`: changes in the document that the server has not taken. Their letters go by the
/// change's name, for a change that must be written again has other operations.
pub fn seen(document: &Document, unsent: &[Hash]) -> Result<Seen, DocumentError> {
    let own: Vec<Own> = unsent.iter().filter_map(|hash| own(document, hash)).collect();
    let mut seen = Seen { text: String::new(), runs: Vec::new() };
    for (id, letter) in letters(document)? {
        seen.push(name(id, &own)?, letter);
    }
    Ok(seen)
}

/// An unsent change with a name, and the numbers of the operations that put letters in.
struct Own {
    name: EventId,
    actor: automerge::ActorId,
    counters: Vec<u64>,
}

fn own(document: &Document, hash: &Hash) -> Option<Own> {
    let change = document.doc.get_change_by_hash(&(*hash).into())?;
    let counters = letters_put(&change).into_iter().map(|(counter, _)| counter).collect();
    Some(Own { name: change_name(&change)?, actor: change.actor_id().clone(), counters })
}

fn name(id: ObjId, own: &[Own]) -> Result<Letter, DocumentError> {
    let ObjId::Id(counter, actor, _) = id else { return Err(DocumentError::Field("minutes")) };
    let nth = |own: &Own| own.counters.binary_search(&counter).ok().filter(|_| own.actor == actor);
    let named = own.iter().find_map(|own| Some(Letter::Of { change: own.name, nth: nth(own)? as u64 }));
    Ok(named.unwrap_or(Letter::At { counter, actor }))
}

/// The object that holds the minutes.
pub(super) fn object(doc: &impl ReadDoc) -> Result<ObjId, DocumentError> {
    let found = doc.get(ROOT, "minutes")?;
    found.map(|(_, id)| id).ok_or(DocumentError::Field("minutes"))
}

/// Every letter that can be read, in order.
pub(super) fn letters(document: &Document) -> Result<Vec<(ObjId, char)>, DocumentError> {
    let items = document.doc.list_range(object(&document.doc)?, ..);
    // The gate lets in one letter an operation: only so is the n-th letter the n-th code point.
    let one = |value: &ValueRef<'_>| match value {
        ValueRef::Scalar(ScalarValueRef::Str(text)) => single(text),
        _ => None,
    };
    items.map(|item| Ok((item.id(), one(&item.value).ok_or(DocumentError::Field("minutes"))?))).collect()
}

/// The letters that a change puts into the minutes, each with its operation's number, in the order written.
pub(super) fn letters_put(change: &Change) -> Vec<(u64, char)> {
    let expanded = change.decode();
    let numbered = (expanded.start_op.get()..).zip(&expanded.operations);
    let letter = |(counter, op): (u64, &automerge::legacy::Op)| match (&op.obj, &op.action) {
        (ObjectId::Id(id), OpType::Put(ScalarValue::Str(text))) if op.insert => {
            let minutes = id.counter() == 2 && id.actor().to_bytes() == b"ln";
            Some((counter, single(text)?)).filter(|_| minutes)
        }
        _ => None,
    };
    numbered.filter_map(letter).collect()
}

/// The only letter of a text.
fn single(text: &str) -> Option<char> {
    let mut letters = text.chars();
    letters.next().filter(|_| letters.next().is_none())
}
