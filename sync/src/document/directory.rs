//! The directory in Automerge: revisions as one CBOR value each under `revisions`.

use automerge::transaction::{Transactable, Transaction};
use automerge::{ROOT, ReadDoc, ScalarValue, ScalarValueRef, ValueRef};

use super::change::{Document, DocumentError};
use super::keys::{event_key, read_event_key};
use super::record::Fields;
use crate::id::{RecordId, TenantId, stable_uuid};
use crate::model::directory::{Revision, RevisionBody};

/// The one directory of a tenant.
pub fn record_of(tenant: TenantId) -> RecordId {
    RecordId(stable_uuid(&[b"langnghe directory", tenant.as_bytes()]))
}

/// Writes revisions.
pub fn put_revisions(tx: &mut Transaction<'_>, revisions: &[Revision]) -> Result<(), DocumentError> {
    let Some((_, map)) = tx.get(ROOT, "revisions")? else { return Err(DocumentError::Field("revisions")) };
    for revision in revisions {
        let value =
            minicbor::to_vec(&revision.body).map_err(|_| DocumentError::Write("the revision cannot be encoded"))?;
        tx.put(&map, event_key(revision.id), ScalarValue::Bytes(value))?;
    }
    Ok(())
}

/// Reads every revision; those of a newer program are passed over.
pub fn read(document: &Document) -> Result<Vec<Revision>, DocumentError> {
    let fields = Fields::of(&document.doc);
    let map = fields.object("revisions").ok_or(DocumentError::Field("revisions"))?;
    let mut revisions = Vec::new();
    for item in document.doc.map_range(map, ..) {
        let Some(id) = read_event_key(&item.key) else { continue };
        if let ValueRef::Scalar(ScalarValueRef::Bytes(bytes)) = item.value
            && let Ok(body) = minicbor::decode::<RevisionBody>(&bytes)
        {
            revisions.push(Revision { id, body });
        }
    }
    Ok(revisions)
}
