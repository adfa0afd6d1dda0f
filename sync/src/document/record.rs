//! Root fields of any record, read once and asked by name.

use automerge::transaction::{Transactable, Transaction};
use automerge::{Automerge, ObjId, ROOT, ReadDoc, ScalarValue, ScalarValueRef, ValueRef};
use jiff::Timestamp;

use super::change::{Document, DocumentError};
use super::genesis::RecordKind;
use super::{directory, petition, session};
use crate::model::directory::Revision;
use crate::model::time::from_millis;

/// A record of any kind, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Record {
    /// Revisions of the directory.
    Directory(Vec<Revision>),
    /// A session.
    Session(session::SessionRecord),
    /// A petition.
    Petition(petition::PetitionRecord),
}

impl Record {
    /// Reads a document of a known kind.
    pub fn read(document: &Document, kind: RecordKind) -> Result<Self, DocumentError> {
        Ok(match kind {
            RecordKind::Directory => Record::Directory(directory::read(document)?),
            RecordKind::Session => Record::Session(session::read(document)?),
            RecordKind::Petition => Record::Petition(petition::read(document)?),
        })
    }
}

/// Puts a root field where there is a value.
pub(super) fn optional(
    tx: &mut Transaction<'_>,
    key: &'static str,
    value: Option<ScalarValue>,
) -> Result<(), DocumentError> {
    if let Some(value) = value {
        tx.put(ROOT, key, value)?;
    }
    Ok(())
}

/// The root fields of a document.
pub(super) struct Fields<'a> {
    items: Vec<(String, ValueRef<'a>, ObjId)>,
}

impl<'a> Fields<'a> {
    pub(super) fn of(doc: &'a Automerge) -> Self {
        let items = doc.map_range(ROOT, ..).map(|i| {
            let id = i.id();
            (i.key.into_owned(), i.value, id)
        });
        Self { items: items.collect() }
    }

    fn scalar(&self, key: &str) -> Option<&ScalarValueRef<'a>> {
        match self.items.iter().find(|(k, _, _)| k == key) {
            Some((_, ValueRef::Scalar(s), _)) => Some(s),
            _ => None,
        }
    }

    pub(super) fn object(&self, key: &str) -> Option<&ObjId> {
        match self.items.iter().find(|(k, _, _)| k == key) {
            Some((_, ValueRef::Object(_), id)) => Some(id),
            _ => None,
        }
    }

    pub(super) fn text(&self, key: &str) -> Option<&str> {
        match self.scalar(key) {
            Some(ScalarValueRef::Str(s)) => Some(s.as_ref()),
            _ => None,
        }
    }

    pub(super) fn word<T>(&self, key: &'static str, parse: impl Fn(&str) -> Option<T>) -> Result<T, DocumentError> {
        self.text(key).and_then(parse).ok_or(DocumentError::Field(key))
    }

    pub(super) fn flag(&self, key: &str) -> bool {
        matches!(self.scalar(key), Some(ScalarValueRef::Boolean(true)))
    }

    pub(super) fn number(&self, key: &str) -> Option<u32> {
        match self.scalar(key) {
            Some(ScalarValueRef::Uint(n)) => u32::try_from(*n).ok(),
            Some(ScalarValueRef::Int(n)) => u32::try_from(*n).ok(),
            _ => None,
        }
    }

    pub(super) fn time(&self, key: &str) -> Option<Timestamp> {
        match self.scalar(key) {
            Some(ScalarValueRef::Timestamp(ms)) => from_millis(*ms),
            _ => None,
        }
    }

    pub(super) fn uuid(&self, key: &str) -> Option<&[u8; 16]> {
        match self.scalar(key) {
            Some(ScalarValueRef::Bytes(b)) => <&[u8; 16]>::try_from(b.as_ref()).ok(),
            _ => None,
        }
    }
}
