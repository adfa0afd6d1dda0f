//! One revision: some fields of one entry, and what its author had seen.

use jiff::Timestamp;
use minicbor::{Decode, Encode};

use super::Entries;
use super::entity::{EntityKind, Fields, Value};
use crate::id::{EventId, PostId};
use crate::model::time::cbor_millis;

/// A revision under its key in the record's `revisions` map.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revision {
    /// Its key.
    pub id: EventId,
    /// What is written under it.
    pub body: RevisionBody,
}

/// What is written under a revision's key, as one CBOR value.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct RevisionBody {
    /// Which table.
    #[n(0)]
    pub kind: EntityKind,
    /// Which entry.
    #[n(1)]
    pub entity: String,
    /// Only the fields that change.
    #[n(2)]
    pub fields: Fields,
    /// Device time.
    #[cbor(n(3), with = "cbor_millis")]
    pub at: Timestamp,
    /// The administrator's post.
    #[n(4)]
    pub by: PostId,
    /// How many revisions lie on the longest path before this one.
    #[n(5)]
    pub depth: u32,
}

/// Revisions in the order in which they are folded.
pub(super) fn in_order(revisions: &[Revision]) -> Vec<&Revision> {
    let mut ordered: Vec<&Revision> = revisions.iter().collect();
    ordered.sort_by_key(|r| (r.body.depth, r.id));
    ordered
}

/// Folds revisions by (depth, id): of two for one field, the one that had seen more wins; made apart, the greater id.
///
/// A path length instead of names keeps a directory of thousands of entries small; it is checked at admission, where the
/// document at the change's own dependencies is known.
pub fn fold_revisions(revisions: &[Revision]) -> Entries {
    let mut entries = Entries::new();
    for revision in in_order(revisions) {
        let fields = entries.entry((revision.body.kind, revision.body.entity.clone())).or_default();
        for (name, value) in &revision.body.fields {
            match value {
                Value::Null => fields.remove(name),
                value => fields.insert(name.clone(), value.clone()),
            };
        }
    }
    entries.retain(|_, fields| !fields.is_empty());
    entries
}
