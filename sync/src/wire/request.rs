//! What a device sends: `POST /v1/sync` and `POST /v1/enroll`.

use minicbor::bytes::{ByteArray, ByteVec};
use minicbor::{Decode, Encode};
use serde::{Deserialize, Serialize};

use super::frame::{Cursor, FillCursor};
use super::positions::PositionSet;
use crate::id::{DeviceId, Epoch, RecordId, TenantId};

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
