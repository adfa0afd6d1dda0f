//! Who spoke, on its way: always sealed.

use minicbor::bytes::{ByteArray, ByteVec};
use minicbor::{Decode, Encode};

use crate::id::{DeviceId, EventId, RecordId};
use crate::identity::Version;
use crate::reason::Reason;
use crate::signed::SignatureBytes;

/// A version with its signature.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct SignedVersion {
    /// Its own id.
    #[n(0)]
    pub version: EventId,
    /// Whose.
    #[n(1)]
    pub identity: EventId,
    /// The petition.
    #[n(2)]
    pub record: RecordId,
    /// What it replaces, sorted.
    #[n(3)]
    pub after: Option<Vec<EventId>>,
    /// Milliseconds since 1970.
    #[n(4)]
    pub at: i64,
    /// Nonce and ciphertext.
    #[n(5)]
    pub body: ByteVec,
    /// The author's device.
    #[n(6)]
    pub device: DeviceId,
    /// Its signature.
    #[n(7)]
    pub signature: ByteArray<64>,
}

impl SignedVersion {
    /// As it travels.
    pub fn new(version: &Version, device: DeviceId, signature: SignatureBytes) -> Self {
        Self {
            version: version.version,
            identity: version.identity,
            record: version.record,
            after: (!version.after.is_empty()).then(|| version.after.clone()),
            at: version.at,
            body: ByteVec::from(version.body.clone()),
            device,
            signature: ByteArray::from(signature),
        }
    }

    /// What was signed.
    pub fn version(&self) -> Version {
        Version {
            version: self.version,
            identity: self.identity,
            record: self.record,
            after: self.after.clone().unwrap_or_default(),
            at: self.at,
            body: self.body.to_vec(),
        }
    }
}

/// A person has been forgotten: nothing of who it was is kept, taken or shown any more. Or a petition's words: its document
/// has another generation, which is had anew, and nothing of the former one is kept or taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct Erased {
    /// Who, or which petition.
    #[n(0)]
    pub person: EventId,
    /// When, milliseconds since 1970.
    #[n(1)]
    pub at: i64,
    /// The server's: see [`crate::signed::ErasedClaim`].
    #[n(2)]
    pub signature: ByteArray<64>,
    /// Of a petition's words: the generation of its document, from 1; none for a person.
    #[n(3)]
    pub generation: Option<u32>,
}

/// A version that a device brings.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct PushedIdentity {
    /// The version.
    #[n(0)]
    pub signed: SignedVersion,
    /// Its key, locked for the tenant; empty for a sealed petition's.
    #[n(1)]
    pub locked: ByteVec,
    /// A sealed petition's: its key, locked for each who is entrusted with it.
    #[n(2)]
    pub locks: Option<Vec<Lock>>,
}

/// A version's key, locked for somebody.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Lock {
    /// The device; none: the recovery key.
    #[n(0)]
    pub to: Option<DeviceId>,
    /// The key.
    #[n(1)]
    pub locked: ByteVec,
}

/// A lock that a device brings later.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct LockedFor {
    /// The version.
    #[n(0)]
    pub version: EventId,
    /// Its key, for somebody.
    #[n(1)]
    pub lock: Lock,
}

/// A version that another device is to be let into.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Relock {
    /// The version, its body left out.
    #[n(0)]
    pub signed: SignedVersion,
    /// Its key, locked for the device that is asked, or for the recovery key.
    #[n(1)]
    pub locked: ByteVec,
    /// The device to be let in.
    #[n(2)]
    pub to: DeviceId,
}

/// What became of it; in the order of the push.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum IdentityAck {
    /// Durable at the server, be it since before.
    #[n(0)]
    Accepted,
    /// Its petition is not there yet: send it again.
    #[n(1)]
    Waiting,
    /// Not taken.
    #[n(2)]
    Refused(#[n(0)] Reason),
    /// The person has been forgotten.
    #[n(3)]
    Erased,
}

/// A device asks who spoke.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct IdentityAsk {
    /// The petition.
    #[n(0)]
    pub record: RecordId,
    /// What for, by its word.
    #[n(1)]
    pub purpose: String,
    /// Beside it.
    #[n(2)]
    pub note: Option<String>,
    /// Its own id, where it is asked and not told: however often the same request comes, it is noted once.
    #[n(3)]
    pub id: Option<EventId>,
}

/// Somebody has looked at what the device holds.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Looked {
    /// Its own id: told twice it is noted once.
    #[n(0)]
    pub id: EventId,
    /// Where and what for.
    #[n(1)]
    pub ask: IdentityAsk,
    /// When, milliseconds since 1970.
    #[n(2)]
    pub at: i64,
}

/// What a device is told of a petition it asked about.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum IdentityAnswer {
    /// Versions, each with its key locked for the device; none where nothing was told of the person.
    #[n(0)]
    Given {
        /// The petition.
        #[n(0)]
        record: RecordId,
        /// All that are not erased.
        #[n(1)]
        versions: Vec<GivenVersion>,
    },
    /// Not to this device.
    #[n(1)]
    Denied {
        /// The petition.
        #[n(0)]
        record: RecordId,
        /// Why.
        #[n(1)]
        reason: Reason,
    },
}

/// One version for one device.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct GivenVersion {
    /// The version.
    #[n(0)]
    pub signed: SignedVersion,
    /// Its author's user.
    #[n(1)]
    pub user: String,
    /// Its key, locked for the device's receiving key.
    #[n(2)]
    pub locked: ByteVec,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As docs/protocol.md says it.
    #[test]
    fn answers_are_told_apart_by_a_number_in_front() {
        let bytes = |ack: &IdentityAck| minicbor::to_vec(ack).expect("written");
        assert_eq!(bytes(&IdentityAck::Accepted), [0x82, 0, 0x80]);
        assert_eq!(bytes(&IdentityAck::Waiting), [0x82, 1, 0x80]);
        assert_eq!(bytes(&IdentityAck::Refused(Reason::already_so())), *b"\x82\x02\x81\x81\x6aalready-so");
        let record = RecordId::from_bytes([7; 16]);
        let given = IdentityAnswer::Given { record, versions: Vec::new() };
        let expected = [&[0x82, 0, 0x82, 0x50], [7; 16].as_slice(), &[0x80]].concat();
        assert_eq!(minicbor::to_vec(&given).expect("written"), expected);
    }
}
