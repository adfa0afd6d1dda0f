//! Who spoke, where the server has not heard it, as a device that was shut out leaves it behind: sealed for the recovery key
//! like everything else that it had to say.

use minicbor::bytes::{ByteArray, ByteVec};
use serde_json::json;
use sync::wire::Left;

use crate::replica::{Replica, ReplicaError};
use crate::store::identities::{self, Held};
use crate::store::words;

impl Replica {
    /// Whether anything of a sealed petition waits here.
    pub(crate) fn has_unsent_sealed(&self) -> Result<bool, ReplicaError> {
        Ok(identities::unsent(&self.connection)?.iter().any(|held| held.sealed.is_some()))
    }

    /// What waits of it, unsent and refused.
    pub(crate) fn persons_left(&self) -> Result<Vec<Left>, ReplicaError> {
        let unsent = identities::unsent(&self.connection)?;
        // What others have written and this device only brought, the server was told by them.
        let ours = |held: &&Held| held.device == self.identity.device || held.sealed.is_some();
        let left = unsent.iter().filter(ours).map(|held| {
            let command = if held.is_words() {
                json!({ "words": words::of(&self.connection, held.version.record)? })
            } else {
                let known = self.known(held).map_err(|_| ReplicaError::Damaged("identity"))?;
                json!({ "identify": known.person })
            };
            Ok(Left {
                record: held.version.record,
                epoch: self.identity.epoch,
                bytes: ByteVec::from(Vec::new()),
                signature: ByteArray::from(held.signature),
                command: Some(command.to_string()),
                refused: None,
            })
        });
        let mut left = left.collect::<Result<Vec<_>, ReplicaError>>()?;
        // Who was looked up, and the server has not been told of.
        left.extend(identities::looks(&self.connection, usize::MAX)?.into_iter().map(|look| Left {
            record: look.ask.record,
            epoch: self.identity.epoch,
            bytes: ByteVec::from(Vec::new()),
            signature: ByteArray::from([0; 64]),
            command: Some(
                json!({ "looked": { "purpose": look.ask.purpose, "note": look.ask.note, "at": look.at } }).to_string(),
            ),
            refused: None,
        }));
        Ok(left)
    }
}
