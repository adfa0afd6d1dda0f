//! Changes that a server put back from a copy has lost, brought back by a replica with the receipt that proves them.

use minicbor::bytes::{ByteArray, ByteVec};
use minicbor::{Decode, Encode};

use super::frame::DeviceRow;
use crate::id::{DeviceId, Epoch, RecordId, ServerEpoch, TenantId};
use crate::leaf::root;
use crate::signed::ReceiptClaim;

/// What one frame of a former life of the server proves.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Offer {
    /// That life.
    #[n(0)]
    pub server_epoch: ServerEpoch,
    /// SHA-256 of the frame without its receipt.
    #[n(1)]
    pub frame: ByteArray<32>,
    /// The position of its cursor.
    #[n(2)]
    pub position: Option<u64>,
    /// Its receipt.
    #[n(3)]
    pub receipt: ByteArray<64>,
    /// Authors' devices.
    #[n(4)]
    pub devices: Vec<DeviceRow>,
    /// Everything it names, in its order.
    #[n(5)]
    pub items: Vec<Offered>,
}

/// One change of the frame.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub enum Offered {
    /// One that is not brought: its leaf alone.
    #[n(0)]
    Leaf(#[n(0)] ByteArray<32>),
    /// One that is.
    #[n(1)]
    Change(#[n(0)] OfferedChange),
}

/// A change brought back.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct OfferedChange {
    /// The record it belongs to.
    #[n(0)]
    pub record: RecordId,
    /// Index into the offer's devices.
    #[n(1)]
    pub device: u32,
    /// The life of the author's database.
    #[n(2)]
    pub epoch: Epoch,
    /// Its place in the log.
    #[n(3)]
    pub position: u64,
    /// When the server took it, milliseconds.
    #[n(4)]
    pub received: i64,
    /// The whole chunk.
    #[n(5)]
    pub bytes: ByteVec,
    /// The author's signature, which only the author's own device can make again.
    #[n(6)]
    pub signature: Option<ByteArray<64>>,
}

impl Offer {
    /// Whether this server has said all that these leaves are made of, in that life, to this device.
    pub fn proves(&self, key: &[u8; 32], tenant: TenantId, device: DeviceId, leaves: &[[u8; 32]]) -> bool {
        let claim = ReceiptClaim {
            tenant,
            server_epoch: self.server_epoch,
            device,
            frame: *self.frame,
            root: root(leaves),
            position: self.position,
        };
        claim.verify(key, &self.receipt)
    }
}
