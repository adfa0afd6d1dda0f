//! What a device sends: `POST /v1/sync` and `POST /v1/enroll`.

use minicbor::bytes::{ByteArray, ByteVec};
use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use super::frame::{Cursor, FillCursor};
use super::identity::{Erased, IdentityAsk, LockedFor, Looked, PushedIdentity};
use super::offer::Offer;
use super::positions::PositionSet;
use crate::id::{DeviceId, Epoch, EventId, RecordId, ServerEpoch, TenantId};

/// One request: what the device has, what it asks for, what it brings.
#[derive(Debug, Clone, Default, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct SyncRequest {
    /// [`super::PROTOCOL_VERSION`].
    #[n(0)]
    pub version: u32,
    /// The tenant it was enrolled with.
    #[n(1)]
    pub tenant: Option<TenantId>,
    /// How far it has followed the log; none at first.
    #[n(2)]
    pub cursor: Option<Cursor>,
    /// How far its first fill has come, while it is not complete.
    #[n(3)]
    pub fill: Option<FillCursor>,
    /// Records it must have whole: a change came whose dependencies it lacks.
    #[n(4)]
    pub wants: Option<Vec<RecordId>>,
    /// Lives of its database that the push names by index.
    #[n(5)]
    pub epochs: Option<Vec<Epoch>>,
    /// Changes, each after those it stands on.
    #[n(6)]
    pub push: Option<Vec<Pushed>>,
    /// Only push: nothing is sent down but acknowledgements (more of the push follows in the next request).
    #[n(7)]
    pub only_push: Option<bool>,
    /// Where, beyond the cursor, changes were acknowledged to this replica: those are not sent back. Named one by one, so
    /// that a restored copy, which has forgotten some, gets what it forgot.
    #[n(8)]
    pub own: Option<PositionSet>,
    /// The server's life the device has followed, where neither the cursor nor the fill says it.
    #[n(9)]
    pub life: Option<ServerEpoch>,
    /// Changes that the device holds and can prove, at most [`super::MAX_PROVABLE`]: the server says which it lacks.
    #[n(10)]
    pub provable: Option<Vec<Provable>>,
    /// Those it was found to lack.
    #[n(11)]
    pub offers: Option<Vec<Offer>>,
    /// Numbers of buckets whose records are to be named; none of them: the digests of all buckets are asked for.
    #[n(12)]
    pub check: Option<ByteVec>,
    /// What proves the cursor, for a server that says it has not come that far.
    #[n(13)]
    pub shown: Option<Shown>,
    /// The mark of the tenant's keys as the device knows them.
    #[n(14)]
    pub keys: Option<ByteArray<4>>,
    /// Who spoke, as was written down on this device.
    #[n(15)]
    pub identities: Option<Vec<PushedIdentity>>,
    /// Of which petitions it must be known who spoke.
    #[n(16)]
    pub asks: Option<Vec<IdentityAsk>>,
    /// Who has been looked up in what the device holds.
    #[n(17)]
    pub looked: Option<Vec<Looked>>,
    /// How many of those that were forgotten the device has been told of; none of them where this is absent.
    #[n(18)]
    pub erased: Option<u64>,
    /// Sealed petitions that the device holds without their words.
    #[n(19)]
    pub words: Option<Vec<RecordId>>,
    /// Keys that the device has locked for others who are entrusted with the same.
    #[n(20)]
    pub locks: Option<Vec<LockedFor>>,
    /// The device has the recovery key at hand: it is told what nobody who is entrusted can open, passing over so many.
    #[n(21)]
    pub recover: Option<u64>,
    /// Versions whose key is locked for this device in a way that it cannot open.
    #[n(22)]
    pub unopenable: Option<Vec<EventId>>,
    /// The sum of their digests, see [`crate::digest::digest_of_erased`].
    #[n(23)]
    pub erased_sum: Option<ByteArray<8>>,
    /// All that the device has been told were forgotten, at most [`super::MAX_TOMBSTONES`]: where the server said that it
    /// knows others.
    #[n(24)]
    pub tombstones: Option<Vec<Erased>>,
}

/// A change by its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct Provable {
    /// Where it stood in the log.
    #[n(0)]
    pub position: u64,
    /// The first bytes of its hash.
    #[n(1)]
    pub hash: ByteArray<4>,
}

/// The receipt of the frame that brought a cursor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct Shown {
    /// SHA-256 of the frame without its receipt.
    #[n(0)]
    pub frame: ByteArray<32>,
    /// Its root.
    #[n(1)]
    pub root: Option<ByteArray<32>>,
    /// The receipt.
    #[n(2)]
    pub receipt: ByteArray<64>,
}

impl SyncRequest {
    /// The server's life that the device follows; none at first.
    pub fn follows(&self) -> Option<ServerEpoch> {
        self.cursor.map(|c| c.server_epoch).or(self.fill.map(|f| f.server_epoch)).or(self.life)
    }
}

/// One pushed change.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Pushed {
    /// None: the record of the change before.
    #[n(0)]
    pub record: Option<RecordId>,
    /// Index into the request's epochs.
    #[n(1)]
    pub epoch: u32,
    /// The author's device's.
    #[n(2)]
    pub signature: ByteArray<64>,
    /// The stripped change.
    #[n(3)]
    pub body: ByteVec,
    /// The public key it is written under in place of the device's: a sealed petition's creation.
    #[n(4)]
    pub pseudonym: Option<ByteArray<32>>,
}

/// Enrolment, as JSON: the code and the device's two public keys, in lower-case hex.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnrollRequest {
    /// [`super::PROTOCOL_VERSION`].
    pub version: u32,
    /// As printed by `langnghe-server code`.
    pub code: String,
    /// Ed25519, for signing.
    pub signing_key: String,
    /// X25519, for receiving.
    pub receiving_key: String,
    /// What the device calls itself.
    #[serde(default)]
    pub name: String,
}

/// What the server answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnrollResponse {
    /// The new device.
    pub device: DeviceId,
    /// Its user's id in the directory.
    pub user: String,
    /// The tenant.
    pub tenant: TenantId,
    /// The tenant's name.
    pub tenant_name: String,
    /// Under which the server signs receipts, hex.
    pub receipt_key: String,
    /// X25519, for which a courier's bundle is sealed, hex; a server of before has none.
    #[serde(default)]
    pub bundle_key: String,
}
