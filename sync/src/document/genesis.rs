//! Genesis chains: the constant first changes of each kind of record, which make its containers.
//!
//! Every replica starts a record from the same bytes, so two devices can never make rival maps. The bytes are never
//! sent: a change names the last step it stands on as its dependency. A later version of the program adds a step; it
//! never changes one.

use std::sync::LazyLock;

use automerge::{Automerge, Change};

use crate::id::Hash;

/// What a record is. Numbers are the wire's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum RecordKind {
    /// The tenant's directory.
    Directory = 1,
    /// An occasion of listening.
    Session = 2,
    /// One matter raised by one voice.
    Petition = 3,
}

impl RecordKind {
    /// Every kind.
    pub const ALL: [RecordKind; 3] = [RecordKind::Directory, RecordKind::Session, RecordKind::Petition];

    /// The word in tables and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            RecordKind::Directory => "directory",
            RecordKind::Session => "session",
            RecordKind::Petition => "petition",
        }
    }

    /// From its number.
    pub fn from_number(n: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|k| *k as u8 == n)
    }

    fn steps(self) -> &'static [&'static [u8]] {
        match self {
            RecordKind::Directory => &[DIRECTORY_1],
            RecordKind::Session => &[SESSION_1],
            RecordKind::Petition => &[PETITION_1],
        }
    }
}

struct Chain {
    doc: Automerge,
    steps: Vec<Hash>,
}

static CHAINS: LazyLock<Vec<(RecordKind, Chain)>> = LazyLock::new(|| {
    RecordKind::ALL
        .into_iter()
        .map(|kind| {
            let mut doc = Automerge::new();
            let mut steps = Vec::new();
            for step in kind.steps() {
                // Constants of this file, read by a test of this file.
                if let Ok(change) = Change::try_from(*step) {
                    steps.push(change.hash().into());
                    let _ = doc.apply_changes([change]);
                }
            }
            (kind, Chain { doc, steps })
        })
        .collect()
});

fn chain(kind: RecordKind) -> &'static Chain {
    let found = CHAINS.iter().find(|(k, _)| *k == kind).map(|(_, c)| c);
    found.unwrap_or_else(|| unreachable!("every kind has a chain"))
}

/// A new document of a kind, before anything is written in it.
pub(super) fn genesis_document(kind: RecordKind) -> Automerge {
    chain(kind).doc.clone()
}

/// The last step of a kind's chain: what a creating change depends on.
pub fn genesis_head(kind: RecordKind) -> Hash {
    chain(kind).steps.last().copied().unwrap_or_else(|| unreachable!("every chain has a step"))
}

/// Whose chain a hash is a step of.
pub fn genesis_hash(hash: &Hash) -> Option<RecordKind> {
    CHAINS.iter().find(|(_, c)| c.steps.contains(hash)).map(|(k, _)| *k)
}

/// The map `revisions`.
const DIRECTORY_1: &[u8] = &[
    0x85, 0x6f, 0x4a, 0x83, 0x8d, 0xdb, 0xde, 0x01, 0x01, 0x26, 0x00, 0x02, 0x6c, 0x6e, 0x01, 0x01, 0x00, 0x00, 0x00,
    0x05, 0x15, 0x0b, 0x34, 0x01, 0x42, 0x02, 0x56, 0x02, 0x70, 0x02, 0x7f, 0x09, 0x72, 0x65, 0x76, 0x69, 0x73, 0x69,
    0x6f, 0x6e, 0x73, 0x01, 0x7f, 0x00, 0x7f, 0x00, 0x7f, 0x00,
];

/// The map `events` and the text `minutes`.
const SESSION_1: &[u8] = &[
    0x85, 0x6f, 0x4a, 0x83, 0x1e, 0xfc, 0x21, 0xe5, 0x01, 0x2c, 0x00, 0x02, 0x6c, 0x6e, 0x01, 0x01, 0x00, 0x00, 0x00,
    0x05, 0x15, 0x10, 0x34, 0x01, 0x42, 0x03, 0x56, 0x02, 0x70, 0x02, 0x7e, 0x06, 0x65, 0x76, 0x65, 0x6e, 0x74, 0x73,
    0x07, 0x6d, 0x69, 0x6e, 0x75, 0x74, 0x65, 0x73, 0x02, 0x7e, 0x00, 0x04, 0x02, 0x00, 0x02, 0x00,
];

/// The map `events`.
const PETITION_1: &[u8] = &[
    0x85, 0x6f, 0x4a, 0x83, 0x72, 0xc3, 0xd7, 0x4a, 0x01, 0x23, 0x00, 0x02, 0x6c, 0x6e, 0x01, 0x01, 0x00, 0x00, 0x00,
    0x05, 0x15, 0x08, 0x34, 0x01, 0x42, 0x02, 0x56, 0x02, 0x70, 0x02, 0x7f, 0x06, 0x65, 0x76, 0x65, 0x6e, 0x74, 0x73,
    0x01, 0x7f, 0x00, 0x7f, 0x00, 0x7f, 0x00,
];

#[cfg(test)]
mod tests {
    use super::*;
    use automerge::transaction::{CommitOptions, Transactable};
    use automerge::{ActorId, ObjType, ROOT};

    /// The step as the pinned version of Automerge would write it today.
    fn written(containers: &[(&str, ObjType)]) -> Vec<u8> {
        let mut doc = Automerge::new().with_actor(ActorId::from(b"ln".as_slice()));
        let mut tx = doc.transaction();
        for (name, kind) in containers {
            tx.put_object(ROOT, *name, *kind).expect("a container");
        }
        tx.commit_with(CommitOptions::default().with_time(0));
        doc.get_last_local_change().expect("one change").raw_bytes().to_vec()
    }

    #[test]
    fn constants_are_what_makes_the_containers() {
        let hex = |bytes: &[u8]| bytes.iter().map(|b| format!("{b:02x}")).collect::<String>();
        assert_eq!(hex(DIRECTORY_1), hex(&written(&[("revisions", ObjType::Map)])));
        assert_eq!(hex(SESSION_1), hex(&written(&[("events", ObjType::Map), ("minutes", ObjType::Text)])));
        assert_eq!(hex(PETITION_1), hex(&written(&[("events", ObjType::Map)])));
    }

    #[test]
    fn a_step_tells_its_kind() {
        for kind in RecordKind::ALL {
            assert_eq!(genesis_hash(&genesis_head(kind)), Some(kind));
            assert_eq!(genesis_document(kind).get_heads().len(), 1);
        }
    }
}
